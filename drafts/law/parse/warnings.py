"""Warnings of the parser: what was found, on which line, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from drafts.law.numerals import follows, format_label
from drafts.law.parse.heads import Candidate
from drafts.law.parse.lines import Layout
from drafts.law.structure import (
    Amendment,
    Mark,
    Node,
    Number,
    Part,
    PartKind,
    Provision,
    Severity,
    Warning,
)

_AMENDS = re.compile(
    r"ให้(?:ยกเลิก(?:ความใน|บทบัญญัติ(?:เดิม)?แห่ง|มาตรา|ข้อ\s|วรรค|บทนิยาม|หมวด)|(?:เพิ่ม|เติม)ความ|เพิ่มบทนิยาม|"
    r"(?:แก้(?:ไข)?|เปลี่ยน|ตัด|แทน|ใช้)คำว่า|ใช้ความต่อไปนี้แทน)"
)


def warn_about_heads(lines, candidates, instruments) -> list[Warning]:
    warnings: list[Warning] = []
    taken = {c.index for item in instruments for c in item.chain}
    spans = [(item.chain[0].index, item.stop) for item in instruments]
    for candidate in candidates:
        inside = any(start <= candidate.index < stop for start, stop in spans)
        if inside and candidate.index not in taken:
            name = f"{candidate.word} {candidate.label}"
            warnings.append(
                Warning(
                    lines[candidate.index].number,
                    "reference_at_line_start",
                    f"บรรทัดนี้ขึ้นต้นด้วย “{name}” แต่เลขไม่ต่อเนื่องกับ{candidate.word}ก่อนหน้า "
                    f"จึงอ่านเป็นการอ้างถึง หากเป็น{candidate.word}ใหม่ "
                    "ให้เว้นบรรทัดก่อนหน้าและตรวจเลข",
                )
            )
    for instrument in instruments:
        warnings += _warn_about_order(lines, instrument.chain)
    if not instruments:
        warnings.append(
            Warning(
                1,
                "no_sections",
                "ไม่พบมาตราหรือข้อในเอกสารนี้ โปรดตรวจว่าแต่ละมาตราขึ้นบรรทัดใหม่ด้วยคำว่า “มาตรา” "
                "หรือ “ข้อ” ตามด้วยเลข",
            )
        )
    return warnings


def _warn_about_order(lines, chain: list[Candidate]) -> list[Warning]:
    warnings = []
    previous: Number | None = None
    for candidate in chain:
        line = lines[candidate.index].number
        name = f"{candidate.word} {candidate.label}"
        if previous is not None and candidate.number <= previous:
            same = candidate.number == previous
            warnings.append(
                Warning(
                    line,
                    "duplicate_number" if same else "number_out_of_order",
                    f"{name} มีเลข{'ซ้ำกับ' if same else 'น้อยกว่า'}{candidate.word}ก่อนหน้า "
                    "โปรดตรวจและแก้เลขให้เรียงต่อกัน",
                )
            )
        elif previous is not None and not follows(previous, candidate.number):
            warnings.append(
                Warning(
                    line,
                    "number_gap",
                    f"เลขข้ามจาก {candidate.word} {format_label(previous)} ไปเป็น {name} "
                    f"โปรดตรวจว่ามี{candidate.word}ใดขาดหายหรือพิมพ์เลขผิด",
                    Severity.INFO,
                )
            )
        previous = candidate.number
    return warnings


def warn_about_amendments(
    provisions: Iterable[Provision], amendments: Iterable[Amendment]
) -> list[Warning]:
    """Warn about a section that amends a law in words that we do not understand."""
    understood = {amendment.section for amendment in amendments}
    return [
        Warning(
            provision.line,
            "amendment_not_understood",
            "ข้อความนี้ดูเหมือนแก้ไขกฎหมายอื่น แต่อ่านไม่ได้ว่าแก้ไขส่วนใดของกฎหมายใด "
            "โปรดตรวจชื่อกฎหมายและเลขมาตราที่แก้ไข",
        )
        for provision in provisions
        if provision.eid not in understood and _AMENDS.match(provision.text)
    ]


def warn_about_quotes(unclosed: list[int]) -> list[Warning]:
    return [
        Warning(
            line,
            "quote_not_closed",
            "เครื่องหมายอัญประกาศเปิดของข้อความที่แก้ไขไม่มีเครื่องหมายปิด "
            "โปรดเติม ” เมื่อจบข้อความที่ให้ใช้แทนหรือเพิ่ม",
        )
        for line in unclosed
    ]


def warn_about_layout(layout: Layout, instruments, lines) -> list[Warning]:
    warnings = []
    if layout.wrapped and instruments:
        first = instruments[0].chain[0].index
        warnings.append(
            Warning(
                lines[first].number,
                "wrapped_lines",
                "บรรทัดในเอกสารถูกตัดกลางประโยค การแบ่งวรรคจึงเป็นการประมาณ "
                "โปรดตรวจการย่อหน้าของแต่ละมาตรา",
            )
        )
    return warnings


def warn_about_remnants(nodes: Iterable[Node]) -> list[Warning]:
    """Warn where text of amending acts, printed after the body, was set apart."""
    return [
        Warning(
            node.line,
            "amendment_remnant",
            "ต่อท้ายตัวบทมีบทบัญญัติของกฎหมายแก้ไขเพิ่มเติม ระบบแยกไว้ต่างหาก ไม่นับเป็นมาตราของฉบับนี้ "
            "โปรดตรวจ และลบออกหากไม่ต้องการ",
        )
        for node in nodes
        if isinstance(node, Part) and node.kind is PartKind.AMENDMENT_REMNANT
    ]


def warn_about_marks(marks: tuple[Mark, ...]) -> list[Warning]:
    """Say once how many footnote marks were taken out of the text."""
    if not marks:
        return []
    return [
        Warning(
            marks[0].line,
            "footnote_marks",
            f"นำเครื่องหมายเชิงอรรถออกจากตัวบท {len(marks):,} แห่ง เริ่มที่บรรทัดนี้ "
            "โปรดตรวจว่าไม่มีเลขในวงเล็บที่เป็นเนื้อความ",
            Severity.INFO,
        )
    ]
