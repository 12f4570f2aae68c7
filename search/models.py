"""The index of the database engine.  A copy: it can be thrown away and rebuilt."""

from __future__ import annotations

from django.db import models


class IndexedDocument(models.Model):
    """A search document with its tokens.

    SQLite: an FTS5 table with this one as its content.  PostgreSQL: a ``tsvector``
    column made from the same tokens (migration 0001).
    """

    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    title = models.TextField()
    body = models.TextField()
    consultation = models.CharField(max_length=80, blank=True)
    agency = models.CharField(max_length=255, blank=True)
    date = models.DateField(null=True)
    view = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    language = models.CharField(max_length=2, default="th")
    section = models.CharField(max_length=60, blank=True)
    fold = models.CharField(max_length=100)  # the key where it folds with nothing
    title_tokens = models.TextField()
    body_tokens = models.TextField()
    parts = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["kind", "key"])]

    def __str__(self) -> str:
        return self.key
