"""What people call a provision: as the law prints it, and in the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from drafts.languages import has_thai, is_english
from drafts.law import numerals
from drafts.law.structure import PartKind
from drafts.models import ProvisionKind

#: Parts of a document that have a title of their own.
TITLED_PARTS = frozenset({PartKind.SCHEDULE, PartKind.NOTE})


def part_name(subkind: str) -> str:
    """Return the Thai of a part of the document that is no provision."""
    return {
        "title": _("ชื่อร่าง"),
        "memorandum": _("บันทึกหลักการและเหตุผล"),
        "preamble": _("คำปรารภ"),
        "countersignature": _("ผู้รับสนองพระบรมราชโองการ"),
        "schedule": _("บัญชีท้าย"),
        "note": _("หมายเหตุ"),
        "annotation": _("เชิงอรรถ"),
    }.get(subkind, _("ส่วนประกอบ"))


def name_of(kind: str, subkind: str, label: str, heading: str, eid: str) -> str:
    """Return what people call a provision: its label, else what it is."""
    if kind == ProvisionKind.DIVISION:
        return " ".join(part for part in (label, heading) if part) or eid
    if label:
        return label
    if kind != ProvisionKind.PART:
        return heading or eid
    # Of the parts only a schedule or a note has a title of its own.
    return (heading if subkind in TITLED_PARTS else "") or part_name(subkind)


#: What English pages call the provisions of a Thai law.
_ENGLISH = {
    "มาตรา": "Section",
    "ข้อ": "Clause",
    "บรรพ": "Book",
    "ภาค": "Part",
    "ลักษณะ": "Title",
    "หมวด": "Chapter",
    "ส่วนที่": "Division",
}


def lang_of(kind: str, label: str, name: str = "") -> str:
    """Return the language of a name where it is not the page's own, else "".

    A part without a label is named by us, in the page's language, unless it has a title
    of its own, which ``name`` tells.
    """
    ours = kind == ProvisionKind.PART and not label and not has_thai(name)
    return "th" if is_english() and not ours else ""


def called(kind: str, subkind: str, label: str, heading: str, eid: str) -> str:
    """Return what a link calls a provision, in the page's language."""
    if kind == ProvisionKind.TARGET_CLAUSE and is_english():
        return _english_clause(eid)
    word, _space, number = label.partition(" ")
    if is_english() and word in _ENGLISH and number:
        return f"{_ENGLISH[word]} {numerals.arabic_digits(number)}"
    return name_of(kind, subkind, label, heading, eid)


def _english_clause(eid: str) -> str:
    """Name a clause of another law by its place in the bill: Change 1 of Section 3."""
    section, _mod, count = eid.rpartition("__mod_")
    kind, _under, part = section.rpartition("__")[2].partition("_")
    number = numerals.number_from_eid(part)
    word = _ENGLISH["ข้อ" if kind == "cl" else "มาตรา"]
    printed = numerals.format_label(number, digits="arabic") if number else part
    return f"Change {count} of {word} {printed}"
