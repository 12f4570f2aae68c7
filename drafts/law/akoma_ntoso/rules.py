"""Check a document against the rules of the Akoma Ntoso 1.0 schema that concern us.

Written from the OASIS standard (akn-core part 1 and 2, akn-nc): the content model and
the order of every element that we write, required attributes, FRBR metadata, and the
uniqueness and form of eIds.  An element that is not in the tables is reported, so the
check is strict for our own files and no validator for everyone's.
"""

from __future__ import annotations

import re
from datetime import date

from lxml import etree

from drafts.law.akoma_ntoso.names import AKN, OWN

_A = f"{{{AKN}}}"
_HIERARCHY = [
    "book",
    "part",
    "title",
    "chapter",
    "division",
    "subdivision",
    "section",
    "clause",
    "paragraph",
    "point",
    "hcontainer",
]
#: Content models as sequences of (names, least, most).
_Model = tuple[tuple[tuple[str, ...], int, int | None], ...]
_HIER_MODEL: _Model = (
    (("num",), 0, 1),
    (("heading",), 0, 1),
    (("content", "intro"), 0, 1),
    (tuple(_HIERARCHY), 0, None),
    (("wrapUp",), 0, 1),
)
_FRBR: _Model = (
    (("FRBRthis",), 1, 1),
    (("FRBRuri",), 1, 1),
    (("FRBRalias",), 0, None),
    (("FRBRdate",), 1, None),
    (("FRBRauthor",), 1, None),
)
_STRUCTURE: _Model = (
    (("meta",), 1, 1),
    (("coverPage",), 0, 1),
    (("preface",), 0, 1),
    (("preamble",), 0, 1),
    (("body",), 1, 1),
    (("conclusions",), 0, 1),
    (("attachments",), 0, 1),
)
_BLOCKS: _Model = ((("container", "p"), 1, None),)
_MODELS: dict[str, _Model] = {
    "akomaNtoso": ((("act", "bill"), 1, 1),),
    "act": _STRUCTURE,
    "bill": _STRUCTURE,
    "meta": (
        (("identification",), 1, 1),
        (("publication",), 0, 1),
        (("classification",), 0, None),
        (("lifecycle",), 0, None),
        (("workflow",), 0, None),
        (("analysis",), 0, None),
        (("temporalData",), 0, None),
        (("references",), 0, None),
        (("notes",), 0, None),
        (("proprietary",), 0, None),
    ),
    "identification": (
        (("FRBRWork",), 1, 1),
        (("FRBRExpression",), 1, 1),
        (("FRBRManifestation",), 1, 1),
        (("FRBRItem",), 0, 1),
    ),
    "FRBRWork": (
        *_FRBR,
        (("FRBRcountry",), 1, 1),
        (("FRBRsubtype",), 0, None),
        (("FRBRnumber",), 0, None),
        (("FRBRname",), 0, None),
    ),
    "FRBRExpression": (
        *_FRBR,
        (("FRBRversionNumber",), 0, 1),
        (("FRBRlanguage",), 1, None),
    ),
    "FRBRManifestation": (*_FRBR, (("FRBRformat",), 0, 1)),
    "references": ((("TLCOrganization", "TLCPerson", "TLCConcept"), 1, None),),
    "preface": _BLOCKS,
    "preamble": _BLOCKS,
    "conclusions": _BLOCKS,
    "container": ((("p",), 1, None),),
    "body": ((tuple(_HIERARCHY), 1, None),),
    "content": ((("p",), 1, None),),
    "intro": ((("p",), 1, None),),
    **dict.fromkeys(_HIERARCHY, _HIER_MODEL),
}
_LEAVES = {
    "p", "num", "heading", "FRBRthis", "FRBRuri", "FRBRdate", "FRBRauthor",
    "FRBRcountry", "FRBRsubtype", "FRBRnumber", "FRBRname", "FRBRversionNumber",
    "FRBRlanguage", "FRBRformat", "TLCOrganization", "proprietary",
}  # fmt: skip
_TEXT = {"p", "num", "heading"}
_REQUIRED = {
    "act": ("name",),
    "bill": ("name",),
    "identification": ("source",),
    "references": ("source",),
    "proprietary": ("source",),
    "FRBRthis": ("value",),
    "FRBRuri": ("value",),
    "FRBRdate": ("date", "name"),
    "FRBRauthor": ("href",),
    "FRBRcountry": ("value",),
    "FRBRlanguage": ("language",),
    "TLCOrganization": ("eId", "href", "showAs"),
    "container": ("name", "eId"),
    "hcontainer": ("name", "eId"),
    **{name: ("eId",) for name in _HIERARCHY if name != "hcontainer"},
}
_EID = re.compile(r"[^\s\"'<>&]+$")


