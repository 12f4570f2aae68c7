"""Show a parsed law: an outline for a person, a JSON object for a program."""

from __future__ import annotations

from typing import Any

from drafts.law.structure import (
    Division,
    Item,
    LawText,
    Part,
    PartKind,
    Provision,
    ProvisionKind,
)

_PREVIEW = 60  # characters of each section in the outline
_PART_NAMES = {
    PartKind.TITLE: "ชื่อ",
    PartKind.MEMORANDUM: "บันทึกหลักการและเหตุผล",
    PartKind.PREAMBLE: "คำปรารภ",
    PartKind.COUNTERSIGNATURE: "ผู้รับสนองพระบรมราชโองการ",
    PartKind.SCHEDULE: "บัญชีหรือตารางท้าย",
    PartKind.NOTE: "หมายเหตุ",
    PartKind.AMENDMENT_REMNANT: "บทบัญญัติของกฎหมายแก้ไขเพิ่มเติม (ไม่ใช่ตัวบท)",
    PartKind.ANNOTATION: "เชิงอรรถหรือบันทึกของผู้จัดทำ",
    PartKind.UNKNOWN: "ข้อความอื่น",
}


def outline(law: LawText) -> str:
    """Write the outline and the warnings, with line numbers, in Thai."""
    lines = [law.title or "(ไม่พบชื่อ)", ""]
    depth: dict[str, int] = {}
    level = 0
    for node in law:
        if isinstance(node, Division):
            level = depth.get(node.parent_eid, -1) + 1
            depth[node.eid] = level
            lines.append(f"{node.line:>6}  {'  ' * level}{node.heading}")
        elif isinstance(node, Provision):
            word = "ข้อ" if node.kind is ProvisionKind.CLAUSE else "มาตรา"
            indent = "  " * (level + 1 if node.division else 0)
            preview = node.text.replace("\n", " ")[:_PREVIEW]
            lines.append(f"{node.line:>6}  {indent}{word} {node.label}  {preview}")
        else:
            level = 0
            size = f"{len(node.text):,} ตัวอักษร"
            lines.append(f"{node.line:>6}  [{_PART_NAMES[node.kind]}] {size}")
    sections = len(law.provisions)
    lines += ["", f"พบ {sections:,} มาตราหรือข้อ ใน {len(law.divisions):,} หัวข้อ"]
    if law.amendments:
        lines.append(f"พบการแก้ไขกฎหมายอื่น {len(law.amendments):,} รายการ")
        lines += [
            f"{a.line:>6}  {a.op}  {a.target_law}  {a.path}" for a in law.amendments
        ]
    if law.warnings:
        lines += ["", f"คำเตือน {len(law.warnings):,} รายการ"]
        lines += [f"{w.line:>6}  {w.message} ({w.code})" for w in law.warnings]
    else:
        lines.append("ไม่มีคำเตือน")
    return "\n".join(lines) + "\n"


def to_json(law: LawText) -> dict[str, Any]:
    """Give the law as plain data: the object that ``--json`` prints."""
    return {
        "title": law.title,
        "kind": str(law.kind),
        "provisions": [_provision(node) for node in law.provisions],
        "divisions": [
            {
                "kind": str(node.kind),
                "label": node.label,
                "name": node.name,
                "number": list(node.number),
                "eid": node.eid,
                "parent": node.parent_eid,
                "line": node.line,
            }
            for node in law.divisions
        ],
        "amendments": [
            {
                "op": item.op,
                "target_law": item.target_law,
                "amended_by": list(item.amended_by),
                "path": item.path,
                "new_text": item.new_text,
                "old_text": item.old_text,
                "section": item.section,
                "line": item.line,
            }
            for item in law.amendments
        ],
        "parts": [_part(node) for node in law.parts]
        + [
            {"kind": str(PartKind.ANNOTATION), "text": mark.text, "line": mark.line}
            for mark in law.marks
        ],
        "warnings": [
            {
                "line": warning.line,
                "code": warning.code,
                "message": warning.message,
                "severity": str(warning.severity),
            }
            for warning in law.warnings
        ],
    }


def _provision(node: Provision) -> dict[str, Any]:
    return {
        "kind": str(node.kind),
        "label": node.label,
        "number": list(node.number),
        "eid": node.eid,
        "division": list(node.division),
        "line": node.line,
        "text": node.text,
        "paragraphs": [
            {"eid": item.eid, "text": item.text, "items": _items(item.items)}
            for item in node.paragraphs
        ],
    }


def _items(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    return [
        {
            "eid": item.eid,
            "label": item.label,
            "text": item.text,
            "items": _items(item.items),
        }
        for item in items
    ]


def _part(node: Part) -> dict[str, Any]:
    return {
        "kind": str(node.kind),
        "text": node.text,
        "heading": node.heading,
        "line": node.line,
    }
