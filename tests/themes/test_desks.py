"""The desks: who may, what they show, what a conflict keeps, how many queries."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from comments.models import Comment, Theme, ThemeAssignment, ThemeRun
from comments.themes import events
from consultations.models import Role, ThemeResponse
from drafts.models import AuditEntry
from tests import factories
from tests.themes.conftest import done

pytestmark = pytest.mark.django_db


def member(agency, role, name=""):
    user = factories.make_member(agency, role, first_name=name)
    user.user_permissions.add(
        Permission.objects.get(
            codename="access_admin", content_type__app_label="wagtailadmin"
        )
    )
    return user


@pytest.fixture
def bench(round_, work):
    done(round_)
    agency = round_.consultation.agency
    round_.editor = member(agency, Role.EDITOR, "สมชาย")
    round_.approver = member(agency, Role.APPROVER, "สมหญิง")
    round_.auditor = member(agency, Role.AUDITOR)
    round_.stranger = member(factories.make_agency("กรมอื่น"), Role.EDITOR)
    return round_


def theme(round_, title="ค่าธรรมเนียม") -> Theme:
    return Theme.objects.get(round=round_, title=title)


def url(name, round_, *args):
    return reverse(name, args=[round_.pk, *args])


PAGES = [
    ("desk_themes", ()),
    ("desk_themes_progress", ()),
    ("desk_themes_history", ()),
    ("desk_theme", (1,)),
    ("desk_theme_merge", (1,)),
    ("desk_theme_split", (1,)),
    ("desk_bucket", ("few",)),
    ("desk_bucket", ("other",)),
    ("desk_bucket", ("no_reason",)),
    ("desk_answers", ()),
    ("desk_answer", (1,)),
]


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_pages_open_for_the_agency_alone(bench, client, name, args):
    address = url(name, bench, *args)
    for user in (bench.editor, bench.approver, bench.auditor):
        client.force_login(user)
        assert client.get(address).status_code == 200
    client.force_login(bench.stranger)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "args", "data"),
    [
        ("desk_themes_run", (), {"action": "start"}),
        ("desk_theme", (1,), {"action": "approve", "revision": "0"}),
        ("desk_bucket", ("few",), {"action": "create", "comment": "1"}),
        ("desk_theme_merge", (1,), {"into": "2"}),
        ("desk_answer", (1,), {"action": "save"}),
    ],
)
def test_auditor_reads_only(bench, client, name, args, data):
    client.force_login(bench.auditor)
    answer = client.post(url(name, bench, *args), data)
    assert answer.status_code in {302, 403}
    if answer.status_code == 302:  # Wagtail turns a refusal into a message
        assert answer.url == reverse("wagtailadmin_home")
    assert not Theme.objects.filter(status="approved").exists()
    client.force_login(bench.stranger)
    assert client.post(url(name, bench, *args), data).status_code == 404


def test_unknown_bucket_is_not_found(bench, client):
    client.force_login(bench.editor)
    assert client.get(url("desk_bucket", bench, "nothing")).status_code == 404


def test_start_from_the_page(round_, work, client):
    client.force_login(member(round_.consultation.agency, Role.EDITOR))
    client.post(url("desk_themes_run", round_), {"action": "start", "detail": "more"})
    run = ThemeRun.objects.get()
    assert run.parameters["detail"] == "more"
    assert run.purpose == "final"
    page = client.get(url("desk_themes", round_)).content.decode()
    progress = url("desk_themes_progress", round_)
    assert f'hx-get="{progress}"' in page
    assert 'http-equiv="refresh"' in page, "without JavaScript the page opens anew"
    assert f'hx-get="{progress}"' in client.get(progress).content.decode()
    assert "ยกเลิกการวิเคราะห์" in page
    client.post(url("desk_themes_run", round_), {"action": "cancel", "run": run.pk})
    run.refresh_from_db()
    assert run.status == "cancelled"
    assert client.get(progress).headers["HX-Refresh"] == "true"


def test_preview_while_open(work, client, db, monkeypatch):
    round_ = factories.make_round()
    factories.make_comments(round_, ["ก ข"])
    monkeypatch.setattr("drafts.clock.now", lambda: factories.NOW)
    client.force_login(member(round_.consultation.agency, Role.EDITOR))
    client.post(url("desk_themes_run", round_), {"action": "start"})
    assert ThemeRun.objects.get().purpose == "preview"


def test_conflict_shows_who_and_keeps_what_was_typed(bench, client):
    fee = theme(bench)
    address = url("desk_theme", bench, fee.number)
    client.force_login(bench.editor)
    first = {"action": "rename", "revision": "0", "title": "ค่าธรรมเนียมแพง"}
    assert client.post(address, first).status_code == 302
    client.force_login(bench.approver)
    answer = client.post(address, {**first, "title": "ชื่อที่พิมพ์ไว้", "note": "บันทึกยาว"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "สมชาย" in page
    assert "ชื่อที่พิมพ์ไว้" in page
    assert "บันทึกยาว" in page
    assert "ค่าธรรมเนียมแพง" in page
    assert 'name="revision" value="1"' in page


def test_move_by_the_page(bench, client):
    fee = theme(bench)
    ids = list(fee.assignments.values_list("comment_id", flat=True)[:2])
    client.force_login(bench.editor)
    data = {"action": "move", "comments": ids, "target": "other"}
    assert client.post(url("desk_theme", bench, fee.number), data).status_code == 302
    assert fee.assignments.count() == 2
    again = client.post(url("desk_theme", bench, fee.number), data)
    assert again.status_code == 409


def test_one_click_from_few_to_an_answer(bench, client):
    lone = ThemeAssignment.objects.get(bucket="few").comment
    client.force_login(bench.editor)
    data = {"action": "create_answer", "comment": lone.pk}
    answer = client.post(url("desk_bucket", bench, "few"), data)
    made = Theme.objects.get(status="approved")
    assert answer.url == url("desk_answer", bench, made.number)
    assert made.approved_by == bench.editor
    assert client.get(answer.url).status_code == 200


def test_undo_button(bench, client):
    fee = theme(bench)
    client.force_login(bench.editor)
    data = {"action": "approve", "revision": "0"}
    client.post(url("desk_theme", bench, fee.number), data)
    page = client.get(url("desk_themes", bench)).content.decode()
    assert "เลิกทำ" in page
    client.post(url("desk_themes_undo", bench), {"event": "2"})
    fee.refresh_from_db()
    assert fee.status == "proposed"
    assert events.replay(bench) == events.state_of(bench)


def test_reported_round_is_read_only(bench, client):
    type(bench).objects.filter(pk=bench.pk).update(stage="reported")
    client.force_login(bench.editor)
    data = {"action": "approve", "revision": "0"}
    answer = client.post(url("desk_theme", bench, 1), data)
    assert answer.status_code == 422
    assert not Theme.objects.filter(status="approved").exists()
    assert "รับรองประเด็น</button>" not in answer.content.decode()


def test_filters_and_search(bench, client):
    client.force_login(bench.editor)
    fee = theme(bench)
    address = url("desk_theme", bench, fee.number)
    page = client.get(address, {"q": "ผู้สูงอายุ"})
    assert len(page.context["places"]) == 1
    assert "<mark>ผู้สูงอายุ</mark>" in page.content.decode()
    copy = fee.assignments.filter(comment__public_text__contains="ร้านเล็ก").first()
    page = client.get(address, {"campaign": copy.argument})
    assert len(page.context["places"]) == 2
    assert len(client.get(address, {"stance": "agree"}).context["places"]) == 0
    for odd in ({"section": "x"}, {"page": "zz"}, {"campaign": "๑"}, {"q": "%_'"}):
        assert client.get(address, odd).status_code == 200


def test_search_marks_nothing_unescaped(bench, client):
    Comment.objects.filter(public_text__contains="ร้านเล็ก").update(
        public_text="<script>x</script> ร้านเล็ก"
    )
    client.force_login(bench.editor)
    page = client.get(url("desk_theme", bench, theme(bench).number), {"q": "script"})
    assert "<script>x" not in page.content.decode()


def test_merge_and_split_pages(bench, client):
    client.force_login(bench.editor)
    fee, permit = theme(bench), theme(bench, "ใบอนุญาต")
    page = client.get(
        url("desk_theme_merge", bench, fee.number), {"into": permit.number}
    )
    assert len(page.context["panes"]) == 2
    page = client.get(url("desk_theme_split", bench, fee.number), {"words": "ควร"})
    assert (page.context["taken_count"], page.context["rest_count"]) == (2, 2)
    data = {"words": "ควร", "expected": "2", "revision": "0", "title": "ควรลด"}
    client.post(url("desk_theme_split", bench, fee.number), data)
    made = theme(bench, "ควรลด")
    data = {"into": fee.number, "revision": made.revision, "into_revision": "1"}
    client.post(url("desk_theme_merge", bench, made.number), data)
    assert fee.assignments.count() == 4


def test_adopt_page(bench, client):
    client.force_login(bench.editor)
    client.post(url("desk_theme", bench, 1), {"action": "approve", "revision": "0"})
    factories.make_comments(bench, ["เรื่องใหม่ ก", "เรื่องใหม่ ข"])
    done(bench)
    assert "รอการตัดสินใจ" in client.get(url("desk_themes", bench)).content.decode()
    page = client.get(url("desk_themes_adopt", bench))
    assert "เรื่องใหม่" in page.content.decode()
    data = {"after_event": page.context["preview"].event_number, "only_new": "0"}
    client.post(url("desk_themes_adopt", bench), data)
    assert theme(bench, "เรื่องใหม่").assignments.count() == 2


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        (None, "ไม่มีไฟล์ผลวิเคราะห์"),
        (b"not gzip", "ไม่มีไฟล์ผลวิเคราะห์"),
        (gzip.compress(b"{}"), "ไม่ตรงกับรหัสตรวจสอบ"),
    ],
)
def test_a_result_that_is_gone_or_altered_is_told(bench, client, kept, told):
    factories.make_comments(bench, ["เรื่องใหม่ ก", "เรื่องใหม่ ข"])
    run = done(bench)
    path = Path(run.output.path)
    path.unlink() if kept is None else path.write_bytes(kept)
    client.force_login(bench.editor)
    page = url("desk_themes_adopt", bench)
    for answer in (
        client.get(page, follow=True),
        client.post(page, {"only_new": "0"}, follow=True),
    ):
        assert told in answer.content.decode()


def test_table_is_whole_and_harmless(bench, client):
    Comment.objects.filter(public_text__contains="ร้านเล็ก").update(
        public_text="=HYPERLINK(1)"
    )
    factories.make_comments(bench, ["ค่าธรรมเนียม ลับมาก"], status="withheld")
    done(bench)
    client.force_login(bench.auditor)
    answer = client.get(url("desk_themes_table", bench))
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    assert book.worksheets[0].max_row == 1 + 3 + 3  # a formula is a word
    rows = list(book.worksheets[1].values)
    assert len(rows) == 1 + 10
    texts = [row[6] for row in rows]
    assert "=HYPERLINK(1)" in texts, "the words stand as they were published"
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    assert not any("ลับมาก" in (text or "") for text in texts)


@pytest.mark.parametrize(
    ("name", "args", "limit"),
    [
        ("desk_themes", (), 30),
        ("desk_theme", (1,), 40),
        ("desk_bucket", ("few",), 36),
        ("desk_answers", (), 24),
    ],
)
def test_queries_do_not_grow_with_comments(
    bench, client, django_assert_max_num_queries, name, args, limit
):
    client.force_login(bench.editor)
    address = url(name, bench, *args)
    client.get(address)
    with django_assert_max_num_queries(limit) as few:
        client.get(address)
    factories.make_comments(bench, [f"ค่าธรรมเนียม {n}" for n in range(60)])
    factories.make_comments(bench, [f"เดี่ยว{n} ก" for n in range(60)])
    done(bench)
    client.get(address)
    with django_assert_max_num_queries(limit) as many:
        client.get(address)
    assert len(many) <= len(few) + 2


# --- answers ---------------------------------------------------------------


@pytest.fixture
def fee(bench):
    found = theme(bench)
    Theme.objects.filter(pk=found.pk).update(status="approved")
    found.refresh_from_db()
    return found


def form(**fields):
    return {
        "action": "save",
        "revision": "0",
        "reply": "ขอบคุณสำหรับความเห็น",
        "decision": "accept_part",
        "reason": "ลดภาระรายย่อย",
        "provision": "",
        "before_text": "",
        "after_text": "",
        "reply_en": "",
        **fields,
    }


def test_save_then_sign_then_unsign(bench, fee, client):
    address = url("desk_answer", bench, fee.number)
    provision = bench.version.provisions.filter(kind="section").first()
    old = provision.text[5:20]
    data = form(provision=provision.pk, before_text=old, after_text="ข้อความใหม่")
    client.force_login(bench.editor)
    assert client.post(address, data).status_code == 302
    response = ThemeResponse.objects.get()
    assert (response.before_text, response.provision) == (old, provision)
    refused = client.post(address, {"action": "sign", "revision": "1"})
    assert refused.status_code in {302, 403}
    response.refresh_from_db()
    assert response.signed_at is None
    client.force_login(bench.approver)
    assert client.post(address, {"action": "sign", "revision": "1"}).status_code == 302
    response.refresh_from_db()
    assert response.signed_by == bench.approver
    again = client.post(address, form(revision="2", reply="แก้หลังลงนาม"))
    assert again.status_code == 422
    assert "แก้หลังลงนาม" in again.content.decode()
    page = client.get(url("desk_answers", bench)).content.decode()
    assert "ตอบและลงนามแล้ว 1 จาก 1 ประเด็น" in page
    client.post(
        url("desk_theme", bench, fee.number),
        {"action": "reopen", "revision": str(fee.revision)},
    )
    fee.refresh_from_db()
    assert fee.status == "approved", "a signed answer holds its theme"
    client.post(address, {"action": "unsign", "revision": "2"})
    response.refresh_from_db()
    assert response.signed_at is None
    kinds = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"answer.saved", "answer.signed", "answer.unsigned"} <= kinds


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"before_text": "ไม่มีในร่าง", "after_text": "ใหม่"}, "เลือกมาตราที่แก้"),
        ({"provision": "first", "before_text": "ไม่มีในร่าง"}, "ไม่พบข้อความนี้ตรงตัวอักษร"),
        ({"provision": "999999"}, "ของร่างฉบับที่รับฟัง"),
        ({"decision": "maybe"}, "เลือกผลการพิจารณา"),
        ({"reply": "ก" * 20_001}, "ยาวเกิน"),
    ],
)
def test_bad_answers_say_why_and_keep_the_words(bench, fee, client, fields, words):
    first = bench.version.provisions.filter(kind="section").first()
    fields = {k: first.pk if v == "first" else v for k, v in fields.items()}
    client.force_login(bench.editor)
    answer = client.post(
        url("desk_answer", bench, fee.number), form(reason="เหตุผลที่พิมพ์ไว้", **fields)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "เหตุผลที่พิมพ์ไว้" in page
    assert not ThemeResponse.objects.exists()


def test_answer_conflict_keeps_both(bench, fee, client):
    address = url("desk_answer", bench, fee.number)
    client.force_login(bench.editor)
    client.post(address, form(reply="ฉบับแรก"))
    client.force_login(bench.approver)
    answer = client.post(address, form(reply="ฉบับที่สอง"))
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("สมชาย", "ฉบับแรก", "ฉบับที่สอง"):
        assert words in page
    assert ThemeResponse.objects.get().reply == "ฉบับแรก"
    assert client.post(address, form(reply="ฉบับที่สอง", revision="1")).status_code == 302
    entry = AuditEntry.objects.filter(action="answer.saved").order_by("-pk").first()
    assert entry.data["replaced"]["reply"] == "ฉบับแรก"


def test_incomplete_answer_is_not_signed(bench, fee, client):
    address = url("desk_answer", bench, fee.number)
    client.force_login(bench.approver)
    client.post(address, form(reason="", decision="pending"))
    answer = client.post(address, {"action": "sign", "revision": "1"})
    assert answer.status_code == 422
    assert "กรอกเหตุผลก่อนลงนาม" in answer.content.decode()


def test_theme_that_nobody_approved_is_not_answered(bench, client):
    client.force_login(bench.editor)
    found = theme(bench, "ใบอนุญาต")
    assert (
        client.post(url("desk_answer", bench, found.number), form()).status_code == 422
    )
    assert not ThemeResponse.objects.exists()
