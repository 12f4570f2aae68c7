"""The page of the admin where a corrected file is put into a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from drafts.correction_rows import Row
from drafts.corrections import Correction, correction_plan, correction_save
from drafts.desk import crumb, draft_of
from drafts.errors import DraftError
from drafts.forms import CorrectionForm
from drafts.law.structure import LawText
from drafts.models import DraftPage
from drafts.selectors import Said, block_title, said_of
from drafts.services import source_names
from drafts.upload_desk import UploadView

#: Before the mark of a piece, in the name of the field of its choice.
WHO = "who-"


class DraftCorrect(UploadView):
    """Say what a corrected file will change in a draft; then store that."""

    form_class = CorrectionForm
    template = "correct"

    def prepare(self, draft_id: int) -> None:
        self.draft = draft_of(self.request, draft_id)

    def title(self) -> str:
        return _("นำไฟล์ที่แก้แล้วเข้าร่าง")

    def crumbs(self) -> list[tuple[str, str]]:
        return [crumb(self.draft)]

    def context(self) -> dict[str, Any]:
        return {"draft": self.draft}

    def choices(self) -> dict[str, str]:
        return {
            key.removeprefix(WHO): value
            for key, value in self.request.POST.items()
            if key.startswith(WHO)
        }

    def look(
        self, form: CorrectionForm, law: LawText, refused: DraftError | None
    ) -> dict[str, Any]:
        correction = getattr(refused, "correction", None) or correction_plan(
            draft=self.draft, law=law, choices=self.choices()
        )
        form.data["revision"] = str(correction.revision)
        form.data["mark"] = correction.mark
        return {
            "correction": correction,
            "warnings": law.warnings,
            **_parts(self.draft, correction),
        }

    def save(self, form: CorrectionForm, law: LawText) -> HttpResponse:
        given = form.cleaned_data
        filename, sha256 = source_names(given["text"], "", self.source)
        done = correction_save(
            draft=self.draft,
            law=law,
            revision=given["revision"] or 0,
            mark=given["mark"],
            choices=self.choices(),
            filename=filename,
            sha256=sha256,
            source=self.source,
            by=self.request.user,
        )
        if done.is_empty:
            messages.info(self.request, _("ไฟล์ตรงกับร่างทุกส่วน จึงไม่มีอะไรต้องบันทึก"))
        else:
            messages.success(
                self.request,
                _("บันทึกไฟล์แก้ไขลงในร่างแล้ว %(summary)s") % {"summary": done.summary},
            )
        return redirect("drafts_outline", self.draft.pk)


draft_correct = DraftCorrect.as_view()


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
