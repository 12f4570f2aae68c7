"""The first text of the pages that every installation must have.

An agency edits them in Wagtail afterwards; set-up writes them only where they are
missing.  The privacy notice follows s.23 of the Personal Data Protection Act
B.E. 2562; what is collected, why, who sees it and for how long is not written here:
the page prints it from ``comments.promises`` before this text.
"""

from __future__ import annotations

from typing import Any

PRIVACY_TH = """
<p>ประกาศตามมาตรา 23 แห่งพระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562</p>
<h2>ฐานทางกฎหมาย</h2>
<p>การปฏิบัติภารกิจเพื่อประโยชน์สาธารณะของหน่วยงานที่จัดรับฟัง (มาตรา 24 (4)) ไม่ใช่ความยินยอม</p>
<h2>สิทธิของคุณ</h2>
<p>ขอดู ขอแก้ คัดค้าน ขอลบ หรือขอระงับการใช้ข้อมูลได้ ถอนความคิดเห็นได้ด้วยหมายเลขใบรับ
และร้องเรียนต่อสำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคลได้</p>
<h2 id="dpo">เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล</h2>
<p>แต่ละหน่วยงานมีเจ้าหน้าที่ของตน ช่องทางติดต่ออยู่ในหน้าของหน่วยงานนั้น
ดูได้จาก<a href="../agencies/">รายชื่อหน่วยงาน</a></p>
"""

PRIVACY_EN = """
<p>The notice that section 23 of the Personal Data Protection Act B.E. 2562 (2019)
requires.</p>
<h2>Legal basis</h2>
<p>The public task of the agency that holds the consultation (section 24 (4)), not
consent.</p>
<h2>Your rights</h2>
<p>You can ask to see, correct, object to, erase or restrict your data. You can withdraw
a comment with the number of your receipt. You can complain to the Office of the
Personal Data Protection Committee.</p>
<h2 id="dpo">Data protection officer</h2>
<p>Each agency has its own; how to reach them is on the agency's page: see the
<a href="../agencies/">list of agencies</a>.</p>
"""

ACCESSIBILITY_TH = """
<p>ทุกคนควรอ่านร่างกฎหมายและแสดงความคิดเห็นได้ เว็บไซต์นี้ออกแบบตามแนวทาง WCAG 2.2 ระดับ AA</p>
<ul>
<li>ใช้ได้ด้วยแป้นพิมพ์อย่างเดียว และด้วยโปรแกรมอ่านหน้าจอ</li>
<li>ใช้ได้โดยไม่ต้องเปิด JavaScript และบนจอกว้าง 320 พิกเซล</li>
<li>ขยายตัวอักษรได้ 200% โดยข้อความไม่หาย</li>
<li>ไม่ใช้สีอย่างเดียวในการบอกความหมาย และรองรับโหมดมืดของเครื่อง</li>
</ul>
<h2>พบปัญหา</h2>
<p>ถ้าอ่านหรือส่งความคิดเห็นไม่ได้ ติดต่อหน่วยงานที่จัดรับฟังตามช่องทางในหน้าของเรื่องนั้น
คุณส่งความคิดเห็นทางไปรษณีย์ โทรศัพท์ หรือมาด้วยตนเองได้เช่นกัน</p>
"""

ACCESSIBILITY_EN = """
<p>Everyone should be able to read a draft law and comment on it. This site is designed
to WCAG 2.2, level AA.</p>
<ul>
<li>It works with a keyboard alone and with a screen reader.</li>
<li>It works without JavaScript and on a screen 320 pixels wide.</li>
<li>Text can be enlarged to 200% without losing any of it.</li>
<li>Nothing is said by colour alone; dark mode follows your device.</li>
</ul>
<h2>If something does not work</h2>
<p>If you cannot read or send a comment, contact the agency that holds the consultation,
as its page says. You can also comment by post, by telephone or in person.</p>
"""

#: slug -> the first text of the page.
STANDING_PAGES: dict[str, dict[str, Any]] = {
    "privacy": {
        "title": "ประกาศความเป็นส่วนตัว",
        "title_en": "Privacy notice",
        "body": PRIVACY_TH,
        "body_en": PRIVACY_EN,
    },
    "accessibility": {
        "title": "การเข้าถึงสำหรับทุกคน",
        "title_en": "Accessibility",
        "body": ACCESSIBILITY_TH,
        "body_en": ACCESSIBILITY_EN,
    },
}
