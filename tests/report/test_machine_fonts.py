# ruff: noqa: E501 - lists of words read better unbroken
"""PDFs on a machine that has a font named Sarabun, as most Thai offices have."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path
from shutil import copy, which

import pypdf
import pytest

from consultations.reading import downloads
from consultations.report import files, pdf
from consultations.report.thai_font import FAMILY
from drafts.export.paper import write_paper
from drafts.law.parse import parse
from tests.report.test_exports import PROBES, source_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
LEGAL = (
    *PROBES, "อำนาจหน้าที่", "ดำเนินการ", "กระทำความผิด", "คำสั่ง", "ชำระค่าปรับ", "สำเนา", "ประจำปี", "ตำแหน่ง", "บำเหน็จ",
    "จำคุก", "สัมภาษณ์", "น้ำประปา", "ล้ำแนวเขต", "ซ้ำ", "นิติกรรมสัญญา", "พระราชกฤษฎีกา",
)  # fmt: skip
#: Written in a process of its own: fontconfig reads the machine's fonts once.
WRITE = """
import json, sys
import django
django.setup()
from consultations.paper import write_pdf
from pathlib import Path
for name, given in json.loads(Path(sys.argv[1]).read_text()).items():
    Path(sys.argv[2], name).write_bytes(write_pdf(given[0], style=given[1], text=given[2]))
"""


def printed(monkeypatch) -> dict[str, tuple[str, str, str]]:
    """Return what each kind of PDF is written from, all of them with the legal terms."""
    caught: dict[str, tuple[str, str, str]] = {}

    def report(html: str, *, style: str, text: str) -> bytes:
        words = "".join(f"<p>{word}</p>" for word in LEGAL)
        caught["report.pdf"] = (html.replace("</body>", f"{words}</body>"), style, text)
        return b""

    monkeypatch.setattr(pdf, "write_pdf", report)
    files.EXPORTERS["pdf"].render(source_of(5))
    law = parse("มาตรา ๑  ให้มีดังต่อไปนี้\n" + "\n".join(LEGAL))
    html = write_paper(law, edition="ฉบับที่ ๑ สำหรับรับฟัง")
    caught["draft.pdf"] = (html, downloads.STYLE, html)
    return caught


@pytest.fixture
def office(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a machine whose only font is named Sarabun."""
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    for name in ("Sarabun-Regular.ttf", "Sarabun-SemiBold.ttf", "Sarabun-Bold.ttf"):
        source = resources.files("fontpkg_sarabun") / "files" / name
        with resources.as_file(source) as path:
            copy(path, fonts / name)
    config = tmp_path / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    return {
        **os.environ,
        "FONTCONFIG_FILE": str(config),
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
    }


def test_every_word_of_every_pdf_is_found(monkeypatch, office, tmp_path) -> None:
    if not pdf.is_available():
        pytest.skip("Pango is not installed on this machine: no PDF can be written")
    if which("fc-list"):
        there = subprocess.run(
            ["fc-list", ":", "family"], env=office, capture_output=True, check=True
        ).stdout.decode()
        assert "Sarabun" in there, "the machine of the test has no such font"
    given = tmp_path / "given.json"
    given.write_text(json.dumps(printed(monkeypatch)))
    subprocess.run(
        [sys.executable, "-c", WRITE, str(given), str(tmp_path)],
        env=office,
        cwd=ROOT,
        check=True,
    )
    for name in ("report.pdf", "draft.pdf"):
        data = (tmp_path / name).read_bytes()
        reader = pypdf.PdfReader(io.BytesIO(data))
        text = "".join(page.extract_text() for page in reader.pages)
        packed = re.sub(r"\s", "", text)
        assert [word for word in LEGAL if word not in packed] == [], name
        assert "\u0e4d" not in text, name
        if which("pdftotext"):
            told = subprocess.run(
                ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
            ).stdout.decode()
            assert [word for word in LEGAL if word not in told] == [], name


def test_no_style_asks_for_a_font_by_its_public_name() -> None:
    """Word files do: there the reader's machine chooses."""
    asked = re.compile(r"(?<!Rapfang )Sarabun")
    style = re.compile(r"/\*.*?\*/", re.DOTALL)
    for path in (ROOT / "cms" / "static").rglob("*.css"):
        assert not asked.search(style.sub("", path.read_text())), path.name
    charts = (ROOT / "consultations" / "report" / "charts.py").read_text()
    assert FAMILY in charts
    assert not asked.search(charts)
