"""Copies are joined; opposites, other sections and mere likeness are not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from comments.nlp import duplicates
from comments.nlp.duplicates import find_groups, near
from comments.nlp.opposites import conflict
from comments.nlp.text import Comment, key
from tests.nlp.voices import labelled

BASES = [
    "เห็นด้วยกับร่างมาตรา 7 เพราะผู้ค้ารายย่อยควรได้สิทธิขายของในพื้นที่ผ่อนผัน "
    "โดยไม่ต้องจ่ายค่าธรรมเนียมซ้ำซ้อนกับที่เทศบาลเก็บอยู่แล้ว",
    "ข้าพเจ้าสนับสนุนให้คณะกรรมการมีผู้แทนคนพิการอย่างน้อยหนึ่งคน และควรเผยแพร่รายงาน"
    "การประชุมทุกครั้งให้ประชาชนตรวจสอบได้",
    "ควรกำหนดให้หน่วยงานตอบข้อร้องเรียนภายใน 30 วัน ถ้าไม่ตอบต้องชี้แจงเหตุผลต่อสาธารณะ "
    "และให้ผู้ร้องอุทธรณ์ได้",
]


def joined(a: dict | str, b: dict | str) -> bool:
    rows = []
    for number, row in enumerate((a, b)):
        fields = {"text": row} if isinstance(row, str) else row
        rows.append(Comment(id=number, **fields))
    return bool(find_groups(rows, [key(c.text) for c in rows]).members())


def slips(text: str, rng: random.Random) -> str:
    return "".join(c for c in text if rng.random() > 0.025)


KINDS = {
    "greeting": lambda t, r: f"เรียนท่านประธาน {t} ขอบคุณครับ",
    "sentence": lambda t, r: f"{t} ผมอยู่ในพื้นที่มาสิบปีเห็นเรื่องนี้มาตลอด",
    "cut": lambda t, r: t[: int(len(t) * 0.75)],
    "spacing": lambda t, r: t.replace(" ", "").replace("ค", "ค\u200b"),
    "slips": slips,
}


@pytest.mark.parametrize("kind", KINDS)
def test_copies_are_found(kind):
    rng = random.Random(7)
    bases = BASES + [text for text, _ in labelled() if len(text) >= 60]
    found = sum(joined(base, KINDS[kind](base, rng)) for base in bases)
    assert found >= 0.9 * len(bases)


OPPOSITES = [
    (BASES[0], BASES[0].replace("เห็นด้วย", "ไม่เห็นด้วย", 1)),
    (BASES[1], BASES[1].replace("สนับสนุน", "คัดค้าน", 1)),
    (BASES[2], BASES[2].replace("ควร", "ไม่ควร", 1)),
    (BASES[2], BASES[2].replace("30", "90", 1)),
    (BASES[0], BASES[0].replace("มาตรา 7", "มาตรา 8", 1)),
    (BASES[0], BASES[0].replace("มาตรา 7", "มาตรา ๘", 1)),
    (BASES[0], BASES[0].replace("มาตรา 7", "มาตรา 7 ทวิ", 1)),
    (BASES[0], "เรียนท่าน " + BASES[0].replace("เห็นด้วย", "ไม่เห็นด้วย", 1) + " ครับ"),
    ({"text": BASES[0], "stance": "agree"}, {"text": BASES[0], "stance": "disagree"}),
    ({"text": BASES[0], "stance": "agree"}, {"text": BASES[0]}),
    ({"text": BASES[0], "section": "sec_1"}, {"text": BASES[0], "section": "sec_2"}),
    ("เห็นด้วย", "ไม่เห็นด้วย"),
]


@pytest.mark.parametrize("pair", OPPOSITES)
def test_opposites_are_never_joined(pair):
    assert not joined(*pair)
    assert not joined(*reversed(pair))


def test_provisions_and_amounts_are_read_with_their_marks():
    """No two of these name the same provision or amount, however they are dressed."""
    kinds = (
        [
            "มาตรา 5/1",
            "มาตรา 51",
            "มาตรา 5 (1)",
            "มาตรา 5.1",
            "มาตรา 5-1",
            "มาตรา 5 ทวิ",
        ],
        ["ไม่เกิน 5,000 บาท", "ไม่เกิน 500,000 บาท", "ไม่เกิน 50 บาท", "ไม่เกิน ５５ บาท"],
        ["1.5 เมตร", "15 เมตร", "1-5 เมตร", "½ เมตร", "15 ปี"],
        ["ปรับ 55,555 บาท", "ปรับ 5555 บาท", "ปรับ 555555 บาท"],
    )
    for names in kinds:
        for one in names:
            for other in names:
                a = f"ขอให้ยึดตาม{one} {BASES[1]}"
                b = f"สวัสดีค่ะ ขอให้ยึดตาม{other} {BASES[1]} ขอบคุณค่ะ"
                assert joined(a, b) == (one == other), (one, other)
                assert joined(one, f"{other} ครับ") == (one == other)


GREETING = "เรียนท่านประธานคณะกรรมาธิการที่เคารพ"


@pytest.mark.parametrize(
    ("says", "denies"),
    [
        ("ควร{}", "ไม่ควร{}"),
        ("เห็นควร{}", "ไม่เห็นควร{}"),
        ("ต้อง{}", "ไม่ต้อง{}"),
        ("{}จึงดี", "{}จึงไม่ดี"),
        ("คง{}", "ยกเลิก{}"),
        ("support {}", "do not support {}"),
        ("should {}", "shouldn't {}"),
    ],
)
def test_a_greeting_hides_no_negation(says, denies):
    says, denies = says.format(BASES[1][20:]), denies.format(BASES[1][20:])
    closing = "ทั้งนี้เพื่อประโยชน์ของประชาชนในระยะยาว"
    for a, b in ((says, denies), (denies, says)):
        assert not joined(a, f"{GREETING} {b}")
        assert not joined(a, f"{b} {closing}")
        assert not joined(f"{GREETING} {a}", f"{b} {closing}")
        assert joined(a, f"{GREETING} {a} ครับ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{} จึงเห็นด้วยกับร่างกฎหมายฉบับนี้", "{} จึงไม่เห็นด้วยกับร่างกฎหมายฉบับนี้"),
        ("ผมเห็นด้วยกับร่างนี้ทุกประการ {}", "ผมไม่เห็นด้วยกับร่างนี้ทุกประการ {}"),
        ("{} ทั้งนี้ตามมาตรา 5 ของร่าง", "{} ทั้งนี้ตามมาตรา 6 ของร่าง"),
        ("{} จึงควรแก้ไขโดยเร็วที่สุด", "{} จึงไม่ควรแก้ไขโดยเร็วที่สุด"),
        ("{} โดยปรับไม่เกิน 500 บาทก็พอ", "{} โดยปรับไม่เกิน 5,000 บาทก็พอ"),
    ],
)
def test_opposite_additions_to_one_text_are_two_groups(one, other):
    base = BASES[1]
    texts = [base, *([one.format(base), other.format(base)] * 3)]
    rows = [Comment(i, text) for i, text in enumerate(texts)]
    leader = find_groups(rows, [key(c.text) for c in rows]).leader.tolist()
    assert set(leader[1::2]).isdisjoint(leader[2::2])
    assert leader[1] == leader[3] == leader[5] == 0
    assert leader[2] == leader[4] == leader[6] == 2


def test_a_negation_that_moves_is_another_opinion():
    a = "ควรเก็บภาษีจากรายใหญ่ในเมืองทุกแห่ง ไม่ต้องเก็บจากรายย่อยในชนบทห่างไกล"
    b = "ไม่ต้องเก็บภาษีจากรายใหญ่ในเมืองทุกแห่ง ควรเก็บจากรายย่อยในชนบทห่างไกล"
    c = "เก็บภาษีจากรายใหญ่ในเมืองทุกแห่ง ไม่เก็บจากรายย่อยในชนบทห่างไกล"
    d = "ไม่เก็บภาษีจากรายใหญ่ในเมืองทุกแห่ง เก็บจากรายย่อยในชนบทห่างไกล"
    assert not joined(a, b)
    assert not joined(c, d)


def test_a_digit_is_lost_only_by_who_loses_letters():
    short = "ปรับไม่เกิน 50 บาท " + BASES[1]
    long = short.replace("50", "500")
    assert joined(long, short.replace("รายงาน", "รายาน"))
    assert not joined(short, long.replace("รายงาน", "รายาน"))


def test_what_is_drawn_out_is_the_same_word():
    assert joined("แย่มากกกกก!!!", "แย่มาก")
    assert joined("เห็นด้วยครับบบ", "เห็นด้วย")
    assert joined("ตลกมาก 55555555", "ตลกมาก 5555")
    assert not joined("ยุบ สสส", "ยุบ ส")
    assert joined("ราคา １２,０００ บาท", "ราคา ๑๒๐๐๐ บาท")


def test_negation_put_anywhere_is_seen():
    for text, _ in labelled():
        for cue in ("ควร", "ต้อง"):
            if cue in text:
                assert conflict(key(text), key(text.replace(cue, f"ไม่{cue}", 1)))


def test_two_opposite_campaigns_with_many_copies_stay_apart():
    rng = random.Random(3)
    opposite = BASES[0].replace("เห็นด้วย", "ไม่เห็นด้วย", 1)
    rows = []
    for i in range(60):
        text = (BASES[0], opposite)[i % 2]
        rows.append(Comment(i, f"{'เรียนท่าน ' * rng.randint(0, 1)}{text}"))
    members = find_groups(rows, [key(c.text) for c in rows]).members()
    for group in members.values():
        assert len({position % 2 for position in group}) == 1
    assert sum(map(len, members.values())) == 60


def test_groups_do_not_depend_on_order():
    rows = [
        Comment(i, text)
        for i, (text, _) in enumerate(labelled() + [(b, "") for b in BASES * 3])
    ]
    shuffled = rows[:]
    random.Random(5).shuffle(shuffled)

    def as_ids(comments):
        groups = find_groups(comments, [key(c.text) for c in comments]).members()
        return {tuple(sorted(comments[i].id for i in g)) for g in groups.values()}

    assert as_ids(rows) == as_ids(shuffled)


def test_the_earliest_leads():
    rows = [
        Comment(1, BASES[0], created="2026-02-02"),
        Comment(2, BASES[0], created="2026-01-01"),
    ]
    groups = find_groups(rows, [key(c.text) for c in rows]).members()
    assert groups == {1: [1, 0]}


def test_a_stock_phrase_inside_a_long_argument_is_not_a_copy():
    stock = "ขอให้หน่วยงานที่เกี่ยวข้องช่วยตรวจสอบและแก้ไขโดยด่วน"
    assert not near(key(stock), key(stock + BASES[0] + BASES[1] + BASES[2]))


def test_short_texts_join_only_when_equal():
    assert joined("ถนนพัง ครับ", "ถนนพัง!")
    assert not joined("ถนนพังมาก", "ถนนพัง")
    assert joined("😀", " 😀 ")
    assert not joined("😀", "😡")


def test_outlines_never_hide_near_copies():
    """The cheap test before the exact one refuses only what the exact one refuses."""
    rng = random.Random(3)
    words = [
        "ค่าปรับ",
        "สูง",
        "เกินไป",
        "สำหรับ",
        "ร้านเล็ก",
        "ควร",
        "ลด",
        "ลง",
        "ครึ่งหนึ่ง",
        "และ",
        "ให้",
        "เวลา",
        "ปรับตัว",
    ]
    base = ["".join(rng.choices(words, k=rng.randrange(8, 60))) for _ in range(60)]
    keys = [
        made
        for text in base
        for made in (
            text,
            "".join(c for c in text if rng.random() > 0.03),
            text[: int(len(text) * 0.6)],
            text + text[:40],
            text[len(text) // 2 :] + rng.choice(base)[:30],
        )
        if len(made) >= duplicates.FUZZY_LENGTH
    ]
    _bands, bits, counts = duplicates.sketch(keys)
    outlines = duplicates.Outlines.of(bits, counts)
    pairs = [(a, b) for a in range(len(keys)) for b in range(a)]
    rows, heads = np.array(pairs).T
    possible = outlines.may_be_near(rows, heads)
    found = np.array([near(keys[a], keys[b]) for a, b in pairs])
    assert found.sum() > 100
    assert not (found & ~possible).any()
    assert possible.sum() < len(pairs) / 2  # and it refuses most
