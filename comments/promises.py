"""What is collected, why, who sees it and how long it is kept: one table.

Forms, notices, receipts and the privacy page print the sentences of these rows and no
others; retention, lists, tables and files do what the rows say.  So a row that changes
changes what is said and what is done at once.  ``manage.py promises`` prints every
sentence with its row and the test that proves it.  Rows are looked up when they are
needed; nobody keeps one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comments.privacy import RULES
from drafts import clock
from drafts.requests import parse_rates

_T = "tests/promises/"


class Seen(StrEnum):
    """Who sees a datum.  ``COUNTED``: everybody, in tables, never of one person."""

    PUBLIC = gettext_noop("ทุกคนเห็นข้างข้อความของคุณ")
    DAY = gettext_noop("ทุกคนเห็นวันที่ ไม่เห็นเวลา")
    TEXT = gettext_noop("ทุกคนอ่านได้ เว้นแต่คุณเลือกไม่เผยแพร่ข้อความ")
    CHOSEN = gettext_noop("ทุกคนเห็นเมื่อคุณเลือกให้เผยแพร่ชื่อเท่านั้น")
    COUNTED = gettext_noop(
        "ใช้นับในตารางเท่านั้น ไม่แสดงคู่กับข้อความของคุณ และไม่แสดงตัวเลขที่น้อยกว่า %(smallest)s"
    )
    OFFICIALS = gettext_noop("ไม่เผยแพร่ เห็นเฉพาะเจ้าหน้าที่ที่มีหน้าที่")
    LOGGED = gettext_noop("ไม่เผยแพร่ เห็นเฉพาะเจ้าหน้าที่ที่มีหน้าที่ และบันทึกทุกครั้งที่เปิดดู")
    HOLDER = gettext_noop("ใครมีเลขรับหรือคิวอาร์เปิดดูและถอนความคิดเห็นได้")
    BROWSER = gettext_noop("เห็นเฉพาะในเบราว์เซอร์ของคุณ")
    NOBODY = gettext_noop("ไม่มีใครเห็น")


@dataclass(frozen=True, slots=True)
class Years:
    """Kept for years after the results, or after closing where there are none."""

    results: int
    closing: int


@dataclass(frozen=True, slots=True)
class Days:
    """Kept for days after the last change, unless it is sent before."""

    days: int


@dataclass(frozen=True, slots=True)
class DaysSince:
    """Kept for days after the last time that somebody signed in."""

    days: int


class Keep(StrEnum):
    """How long, where no figure is needed."""

    RECORD = gettext_noop("เก็บเป็นเอกสารราชการ")
    RUN = gettext_noop("ลบเมื่อการวิเคราะห์จบ ไม่ว่าจบอย่างไร")
    #: as long as the longest window of ``settings.LIMITS``
    LIMITS = gettext_noop("ลบใน %(hours)s ชั่วโมง เก็บเป็นรหัสที่ย้อนกลับไม่ได้")


@dataclass(frozen=True, slots=True)
class Row:
    """One datum.  ``proofs`` are the tests of ``seen`` and of ``keep``.

    ``keep`` may name the row together with which it is erased; ``smallest`` is the
    least number of people that a table tells of.
    """

    what: str
    why: str
    seen: Seen
    keep: Years | Days | DaysSince | Keep | str
    proofs: tuple[str, str]
    smallest: int = 1


@dataclass(frozen=True, slots=True)
class Pledge:
    """A sentence that is about no single datum, with the test that proves it."""

    text: str
    proof: str


_ROWS = f"{_T}test_public_rows.py::"
_PAGES = f"{_ROWS}test_no_public_page_tells_of_a_person_what_is_only_counted"
_SMALL = f"{_T}test_small_cells.py::test_no_hidden_number_can_be_computed"
_KEPT = f"{_T}test_retention.py::"
_ERASED = f"{_KEPT}test_identity_is_erased_the_day_after_its_time"
_STAYS = f"{_KEPT}test_erasing_touches_no_word_hash_or_count"
_SAID = f"{_T}test_sentences.py::"
_RUN = "tests/themes/test_runs.py::test_no_text_outlives_its_run"
_SIGN_IN = "tests/accounts/test_sign_in.py::"
_PUBLIC = "tests/commenting/test_public.py::"
_MODERATION = "tests/commenting/test_moderation.py::"

TABLE: dict[str, Row] = {
    "text": Row(
        gettext_noop("ความคิดเห็น"),
        gettext_noop("ให้หน่วยงานรับฟัง วิเคราะห์ และตอบ"),
        Seen.TEXT,
        Keep.RECORD,
        (f"{_ROWS}test_a_withheld_text_is_shown_to_nobody", _STAYS),
    ),
    "typed": Row(
        gettext_noop("ข้อความตามที่พิมพ์ ก่อนปกปิด"),
        gettext_noop("ให้ตรวจได้ว่าไม่มีความคิดเห็นใดหายหรือถูกแก้"),
        Seen.LOGGED,
        Keep.RECORD,
        (f"{_MODERATION}test_who_may_do_what_at_the_desk", _STAYS),
    ),
    "name": Row(
        gettext_noop("ชื่อ และหน่วยงานหรือองค์กร ถ้าคุณบอก"),
        gettext_noop("ให้หน่วยงานรู้ว่าใครแสดงความคิดเห็น"),
        Seen.CHOSEN,
        Years(results=2, closing=3),
        (
            f"{_ROWS}test_an_organisation_that_is_named_has_its_kind_beside_its_text",
            _ERASED,
        ),
    ),
    "email": Row(
        gettext_noop("อีเมล ถ้าคุณบอก"),
        gettext_noop("ให้หน่วยงานติดต่อกลับเพื่อสอบถามเพิ่มเติม"),
        Seen.OFFICIALS,
        "name",
        (_PAGES, _ERASED),
    ),
    "kind": Row(
        gettext_noop("ชนิดขององค์กร"),
        gettext_noop("ให้ผู้อ่านรู้ว่าองค์กรใดพูด"),
        Seen.CHOSEN,
        Keep.RECORD,
        (f"{_ROWS}test_a_kind_is_told_of_named_organisations_only", _STAYS),
    ),
    "capacity": Row(
        gettext_noop("ฐานะของคุณ"),
        gettext_noop("ให้รายงานบอกว่าใครแสดงความคิดเห็นบ้าง"),
        Seen.COUNTED,
        Keep.RECORD,
        (_SMALL, _STAYS),
        smallest=5,
    ),
    "group": Row(
        gettext_noop("กลุ่มผู้ได้รับผลกระทบ ถ้าคุณเลือก"),
        gettext_noop("ให้รายงานบอกว่าแต่ละกลุ่มเห็นต่างกันอย่างไร"),
        Seen.COUNTED,
        Keep.RECORD,
        (_SMALL, _STAYS),
        smallest=5,
    ),
    "province": Row(
        gettext_noop("จังหวัด ถ้าคุณเลือก"),
        gettext_noop("ให้รายงานบอกว่าความคิดเห็นมาจากที่ใด"),
        Seen.COUNTED,
        Keep.RECORD,
        (_SMALL, _STAYS),
        smallest=5,
    ),
    "identity": Row(
        gettext_noop("ระดับการยืนยันตัวตน"),
        gettext_noop("ให้รายงานบอกว่าผู้แสดงความคิดเห็นบอกชื่อหรือไม่"),
        Seen.COUNTED,
        Keep.RECORD,
        (_SMALL, _STAYS),
        smallest=5,
    ),
    "received": Row(
        gettext_noop("วันเวลาที่ได้รับ"),
        gettext_noop("ให้รู้ว่าส่งทันวันปิดรับฟังหรือไม่"),
        Seen.DAY,
        Keep.RECORD,
        (_PAGES, _STAYS),
    ),
    "receipt": Row(
        gettext_noop("เลขรับ"),
        gettext_noop("ให้คุณติดตามและถอนความคิดเห็นได้"),
        Seen.HOLDER,
        Keep.RECORD,
        (f"{_PUBLIC}test_taking_a_comment_back", _STAYS),
    ),
    "prepared": Row(
        gettext_noop("ข้อความที่พิมพ์ค้างไว้ และคุกกี้ที่จำเป็น"),
        gettext_noop("ให้ข้อความไม่หายเมื่อออกจากหน้านี้"),
        Seen.BROWSER,
        Days(90),
        (
            f"{_SAID}test_another_browser_sees_nothing_prepared",
            f"{_KEPT}test_what_is_never_sent_is_erased",
        ),
    ),
    "run": Row(
        gettext_noop("แฟ้มข้อความสำหรับโปรแกรมวิเคราะห์"),
        gettext_noop("ให้โปรแกรมเสนอประเด็นแก่เจ้าหน้าที่"),
        Seen.NOBODY,
        Keep.RUN,
        (_RUN, _RUN),
    ),
    "address": Row(
        gettext_noop("ที่อยู่เครือข่ายของคุณ"),
        gettext_noop("ให้จำกัดจำนวนครั้งที่ส่งได้"),
        Seen.NOBODY,
        Keep.LIMITS,
        (
            f"{_KEPT}test_no_address_is_kept_and_its_mark_as_long_as_is_said",
            f"{_KEPT}test_no_address_is_kept_and_its_mark_as_long_as_is_said",
        ),
    ),
    "opened_from": Row(
        gettext_noop("รหัสที่ย้อนกลับไม่ได้ของที่อยู่เครือข่ายที่เคยเข้าสู่ระบบ ถ้าคุณมีบัญชี"),
        gettext_noop("ให้คุณเข้าสู่ระบบได้แม้ผู้อื่นลองรหัสผ่านของคุณ"),
        Seen.NOBODY,
        DaysSince(90),
        (
            f"{_SIGN_IN}test_what_is_counted_does_not_name_anybody",
            f"{_SIGN_IN}test_where_an_account_was_opened_from_is_known_as_long_as_said",
        ),
    ),
}

PLEDGES: dict[str, Pledge] = {
    "covered": Pledge(
        gettext_noop("ระบบปกปิด%(covered)sที่พบในข้อความก่อนเผยแพร่"),
        f"{_SAID}test_each_kind_that_is_named_is_covered",
    ),
    "counted": Pledge(
        gettext_noop("ทุกความเห็นนับรวมในรายงานไม่ว่าเลือกแบบใด"),
        "tests/test_accounting_walk.py::test_whatever_is_done_everything_is_accounted_for",
    ),
    "in_time": Pledge(
        gettext_noop("ความคิดเห็นของคุณนับรวมแล้ว"),
        f"{_PUBLIC}test_from_the_form_to_the_receipt",
    ),
    "late": Pledge(
        gettext_noop("ความคิดเห็นที่ส่งหลังปิดรับนับแยกไว้"),
        f"{_PUBLIC}test_a_form_left_open_is_late",
    ),
    "full": Pledge(
        gettext_noop(
            "จะเห็นว่า: “สมชาย ใจดี · ไม่เห็นด้วย · เพราะ…” ถ้าเป็นองค์กร จะเห็นชื่อและชนิดขององค์กร"
        ),
        f"{_ROWS}test_an_organisation_that_is_named_has_its_kind_beside_its_text",
    ),
    "name_withheld": Pledge(
        gettext_noop("จะเห็นว่า: “ไม่เห็นด้วย · เพราะ…” ไม่มีชื่อ"),
        f"{_ROWS}test_who_chose_no_name_has_none",
    ),
    "text_withheld": Pledge(
        gettext_noop("จะเห็นเพียงว่ามีความเห็น “ไม่เห็นด้วย” หนึ่งข้อ หน่วยงานอ่านข้อความได้"),
        f"{_ROWS}test_a_withheld_text_is_shown_to_nobody",
    ),
    "nothing_needed": Pledge(
        gettext_noop("ไม่ต้องบอกชื่อก็ส่งได้ ถ้าไม่กรอกข้อมูลเกี่ยวกับคุณ ส่งความคิดเห็นได้ตามปกติ"),
        f"{_PUBLIC}test_a_second_response_can_follow",
    ),
    "by_number_only": Pledge(
        gettext_noop("ถ้าไม่มีเลขรับ ระบบค้นจากชื่อให้ไม่ได้ เพราะเก็บชื่อแยกจากความคิดเห็น"),
        f"{_PUBLIC}test_finding_a_receipt",
    ),
    "withdrawn": Pledge(
        gettext_noop(
            "เมื่อถอน ข้อความจะไม่เผยแพร่อีก และไม่นับเป็นความเห็นด้วยหรือไม่เห็นด้วย "
            "ในรายงานจะนับเป็นความเห็นที่ถอน ถอนแล้วเอากลับคืนไม่ได้"
        ),
        f"{_PUBLIC}test_taking_a_comment_back",
    ),
    "erase": Pledge(
        gettext_noop(
            "ลบชื่อ หน่วยงาน และอีเมลที่ส่งมาพร้อมกันทันที ชื่อข้างความเห็นอื่นในใบรับนี้จะหายไปด้วย"
        ),
        f"{_KEPT}test_withdrawing_offers_to_erase_at_once",
    ),
    "stays": Pledge(
        gettext_noop("ความคิดเห็นที่เผยแพร่แล้วยังเก็บไว้และอ่านได้ที่นี่"),
        "tests/reading/test_pages.py::test_a_withdrawn_round_can_still_be_read",
    ),
    "of_before": Pledge(
        gettext_noop("ความเห็นเหล่านี้พูดถึงถ้อยคำของฉบับก่อน จึงไม่นับรวมกับรอบนี้"),
        "tests/lineage/test_links.py::"
        "test_a_provision_lists_what_was_said_of_its_ancestors",
    ),
    "nowhere_else": Pledge(
        gettext_noop("ไม่มีคุกกี้ติดตาม และหน้าเว็บไม่ส่งข้อมูลไปยังเว็บไซต์อื่น"),
        f"{_SAID}test_pages_send_nothing_elsewhere",
    ),
}
#: The pledges of a whole notice; others stand where they matter.
NOTICE = ("covered", "counted", "withdrawn", "nowhere_else")


def is_shown(key: str, *, chosen: bool) -> bool:
    """Tell whether the public sees a datum beside a text; ``chosen``: by its author."""
    seen = TABLE[key].seen
    return seen is Seen.PUBLIC or (chosen and seen in {Seen.TEXT, Seen.CHOSEN})


def beside(kind: str, word_of: Callable[[str], str]) -> str:
    """Say who speaks, beside a text: nothing that is only counted.

    ``kind`` is that of a named organisation; ``word_of`` gives the word for a key.
    """
    keys = ("capacity", "group", "province", "identity")
    shown = [word_of(key) for key in keys if is_shown(key, chosen=False)]
    return " · ".join(word for word in (kind, *shown) if word)


def moment_shown(moment: dt.datetime) -> dt.date | dt.datetime:
    """Return the moment of receipt as the public sees it: in Bangkok, its day alone."""
    by_day = TABLE["received"].seen is Seen.DAY
    return clock.local_date(moment) if by_day else timezone.localtime(moment)


def what(key: str) -> str:
    return _(TABLE[key].what)


def why(key: str) -> str:
    return _(TABLE[key].why)


def shown(key: str) -> str:
    """Say who sees a datum."""
    row = TABLE[key]
    return _(row.seen.value) % {"smallest": row.smallest}


def kept(key: str) -> str:
    """Say how long a datum is kept."""
    match TABLE[key].keep:
        case Years(results, closing):
            return _(
                "เก็บถึง %(results)s ปีหลังประกาศผล "
                "หรือ %(closing)s ปีหลังปิดรับฟังถ้าไม่มีการประกาศผล แล้วลบ"
            ) % {"results": results, "closing": closing}
        case Days(days):
            return _("ลบเมื่อส่ง ถ้าไม่ส่ง ลบใน %(days)s วัน") % {"days": days}
        case DaysSince(days):
            return _("ลบใน %(days)s วันหลังเข้าสู่ระบบครั้งสุดท้าย") % {"days": days}
        case Keep.LIMITS as keep:
            rates = map(parse_rates, settings.LIMITS.values())
            longest = max((window for _most, window in chain(*rates)), default=0)
            return _(keep.value) % {"hours": -(-longest // 3600)}
        case Keep() as keep:
            return _(keep.value)
        case other:
            return kept(other)


def pledge(key: str) -> str:
    """Say a pledge; the kinds that are covered are those of the rules that cover."""
    marks = dict.fromkeys(rule.mark[1:-1].partition(": ")[2] for rule in RULES)
    covered = ", ".join(_(mark) for mark in marks)
    return _(PLEDGES[key].text) % {"covered": covered}


_ASPECTS = {"what": what, "why": why, "shown": shown, "kept": kept, "pledge": pledge}


def said(key: str, *aspects: str) -> str:
    """Say the given aspects of a row, or a pledge where none is given."""
    return " · ".join(_ASPECTS[aspect](key) for aspect in aspects or ("pledge",))


#: For the help text of form fields: said in the reader's language, when it is read.
said_lazy = lazy(said, str)


@dataclass(frozen=True, slots=True)
class Sentence:
    key: str
    aspect: str
    text: str
    proof: str


def sentences() -> Iterator[Sentence]:
    """Yield every sentence that may be printed, with the test that proves it."""
    for key, row in TABLE.items():
        for aspect, proof in zip(("shown", "kept"), row.proofs, strict=True):
            yield Sentence(key, aspect, said(key, aspect), proof)
    for key, one in PLEDGES.items():
        yield Sentence(key, "pledge", pledge(key), one.proof)
