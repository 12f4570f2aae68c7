"""Keep Wagtail's own page views inside the user's agencies.

Wagtail asks its groups before it lets anybody change a page, but some of its views show
titles of pages to whoever may open the admin.  Here every address that names a page,
every chooser and every report is held to the agency; what is frozen or public is kept
from deletion with a message instead of an error page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from consultations import policies
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationPage,
    StageChoices,
)
from consultations.policies import Action
from drafts import frozen
from drafts.models import DraftPage
from drafts.requests import read_numbers

_PAGE_KEYWORDS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
#: Views that only show; a superuser may use them on any agency's pages.
_READING = {
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtailadmin_choose_page_child",
    "view_draft",
    "revisions_view",
    "revisions_compare",
    "revisions_index",
    "history",
    "history_results",
    "workflow_history",
    "workflow_history_detail",
    "usage",
}


def agency_of(page: Page) -> AgencyPage | None:
    """Return the agency whose branch a page belongs to, None for the site's pages."""
    return AgencyPage.objects.ancestor_of(page, inclusive=True).first()


def visible_pages(user: Any) -> PageQuerySet:
    """Return the pages whose titles a member of staff may see in the admin.

    Those of the user's own agencies, and the site's own pages, which are public.
    """
    if user.is_superuser:
        return Page.objects.all()
    own = PagePermissionPolicy().explorable_instances(user)
    in_agencies = Q()
    for path in AgencyPage.objects.values_list("path", flat=True):
        in_agencies |= Q(path__startswith=path)
    site = Page.objects.exclude(in_agencies) if in_agencies else Page.objects.all()
    return Page.objects.filter(Q(pk__in=own.values("pk")) | Q(pk__in=site.values("pk")))


class AgencyPagesMiddleware:
    """Refuse Wagtail's page addresses that name another agency's page.

    An official of another agency gets 404, as for a page that does not exist.  A
    superuser without a membership may read, not write (consultations/policies.py).
    Reports across the whole site are for superusers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Say what the database's refusal to change a frozen row means."""
        if not isinstance(error, DatabaseError) or frozen.MARK not in str(error):
            return None
        if not request.path_info.startswith("/admin/"):
            return None
        messages.error(
            request,
            _("สิ่งนี้ตรึงไว้แล้ว ระบบจึงไม่ให้แก้หรือลบ ไม่มีอะไรเปลี่ยนแปลง"),
        )
        return redirect(reverse("wagtailadmin_home"))

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        match = request.resolver_match
        if match is None or not request.path_info.startswith("/admin/"):
            return
        user = request.user
        if not user.is_authenticated or not user.has_perm("wagtailadmin.access_admin"):
            return  # Wagtail itself sends them away
        if "wagtailadmin_reports" in match.namespaces and not user.is_superuser:
            raise PermissionDenied
        ids = list(_page_ids(request, match.url_name or "", args, kwargs))
        if not ids:
            return
        pages = list(Page.objects.filter(pk__in=ids))
        seen = set(visible_pages(user).filter(pk__in=ids).values_list("pk", flat=True))
        if {page.pk for page in pages} - seen:
            raise Http404
        if match.url_name not in _READING:
            for page in pages:
                _refuse_stranger(user, page)


def _page_ids(
    request: HttpRequest, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Iterable[int]:
    yield from (int(kwargs[key]) for key in _PAGE_KEYWORDS if key in kwargs)
    if name == "revisions_compare":
        yield int(args[0])
    if name == "wagtailadmin_choose_page_chosen_multiple":
        yield from read_numbers(request.GET.getlist("id"))
    if name == "wagtail_bulk_action" and kwargs.get("model_name") == "page":
        yield from read_numbers(request.GET.getlist("id"))


def _refuse_stranger(user: Any, page: Page) -> None:
    """Refuse whoever would change an agency's page without a role in it."""
    agency = agency_of(page)
    if agency is None or (page.pk == agency.pk and user.is_superuser):
        return  # the installation's administrator sets agencies up
    if not policies.may(user, Action.EDIT_DRAFT, agency):
        raise PermissionDenied(_("เฉพาะผู้จัดทำหรือผู้อนุมัติของหน่วยงานนี้"))


@hooks.register("construct_page_chooser_queryset")
@hooks.register("construct_explorer_page_queryset")
def only_visible_pages(*given: Any) -> PageQuerySet:
    """Filter choosers (pages, request) and the explorer (parent, pages, request)."""
    *_parent, pages, request = given
    if request.user.is_superuser:
        return pages
    return pages.filter(pk__in=visible_pages(request.user).values("pk"))


# --- what must not be deleted, moved or taken down ------------------------------------


def why_kept(page: Page) -> str:  # noqa: PLR0911 - one per reason
    """Say why a page cannot be deleted; "" when it can."""
    page = page.specific
    if isinstance(page, DraftPage):
        if page.versions.exists():
            return _(
                "ลบไม่ได้ เพราะร่างนี้มีฉบับที่ตรึงไว้เพื่อรับฟังแล้ว "
                "ข้อความที่ประชาชนแสดงความเห็นต้องคงอยู่ตลอดไป"
            )
        if page.consultations.exists():
            return _("ลบไม่ได้ เพราะมีการรับฟังความคิดเห็นที่ใช้ร่างนี้")
    if isinstance(page, ConsultationPage) and hasattr(page, "consultation"):
        return _(
            "ลบไม่ได้ เพราะเป็นหน้าของการรับฟังความคิดเห็นที่บันทึกไว้แล้ว "
            "ถ้าไม่ดำเนินการต่อ ให้ใช้ “ถอนเรื่อง” ในหน้าการรับฟัง"
        )
    if isinstance(page, AgencyPage):
        if page.get_children().exists():
            return _("ลบไม่ได้ เพราะหน่วยงานนี้ยังมีร่างหรือการรับฟังความคิดเห็นอยู่")
        if page.memberships.exists():
            return _("ลบไม่ได้ เพราะหน่วยงานนี้ยังมีสมาชิก โปรดนำสมาชิกออกก่อน")
    for child in page.get_children():
        if reason := why_kept(child):
            return reason
    return ""


def _refuse(request: HttpRequest, page: Page, reason: str) -> HttpResponse:
    messages.error(request, f"{page.get_admin_display_title()}: {reason}")
    return redirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))


