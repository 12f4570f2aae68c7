"""Publication as a task: asked once, done once, revived, refused with a reason."""

import datetime as dt

import pytest
from celery import current_app

from comments.models import Comment
from consultations import answers
from consultations.models import Posting, ThemeResponse
from consultations.report import pdf, publication, services
from consultations.report.publication import PUBLICATIONS
from drafts import clock
from drafts.jobs import MAX_ATTEMPTS
from drafts.models import AuditEntry
from tests.report import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


@pytest.fixture
def moment(monkeypatch):
    """Return a clock that a test moves."""
    now = [builders.NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def sent(monkeypatch):
    messages = []
    monkeypatch.setattr(
        current_app,
        "send_task",
        lambda name, args: messages.append((name, *args)),
    )
    return messages


@pytest.fixture
def asked(moment, sent, django_capture_on_commit_callbacks):
    _round, report = builders.ready(5)
    by = builders.publisher(report.round)
    with django_capture_on_commit_callbacks(execute=True):
        report = publication.publication_request(report=report, by=by, now=moment[0])
    return report


def later(moment, **much):
    moment[0] += dt.timedelta(**much)


def test_pressed_twice_it_is_published_once(
    asked, moment, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        again = publication.publication_request(report=asked, by=None, now=moment[0])
    assert again.publishing_since == asked.publishing_since
    assert sent == [("consultations.publish_report", asked.pk)]
    later(moment, minutes=3)
    publication.publication_execute(asked.pk)
    publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert asked.status == "published"
    assert asked.published_by == asked.publishing_by
    assert asked.published_at == moment[0] > asked.publishing_since
    assert Posting.objects.filter(subject="report").count() == 1
    told = AuditEntry.objects.filter(action__startswith="report.publi")
    assert sorted(told.values_list("action", flat=True)) == [
        "report.publication_requested",
        "report.published",
    ]


def test_what_stands_against_it_is_told_at_once(moment, sent):
    _round, report = builders.ready(5)
    type(report).objects.filter(pk=report.pk).update(summary="")
    with pytest.raises(services.ReportBlocked):
        publication.publication_request(
            report=report, by=builders.publisher(report.round), now=moment[0]
        )
    report.refresh_from_db()
    assert not report.is_publishing
    assert sent == []


def test_texts_and_answers_refuse_edits_meanwhile_and_not_after_a_failure(
    asked, moment, monkeypatch
):
    response = ThemeResponse.objects.first()
    common = {"revision": response.revision, "by": None, "now": moment[0]}
    acts = [
        lambda: services.report_save(
            report=asked, by=None, now=moment[0], summary="แก้"
        ),
        lambda: answers.response_unsign(response=response, **common),
        lambda: answers.response_save(
            theme=response.theme, answer=answers.Answer(), **common
        ),
    ]
    for act in acts:
        with pytest.raises(services.ConsultationError) as caught:
            act()
        assert caught.value.code == "report_publishing"

    def full(self, source):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pdf.PdfExporter, "render", full)
    publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert asked.status == "draft"
    assert not asked.is_publishing
    assert "No space left" in asked.error
    acts[0]()
    acts[1]()


def test_a_failure_of_the_program_is_told_and_can_be_tried_again(
    asked, moment, monkeypatch
):
    def broken(self, source):
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(pdf.PdfExporter, "render", broken)
        with pytest.raises(RuntimeError):
            publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert asked.error
    by = builders.publisher(asked.round)
    again = publication.publication_request(report=asked, by=by, now=moment[0])
    assert again.error == ""
    publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert asked.status == "published"


def test_a_lost_message_and_a_dead_worker_are_found(asked, moment, sent):
    sent.clear()
    assert PUBLICATIONS.revive() == 0
    later(moment, minutes=2)
    assert PUBLICATIONS.revive() == 1
    assert sent == [(PUBLICATIONS.task, asked.pk)]
    dead = PUBLICATIONS.take(asked.pk)
    assert PUBLICATIONS.take(asked.pk) is None, "a living worker keeps it"
    assert PUBLICATIONS.revive() == 0
    later(moment, minutes=2)
    assert PUBLICATIONS.revive() == 1
    assert PUBLICATIONS.take(asked.pk)
    with pytest.raises(services.ReportError) as caught:
        services.report_publish(
            report=asked, by=asked.publishing_by, now=moment[0], lease=dead.token
        )
    assert caught.value.code == "report_publishing"
    asked.refresh_from_db()
    assert asked.status == "draft"
    later(moment, minutes=2)
    publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert (asked.status, asked.attempts) == ("published", 3)


def test_what_kills_every_worker_is_given_up_with_a_reason(asked, moment):
    for _death in range(MAX_ATTEMPTS):
        assert PUBLICATIONS.take(asked.pk)
        later(moment, minutes=2)
    assert PUBLICATIONS.revive() == 0
    asked.refresh_from_db()
    assert not asked.is_publishing
    assert "ตัวประมวลผลหยุดกลางทาง" in asked.error


def test_a_comment_that_keeps_coming_is_a_reason_not_a_loop(asked, moment, monkeypatch):
    render = services.report_render

    def render_and_receive(source, **kwargs):
        builders.add_comments(asked.round, 1, late=True)
        return render(source, **kwargs)

    monkeypatch.setattr(services, "report_render", render_and_receive)
    publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert "ความเห็นเปลี่ยนแปลง" in asked.error
    assert Comment.objects.filter(round=asked.round).count() == 8


def test_an_answer_changed_in_between_is_noticed(asked, moment, monkeypatch):
    """Not even raw SQL between counting and freezing makes the two disagree."""
    render, done = services.report_render, []

    def render_and_change(source, **kwargs):
        if not done:
            done.append(source)
            ThemeResponse.objects.filter(theme__number=2).update(
                reply="คำชี้แจงที่มาทีหลัง ซึ่งยาวพอจะบอกเหตุผลได้ครบถ้วน", revision=9
            )
        return render(source, **kwargs)

    monkeypatch.setattr(services, "report_render", render_and_change)
    publication.publication_execute(asked.pk)
    asked.refresh_from_db()
    assert asked.error == ""
    assert asked.status == "published"
    assert "คำชี้แจงที่มาทีหลัง" in asked.content


def test_the_steps_told_are_the_steps_there_are(asked, monkeypatch):
    told = []
    services.report_publish(
        report=asked, by=asked.publishing_by, now=builders.NOW, told=told.append
    )
    assert told == list(publication.STEPS)[1:]
