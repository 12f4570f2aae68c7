"""What earlier consultations answered to the same point is found, and only that."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.conf import settings

from comments.models import Comment, Theme, ThemeAssignment, ThemeVector
from comments.nlp.encoders import encoder_named
from comments.themes import memory
from consultations.memory import precedents_of
from consultations.models import Decision, ReportStatus, ResponseReport, ThemeResponse
from tests import factories
from tests.factories import NOW
from tests.themes.conftest import TEXTS, done
from tests.themes.test_desks import member, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(round_, work):
    """A theme about fees, answered in a report that is out."""
    done(round_)
    theme = approved(round_)
    ThemeResponse.objects.create(
        theme=theme,
        reply="ลดค่าธรรมเนียมให้ร้านเล็กแล้ว",
        decision=Decision.ACCEPT,
        reason="ร้านเล็กมีรายได้น้อย",
        signed_at=NOW,
        changed_at=NOW,
    )
    ResponseReport.objects.create(
        round=round_,
        status=ReportStatus.PUBLISHED,
        content="{}",
        sha256="0" * 64,
        published_at=NOW,
        created_at=NOW,
    )
    return theme


@pytest.fixture
def later(earlier):
    found = factories.make_round(
        stage="closed",
        slug="later-law",
        opens_on=factories.TODAY - dt.timedelta(days=40),
        closes_on=factories.TODAY - dt.timedelta(days=20),
    )
    factories.make_comments(found, TEXTS)
    done(found)
    return found


def approved(round_, title="ค่าธรรมเนียม") -> Theme:
    theme = Theme.objects.get(round=round_, title=title)
    Theme.objects.filter(pk=theme.pk).update(status="approved")
    theme.refresh_from_db()
    return theme


def remember() -> int:
    return memory.themes_remember(now=NOW)


def test_the_same_point_is_found_with_its_answer(earlier, later, client):
    theme, other = approved(later), approved(later, "ใบอนุญาต")
    assert remember() == 3
    (found,) = precedents_of(theme)
    assert found.theme == earlier
    assert found.similarity > 0.95
    assert earlier not in {one.theme for one in precedents_of(other)}
    client.force_login(member(later.consultation.agency, "editor"))
    page = client.get(url("desk_answer", later, theme.number)).content.decode()
    assert "ลดค่าธรรมเนียมให้ร้านเล็กแล้ว" in page
    assert found.address in page


def test_answers_are_found_only_when_signed_and_published(earlier, later):
    theme = approved(later)
    remember()
    ThemeResponse.objects.update(signed_at=None)
    assert precedents_of(theme) == []


def test_nothing_is_found_before_a_report_is_out(round_, work, later):
    theme = approved(later)
    remember()
    Theme.objects.filter(round=round_).update(status="proposed")
    other = factories.make_round(slug="third-law", stage="closed")
    factories.make_comments(other, TEXTS)
    done(other)
    mine = approved(other)
    remember()
    assert theme not in {one.theme for one in precedents_of(mine)}


def test_a_round_does_not_remember_itself(earlier, work):
    remember()
    assert precedents_of(earlier) == []


def test_encoders_are_never_mixed(earlier, later):
    theme = approved(later)
    remember()
    ThemeVector.objects.filter(theme=earlier).update(encoder="another:1")
    assert precedents_of(theme) == []


def test_vectors_are_made_once_and_again_after_a_change(earlier, later):
    theme = approved(later)
    assert remember() == 2
    assert remember() == 0
    Theme.objects.filter(pk=theme.pk).update(revision=theme.revision + 1)
    assert remember() == 1
    encoder = encoder_named(settings.THEME_ENCODER)
    vector = np.frombuffer(bytes(theme.vectors.get().vector), memory.FLOAT)
    assert vector.shape == (encoder.dim,)
    assert abs(float(np.linalg.norm(vector.astype(float))) - 1) < 0.01


def test_only_published_words_are_read(earlier):
    texts = memory.texts_of(earlier)
    assert len(texts) == 3  # four comments, two of them copies of each other
    Comment.objects.filter(public_text=texts[0]).update(status="withheld")
    assert texts[0] not in memory.texts_of(earlier)


def test_queries_of_the_page_do_not_grow_with_memory(
    earlier, later, django_assert_max_num_queries
):
    theme = approved(later)
    remember()
    with django_assert_max_num_queries(4):
        precedents_of(theme)


def test_comments_that_no_run_compared_each_count_as_themselves(earlier):
    ThemeAssignment.objects.filter(theme=earlier).update(argument=0)
    assert len(memory.texts_of(earlier)) == 4
