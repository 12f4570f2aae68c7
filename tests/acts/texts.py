"""A short act of our own words, bills that amend it, and rounds that hear them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from consultations.models import AgencyPage, Consultation, ConsultationPage, Round
from drafts.acts import act_import
from drafts.models import Act, DraftPage, DraftVersion
from drafts.services import draft_import, version_freeze
from tests import factories as make

AS_OF = dt.date(2026, 6, 30)
RENT = "พระราชบัญญัติห้องเช่า พ.ศ. ๒๕๖๐"
BIKES = "พระราชบัญญัติทางจักรยาน พ.ศ. ๒๕๖๒"

ACT = f"""{RENT}

มาตรา ๑ พระราชบัญญัตินี้เรียกว่า “{RENT}”

มาตรา ๒ พระราชบัญญัตินี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศในราชกิจจานุเบกษาเป็นต้นไป

หมวด ๑
บททั่วไป

มาตรา ๓ ในพระราชบัญญัตินี้
“ผู้เช่า” หมายความว่า ผู้เช่าห้องเพื่ออยู่อาศัย
“ห้องเช่า” หมายความว่า ห้องที่ให้เช่าเพื่ออยู่อาศัย

มาตรา ๔ ผู้ให้เช่าต้องทำสัญญาเป็นหนังสือ
สัญญาต้องมีรายการ ดังต่อไปนี้
(๑) ชื่อผู้ให้เช่า
(๒) อัตราค่าเช่า

หมวด ๒
หน้าที่ของผู้ให้เช่า

มาตรา ๕ ผู้ให้เช่าต้องคืนเงินประกันภายในสามสิบวันนับแต่วันที่ผู้เช่าคืนห้องเช่า

มาตรา ๖ ผู้ให้เช่าต้องแจ้งขึ้นค่าเช่าล่วงหน้าไม่น้อยกว่าสิบห้าวัน
ห้ามขึ้นค่าเช่าระหว่างอายุสัญญา

มาตรา ๗ ผู้ใดฝ่าฝืนมาตรา ๕ ต้องระวางโทษปรับไม่เกินห้าพันบาท
"""

BILL = f"""บันทึกหลักการและเหตุผล
ประกอบร่างพระราชบัญญัติห้องเช่า (ฉบับที่ ..) พ.ศ. ....

หลักการ
แก้ไขเพิ่มเติม{RENT} ดังต่อไปนี้
(๑) ลดเวลาคืนเงินประกัน (แก้ไขเพิ่มเติมมาตรา ๕)
(๒) กำหนดเวลาแจ้งขึ้นค่าเช่า (แก้ไขเพิ่มเติมมาตรา ๖)

เหตุผล
โดยที่ผู้เช่าจำนวนมากได้รับเงินประกันคืนช้า จึงจำเป็นต้องตราพระราชบัญญัตินี้

ร่าง
พระราชบัญญัติห้องเช่า (ฉบับที่ ..)
พ.ศ. ....

มาตรา ๑ พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติห้องเช่า (ฉบับที่ ..) พ.ศ. ....”

มาตรา ๒ พระราชบัญญัตินี้ให้ใช้บังคับตั้งแต่วันถัดจากวันประกาศในราชกิจจานุเบกษาเป็นต้นไป

มาตรา ๓ ให้ยกเลิกความในมาตรา ๕ แห่ง{RENT} และให้ใช้ความต่อไปนี้แทน
“มาตรา ๕ ผู้ให้เช่าต้องคืนเงินประกันภายในเจ็ดวันนับแต่วันที่ผู้เช่าคืนห้องเช่า”

มาตรา ๔ ให้ยกเลิกความในวรรคหนึ่งของมาตรา ๖ แห่ง{RENT} และให้ใช้ความต่อไปนี้แทน
“ผู้ให้เช่าต้องแจ้งขึ้นค่าเช่าล่วงหน้าไม่น้อยกว่าหกสิบวัน”

มาตรา ๕ ให้เพิ่มความต่อไปนี้เป็นมาตรา ๖/๑ แห่ง{RENT}
“มาตรา ๖/๑ ห้ามผู้ให้เช่าตัดน้ำหรือไฟฟ้าเพื่อบังคับให้ผู้เช่าออก”

มาตรา ๖ ให้ยกเลิกมาตรา ๗ และมาตรา ๙๙ แห่ง{RENT}

มาตรา ๗ ให้รัฐมนตรีว่าการกระทรวงทดสอบรักษาการตามพระราชบัญญัตินี้
"""

TWO_LAWS = f"""ร่าง
พระราชบัญญัติแก้ไขเพิ่มเติมกฎหมายเมือง
พ.ศ. ....

มาตรา ๑ พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติแก้ไขเพิ่มเติมกฎหมายเมือง พ.ศ. ....”

มาตรา ๒ ให้ยกเลิกความในมาตรา ๕ แห่ง{RENT} และให้ใช้ความต่อไปนี้แทน
“มาตรา ๕ ผู้ให้เช่าต้องคืนเงินประกันทันที”

มาตรา ๓ ให้ยกเลิกความในมาตรา ๘ แห่ง{BIKES} และให้ใช้ความต่อไปนี้แทน
“มาตรา ๘ ทางจักรยานต้องกว้างไม่น้อยกว่าสองเมตร”
"""

NEW_LAW = f"""ร่าง
พระราชบัญญัติห้องเช่าใหม่
พ.ศ. ....

มาตรา ๑ พระราชบัญญัตินี้เรียกว่า “พระราชบัญญัติห้องเช่าใหม่ พ.ศ. ....”

มาตรา ๒ ให้ยกเลิก{RENT}

มาตรา ๓ ผู้ให้เช่าต้องทำสัญญาเป็นหนังสือ
"""


def make_act(text: str = ACT, **fields: Any) -> Act:
    given = {"as_of": AS_OF, "now": make.NOW} | fields
    return act_import(data=text, **given).act


def freeze(draft: DraftPage) -> DraftVersion:
    return version_freeze(
        draft=draft, revision=draft.latest_revision, reason="รับฟัง", now=make.NOW
    )


def make_bill(text: str = BILL, agency: AgencyPage | None = None) -> DraftVersion:
    """Import a bill and freeze it; acts must be there already."""
    draft = draft_import(agency=agency or make.make_agency(), data=text).draft
    return freeze(draft)


def make_bill_round(version: DraftVersion, slug: str = "bill", **fields: Any) -> Round:
    """Open a round that hears a version, at ``factories.NOW``."""
    agency = AgencyPage.objects.get(pk=version.draft.get_parent().pk)
    page = agency.add_child(
        instance=ConsultationPage(title="รับฟังร่างแก้ไข", slug=slug, headline="แก้ไข")
    )
    consultation = Consultation.objects.create(
        page=page,
        agency=agency,
        draft=version.draft,
        slug=slug,
        title="การรับฟังความคิดเห็นต่อร่างแก้ไขกฎหมายห้องเช่า",
        created_at=make.NOW,
    )
    return Round.objects.create(
        consultation=consultation,
        version=version,
        stage=fields.pop("stage", "open"),
        announced_on=make.TODAY - dt.timedelta(days=5),
        opens_on=make.TODAY - dt.timedelta(days=5),
        closes_on=make.TODAY + dt.timedelta(days=10),
        **fields,
    )
