"""What the tests of promises share: people who say everything of themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import translation

from comments.intake import About, submission_receive
from comments.preparing import Said, Subject
from consultations.report import pdf
from drafts import clock
from tests import factories as make
from tests.report import builders

#: Seventeen minutes past ten in Bangkok: no other figure of a page reads so.
MINUTE = make.NOW.replace(minute=17, second=43)
SECRET_GROUP, SECRET_PROVINCE = "กลุ่มผู้เลี้ยงหอยเป๋าฮื้อ", "แม่ฮ่องสอน"
SECRET_EMAIL = "pranee@example.org"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    monkeypatch.setattr(pdf.PdfExporter, "render", lambda self, source: b"%PDF-1.7")
    cache.clear()
    with translation.override("th"):
        yield


def send(round_, *, text="ไม่เห็นด้วย เพราะภาระมาก", now: dt.datetime = MINUTE, **about):
    """Send one comment on the first section."""
    section = round_.version.provisions.filter(kind="section").first()
    said = [Said(Subject(provision_id=section.pk), "disagree", text)]
    return submission_receive(
        round_id=round_.pk, said=said, about=About(**about), now=now
    )


@pytest.fixture
def told(db):
    """Return a round with a person and an organisation that said all they could."""
    round_ = builders.closed_round()
    about = {
        "group": SECRET_GROUP,
        "province": SECRET_PROVINCE,
        "publication": "full",
        "email": SECRET_EMAIL,
    }
    send(round_, text="ถ้อยคำของบุคคล", name="ปราณี", capacity="academic", **about)
    send(
        round_,
        text="ถ้อยคำของสมาคม",
        organisation="สมาคมเรือหางยาว",
        capacity="association",
        **about,
    )
    return round_
