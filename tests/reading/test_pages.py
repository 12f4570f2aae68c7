"""Every public reading page, in every state, in both languages."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from comments import promises
from comments.models import Comment, ModerationEvent, Tally
from consultations.models import Round, StageChoices
from consultations.reading.selectors import texts as texts_selector
from drafts.models import DraftVersion, Provision, ProvisionNote
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(db):
    return make.make_round(title="การรับฟังร่างพระราชบัญญัติน้ำ", slug="water-act")


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


PAGES = [
    "/",
    "/consultations/",
    "/consultations/water-act/",
    "/consultations/water-act/draft/",
    "/consultations/water-act/draft/sec_2/",
    "/consultations/water-act/draft/v1/",
    "/consultations/water-act/draft/v1/sec_2/",
    "/consultations/water-act/questions/",
    "/consultations/water-act/questions/1/",
    "/consultations/water-act/comments/",
    "/consultations/water-act/changes/",
    "/agencies/",
]


@pytest.mark.parametrize("stage", StageChoices.values)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_answers_at_every_stage(client, prefix: str, stage: str) -> None:
    make.make_round(slug="water-act", stage=stage)
    for page in PAGES:
        response = client.get(prefix + page)
        hidden = stage == "draft" and "water-act" in page
        assert response.status_code == (404 if hidden else 200), (page, stage)


def test_a_consultation_being_prepared_is_not_in_any_list(client) -> None:
    make.make_round(stage="draft", title="เรื่องลับ", slug="secret")
    for page in ["/", "/consultations/", "/agencies/"]:
        assert "เรื่องลับ" not in text(client.get(page))


def test_the_stage_follows_the_clock_not_the_stored_stage(client) -> None:
    yesterday = make.TODAY - dt.timedelta(days=1)
    make.make_round(stage="open", slug="over", closes_on=yesterday)
    make.make_round(stage="announced", slug="on", title="เรื่องที่เปิดแล้ว")
    page = text(client.get("/consultations/over/"))
    assert "ปิดรับฟังแล้ว" in page and "แสดงความคิดเห็นรายมาตรา" not in page
    listed = text(client.get("/consultations/?stage=open"))
    assert "/consultations/on/" in listed and "/consultations/over/" not in listed


@pytest.mark.parametrize(
    "address",
    [
        "/consultations/nothing/",
        "/consultations/water-act/draft/sec_999/",
        "/consultations/water-act/draft/v9/",
        "/consultations/water-act/draft/v99999999999999999999/",
        "/consultations/water-act/questions/99/",
        "/comments/nothing/",
        "/agencies/nothing/",
        "/en/consultations/nothing/",
    ],
)
def test_what_is_not_there_is_404_with_a_search_box(client, round_, address) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert 'name="q"' in response.content.decode()


@pytest.mark.parametrize("query", ["?page=x", "?page=999", "?stage=x&agency=x"])
def test_a_list_shrugs_off_a_senseless_query(client, round_, query) -> None:
    assert "ร่างพระราชบัญญัติน้ำ" in text(client.get(f"/consultations/{query}"))


@pytest.mark.parametrize(
    "query",
    [
        "from=x",
        "from=o",
        "from=n99999999999999999999",
        "order=x",
        "order=least_seen&from=1",
        "late=2",
    ],
)
def test_a_comment_list_shrugs_off_a_senseless_query(client, round_, query) -> None:
    make.make_comments(round_, ["ความเห็นหนึ่ง"])
    text(client.get(f"/consultations/water-act/draft/sec_1/?{query}"))


def test_counts_and_notes_stand_beside_the_section(client, round_) -> None:
    section = round_.version.provisions.get(eid="sec_2")
    Tally.objects.create(
        round=round_,
        provision=section,
        subject=f"p{section.pk}",
        agree=12,
        agree_with_changes=3,
        disagree=40,
        total=55,
    )
    for number, note in [(1, "คำอธิบายเก่า"), (2, "คำอธิบายใหม่")]:
        ProvisionNote.objects.create(
            provision=section,
            kind="plain",
            number=number,
            text=note,
            text_en="A plain note",
            created_at=make.NOW,
        )
    page = text(client.get("/consultations/water-act/draft/"))
    assert "เห็นด้วย 12 · เห็นด้วยโดยมีข้อแก้ไข 3 · ไม่เห็นด้วย 40 · 55 ความเห็น" in page
    assert "คำอธิบายใหม่" in page and "คำอธิบายเก่า" not in page
    assert "A plain note" in text(client.get("/en/consultations/water-act/draft/"))


def test_comments_are_shown_as_their_state_allows(client, round_) -> None:
    said = {
        "published": "ข้อความที่เผยแพร่\nบรรทัดที่สอง <b>&",
        "hidden": "ข้อความที่ซ่อน",
        "withheld": "ข้อความที่ขอไม่เผยแพร่",
        "withdrawn": "ข้อความที่ถอน",
        "received": "ข้อความที่รอตรวจ",
    }
    ids = {}
    for status, words in said.items():
        ids[status] = make.make_comments(
            round_,
            [words],
            status=status,
            public_name="สมชาย",
            hidden_ground="abusive" if status == "hidden" else "",
        )[0]
    ModerationEvent.objects.create(
        comment=ids["hidden"],
        kind="hidden",
        ground="abusive",
        created_at=make.NOW,
        note="เฉพาะเจ้าหน้าที่",
    )
    page = text(client.get("/consultations/water-act/draft/sec_1/"))
    assert "ข้อความที่เผยแพร่\nบรรทัดที่สอง &lt;b&gt;&amp;" in page
    assert "หยาบคายหรือข่มขู่คุกคาม, 23 พ.ย. 2569" in page
    assert "เฉพาะเจ้าหน้าที่" not in page
    assert page.count("สมชาย") == 1
    for status in ["hidden", "withheld", "withdrawn", "received"]:
        assert said[status] not in page
        alone = text(client.get(f"/comments/{ids[status].public_id}/"))
        assert said[status] not in alone and "สมชาย" not in alone


def test_a_withdrawn_round_can_still_be_read(client, round_) -> None:
    make.make_comments(round_, ["เผยแพร่ก่อนถอน"])
    make.make_comments(round_, ["ขอไม่เผยแพร่"], status="withheld")
    Round.objects.filter(pk=round_.pk).update(stage="withdrawn")
    page = text(client.get("/consultations/water-act/draft/sec_1/"))
    assert "เผยแพร่ก่อนถอน" in page and "ขอไม่เผยแพร่</p>" not in page
    assert promises.pledge("counted") in page
    front = text(client.get("/consultations/water-act/draft/"))
    assert promises.pledge("stays") in front


def test_late_comments_are_in_a_list_of_their_own(client, round_) -> None:
    make.make_comments(round_, ["มาทันเวลา"])
    make.make_comments(round_, ["มาสาย"], late=True)
    address = "/consultations/water-act/draft/sec_1/"
    assert "มาสาย" not in text(client.get(address))
    late = text(client.get(f"{address}?late=1"))
    assert "มาสาย" in late and "มาทันเวลา" not in late


def test_proposed_wording_is_a_redline_against_the_text(client, round_) -> None:
    section = round_.version.provisions.get(eid="sec_1")
    new = section.text.replace("สามสิบวัน", "หกสิบวัน")
    comment = make.make_comments(round_, ["ขอแก้"], public_suggestion=new)[0]
    page = text(client.get(f"/comments/{comment.public_id}/"))
    said = re.sub(r'<span class="visually-hidden">(.*?)</span>', r"\1", page)
    assert "<del>[ตัดคำว่า]สาม" in said and "<ins>[เพิ่มคำว่า]หก" in said


def test_an_earlier_version_stays_and_says_what_it_is(client, round_) -> None:
    consultation = round_.consultation
    version = make.make_version(consultation.draft, 3)
    consultation.rounds.create(
        number=2,
        version=version,
        stage="open",
        opens_on=make.TODAY,
        closes_on=make.TODAY,
    )
    old = text(client.get("/consultations/water-act/draft/v1/sec_1/"))
    assert "ฉบับที่ 1 ของการรับฟังรอบก่อน" in old and "แสดงความคิดเห็นต่อ" not in old
    assert text(client.get("/consultations/water-act/draft/v2/"))
    changes = text(client.get("/consultations/water-act/changes/"))
    assert "ตัดออก" in changes


def test_a_section_is_found_by_the_number_typed(client, round_) -> None:
    for typed in ["3", "๓", "มาตรา ๓"]:
        response = client.get("/consultations/water-act/draft/", {"section": typed})
        assert response.url.endswith("#sec_3")
    page = text(client.get("/consultations/water-act/draft/", {"section": "๙๙"}))
    assert "ไม่มีมาตราหรือข้อเลข “๙๙”" in page


def test_the_language_switch_keeps_page_and_query(client, round_) -> None:
    page = text(client.get("/consultations/?stage=open"))
    assert 'href="/en/consultations/?stage=open"' in page
    page = text(client.get("/en/consultations/?stage=open"))
    assert 'href="/consultations/?stage=open"' in page


def test_law_text_is_marked_as_thai_on_english_pages(client, round_) -> None:
    page = text(client.get("/en/consultations/water-act/draft/sec_1/"))
    assert '<html lang="en">' in page and '<div class="law" lang="th">' in page
    assert 'lang="th">มาตรา ๑</span>' in page and "Section 2" in page


def test_htmx_gets_the_form_alone_and_caches_keep_them_apart(client, round_) -> None:
    address = "/consultations/water-act/draft/sec_1/"
    fragment = client.get(address, headers={"HX-Request": "true"})
    assert "<html" not in text(fragment) and "data-focus" in text(fragment)
    assert "HX-Request" in fragment["Vary"]
    page = client.get(address)
    assert "<html" in text(page) and "HX-Request" in page["Vary"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_reading_pages_only_read(client, round_, method) -> None:
    assert getattr(client, method)("/consultations/water-act/").status_code == 405


def test_overdue_results_are_named_on_the_front_page(client) -> None:
    month_ago = make.TODAY - dt.timedelta(days=31)
    make.make_round(
        title="เรื่องที่ค้างนาน",
        slug="waiting",
        stage="closed",
        closes_on=month_ago,
        opens_on=month_ago,
        legal_basis="project_2548",
    )
    page = text(client.get("/"))
    assert "เกินกำหนดประกาศผล" in page and "ครบกำหนด 7 พ.ย. 2569" in page
    assert "เกินกำหนดประกาศผล 16 วัน" in text(client.get("/consultations/waiting/"))


def test_information_stands_under_the_headings_of_its_legal_basis(client) -> None:
    make.make_round(
        slug="road",
        legal_basis="project_2548",
        information={"reasons": "ถนนเดิมแคบ", "unknown": "ไม่ควรเห็น", "place": " "},
    )
    page = text(client.get("/consultations/road/"))
    assert "เหตุผล ความจำเป็น และวัตถุประสงค์" in page and "ถนนเดิมแคบ" in page
    assert "ไม่ควรเห็น" not in page and "สถานที่ที่จะดำเนินการ" not in page
    english = text(client.get("/en/consultations/road/"))
    assert "Reasons, need and aims" in english


def test_documents_have_a_name_a_format_and_a_size(client, round_) -> None:
    round_.consultation.documents.create(
        title="รายงานวิเคราะห์ผลกระทบ",
        kind="ria",
        file="documents/2026/ria.pdf",
        size=1_340_000,
        sha256="0" * 64,
        created_at=make.NOW,
    )
    page = text(client.get("/consultations/water-act/"))
    assert ">รายงานวิเคราะห์ผลกระทบ</a>" in page and "PDF 1.3 MB" in page


@pytest.mark.parametrize("slug", ["privacy", "accessibility"])
def test_the_pages_the_footer_links_to_are_there(client, slug: str) -> None:
    assert f'href="/{slug}/"' in text(client.get("/consultations/"))
    thai, english = text(client.get(f"/{slug}/")), text(client.get(f"/en/{slug}/"))
    assert "<h2" in thai and "<h2" in english
    assert "WCAG 2.2" in english or "section 23" in english
    if slug == "privacy":
        assert 'id="dpo"' in thai


def test_references_are_links_and_defined_terms_are_explained(
    client, monkeypatch
) -> None:
    round_ = make.make_round(slug="terms")
    draft = round_.consultation.draft
    version = DraftVersion.objects.create(
        draft=draft,
        number=9,
        revision=draft.save_revision(),
        title="ร่าง",
        law_kind="act",
        sha256="0",
        frozen_at=make.NOW,
    )
    texts = [
        "ในพระราชบัญญัตินี้\n“ผู้ใช้น้ำ” หมายความว่า บุคคลซึ่งใช้น้ำจากทางน้ำ",
        "ผู้ใช้น้ำต้องยื่นคำขอตามมาตรา ๑ และมาตรา ๙๙ <b>",
    ]
    for number, words in enumerate(texts, 1):
        Provision.objects.create(
            version=version,
            order=number,
            kind="section",
            eid=f"sec_{number}",
            label=f"มาตรา {number}".translate(make.THAI),
            text=words,
            sha256="0",
            number=[number, 0, 0, 0],
            paragraphs=[
                {"eid": f"sec_{number}__para_{n}", "text": line, "items": []}
                for n, line in enumerate(words.split("\n"), 1)
            ],
        )
    round_.version = version
    round_.save()
    page = text(client.get("/consultations/terms/draft/sec_2/"))
    assert '<a href="/consultations/terms/draft/sec_1/">มาตรา ๑</a>' in page
    assert "มาตรา ๙๙ &lt;b&gt;" in page and "draft/sec_99/" not in page
    assert "บุคคลซึ่งใช้น้ำจากทางน้ำ</dd>" in page
    # On the page of the draft too, or only links where there are very many.
    assert "บุคคลซึ่งใช้น้ำจากทางน้ำ</dd>" in text(client.get("/consultations/terms/draft/"))
    monkeypatch.setattr(texts_selector, "TERM_LETTERS", 10)
    page = text(client.get("/consultations/terms/draft/"))
    assert "บุคคลซึ่งใช้น้ำจากทางน้ำ</dd>" not in page
    assert 'href="/consultations/terms/draft/sec_1/#sec_1__para_2"' in page


def test_a_comment_of_an_earlier_round_does_not_point_into_the_present_one(
    client, round_
) -> None:
    question = round_.questions.first()
    comment = make.make_comments(round_, ["คำตอบ"])[0]
    alone = text(client.get(f"/comments/{comment.public_id}/"))
    assert "/consultations/water-act/draft/sec_1/" in alone
    Comment.objects.bulk_create(
        [
            Comment(
                submission=comment.submission,
                round=round_,
                question=question,
                stance="agree",
                status="published",
                public_id="answer1",
                public_text="ตอบ",
                received_at=make.NOW,
            )
        ]
    )
    link = "/consultations/water-act/questions/1/"
    assert link in text(client.get("/comments/answer1/"))
    round_.consultation.rounds.create(
        number=2,
        version=make.make_version(round_.consultation.draft, 3),
        stage="open",
        opens_on=make.TODAY,
        closes_on=make.TODAY,
    )
    assert link not in text(client.get("/comments/answer1/"))
    moved = text(client.get(f"/comments/{comment.public_id}/"))
    assert "/consultations/water-act/draft/v1/sec_1/" in moved
