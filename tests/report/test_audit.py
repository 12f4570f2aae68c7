"""What the report says of the machine's error rate, and of where a stance is from."""

from __future__ import annotations

import gzip
import io
import json
import zipfile

import pytest

from comments.models import Stance
from consultations.models import Role
from consultations.report import html
from consultations.report.collect import collect
from consultations.report.document import Members, build, canonical_json, from_json
from consultations.report.docx import DocxExporter
from consultations.report.exporter import Source
from consultations.report.rows import HEAD, comment_rows
from tests import factories
from tests.audit.test_audit import code_all, draw, finish
from tests.report import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready():
    return builders.ready(100)


@pytest.fixture
def people(ready):
    agency = ready[0].consultation.agency
    return [factories.make_member(agency, Role.EDITOR) for _ in range(2)]


def document_of(report):
    return build(collect(report, now=builders.NOW))


def audit_of(report) -> str:
    return repr(document_of(report).section("s-a4"))


def test_a_report_says_that_nobody_audited(ready):
    said = audit_of(ready[1])
    assert "ยังไม่มีการตรวจคุณภาพ" in said
    assert "κ" not in said


def test_an_audit_not_finished_has_no_figures(ready, people):
    round_, report = ready
    audit = draw(round_, people)
    code_all(audit, people[0], lambda item: "t1")
    finish(audit, people[0])
    said = audit_of(report)
    assert "ยังทำไม่เสร็จ" in said
    assert "κ" not in said


def test_the_figures_are_those_of_the_audit_in_every_format(ready, people):
    round_, report = ready
    audit = draw(round_, people, size=40)
    total = audit.items.count()
    # Those that people placed before any run have no answer of the machine.
    answered = audit.items.exclude(machine="")
    code_all(audit, people[0], lambda item: "t1")
    code_all(audit, people[1], lambda item: "t1" if item.position > 4 else "t2")
    finish(audit, *people)
    judged = answered.filter(position__gt=4)
    agreed, wrong = judged.count(), judged.exclude(machine="t1").count()
    assert 0 < wrong < agreed
    given = collect(report, now=builders.NOW)
    document = build(given)
    (told,) = given.audits
    assert (told.wrong, told.agreed, told.coded) == (wrong, agreed, total)
    assert (told.pairs[0].same, told.pairs[0].of) == (total - 4, total)
    assert sum(n for _people, _machine, n in told.confusion) == wrong
    assert from_json(canonical_json(document)) == document
    line = f"{wrong:,} ใน {agreed:,} ความเห็น"
    page = html.page(document, html.Links())
    assert line in page
    assert told.pairs[0].kappa in page
    source = Source(document, given.members, round_, html.Links(), {}, [])
    with zipfile.ZipFile(io.BytesIO(DocxExporter().render(source))) as file:
        assert line in file.read("word/document.xml").decode()


def test_an_earlier_audit_is_never_drawn_away_unseen(ready, people):
    round_, report = ready
    first = draw(round_, people)
    code_all(first, people[0], lambda item: "t2")
    code_all(first, people[1], lambda item: "t2")
    finish(first, *people)
    draw(round_, people, reason="เปลี่ยนรายชื่อประเด็น")
    said = audit_of(report)
    assert "ครั้งที่ 1" in said
    assert "เปลี่ยนรายชื่อประเด็น" in said
    judged = first.items.exclude(machine="")
    wrong = judged.exclude(machine="t2").count()
    assert f"{wrong:,} ใน {judged.count():,}" in said


def test_where_each_stance_is_from_is_counted_and_never_guessed(ready):
    round_, report = ready
    (cue,) = factories.make_comments(round_, ["เห็นด้วยครับ"], stance_source="cue")
    (none,) = factories.make_comments(round_, ["ดีมาก"], stance=Stance.NOT_STATED)
    given = collect(report, now=builders.NOW)
    members = given.members
    counted = members.count("counted")
    assert [row.public_id for row in members.pick("counted~said-cue")] == [
        cue.public_id
    ]
    assert [row.public_id for row in members.pick("counted~said-none")] == [
        none.public_id
    ]
    assert members.count("counted~said-form") == counted - 2
    page = html.page(build(given), html.Links())
    assert "ไม่มีการเดาจุดยืนจากอารมณ์" in page
    column = HEAD.index("ที่มาของจุดยืน")
    told = [row[column] for row in comment_rows(round_, members, {})]
    assert told[-3:] == ["ผู้ให้ความเห็นเลือก", "ระบุชัดในข้อความ", "ไม่ระบุ"]


def test_members_frozen_before_the_source_was_kept_are_still_read(ready):
    members = collect(ready[1], now=builders.NOW).members
    columns = json.loads(gzip.decompress(members.to_bytes()))
    del columns["said"]
    old = Members.from_bytes(gzip.compress(json.dumps(columns).encode()))
    assert old.count("counted") == members.count("counted")
    assert old.sha256() == members.sha256()
    assert Members.from_bytes(members.to_bytes()).rows == members.rows
