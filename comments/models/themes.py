"""What the machine proposed and what people signed, never in the same row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.received import Comment
from drafts.jobs import Job


class Bucket(models.TextChoices):
    """Where a comment is that is in no theme."""

    OTHER = "other", _("ไม่เข้าประเด็นใด")
    NO_REASON = "no_reason", _("ไม่ให้เหตุผล")
    FEW = "few", _("มีผู้เสนอน้อยราย")


class Source(models.TextChoices):
    MACHINE = "machine", _("ระบบเสนอ")
    PERSON = "person", _("เจ้าหน้าที่")


class ThemeRun(Job):
    """One run of the pipeline over one round's comments."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("รอคิว")
        RUNNING = "running", _("กำลังวิเคราะห์")
        STORING = "storing", _("กำลังบันทึก")
        COMPLETE = "complete", _("เสร็จแล้ว")
        FAILED = "failed", _("ไม่สำเร็จ")
        CANCELLED = "cancelled", _("ยกเลิก")

    class Purpose(models.TextChoices):
        FINAL = "final", _("หลังปิดรับ")
        PREVIEW = "preview", _("ดูล่วงหน้า")

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="theme_runs"
    )
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    parameters = models.JSONField(default=dict)
    seed = models.PositiveIntegerField(default=0)
    encoder = models.CharField(max_length=60, blank=True)
    input_sha256 = models.CharField(max_length=64, blank=True)
    output_sha256 = models.CharField(max_length=64, blank=True)
    output = models.FileField(upload_to="theme-runs/", null=True, blank=True)
    metrics = models.JSONField(default=dict)
    comment_count = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=30, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    is_current = models.BooleanField(default=False)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(is_current=True),
                name="one_current_run_per_round",
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=models.Q(status__in=["queued", "running", "storing"]),
                name="one_active_run_per_round",
            ),
        ]

    def __str__(self) -> str:
        return f"theme run {self.pk}"

    @property
    def is_active(self) -> bool:
        """Tell whether a worker has it or will take it."""
        status = self.Status
        return self.status in {status.QUEUED, status.RUNNING, status.STORING}


class CandidateTheme(models.Model):
    """A theme as the machine proposed it in one run."""

    run = models.ForeignKey(
        ThemeRun, on_delete=models.PROTECT, related_name="candidates"
    )
    number = models.PositiveIntegerField()  # the id in the run's output
    label = models.TextField()
    phrases = models.JSONField(default=list)
    size = models.PositiveIntegerField()
    distinct = models.PositiveIntegerField()
    stances = models.JSONField(default=dict)
    quotes = models.JSONField(default=list)  # {"comment", "start", "end", "sha256"}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "number"], name="candidate_number_unique"
            )
        ]

    def __str__(self) -> str:
        return self.label


class DuplicateGroup(models.Model):
    """Comments that are near copies of each other (a campaign), in one run."""

    run = models.ForeignKey(
        ThemeRun, on_delete=models.PROTECT, related_name="duplicate_groups"
    )
    number = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    template = models.TextField()

    def __str__(self) -> str:
        return f"{self.size} copies"


class CandidateAssignment(models.Model):
    """Where one run put one comment; never changed."""

    run = models.ForeignKey(
        ThemeRun, on_delete=models.PROTECT, related_name="assignments"
    )
    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="+")
    theme = models.ForeignKey(
        CandidateTheme,
        on_delete=models.PROTECT,
        null=True,
        related_name="assignments",
    )
    bucket = models.CharField(max_length=10, choices=Bucket.choices, blank=True)
    also = models.JSONField(default=list)
    similarity = models.FloatField(null=True)
    margin = models.FloatField(null=True)
    runner_up = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=20, blank=True)
    duplicates = models.ForeignKey(
        DuplicateGroup, on_delete=models.PROTECT, null=True, related_name="members"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "comment"], name="candidate_assignment_unique"
            ),
            models.CheckConstraint(
                name="candidate_in_theme_or_bucket",
                condition=(
                    models.Q(theme__isnull=False, bucket="")
                    | (models.Q(theme__isnull=True) & ~models.Q(bucket=""))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} in run {self.run_id}"


class Theme(models.Model):
    """A theme of the round as people see and sign it."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("ระบบเสนอ")
        APPROVED = "approved", _("รับรองแล้ว")
        REJECTED = "rejected", _("ไม่ใช้")
        MERGED = "merged", _("รวมกับประเด็นอื่น")

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="themes"
    )
    number = models.PositiveIntegerField()
    title = models.TextField()
    title_en = models.TextField(blank=True)
    note = models.TextField(blank=True)
    status = models.CharField(
        max_length=10, choices=Status.choices, default=Status.PROPOSED
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged_themes"
    )
    origin = models.ForeignKey(
        CandidateTheme, on_delete=models.PROTECT, null=True, related_name="+"
    )
    title_source = models.CharField(
        max_length=10, choices=Source.choices, default=Source.MACHINE
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    #: the colleague who looks after this theme; says nothing of what is in it
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)  # optimistic locking

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="theme_number_unique"
            )
        ]

    def __str__(self) -> str:
        return self.title


class ThemeAssignment(models.Model):
    """Where a comment stands now: in one theme or in one bucket, and who put it there.

    ``source`` person rows are never moved by a run.
    """

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="assignments"
    )
    comment = models.OneToOneField(
        Comment, on_delete=models.PROTECT, related_name="assignment"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, related_name="assignments"
    )
    bucket = models.CharField(max_length=10, choices=Bucket.choices, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    run = models.ForeignKey(
        ThemeRun, on_delete=models.PROTECT, null=True, related_name="+"
    )
    similarity = models.FloatField(null=True)
    margin = models.FloatField(null=True)
    #: id of the first comment of its group of copies, its own if it has none: the
    #: distinct arguments of a theme are counted by it.
    argument = models.PositiveBigIntegerField(default=0)
    evidence = models.BooleanField(default=False)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["theme", "margin", "id"]),
            models.Index(fields=["round", "bucket", "margin"]),
            models.Index(fields=["round", "source", "margin", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="assignment_in_theme_or_bucket",
                condition=(
                    models.Q(theme__isnull=False, bucket="")
                    | (models.Q(theme__isnull=True) & ~models.Q(bucket=""))
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} -> {self.theme_id or self.bucket}"


class ThemeEvent(models.Model):
    """One human (or run) act on the themes of a round; append-only, replayable."""

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="theme_events"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30)  # run.adopted, theme.renamed, …
    data = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "number"], name="theme_event_number_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"
