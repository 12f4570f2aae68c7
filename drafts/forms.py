"""Forms of the drafting pages in the admin.  What was typed comes back on any error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from drafts import policies
from drafts.blocks import DIVISION_KINDS, PART_KINDS, PROVISION_KINDS
from drafts.editing import DETAILS
from drafts.law.numerals import parse_label
from drafts.law.parse.assemble import bare_label
from drafts.law.readers import EXTENSIONS
from drafts.models import Act, DraftPage, ProvisionNote
from drafts.revisions import RevisionForm

MEGABYTE = 1024 * 1024
MAX_FILE = 25 * MEGABYTE


class AgencyChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Page) -> str:
        return obj.title


class UploadForm(forms.Form):
    """A file or a pasted text.  What a file holds comes back as text, to be seen.

    ``kept`` stands for a file that came before; ``fault`` is what is wrong with it.
    """

    file = forms.FileField(
        label=_("ไฟล์ร่าง"),
        required=False,
        help_text=_("TXT DOCX ODT PDF ที่มีตัวอักษร HTML หรือ Akoma Ntoso ไม่เกิน 25 เมกะไบต์"),
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}),
    )
    text = forms.CharField(
        label=_("หรือวางข้อความร่าง"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "false"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    nothing = _("โปรดเลือกไฟล์ หรือวางข้อความของร่าง")

    def __init__(self, *args: Any, fault: str = "", **kwargs: Any) -> None:
        self.fault = fault
        super().__init__(*args, **kwargs)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_FILE:
            raise forms.ValidationError(
                _("ไฟล์ใหญ่เกิน 25 เมกะไบต์ โปรดแบ่งไฟล์ หรือลบภาพในไฟล์ออกก่อน")
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.fault:
            self.add_error("file", self.fault)
        elif "file" not in self.errors and not cleaned.get("text", "").strip():
            raise forms.ValidationError(self.nothing)
        return cleaned


class ImportForm(UploadForm):
    """A text, and whose draft it becomes."""

    agency = AgencyChoiceField(Page.objects.none(), label=_("หน่วยงาน"))
    field_order = ("agency",)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        field.queryset = policies.branches(user)
        if field.queryset.count() == 1:
            field.initial = field.queryset.get().pk


class CorrectionForm(UploadForm):
    """A corrected text with what the person saw of its effect: draft and outcome."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)


class DetailsForm(RevisionForm):
    """What is said of a draft as a whole: for drafts of any length."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = {"law_title": 2, "law_title_en": 2}
        self.fields |= forms.fields_for_model(
            DraftPage,
            DETAILS,
            labels={"title": _("ชื่อในรายการร่าง")},
            help_texts={"title": ""},
            widgets={k: forms.Textarea(attrs={"rows": n}) for k, n in rows.items()},
        )
        self.fields["amends"].queryset = Act.objects.filter(sealed=True)


class DivisionForm(RevisionForm):
    kind = forms.ChoiceField(label=_("ระดับ"), choices=DIVISION_KINDS)
    label = forms.CharField(
        label=_("เลข"), required=False, help_text=_("เช่น หมวด ๑ เว้นว่างได้ถ้าไม่มีเลข")
    )
    name = forms.CharField(label=_("ชื่อ"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not (cleaned.get("label") or cleaned.get("name")):
            raise forms.ValidationError(_("โปรดใส่เลขหรือชื่อของหมวด"))
        return cleaned


class ProvisionForm(RevisionForm):
    kind = forms.ChoiceField(label=_("ชนิด"), choices=PROVISION_KINDS)
    label = forms.CharField(label=_("เลข"), help_text=_("เช่น ๕ หรือ ๕/๑ หรือ ๕ ทวิ"))
    text = forms.CharField(
        label=_("ข้อความ"),
        strip=False,
        help_text=_("หนึ่งบรรทัดต่อหนึ่งวรรคหรือหนึ่งอนุมาตรา"),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    plain_note = forms.CharField(
        label=_("คำอธิบายง่าย ๆ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    plain_note_en = forms.CharField(
        label=_("คำอธิบายภาษาอังกฤษ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    current_law = forms.CharField(
        label=_("กฎหมายปัจจุบัน"),
        required=False,
        help_text=_("ข้อความของกฎหมายที่ใช้อยู่ในเรื่องเดียวกัน"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_label(self) -> str:
        label = bare_label(self.cleaned_data["label"])
        if parse_label(label) is None:
            raise forms.ValidationError(_("อ่านเลขนี้ไม่ได้ โปรดเขียนเช่น ๕ หรือ ๕/๑ หรือ ๕ ทวิ"))
        return label


class PartForm(RevisionForm):
    kind = forms.ChoiceField(label=_("ชนิด"), choices=PART_KINDS)
    heading = forms.CharField(label=_("หัวเรื่อง"), required=False)
    text = forms.CharField(
        label=_("ข้อความ"), strip=False, widget=forms.Textarea(attrs={"rows": 14})
    )


BLOCK_FORMS: dict[str, type[RevisionForm]] = {
    "division": DivisionForm,
    "provision": ProvisionForm,
    "part": PartForm,
}


class MoveForm(RevisionForm):
    after = forms.ChoiceField(label=_("ย้ายไปไว้หลัง"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["after"].choices = [("", _("ต้นร่าง")), *places]


class FreezeForm(RevisionForm):
    """Freezing cannot be taken back: it wants a reason and a clear yes."""

    reason = forms.CharField(
        label=_("เหตุที่ตรึง"),
        help_text=_("เช่น เพื่อรับฟังความคิดเห็นครั้งที่ 1 ตามมติคณะกรรมการ"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirm = forms.BooleanField(
        label=_("เข้าใจแล้วว่าฉบับที่ตรึงแก้ไขไม่ได้อีก ถ้าข้อความเปลี่ยนต้องตรึงเป็นฉบับใหม่")
    )


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label=_("ชนิด"), choices=ProvisionNote.Kind.choices)
    text = forms.CharField(
        label=_("ข้อความ"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    text_en = forms.CharField(
        label=_("ข้อความภาษาอังกฤษ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
