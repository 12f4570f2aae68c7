"""A sample of comments coded by two people who see neither the machine nor each other.

Every table here is append-only (``frozen_tables``): a code is never overwritten, a
correction is a new row and the newest one counts.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.received import Comment
from comments.models.themes import ThemeRun


class BlindAudit(models.Model):
    """One drawing: its seed, what it was drawn from, and the themes as they then stood.

    ``themes`` is a list of ``{"number", "title", "title_en"}``: what coders choose from
    does not change while they code.  ``population`` counts what could be drawn, each
    group of copies once.
    """

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="blind_audits"
    )
    number = models.PositiveIntegerField()
    seed = models.PositiveBigIntegerField()
    population = models.PositiveIntegerField()
    themes = models.JSONField()
    run = models.ForeignKey(
        ThemeRun, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(_("เหตุที่สุ่มใหม่"), blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="blind_audit_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"blind audit {self.number} of round {self.round_id}"


class AuditItem(models.Model):
    """One comment of a sample, and what the machine said of it when it was drawn.

    ``machine`` is a code (``comments.blind_audit.codes``), "" where the machine has no
    answer; no page shows it before both people are done.
    """

    audit = models.ForeignKey(
        BlindAudit, on_delete=models.PROTECT, related_name="items"
    )
    position = models.PositiveIntegerField()
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")
    machine = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "position"], name="audit_item_position_unique"
            ),
            models.UniqueConstraint(
                fields=["audit", "comment"], name="audit_item_comment_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} of audit {self.audit_id}"


class AuditCoder(models.Model):
    """One of the two people; nobody holds both seats."""

    audit = models.ForeignKey(
        BlindAudit, on_delete=models.PROTECT, related_name="coders"
    )
    seat = models.PositiveSmallIntegerField()  # 1 or 2
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["seat"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "seat"], name="audit_coder_seat_unique"
            ),
            models.UniqueConstraint(
                fields=["audit", "user"], name="audit_coder_user_unique"
            ),
            models.CheckConstraint(
                name="audit_coder_seat_known", condition=models.Q(seat__in=[1, 2])
            ),
        ]

    def __str__(self) -> str:
        return f"seat {self.seat} of audit {self.audit_id}"


class AuditCode(models.Model):
    """What one person called one comment, and when; the newest of an item counts."""

    item = models.ForeignKey(AuditItem, on_delete=models.PROTECT, related_name="codes")
    coder = models.ForeignKey(
        AuditCoder, on_delete=models.PROTECT, related_name="codes"
    )
    code = models.CharField(max_length=12)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["coder", "item", "id"])]

    def __str__(self) -> str:
        return f"{self.code} by coder {self.coder_id}"


class AuditFinish(models.Model):
    """A person has coded everything and stands by it; nothing is added after it."""

    coder = models.OneToOneField(
        AuditCoder, on_delete=models.PROTECT, related_name="finish"
    )
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"coder {self.coder_id} is done"
