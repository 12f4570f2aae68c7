"""``python -m drafts.law FILE [--json]``, as a person and as a program run it."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drafts.law.__main__ import main
from tests.law.test_amendment import AMENDING
from tests.law.test_parse import BILL

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def bill(tmp_path):
    path = tmp_path / "bill.txt"
    path.write_text(BILL, encoding="utf-8")
    return path


def test_json(bill, capsys):
    assert main([str(bill), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"title", "kind", "provisions", "amendments", "parts", "warnings"} <= set(
        found
    )
    section = found["provisions"][3]
    assert set(section) == {
        "kind", "label", "number", "eid", "division", "line", "text", "paragraphs",
    }  # fmt: skip
    assert (section["kind"], section["label"], section["number"]) == (
        "section",
        "๔",
        [4, 0, 0, 0],
    )
    assert section["division"] == ["หมวด ๑ การจัดตั้ง"]
    items = section["paragraphs"][0]["items"]
    assert items[1]["items"][1]["items"][0]["text"] == "เปิดก่อนพระอาทิตย์ตก"
    assert [part["kind"] for part in found["parts"]][:2] == ["memorandum", "title"]
    warning = found["warnings"][0]
    assert {"line", "code", "message"} <= set(warning)


def test_json_lists_amendments(tmp_path, capsys):
    path = tmp_path / "a.txt"
    path.write_text(AMENDING, encoding="utf-8")
    assert main([str(path), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)["amendments"][0]
    assert first["op"] == "replace"
    assert first["path"] == "sec_4__def_ผู้เช่า"
    assert first["amended_by"] == []


def test_outline(bill, capsys):
    assert main([str(bill)]) == 0
    out = capsys.readouterr().out
    assert "หมวด ๒/๑ บทกำหนดโทษ" in out
    assert "มาตรา ๕ ทวิ" in out
    assert "reference_at_line_start" in out
    assert "พบ 10 มาตราหรือข้อ" in out


def test_a_file_that_cannot_be_read(tmp_path, capsys):
    path = tmp_path / "a.docx"
    path.write_bytes(b"PK\x03\x04 broken")
    assert main([str(path)]) == 2
    assert "broken_file" in capsys.readouterr().err
    assert main([str(tmp_path / "absent.txt")]) == 2


def test_runs_without_django_and_without_a_database(bill):
    code = (
        "import sys, runpy; sys.argv = ['drafts.law', sys.argv[1], '--json']\n"
        "try:\n    runpy.run_module('drafts.law', run_name='__main__')\n"
        "except SystemExit as done:\n    assert not done.code, done.code\n"
        "assert not [m for m in sys.modules if m == 'django' or m.startswith('django.')]"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(bill)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"].startswith("ร่างพระราชบัญญัติ")
