"""Write a law as Akoma Ntoso 1.0 XML (OASIS LegalDocML).

The hierarchy is carried by the standard's own elements (book, part, title, chapter,
division, section, clause, paragraph, point).  What the standard has no place for, such
as the line a section stood on in the source, is kept in attributes and in the
``proprietary`` metadata of our own namespace, which the schema allows for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

from drafts.law.akoma_ntoso.names import (
    AKN,
    ELEMENTS,
    OWN,
    OWN_TAG,
    SOURCE,
    TAG,
    UNNUMBERED,
)
from drafts.law.numerals import BUDDHIST_ERA_OFFSET, arabic_digits
from drafts.law.parse.body import provision_text
from drafts.law.structure import (
    Division,
    Item,
    LawKind,
    LawText,
    Node,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
)

_SUBTYPES = {
    LawKind.ACT: "act",
    LawKind.ORGANIC_ACT: "act",
    LawKind.CONSTITUTION: "constitution",
    LawKind.CODE: "code",
    LawKind.EMERGENCY_DECREE: "decree",
    LawKind.ROYAL_DECREE: "decree",
    LawKind.MINISTERIAL_REGULATION: "regulation",
    LawKind.REGULATION: "regulation",
    LawKind.NOTIFICATION: "notification",
    LawKind.OTHER: "act",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """FRBR identity of a document.  ``number`` and ``author`` are ASCII names."""

    work_date: date
    expression_date: date
    number: str = "nn"
    author: str = "agency"
    author_name: str = "หน่วยงานผู้เสนอร่าง"
    version: str = ""
    bill: bool = True


def identity_of(law: LawText, *, expression_date: date, **more) -> Identity:
    """Make an identity: the work's date is the year in the title, if it has one."""
    year = None
    for word in arabic_digits(law.title).replace(".", " ").split():
        if len(word) == 4 and word.isdecimal() and 2300 < int(word) < 2700:
            year = int(word) - BUDDHIST_ERA_OFFSET
    work_date = date(year, 1, 1) if year else expression_date
    return Identity(work_date, expression_date, bill=year is None, **more)


def export_law(law: LawText, identity: Identity) -> bytes:
    """Write a law as an Akoma Ntoso document, UTF-8 with an XML declaration."""
    root = etree.Element(f"{TAG}akomaNtoso", nsmap={None: AKN, "rf": OWN})
    form = "bill" if identity.bill else "act"
    document = _add(root, form, name=form)
    _write_meta(document, law, identity, form)
    nodes = list(law.nodes)
    inner = [i for i, node in enumerate(nodes) if not isinstance(node, Part)]
    first = inner[0] if inner else len(nodes)
    last = inner[-1] + 1 if inner else len(nodes)
    names = _PartNames()
    _write_front(document, nodes[:first], names)
    _write_body(document, nodes[first:last], names)
    if last < len(nodes):
        conclusions = _add(document, "conclusions", eId="conclusions")
        for node in nodes[last:]:
            _write_part(conclusions, node, names, "container")
    return etree.tostring(
        root, encoding="utf-8", xml_declaration=True, pretty_print=False
    )


def _add(parent, tag: str, text: str | None = None, **attributes) -> etree._Element:
    element = etree.SubElement(parent, f"{TAG}{tag}")
    for name, value in attributes.items():
        element.set(f"{OWN_TAG}{name[3:]}" if name.startswith("rf_") else name, value)
    if text is not None:
        element.text = _xml_text(text)
    return element


def _xml_text(text: str) -> str:
    """Replace what XML 1.0 cannot carry (normalised text has none of it)."""
    return "".join(
        c
        if c in "\t\n"
        or " " <= c <= "\ud7ff"
        or "\ue000" <= c <= "\ufffd"
        or c > "\uffff"
        else "\ufffd"
        for c in text
    )


def _write_meta(document, law: LawText, identity: Identity, form: str) -> None:
    meta = _add(document, "meta")
    block = _add(meta, "identification", source=SOURCE)
    subtype = _SUBTYPES[law.kind]
    work_uri = f"/akn/th/{form}/{subtype}/{identity.work_date}/{identity.number}"
    expression_uri = f"{work_uri}/tha@{identity.expression_date}"
    manifestation_uri = f"{expression_uri}.akn"
    work = _add(block, "FRBRWork")
    _frbr(work, f"{work_uri}/!main", work_uri, identity.work_date, identity.author)
    _add(work, "FRBRcountry", value="th")
    _add(work, "FRBRsubtype", value=subtype)
    _add(work, "FRBRnumber", value=identity.number)
    if law.title:
        _add(work, "FRBRname", value=_xml_text(law.title))
    expression = _add(block, "FRBRExpression")
    _frbr(
        expression,
        f"{expression_uri}/!main",
        expression_uri,
        identity.expression_date,
        identity.author,
    )
    if identity.version:
        _add(expression, "FRBRversionNumber", value=identity.version)
    _add(expression, "FRBRlanguage", language="tha")
    manifestation = _add(block, "FRBRManifestation")
    _frbr(
        manifestation,
        f"{expression_uri}/!main.akn",
        manifestation_uri,
        identity.expression_date,
        "rapfang",
    )
    _add(manifestation, "FRBRformat", value="application/akn+xml")
    references = _add(meta, "references", source=SOURCE)
    _add(
        references,
        "TLCOrganization",
        eId=identity.author,
        href=f"/akn/ontology/organization/th/{identity.author}",
        showAs=identity.author_name,
    )
    if identity.author != "rapfang":
        _add(
            references,
            "TLCOrganization",
            eId="rapfang",
            href="/akn/ontology/organization/th/rapfang",
            showAs="รับฟัง",
        )
    _write_own(_add(meta, "proprietary", source=SOURCE), law)


