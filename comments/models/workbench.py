"""What officials write for each other while they review; never published."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from comments.models.received import Comment
from comments.models.themes import Theme


class WorkNote(models.Model):
    """A note of one official on a theme or on a comment; append-only.

    No page outside the staff area, no report and no export reads this table.
    """

    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="work_notes"
    )
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, null=True, related_name="work_notes"
    )
    comment = models.ForeignKey(
        Comment, on_delete=models.PROTECT, null=True, related_name="work_notes"
    )
    text = models.TextField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="note_on_theme_or_comment",
                condition=(
                    models.Q(theme__isnull=False, comment__isnull=True)
                    | models.Q(theme__isnull=True, comment__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
