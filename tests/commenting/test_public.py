"""The public's way without JavaScript, in Thai and in English, and every refusal."""

from __future__ import annotations

import datetime as dt
import logging
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import ledger, tallies
from comments.models import Comment, PreparedComment, Status, Submission
from comments.moderation import comment_hide
from consultations.models import Round
from tests import factories as make

pytestmark = pytest.mark.django_db
BASE = "/consultations/test-law/"
TEXT = "ไม่เห็นด้วย\r\nเพราะเป็นภาระ <b>มาก</b>  "


def seen_in(page, name: str = "seen") -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def save(client, section, prefix="", **data):
    """Save as somebody who opened the section's page just before."""
    if "seen" not in data:
        page = client.get(f"{prefix}{BASE}draft/{section.eid}/").content.decode()
        form = re.search(r'name="seen" value="([^"]*)"', page)
        data["seen"] = form[1] if form else ""
    data = {"subject": f"p{section.pk}", "stance": "disagree", "text": TEXT, **data}
    return client.post(f"{prefix}{BASE}respond/save/", data)


def token_in(page) -> str:
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


def at(monkeypatch, days: int) -> None:
    later = make.NOW + dt.timedelta(days=days)
    monkeypatch.setattr("drafts.clock.now", lambda: later)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_from_the_form_to_the_receipt(client, round_, sections, prefix):
    page = client.get(f"{prefix}{BASE}draft/{sections[0].eid}/")
    assert page.status_code == 200
    assert f'value="p{sections[0].pk}"' in page.content.decode()
    answer = save(client, sections[0], prefix, suggestion=sections[0].text)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"/draft/{sections[0].eid}/#respond")
    assert answer["Location"].startswith(f"{prefix}/consultations/")
    cookie = answer.cookies[f"prepared-{round_.pk}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    page = client.get(f"{prefix}{BASE}draft/{sections[0].eid}/").content.decode()
    assert "bottom-bar" in page
    assert "เพราะเป็นภาระ &lt;b&gt;มาก&lt;/b&gt;" in page
    page = client.get(f"{prefix}{BASE}respond/")
    question = round_.questions.first()
    answer = client.post(
        f"{prefix}{BASE}respond/",
        {
            "do": "send",
            "token": token_in(page),
            f"q{question.pk}-stance": "agree",
            f"q{question.pk}-text": "เห็นด้วยกับคำถาม",
            "whole-text": "",
            "capacity": "individual",
            "province": "เชียงใหม่",
            "publication": "name_withheld",
        },
    )
    submission = Submission.objects.get()
    assert answer["Location"] == f"{prefix}/receipts/{submission.receipt}/"
    assert submission.province == "เชียงใหม่"
    assert submission.language == ("en" if prefix else "th")
    page = client.get(answer["Location"])
    assert submission.receipt in page.content.decode()
    assert "data:image/svg" in page.content.decode()
    assert ("2569" in page.content.decode()) is (prefix == "")
    typed = submission.comments.get(provision=sections[0]).texts.get(kind="typed")
    assert typed.text == TEXT.replace("\r\n", "\n")
    assert typed.suggestion == ""
    assert submission.comments.count() == 2
    assert tallies.check(round_.pk) == ledger.verify(round_.pk) == []


def test_the_same_form_twice_gives_the_same_receipt(client, round_, sections):
    save(client, sections[0])
    token = token_in(client.get(f"{BASE}respond/"))
    form = {"do": "send", "token": token, "capacity": "individual",
            "publication": "full"}  # fmt: skip
    first = client.post(f"{BASE}respond/", form)
    second = client.post(f"{BASE}respond/", form)
    other_browser = Client().post(f"{BASE}respond/", form)
    assert first["Location"] == second["Location"] == other_browser["Location"]
    assert Submission.objects.count() == 1


def test_a_second_response_can_follow(client, round_, sections):
    form = {"do": "send", "capacity": "individual", "publication": "full"}
    for section in sections[:2]:
        save(client, section)
        client.post(f"{BASE}respond/", form)
    assert Submission.objects.count() == 2


def test_answering_the_questions_alone(client, round_):
    page = client.get(f"{BASE}respond/")
    question = round_.questions.last()
    form = {
        "do": "send",
        "token": token_in(page),
        f"q{question.pk}-stance": "no_opinion",
        "whole-stance": "disagree",
        "whole-text": "ทั้งฉบับ",
        "capacity": "academic",
        "publication": "text_withheld",
    }
    for _ in range(2):
        answer = client.post(f"{BASE}respond/", form)
        assert answer.status_code == 302
    assert Comment.objects.count() == 2
    assert set(Comment.objects.values_list("status", flat=True)) == {Status.WITHHELD}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"stance": ""}, "เลือกก่อนว่าเห็นด้วยหรือไม่"),
        ({"text": "ยาว" * 7_000}, "เกิน 20,000 ตัวอักษร"),
        ({"website": "http://spam"}, "ต้องเว้นว่าง"),
    ],
)
def test_a_refused_comment_is_shown_back_whole(client, round_, sections, data, words):
    data = {"text": "ข้อความของฉัน", **data}
    answer = save(client, sections[0], **data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert data["text"] in page
    assert not PreparedComment.objects.exists()
    english = save(client, sections[0], "/en", **data)
    assert data["text"] in english.content.decode()


def test_a_problem_on_the_review_page_loses_nothing(client, round_, sections):
    save(client, sections[0])
    form = {
        "do": "send",
        "whole-text": "ลืมเลือก",
        "capacity": "individual",
        "name": "ชื่อที่พิมพ์",
        "email": "not-an-address",
        "publication": "full",
    }
    answer = client.post(f"{BASE}respond/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("ลืมเลือก", "ชื่อที่พิมพ์", "not-an-address", "เพราะเป็นภาระ"):
        assert kept in page
    assert 'href="#whole-stance-agree"' in page
    assert 'href="#id_email"' in page
    assert not Submission.objects.exists()


def test_nothing_to_send_is_said(client, round_):
    answer = client.post(
        f"{BASE}respond/", {"do": "send", "capacity": "individual",
                            "publication": "full"}
    )  # fmt: skip
    assert answer.status_code == 422
    assert "ยังไม่มีความคิดเห็นให้ส่ง" in answer.content.decode()


def test_edit_and_delete_keep_the_rest(client, round_, sections):
    save(client, sections[0])
    save(client, sections[1])
    form = {"name": "ชื่อฉัน", "whole-stance": "agree", "whole-text": "ทั้งฉบับ"}
    code = f"p{sections[0].pk}"
    answer = client.post(f"{BASE}respond/", {**form, "do": f"edit-{code}"})
    assert answer["Location"].endswith(f"/draft/{sections[0].eid}/#respond")
    page = client.get(f"{BASE}respond/").content.decode()
    assert 'value="ชื่อฉัน"' in page
    assert "ทั้งฉบับ</textarea>" in page
    answer = client.post(f"{BASE}respond/", {**form, "do": f"delete-{code}"})
    assert "ลบความเห็นนี้หรือไม่" in answer.content.decode()
    assert PreparedComment.objects.count() == 3
    client.post(f"{BASE}respond/", {"do": f"remove-{code}"})
    assert set(PreparedComment.objects.values_list("subject", flat=True)) == {
        f"p{sections[1].pk}",
        "whole",
    }
    assert 'value="ชื่อฉัน"' in client.get(f"{BASE}respond/").content.decode()


def test_a_form_left_open_is_late(client, round_, sections, monkeypatch):
    save(client, sections[0])
    at(monkeypatch, 30)
    save(client, sections[1])
    page = client.get(f"{BASE}respond/").content.decode()
    assert "นับแยก" in page
    answer = client.post(
        f"{BASE}respond/", {"do": "send", "capacity": "individual",
                            "publication": "full"}
    )  # fmt: skip
    page = client.get(answer["Location"]).content.decode()
    assert "ส่งหลังปิดรับ" in page
    assert Submission.objects.get().late
    assert Comment.objects.filter(late=True).count() == 2


def test_a_newcomer_after_closing_gets_no_form(client, round_, monkeypatch):
    at(monkeypatch, 30)
    page = client.get(f"{BASE}respond/").content.decode()
    assert '<button name="do"' not in page
    assert "ปิดรับฟังแล้ว" in page


@pytest.mark.parametrize(
    ("stage", "days", "words"),
    [
        ("reported", 30, "ประกาศผลแล้ว"),
        ("withdrawn", 0, "ถอนเรื่อง"),
        ("announced", -20, "ยังไม่ถึงวันเปิด"),
    ],
)
def test_outside_the_window_the_text_comes_back(
    client, round_, sections, monkeypatch, stage, days, words
):
    Round.objects.filter(pk=round_.pk).update(stage=stage)
    at(monkeypatch, days)
    for url, form in (
        ("respond/save/", {"subject": f"p{sections[0].pk}", "stance": "agree",
                           "text": "เก็บไว้ให้ฉัน"}),
        ("respond/", {"do": "send", "whole-stance": "agree",
                      "whole-text": "เก็บไว้ให้ฉัน"}),
    ):  # fmt: skip
        answer = client.post(BASE + url, form)
        assert answer.status_code == 409
        assert words in answer.content.decode()
        assert "เก็บไว้ให้ฉัน" in answer.content.decode()
    assert client.get(f"{BASE}respond/").status_code == 200
    assert not Submission.objects.exists()


def test_a_section_of_another_draft_is_refused(client, round_):
    other = make.make_round(slug="other").version.provisions.first()
    answer = save(client, other)
    assert answer.status_code == 409
    assert "เพราะเป็นภาระ" in answer.content.decode()
    assert not PreparedComment.objects.exists()


def test_htmx_gets_the_form_and_the_bar(client, round_, sections):
    data = {"subject": f"p{sections[0].pk}", "stance": "agree", "text": "ดี"}
    headers = {"HX-Request": "true"}
    url = f"{BASE}respond/save/"
    page = client.post(url, data, headers=headers).content.decode()
    assert "<html" not in page
    assert 'id="prepared-bar" hx-swap-oob="true"' in page
    assert "csrfmiddlewaretoken" in page
    page = client.post(url, {**data, "stance": ""}, headers=headers).content.decode()
    assert 'role="alert"' in page


def test_too_many_is_told_with_the_text(client, round_, sections, settings):
    settings.LIMITS = settings.LIMITS | {"send_address": "1/h"}
    form = {"do": "send", "whole-stance": "agree", "whole-text": "ครั้งที่สอง",
            "capacity": "individual", "publication": "full"}  # fmt: skip
    assert client.post(f"{BASE}respond/", form).status_code == 302
    answer = client.post(f"{BASE}respond/", form)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "ครั้งที่สอง" in answer.content.decode()


def test_a_cache_that_is_away_stops_nobody(client, round_, sections, monkeypatch):
    def away(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", away)
    assert save(client, sections[0]).status_code == 302


def test_a_lost_safety_token_loses_no_text(round_, sections):
    client = Client(enforce_csrf_checks=True)
    answer = save(client, sections[0])
    assert answer.status_code == 403
    assert "เพราะเป็นภาระ" in answer.content.decode()
    answer = client.post("/accounts/login/", {"login": "a", "password": "hunter2"})
    assert "hunter2" not in answer.content.decode()


@pytest.fixture
def sent(client, round_, sections):
    save(client, sections[0], text="โทร 0812345678")
    save(client, sections[1])
    client.post(
        f"{BASE}respond/",
        {"do": "send", "capacity": "individual", "publication": "full",
         "name": "นามสมมติ"},
    )  # fmt: skip
    return Submission.objects.get()


def test_the_receipt_tells_what_became_of_each(client, sent, round_):
    _first, second = sent.comments.order_by("pk")
    moderator = make.make_member(round_.consultation.agency, "moderator")
    comment_hide(comment=second, ground="abusive", by=moderator, now=make.NOW)
    page = client.get(f"/receipts/{sent.receipt}/")
    text = page.content.decode()
    assert "ปกปิดข้อมูลส่วนบุคคล 1 แห่ง" in text
    assert "หยาบคาย" in text
    assert "0812345678" not in text
    assert page["X-Robots-Tag"]
    assert "no-store" in page["Cache-Control"]


def test_taking_a_comment_back(client, sent, round_, sections):
    comment = sent.comments.first()
    form = {"number": sent.receipt, "comment": comment.public_id}
    page = client.post("/receipts/withdraw/", form)
    assert "ถอนความเห็นนี้หรือไม่" in page.content.decode()
    comment.refresh_from_db()
    assert comment.status == "published"
    answer = client.post("/receipts/withdraw/", {**form, "sure": "yes"})
    assert answer["Location"] == f"/receipts/{sent.receipt}/"
    comment.refresh_from_db()
    assert (comment.status, comment.public_text) == ("withdrawn", "")
    assert comment.texts.get(kind="typed").text == "โทร 0812345678"
    assert tallies.check(round_.pk) == ledger.verify(round_.pk) == []
    again = client.post("/receipts/withdraw/", {**form, "sure": "yes"})
    assert again.status_code == 409
    Round.objects.filter(pk=round_.pk).update(stage="reported")
    other = sent.comments.last()
    refused = client.post(
        "/receipts/withdraw/",
        {"number": sent.receipt, "comment": other.public_id, "sure": "yes"},
    )
    assert refused.status_code == 409
    other.refresh_from_db()
    assert other.status == "published"


def test_finding_a_receipt(client, sent):
    typed = sent.receipt.lower().replace("-", " ")
    answer = client.post("/receipts/", {"number": typed})
    assert answer["Location"] == f"/receipts/{sent.receipt}/"
    assert client.post("/receipts/", {"number": "RF-1"}).status_code == 404
    assert client.get("/receipts/").status_code == 200


def test_receipts_and_names_stay_out_of_logs(client, sent, caplog):
    caplog.set_level(logging.INFO)
    with caplog.filtering(logging.Filter()):
        client.get(f"/receipts/{sent.receipt}/")
        client.get(f"/receipts/{sent.receipt}X/")
        client.put(f"/receipts/{sent.receipt}/")
        Client(enforce_csrf_checks=True).post(f"/receipts/{sent.receipt}/")
    assert sent.receipt not in caplog.text
    assert "นามสมมติ" not in caplog.text


def test_one_sending_over_http(client, round_, sections):
    """Twelve queries at most, from the first byte of the form to the redirect."""
    form = {"do": "send", "capacity": "individual", "publication": "full"}
    # An announced round has its tallies (consultations.services.round_announce).
    tallies.prepare(round_.pk, ["whole", *(f"p{one.pk}" for one in sections)])
    for section in sections:
        save(client, section)
    with CaptureQueriesContext(connection) as captured:
        client.post(f"{BASE}respond/", form)
    queries = [
        one["sql"]
        for one in captured.captured_queries
        if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    # PostgreSQL is asked for the round's lock; SQLite locks as it writes.
    budget = 12 + (connection.vendor == "postgresql")
    assert len(queries) <= budget, "\n".join(sql[:90] for sql in queries)


@pytest.mark.parametrize("by_script", [False, True])
def test_of_two_tabs_the_older_does_not_win_in_silence(
    client, round_, sections, by_script
):
    save(client, sections[0], text="แรก")
    page = client.get(f"{BASE}draft/{sections[0].eid}/")
    first = second = seen_in(page)
    save(client, sections[0], text="จากแท็บที่สอง", seen=second)
    data = {
        "subject": f"p{sections[0].pk}",
        "stance": "agree",
        "text": "จากแท็บแรก",
        "suggestion": "ถ้อยคำของแท็บแรก",
        "seen": first,
    }
    headers = {"HX-Request": "true"} if by_script else {}
    answer = client.post(f"{BASE}respond/save/", data, headers=headers)
    assert answer.status_code == (200 if by_script else 409)
    shown = answer.content.decode()
    for words in ("จากแท็บที่สอง", "จากแท็บแรก", "ถ้อยคำของแท็บแรก", "ยังไม่มีอะไรถูกเขียนทับ"):
        assert words in shown
    assert PreparedComment.objects.get().text == "จากแท็บที่สอง"
    # Who has seen both may decide.
    client.post(f"{BASE}respond/save/", {**data, "seen": seen_in(answer)})
    assert PreparedComment.objects.get().text == "จากแท็บแรก"


def test_a_form_that_was_sent_twice_is_no_conflict(client, round_, sections):
    for _time in range(2):
        assert save(client, sections[0], seen="").status_code == 302
    assert PreparedComment.objects.get().text == TEXT.replace("\r\n", "\n")


@pytest.mark.parametrize("act", ["send", "keep"])
def test_the_older_of_two_review_pages_does_not_win_in_silence(client, round_, act):
    first = client.get(f"{BASE}respond/")
    data = {
        "do": "keep",
        "token": token_in(first),
        "whole-stance": "disagree",
        "whole-text": "จากแท็บที่สอง",
        "whole-seen": seen_in(first, "whole-seen"),
        "capacity": "individual",
        "publication": "name_withheld",
    }
    assert client.post(f"{BASE}respond/", data).status_code == 302
    data |= {"do": act, "whole-text": "จากแท็บแรก"}
    answer = client.post(f"{BASE}respond/", data)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "จากแท็บที่สอง" in shown
    assert "จากแท็บแรก" in shown
    assert not Submission.objects.exists()
    assert PreparedComment.objects.get().text == "จากแท็บที่สอง"
    data["whole-seen"] = seen_in(answer, "whole-seen")
    assert client.post(f"{BASE}respond/", data).status_code == 302
    if act == "send":
        typed = Comment.objects.get().texts.get(kind="typed")
        assert typed.text == "จากแท็บแรก"
    else:
        assert PreparedComment.objects.get().text == "จากแท็บแรก"
