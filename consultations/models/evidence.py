"""What was done for a round, each with its evidence; a wrong entry is struck."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.process import Consultation, Round
from drafts.thai_dates import thai_date


class StandingManager(models.Manager):
    """Only what has not been struck: what is struck is never counted."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(struck_at__isnull=True)


class Evidence(models.Model):
    """A record that is struck through with a reason when wrong, never changed.

    ``objects`` (and so every relation) has what stands; ``recorded`` has all.
    """

    struck_at = models.DateTimeField(null=True, editable=False)
    struck_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    struck_reason = models.TextField(blank=True, editable=False)

    objects = StandingManager()
    recorded = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def all_of(cls, round: Round) -> models.QuerySet:
        """Return what was ever recorded of a round, struck or not.

        Documents and steps belong to all rounds of a consultation.
        """
        if hasattr(cls, "round"):
            return cls.recorded.filter(round=round)
        return cls.recorded.filter(consultation=round.consultation_id)


class ConsultationDocument(Evidence):
    """A file beside the draft: impact analysis, comparison, summary."""

    class Kind(models.TextChoices):
        RIA = "ria", _("รายงานวิเคราะห์ผลกระทบ")
        COMPARISON = "comparison", _("ตารางเปรียบเทียบ")
        SUMMARY = "summary", _("สรุปสาระสำคัญ")
        SUBORDINATE_PLAN = "subordinate_plan", _("แผนกฎหมายลำดับรอง")
        MINUTES = "minutes", _("รายงานการประชุม")
        OTHER = "other", _("เอกสารอื่น")

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField(_("ชื่อเอกสาร"), max_length=300)
    kind = models.CharField(_("ชนิด"), max_length=20, choices=Kind.choices)
    file = models.FileField(_("ไฟล์"), upload_to="documents/%Y/")
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class HearingMethod(Evidence):
    """A method used in a round, coded to ข้อ 9 of the 2005 Regulation."""

    class Code(models.TextChoices):
        ONLINE = "online", _("ระบบเครือข่ายสารสนเทศ")
        POST_PHONE = "post_phone", _("ไปรษณีย์ โทรศัพท์ หรือโทรสาร")
        OFFICE = "office", _("มารับข้อมูลและแสดงความคิดเห็นต่อหน่วยงาน")
        INTERVIEW = "interview", _("สัมภาษณ์รายบุคคล")
        FOCUS_GROUP = "focus_group", _("สนทนากลุ่มย่อย")
        PUBLIC_HEARING = "public_hearing", _("ประชาพิจารณ์")
        PUBLIC_DISCUSSION = "public_discussion", _("อภิปรายสาธารณะ")
        INFO_EXCHANGE = "info_exchange", _("แลกเปลี่ยนข้อมูลข่าวสาร")
        WORKSHOP = "workshop", _("ประชุมเชิงปฏิบัติการ")
        REP_MEETING = "rep_meeting", _("ประชุมระดับตัวแทน")
        OTHER = "other", _("วิธีอื่น")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="methods")
    code = models.CharField(max_length=20, choices=Code.choices)
    detail = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.get_code_display()


class HearingSession(Evidence):
    """One meeting: date, place, host, heads counted by group."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="sessions")
    method = models.ForeignKey(
        HearingMethod, on_delete=models.PROTECT, related_name="sessions"
    )
    held_on = models.DateField()
    time = models.CharField(max_length=60, blank=True)
    place = models.TextField()
    host = models.CharField(max_length=255, blank=True)
    heads = models.JSONField(default=dict)  # group -> number of people
    minutes = models.ForeignKey(
        ConsultationDocument, on_delete=models.PROTECT, null=True, blank=True
    )

    def __str__(self) -> str:
        return f"{thai_date(self.held_on)} {self.place}"


class Posting(Evidence):
    """Evidence that a notice or report hung on one channel."""

    class Subject(models.TextChoices):
        NOTICE = "notice", _("ประกาศรับฟัง")
        REPORT = "report", _("ประกาศผล")

    class Channel(models.TextChoices):
        BOARD = "board", _("สถานที่ปิดประกาศของหน่วยงาน")
        SITE = "site", _("สถานที่ที่จะดำเนินโครงการ")
        OPM = "opm_network", _("ระบบเครือข่ายสารสนเทศของ สปน.")
        CENTRAL = "central_law_portal", _("ระบบกลางทางกฎหมาย")
        WEBSITE = "website", _("เว็บไซต์นี้")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="postings")
    subject = models.CharField(
        max_length=10, choices=Subject.choices, default=Subject.NOTICE
    )
    channel = models.CharField(max_length=20, choices=Channel.choices)
    posted_on = models.DateField()
    evidence = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.channel} {thai_date(self.posted_on)}"


class StakeholderNotice(Evidence):
    """Who was told, when and how (s.14 para 2): organisations, not persons."""

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="stakeholder_notices"
    )
    organisation = models.CharField(max_length=300)
    channel = models.CharField(max_length=60)
    sent_on = models.DateField()

    def __str__(self) -> str:
        return self.organisation


class Milestone(Evidence):
    """A next step with its date, promised and then done."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.PROTECT, related_name="milestones"
    )
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title
