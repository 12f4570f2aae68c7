"""Forms of the desk of consultations and rounds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consultations import preparing, services, statute
from consultations.models import (
    AgencyPage,
    Consultation,
    ConsultationDocument,
    HearingMethod,
    LegalBasis,
    Milestone,
    Posting,
    Round,
)
from consultations.models.process import SLUG
from drafts.models import DraftPage, DraftVersion, Provision, ProvisionKind
from drafts.requests import read_number
from drafts.revisions import RevisionForm, revision_of
from drafts.thai_dates import ThaiDateField

#: More people than any meeting has.
MOST_HEADS = 9_999_999


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ConsultationForm(RevisionForm):
    """What a consultation says of itself, and the items its legal basis requires."""

    title = forms.CharField(label=_("ชื่อการรับฟัง"), widget=_area(2))
    title_en = forms.CharField(label=_("ชื่อภาษาอังกฤษ"), required=False, widget=_area(2))
    slug = forms.CharField(
        label=_("ที่อยู่"),
        max_length=80,
        validators=[SLUG],
        help_text=_("เช่น footpath-act ใช้ a–z 0–9 และ - เปลี่ยนไม่ได้หลังประกาศ"),
    )
    draft = forms.ModelChoiceField(DraftPage.objects.none(), label=_("ร่างกฎหมาย"))
    legal_basis = forms.ChoiceField(
        label=_("ฐานกฎหมาย"),
        choices=LegalBasis.choices,
        initial=LegalBasis.BILL_2562,
    )
    headline = forms.CharField(label=_("ประโยคเดียวที่บอกว่าเรื่องอะไร"), widget=_area(2))
    headline_en = forms.CharField(
        label=_("ประโยคเดียว (อังกฤษ)"), required=False, widget=_area(2)
    )
    summary = forms.CharField(
        label=_("สรุปไม่เกินห้าข้อ"),
        required=False,
        help_text=_("หนึ่งบรรทัดต่อหนึ่งข้อ"),
        widget=_area(5),
    )
    summary_en = forms.CharField(
        label=_("สรุป (อังกฤษ)"), required=False, widget=_area(5)
    )
    affected = forms.CharField(
        label=_("ใครได้รับผลกระทบ อย่างไร"), required=False, widget=_area()
    )
    affected_groups = forms.CharField(
        label=_("กลุ่มผู้ได้รับผลกระทบ"),
        required=False,
        help_text=_("หนึ่งบรรทัดต่อหนึ่งกลุ่ม ใช้ให้ผู้แสดงความเห็นเลือก"),
        widget=_area(),
    )
    changes_from_today = forms.CharField(
        label=_("ต่างจากกฎหมายวันนี้อย่างไร"), required=False, widget=_area()
    )
    contact = forms.CharField(
        label=_("ติดต่อและช่องทางอื่น"), required=False, widget=_area()
    )
    waiver = forms.CharField(
        label=_("เหตุที่กำหนดเวลาสั้นกว่าเกณฑ์"), required=False, widget=_area(2)
    )

    def __init__(
        self,
        *args: Any,
        agency: AgencyPage,
        consultation: Consultation | None = None,
        **kwargs: Any,
    ) -> None:
        stands = services.consultation_values(consultation) if consultation else {}
        super().__init__(*args, stands=stands, **kwargs)
        self.consultation = consultation
        drafts = DraftPage.objects.descendant_of(agency).order_by("title")
        self.fields["draft"].queryset = drafts
        self.item_names: list[str] = []
        if consultation:
            del self.fields["draft"]
            self._add_items(consultation)

    def _add_items(self, consultation: Consultation) -> None:
        """One field for each thing that the legal basis wants published."""
        english = (get_language() or "").startswith("en")
        for item in statute.profile_of(consultation.legal_basis).items:
            label = item.en if english else item.th
            choices = [("", "–")] + [
                (choice.id, choice.en if english else choice.th)
                for choice in item.choices
            ]
            options: dict[str, Any] = {
                "label": f"{label} *" if item.required else label,
                "required": False,
                "help_text": (item.help_en if english else item.help_th)
                or item.source.clause,
            }
            name = f"item_{item.id}"
            self.fields[name] = (
                forms.ChoiceField(choices=choices, **options)
                if item.choices
                else forms.CharField(widget=_area(4), **options)
            )
            self.item_names.append(name)

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"]
        taken = Consultation.objects.filter(slug=slug)
        if self.consultation:
            taken = taken.exclude(pk=self.consultation.pk)
        if taken.exists():
            raise forms.ValidationError(_("มีการรับฟังอื่นใช้ที่อยู่นี้แล้ว โปรดตั้งใหม่"))
        return slug

    def clean_summary(self) -> str:
        given = self.cleaned_data["summary"].splitlines()
        lines = [line for line in given if line.strip()]
        if len(lines) > 5:
            raise forms.ValidationError(_("สรุปได้ไม่เกินห้าข้อ ตอนนี้มี %d ข้อ") % len(lines))
        return "\n".join(line.strip() for line in lines)

    def changes(self) -> dict[str, Any]:
        """Return the cleaned values as the services want them."""
        values = dict(self.cleaned_data)
        information = dict(self.consultation.information) if self.consultation else {}
        for name in self.item_names:
            information[name.removeprefix("item_")] = values.pop(name).strip()
        values["information"] = information
        values["affected_groups"] = [
            line.strip()
            for line in values["affected_groups"].splitlines()
            if line.strip()
        ]
        return values


class RoundForm(RevisionForm):
    """A form on what people decided of a round."""

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        values = services.round_values(round)
        stands = values | self.reasons(round)
        # A reason is written anew for each decision; what stands is shown on conflict.
        kwargs["initial"] = dict.fromkeys(self.reasons(round), "")
        seen = revision_of(values)
        super().__init__(*args, stands=stands, revision=seen, **kwargs)
        self.round = round

    def reasons(self, round: Round) -> dict[str, str]:
        """Return the reason of the last decision of the form's kind, by field."""
        return {}


