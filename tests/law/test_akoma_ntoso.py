"""Akoma Ntoso: the rules are kept, and nothing is lost on the way back."""
# ruff: noqa: E501 - Thai text and tables of cases read better unbroken

from datetime import date

import pytest
from lxml import etree

from drafts.law.akoma_ntoso import AKN, export_law, identity_of, import_law
from drafts.law.akoma_ntoso.rules import check
from drafts.law.parse import parse
from drafts.law.readers import read_law
from tests.law.synthetic import make_act
from tests.law.test_amendment import AMENDING
from tests.law.test_parse import BILL

DAY = date(2026, 11, 23)
CODE = (
    "พระราชบัญญัติ\nให้ใช้ประมวลกฎหมายสวน\nพ.ศ. ๒๕๗๐\n\nมาตรา ๑[๑]  ชื่อ\n\nมาตรา ๒  ใช้\n\n"
    "ผู้รับสนองพระบรมราชโองการ\n\nประมวลกฎหมายสวน\n\nลักษณะ ๑\nต้นไม้\n\nมาตรา ๑  ก\n\nมาตรา ๒  ข\n\n"
    "มาตรา ๓  ค\n\n[๑] หมายเหตุ\n"
)
TEXTS = {
    "bill": BILL,
    "amending": AMENDING,
    "made up": make_act(80),
    "code": CODE,
    "no sections": "จดหมาย\nถึงรัฐมนตรี",
    "empty": "",
}


def export(text):
    law = parse(text)
    return law, export_law(law, identity_of(law, expression_date=DAY))


@pytest.mark.parametrize("name", TEXTS)
def test_export_keeps_the_rules(name):
    assert check(export(TEXTS[name])[1]) == []


@pytest.mark.parametrize("name", [name for name in TEXTS if name != "empty"])
def test_nothing_is_lost(name):
    law, data = export(TEXTS[name])
    assert read_law(data, "a.xml") == law


def test_identity():
    law, data = export(make_act(20).replace("....", "๒๕๗๐"))
    root = etree.fromstring(data)
    work = root.find(f".//{{{AKN}}}FRBRWork")
    assert (
        work.find(f"{{{AKN}}}FRBRuri").get("value") == "/akn/th/act/act/2027-01-01/nn"
    )
    assert work.find(f"{{{AKN}}}FRBRname").get("value") == law.title
    assert root[0].tag == f"{{{AKN}}}act"


def test_foreign_document_without_our_metadata():
    root = etree.fromstring(
        f'<akomaNtoso xmlns="{AKN}"><act name="act"><meta/><body><chapter eId="chp_1"><num>หมวด ๑</num>'
        '<heading>ก</heading><section eId="sec_1"><num>มาตรา ๑</num><content><p>ข</p></content>'
        "</section></chapter></body></act></akomaNtoso>"
    )
    law = import_law(root)
    section = law.provisions[0]
    assert (section.label, section.number, section.text) == ("๑", (1, 0, 0, 0), "ข")
    assert section.division == ("หมวด ๑ ก",)


def _without(tag):
    def damage(root):
        element = root.find(f".//{{{AKN}}}{tag}")
        element.getparent().remove(element)

    return damage


def _twice(root):
    sections = root.findall(f".//{{{AKN}}}section")
    sections[1].set("eId", sections[0].get("eId"))


def _text_in_body(root):
    root.find(f".//{{{AKN}}}body").text = "หลง"


def _swap(root):
    meta = root.find(f".//{{{AKN}}}meta")
    meta.getparent().append(meta)


def _unknown(root):
    etree.SubElement(root.find(f".//{{{AKN}}}body"), f"{{{AKN}}}verse")


def _no_eid(root):
    del root.find(f".//{{{AKN}}}section").attrib["eId"]


def _bad_date(root):
    root.find(f".//{{{AKN}}}FRBRdate").set("date", "23/11/2569")


def _lost_author(root):
    root.find(f".//{{{AKN}}}FRBRauthor").set("href", "#nobody")


@pytest.mark.parametrize(
    "damage",
    [_without("FRBRWork"), _without("FRBRlanguage"), _without("body"), _twice, _text_in_body, _swap,
     _unknown, _no_eid, _bad_date, _lost_author],
)  # fmt: skip
def test_the_check_finds_what_is_broken(damage):
    root = etree.fromstring(export(BILL)[1])
    damage(root)
    assert check(etree.tostring(root)) != []