def _frbr(parent, this: str, uri: str, day: date, author: str) -> None:
    _add(parent, "FRBRthis", value=this)
    _add(parent, "FRBRuri", value=uri)
    _add(parent, "FRBRdate", date=day.isoformat(), name="Generation")
    _add(parent, "FRBRauthor", href=f"#{author}")


def _write_own(parent, law: LawText) -> None:
    """Keep the title, the kind, amendments, warnings and marks for the way back."""
    own = etree.SubElement(parent, f"{OWN_TAG}law", kind=str(law.kind))
    etree.SubElement(own, f"{OWN_TAG}title").text = _xml_text(law.title)
    for item in law.amendments:
        element = etree.SubElement(
            own,
            f"{OWN_TAG}amendment",
            op=item.op,
            path=_xml_text(item.path),
            section=item.section,
            line=str(item.line),
        )
        etree.SubElement(element, f"{OWN_TAG}target").text = _xml_text(item.target_law)
        for title in item.amended_by:
            etree.SubElement(element, f"{OWN_TAG}by").text = _xml_text(title)
        etree.SubElement(element, f"{OWN_TAG}old").text = _xml_text(item.old_text)
        etree.SubElement(element, f"{OWN_TAG}new").text = _xml_text(item.new_text)
    for warning in law.warnings:
        element = etree.SubElement(
            own,
            f"{OWN_TAG}warning",
            line=str(warning.line),
            code=warning.code,
            severity=str(warning.severity),
        )
        element.text = _xml_text(warning.message)
    for mark in law.marks:
        element = etree.SubElement(
            own, f"{OWN_TAG}mark", line=str(mark.line), offset=str(mark.offset)
        )
        element.text = mark.text


class _PartNames:
    """Gives each part an eId of its own."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def next(self, kind: PartKind) -> str:
        # "title" is also what a ลักษณะ is called.
        name = "doctitle" if kind is PartKind.TITLE else str(kind).replace("_", "-")
        self.counts[name] = self.counts.get(name, 0) + 1
        return f"{name}_{self.counts[name]}"


def _write_front(document, nodes: list[Node], names: _PartNames) -> None:
    split = next(
        (i for i, node in enumerate(nodes) if node.kind is PartKind.PREAMBLE),
        len(nodes),
    )
    if nodes[:split]:
        preface = _add(document, "preface", eId="preface")
        for node in nodes[:split]:
            _write_part(preface, node, names, "container")
    if nodes[split:]:
        preamble = _add(document, "preamble", eId="preamble")
        for node in nodes[split:]:
            _write_part(preamble, node, names, "container")


def _write_part(parent, part: Part, names: _PartNames, tag: str) -> None:
    element = _add(
        parent,
        tag,
        name=str(part.kind),
        eId=names.next(part.kind),
        rf_line=str(part.line),
    )
    if part.heading:
        element.set(f"{OWN_TAG}heading", _xml_text(part.heading))
    if part.eid:
        element.set(f"{OWN_TAG}eid", part.eid)
    holder = _add(element, "content") if tag == "hcontainer" else element
    for line in part.text.split("\n"):
        _add(holder, "p", line)


def _write_body(document, nodes: list[Node], names: _PartNames) -> None:
    body = _add(document, "body", eId="body")
    open_elements: list[tuple[str, etree._Element]] = []
    for node in nodes:
        if isinstance(node, Division):
            while open_elements and open_elements[-1][0] != node.parent_eid:
                open_elements.pop()
            parent = open_elements[-1][1] if open_elements else body
            open_elements.append((node.eid, _write_division(parent, node)))
            continue
        if isinstance(node, Provision):
            while open_elements and open_elements[-1][0] != node.division_eid:
                open_elements.pop()
        parent = open_elements[-1][1] if open_elements else body
        if isinstance(node, Provision):
            _write_provision(parent, node)
        else:
            _write_part(parent, node, names, "hcontainer")
    if not len(body):
        _add(_add(body, "hcontainer", name="empty", eId="hcontainer_1"), "content")
        _add(body[0][0], "p", "")


def _write_division(parent, division: Division) -> etree._Element:
    tag = ELEMENTS[division.kind]
    element = _add(parent, tag, eId=division.eid, rf_line=str(division.line))
    if tag == "hcontainer":
        element.set("name", UNNUMBERED)
    if division.label:
        _add(element, "num", division.label)
    if division.name:
        _add(element, "heading", division.name)
    element.set(f"{OWN_TAG}number", " ".join(map(str, division.number)))
    return element


def _write_provision(parent, provision: Provision) -> None:
    clause = provision.kind is ProvisionKind.CLAUSE
    element = _add(
        parent,
        "clause" if clause else "section",
        eId=provision.eid,
        rf_line=str(provision.line),
        rf_number=" ".join(map(str, provision.number)),
    )
    if provision.text != provision_text(provision.paragraphs):
        element.set(f"{OWN_TAG}text", _xml_text(provision.text))  # spaces as typed
    _add(element, "num", f"{'ข้อ' if clause else 'มาตรา'} {provision.label}")
    if not provision.paragraphs:
        _add(_add(element, "content"), "p", "")
    for paragraph in provision.paragraphs:
        holder = _add(element, "paragraph", eId=paragraph.eid)
        _write_text(holder, paragraph.text, paragraph.items)


def _write_text(holder, text: str, items: tuple[Item, ...]) -> None:
    if not items:
        _add(_add(holder, "content"), "p", text)
        return
    if text:
        _add(_add(holder, "intro"), "p", text)
    for item in items:
        point = _add(holder, "point", eId=item.eid)
        _add(point, "num", item.label)
        _write_text(point, item.text, item.items)