class DatesForm(RoundForm):
    version = forms.ModelChoiceField(
        DraftVersion.objects.none(), label=_("ฉบับที่ตรึงไว้"), required=False
    )
    opens_on = ThaiDateField(label=_("วันแรกที่รับฟัง"), required=False)
    closes_on = ThaiDateField(label=_("วันสุดท้ายที่รับฟัง"), required=False)

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, round=round, **kwargs)
        versions = DraftVersion.objects.filter(
            draft=round.consultation.draft_id, sealed=True
        )
        self.fields["version"].queryset = versions.order_by("-number")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("opens_on"), cleaned.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("วันสุดท้ายต้องไม่มาก่อนวันแรก"))
        return cleaned


class AnnounceForm(forms.Form):
    confirm = forms.BooleanField(
        label=_("ตรวจแล้ว และเข้าใจว่าหลังประกาศ ที่อยู่ ฉบับ คำถาม และวันแรกเปลี่ยนไม่ได้อีก")
    )


class ExtendForm(RoundForm):
    closes_on = ThaiDateField(label=_("วันสุดท้ายใหม่"))
    reason = forms.CharField(label=_("เหตุผล"), widget=_area())

    def reasons(self, round: Round) -> dict[str, str]:
        return {"reason": services.extension_reason(round)}


class WithdrawForm(RoundForm):
    reason = forms.CharField(
        label=_("เหตุที่ถอนเรื่อง"), help_text=_("ประชาชนจะอ่านเหตุผลนี้"), widget=_area()
    )
    confirm = forms.BooleanField(label=_("เข้าใจแล้วว่าถอนแล้วเปิดรอบนี้อีกไม่ได้"))

    def reasons(self, round: Round) -> dict[str, str]:
        return {"reason": round.consultation.withdrawn_reason}


class OfficeForm(RevisionForm):
    """Two approvers can write it: who comes second is shown both reasons."""

    is_on = forms.BooleanField(
        label=_("มีผู้จัดทำและผู้อนุมัติรวมกันเพียงสองคน"),
        required=False,
        help_text=_(
            "ผู้อนุมัติจะลงนามคำชี้แจงที่ตนเขียนหรือแก้ได้ และรายงานจะพิมพ์ไว้ว่าข้อใด "
            "การประกาศ ขยายเวลา ถอนเรื่อง และประกาศผลยังต้องมีสองคน"
        ),
    )
    reason = forms.CharField(label=_("เหตุผล"), widget=_area(2))


