"""Publication: refused with reasons, frozen bytes, every number opens its comments."""

import hashlib
import json
import re
from urllib.parse import unquote

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.models import Comment, Theme, ThemeAssignment
from consultations.models import Posting, ReportStatus, ResponseReport, ThemeResponse
from consultations.report import files, services
from consultations.report.document import from_json, numbers_of
from drafts.models import AuditEntry, OutboxEntry
from tests.report import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]
NUMBER = re.compile(
    r'<a class="number" href="list/([^"]+)/" data-unit="(\w+)">([\d,]+)<'
)


def publish(report):
    by = builders.publisher(report.round)
    return services.report_publish(report=report, by=by, now=builders.NOW)


def refused(report) -> set[str]:
    with pytest.raises(services.ReportBlocked) as caught:
        publish(report)
    report.refresh_from_db()
    assert report.status == ReportStatus.DRAFT
    report.round.refresh_from_db()
    assert report.round.stage == "closed"
    return {finding.rule for finding in caught.value.findings}


@pytest.mark.parametrize("count", [0, 5, 40])
def test_publishing_freezes_everything(client, count):
    round_, report = builders.ready(count)
    published = publish(report)
    round_.refresh_from_db()
    assert round_.stage == "reported"
    assert published.status == ReportStatus.PUBLISHED
    content = published.content.encode()
    assert hashlib.sha256(content).hexdigest() == published.sha256
    for name, known in published.files.items():
        data = files.read(published, name)
        assert hashlib.sha256(data).hexdigest() == known["sha256"]
        assert len(data) == known["size"]
    assert {"html", "docx", "json", "xlsx", "csv", "members"} <= set(published.files)
    assert files.read(published, "json") == content
    assert AuditEntry.objects.filter(action="report.published").count() == 1
    topics = set(OutboxEntry.objects.values_list("topic", flat=True))
    assert {"report", "consultation", "comments_of_round"} <= topics
    assert Posting.objects.filter(subject="report", channel="website").count() == 1
    page = client.get(reverse("consultations:results", args=[round_.consultation.slug]))
    assert page.status_code == 200
    assert files.read(published, "html").decode() in page.content.decode()


