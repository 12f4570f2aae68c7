"""Pages of the admin about acts in force: the list, the import, a draft's laws.

An act is public law and belongs to no agency: whoever may put drafts under an agency
may import one and read all.  Nobody can change one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from drafts import acts, policies
from drafts.acts_forms import ActForm, LawForm
from drafts.amended_laws import BY_TITLE, LawUsed, amended_law_choose, law_choices
from drafts.desk import PER_PAGE, crumb, draft_of, show
from drafts.errors import DraftError
from drafts.law.structure import LawText
from drafts.models import SECTION_KINDS, Act, DraftPage
from drafts.requests import read_number
from drafts.revisions import tried
from drafts.upload_desk import UploadView

#: Acts of other titles that are offered for a law; more are found by their title.
MOST_OTHERS = 500


def _may_or_403(request: HttpRequest) -> None:
    if not policies.branches(request.user).exists():
        raise PermissionDenied


def _list_crumb() -> tuple[str, str]:
    return reverse("drafts_acts"), _("กฎหมายที่ใช้บังคับ")


def acts_index(request: HttpRequest) -> HttpResponse:
    """List the acts there are; the newest of each title stands first."""
    _may_or_403(request)
    query = request.GET.get("q", "")
    rows = acts.acts(query).annotate(
        sections=Count("provisions", filter=Q(provisions__kind__in=SECTION_KINDS))
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return show(request, "acts", _("กฎหมายที่ใช้บังคับ"), page=page, query=query)


class ActImport(UploadView):
    """Store a law in force and freeze it."""

    form_class = ActForm
    template = "act_import"

    def title(self) -> str:
        return _("นำเข้ากฎหมายที่ใช้บังคับ")

    def crumbs(self) -> list[tuple[str, str]]:
        return [_list_crumb()]

    def initial(self) -> dict[str, Any]:
        return {"title": self.request.GET.get("title", "")}

    def look(
        self, form: ActForm, law: LawText, refused: DraftError | None
    ) -> dict[str, Any]:
        form.data["title"] = form.cleaned_data.get("title") or law.title
        return super().look(form, law, refused)

    def save(self, form: ActForm, law: LawText) -> HttpResponse:
        given = form.cleaned_data
        stored = acts.act_import(
            data=given["text"],
            law=law,
            source=self.source,
            title=given["title"],
            as_of=given["as_of"],
            source_note=given["source_note"],
            by=self.request.user,
        ).act
        messages.success(
            self.request,
            _("บันทึกกฎหมายแล้ว %(count)d มาตราหรือข้อ ตัวบทนี้แก้ไขไม่ได้อีก")
            % {"count": len(law.provisions)},
        )
        return redirect("drafts_act", stored.pk)


act_import = ActImport.as_view()


def act(request: HttpRequest, act_id: int) -> HttpResponse:
    """Show an act as it is stored, and the others of the same title."""
    _may_or_403(request)
    found = get_object_or_404(acts.acts().select_related("created_by"), pk=act_id)
    page = Paginator(found.provisions.order_by("order"), PER_PAGE)
    return show(
        request,
        "act",
        found.title,
        _list_crumb(),
        act=found,
        page=page.get_page(request.GET.get("p")),
        others=acts.acts().filter(key=found.key).exclude(pk=found.pk),
        sources=found.source_files.select_related("created_by"),
    )


def draft_laws(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Say which laws a draft changes, which of them are here, and let one choose."""
    draft = draft_of(request, draft_id)
    used = acts.laws_of_draft(draft)
    chosen, offered = law_choices(draft), _offered(used)
    place = read_number(request.POST.get("law"), most=len(used) - 1)
    if request.method == "POST" and place is None:
        messages.error(request, _("ร่างเปลี่ยนไปแล้ว โปรดเลือกอีกครั้ง"))
        return redirect("drafts_laws", draft.pk)
    rows, status = [], 200
    for number, law in enumerate(used):
        form = LawForm(
            request.POST if number == place else None,
            used=law,
            acts=offered,
            auto_id=f"law-{number}-%s",
            stands={"act": chosen.get(law.key, BY_TITLE)},
            initial={"law": number},
        )
        rows.append((law, form))
        if number == place:
            status = tried(form, partial(_choose, request, draft, law, form))
            if not status:
                messages.success(request, _("บันทึกแล้ว ใช้กับการตรึงครั้งต่อไป"))
                return redirect("drafts_laws", draft.pk)
    title = _("กฎหมายที่ร่างนี้แก้ไข")
    return show(
        request, "laws", title, crumb(draft), draft=draft, rows=rows, status=status
    )


def _offered(used: tuple[LawUsed, ...]) -> list[Act]:
    """Return the acts to choose from: those of the titles wanted, then others.

    A bill may name a law without its year, so titles that begin alike come first.
    """
    alike = Q(pk=None)
    for law in used:
        alike |= Q(key__startswith=law.key)
    same = list(acts.acts().filter(alike))
    return [*same, *acts.acts().exclude(alike)[:MOST_OTHERS]]


def _choose(
    request: HttpRequest,
    draft: DraftPage,
    law: LawUsed,
    form: LawForm,
    data: dict[str, Any],
) -> None:
    amended_law_choose(
        draft=draft,
        title=law.title,
        act=form.chosen,
        by_title=data["act"] == BY_TITLE,
        revision=data["revision"],
        by=request.user,
    )
