"""Pages of the admin where a draft is imported, corrected and frozen."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from drafts import editing, policies, services
from drafts.amended_laws import laws_used
from drafts.desk import crumb, draft_of, posted, show
from drafts.errors import DraftError
from drafts.forms import BLOCK_FORMS, FreezeForm, ImportForm, MoveForm, NoteForm
from drafts.law.outline import outline
from drafts.law.readers import ReaderError, read
from drafts.models import DraftPage, DraftVersion
from drafts.selectors import block_title, outline_page, provisions_with_notes

PER_PAGE = 50


def index(request: HttpRequest) -> HttpResponse:
    """List the drafts of the user's agencies."""
    if not policies.branches(request.user).exists():
        raise PermissionDenied
    drafts = policies.drafts_of(request.user).annotate(version=Max("versions__number"))
    page = Paginator(drafts.defer("body"), PER_PAGE).get_page(request.GET.get("p"))
    return show(request, "index", _("ร่างทั้งหมด"), page=page)


def draft_import(request: HttpRequest) -> HttpResponse:
    """Show what the parser finds, before anything is stored; then store it."""
    if not policies.branches(request.user).exists():
        raise PermissionDenied
    title = _("นำเข้าร่าง")
    if request.method != "POST":
        initial = (
            {"agency": request.GET.get("agency")} if "agency" in request.GET else {}
        )
        form = ImportForm(user=request.user, initial=initial or None)
        return show(request, "import", title, form=form)
    form = ImportForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return show(request, "import", title, form=form, status=422)
    given = form.cleaned_data
    try:
        if given["file"]:
            # A file is never stored unseen: its text is shown first, ready to correct.
            text = read(given["file"].read(), given["file"].name).text
            name = given["file"].name
        else:
            text, name = given["text"], given["source_name"]
        law = services.draft_read(data=text, filename=f"{name}.txt")
        if "save" in request.POST and not given["file"]:
            result = services.draft_import(
                agency=given["agency"],
                data=text,
                filename=name,
                by=request.user,
            )
            messages.success(
                request,
                _("บันทึกร่างแล้ว %(count)d มาตราหรือข้อ ตรวจและแก้ไขได้ด้านล่าง")
                % {"count": len(law.provisions)},
            )
            return redirect("drafts_outline", result.draft.pk)
    except (DraftError, ReaderError) as error:
        message = error.message if isinstance(error, DraftError) else error.message_th
        form.add_error(None, message)
        return show(request, "import", title, form=form, status=422)
    data = request.POST.copy()
    data["text"], data["source_name"] = text, name
    form = ImportForm(data, user=request.user)
    form.is_valid()
    return show(
        request,
        "import",
        title,
        form=form,
        law=law,
        laws=laws_used(None, law.amendments),
        outline=outline(law),
    )


def draft_outline(request: HttpRequest, draft_id: int) -> HttpResponse:
    """List a draft's pieces by division; a long draft shows one division at a time."""
    draft = draft_of(request, draft_id)
    page = outline_page(draft, request.GET.get("group"))
    return show(request, "outline", draft.title, draft=draft, outline=page)