def check(data: bytes) -> list[str]:
    """Give the broken rules, each with the line in the XML; an empty list is a pass."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    if root.tag != f"{_A}akomaNtoso":
        return ["the root is not akomaNtoso in the namespace of version 1.0"]
    faults: list[str] = []
    eids: set[str] = set()
    for element in root.iter(etree.Element):
        name = etree.QName(element)
        if name.namespace == OWN:
            continue
        if name.namespace != AKN:
            faults.append(f"line {element.sourceline}: foreign element {element.tag}")
            continue
        _check_attributes(element, name.localname, faults)
        _check_element(element, name.localname, faults)
        _check_eid(element, name.localname, eids, faults)
    _check_links(root, eids, faults)
    _check_frbr(root, faults)
    return faults


def _check_attributes(element, name: str, faults: list[str]) -> None:
    place = f"line {element.sourceline}: {name}"
    for attribute in _REQUIRED.get(name, ()):
        if not element.get(attribute):
            faults.append(f"{place} has no {attribute}")
    for attribute in element.attrib:
        if attribute.startswith("{") and not attribute.startswith(f"{{{OWN}}}"):
            faults.append(f"{place} has a foreign attribute {attribute}")


def _check_element(element, name: str, faults: list[str]) -> None:
    place = f"line {element.sourceline}: {name}"
    if name in _LEAVES:
        if name not in _TEXT and (element.text or "").strip():
            faults.append(f"{place} may not hold text")
        return
    model = _MODELS.get(name)
    if model is None:
        faults.append(f"{place} is not an element that we know")
        return
    loose = [element.text, *(child.tail for child in element)]
    if any((text or "").strip() for text in loose):
        faults.append(f"{place} may not hold text of its own")
    names = [etree.QName(child).localname for child in element]
    position = 0
    for allowed, least, most in model:
        count = 0
        while position < len(names) and names[position] in allowed:
            if most is not None and count >= most:
                break
            position, count = position + 1, count + 1
        if count < least:
            faults.append(f"{place} lacks {' or '.join(allowed)}")
    if position < len(names):
        faults.append(f"{place} has {names[position]} out of its place")
    if "content" in names and any(child in _HIERARCHY for child in names):
        faults.append(f"{place} has both content and parts")


def _check_eid(element, name: str, eids: set[str], faults: list[str]) -> None:
    eid = element.get("eId")
    if eid is None:
        return
    place = f"line {element.sourceline}: {name}"
    if not _EID.match(eid):
        faults.append(f"{place}: eId {eid!r} has a character that is not allowed")
    if eid in eids:
        faults.append(f"{place}: eId {eid} stands twice")
    eids.add(eid)
    parent = element.getparent()
    above = parent.get("eId", "") if parent is not None else ""
    if name in {"paragraph", "point"} and not eid.startswith(f"{above}__"):
        faults.append(f"{place}: eId {eid} does not continue that of its parent")


def _check_links(root, eids: set[str], faults: list[str]) -> None:
    for element in root.iter(f"{_A}FRBRauthor"):
        href = element.get("href", "")
        if href.startswith("#") and href[1:] not in eids:
            faults.append(f"line {element.sourceline}: {href} points to nothing")
    for element in root.iter(etree.Element):
        source = element.get("source", "")
        if source.startswith("#") and source[1:] not in eids:
            faults.append(f"line {element.sourceline}: {source} points to nothing")


def _check_frbr(root, faults: list[str]) -> None:
    uris = {}
    for level in ("FRBRWork", "FRBRExpression", "FRBRManifestation"):
        block = root.find(f".//{_A}{level}")
        if block is None:
            continue
        uri = block.find(f"{_A}FRBRuri")
        uris[level] = uri.get("value", "") if uri is not None else ""
        for element in block.iter(f"{_A}FRBRdate"):
            try:
                date.fromisoformat(element.get("date", ""))
            except ValueError:
                faults.append(f"{level}: {element.get('date')!r} is no date")
    work = uris.get("FRBRWork", "")
    if not re.match(r"/akn/[a-z]{2}/(?:act|bill)/", work):
        faults.append(f"the work's address {work!r} is not of the form /akn/th/act/…")
    if not uris.get("FRBRExpression", "").startswith(f"{work}/"):
        faults.append("the expression's address does not continue the work's")
    if not uris.get("FRBRManifestation", "").startswith(uris.get("FRBRExpression", "")):
        faults.append("the manifestation's address does not continue the expression's")
