"""Where a theme lies, so that the same point is found again in another consultation."""

from __future__ import annotations

from django.db import models

from comments.models.themes import Theme


class ThemeVector(models.Model):
    """The vector of one theme in one encoder's space; made in a task, never in a page.

    ``vector`` is float16, of length 1, little-endian.  Vectors of different encoders
    are never compared.  ``revision`` is the theme's when it was made.
    """

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="vectors")
    encoder = models.CharField(max_length=80)
    vector = models.BinaryField()
    revision = models.PositiveIntegerField()
    comments = models.PositiveIntegerField()  # how many were read
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "encoder"], name="theme_vector_unique"
            )
        ]
        indexes = [models.Index(fields=["encoder", "theme"])]

    def __str__(self) -> str:
        return f"vector of theme {self.theme_id} by {self.encoder}"
