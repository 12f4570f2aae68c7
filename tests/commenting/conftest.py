"""What the tests of commenting share."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache

from comments.models import PreparedResponse
from comments.preparing import Said, Subject, prepared_comment_save, prepared_open
from drafts import clock
from tests import factories as make


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(clock, "now", lambda: make.NOW)
    cache.clear()


@pytest.fixture
def round_(db):
    return make.make_round(slug="test-law", questions=2)


@pytest.fixture
def sections(round_):
    return list(round_.version.provisions.filter(kind="section"))


def said(provision, stance="disagree", text="ไม่เห็นด้วย เพราะภาระมาก", **more) -> Said:
    return Said(Subject(provision_id=provision.pk), stance, text, **more)


def prepare(round_, *things: Said) -> PreparedResponse:
    prepared = prepared_open(round_id=round_.pk, token=uuid.uuid4(), now=make.NOW)
    for one in things:
        prepared_comment_save(prepared=prepared, said=one, now=make.NOW)
    return prepared
