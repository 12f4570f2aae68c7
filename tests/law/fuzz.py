"""Throw damaged files at the readers and the parser: ``python -m tests.law.fuzz``.

Starts from the real acts of ../shared where they are, else from acts we write, cut to
50 kB, as TXT, DOCX, ODT, HTML, PDF and Akoma Ntoso; damages bytes or words; and demands
that nothing but ``ReaderError`` comes out, that no text is lost, and that no run takes
longer than 5 seconds of work.  The same ``--seed`` gives the same runs.
"""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from dataclasses import dataclass
from datetime import date

from drafts.law.akoma_ntoso import export_law, identity_of
from drafts.law.parse import letters, normalise, parse, text_of
from drafts.law.readers import ReaderError, read, read_law
from tests.law import bombs, files, hazards, real_texts
from tests.law.synthetic import make_act

MAX_BYTES = 50_000
MAX_SECONDS = 5.0
#: Share of runs with files that repeat or nest without end, and with orders to amend
#: made of a few words repeated.
_BOMBS, _ORDERS = 0.15, 0.25
_SPICE = (
    "\n", "\n\n", " ", "  ", "\t", "“", "”", '"', "มาตรา", "มาตรา ๕ ", "\nมาตรา ๑๒  ", "\nข้อ ๓  ",
    "\nหมวด ๒\n", "\nหมวด ๗ ทวิ\nชื่อ\n", "ทวิ", "/๑", "\n(๑) ", "\n(ก) ", "\n๑) ", "[๑]", "(ยกเลิก)",
    "ผู้รับสนองพระบรมราชโองการ\n", "\nหมายเหตุ :- เหตุผลในการประกาศใช้", "บทเฉพาะกาล", "ให้ยกเลิกความใน",
    "และให้ใช้ความต่อไปนี้แทน\n“", "\u2028", "\x85", "\x93", "\u00a0", "\u200b", "ํา", "\uf70a", "\x00",
    "ประมวลกฎหมาย\n", "๙๙๙๙๙", "\ufeff", "่้", "\r", "\ud800".encode("utf-8", "replace").decode(),
)  # fmt: skip


@dataclass
class Failure:
    run: int
    what: str
    seed: str


def _texts(chance: random.Random) -> list[str]:
    paths = [*real_texts.LAWS, *real_texts.BILLS]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    if not texts:
        texts = [make_act(size, seed=size) for size in (8, 30, 60, 90)]
    return texts


