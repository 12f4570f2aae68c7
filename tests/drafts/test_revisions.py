"""What a form knows of what it showed, and what the second of two writers is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from drafts.revisions import (
    Outdated,
    RevisionForm,
    check_revision,
    revision_of,
    tried,
)
from drafts.thai_dates import ThaiDateField

OLD = {"title": "เดิม", "kind": "a", "day": dt.date(2026, 12, 1)}
NEW = {"title": "ของเพื่อน\nสองบรรทัด", "kind": "b", "day": dt.date(2026, 12, 2)}


class Sample(RevisionForm):
    title = forms.CharField(label="ชื่อ", widget=forms.Textarea)
    kind = forms.ChoiceField(label="ชนิด", choices=[("a", "แบบก"), ("b", "แบบข")])
    day = ThaiDateField(label="วัน")


def sent(**typed: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"title": "ของฉัน", "kind": "a", "day": "๑ ธ.ค. ๒๕๖๙", **typed})
    return data


def save(form: Sample, stands: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    """Save as a service does: look at what stands, then store."""
    stored: list[dict[str, Any]] = []

    def act(data: dict[str, Any]) -> None:
        check_revision(data["revision"], stands)
        stored.append(data)

    return tried(form, act), stored


@pytest.mark.parametrize("seen", ["", "0", revision_of(OLD)])
def test_nothing_seen_is_never_permission(seen: str) -> None:
    with pytest.raises(Outdated) as refused:
        check_revision(seen, NEW)
    assert refused.value.current == NEW
    assert refused.value.status == 409


def test_both_texts_field_by_field_and_the_next_save_is_meant_for_them() -> None:
    form = Sample(sent(revision=revision_of(OLD)), stands=OLD)
    assert save(form, NEW) == (409, [])
    told = [(one.label, one.mine, one.theirs) for one in form.differences]
    assert told == [
        ("ชื่อ", "ของฉัน", "ของเพื่อน\nสองบรรทัด"),
        ("ชนิด", "แบบก", "แบบข"),
        ("วัน", "๑ ธ.ค. ๒๕๖๙", "2 ธ.ค. 2569"),
    ]
    assert form["title"].value() == "ของฉัน", "what was typed is still in its field"
    shown = render_to_string("desk/_conflict.html", {"form": form})
    assert all(text in shown for pair in told for text in pair)
    again = sent(revision=form["revision"].value())
    assert save(Sample(again, stands=NEW), NEW)[0] == 0
    third = {**NEW, "title": "ของคนที่สาม"}
    assert save(Sample(again, stands=NEW), third)[0] == 409


def test_theirs_is_taken_where_it_was_chosen_and_mine_is_kept_elsewhere() -> None:
    chosen = {"take-title": "theirs", "take-day": "theirs", "take-kind": "mine"}
    form = Sample(sent(revision=revision_of(NEW), **chosen), stands=NEW)
    status, [stored] = save(form, NEW)
    assert status == 0
    assert (stored["title"], stored["kind"]) == (NEW["title"], "a")
    assert stored["day"] == NEW["day"]


def test_the_same_words_typed_by_both_are_no_difference() -> None:
    same = {"title": "ของเพื่อน\r\nสองบรรทัด", "kind": "b", "day": "2 ธ.ค. 2569"}
    form = Sample(sent(revision="", **same), stands=NEW)
    assert save(form, NEW)[0] == 409
    assert form.differences == []
