"""What a Thai law looks like once it has been read: the frozen result of parsing.

These dataclasses are the interface between ``drafts.law`` and everything above it.
They hold text exactly as the normalised source has it (Thai digits stay Thai digits);
numbers for sorting and comparing are kept apart from the printed label.

Terms follow Akoma Ntoso 1.0 where it has them (``eid``, ``paragraph``, ``point``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class LawKind(StrEnum):
    """What sort of instrument the text is (docs/thai-law.md)."""

    ACT = "act"
    ORGANIC_ACT = "organic_act"
    CONSTITUTION = "constitution"
    CODE = "law_code"
    EMERGENCY_DECREE = "emergency_decree"
    ROYAL_DECREE = "royal_decree"
    MINISTERIAL_REGULATION = "ministerial_regulation"
    REGULATION = "regulation"
    NOTIFICATION = "notification"
    OTHER = "other"


class DivisionKind(StrEnum):
    """Headings that hold sections, largest first."""

    BOOK = "book"  # บรรพ
    PART = "part"  # ภาค
    TITLE = "title"  # ลักษณะ
    CHAPTER = "chapter"  # หมวด
    DIVISION = "division"  # ส่วนที่
    SUBDIVISION = "subdivision"  # ตอนที่
    UNNUMBERED = "unnumbered"  # บททั่วไป บทกำหนดโทษ บทเฉพาะกาล


class ProvisionKind(StrEnum):
    SECTION = "section"  # มาตรา
    CLAUSE = "clause"  # ข้อ


class PartKind(StrEnum):
    """Text of the document that is not a provision and not a heading."""

    TITLE = "title"
    MEMORANDUM = "memorandum"  # บันทึกหลักการและเหตุผล
    PREAMBLE = "preamble"
    COUNTERSIGNATURE = "countersignature"
    SCHEDULE = "schedule"
    NOTE = "note"  # หมายเหตุ
    AMENDMENT_REMNANT = "amendment_remnant"
    ANNOTATION = "annotation"  # footnotes and editors' marks
    UNKNOWN = "unknown"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"


#: main number, number after the slash, Pali ordinal, slash after the ordinal; 0 = none.
Number = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Item:
    """(๑), (ก), ๑): an entry of a list inside a paragraph."""

    eid: str
    label: str
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """วรรค: one unnumbered paragraph of a provision with the list that follows it."""

    eid: str
    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """One มาตรา or ข้อ.  ``text`` is all paragraphs and items joined by one newline."""

    kind: ProvisionKind
    label: str  # as printed, without the word มาตรา: "๕/๑", "๙๐/๔๒ ทวิ"
    number: Number
    eid: str
    line: int  # 1-based line of the source
    text: str
    paragraphs: tuple[Paragraph, ...]
    division: tuple[str, ...] = ()  # headings from the largest, as displayed
    division_eid: str = ""  # eid of the innermost division, "" at the top


@dataclass(frozen=True, slots=True)
class Division:
    """A heading: หมวด ๑ บททั่วไป."""

    kind: DivisionKind
    label: str  # "หมวด ๑", "" for an unnumbered one
    name: str  # "บททั่วไป"
    number: Number
    eid: str
    line: int
    parent_eid: str = ""

    @property
    def heading(self) -> str:
        return " ".join(part for part in (self.label, self.name) if part)


@dataclass(frozen=True, slots=True)
class Part:
    kind: PartKind
    text: str
    line: int
    heading: str = ""
    eid: str = ""


@dataclass(frozen=True, slots=True)
class Warning:
    """Something a person should look at; never a reason to refuse the text."""

    line: int
    code: str  # stable, snake_case
    message: str  # Thai, says what was found and what to do
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Amendment:
    """One operation of an amending section (docs/thai-law.md)."""

    op: str  # replace, insert, repeal, word, schedule
    target_law: str
    amended_by: tuple[str, ...]
    path: str  # eid in the target law
    new_text: str
    section: str  # eid of the amending section
    line: int
    old_text: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A footnote marker taken out of the running text: ``[๑]``."""

    line: int
    offset: int  # characters before it in the normalised line
    text: str


Node = Division | Provision | Part


@dataclass(frozen=True, slots=True)
class LawText:
    """A whole document.  ``nodes`` holds everything, in the order of the source."""

    title: str
    kind: LawKind
    nodes: tuple[Node, ...]
    amendments: tuple[Amendment, ...] = ()
    warnings: tuple[Warning, ...] = ()
    marks: tuple[Mark, ...] = ()

    @property
    def provisions(self) -> tuple[Provision, ...]:
        return tuple(n for n in self.nodes if isinstance(n, Provision))

    @property
    def divisions(self) -> tuple[Division, ...]:
        return tuple(n for n in self.nodes if isinstance(n, Division))

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(n for n in self.nodes if isinstance(n, Part))

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)
