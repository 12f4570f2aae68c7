"""What was received: one person's submission and the comments in it.

Nothing here is ever deleted; the database refuses it (comments/frozen_tables.py).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from drafts.models import Provision


class Stance(models.TextChoices):
    AGREE = "agree", _("เห็นด้วย")
    AGREE_WITH_CHANGES = "agree_with_changes", _("เห็นด้วยโดยมีข้อแก้ไข")
    DISAGREE = "disagree", _("ไม่เห็นด้วย")
    NO_OPINION = "no_opinion", _("ไม่แสดงความคิดเห็น")
    NOT_STATED = "not_stated", _("ไม่ระบุ")


class Channel(models.TextChoices):
    WEB = "web", _("เว็บไซต์")
    PAPER = "paper", _("แบบกระดาษ")
    POST = "post", _("ไปรษณีย์")
    PHONE = "phone", _("โทรศัพท์")
    MEETING = "meeting", _("การประชุม")
    IMPORT = "import", _("นำเข้าจากระบบอื่น")


class Capacity(models.TextChoices):
    INDIVIDUAL = "individual", _("ในนามตนเอง")
    BUSINESS = "business", _("ผู้ประกอบการ")
    ASSOCIATION = "association", _("สมาคมหรือเครือข่าย")
    AGENCY = "agency", _("หน่วยงานของรัฐ")
    ACADEMIC = "academic", _("นักวิชาการ")


#: The capacities that are kinds of organisations; the others say who a person is.
ORGANISATIONS = (Capacity.BUSINESS, Capacity.ASSOCIATION, Capacity.AGENCY)


class IdentityLevel(models.TextChoices):
    ANONYMOUS = "anonymous", _("ไม่ระบุตัวตน")
    DECLARED = "declared", _("แจ้งชื่อเอง")
    VERIFIED = "verified", _("ยืนยันตัวตนแล้ว")


class Publication(models.TextChoices):
    FULL = "full", _("เผยแพร่ข้อความและชื่อ")
    NAME_WITHHELD = "name_withheld", _("เผยแพร่ข้อความ ไม่เผยแพร่ชื่อ")
    TEXT_WITHHELD = "text_withheld", _("ไม่เผยแพร่ข้อความ")


class Status(models.TextChoices):
    RECEIVED = "received", _("ได้รับแล้ว")
    PUBLISHED = "published", _("เผยแพร่แล้ว")
    WITHHELD = "withheld", _("ผู้แสดงความคิดเห็นขอไม่เผยแพร่")
    HIDDEN = "hidden", _("ซ่อนโดยมีเหตุ")
    WITHDRAWN = "withdrawn", _("ผู้แสดงความคิดเห็นถอนแล้ว")


class Submission(models.Model):
    """One person's whole response to one round, as sent.  No personal data here."""

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="submissions"
    )
    receipt = models.CharField(max_length=24, unique=True)
    client_token = models.UUIDField(unique=True)
    channel = models.CharField(
        max_length=12, choices=Channel.choices, default=Channel.WEB
    )
    capacity = models.CharField(
        max_length=12, choices=Capacity.choices, default=Capacity.INDIVIDUAL
    )
    identity = models.CharField(
        max_length=12, choices=IdentityLevel.choices, default=IdentityLevel.ANONYMOUS
    )
    publication = models.CharField(
        max_length=14, choices=Publication.choices, default=Publication.NAME_WITHHELD
    )
    group = models.CharField(max_length=100, blank=True)  # affected group, as listed
    province = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, default="th")
    late = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["round", "received_at"])]

    def __str__(self) -> str:
        return f"submission {self.pk}"


class Respondent(models.Model):
    """Who sent it, kept apart from what was said, erased by ``comments.retention``."""

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, related_name="respondent"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="responses",
    )
    name = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=300, blank=True)
    email = models.EmailField(blank=True)

    def __str__(self) -> str:
        return f"respondent of submission {self.submission_id}"


