"""The agency's answer to each theme, and the report that is made of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models import Theme
from consultations.models.process import Round
from drafts.jobs import Job
from drafts.models import Provision


class Decision(models.TextChoices):
    ACCEPT = "accept", _("รับ")
    ACCEPT_PART = "accept_part", _("รับบางส่วน")
    REJECT = "reject", _("ไม่รับ")
    OUT_OF_SCOPE = "out_of_scope", _("นอกประเด็น")
    PENDING = "pending", _("รอ")


class ThemeResponse(models.Model):
    """The official reply to a theme, its decision, reason and what changed."""

    theme = models.OneToOneField(
        Theme, on_delete=models.PROTECT, related_name="response"
    )
    reply = models.TextField(_("คำชี้แจง"), blank=True)
    reply_en = models.TextField(_("คำชี้แจง (อังกฤษ)"), blank=True)
    decision = models.CharField(
        _("ผลการพิจารณา"),
        max_length=14,
        choices=Decision.choices,
        default=Decision.PENDING,
    )
    reason = models.TextField(_("เหตุผล"), blank=True)
    provision = models.ForeignKey(
        Provision,
        verbose_name=_("มาตราที่แก้"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    before_text = models.TextField(_("ข้อความเดิม"), blank=True)
    after_text = models.TextField(_("ข้อความใหม่"), blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    #: Everybody who wrote any of it: none of them signs it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    revision = models.PositiveIntegerField(default=0)  # optimistic locking

    def __str__(self) -> str:
        return f"response to {self.theme_id}: {self.decision}"


class ReportStatus(models.TextChoices):
    DRAFT = "draft", _("กำลังจัดทำ")
    PUBLISHED = "published", _("ประกาศแล้ว")


class ResponseReport(Job):
    """The response report of a round, a job while it is published; frozen bytes then.

    ``content`` is the canonical JSON of the ReportDocument, the source of every
    format; ``sha256`` is its hash, ``files`` the hash of each rendered file.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField(default=1)
    status = models.CharField(
        max_length=10, choices=ReportStatus.choices, default=ReportStatus.DRAFT
    )
    summary = models.TextField(_("บทสรุปสำหรับประชาชน"), blank=True)
    summary_en = models.TextField(_("บทสรุป (อังกฤษ)"), blank=True)
    next_steps = models.TextField(_("ขั้นตอนต่อไป"), blank=True)
    limitations = models.TextField(_("ข้อจำกัดของผลการรับฟัง"), blank=True)
    harms = models.TextField(_("ความเดือดร้อนที่พบและมาตรการเพิ่มเติม"), blank=True)
    #: Of the account that published it (``published_by``), as they stood then.
    signer_name = models.CharField(_("ผู้รับรอง"), max_length=200, blank=True)
    signer_position = models.CharField(_("ตำแหน่ง"), max_length=200, blank=True)
    content = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    files = models.JSONField(default=dict, blank=True)  # format -> {name, sha256, size}
    #: its themes as published, the largest first (report/numbering.py).
    themes = models.JSONField(default=list, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    #: While a worker makes the files: since when and for whom; null otherwise.
    publishing_since = models.DateTimeField(null=True)
    publishing_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    publishing_step = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="report_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"report {self.number} of round {self.round_id}"

    def number_of(self, theme_id: int) -> int | None:
        """Return the number under which this report tells a theme, or None."""
        numbers = (t["number"] for t in self.themes if t["id"] == theme_id)
        return next(numbers, None)

    @property
    def is_publishing(self) -> bool:
        """Tell whether a worker makes the files: nothing of it may change then."""
        return self.status == ReportStatus.DRAFT and self.publishing_since is not None
