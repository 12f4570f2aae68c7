"""What one account asks for and another, with the right, confirms."""

from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from consultations.models.process import Round


class ConfirmationRequest(models.Model):
    """One act on a round, as one account asked for it (consultations/confirming.py).

    ``payload`` is what was asked for, ``sha256`` the hash of it and of all it would
    make public: confirmed is what was asked or nothing.
    """

    class Act(models.TextChoices):
        ANNOUNCE = "announce", _("ประกาศรับฟัง")
        EXTEND = "extend", _("ขยายเวลา")
        WITHDRAW = "withdraw", _("ถอนเรื่อง")
        PUBLISH = "publish", _("ประกาศผล")

    class Outcome(models.TextChoices):
        WAITING = "", _("รอยืนยัน")
        CONFIRMED = "confirmed", _("ยืนยันแล้ว")
        DECLINED = "declined", _("ไม่ยืนยัน")
        TAKEN_BACK = "taken_back", _("ผู้ขอถอนคำขอ")
        STALE = "stale", _("สิ่งที่ขอเปลี่ยนไปแล้ว")

    round = models.ForeignKey(
        Round, on_delete=models.PROTECT, related_name="confirmation_requests"
    )
    act = models.CharField(max_length=10, choices=Act.choices)
    payload = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, choices=Outcome.choices, default=Outcome.WAITING, blank=True
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why it was declined

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "act"],
                condition=Q(outcome=""),
                name="one_request_waits_for_each_act",
            ),
            models.CheckConstraint(
                name="another_account_confirms",
                condition=~Q(outcome="confirmed")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("asked_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} of round {self.round_id}"
