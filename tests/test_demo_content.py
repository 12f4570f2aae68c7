"""The demo's files keep their promises: checked as data, without Django.

What the loader and the quality test lean on: comments point at sections that
exist, words "before" are literally in the draft, invented national IDs have a
right check digit, and proposals are edits of the section they concern.
"""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "cms" / "demo" / "content"
NAMES = ("announced", "open", "amending", "closed")
#: Laws of their own; the bill of ``amending`` speaks of the sections of another.
WHOLE = ("announced", "open", "closed")
COMMENTED = ("open", "closed")
BUCKETS = {"other", "no_reason"}
STANCES = {"agree", "agree_with_changes", "disagree", "no_opinion"}
CAPACITIES = {"individual", "business", "association", "agency", "academic"}
DECISIONS = {"accept", "accept_part", "reject", "out_of_scope"}
THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
SECTION = re.compile(r"^มาตรา ([๐-๙]+)  ", re.MULTILINE)
ID_NUMBER = re.compile(r"(?<!\d)\d(?:[- ]?\d){12}(?!\d)")


@cache
def text_of(name: str, file: str = "draft.txt") -> str:
    return (FOLDER / name / file).read_text(encoding="utf-8")


@cache
def json_of(name: str, file: str) -> Any:
    return json.loads(text_of(name, file))


@cache
def comments_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text_of(name, "comments.jsonl").splitlines()]


