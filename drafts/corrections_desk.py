"""The page of the admin where a corrected file is put into a draft."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from drafts.correction_rows import Row
from drafts.corrections import (
    Correction,
    CorrectionChanged,
    correction_plan,
    correction_save,
)
from drafts.desk import crumb, draft_of, show
from drafts.errors import DraftError
from drafts.forms import CorrectionForm
from drafts.law.readers import ReaderError, read
from drafts.law.structure import Warning
from drafts.models import DraftPage
from drafts.selectors import Said, block_title, said_of
from drafts.services import draft_read

#: Before the mark of a piece, in the name of the field of its choice.
WHO = "who-"


def draft_correct(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Show what a corrected file will change, before anything is stored; then store it.

    The text of the file comes back in the form, so it is neither sent nor chosen again.
    """
    draft = draft_of(request, draft_id)
    if request.method != "POST":
        return _page(request, draft, CorrectionForm())
    form = CorrectionForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, draft, form, status=422)
    given = form.cleaned_data
    text, name = given["text"], given["source_name"]
    warnings: tuple[Warning, ...] = ()  # of the file's reader, not seen in its text
    choices = {
        key.removeprefix(WHO): value
        for key, value in request.POST.items()
        if key.startswith(WHO)
    }
    try:
        if given["file"]:
            found = read(given["file"].read(), given["file"].name)
            text, name, warnings = found.text, given["file"].name, found.warnings
        law = draft_read(data=text)
    except (DraftError, ReaderError) as error:
        message = error.message if isinstance(error, DraftError) else error.message_th
        form.add_error(None, message)
        return _page(request, draft, form, status=422)
    error, correction, status = "", None, 200
    if "save" in request.POST and not given["file"]:
        try:
            done = correction_save(
                draft=draft,
                law=law,
                revision=given["revision"] or 0,
                mark=given["mark"],
                choices=choices,
                filename=name,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                by=request.user,
            )
        except CorrectionChanged as changed:
            error, correction, status = changed.message, changed.correction, 409
        except DraftError as refused:
            error, status = refused.message, 422
        else:
            return _saved(request, draft, done)
    correction = correction or correction_plan(draft=draft, law=law, choices=choices)
    data = request.POST.copy()
    data["text"], data["source_name"] = text, name
    data["revision"], data["mark"] = str(correction.revision), correction.mark
    form = CorrectionForm(data)
    form.is_valid()
    if error:
        form.add_error(None, error)
    return _page(
        request,
        draft,
        form,
        status=status,
        correction=correction,
        warnings=[*warnings, *law.warnings],
        **_parts(draft, correction),
    )


def _saved(
    request: HttpRequest, draft: DraftPage, correction: Correction
) -> HttpResponse:
    if correction.is_empty:
        messages.info(request, _("ไฟล์ตรงกับร่างทุกส่วน จึงไม่มีอะไรต้องบันทึก"))
    else:
        messages.success(
            request,
            _("บันทึกไฟล์แก้ไขลงในร่างแล้ว %(summary)s") % {"summary": correction.summary},
        )
    return redirect("drafts_outline", draft.pk)


def _parts(draft: DraftPage, correction: Correction) -> dict[str, Any]:
    """Sort the rows into the lists of the page."""
    said = said_of(draft, [row.old.block["id"] for row in correction.leaving])
    reworded = [row for row in correction.rows if row.new and not row.leaves]
    return {
        "asked": [_choice(row) for row in reworded if row.asked],
        "leaving": [
            (row, said.get(row.old.block["id"], Said())) for row in correction.leaving
        ],
        "reworded": [
            _choice(row)
            for row in reworded
            if row.change in {"changed", "added", "split"} and not row.asked
        ],
        "placed": [
            row for row in reworded if row.change in {"renumbered", "moved", "layout"}
        ],
    }


def _choice(row: Row) -> dict[str, Any]:
    """Put the choices of a row beside it, named."""
    return {
        "row": row,
        "name": WHO + row.new.mark,
        "candidates": [
            (item.block["id"], block_title(item.block), item.words)
            for item in row.candidates
        ],
    }


def _page(
    request: HttpRequest,
    draft: DraftPage,
    form: CorrectionForm,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    return show(
        request,
        "correct",
        _("นำไฟล์ที่แก้แล้วเข้าร่าง"),
        crumb(draft),
        draft=draft,
        form=form,
        status=status,
        **context,
    )