class Comment(models.Model):
    """One thing said about one provision, one question or the whole draft.

    ``public_text`` and ``public_suggestion`` are what readers may see: the newest
    redacted text, or "" while withheld, hidden or withdrawn is decided by ``status``.
    The typed text is in ``CommentText``.
    """

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="comments"
    )
    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="comments"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, related_name="comments"
    )
    question = models.ForeignKey(
        "consultations.Question",
        on_delete=models.PROTECT,
        null=True,
        related_name="comments",
    )
    whole_draft = models.BooleanField(default=False)
    anchor = models.JSONField(null=True)  # {"eid", "start", "end", "quote"}
    stance = models.CharField(max_length=20, choices=Stance.choices)
    stance_source = models.CharField(max_length=10, default="form")  # form | cue
    status = models.CharField(
        max_length=12, choices=Status.choices, default=Status.RECEIVED
    )
    late = models.BooleanField(default=False)
    public_id = models.CharField(max_length=16, unique=True)
    public_name = models.CharField(max_length=200, blank=True)
    #: Of an organisation that chose to be named: its kind, told beside its name.
    public_kind = models.CharField(max_length=12, choices=Capacity.choices, blank=True)
    public_text = models.TextField(blank=True)
    public_suggestion = models.TextField(blank=True)
    public_sha256 = models.CharField(max_length=64, blank=True)
    redactions = models.PositiveSmallIntegerField(default=0)
    hidden_ground = models.CharField(max_length=30, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="duplicates"
    )
    times_shown = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="comment_has_exactly_one_subject",
                condition=(
                    Q(
                        provision__isnull=False,
                        question__isnull=True,
                        whole_draft=False,
                    )
                    | Q(
                        provision__isnull=True,
                        question__isnull=False,
                        whole_draft=False,
                    )
                    | Q(
                        provision__isnull=True,
                        question__isnull=True,
                        whole_draft=True,
                    )
                ),
            ),
            models.CheckConstraint(
                name="comment_stance_known",
                condition=Q(stance__in=Stance.values),
            ),
        ]
        indexes = [
            # Public lists: every comment of a subject, on time or late, by keyset.
            models.Index(
                fields=["provision", "late", "-id"], name="comment_of_provision"
            ),
            models.Index(
                fields=["provision", "late", "times_shown", "-id"],
                name="comment_least_seen",
            ),
            models.Index(
                fields=["question", "late", "-id"],
                condition=Q(question__isnull=False),
                name="comment_of_question",
            ),
            models.Index(
                fields=["question", "late", "times_shown", "-id"],
                condition=Q(question__isnull=False),
                name="comment_question_least_seen",
            ),
            models.Index(
                fields=["round", "late", "-id"],
                condition=Q(whole_draft=True),
                name="comment_whole_draft",
            ),
            models.Index(
                fields=["round", "late", "times_shown", "-id"],
                condition=Q(whole_draft=True),
                name="comment_whole_least_seen",
            ),
            models.Index(fields=["round", "status", "-received_at", "-id"]),
        ]

    def __str__(self) -> str:
        return self.public_id


class CommentText(models.Model):
    """One version of a comment's words; rows never change.

    ``typed`` is what was typed, only CRLF made LF: sealed, for those who may see it.
    ``redacted`` is what is published.
    """

    class Kind(models.TextChoices):
        TYPED = "typed", _("ตามที่พิมพ์")
        REDACTED = "redacted", _("ปกปิดข้อมูลส่วนบุคคลแล้ว")

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    rules = models.JSONField(default=list)  # [{"rule", "start", "end"}], no values
    reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "kind", "number"], name="comment_text_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.kind} {self.number}"


class Attachment(models.Model):
    """A file sent with a submission; shown only after a person has released it."""

    submission = models.ForeignKey(
        Submission, on_delete=models.PROTECT, related_name="attachments"
    )
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to="attachments/%Y/%m/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    released_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class Tally(models.Model):
    """Counts of one subject of one round, so that pages never count comments.

    Subject: a provision, a question, the whole draft, or (all three empty) the round
    itself.  Only on-time comments that are not withdrawn are in the stance columns;
    the other columns keep the rest accounted for.
    """

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="tallies"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    question = models.ForeignKey(
        "consultations.Question", on_delete=models.PROTECT, null=True, related_name="+"
    )
    whole_draft = models.BooleanField(default=False)
    subject = models.CharField(max_length=30)  # "p12", "q3", "whole", "round"
    agree = models.PositiveIntegerField(default=0)
    agree_with_changes = models.PositiveIntegerField(default=0)
    disagree = models.PositiveIntegerField(default=0)
    no_opinion = models.PositiveIntegerField(default=0)
    not_stated = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # sum of the five above
    submissions = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    hidden = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "subject"], name="tally_subject_unique"
            )
        ]

    def __str__(self) -> str:
        return f"tally {self.subject}: {self.total}"
