"""Read Akoma Ntoso XML; what we wrote ourselves comes back without loss."""

from __future__ import annotations

from lxml import etree

from drafts.law.akoma_ntoso.names import (
    DIVISIONS,
    OWN_TAG,
    TAG,
    UNNUMBERED,
    AkomaNtosoError,
)
from drafts.law.messages import _
from drafts.law.numerals import number_from_eid, read_number
from drafts.law.parse.body import provision_text
from drafts.law.structure import (
    Amendment,
    Division,
    DivisionKind,
    Item,
    LawKind,
    LawText,
    Mark,
    Node,
    Paragraph,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
    Severity,
    Warning,
)


def import_law(root: etree._Element) -> LawText:
    """Read an Akoma Ntoso document; our own export comes back without loss.

    Raises ``AkomaNtosoError`` when the document has no body that we understand.
    """
    document = next(
        (
            child
            for child in root
            if child.tag in {f"{TAG}act", f"{TAG}bill", f"{TAG}doc"}
        ),
        None,
    )
    if root.tag != f"{TAG}akomaNtoso" or document is None:
        raise AkomaNtosoError(
            _("ไฟล์ XML นี้ไม่ใช่ Akoma Ntoso 1.0 ชนิด act หรือ bill จึงอ่านไม่ได้")
        )
    reader = _Importer()
    for name in ("preface", "preamble", "body", "mainBody", "conclusions"):
        block = document.find(f"{TAG}{name}")
        if block is not None:
            reader.block(block, name)
    if not reader.nodes:
        raise AkomaNtosoError(_("ไม่พบข้อความในไฟล์ Akoma Ntoso นี้"))
    return reader.law(document)


class _Importer:
    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.path: list[Division] = []
        self.count = 0

    def block(self, block, name: str) -> None:
        kinds = {"preface": PartKind.TITLE, "preamble": PartKind.PREAMBLE}
        if name in {"body", "mainBody"}:
            self.hierarchy(block, 0)
            return
        own = block.findall(f"{TAG}container")
        if own and len(own) == len(block):
            for element in own:
                self.part(element)
            return
        text = _lines(block)
        if text:
            kind = kinds.get(name, PartKind.COUNTERSIGNATURE)
            self.nodes.append(Part(kind, text, self.line(block)))

    def line(self, element) -> int:
        """Give the line of the source, or count elements where there is none."""
        self.count += 1
        value = element.get(f"{OWN_TAG}line", "")
        return read_number(value, self.count)

    def part(self, element) -> None:
        name = element.get("name", "")
        kind = PartKind(name) if name in set(PartKind) else PartKind.UNKNOWN
        self.nodes.append(
            Part(
                kind,
                _lines(element),
                self.line(element),
                element.get(f"{OWN_TAG}heading", ""),
                element.get(f"{OWN_TAG}eid", ""),
            )
        )

    def hierarchy(self, parent, depth: int) -> None:
        if depth > 40:
            raise AkomaNtosoError(_("โครงสร้างในไฟล์ Akoma Ntoso ซ้อนกันลึกเกินไป"))
        for element in parent:
            tag = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if tag in {"section", "article", "clause", "rule"}:
                self.provision(element, clause=tag == "clause")
            elif tag == "hcontainer" and element.get("name") == "empty":
                continue
            elif tag == "hcontainer" and element.get("name") != UNNUMBERED:
                self.part(element)
            elif tag in DIVISIONS:
                self.division(element, DIVISIONS[tag])
                self.hierarchy(element, depth + 1)
                self.path.pop()

    def division(self, element, kind: DivisionKind) -> None:
        eid = element.get("eId", "") or f"{kind}_{len(self.nodes)}"
        division = Division(
            kind,
            _child(element, "num"),
            _child(element, "heading"),
            _number(element),
            eid,
            self.line(element),
            self.path[-1].eid if self.path else "",
        )
        self.path.append(division)
        self.nodes.append(division)

    def provision(self, element, *, clause: bool) -> None:
        num = _child(element, "num")
        label = num.removeprefix("ข้อ").removeprefix("มาตรา").strip()
        eid = element.get("eId", "") or f"sec_{len(self.nodes)}"
        paragraphs = tuple(
            Paragraph(item.get("eId", ""), _own_text(item), _items(item))
            for item in element.findall(f"{TAG}paragraph")
        )
        if not paragraphs:
            text = _own_text(element)
            items = _items(element)
            if text or items:
                paragraphs = (Paragraph(f"{eid}__para_1", text, items),)
        text = provision_text(paragraphs)
        typed = element.get(f"{OWN_TAG}text", "")
        if "".join(typed.split()) == "".join(text.split()):
            text = typed  # the same letters, with the spaces of a person
        self.nodes.append(
            Provision(
                ProvisionKind.CLAUSE if clause else ProvisionKind.SECTION,
                label,
                _number(element),
                eid,
                self.line(element),
                text,
                paragraphs,
                tuple(division.heading for division in self.path),
                self.path[-1].eid if self.path else "",
            )
        )

    def law(self, document) -> LawText:
        own = document.find(f"{TAG}meta/{TAG}proprietary/{OWN_TAG}law")
        if own is None:
            name = document.find(
                f"{TAG}meta/{TAG}identification/{TAG}FRBRWork/{TAG}FRBRname"
            )
            title = name.get("value", "") if name is not None else ""
            return LawText(title, LawKind.OTHER, tuple(self.nodes))
        kind = own.get("kind", "")
        return LawText(
            own.findtext(f"{OWN_TAG}title") or "",
            LawKind(kind) if kind in set(LawKind) else LawKind.OTHER,
            tuple(self.nodes),
            tuple(_amendment(item) for item in own.findall(f"{OWN_TAG}amendment")),
            tuple(
                Warning(
                    read_number(item.get("line")),
                    item.get("code", ""),
                    item.text or "",
                    Severity.INFO
                    if item.get("severity") == "info"
                    else Severity.WARNING,
                )
                for item in own.findall(f"{OWN_TAG}warning")
            ),
            tuple(
                Mark(
                    read_number(item.get("line")),
                    read_number(item.get("offset")),
                    item.text or "",
                )
                for item in own.findall(f"{OWN_TAG}mark")
            ),
        )


