"""Each statutory item is a requirement; a report without it is seen to lack it."""

import dataclasses

import pytest

from consultations.report import services
from consultations.report.collect import collect
from consultations.report.document import build
from consultations.report.document.required import REQUIREMENTS, missing_from
from consultations.statute import PROFILES
from tests.report import builders

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

#: requirement -> the heading whose loss it must notice.
HEADINGS = {
    "control": "0",
    "summary": "1",
    "basis": "2",
    "notice": "4",
    "s77-1": "5",
    "s77-2": "6",
    "s77-3": "7",
    "s77-4": "9",
    "s77-5": "11",
    "s77-6": "12",
    "s77-7": "13",
    "o25-1": "9",
    "o25-2": "8",
    "o25-3": "10",
    "o25-4": "13",
    "compliance": "15",
    "publication": "16",
    "next": "17",
    "limits": "18",
    "comments": "ผ1",
}


def document_of(count: int, basis: str):
    _round, report = builders.ready(count, basis)
    return build(collect(report, now=builders.NOW))


@pytest.mark.parametrize("basis", PROFILES)
@pytest.mark.parametrize("count", [0, 12])
def test_a_report_of_any_basis_and_size_lacks_nothing(basis, count):
    assert [r.id for r in missing_from(document_of(count, basis))] == []


@pytest.mark.parametrize(("requirement", "number"), HEADINGS.items())
def test_a_lost_heading_is_noticed(requirement, number):
    document = document_of(12, "bill_2562")
    rest = tuple(s for s in document.sections if s.number != number)
    lacking = {r.id for r in missing_from(dataclasses.replace(document, sections=rest))}
    assert requirement in lacking


@pytest.mark.parametrize(
    ("basis", "number", "requirement"),
    [
        ("project_2548", "3", "items"),
        ("bill_2562", "3L", "items"),
        ("project_2548", "14", "measures"),
        ("bill_2562", "14L", "ria"),
    ],
)
def test_what_only_one_basis_wants(basis, number, requirement):
    document = document_of(12, basis)
    rest = tuple(s for s in document.sections if s.number != number)
    lacking = {r.id for r in missing_from(dataclasses.replace(document, sections=rest))}
    assert requirement in lacking


def test_every_requirement_is_tried_here():
    tried = {*HEADINGS, "items", "measures", "ria", "signed"}
    assert tried == {r.id for r in REQUIREMENTS}


def test_an_unsigned_document_is_noticed():
    document = document_of(0, "bill_2562")
    meta = tuple((k, "" if k == "signer" else v) for k, v in document.meta)
    unsigned = dataclasses.replace(document, meta=meta)
    assert {r.id for r in missing_from(unsigned)} == {"signed"}


def test_publication_stops_if_the_builder_forgets_a_heading(monkeypatch):
    round_, report = builders.ready(5)

    def forgetful(given):
        document = build(given)
        rest = tuple(s for s in document.sections if s.number != "18")
        return dataclasses.replace(document, sections=rest)

    monkeypatch.setattr(services, "build", forgetful)
    with pytest.raises(services.ReportError) as caught:
        services.report_publish(
            report=report, by=builders.publisher(report.round), now=builders.NOW
        )
    assert caught.value.code == "report_incomplete"
    round_.refresh_from_db()
    assert round_.stage == "closed"
