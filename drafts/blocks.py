"""The pieces an officer corrects in the Wagtail editor.

One block is one provision, heading or other part; its UUID is the provision's
identity through every version.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

DIVISION_KINDS = [
    ("book", _("บรรพ")),
    ("part", _("ภาค")),
    ("title", _("ลักษณะ")),
    ("chapter", _("หมวด")),
    ("division", _("ส่วนที่")),
    ("unnumbered", _("ไม่มีเลข เช่น บทเฉพาะกาล")),
]
PROVISION_KINDS = [("section", _("มาตรา")), ("clause", _("ข้อ"))]
PART_KINDS = [
    ("title", _("ชื่อ")),
    ("memorandum", _("บันทึกหลักการและเหตุผล")),
    ("preamble", _("คำปรารภ")),
    ("countersignature", _("ผู้รับสนองพระบรมราชโองการ")),
    ("schedule", _("บัญชีท้าย")),
    ("note", _("หมายเหตุ")),
    ("amendment_remnant", _("ข้อความของกฎหมายแก้ไขเพิ่มเติม")),
    ("annotation", _("เชิงอรรถ")),
    ("unknown", _("อื่น ๆ")),
]


class _PieceBlock(blocks.StructBlock):
    """A piece whose lines end as everywhere else: browsers send CR LF."""

    def value_from_datadict(
        self, data: Any, files: Any, prefix: str
    ) -> blocks.StructValue:
        value = super().value_from_datadict(data, files, prefix)
        for name, text in value.items():
            if isinstance(text, str):
                value[name] = text.replace("\r\n", "\n")
        return value


class DivisionBlock(_PieceBlock):
    kind = blocks.ChoiceBlock(choices=DIVISION_KINDS, label=_("ระดับ"))
    label = blocks.CharBlock(required=False, label=_("เลข"), help_text=_("หมวด ๑"))
    name = blocks.TextBlock(required=False, rows=1, label=_("ชื่อ"))

    class Meta:
        icon = "list-ul"
        label = _("หมวดหรือส่วน")
        label_format = "{label} {name}"


class ProvisionBlock(_PieceBlock):
    kind = blocks.ChoiceBlock(choices=PROVISION_KINDS, label=_("ชนิด"))
    label = blocks.CharBlock(label=_("เลข"), help_text=_("๕ หรือ ๕/๑ หรือ ๕ ทวิ"))
    text = blocks.TextBlock(
        rows=6,
        label=_("ข้อความ"),
        help_text=_("หนึ่งบรรทัดต่อหนึ่งวรรคหรือหนึ่งอนุมาตรา"),
    )
    plain_note = blocks.TextBlock(required=False, rows=2, label=_("คำอธิบายง่าย ๆ"))
    plain_note_en = blocks.TextBlock(
        required=False, rows=2, label=_("คำอธิบายภาษาอังกฤษ")
    )
    current_law = blocks.TextBlock(required=False, rows=2, label=_("กฎหมายปัจจุบัน"))

    class Meta:
        icon = "doc-full"
        label = _("มาตราหรือข้อ")
        label_format = "{kind} {label}"


class PartBlock(_PieceBlock):
    kind = blocks.ChoiceBlock(choices=PART_KINDS, label=_("ชนิด"))
    heading = blocks.CharBlock(required=False, label=_("หัวเรื่อง"))
    text = blocks.TextBlock(rows=6, label=_("ข้อความ"))

    class Meta:
        icon = "pilcrow"
        label = _("ส่วนประกอบอื่น")
        label_format = "{kind} {heading}"


DRAFT_BLOCKS = [
    ("part", PartBlock()),
    ("division", DivisionBlock()),
    ("provision", ProvisionBlock()),
]
