"""Every promise is a row of the table: what is said and done follow it alike."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from cms.standing_pages import STANDING_PAGES
from comments import promises
from comments.models import Comment, PreparedResponse
from comments.privacy import redact
from consultations.report import files, services
from consultations.report.collect import collect
from tests import factories as make
from tests.promises.conftest import send
from tests.promises.test_public_rows import rows_of
from tests.report import builders
from tests.test_translations import python_messages, template_messages

ROOT = Path(__file__).parents[2]
SAVE, REVIEW = (f"/consultations/test-law/respond/{end}" for end in ("save/", ""))
#: Words of sentences about what is collected, shown, kept, covered and counted.
SPEAKS = re.compile(
    "เก็บ|เผยแพร่|ปกปิด|ลบ|สาธารณะ|ใครเห็น|ผู้อื่นเห็น| ปี|คุกกี้|ไม่แสดง|นับรวม|นับแยก|ไม่ต้องบอกชื่อ"
)
#: What these words are used for besides: names of buttons, choices and headings, what
#: became of one comment, the law, and what the reader should do.
NO_PROMISE = {
    "การเผยแพร่",
    "เก็บไว้กับตัว พิมพ์หน้านี้หรือบันทึกเป็น PDF ได้",
    "เก็บเลขรับนี้ไว้ติดตาม",
    "เก็บอะไร เพราะอะไร ใครเห็น และนานเท่าใด",
    "ผู้เก็บ: %(agency)s",
    "ให้ผู้อื่นเห็นอะไรบ้าง",
    "ฐานกฎหมาย: ภารกิจเพื่อประโยชน์สาธารณะ (มาตรา 24 (4)) ไม่ใช่ความยินยอม",
    "คุณมีสิทธิขอเข้าถึง ขอสำเนา ขอแก้ไข คัดค้าน ขอให้ลบหรือระงับใช้ "
    "และร้องเรียนต่อคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล "
    "อย่าใส่ข้อมูลสุขภาพ ศาสนา หรือความเห็นทางการเมืองของบุคคลที่ระบุตัวได้ในข้อความ",
    "ลบ",
    "ไม่ลบ",
    "ลบทันที",
    "ลบความเห็นนี้หรือไม่",
    "ปกปิดข้อมูลส่วนบุคคล %(n)s แห่ง",
    "ข้อความที่พิมพ์อยู่ด้านล่าง คัดลอกเก็บไว้ได้",
    "ส่งหลังปิดรับ %(n)s นับแยกไว้",
    "ได้รับแล้ว กำลังตรวจก่อนเผยแพร่",
    "ผู้แสดงความคิดเห็นขอไม่เผยแพร่ข้อความ",
    "นี่คือร่างฉบับที่ %(n)s ของการรับฟังรอบก่อน เก็บไว้ให้อ่านและอ้างอิง",
    "หน่วยงานระบุว่าซ้ำกับความเห็นนี้ จึงนับแยกไว้:",
    "ยังไม่มีอะไรถูกส่ง เบราว์เซอร์ไม่ได้ส่งรหัสความปลอดภัยของแบบฟอร์มมา "
    "เปิดหน้าเดิมใหม่แล้วลองอีกครั้ง ถ้ายังไม่ได้ ให้อนุญาตคุกกี้ของเว็บไซต์นี้",
}
FORMS = (
    "consultations/commenting/",
    "templates/consultations/commenting/",
    "templates/consultations/reading/",
    "templates/cms/",
)


def functions_of(path: Path) -> set[str]:
    body = ast.parse(path.read_text()).body
    return {node.name for node in body if isinstance(node, ast.FunctionDef)}


def test_every_sentence_has_a_test_that_exists():
    for one in promises.sentences():
        file, _colons, name = one.proof.partition("::")
        assert name in functions_of(ROOT / file), one


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_command_prints_every_sentence_in_both_languages(language, capsys):
    call_command("promises")
    told = capsys.readouterr().out
    with translation.override(language):
        for one in promises.sentences():
            line = f"{language} {one.key}.{one.aspect}: {one.text}\n    {one.proof}"
            assert line in told
            assert "%(" not in one.text
            assert bool(re.search("[ก-ฮ]", one.text)) == (language == "th"), one


def test_no_form_receipt_or_notice_makes_a_promise_of_its_own():
    found = {**python_messages(), **template_messages()}
    twins = {
        text: place
        for text, place in found.items()
        if place.startswith(FORMS) and SPEAKS.search(text) and text not in NO_PROMISE
    }
    assert not twins
    law = "การปฏิบัติภารกิจเพื่อประโยชน์สาธารณะของหน่วยงานที่จัดรับฟัง"
    rights = "ขอดู ขอแก้ คัดค้าน ขอลบ หรือขอระงับการใช้ข้อมูลได้"
    body = STANDING_PAGES["privacy"]["body"].replace(law, "").replace(rights, "")
    assert not SPEAKS.search(body)


def change(monkeypatch, key: str, **fields) -> None:
    row = dataclasses.replace(promises.TABLE[key], **fields)
    monkeypatch.setitem(promises.TABLE, key, row)


@pytest.fixture
def pages(client, db):
    """Return a function that reads form, receipt and privacy page."""
    round_ = make.make_round(slug="test-law")
    round_.consultation.affected_groups = ["ผู้ค้ารายย่อย"]
    round_.consultation.save()
    sent = send(round_, name="ปราณี", publication="full")
    urls = {"form": REVIEW, "receipt": f"/receipts/{sent.receipt}/"}

    def read(prefix: str = "") -> dict[str, str]:
        return {
            name: client.get(prefix + url).content.decode()
            for name, url in {**urls, "privacy": "/privacy/"}.items()
        }

    return read


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_privacy_page_and_the_notice_print_every_row(pages, prefix):
    told = pages(prefix)
    with translation.override("en" if prefix else "th"):
        for key in promises.TABLE:
            words = promises.said(key, "why", "shown", "kept")
            assert words in told["form"], key
            assert words in told["privacy"], key
        for key in promises.NOTICE:
            assert promises.pledge(key) in told["privacy"]
        assert promises.kept("name") in told["receipt"]
        assert promises.shown("receipt") in told["receipt"]


@pytest.mark.parametrize(
    ("key", "fields", "aspect", "where"),
    [
        ("name", {"keep": promises.Years(7, 8)}, "kept", "form receipt privacy"),
        ("province", {"smallest": 11}, "shown", "form privacy"),
        ("group", {"seen": promises.Seen.PUBLIC}, "shown", "form privacy"),
        ("prepared", {"keep": promises.Days(12)}, "kept", "form privacy"),
        ("text", {"seen": promises.Seen.OFFICIALS}, "shown", "form privacy"),
    ],
)
def test_a_row_that_changes_changes_what_is_said(
    pages, monkeypatch, key, fields, aspect, where
):
    before = promises.said(key, "what", "why", "shown", "kept")
    change(monkeypatch, key, **fields)
    told, words = pages(), promises.said(key, aspect)
    assert before != promises.said(key, "what", "why", "shown", "kept")
    assert [name for name in where.split() if words not in told[name]] == []


@pytest.mark.django_db
def test_a_row_that_changes_changes_what_is_shown(client, monkeypatch):
    round_ = builders.closed_round()
    about = {"province": "ระนอง", "capacity": "academic", "group": "ผู้บริโภค"}
    send(round_, name="ปราณี", publication="full", **about)
    url = f"/comments/{Comment.objects.get().public_id}/"

    def told() -> tuple[str, str]:
        given = collect(builders.draft_report(round_), now=builders.NOW)
        source = services.source_of(given, round_)
        rows = rows_of("xlsx", files.EXPORTERS["xlsx"].render(source))
        return client.get(url).content.decode(), str(rows[1])

    assert not any("ระนอง" in text or "นักวิชาการ" in text for text in told())
    for key in ("province", "capacity"):
        change(monkeypatch, key, seen=promises.Seen.PUBLIC)
    assert all("ระนอง" in text and "นักวิชาการ" in text for text in told())
    assert not any("10.17" in text or "10:17" in text for text in told())
    change(monkeypatch, "received", seen=promises.Seen.PUBLIC)
    assert all("10.17" in text or "10:17" in text for text in told())
    # What is kept with a comment when it comes is decided then.
    change(monkeypatch, "name", seen=promises.Seen.OFFICIALS)
    change(monkeypatch, "text", seen=promises.Seen.OFFICIALS)
    send(round_, name="ปราณี", publication="full")
    last = Comment.objects.order_by("pk").last()
    assert (last.public_name, last.status) == ("", "withheld")


def save_one(client, text: str):
    round_ = make.make_round(slug="test-law")
    section = round_.version.provisions.first()
    said = {"subject": f"p{section.pk}", "stance": "agree", "text": text}
    return round_, client.post(SAVE, said)


@pytest.mark.django_db
def test_the_cookie_lives_as_long_as_what_it_finds(client, monkeypatch):
    change(monkeypatch, "prepared", keep=promises.Days(12))
    round_, answer = save_one(client, "ดี")
    cookie = answer.cookies[f"prepared-{round_.pk}"]
    assert cookie["max-age"] == 12 * 24 * 3600
    assert cookie["httponly"]


@pytest.mark.django_db
def test_another_browser_sees_nothing_prepared(client):
    save_one(client, "ค้างไว้ก่อน")
    assert PreparedResponse.objects.exists()
    draft = "/consultations/test-law/draft/sec_1/"
    assert "ค้างไว้ก่อน" in client.get(draft).content.decode()
    assert "ค้างไว้ก่อน" not in Client().get(draft).content.decode()


EXAMPLES = {
    "เลขประจำตัวประชาชน": "1-2345-67890-12-1",
    "อีเมล": "somchai@example.org",
    "เลขบัญชี": "เลขที่บัญชี 123-4-56789-0",
    "หมายเลขโทรศัพท์": "081-234-5678",
    "ไอดีไลน์": "ไลน์ไอดี somchai.99",
    "เลขหนังสือเดินทาง": "หนังสือเดินทาง AA1234567",
    "รหัสหลังบัตร": "JT1-1234567-12",
    "ที่อยู่": "บ้านเลขที่ 99/1 หมู่ 4",
}


def test_each_kind_that_is_named_is_covered():
    with translation.override("th"):
        words = promises.pledge("covered")
    named = words.removeprefix("ระบบปกปิด").removesuffix("ที่พบในข้อความก่อนเผยแพร่")
    assert named.split(", ") == list(EXAMPLES)
    for kind, example in EXAMPLES.items():
        assert f"[ปกปิด: {kind}]" in redact(f"ติดต่อ {example} ครับ").text


@pytest.mark.django_db
def test_pages_send_nothing_elsewhere(client):
    make.make_round(slug="test-law")
    for url in ("/", "/consultations/test-law/", REVIEW, "/privacy/"):
        answer = client.get(url)
        policy = answer.headers["Content-Security-Policy"]
        assert re.search(r"default-src '(?:self|none)'", policy)
        assert not re.search(r"https?:", policy)
        loads = r'<(?:script|img|link)[^>]+(?:src|href)="(?:https?:)?//'
        assert not re.search(loads, answer.content.decode())
        assert set(answer.cookies) <= {"csrftoken"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_notice_leads_to_the_agencies_below_a_sub_path_too(
    client: Any, language: str
) -> None:
    page = client.get(f"{language}/privacy/").content.decode()
    linked = re.findall(r'href="([^"]*agencies/)"', page.partition('id="dpo"')[2])
    assert urljoin(f"/below{language}/privacy/", linked[0]) == (
        f"/below{language}/agencies/"
    )
