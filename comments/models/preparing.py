"""What a person is still writing.  Theirs to change until it is sent.

Kept on the server so that nothing typed is lost without JavaScript either; found
again by a token in a signed cookie.  Sending copies it into ``received`` and empties
it; what is never sent is erased after the days of ``comments.promises``.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from comments.models.received import Stance, Submission
from drafts.models import Provision


class PreparedResponse(models.Model):
    """A response in the making; its token becomes the submission's client token."""

    token = models.UUIDField(default=uuid.uuid4, unique=True)
    round = models.ForeignKey(
        "consultations.Round", on_delete=models.PROTECT, related_name="+"
    )
    about = models.JSONField(default=dict)  # the "about me" form as typed
    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"prepared response {self.pk}"


class PreparedComment(models.Model):
    """One comment in the making."""

    response = models.ForeignKey(
        PreparedResponse, on_delete=models.CASCADE, related_name="comments"
    )
    provision = models.ForeignKey(
        Provision, on_delete=models.PROTECT, null=True, related_name="+"
    )
    question = models.ForeignKey(
        "consultations.Question", on_delete=models.PROTECT, null=True, related_name="+"
    )
    whole_draft = models.BooleanField(default=False)
    subject = models.CharField(max_length=30)  # "p12", "q3", "whole"
    stance = models.CharField(max_length=20, choices=Stance.choices, blank=True)
    text = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["response", "subject"], name="prepared_subject_unique"
            ),
            models.CheckConstraint(
                name="prepared_has_exactly_one_subject",
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
        ]

    def __str__(self) -> str:
        return f"prepared comment {self.subject}"