@cache
def sections_of(name: str, file: str = "draft.txt") -> dict[str, str]:
    """Return the text between one label and the next, label by label."""
    parts = SECTION.split(text_of(name, file))
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def has_right_check_digit(number: str) -> bool:
    """Apply the Department of Provincial Administration's rule, modulo 11."""
    digits = [int(one) for one in number]
    weighted = sum(d * w for d, w in zip(digits[:12], range(13, 1, -1), strict=True))
    return digits[12] == (11 - weighted % 11) % 10


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("announced", 25, 40), ("open", 40, 60), ("closed", 25, 40)],
)
def test_sections_are_numbered_without_gaps(name: str, least: int, most: int) -> None:
    numbers = [int(one.translate(THAI_DIGITS)) for one in sections_of(name)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert least <= len(numbers) <= most
    assert not re.search("[0-9]", text_of(name)), "laws are written in Thai digits"


@pytest.mark.parametrize("name", WHOLE)
def test_references_between_sections_exist(name: str) -> None:
    body = text_of(name).split("ดังต่อไปนี้", 1)[1]
    for label in re.findall(r"มาตรา ([๐-๙]+)", body):
        assert label in sections_of(name)


@pytest.mark.parametrize("name", WHOLE)
def test_questions_and_notes_name_sections_that_exist(name: str) -> None:
    facts = json_of(name, "consultation.json")
    labels = {label for one in facts["questions"] for label in one["sections"]}
    assert labels <= set(sections_of(name))
    assert set(facts["notes"]) <= set(sections_of(name))
    assert 2 * len(facts["notes"]) >= len(sections_of(name))
    assert 2 <= len(facts["questions"]) <= 4
    assert len(facts["summary"]) <= 5
    assert len(facts["summary"]) == len(facts["summary_en"])


def test_the_amending_bill_speaks_of_the_law_in_force() -> None:
    act, bill = sections_of("amending", "act.txt"), sections_of("amending")
    assert [int(one.translate(THAI_DIGITS)) for one in act] == list(range(1, 19))
    law = "แห่งพระราชบัญญัติตลาดนัดชุมชน พ.ศ. ๒๕๖๑"
    named = re.findall(rf"มาตรา ([๐-๙/]+) {law}", text_of("amending"))
    assert len(named) == 6
    assert set(named) - {"๑๓/๑"} <= set(act), "all but the new one are there"
    facts = json_of("amending", "consultation.json")
    assert set(facts["notes"]) <= set(bill)
    for row in comments_of("amending"):
        own = row["section"].rpartition("มาตรา ")[2].rstrip(")")
        assert own in bill, row["key"]


@pytest.mark.parametrize("name", COMMENTED)
def test_every_comment_points_at_exactly_one_thing(name: str) -> None:
    questions = range(1, len(json_of(name, "consultation.json")["questions"]) + 1)
    for row in comments_of(name):
        key = row["key"]
        aims = [bool(row["section"]), row["question"] is not None, row["whole"]]
        assert sum(aims) == 1, key
        assert not row["section"] or row["section"] in sections_of(name), key
        assert row["question"] is None or row["question"] in questions, key


@pytest.mark.parametrize("name", COMMENTED)
def test_a_person_speaks_once_about_one_thing(name: str) -> None:
    """One submission holds at most one comment about one subject."""
    said = Counter(
        (row["person"], row["section"], row["question"]) for row in comments_of(name)
    )
    assert [one for one, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", COMMENTED)
def test_the_rows_of_one_person_are_one_submission(name: str) -> None:
    facts: dict[str, set[tuple[object, ...]]] = {}
    for row in comments_of(name):
        about = (row["capacity"], row["name"], row["province"], row["publication"])
        sent = (row["day"], row["lang"], bool(row.get("late")))
        facts.setdefault(row["person"], set()).add(about + sent)
    assert {person for person, several in facts.items() if len(several) > 1} == set()


@pytest.mark.parametrize("name", COMMENTED)
def test_every_comment_uses_known_codes(name: str) -> None:
    themes = set(json_of(name, "themes.json")) | BUCKETS
    for row in comments_of(name):
        key = row["key"]
        assert row["stance"] in STANCES, key
        assert row["capacity"] in CAPACITIES, key
        assert row["theme"] in themes, key
        assert row["publication"] in {"full", "name_withheld", "text_withheld"}, key
        assert row["text"].strip(), key
        assert row.get("late") or 0 <= row["day"] <= 14, key
    used = {row["theme"] for row in comments_of(name)}
    assert themes <= used, "each true theme has a comment"


def test_keys_are_unique_and_the_counts_are_those_promised() -> None:
    rows = {name: comments_of(name) for name in COMMENTED}
    keys = Counter(row["key"] for name in COMMENTED for row in rows[name])
    assert max(keys.values()) == 1
    own = {
        row["text"] for name in COMMENTED for row in rows[name] if not row["campaign"]
    }
    assert len(own) >= 280
    assert len(rows["open"]) >= 110
    assert len(rows["closed"]) >= 170
    english = [row for name in COMMENTED for row in rows[name] if row["lang"] == "en"]
    assert len(english) >= 6


def test_the_copied_campaign_is_forty_near_copies() -> None:
    texts = [row["text"] for row in comments_of("closed") if row["campaign"]]
    assert len(texts) == 40
    for text in texts:
        likeness = difflib.SequenceMatcher(None, texts[0], text, autojunk=False)
        assert likeness.ratio() > 0.8, text


def test_closed_has_late_hidden_and_withdrawn_rows() -> None:
    rows = comments_of("closed")
    assert sum(bool(row.get("late")) for row in rows) == 3
    assert sum(bool(row.get("moderate")) for row in rows) == 3
    assert sum(bool(row.get("withdrawn")) for row in rows) == 2
    assert sum(row["pii"] for row in rows) >= 12


@pytest.mark.parametrize("name", COMMENTED)
def test_invented_national_ids_have_a_right_check_digit(name: str) -> None:
    found = 0
    for row in comments_of(name):
        for number in ID_NUMBER.findall(row["text"].translate(THAI_DIGITS)):
            found += 1
            assert has_right_check_digit(re.sub(r"\D", "", number)), row["key"]
            assert row["pii"], row["key"]
    assert found


@pytest.mark.parametrize("name", COMMENTED)
def test_proposed_wording_edits_the_section_it_concerns(name: str) -> None:
    for row in comments_of(name):
        if not row["suggested"]:
            continue
        current = re.sub(r"\s", "", sections_of(name)[row["section"]])
        proposed = re.sub(r"\s", "", row["suggested"])
        likeness = difflib.SequenceMatcher(None, current, proposed, autojunk=False)
        assert proposed != current, row["key"]
        assert likeness.ratio() > 0.5, row["key"]


def test_every_theme_is_answered_with_words_of_the_draft() -> None:
    responses = json_of("closed", "responses.json")
    assert set(responses) == set(json_of("closed", "themes.json"))
    for slug, facts in responses.items():
        assert facts["decision"] in DECISIONS, slug
        assert facts["reply"], slug
        assert facts["reply_en"], slug
        assert facts["reason"], slug
        if facts["section"]:
            before = sections_of("closed")[facts["section"]]
            assert facts["before"] in before, slug
            assert facts["after"] != facts["before"], slug
        else:
            assert not facts["before"], slug


def test_the_second_draft_holds_the_accepted_words() -> None:
    revised = sections_of("closed", "draft_v2.txt")
    assert list(revised) == list(sections_of("closed"))
    changed = {
        label
        for label, words in sections_of("closed").items()
        if words.split("ผู้รับสนอง")[0] != revised[label].split("ผู้รับสนอง")[0]
    }
    answered = set()
    for slug, facts in json_of("closed", "responses.json").items():
        if not facts["section"]:
            continue
        answered.add(facts["section"])
        if facts["before"] not in facts["after"]:
            assert facts["before"] not in revised[facts["section"]], slug
        if "(ตัดออก)" not in facts["after"]:
            assert facts["after"] in revised[facts["section"]], slug
    assert changed == answered, "each change is the answer to a theme"