def block_edit(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Open one piece, and only it."""
    draft = draft_of(request, draft_id)
    blocks = services.blocks_of(draft.latest_revision)
    try:
        block = blocks[editing.block_find(blocks, key)]
    except DraftError as error:
        messages.error(request, error.message)
        return redirect("drafts_outline", draft.pk)
    form_class = BLOCK_FORMS[block["type"]]
    current, status = None, 200
    if request.method == "POST":
        form = form_class(request.POST)
        if form.is_valid():
            value = {k: v for k, v in form.cleaned_data.items() if k != "mark"}
            try:
                editing.block_change(
                    draft=draft,
                    key=key,
                    value=value,
                    mark=form.cleaned_data["mark"],
                    by=request.user,
                )
            except editing.BlockConflict as conflict:
                form.add_error(None, conflict.message)
                # The next save is meant for the text that is shown beside the form.
                current, status = conflict.current, 409
                form.data = form.data.copy()
                form.data["mark"] = editing.block_mark(current)
            except DraftError as error:
                form.add_error(None, error.message)
                status = 409
            else:
                messages.success(request, _("บันทึกแล้ว"))
                return redirect(_outline_at(draft, key))
        else:
            status = 422
    else:
        form = form_class(initial={**block["value"], "mark": editing.block_mark(block)})
    title = block_title(block)
    return show(
        request,
        "block",
        title,
        crumb(draft),
        draft=draft,
        piece=block,
        form=form,
        current=current,
        status=status,
    )


def _outline_at(draft: DraftPage, key: str) -> str:
    return f"{reverse('drafts_outline', args=[draft.pk])}?group=at:{key}#b-{key}"


def block_add(request: HttpRequest, draft_id: int, kind: str) -> HttpResponse:
    """Add a piece after another."""
    draft = draft_of(request, draft_id)
    after = request.GET.get("after", "")
    form_class = BLOCK_FORMS[kind]
    form = form_class(posted(request))
    if request.method == "POST" and form.is_valid():
        value = {k: v for k, v in form.cleaned_data.items() if k != "mark"}
        try:
            key = editing.block_add(
                draft=draft, kind=kind, value=value, after=after, by=request.user
            )
        except DraftError as error:
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
        if request.method == "POST":
            editing.block_remove(draft=draft, key=key, by=request.user)
            messages.success(request, _("นำออกจากร่างแล้ว ฉบับแก้ไขก่อนหน้ายังเก็บไว้"))
            return redirect("drafts_outline", draft.pk)
    except DraftError as error:
        messages.error(request, error.message)
        return redirect("drafts_outline", draft.pk)
    title = _("นำ %(what)s ออก") % {"what": block_title(block)}
    return show(request, "remove", title, crumb(draft), draft=draft, piece=block)


def block_move(request: HttpRequest, draft_id: int, key: str) -> HttpResponse:
    """Choose the piece after which this one shall stand."""
    draft = draft_of(request, draft_id)
    blocks = services.blocks_of(draft.latest_revision)
    places = [(b["id"], block_title(b)) for b in blocks if b["id"] != str(key)]
    form = MoveForm(posted(request), places=places)
    try:
        block = blocks[editing.block_find(blocks, key)]
        if request.method == "POST" and form.is_valid():
            after = form.cleaned_data["after"]
            editing.block_move(draft=draft, key=key, after=after, by=request.user)
            messages.success(request, _("ย้ายแล้ว"))
            return redirect(_outline_at(draft, key))
    except DraftError as error:
        messages.error(request, error.message)
        return redirect("drafts_outline", draft.pk)
    title = _("ย้าย %(what)s") % {"what": block_title(block)}
    return show(request, "move", title, crumb(draft), draft=draft, form=form)


def freeze(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Freeze the newest revision for a hearing; says first what forbids it."""
    draft = draft_of(request, draft_id)
    revision = draft.latest_revision or draft.save_revision(user=request.user)
    placed, problems = services.freeze_check(services.blocks_of(revision))
    form = FreezeForm(posted(request), initial={"revision": revision.pk})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and form.cleaned_data["revision"] != revision.pk:
            form.add_error(None, _("ร่างถูกแก้ไขหลังจากที่คุณเปิดหน้านี้ โปรดตรวจอีกครั้งแล้วจึงตรึง"))
            form.data = form.data.copy()
            form.data["revision"] = revision.pk
        elif form.is_valid():
            try:
                version = services.version_freeze(
                    draft=draft,
                    revision=revision,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                )
            except DraftError as error:
                form.add_error(None, error.message)
            else:
                messages.success(
                    request, _("ตรึงเป็นฉบับที่ %(n)d แล้ว") % {"n": version.number}
                )
                return redirect("drafts_version", draft.pk, version.number)
    return show(
        request,
        "freeze",
        _("ตรึงฉบับเพื่อรับฟัง"),
        crumb(draft),
        draft=draft,
        form=form,
        problems=problems,
        pieces=len(placed),
        revision=revision,
        status=status,
    )


def versions(request: HttpRequest, draft_id: int) -> HttpResponse:
    """List the frozen versions of a draft with their hashes."""
    draft = draft_of(request, draft_id)
    rows = draft.versions.select_related("frozen_by").order_by("-number")
    title = _("ฉบับที่ตรึงไว้")
    return show(request, "versions", title, crumb(draft), draft=draft, versions=rows)


def _version(draft: DraftPage, number: int) -> DraftVersion:
    return get_object_or_404(draft.versions.select_related("frozen_by"), number=number)


def version(request: HttpRequest, draft_id: int, number: int) -> HttpResponse:
    """Show a frozen version: its hash, whether it still holds, its notes."""
    draft = draft_of(request, draft_id)
    found = _version(draft, number)
    rows = provisions_with_notes(found)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    return show(
        request,
        "version",
        _("ฉบับที่ %(n)d") % {"n": number},
        crumb(draft),
        (reverse("drafts_versions", args=[draft.pk]), _("ฉบับที่ตรึงไว้")),
        draft=draft,
        version=found,
        page=page,
        intact=services.version_is_intact(found),
    )


def version_provision(
    request: HttpRequest, draft_id: int, number: int, provision_id: int
) -> HttpResponse:
    """Correct the notes of a frozen provision; its text is refused with a message."""
    draft = draft_of(request, draft_id)
    found = _version(draft, number)
    provision = get_object_or_404(found.provisions, pk=provision_id)
    form = NoteForm(posted(request), initial={"kind": request.GET.get("kind")})
    status = 200
    if request.method == "POST":
        status = 422
        if "provision_text" in request.POST:
            messages.error(request, frozen_message())
            status = 409
        elif form.is_valid():
            try:
                services.provision_note_add(
                    provision=provision, by=request.user, **form.cleaned_data
                )
            except DraftError as error:
                form.add_error(None, error.message)
            else:
                messages.success(request, _("บันทึกคำอธิบายแล้ว ฉบับก่อนยังเก็บไว้"))
                return redirect("drafts_version", draft.pk, number)
    return show(
        request,
        "provision",
        str(provision),
        crumb(draft),
        (
            reverse("drafts_version", args=[draft.pk, number]),
            _("ฉบับที่ %(n)d") % {"n": number},
        ),
        draft=draft,
        version=found,
        provision=provision,
        notes=provision.notes.order_by("kind", "-number"),
        form=form,
        frozen=frozen_message(),
        status=status,
    )


def frozen_message() -> str:
    """Say why frozen text cannot be changed and what to do instead."""
    return _(
        "ข้อความของฉบับที่ตรึงแล้วแก้ไขไม่ได้ เพราะประชาชนแสดงความเห็นต่อถ้อยคำนี้ "
        "ถ้าต้องเปลี่ยนถ้อยคำ ให้แก้ที่ร่างแล้วตรึงเป็นฉบับใหม่สำหรับรอบถัดไป"
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
