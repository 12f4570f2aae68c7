"""Small files that would take gigabytes or hours are read or refused, within limits."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from drafts.law.readers import ReaderError, read, read_law
from drafts.law.word_changes import find_word_changes
from tests.law import bombs, files

ROOT = Path(__file__).parents[2]
#: What all of a kind may take together: address space of a process, seconds of work.
MEMORY = 2 << 30
WORK = 120


def run_all(name: str) -> list[str]:
    """Read every bomb of a format; say what came of each."""
    said = []
    for make in bombs.FILES[name]:
        try:
            said.append(str(len(read_law(make(), name).provisions)))
        except ReaderError as error:
            said.append(error.code)
    return said


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (WORK, WORK))


@pytest.mark.parametrize("name", bombs.FILES)
def test_small_files_stay_within_memory_and_work(name: str) -> None:
    code = f"from tests.law.test_bombs import run_all; print(*run_all({name!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        preexec_fn=_limit,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(done.stdout.split()) == len(bombs.FILES[name])


@pytest.mark.parametrize("piece", bombs.NUMBERED)
@pytest.mark.parametrize("form", ["a.html", "a.txt"])
def test_numbers_of_thousands_of_digits_are_no_error(piece: str, form: str) -> None:
    page = f"<html><body>{piece}" if form == "a.html" else f"{bombs.LINE}\n{piece}\n"
    assert read_law(page.encode(), form)


def test_repeats_and_spaces_within_reason_are_kept() -> None:
    assert "ก\tก\tก" in read(bombs.odt_repeats(1, "3"), "a.odt").text
    assert "    ข" in read(
        files.make_odt("ก", body='<text:p>ก<text:s text:c="4"/>ข</text:p>'), "a.odt"
    ).text  # fmt: skip


def test_cells_of_a_table_in_a_table_are_written_once() -> None:
    inner = bombs._odt_table(bombs._CELL.format("", "<text:p>ใน</text:p>"))
    outer = bombs._odt_table(
        bombs._CELL.format("", "<text:p>นอก</text:p>") + bombs._CELL.format("", inner)
    )
    assert read(files.make_odt("ก", body=outer), "a.odt").text == "ก\nนอก\tใน\n"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>ก<!-- ซ่อน -->ข</p>", "กข\n"),
        ("<p>ก<!-- ซ่อน", "ก\n"),
        ("<p>ก<!--> ข</p>", "ก ข\n"),
        ("<p>๑ < ๒ และ ๓ > ๒</p>", "๑ < ๒ และ ๓ > ๒\n"),
        ("<p title='ก > ข'>ค</p>", "ค\n"),
        ('<p title="<b>">ค</p>', "ค\n"),
        ("<script>if (a < b) { '<p>ก' }</script><p>ข", "ข\n"),
        ("<head><title>ชื่อ</title><body><p>ข", "ข\n"),
        ("<p>ก</>ข</p>", "กข\n"),
        ("<p>&lt;ก&gt; &amp; &#3585;&nbsp;</p>", "<ก> & ก\n"),
        ('<ol start="๕"><li>ก<li>ข</ol>', "5. ก\n6. ข\n"),
        ('<ol><li>ก<li value="7">ข<li>ค</ol>', "1. ก\n7. ข\n8. ค\n"),
        ("<P CLASS=x>ก</P><BR/>ข", "ก\nข\n"),
    ],
)
def test_html_is_cut_as_browsers_cut_it(page: str, text: str) -> None:
    assert read(f"<html>{page}".encode(), "a.html").text == text


def test_a_sentence_that_does_not_fit_is_left_in_one_pass() -> None:
    quotes = "“ก”  " * 4000
    assert find_word_changes(f"ให้แก้ไขคำว่า {quotes}ในมาตรา ๕") == []
    assert find_word_changes("ให้แก้ไขคำว่า “ก”  และ “ข” ในมาตรา ๕ เป็น “ค”") != []


def test_orders_made_of_repeated_words_are_read() -> None:
    chance = random.Random(7)
    for _ in range(12):
        assert read_law(bombs.amending(chance).encode(), "a.txt").provisions
