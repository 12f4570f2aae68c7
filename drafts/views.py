"""Pages of the admin where a draft is imported and edited piece by piece."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from drafts import editing, policies, services
from drafts.desk import PER_PAGE, crumb, draft_of, posted, show
from drafts.errors import DraftError
from drafts.forms import (
    BLOCK_FORMS,
    DetailsForm,
    MoveForm,
)
from drafts.models import DraftPage
from drafts.revisions import RevisionForm, tried
from drafts.selectors import block_title, outline_page


def index(request: HttpRequest) -> HttpResponse:
    """List the drafts of the user's agencies."""
    if not policies.branches(request.user).exists():
        raise PermissionDenied
    drafts = policies.drafts_of(request.user).annotate(version=Max("versions__number"))
    page = Paginator(drafts.defer("body"), PER_PAGE).get_page(request.GET.get("p"))
    return show(request, "index", _("ร่างทั้งหมด"), page=page)


def draft_outline(request: HttpRequest, draft_id: int) -> HttpResponse:
    """List a draft's pieces by division; a long draft shows one division at a time."""
    draft = draft_of(request, draft_id)
    page = outline_page(draft, request.GET.get("group"))
    return show(
        request,
        "outline",
        draft.title,
        draft=draft,
        outline=page,
        sources=draft.source_files.select_related("created_by"),
    )


def details(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Change what is said of a draft as a whole, however long the draft is."""
    draft = draft_of(request, draft_id)
    form = DetailsForm(posted(request), stands=editing.draft_details(draft))

    def change(given: dict[str, Any]) -> None:
        revision = given.pop("revision")
        editing.details_change(
            draft=draft, details=given, revision=revision, by=request.user
        )

    if status := tried(form, change):
        title = _("ชื่อและรายละเอียด")
        return show(
            request,
            "details",
            title,
            crumb(draft),
            draft=draft,
            form=form,
            status=status,
        )
    messages.success(request, _("บันทึกแล้ว"))
    return redirect("drafts_outline", draft.pk)


def block_edit(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Open one piece, and only it."""
    draft = draft_of(request, draft_id)
    blocks = services.blocks_of(draft.latest_revision)
    try:
        block = blocks[editing.block_find(blocks, key)]
    except DraftError as error:
        return _block_gone(request, draft, error)
    form = BLOCK_FORMS[block["type"]](posted(request), stands=block["value"])

    def change(given: dict[str, Any]) -> None:
        revision = given.pop("revision")
        editing.block_change(
            draft=draft, key=key, value=given, revision=revision, by=request.user
        )

    if status := tried(form, change):
        return show(
            request,
            "block",
            block_title(block),
            crumb(draft),
            draft=draft,
            form=form,
            status=status,
        )
    messages.success(request, _("บันทึกแล้ว"))
    return redirect(_outline_at(draft, key))


def _block_gone(
    request: HttpRequest, draft: DraftPage, error: DraftError
) -> HttpResponse:
    """Say that a piece was removed; what was typed can be added as a new one."""
    if request.method != "POST":
        messages.error(request, error.message)
        return redirect("drafts_outline", draft.pk)
    sent = request.POST
    kind = (
        "part" if "heading" in sent else "provision" if "text" in sent else "division"
    )
    form = BLOCK_FORMS[kind](sent, stands={})
    form.add_error(
        None, _("ส่วนนี้ถูกนำออกจากร่างไปแล้ว ข้อความของคุณยังอยู่ บันทึกเพื่อเพิ่มเป็นส่วนใหม่ท้ายร่าง")
    )
    return show(
        request,
        "block",
        _("เพิ่มส่วนใหม่"),
        crumb(draft),
        draft=draft,
        form=form,
        action=reverse(f"drafts_add_{kind}", args=[draft.pk]),
        status=409,
    )


def _outline_at(draft: DraftPage, key: str) -> str:
    return f"{reverse('drafts_outline', args=[draft.pk])}?group=at:{key}#b-{key}"


def block_add(request: HttpRequest, draft_id: int, kind: str) -> HttpResponse:
    """Add a piece after another."""
    draft = draft_of(request, draft_id)
    after = request.GET.get("after", "")
    form = BLOCK_FORMS[kind](posted(request), stands={})
    if request.method == "POST" and form.is_valid():
        value = {k: v for k, v in form.cleaned_data.items() if k != "revision"}
        try:
            key = editing.block_add(
                draft=draft, kind=kind, value=value, after=after, by=request.user
            )
        except DraftError as error:
            if after:
                return _block_gone(request, draft, error)
            form.add_error(None, error.message)
        else:
            messages.success(request, _("เพิ่มแล้ว"))
            return redirect(_outline_at(draft, key))
    title = _("เพิ่มส่วนใหม่")
    status = 422 if form.is_bound else 200
    return show(
        request, "block", title, crumb(draft), draft=draft, form=form, status=status
    )


def block_remove(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Take a piece out, after a confirmation that shows it."""
    draft = draft_of(request, draft_id)
    blocks = services.blocks_of(draft.latest_revision)
    try:
        block = blocks[editing.block_find(blocks, key)]
    except DraftError as error:
        messages.error(request, error.message)
        return redirect("drafts_outline", draft.pk)
    form = RevisionForm(posted(request), stands=block["value"])
    status = tried(
        form,
        lambda seen: editing.block_remove(
            draft=draft, key=key, by=request.user, **seen
        ),
    )
    if not status:
        messages.success(request, _("นำออกจากร่างแล้ว ฉบับแก้ไขก่อนหน้ายังเก็บไว้"))
        return redirect("drafts_outline", draft.pk)
    title = _("นำ %(what)s ออก") % {"what": block_title(block)}
    return show(
        request,
        "remove",
        title,
        crumb(draft),
        draft=draft,
        piece=block,
        form=form,
        status=status,
    )


def block_move(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Choose the piece after which this one shall stand."""
    draft = draft_of(request, draft_id)
    blocks = services.blocks_of(draft.latest_revision)
    places = [(b["id"], block_title(b)) for b in blocks if b["id"] != str(key)]
    try:
        block = blocks[editing.block_find(blocks, key)]
    except DraftError as error:
        messages.error(request, error.message)
        return redirect("drafts_outline", draft.pk)
    stands = editing.block_place(blocks, key)
    form = MoveForm(posted(request), places=places, stands=stands)
    status = tried(
        form,
        lambda data: editing.block_move(draft=draft, key=key, by=request.user, **data),
    )
    if not status:
        messages.success(request, _("ย้ายแล้ว"))
        return redirect(_outline_at(draft, key))
    title = _("ย้าย %(what)s") % {"what": block_title(block)}
    return show(
        request, "move", title, crumb(draft), status=status, draft=draft, form=form
    )


@require_POST
def block_step(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Move a piece one place up or down."""
    draft = draft_of(request, draft_id)
    keys = [b["id"] for b in services.blocks_of(draft.latest_revision)]
    try:
        position = keys.index(str(key))
        target = position - 2 if "up" in request.POST else position + 1
        after = keys[target] if target >= 0 else ""
    except (ValueError, IndexError):
        return redirect(_outline_at(draft, key))
    try:
        editing.block_move(draft=draft, key=key, after=after, by=request.user)
    except DraftError as error:
        messages.error(request, error.message)
    return redirect(_outline_at(draft, key))
