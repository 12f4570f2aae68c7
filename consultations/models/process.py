"""A consultation, its rounds, and what the law wants recorded about them."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from consultations.models.agencies import AgencyPage
from consultations.stages import Stage
from drafts.models import DraftPage, DraftVersion, Provision
from drafts.page_rights import AgencyPageMixin

SLUG = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("ใช้ a–z 0–9 และ - เท่านั้น"))


class LegalBasis(models.TextChoices):
    """Profiles of the law that a consultation runs under (consultations/statute.py)."""

    PROJECT_2548 = "project_2548", _("โครงการของรัฐ (ระเบียบฯ พ.ศ. 2548)")
    BILL_2562 = "bill_2562", _("ร่างกฎหมาย (พ.ร.บ. พ.ศ. 2562)")
    RULE_2565 = "rule_2565", _("ร่างกฎ (กฎกระทรวง พ.ศ. 2565)")
    PRINCIPLE_STAGE = "principle_stage", _("ขั้นหลักการ")
    EVALUATION_S34 = "evaluation_s34", _("ประเมินผลสัมฤทธิ์ของกฎหมาย")
    TREATY = "treaty", _("หนังสือสัญญา")
    NBTC_S28 = "nbtc_s28", _("ประกาศ กสทช.")
    SPECIAL = "special", _("กฎหมายเฉพาะ")


class StageChoices(models.TextChoices):
    """The Thai of ``consultations.stages.Stage``."""

    DRAFT = Stage.DRAFT.value, _("กำลังจัดทำ")
    ANNOUNCED = Stage.ANNOUNCED.value, _("ประกาศแล้ว")
    OPEN = Stage.OPEN.value, _("เปิดรับฟัง")
    CLOSED = Stage.CLOSED.value, _("ปิดรับฟังแล้ว")
    ANALYSED = Stage.ANALYSED.value, _("วิเคราะห์แล้ว")
    REPORTED = Stage.REPORTED.value, _("ประกาศผลแล้ว")
    WITHDRAWN = Stage.WITHDRAWN.value, _("หน่วยงานถอนเรื่อง")


class ConsultationPage(AgencyPageMixin, Page):
    """What an agency tells the public about a consultation, edited in Wagtail.

    Dates, stage and legal basis are on ``Consultation`` and ``Round``, never here:
    a revision must not be able to change them.
    """

    headline = models.TextField(_("ประโยคเดียวที่บอกว่าเรื่องอะไร"), blank=True)
    headline_en = models.TextField(_("ประโยคเดียว (อังกฤษ)"), blank=True)
    summary = models.TextField(
        _("สรุปไม่เกินห้าข้อ"), blank=True, help_text=_("หนึ่งบรรทัดต่อหนึ่งข้อ")
    )
    summary_en = models.TextField(_("สรุป (อังกฤษ)"), blank=True)
    affected = models.TextField(_("ใครได้รับผลกระทบ อย่างไร"), blank=True)
    changes_from_today = models.TextField(_("ต่างจากกฎหมายวันนี้อย่างไร"), blank=True)
    contact = models.TextField(_("ติดต่อและช่องทางอื่น"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("headline_en"),
        FieldPanel("summary"),
        FieldPanel("summary_en"),
        FieldPanel("affected"),
        FieldPanel("changes_from_today"),
        FieldPanel("contact"),
    ]
    #: no times at which Wagtail would publish or hide it: rounds have dates
    settings_panels: list[FieldPanel] = []
    parent_page_types = ["consultations.AgencyPage"]
    subpage_types: list[str] = []
    preview_modes: list[tuple[str, str]] = []

    class Meta:
        verbose_name = _("หน้าการรับฟังความคิดเห็น")
        verbose_name_plural = _("หน้าการรับฟังความคิดเห็น")


class Consultation(models.Model):
    """The process on one draft: its law, its agency, its rounds."""

    page = models.OneToOneField(
        ConsultationPage, on_delete=models.PROTECT, related_name="consultation"
    )
    agency = models.ForeignKey(
        AgencyPage, on_delete=models.PROTECT, related_name="consultations"
    )
    draft = models.ForeignKey(
        DraftPage,
        verbose_name=_("ร่างกฎหมาย"),
        on_delete=models.PROTECT,
        related_name="consultations",
    )
    slug = models.CharField(_("ที่อยู่"), max_length=80, unique=True, validators=[SLUG])
    title = models.TextField(_("ชื่อการรับฟัง"))
    title_en = models.TextField(_("ชื่อภาษาอังกฤษ"), blank=True)
    legal_basis = models.CharField(
        _("ฐานกฎหมาย"),
        max_length=20,
        choices=LegalBasis.choices,
        default=LegalBasis.BILL_2562,
    )
    #: what the profile requires to be published: item id -> text (statute.py).
    information = models.JSONField(_("ข้อมูลที่ต้องเผยแพร่"), default=dict, blank=True)
    affected_groups = models.JSONField(_("กลุ่มผู้ได้รับผลกระทบ"), default=list, blank=True)
    waiver = models.TextField(_("เหตุที่กำหนดเวลาสั้นกว่าเกณฑ์"), blank=True)
    withdrawn_reason = models.TextField(_("เหตุที่ถอนเรื่อง"), blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("การรับฟังความคิดเห็น")
        verbose_name_plural = _("การรับฟังความคิดเห็น")

    def __str__(self) -> str:
        return self.title


class Round(models.Model):
    """One window of one frozen version.  Changed text means a new round."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="rounds"
    )
    number = models.PositiveIntegerField(default=1)
    version = models.ForeignKey(
        DraftVersion, on_delete=models.PROTECT, null=True, related_name="rounds"
    )
    stage = models.CharField(
        max_length=12, choices=StageChoices.choices, default=StageChoices.DRAFT
    )
    announced_on = models.DateField(_("วันประกาศ"), null=True, blank=True)
    opens_on = models.DateField(_("วันแรกที่รับฟัง"), null=True, blank=True)
    closes_on = models.DateField(_("วันสุดท้ายที่รับฟัง"), null=True, blank=True)
    completed_on = models.DateField(_("วันที่รับฟังเสร็จสิ้น"), null=True, blank=True)
    completed_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["consultation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number"], name="round_number_unique"
            ),
            models.CheckConstraint(
                name="round_closes_after_it_opens",
                condition=Q(opens_on__isnull=True)
                | Q(closes_on__isnull=True)
                | Q(closes_on__gte=F("opens_on")),
            ),
            models.CheckConstraint(
                name="public_round_is_complete",
                condition=Q(stage="draft")
                | Q(
                    version__isnull=False,
                    opens_on__isnull=False,
                    closes_on__isnull=False,
                ),
            ),
        ]
        indexes = [models.Index(fields=["stage", "closes_on"])]

    def __str__(self) -> str:
        return f"{self.consultation} ({self.number})"


class Question(models.Model):
    """An agree/disagree question (ประเด็น) with free text, tied to provisions."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    text = models.TextField(_("คำถาม"))
    text_en = models.TextField(_("คำถาม (อังกฤษ)"), blank=True)
    provisions = models.ManyToManyField(
        Provision, verbose_name=_("มาตราที่เกี่ยวข้อง"), blank=True, related_name="questions"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="question_number_unique"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Notice(models.Model):
    """The announcement of a round (ข้อ 11; s.14)."""

    round = models.OneToOneField(Round, on_delete=models.PROTECT, related_name="notice")
    text = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"notice of {self.round_id}"
