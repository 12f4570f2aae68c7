"""What the law and its practice want in a report: each item checks a built document.

Publication stops if one is missing: then the builder is at fault, not the official.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consultations.report.document.blocks import Document, Section, Table
from consultations.statute import PROFILES, Source

Holds = Callable[[Document], bool]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statutory item: where it comes from and how it is seen in a document."""

    id: str
    th: str
    source: Source
    holds: Holds
    profiles: frozenset[str] = frozenset()

    def applies_to(self, profile: str) -> bool:
        return not self.profiles or profile in self.profiles


def _find(document: Document, number: str) -> Section | None:
    return next((s for s in document.sections if s.number == number), None)


def _has(*numbers: str) -> Holds:
    """Tell that the document has headings that say something."""

    def holds(document: Document) -> bool:
        found = [_find(document, number) for number in numbers]
        return all(s is not None and (s.blocks or s.sections) for s in found)

    return holds


def _tables(document: Document, number: str) -> Iterator[Table]:
    section = _find(document, number)
    for own in (section, *section.sections) if section else ():
        yield from (b for b in own.blocks if isinstance(b, Table))


def _items(document: Document) -> bool:
    profile = PROFILES[document.value("profile")]
    named = {
        row[0][0] for table in _tables(document, profile.heading) for row in table.rows
    }
    return {item.th for item in profile.items if item.required} <= named


def _reconciled(document: Document) -> bool:
    tables = list(_tables(document, "8"))
    return bool(tables) and len(tables[0].rows) == 5 and bool(tables[0].foot)


def _answered(document: Document) -> bool:
    """Every theme of heading 9 has its own part under heading 12."""
    section = _find(document, "12")
    summary = _find(document, "1")
    told = [t for t in summary.blocks if isinstance(t, Table)] if summary else []
    return section is not None and all(
        len(table.rows) <= len(section.sections) for table in told
    )


def _signed(document: Document) -> bool:
    return bool(document.value("signer") and document.value("signer_position"))


_GUIDANCE = "แนวทางรายงานตามมาตรา 77"
_REGULATION = "ระเบียบฯ 2548"
_PROJECT = frozenset({"project_2548"})
_LAW = frozenset(key for key, profile in PROFILES.items() if profile.is_law)


def _r(
    name: str,
    th: str,
    clause: str,
    label: str,
    *,
    holds: Holds,
    profiles: frozenset[str] = frozenset(),
) -> Requirement:
    return Requirement(name, th, Source(clause, label), holds, profiles)


REQUIREMENTS: tuple[Requirement, ...] = (
    _r("control", "ข้อมูลเอกสาร", "แนวปฏิบัติของระบบนี้", "D", holds=_has("0")),
    _r("signed", "ผู้รับรอง", "กฎกระทรวง พ.ศ. 2565", "V", holds=_signed),
    _r("summary", "บทสรุป", "รัฐธรรมนูญ มาตรา 77 วรรคหนึ่ง", "V", holds=_has("1")),
    _r("basis", "ฐานกฎหมาย", f"{_REGULATION} ข้อ 4–5", "V", holds=_has("2")),
    _r("items", "ข้อมูลที่เผยแพร่ครบทุกข้อ", f"{_REGULATION} ข้อ 7", "V", holds=_items),
    _r("notice", "การประกาศ", f"{_REGULATION} ข้อ 11", "V", holds=_has("4")),
    _r("s77-1", "วิธีการรับฟัง", f"{_GUIDANCE} (1)", "R-high", holds=_has("5")),
    _r("s77-2", "จำนวนครั้งและระยะเวลา", f"{_GUIDANCE} (2)", "R-high", holds=_has("6")),
    _r("s77-3", "พื้นที่หรือกลุ่มเป้าหมาย", f"{_GUIDANCE} (3)", "R-high", holds=_has("7")),
    _r("s77-4", "ประเด็นที่มีการแสดงความคิดเห็น", f"{_GUIDANCE} (4)", "R-high",
       holds=_has("9")),
    _r("s77-5", "ข้อคัดค้านหรือความเห็น", f"{_GUIDANCE} (5)", "R-high",
       holds=_has("11")),
    _r("s77-6", "คำชี้แจงเหตุผลรายประเด็น", f"{_GUIDANCE} (6)", "R-high",
       holds=_answered),
    _r("s77-7", "การนำผลมาใช้", f"{_GUIDANCE} (7)", "R-high", holds=_has("13")),
    _r("o25-1", "ประเด็น", "ITA O25 (1)", "V", holds=_has("9")),
    _r("o25-2", "สรุปข้อมูลผู้มีส่วนร่วม", "ITA O25 (2)", "V", holds=_reconciled),
    _r("o25-3", "ผลจากการมีส่วนร่วม", "ITA O25 (3)", "V", holds=_has("10")),
    _r("o25-4", "การนำผลไปปรับปรุง", "ITA O25 (4)", "V", holds=_has("13")),
    _r("measures", "มาตรการเพิ่มเติม", f"{_REGULATION} ข้อ 13", "V",
       holds=_has("14"), profiles=_PROJECT),
    _r("ria", "รายงานวิเคราะห์ผลกระทบ", "รัฐธรรมนูญ มาตรา 77 วรรคสอง", "V",
       holds=_has("14L"), profiles=_LAW),
    _r("compliance", "ตารางตรวจ", f"{_REGULATION} ข้อ 11–12", "V", holds=_has("15")),
    _r("publication", "การเผยแพร่รายงาน", f"{_REGULATION} ข้อ 12", "V", holds=_has("16")),
    _r("next", "ขั้นตอนต่อไป", "ข้อเสนอของสถาบันพระปกเกล้า", "V", holds=_has("17")),
    _r("limits", "ข้อจำกัด", "แนวปฏิบัติของระบบนี้", "D", holds=_has("18")),
    _r("comments", "ความเห็นทั้งหมด", "พ.ร.บ. ข้อมูลข่าวสารฯ มาตรา 9", "V",
       holds=_has("ผ1")),
)  # fmt: skip


def missing_from(document: Document) -> list[Requirement]:
    """Return the requirements that a document does not meet; empty when complete."""
    profile = document.value("profile")
    return [
        requirement
        for requirement in REQUIREMENTS
        if requirement.applies_to(profile) and not requirement.holds(document)
    ]