class StrikeForm(forms.Form):
    reason = forms.CharField(
        label=_("เหตุที่ขีดฆ่า"),
        help_text=_("รายการเดิมยังอ่านได้ แต่ไม่นับอีก แล้วเพิ่มรายการที่ถูกใหม่ได้"),
        widget=_area(2),
    )


class CompleteForm(RoundForm):
    completed_on = ThaiDateField(label=_("วันที่รับฟังเสร็จสิ้น"))
    reason = forms.CharField(label=_("เหตุผล"), widget=_area())

    def reasons(self, round: Round) -> dict[str, str]:
        return {"reason": round.completed_reason}


# --- what is prepared: one form and one service each ----------------------------------


class PreparationForm(forms.Form):
    """Something added to a round; ``save`` calls the service of its own."""

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round = round

    def save(self, *, by: Any) -> Any:
        raise NotImplementedError


class QuestionForm(PreparationForm):
    text = forms.CharField(
        label=_("คำถาม"), help_text=_("ถามให้ตอบเห็นด้วยหรือไม่เห็นด้วยได้"), widget=_area()
    )
    text_en = forms.CharField(label=_("คำถาม (อังกฤษ)"), required=False, widget=_area())
    provisions = forms.ModelMultipleChoiceField(
        Provision.objects.none(),
        label=_("มาตราที่เกี่ยวข้อง"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 10}),
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, round=round, **kwargs)
        rows = Provision.objects.filter(version=round.version_id).exclude(
            kind=ProvisionKind.DIVISION
        )
        self.fields["provisions"].queryset = rows.order_by("order")

    def save(self, *, by: Any) -> Any:
        return preparing.question_save(round=self.round, by=by, **self.cleaned_data)


class MethodForm(PreparationForm):
    code = forms.ChoiceField(label=_("วิธีรับฟัง"), choices=HearingMethod.Code.choices)
    detail = forms.CharField(label=_("รายละเอียด"), required=False, widget=_area())

    def save(self, *, by: Any) -> Any:
        return preparing.method_add(round=self.round, by=by, **self.cleaned_data)


class SessionForm(PreparationForm):
    method = forms.ModelChoiceField(HearingMethod.objects.none(), label=_("วิธีรับฟัง"))
    held_on = ThaiDateField(label=_("วันที่จัด"))
    time = forms.CharField(label=_("เวลา"), required=False, max_length=60)
    place = forms.CharField(label=_("สถานที่"), widget=_area(2))
    host = forms.CharField(label=_("ผู้จัด"), required=False, max_length=255)
    heads = forms.CharField(
        label=_("จำนวนผู้เข้าร่วมแยกตามกลุ่ม"),
        required=False,
        help_text=_("หนึ่งบรรทัดต่อหนึ่งกลุ่ม เช่น เกษตรกร: 40"),
        widget=_area(),
    )
    minutes = forms.ModelChoiceField(
        ConsultationDocument.objects.none(), label=_("รายงานการประชุม"), required=False
    )

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, round=round, **kwargs)
        self.fields["method"].queryset = round.methods.all()
        self.fields["minutes"].queryset = round.consultation.documents.all()

    def clean_heads(self) -> dict[str, int]:
        heads: dict[str, int] = {}
        for line in self.cleaned_data["heads"].splitlines():
            if not line.strip():
                continue
            group, _sep, typed = line.rpartition(":")
            number = read_number(typed, most=MOST_HEADS)
            if not group.strip() or number is None:
                raise forms.ValidationError(
                    _("อ่านบรรทัด “%s” ไม่ได้ โปรดเขียนเช่น เกษตรกร: 40") % line.strip()
                )
            heads[group.strip()] = heads.get(group.strip(), 0) + number
        return heads

    def save(self, *, by: Any) -> Any:
        return preparing.session_add(round=self.round, by=by, **self.cleaned_data)


