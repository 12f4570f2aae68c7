"""Forms of the pages about acts in force."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from drafts.amended_laws import BY_TITLE, NONE, LawUsed
from drafts.forms import UploadForm
from drafts.law.numerals import thai_date
from drafts.models import Act
from drafts.revisions import RevisionForm
from drafts.thai_dates import ThaiDateField


class ActForm(UploadForm):
    """A file or a pasted text of a law in force, and of which day it is."""

    title = forms.CharField(
        label=_("ชื่อกฎหมาย"),
        required=False,
        help_text=_("เว้นว่างเพื่อใช้ชื่อในตัวบท ร่างจะหากฎหมายนี้พบด้วยชื่อพร้อมปี พ.ศ."),
    )
    as_of = ThaiDateField(
        label=_("ฉบับ ณ วันที่"),
        help_text=_("วันที่ของตัวบทนี้ เช่น 30 มิ.ย. 2569 หรือ 30/06/2569"),
    )
    source_note = forms.CharField(
        label=_("ที่มา"),
        required=False,
        help_text=_("เช่น ราชกิจจานุเบกษา เล่ม ตอน วันที่ หรือที่อยู่เว็บไซต์ ประชาชนเห็นข้อความนี้"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    nothing = _("โปรดเลือกไฟล์ หรือวางตัวบทของกฎหมาย")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("ไฟล์ตัวบท")
        self.fields["text"].label = _("หรือวางตัวบท")


def act_name(act: Act) -> str:
    """Name an act with its day: two of the same title are told apart by it."""
    day = thai_date(act.as_of, short=True) if isinstance(act.as_of, dt.date) else ""
    return f"{act.title} ({gettext('ฉบับ ณ วันที่')} {day})" if day else act.title


class LawForm(RevisionForm):
    """Which act one law is that a draft names; the law travels as its place in line."""

    law = forms.IntegerField(widget=forms.HiddenInput)
    act = forms.ChoiceField(
        label=_("ใช้ตัวบท"),
        error_messages={"invalid_choice": _("โปรดเลือกจากรายการ")},
    )

    def __init__(self, *args: Any, used: LawUsed, acts: list[Act], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.acts = {str(act.pk): act for act in acts}
        same = [(pk, act_name(act)) for pk, act in self.acts.items() if _is(act, used)]
        others = [
            (pk, act_name(act)) for pk, act in self.acts.items() if not _is(act, used)
        ]
        unasked = gettext("หาตามชื่อ ใช้ฉบับใหม่ที่สุด")
        if used.unasked == "field":
            unasked = gettext("ใช้ตัวบทที่ระบุไว้ในชื่อและรายละเอียดของร่าง")
        choices: list[Any] = [(BY_TITLE, unasked), *same]
        if others:
            choices.append((gettext("กฎหมายอื่น"), others))
        self.fields["act"].choices = [*choices, (NONE, gettext("ไม่ใช้ตัวบทใด"))]

    @property
    def chosen(self) -> Act | None:
        return self.acts.get(self.cleaned_data["act"])


def _is(act: Act, used: LawUsed) -> bool:
    return act.key.startswith(used.key)
