"""The page of operators: what could not be handed on, why, and the button to retry."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from drafts import outbox
from drafts.desk import PER_PAGE, show

RIGHT = "drafts.change_outboxentry"


def index(request: HttpRequest) -> HttpResponse:
    """List parked changes; put those chosen, or all of the page, back in line."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied
    page = Paginator(outbox.parked(), PER_PAGE).get_page(request.GET.get("p"))
    if request.method == "POST":
        chosen = request.POST.getlist("entry")
        pks = [row.pk for row in page if not chosen or str(row.pk) in chosen]
        count = outbox.entries_retry(pks=pks, by=request.user)
        messages.success(request, _("ส่งใหม่ %s รายการ") % count)
        return redirect("outbox")
    return show(request, "outbox", _("งานที่ส่งต่อไม่ได้"), page=page)


class OutboxMenuItem(MenuItem):
    """A menu item for whoever may put things back in line, while there are any."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RIGHT) and outbox.parked().exists()


@hooks.register("register_admin_menu_item")
def outbox_menu_item() -> MenuItem:
    title = _("งานที่ส่งต่อไม่ได้")
    return OutboxMenuItem(title, reverse("outbox"), icon_name="warning", order=900)