@hooks.register("before_delete_page")
def keep_what_is_recorded(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Refuse with a message what the database would refuse with an error."""
    if page.specific_class is AgencyPage and not request.user.is_superuser:
        raise PermissionDenied
    reason = why_kept(page)
    return _refuse(request, page, reason) if reason else None


@hooks.register("before_unpublish_page")
def keep_announced_pages(request: HttpRequest, page: Page) -> HttpResponse | None:
    """An announced consultation is not taken down: it is withdrawn, with a reason."""
    reason = why_published(page)
    return _refuse(request, page, reason) if reason else None


def why_published(page: Page) -> str:
    """Say why a page cannot be unpublished; "" when it can."""
    announced = Consultation.objects.filter(page_id=page.pk).exclude(
        rounds__stage=StageChoices.DRAFT
    )
    if announced.filter(rounds__isnull=False).exists():
        return _(
            "นำลงไม่ได้ เพราะประกาศรับฟังแล้ว ถ้าจะไม่ดำเนินการต่อ ให้ใช้ “ถอนเรื่อง” พร้อมเหตุผล"
        )
    return ""


@hooks.register("before_move_page")
def keep_pages_in_their_agency(
    request: HttpRequest, page: Page, destination: Page
) -> HttpResponse | None:
    """A page never changes agency: its rounds, members and records would not follow."""
    if agency_of(page) == agency_of(destination):
        return None
    return _refuse(request, page, _("ย้ายไปหน่วยงานอื่นไม่ได้"))


@hooks.register("before_copy_page")
def copy_no_consultation(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A copied consultation page would have no consultation behind it."""
    if page.specific_class is ConsultationPage:
        return _refuse(
            request, page, _("คัดลอกหน้านี้ไม่ได้ โปรดสร้างการรับฟังใหม่จากเมนู “การรับฟัง”")
        )
    return None


@hooks.register("before_bulk_action")
def keep_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction
) -> HttpResponse | None:
    """Hold bulk actions to the same rules as single ones."""
    checks = {"delete": why_kept, "unpublish": why_published}
    check = checks.get(action_type)
    if check is None and action_type != "move":
        return None
    for page in objects:
        if not isinstance(page, Page):
            continue
        if action_type == "move":
            if agency_of(page):
                return _refuse(request, page, _("ย้ายเป็นชุดไม่ได้ โปรดย้ายทีละหน้า"))
            continue
        if check and (reason := check(page)):
            return _refuse(request, page, reason)
    return None


@hooks.register("before_create_page")
def create_consultations_at_their_desk(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponse | None:
    """A consultation page is made together with its consultation, at the desk."""
    if page_class is ConsultationPage:
        return redirect(reverse("desk_consultation_add", args=[parent.pk]))
    return None


@hooks.register("before_serve_page")
def serve_at_the_real_address(
    page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
) -> HttpResponse | None:
    """The tree is by agency, the address is not (PLAN.md decision 5)."""
    if isinstance(page, AgencyPage):
        return redirect("consultations:agency", page.slug)
    if isinstance(page, ConsultationPage):
        consultation = Consultation.objects.filter(page=page).first()
        if consultation is None:
            raise Http404
        return redirect("consultations:overview", consultation.slug)
    return None