def _amendment(item) -> Amendment:
    return Amendment(
        item.get("op", ""),
        item.findtext(f"{OWN_TAG}target") or "",
        tuple(by.text or "" for by in item.findall(f"{OWN_TAG}by")),
        item.get("path", ""),
        item.findtext(f"{OWN_TAG}new") or "",
        item.get("section", ""),
        read_number(item.get("line")),
        item.findtext(f"{OWN_TAG}old") or "",
    )


def _child(element, name: str) -> str:
    child = element.find(f"{TAG}{name}")
    return "" if child is None else "".join(child.itertext())


def _lines(element) -> str:
    return "\n".join("".join(p.itertext()) for p in element.iter(f"{TAG}p"))


def _own_text(element) -> str:
    """Give the text of ``intro`` or ``content``, not that of the items inside."""
    pieces = []
    for name in ("intro", "content"):
        block = element.find(f"{TAG}{name}")
        if block is not None:
            pieces.append(_lines(block) or "".join(block.itertext()).strip())
    return " ".join(filter(None, pieces))


def _items(element) -> tuple[Item, ...]:
    found = []
    for item in element.iterchildren(f"{TAG}point", f"{TAG}indent", f"{TAG}list"):
        if item.tag == f"{TAG}list":
            found += _items(item)
            continue
        found.append(
            Item(
                item.get("eId", ""), _child(item, "num"), _own_text(item), _items(item)
            )
        )
    return tuple(found)


def _number(element) -> tuple[int, int, int, int]:
    own = element.get(f"{OWN_TAG}number", "").split()
    if len(own) == 4 and all(part.isdecimal() for part in own):
        main, slash, ordinal, sub = map(int, own)
        return (main, slash, ordinal, sub)
    last = element.get("eId", "").rpartition("__")[2]
    return number_from_eid(last.partition("_")[2]) or (0, 0, 0, 0)