def test_a_published_report_cannot_change(client):
    _round, report = builders.ready(5)
    published = publish(report)
    with pytest.raises(services.ReportError) as caught:
        services.report_save(report=published, by=None, now=builders.NOW, summary="แก้")
    assert caught.value.code == "report_published"
    with pytest.raises(services.ReportError):
        publish(published)
    rows = ResponseReport.objects.filter(pk=published.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(summary="แก้")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_a_correction_is_a_new_report_and_the_old_one_stays(client):
    round_, report = builders.ready(5)
    first = publish(report)
    again = services.report_draft_get_or_create(round=round_, now=builders.NOW)
    assert (again.number, again.summary) == (2, first.summary)
    publish(
        services.report_save(report=again, by=None, now=builders.NOW, summary="ฉบับแก้ไข")
    )
    slug = round_.consultation.slug
    newest = client.get(f"/consultations/{slug}/results/").content.decode()
    oldest = client.get(f"/consultations/{slug}/results-1-1/").content.decode()
    assert "ฉบับแก้ไข" in newest
    assert "ฉบับแก้ไข" not in oldest
    assert first.sha256 in oldest
    assert (
        client.get(f"/consultations/{slug}/results-1-1/list/received/").status_code
        == 200
    )
    assert client.get(f"/consultations/{slug}/results-1-3/").status_code == 404


def test_what_stands_against_publication_is_told_and_nothing_changes():
    _round, report = builders.ready(40)
    ThemeResponse.objects.filter(theme__number=2).update(reply="")
    ThemeResponse.objects.filter(theme__number=3).update(signed_at=None)
    ThemeAssignment.objects.filter(comment=Comment.objects.first()).delete()
    assert refused(report) == {
        "r45-replies",
        "r52-answers-signed",
        "r46-placed",
    }
    assert not OutboxEntry.objects.filter(topic="report").exists()


def test_a_proposed_theme_must_be_looked_at_first():
    round_, report = builders.ready(5)
    Theme.objects.create(round=round_, number=9, title="ระบบเสนอ")
    assert refused(report) == {"r44-themes-reviewed"}


def test_an_open_hearing_has_no_report():
    round_, report = builders.ready(5)
    type(round_).objects.filter(pk=round_.pk).update(
        stage="open", closes_on=builders.TODAY
    )
    with pytest.raises(services.ReportError) as caught:
        publish(report)
    assert caught.value.code == "round_not_closed"


def test_a_comment_that_comes_while_the_report_is_made_is_in_it(monkeypatch):
    round_, report = builders.ready(5)
    render, late = services.report_render, []

    def render_and_receive(source, **kwargs):
        if not late:
            late.extend(builders.add_comments(round_, 1, late=True))
        return render(source, **kwargs)

    monkeypatch.setattr(services, "report_render", render_and_receive)
    members = files.members_of_report(publish(report))
    assert members.count("received") == 6
    assert late[0].public_id in {row.public_id for row in members.pick("late")}


def test_every_number_on_the_page_opens_exactly_that_many_comments(client):
    round_, report = builders.ready(40)
    published = publish(report)
    base = f"/consultations/{round_.consultation.slug}/results/"
    html = client.get(base).content.decode()
    numbers = NUMBER.findall(html)
    # bars repeat the numbers of the table under them and are no links
    document = from_json(published.content)
    assert {unquote(key) for key, _, _ in numbers} == {
        n.key for n in numbers_of(document) if n.key
    }
    seen = {}
    for key, unit, text in numbers:
        if (key, unit) in seen:
            assert seen[key, unit] == text
            continue
        seen[key, unit] = text
        shown, page = 0, 1
        while True:
            response = client.get(f"{base}list/{key}/?page={page}")
            assert response.status_code == 200, key
            body = response.content.decode()
            total = re.search(r'data-total="(\d+)" data-people="(\d+)"', body)
            shown += body.count('<li class="comment"')
            if 'rel="next"' not in body:
                break
            page += 1
        want = int(text.replace(",", ""))
        assert int(total[2 if unit == "people" else 1]) == want, key
        assert shown == int(total[1]), key
    assert len(seen) > 50


def test_lists_keep_their_length_when_a_comment_is_hidden_or_withdrawn_later(client):
    round_, report = builders.ready(40)
    publish(report)
    base = f"/consultations/{round_.consultation.slug}/results/list/counted/"
    before = client.get(base).content.decode()
    comment = Comment.objects.filter(
        status="published", late=False, duplicate_of=None
    ).latest("pk")
    assert comment.public_id in before
    Comment.objects.filter(pk=comment.pk).update(
        status="hidden", hidden_ground="defamatory"
    )
    after = client.get(base).content.decode()
    assert (
        re.search(r'data-total="\d+"', after)[0]
        == (re.search(r'data-total="\d+"', before)[0])
    )
    row = after.split(f'id="c-{comment.public_id}"')[1].split("</li>")[0]
    assert "หมิ่นประมาท" in row
    if comment.public_text:
        assert comment.public_text not in row


def test_hidden_late_and_withdrawn_are_rows_with_what_became_of_them(client):
    round_, report = builders.ready(40)
    publish(report)
    base = f"/consultations/{round_.consultation.slug}/results/list/"
    for key in ("hidden", "withdrawn", "late"):
        body = client.get(f"{base}{key}/").content.decode()
        assert body.count('<li class="comment"') == 4, key
    assert client.get(f"{base}nonsense/").status_code == 404


def test_theme_pages_show_the_answer_and_all_comments_behind_it(client):
    round_, report = builders.ready(60)
    published = publish(report)
    members = files.members_of_report(published)
    base = f"/consultations/{round_.consultation.slug}/results/themes/"
    answers = {t["number"]: Theme.objects.get(pk=t["id"]) for t in published.themes}
    assert sorted(answers) == [1, 2, 3]
    sizes = [members.count(f"counted~theme-{n}") for n in (1, 2, 3)]
    assert sizes == sorted(sizes, reverse=True)  # the largest leads
    changing = next(n for n, theme in answers.items() if theme.number == 1)
    for number in (1, 2, 3):
        body = client.get(f"{base}{number}/").content.decode()
        assert f"หน่วยงานขอชี้แจงประเด็นที่ {answers[number].number}" in body
        n = members.count(f"counted~theme-{number}")
        assert f'data-total="{n}"' in body
        assert "../../list/counted~theme-" in body
        # The words that changed because of this theme, and of no other.
        assert ("<dd>ให้ยื่นคำขอภายในเก้าสิบวัน</dd>" in body) is (number == changing)
        own = f'href="../{changing}/"'
        assert (own in body) is (number == changing)
    assert client.get(f"{base}4/").status_code == 404


def test_english_chrome_and_a_thai_report(client):
    round_, report = builders.ready(5)
    publish(report)
    body = client.get(f"/en/consultations/{round_.consultation.slug}/results/")
    assert body.status_code == 200
    assert '<div class="report" lang="th">' in body.content.decode()


def test_files_are_downloaded_as_they_were_frozen(client):
    round_, report = builders.ready(5)
    published = publish(report)
    slug = round_.consultation.slug
    for name in files.EXPORTERS:
        response = client.get(f"/consultations/{slug}/results.{name}")
        if name not in published.files:
            assert response.status_code == 404
            continue
        data = b"".join(response)
        digest = hashlib.sha256(data).hexdigest()
        assert digest == published.files[name]["sha256"]
    answer = client.get(f"/consultations/{slug}/results.json")
    document = json.loads(b"".join(answer))
    assert document["type"] == "document"
    assert client.get(f"/consultations/{slug}/results.exe").status_code == 404


def test_no_receipt_number_and_no_typed_text_leaves(client):
    round_, report = builders.ready(40)
    published = publish(report)
    receipts = round_.submissions.values_list("receipt", flat=True)
    for name in ("json", "csv", "html"):
        text = files.read(published, name).decode()
        assert not any(receipt in text for receipt in receipts)


def test_a_file_that_was_swapped_is_not_served(settings):
    _round, report = builders.ready(5)
    published = publish(report)
    path = settings.MEDIA_ROOT / published.files["html"]["name"]
    path.write_text("something else")
    with pytest.raises(ValueError, match="not what was published"):
        files.read(published, "html")


@pytest.mark.parametrize(
    ("basis", "days", "told"),
    [
        ("project_2548", 3, "กำหนดประกาศผลภายใน"),
        ("project_2548", 16, "เกินกำหนดประกาศผล 1 วัน"),
        ("bill_2562", 16, "ไม่ได้กำหนดจำนวนวันไว้"),
    ],
)
def test_before_the_results_the_page_says_what_is_awaited(
    client, monkeypatch, basis, days, told
):
    import datetime as dt

    from drafts import clock

    round_ = builders.closed_round(basis)
    moment = dt.datetime.combine(
        round_.closes_on + dt.timedelta(days=days), dt.time(3), dt.UTC
    )
    monkeypatch.setattr(clock, "now", lambda: moment)
    url = f"/consultations/{round_.consultation.slug}/results/"
    response = client.get(url)
    assert response.status_code == 200
    assert told in response.content.decode()
    english = client.get(f"/en{url}")
    assert english.status_code == 200
    assert client.get(f"{url}list/received/").status_code == 404


def test_the_results_page_costs_few_queries(client):
    round_, report = builders.ready(40)
    publish(report)
    base = f"/consultations/{round_.consultation.slug}/results/"
    client.get(base)
    client.get(f"{base}list/counted/")
    with CaptureQueriesContext(connection) as page:
        client.get(base)
    with CaptureQueriesContext(connection) as listed:
        client.get(f"{base}list/counted/")
    assert len(page) <= 4, [q["sql"][:80] for q in page]
    assert len(listed) <= 6, [q["sql"][:80] for q in listed]


def test_a_later_report_keeps_the_numbers_that_readers_know(client):
    """A merged theme's address says where it went; a new theme takes a new number."""
    round_, report = builders.ready(60)
    first = publish(report)
    known = {t["id"]: t["number"] for t in first.themes}
    gone, heir = (Theme.objects.get(pk=t["id"]) for t in first.themes[:2])
    ThemeAssignment.objects.filter(theme=gone).update(theme=heir)
    Theme.objects.filter(pk=gone.pk).update(status="merged", merged_into=heir)
    draft = services.report_draft_get_or_create(round=round_, now=builders.NOW)
    second = publish(draft)
    assert {t["id"]: t["number"] for t in second.themes} == {
        pk: number for pk, number in known.items() if pk != gone.pk
    }
    base = f"/consultations/{round_.consultation.slug}/results/"
    page = client.get(f"{base}themes/{known[gone.pk]}/")
    assert page.status_code == 200
    assert heir.title in page.content.decode()
    assert f"{base}themes/{known[heir.pk]}/" in page.content.decode()
    old = client.get(f"{base[:-1]}-1-1/themes/{known[gone.pk]}/").content.decode()
    assert gone.title in old  # the earlier report stands as it was
    assert client.get(f"{base}themes/99/").status_code == 404
    Theme.objects.filter(pk=gone.pk).update(status="rejected", merged_into=None)
    page = client.get(f"{base}themes/{known[gone.pk]}/")
    assert "ไม่มีประเด็นนี้แล้ว" in page.content.decode()


def test_a_copy_marked_after_publication_shows_as_a_change(client):
    round_, report = builders.ready(20)
    published = publish(report)
    member = files.members_of_report(published).pick("counted")[0]
    address = f"/consultations/{round_.consultation.slug}/results/list/counted/"
    assert "เปลี่ยนหลังจัดทำรายงาน" not in client.get(address).content.decode()
    other = Comment.objects.filter(round=round_).exclude(pk=member.pk).first()
    Comment.objects.filter(pk=member.pk).update(duplicate_of=other)
    assert "เปลี่ยนหลังจัดทำรายงาน: ส่งซ้ำ" in client.get(address).content.decode()
    page = client.get(f"/comments/{member.public_id}/").content.decode()
    assert "ส่งซ้ำ" in page


def test_the_front_page_leads_with_the_largest_theme(client):
    """Not the one that was accepted; with its number and stances, not as a proposal."""
    _round, report = builders.ready(60)
    published = publish(report)
    first = published.themes[0]
    members = files.members_of_report(published)
    page = re.sub(r"\s+", " ", client.get("/").content.decode())
    assert first["title"] in page
    assert f"({first['comments']} ความเห็น)" in page
    assert first["comments"] == members.count(f"counted~theme-{first['number']}")
    assert sum(first["stances"].values()) == first["comments"]
    for title in (t["title"] for t in published.themes[1:]):
        assert title not in page
    assert "ประชาชนเสนอ" not in page