class NoticeForm(RevisionForm, PreparationForm):
    text = forms.CharField(label=_("ข้อความประกาศ"), widget=_area(10))

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        stands = preparing.notice_values(round)
        super().__init__(*args, stands=stands, round=round, **kwargs)

    def save(self, *, by: Any) -> Any:
        return preparing.notice_save(round=self.round, by=by, **self.cleaned_data)


class PostingForm(PreparationForm):
    subject = forms.ChoiceField(
        label=_("ประกาศเรื่อง"),
        choices=Posting.Subject.choices,
    )
    channel = forms.ChoiceField(
        label=_("ช่องทาง"),
        choices=[c for c in Posting.Channel.choices if c[0] != Posting.Channel.WEBSITE],
    )
    posted_on = ThaiDateField(label=_("วันที่ปิดประกาศ"))
    evidence = forms.CharField(
        label=_("หลักฐาน"),
        help_text=_("เลขที่หนังสือ ที่อยู่เว็บ หรือที่เก็บภาพถ่าย บันทึกผิดให้ขีดฆ่า"),
        widget=_area(2),
    )

    def save(self, *, by: Any) -> Any:
        return preparing.posting_add(round=self.round, by=by, **self.cleaned_data)


class StakeholderForm(PreparationForm):
    organisation = forms.CharField(
        label=_("องค์กรที่แจ้ง"), help_text=_("ชื่อองค์กร ไม่ใช่บุคคล"), max_length=300
    )
    channel = forms.CharField(label=_("ช่องทางที่แจ้ง"), max_length=60)
    sent_on = ThaiDateField(label=_("วันที่แจ้ง"))

    def save(self, *, by: Any) -> Any:
        return preparing.stakeholder_notice_add(
            round=self.round, by=by, **self.cleaned_data
        )


class DocumentForm(PreparationForm):
    title = forms.CharField(label=_("ชื่อเอกสาร"), max_length=300)
    kind = forms.ChoiceField(label=_("ชนิด"), choices=ConsultationDocument.Kind.choices)
    file = forms.FileField(
        label=_("ไฟล์"), help_text=_("PDF DOCX XLSX ODT TXT CSV ไม่เกิน 20 เมกะไบต์")
    )

    def save(self, *, by: Any) -> Any:
        return preparing.document_add(
            consultation=self.round.consultation, by=by, **self.cleaned_data
        )


class MilestoneForm(PreparationForm):
    title = forms.CharField(label=_("ขั้นตอน"), max_length=300)
    title_en = forms.CharField(label=_("ขั้นตอน (อังกฤษ)"), required=False, max_length=300)
    due_on = ThaiDateField(label=_("กำหนด"))

    def save(self, *, by: Any) -> Any:
        return preparing.milestone_add(round=self.round, by=by, **self.cleaned_data)


class DoneForm(PreparationForm):
    milestone = forms.ModelChoiceField(Milestone.objects.none(), label=_("ขั้นตอน"))
    done_on = ThaiDateField(label=_("ทำแล้วเมื่อ"))

    def __init__(self, *args: Any, round: Round, **kwargs: Any) -> None:
        super().__init__(*args, round=round, **kwargs)
        self.fields["milestone"].queryset = round.consultation.milestones.all()

    def save(self, *, by: Any) -> Any:
        return preparing.milestone_done(round=self.round, by=by, **self.cleaned_data)


#: name in the address -> (title, form).
PREPARATIONS: dict[str, tuple[Any, type[PreparationForm]]] = {
    "question": (_("คำถาม"), QuestionForm),
    "method": (_("วิธีรับฟัง"), MethodForm),
    "session": (_("การประชุม"), SessionForm),
    "document": (_("เอกสาร"), DocumentForm),
    "notice": (_("ข้อความประกาศ"), NoticeForm),
    "posting": (_("หลักฐานการประกาศ"), PostingForm),
    "stakeholder": (_("ผู้มีส่วนได้เสียที่แจ้งแล้ว"), StakeholderForm),
    "milestone": (_("ขั้นตอนต่อไป"), MilestoneForm),
    "done": (_("ขั้นตอนที่ทำแล้ว"), DoneForm),
}
