"""A draft of our own with everything that a reading page must manage."""

from __future__ import annotations

from typing import Any

from consultations.models import Consultation, Round
from drafts.services import draft_import, version_freeze
from tests import factories as make

TEXT = """ร่าง
พระราชบัญญัติสวนสาธารณะ
พ.ศ. ....

โดยที่เป็นการสมควรมีกฎหมายว่าด้วยสวนสาธารณะ ตามมาตรา ๒๖ ของรัฐธรรมนูญแห่งราชอาณาจักรไทย

มาตรา ๑  พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติสวนสาธารณะ พ.ศ. ....”

มาตรา ๒  ในพระราชบัญญัตินี้
“สวน” หมายความว่า ที่ดินซึ่งเปิดให้ประชาชนใช้พักผ่อน
“ผู้ดูแล” หมายความว่า ผู้ซึ่งได้รับแต่งตั้งตามมาตรา ๔

หมวด ๑
การจัดการสวน

มาตรา ๓  ให้ผู้ดูแลเปิดสวนทุกวัน
ในกรณีจำเป็น ผู้ดูแลจะปิดสวนก็ได้ตามมาตรา ๔ วรรคสอง (๒) แต่ต้องประกาศล่วงหน้า ๓๐ วัน

มาตรา ๔  ให้อธิบดีแต่งตั้งผู้ดูแล
ผู้ดูแลต้องไม่มีลักษณะดังต่อไปนี้
(๑) เคยถูกสอบสวนทางวินัย
(๒) ถูกเพิกถอนใบอนุญาต
ก) ในระยะห้าปี
(๓) ต้องโทษตามมาตรา ๕ แห่งประมวลกฎหมายอาญา

มาตรา ๔/๑  ให้นำความในวรรคหนึ่งของมาตรา ๔ มาใช้บังคับ <b>&

หมวด ๒
บทกำหนดโทษ

มาตรา ๕  ให้ยกเลิกความในมาตรา ๓ แห่งพระราชบัญญัติป่าไม้ พ.ศ. ๒๔๘๔ และให้ใช้ความต่อไปนี้แทน
“มาตรา ๓  ผู้ใดฝ่าฝืนมาตรา ๔ ต้องระวางโทษปรับ”

ผู้รับสนองพระราชโองการ
นายกรัฐมนตรี

บัญชีอัตราค่าธรรมเนียม
(๑) ใบอนุญาต\tฉบับละ\t๑๐๐ บาท

หมายเหตุ :- เหตุผลในการประกาศใช้พระราชบัญญัติฉบับนี้ คือ ให้มีสวน
"""


def make_read_round(
    text: str | bytes = TEXT, *, slug: str = "parks", **fields: Any
) -> Round:
    """Import a text, freeze it and hear it in an open round."""
    agency = make.make_agency()
    draft = draft_import(agency=agency, data=text, filename="draft.txt").draft
    version = version_freeze(
        draft=draft, revision=draft.latest_revision, reason="รับฟัง", now=make.NOW
    )
    round_ = make.make_round(agency, sections=1, slug=slug, **fields)
    Consultation.objects.filter(pk=round_.consultation_id).update(draft=draft)
    Round.objects.filter(pk=round_.pk).update(version=version)
    return Round.objects.get(pk=round_.pk)
