"""Keep Wagtail's own page views inside the user's agencies.

Wagtail asks its groups before it lets anybody change a page, but some of its views show
titles of pages to whoever may open the admin.  Here every address that names a page,
every chooser and every report is held to the agency; what is frozen or public is kept
from deletion with a message instead of an error page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import ProtectedError, Q, RestrictedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import ResolverMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.documents.models import Document
from wagtail.documents.permissions import permission_policy as document_policy
from wagtail.images.models import Image
from wagtail.images.permissions import permission_policy as image_policy
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.query import PageQuerySet

from consultations import pages_doors, policies
from consultations.groups import agency_of_collection
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationPage,
    StageChoices,
)
from consultations.policies import Action
from drafts import frozen
from drafts.models import DraftPage
from drafts.requests import read_number

_PAGE_KEYWORDS = ("page_id", "parent_page_id", "page_to_move_id")
#: rooms of files -> (model of what they hold, its policy)
_FILES: dict[str, tuple[type[Any], Any]] = {
    "wagtaildocs": (Document, document_policy),
    "wagtailimages": (Image, image_policy),
}
_ONLY_WRITERS = gettext_lazy("เฉพาะผู้จัดทำหรือผู้อนุมัติของหน่วยงานนี้")
#: Whoever has none of these on a file does not know of it.
_VERBS = ["choose", "change", "delete"]
_FILE_KEYWORDS = ("document_id", "doc_id", "image_id", "pk")


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
    """Refuse Wagtail's addresses that are not used, or name what is another agency's.

    Doors that are not open (``pages_doors``) and what belongs to another agency answer
    404, as what does not exist.  A superuser without a membership may read an agency's
    pages and files, not write (consultations/policies.py).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """Say what a refusal to change a frozen row, or to delete one in use, means."""
        if not request.path_info.startswith("/admin/"):
            return None
        if isinstance(error, ProtectedError | RestrictedError):
            reason = _("มีข้อมูลอื่นอ้างถึงสิ่งนี้ จึงลบไม่ได้ บัญชีผู้ใช้ปิดการใช้งานแทนได้")
        elif isinstance(error, DatabaseError) and frozen.MARK in str(error):
            reason = _("สิ่งนี้ตรึงไว้แล้ว ระบบจึงไม่ให้แก้หรือลบ ไม่มีอะไรเปลี่ยนแปลง")
        else:
            return None
        messages.error(request, reason)
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
        # Whose it is before what it does: another agency's page is not there at all.
        pages = _pages_named(request, match)
        for page in pages:
            if not visible_pages(user).filter(pk=page.pk).exists():
                raise Http404
        _check_files(request, match)
        if match.view_name not in pages_doors.READING:
            for page in pages:
                _refuse_stranger(user, page, below="parent_page_id" in match.kwargs)
        if not pages_doors.is_open(user, match):
            raise Http404


def _pages_named(request: HttpRequest, match: ResolverMatch) -> list[Page]:
    """Return the pages an address names; Http404 for what cannot be a page."""
    name, kwargs, given = match.view_name, match.kwargs, request.GET
    ids = [str(kwargs[key]) for key in _PAGE_KEYWORDS if key in kwargs]
    if name == "wagtailadmin_pages:revisions_compare":
        ids.append(match.args[0])
    elif name == "wagtailadmin_api:pages:detail":
        ids.append(str(kwargs["pk"]))
    elif name == "wagtailadmin_choose_page_chosen_multiple":
        ids += given.getlist("id")
    elif name == "wagtailadmin_editing_sessions:ping":
        ids.append(kwargs["object_id"])
    elif name == "wagtail_bulk_action" and kwargs["model_name"] == "page":
        if "all" in given.getlist("id"):  # "all of this listing" or of the whole site
            ids.append(given.get("childOf", ""))
            under = get_object_or_404(Page, pk=_number(ids[-1]))
            ids += map(str, under.get_descendants().values_list("pk", flat=True))
        else:
            ids += given.getlist("id")
    return list(Page.objects.filter(pk__in=[_number(one) for one in ids]))


def _number(text: str) -> int:
    number = read_number(text)
    if number is None:
        raise Http404
    return number


def _check_files(request: HttpRequest, match: ResolverMatch) -> None:
    """Refuse an address that names another agency's document or image."""
    room = match.view_name.partition(":")[0].removesuffix("_chooser")
    if room not in _FILES:
        return
    model, policy = _FILES[room]
    ids = [str(match.kwargs[key]) for key in _FILE_KEYWORDS if key in match.kwargs]
    if match.view_name.endswith(":chosen_multiple"):
        ids += request.GET.getlist("id")
    user = request.user
    for file in model.objects.filter(pk__in=[_number(one) for one in ids]):
        if not policy.user_has_any_permission_for_instance(user, _VERBS, file):
            raise Http404
        agency_id = agency_of_collection(file.collection)
        if (
            agency_id
            and match.view_name not in pages_doors.READING
            and not policies.may(user, Action.EDIT_DRAFT, agency_id)
        ):
            raise PermissionDenied(_ONLY_WRITERS)


def _refuse_stranger(user: Any, page: Page, *, below: bool) -> None:
    """Refuse a stranger who would change an agency's page, or put one ``below`` it."""
    agency = agency_of(page)
    if agency is None or (page.pk == agency.pk and user.is_superuser and not below):
        return  # the installation's administrator sets agencies up
    if not policies.may(user, Action.EDIT_DRAFT, agency):
        raise PermissionDenied(_ONLY_WRITERS)


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


@hooks.register("before_bulk_action")
def keep_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: BulkAction
) -> HttpResponse | None:
    """Hold bulk actions to the same rules as single ones."""
    check = {"delete": why_kept, "unpublish": why_published}[action_type]
    for page in objects:
        if reason := check(page):
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
    """The tree is by agency, the address is not."""
    if isinstance(page, AgencyPage):
        return redirect("consultations:agency", page.slug)
    if isinstance(page, ConsultationPage):
        consultation = Consultation.objects.filter(page=page).first()
        if consultation is None:
            raise Http404
        return redirect("consultations:overview", consultation.slug)
    return None


@hooks.register("before_serve_document", order=-1)
def serve_files_to_their_agency(document: Document, request: HttpRequest) -> None:
    """Answer 404 to who is signed in elsewhere; Wagtail would ask them to sign in."""
    user = request.user
    if (
        user.is_authenticated
        and agency_of_collection(document.collection)
        and not document_policy.user_has_any_permission_for_instance(
            user, _VERBS, document
        )
    ):
        raise Http404
