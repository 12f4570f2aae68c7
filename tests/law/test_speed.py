"""Limits of time, with room for a slow machine: the figures proper are the bench's."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import time

import pytest

from drafts.law.parse import parse
from tests.law import fuzz
from tests.law.real_texts import ABSENT, LAWS
from tests.law.synthetic import make_act


def seconds_per_megabyte(text):
    parse(text[:2000])
    start = time.perf_counter()
    parse(text)
    return (time.perf_counter() - start) / (len(text.encode()) / 1e6)


def test_a_long_act_takes_less_than_a_second_per_megabyte():
    assert seconds_per_megabyte(make_act(1755)) < 1


@pytest.mark.skipif(not LAWS, reason=ABSENT)
def test_the_longest_real_act_takes_less_than_a_second_per_megabyte():
    longest = max(LAWS, key=lambda path: path.stat().st_size)
    assert seconds_per_megabyte(longest.read_text(encoding="utf-8")) < 1


@pytest.mark.parametrize(
    "text",
    ["“" * 20_000, "มาตรา ๑ " * 8_000, "มาตรา ๑\n" * 8_000, "(๑)\n" * 10_000, "หมวด ๑\n" * 8_000,
     "มาตรา ๑  ให้ยกเลิกความใน\n“มาตรา ๒\n" * 1500, "พระราชบัญญัติ " * 5_000, "๑" * 50_000,
     "ข้อ ๑ “" * 5_000, "_ " * 20_000 + "ก", "ตาม\nมาตรา ๙\n" * 5000,
     "หมายเหตุ :-\nพระราชบัญญัติ ก พ.ศ. ๒๕๐๐\n" * 3000],
    ids=range(12),
)  # fmt: skip
def test_hostile_texts_take_no_longer(text):
    start = time.perf_counter()
    parse(text)
    assert time.perf_counter() - start < 5


def test_fuzz():
    """500 damaged files; ``python -m tests.law.fuzz --runs 10000`` does them all."""
    failures = fuzz.fuzz(500, seed=20)
    assert failures == []
