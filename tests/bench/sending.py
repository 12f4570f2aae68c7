"""One submission of three comments, as the review page sends it."""

from __future__ import annotations

import uuid

from comments.intake import About, submission_send
from comments.models import Stance, Submission
from comments.preparing import Said, Subject, prepared_comments_save, prepared_open
from consultations.models import Round
from tests.factories import NOW

_TEXT = "ระยะเวลาสามสิบวันสั้นเกินไป ควรให้ยื่นทางออนไลน์ได้ด้วย คนต่างจังหวัดเดินทางลำบาก"


def prepare_one(round_: Round) -> object:
    """Prepare three comments, as a person does before sending."""
    sections = round_.version.provisions.filter(kind="section")[:3]
    prepared = prepared_open(round_id=round_.pk, token=uuid.uuid4(), now=NOW)
    prepared_comments_save(
        prepared=prepared,
        said=[Said(Subject(one.pk), Stance.DISAGREE, _TEXT) for one in sections],
        now=NOW,
    )
    return prepared


def send_prepared(prepared: object) -> Submission:
    """Send it: this is what is timed."""
    return submission_send(prepared=prepared, about=About(), now=NOW, window="open")
