"""Pages of the admin where a draft is frozen and its versions are looked at."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from drafts import services
from drafts.amended_laws import laws_used
from drafts.desk import PER_PAGE, crumb, draft_of, posted, show
from drafts.errors import DraftError
from drafts.forms import FreezeForm, NoteForm
from drafts.models import DraftPage, DraftVersion
from drafts.revisions import tried
from drafts.selectors import block_title, provisions_with_notes
from drafts.target_clauses import amendments_of


def freeze(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Freeze the newest revision for a hearing; says first what forbids it."""
    draft = draft_of(request, draft_id)
    revision = draft.latest_revision or draft.save_revision(user=request.user)
    blocks = services.blocks_of(revision)
    placed, problems = services.freeze_check(blocks)
    titles = {block["id"]: block_title(block) for block in blocks}
    form = FreezeForm(
        posted(request), stands=services.freeze_values(draft), initial={"reason": ""}
    )
    made: list[DraftVersion] = []

    def freeze_seen(data: dict[str, Any]) -> None:
        made.append(
            services.version_freeze(
                draft=draft,
                revision=revision,
                reason=data["reason"],
                seen=data["revision"],
                by=request.user,
            )
        )

    if not (status := tried(form, freeze_seen)):
        number = made[0].number
        messages.success(request, _("ตรึงเป็นฉบับที่ %(n)d แล้ว") % {"n": number})
        return redirect("drafts_version", draft.pk, number)
    return show(
        request,
        "freeze",
        _("ตรึงฉบับเพื่อรับฟัง"),
        crumb(draft),
        draft=draft,
        form=form,
        problems=[
            (one.text, [(key, titles[key]) for key in one.keys]) for one in problems
        ],
        laws=laws_used(
            draft, amendments_of(placed), amends=revision.content.get("amends")
        ),
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