def _slice(chance: random.Random, text: str) -> str:
    size = chance.randint(200, MAX_BYTES // 3)
    start = chance.randint(0, max(0, len(text) - size))
    if chance.random() < 0.4:
        start = 0
    return text[start : start + size]


def _damage_words(chance: random.Random, text: str) -> str:
    for _ in range(chance.randint(1, 12)):
        place = chance.randint(0, len(text))
        action = chance.randrange(6)
        end = min(len(text), place + chance.randint(1, 400))
        if action == 0:
            text = text[:place] + text[end:]
        elif action == 1:
            text = text[:place] + text[place:end] * 2 + text[end:]
        elif action in {2, 3}:
            text = text[:place] + chance.choice(_SPICE) + text[place:]
        elif action == 4:
            lines = text.split("\n")
            chance.shuffle(lines)
            text = "\n".join(lines)
        else:
            text = chance.choice(hazards.HAZARDS)(text)
    return text[: MAX_BYTES // 3]


def _package(chance: random.Random, text: str) -> tuple[bytes, str]:
    form = chance.choice(
        ["txt", "txt", "cp874", "utf16", "docx", "odt", "html", "pdf", "xml"]
    )
    if form == "cp874":
        return text.encode("cp874", errors="replace"), "a.txt"
    if form == "utf16":
        return text.encode("utf-16", errors="replace"), "a.txt"
    clean = normalise(text)[0].replace("\t", " ")
    clean = "".join(c for c in clean if c == "\n" or c.isprintable())
    if form == "docx":
        return files.make_docx(files.docx_paragraphs(clean)), "a.docx"
    if form == "odt":
        return files.make_odt(clean), "a.odt"
    if form == "html":
        return files.make_html(clean), "a.html"
    if form == "pdf":
        lines = [
            (chance.choice([70, 70, 113]), line[:90]) for line in clean.split("\n")
        ]
        pages = [lines[i : i + 30] for i in range(0, min(len(lines), 90), 30)]
        return files.make_pdf(pages), "a.pdf"
    if form == "xml":
        law = parse(clean)
        identity = identity_of(law, expression_date=date(2026, 11, 23))
        return export_law(law, identity), "a.xml"
    return text.encode("utf-8", errors="surrogatepass"), "a.txt"


def _damage_bytes(chance: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(0, 6)):
        if not out:
            break
        place = chance.randrange(len(out))
        action = chance.randrange(4)
        if action == 0:
            out[place] = chance.randrange(256)
        elif action == 1:
            del out[place : place + chance.randint(1, 200)]
        elif action == 2:
            out[place:place] = out[place : place + chance.randint(1, 200)]
        else:
            out[place:place] = bytes(chance.randrange(256) for _ in range(4))
    return bytes(out[:MAX_BYTES])


def _read_within(chance: random.Random, data: bytes, name: str) -> str | None:
    """Read what repeats or nests without end, sometimes damaged as well."""
    if chance.random() < 0.3:
        data = _damage_bytes(chance, data[:MAX_BYTES])
    start = time.process_time()
    try:
        read_law(data, name)
    except ReaderError:
        pass
    except Exception:  # noqa: BLE001 - that is what a fuzzer is for
        return traceback.format_exc(limit=-4)
    took = time.process_time() - start
    return f"took {took:.1f} s" if took > MAX_SECONDS else None


def run_once(seed: str, texts: list[str]) -> str | None:
    """Do one run; give what went wrong, or None."""
    chance = random.Random(seed)
    kind = chance.random()
    if kind < _BOMBS:
        name = chance.choice(list(bombs.FILES))
        return _read_within(chance, chance.choice(bombs.FILES[name])(), name)
    if kind < _BOMBS + _ORDERS:
        text = bombs.amending(chance)
        return _read_within(chance, text.encode(), "a.txt")
    text = _damage_words(chance, _slice(chance, chance.choice(texts)))
    start = time.process_time()
    try:
        data, name = _package(chance, text)
        if chance.random() < 0.6:
            data = _damage_bytes(chance, data)
        try:
            law = read_law(data, name)
            if name == "a.txt":
                clean = normalise(read(data, name).text)[0]
                if letters(text_of(law)) != letters(clean):
                    return "text was lost or doubled"
        except ReaderError as error:
            if not error.message_th or not error.code:
                return "a ReaderError without a message"
    except Exception:  # noqa: BLE001 - that is what a fuzzer is for
        return traceback.format_exc(limit=-4)
    took = time.process_time() - start
    return f"took {took:.1f} s" if took > MAX_SECONDS else None


def fuzz(runs: int, *, seed: int = 1, stop_after: int = 20) -> list[Failure]:
    """Do many runs; give the failures."""
    texts = _texts(random.Random(seed))
    failures: list[Failure] = []
    for run in range(runs):
        name = f"{seed}-{run}"
        wrong = run_once(name, texts)
        if wrong:
            failures.append(Failure(run, wrong, name))
            if len(failures) >= stop_after:
                break
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    start = time.perf_counter()
    failures = fuzz(options.runs, seed=options.seed)
    for failure in failures:
        sys.stdout.write(f"run {failure.run} (seed {failure.seed}): {failure.what}\n")
    source = "real acts" if real_texts.LAWS else "our own acts"
    sys.stdout.write(
        f"{options.runs} runs over {source}: {len(failures)} failures, "
        f"{time.perf_counter() - start:.1f} s\n"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
