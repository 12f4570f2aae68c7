"""Properties over real acts.  They stand in ../shared beside the checkout and are
never part of it; without them these tests are skipped and say so."""

from datetime import date

import pytest
from lxml import etree

from drafts.law.akoma_ntoso import export_law, identity_of, import_law
from drafts.law.akoma_ntoso.rules import check
from drafts.law.consolidate import consolidate
from drafts.law.numerals import arabic_digits
from drafts.law.parse import letters, normalise, parse, text_of
from drafts.law.structure import Division, PartKind, Provision
from tests.law import hazards
from tests.law.real_texts import ABSENT, BILLS, LAWS, SHARED

pytestmark = pytest.mark.skipif(not LAWS, reason=ABSENT)
FILES = [*LAWS, *BILLS]


def read(name):
    return (SHARED / "laws" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def laws():
    return {path.name: parse(path.read_text(encoding="utf-8")) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_dropped_and_nothing_stands_twice(path, laws):
    text = path.read_text(encoding="utf-8")
    assert letters(text_of(laws[path.name])) == letters(normalise(text)[0])


@pytest.mark.parametrize("path", LAWS, ids=lambda path: path.stem)
def test_the_body_goes_to_provisions(path, laws):
    """At most 2 % of the letters between the first and the last provision in parts."""
    nodes = list(laws[path.name])
    inner = [i for i, node in enumerate(nodes) if isinstance(node, Provision)]
    body = nodes[inner[0] : inner[-1] + 1]
    total = sum(
        len(letters(node.text)) for node in body if not isinstance(node, Division)
    )
    loose = sum(
        len(letters(node.text))
        for node in body
        if not isinstance(node, (Division, Provision))
    )
    assert loose <= 0.02 * total


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_eids_are_unique_and_lines_rise(path, laws):
    law = laws[path.name]
    eids = [node.eid for node in law if isinstance(node, (Division, Provision))]
    assert len(eids) == len(set(eids))
    lines = [node.line for node in law]
    assert lines == sorted(lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_akoma_ntoso_keeps_the_rules_and_loses_nothing(path, laws):
    law = laws[path.name]
    data = export_law(law, identity_of(law, expression_date=date(2026, 11, 23)))
    assert check(data) == []
    assert import_law(etree.fromstring(data, etree.XMLParser(huge_tree=True))) == law


def test_132_sections_in_their_chapters(laws):
    law = laws["act_770079.txt"]
    assert [p.number[0] for p in law.provisions] == list(range(1, 133))
    assert law.provisions[15].division == (
        "หมวด ๒ การมีส่วนร่วมของภาคประชาชนและผู้ประกอบการในการป้องกันการทุจริต",
    )
    assert law.provisions[-1].division == ("บทเฉพาะกาล",)
    assert len([d for d in law.divisions if not d.parent_eid]) == 16
    assert [warning.code for warning in law.warnings] == ["footnote_marks"]


def test_hazards_give_warnings_with_lines(laws):
    for name in ("act_302495_hazard.txt", "act_570840_hazard.txt"):
        codes = {warning.code for warning in laws[name].warnings}
        assert {"amendment_remnant", "footnote_marks"} <= codes
        assert all(warning.line > 0 for warning in laws[name].warnings)


def test_the_constitution(laws):
    law = laws["constitution_2560.txt"]
    assert [p.number[0] for p in law.provisions] == list(range(1, 280))
    assert {p.division[0].split(" ")[0] for p in law.provisions} == {
        "หมวด",
        "บทเฉพาะกาล",
    }


@pytest.mark.parametrize("name", ["act_302495_hazard.txt", "act_570840_hazard.txt"])
def test_leftovers_are_no_sections(name, laws):
    law = laws[name]
    remnants = [p for p in law.parts if p.kind is PartKind.AMENDMENT_REMNANT]
    assert remnants
    end = next(p.line for p in law.parts if p.kind is PartKind.COUNTERSIGNATURE)
    assert all(p.line < end for p in law.provisions)
    numbers = [p.number for p in law.provisions]
    assert numbers == sorted(set(numbers))


def test_ordinals_of_the_revenue_code(laws):
    labels = {p.label for p in laws["act_617709.txt"].provisions}
    assert {"๓ สัตตรส", "๖๕ ทวิ", "๙๑/๒๑"} <= labels


@pytest.mark.parametrize("hazard", hazards.HAZARDS, ids=lambda hazard: hazard.__name__)
@pytest.mark.parametrize("name", ["act_594321.txt", "act_770079.txt"])
def test_hazards_do_not_change_the_sections(name, hazard, laws):
    def plain(law):
        return [(p.eid, letters(arabic_digits(p.text))) for p in law.provisions]

    assert plain(parse(hazard(read(name)))) == plain(laws[name])


def test_the_amending_bill(laws):
    bill = laws["bill_constitution_amendment_2563.txt"]
    constitution = "รัฐธรรมนูญแห่งราชอาณาจักรไทย"
    assert [
        (a.op, a.target_law, a.amended_by, a.path, a.section) for a in bill.amendments
    ] == [
        ("replace", constitution, (), "sec_159__para_1", "sec_3"),
        ("repeal", constitution, (), "sec_272", "sec_4"),
    ]
    assert bill.amendments[0].new_text.startswith("มาตรา ๑๕๙ ให้สภาผู้แทนราษฎร")
    assert bill.amendments[0].new_text.endswith("ของสภาผู้แทนราษฎร")
    result = consolidate(laws["constitution_2560.txt"].provisions, bill.amendments)
    changed = {row.provision.label: row.change for row in result.rows if row.change}
    assert changed == {"๑๕๙": "replace", "๒๗๒": "repeal"}
    assert result.not_applied == ()


def test_a_pdf_whose_text_layer_is_damaged():
    path = SHARED / "bills" / "draft_constitution_2558.pdf"
    if not path.is_file():
        pytest.skip(ABSENT)
    from drafts.law.readers import read_law

    law = read_law(path.read_bytes(), path.name)
    assert [p.number[0] for p in law.provisions] == list(range(1, 316))
    assert "thai_marks_repaired" in {w.code for w in law.warnings}
    text = text_of(law)
    assert "กระทำ" in text
    assert "กระท า" not in text
