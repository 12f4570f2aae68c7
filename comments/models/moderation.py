"""What was done to comments, and the chain that proves none is missing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.received import Comment


class Ground(models.TextChoices):
    """The listed grounds for hiding a comment; readers see the one that applied."""

    PERSONAL_DATA = "personal_data", _("มีข้อมูลส่วนบุคคลของผู้อื่น")
    DEFAMATORY = "defamatory", _("หมิ่นประมาทบุคคลอื่น")
    ABUSIVE = "abusive", _("หยาบคายหรือข่มขู่คุกคาม")
    ADVERTISING = "advertising", _("โฆษณาหรือข้อความที่ไม่เกี่ยวกับร่าง")
    UNLAWFUL = "unlawful", _("เนื้อหาที่กฎหมายห้ามเผยแพร่")


class ModerationEvent(models.Model):
    """One act on one comment, by a person or by a rule; append-only."""

    class Kind(models.TextChoices):
        PUBLISHED = "published", _("เผยแพร่")
        HIDDEN = "hidden", _("ซ่อน")
        RESTORED = "restored", _("แสดงอีกครั้ง")
        REDACTED = "redacted", _("ปกปิดข้อมูล")
        WITHDRAWN = "withdrawn", _("ถอนโดยผู้แสดงความคิดเห็น")

    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, related_name="moderation_events"
    )
    kind = models.CharField(max_length=12, choices=Kind.choices)
    ground = models.CharField(max_length=30, choices=Ground.choices, blank=True)
    note = models.TextField(blank=True)  # for staff; never shown to the public
    automatic = models.BooleanField(default=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["comment", "id"])]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.kind}"


class LedgerEntry(models.Model):
    """One link of a round's hash chain: hash = SHA-256(previous hash, kind, digest).

    Append-only.  Whoever removes or alters a received submission breaks the chain.
    """

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="ledger"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)  # submission.received, comment.hidden, …
    object_id = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="ledger_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
