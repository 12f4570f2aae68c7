"""Words of comments, and what does not count as content.

Built on the one segmenter (``drafts.law.words``) plus the draft law's own terms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pythainlp.corpus import provinces, thai_stopwords

from drafts.law.words import Segmenter


def word_set(text: str) -> frozenset[str]:
    """Words written with spaces between them."""
    return frozenset(text.split())


#: Politeness, address and the stock phrases of complaints and hearings: no topic.
POLITE = word_set(
    """ครับ ค่ะ คะ คับ ค้ะ ครับผม นะ นะครับ นะคะ จ้า จ้ะ ฮะ เลย เนี่ย น่ะ หน่อย ด้วย
    ที ละ สวัสดี เรียน กราบเรียน ท่าน คุณ ผม ดิฉัน ฉัน หนู เรา พวกเรา ข้าพเจ้า
    กระผม แอดมิน ขอบคุณ ขอบพระคุณ ขอบใจ ขอแสดงความนับถือ ด้วยความเคารพ เคารพ
    นับถือ please thanks thank you dear sir madam hi hello"""
)
BOILERPLATE = word_set(
    """ขอ ขอให้ อยากให้ อยาก ฝาก ช่วย รบกวน โปรด กรุณา แจ้ง ร้องเรียน เรื่อง ปัญหา
    ดำเนินการ ตรวจสอบ แก้ไข พิจารณา หน่วยงาน ที่เกี่ยวข้อง เกี่ยวข้อง เจ้าหน้าที่
    ประชาชน ความเห็น ความคิดเห็น เห็น คิด คิดว่า เห็นว่า ควร ต้อง มี เป็น ได้ ให้
    ไม่ อยู่ ทำ มา ไป"""
)
#: Words of a stance or of assent and dissent that carry no reason.
STANCE_WORDS = word_set(
    """เห็นด้วย ไม่เห็นด้วย เห็นชอบ เห็นสมควร คัดค้าน ค้าน สนับสนุน ยอมรับ รับทราบ
    ทราบ รับได้ ขัดข้อง ดี ดีแล้ว ดีมาก เยี่ยม โอเค ok okay yes no ใช่ ได้ ไม่
    ไม่มี ไม่ได้ ผ่าน โหวต ลงชื่อ เอา ถูกต้อง อย่างยิ่ง มาก มากๆ ที่สุด เต็มที่
    ทุกประการ ทั้งหมด ทั้งสิ้น ตาม ตามนี้ ตามนั้น ตามร่าง ข้อเสนอ ข้อเสนอแนะ
    ความเห็น ความคิดเห็น แสดง เพิ่มเติม หลักการ ร่าง มาตรา วรรค ข้อ พระราชบัญญัติ
    พ.ร.บ. พรบ กฎหมาย ฉบับ นี้ นั้น กับ ทุก ประเด็น ครับ agree disagree support
    oppose good none nothing comment"""
)
#: Words that name nothing on their own; inside a phrase they may stand.
VAGUE = word_set(
    """หนึ่ง สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ ร้อย พัน หมื่น แสน ล้าน บาท พันบาท ร้อยบาท
    สองพัน
    สามพัน ห้าพัน แปดร้อย ห้าร้อย สามร้อย ครั้ง ตัว ตัวนึง คน คนละ อัน นึง วัน เดือน ปี ชั่วโมง นาที เวลา
    ยื่น ระบบ บังคับ อ่าน เขียน เจ้าหน้า ย้าย พี่ น้อง ป้า ลุง น้า แม่ พ่อ ลูก ต้องการ สอบถาม ใช้งาน
    บ้านตัวเอง ตัวเอง คนอื่น เจ้าของ ชาวบ้าน บริการ รายการ ข้อมูล จำนวน กรณี ลักษณะ รูปแบบ วิธี ส่วน
    พื้นที่ บริเวณ สถานที่ ที่อยู่ จุด ตรง ฝั่ง ทาง เส้นทาง ด้าน หน้า หลัง ข้าง เปิด ปิด เข้า ออก ขึ้น ลง
    รอ จ่าย ซื้อ ขาย กิน นอน เดิน วิ่ง นั่ง ยืน พูด บอก ถาม ตอบ ดู ฟัง รู้ เข้าใจ ชอบ รัก กลัว เกิด เกิดขึ้น
    เสีย หาย พัง ชำรุด สูง ต่ำ ใหญ่ เล็ก ยาว สั้น ใหม่ เก่า แพง ถูก เร็ว ช้า หนัก เบา ยาก ง่าย จริง
    จริงๆ แน่นอน ชัดเจน เหมาะสม เพียงพอ เดือดร้อน ลำบาก รำคาญ สงสัย ตาย เจอ พบ โดน ระงับ เล่น
    โครงการ มาตรการ แนวทาง เหตุผล ความจำเป็น ผลกระทบ สังคม ประเทศ ประเทศไทย รัฐ รัฐบาล ราชการ
    time people thing things way year years day days make made need want use used get
    good new much many like know think really even still every"""
)
_ABBREVIATED = word_set("ซ ถ ต อ จ ม พ ร บ ฯ")
#: After these comes the name of a place, not a topic.
PLACE_BEFORE = word_set("ซอย แขวง เขต ตำบล อำเภอ จังหวัด หมู่บ้าน ซ ต อ จ")
#: After these comes a name of so many words; after an abbreviation, past its point.
NAMED_AFTER = {
    **dict.fromkeys(("ซอย", "หมู่บ้าน"), 1),
    **dict.fromkeys(("ตำบล", "อำเภอ", "แขวง", "ซ", "ต", "อ", "จ"), 2),
}
#: Titles; a person's name comes after them.
PERSON_BEFORE = word_set("นาย นาง นางสาว น.ส นส ด.ช ด.ญ คุณ ดร mr mrs ms")
ABBREVIATED = word_set("ซ ต อ จ น.ส ด.ช ด.ญ ดร mr mrs ms")
#: Districts and roads of Bangkok that comments name without saying what they are.
_BANGKOK = word_set(
    """พระนคร ดุสิต หนองจอก บางรัก บางเขน บางกะปิ ปทุมวัน ป้อมปราบศัตรูพ่าย พระโขนง
    มีนบุรี ลาดกระบัง ยานนาวา สัมพันธวงศ์ พญาไท ธนบุรี บางกอกใหญ่ ห้วยขวาง คลองสาน
    ตลิ่งชัน บางกอกน้อย บางขุนเทียน ภาษีเจริญ หนองแขม ราษฎร์บูรณะ บางพลัด ดินแดง บึงกุ่ม
    สาทร บางซื่อ จตุจักร บางคอแหลม ประเวศ คลองเตย สวนหลวง จอมทอง ดอนเมือง ราชเทวี
    ลาดพร้าว บางแค หลักสี่ สายไหม คันนายาว สะพานสูง วังทองหลาง คลองสามวา บางนา
    ทวีวัฒนา ทุ่งครุ บางบอน สุขุมวิท พหลโยธิน วิภาวดี วิภาวดีรังสิต รามคำแหง รามอินทรา
    เพชรเกษม พระราม สีลม อโศก ทองหล่อ เอกมัย อ่อนนุช รัชดา รัชดาภิเษก แจ้งวัฒนะ
    งามวงศ์วาน ร่มเกล้า ศรีนครินทร์ เพชรบุรี"""
)
_NUMBER = re.compile(r"[0-9][0-9.,]*")


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Function words, politeness and single-letter abbreviations."""
    return frozenset(thai_stopwords()) | POLITE | _ABBREVIATED | _english()


@lru_cache(maxsize=1)
def place_names() -> frozenset[str]:
    """Provinces, and what Bangkok's districts and roads are called: a theme is not a
    place."""
    names = set(provinces())
    return frozenset(
        names | {f"จังหวัด{name}" for name in names} | {"กรุงเทพ", "กทม"} | _BANGKOK
    )


def _english() -> frozenset[str]:
    return word_set(
        """a an the of to in on at for and or but is are was were be been it its this
    that these those i we you he she they them our your his her their my me us as
    by with from not no do does did don have has had will would should can could
    may must so if then than there here what which who how all any some more very
    just also into about over"""
    )


def content_words(words: Sequence[str]) -> list[str]:
    """Words that can tell one topic from another: no function words, no numbers, no
    name right after ซอย, แขวง, เขต and the like."""
    stop = stop_words()
    kept = []
    place = False
    for word in words:
        if _NUMBER.fullmatch(word):
            continue
        if place:
            place = False
            continue
        if word in PLACE_BEFORE:
            place = True
            continue
        if word not in stop:
            kept.append(word)
    return kept


def has_reason(words: Sequence[str]) -> bool:
    """Is anything said beside a stance, a greeting and the name of the section?

    One such word is enough (ภาษี alone names a topic); stance words, politeness,
    function words, numbers and single characters are not it.
    """
    stop = stop_words()
    return any(
        len(word) > 1
        and word not in STANCE_WORDS
        and word not in stop
        and not _NUMBER.fullmatch(word)
        and not _laughter(word)
        for word in words
    )


def _laughter(word: str) -> bool:
    """555, ฮ่าๆๆ, ก ก ก, aaaa: one character over and over."""
    return len(set(word)) == 1


class Tokens:
    """Content words of texts with one dictionary (the draft's terms included)."""

    def __init__(self, terms: Sequence[str] = ()) -> None:
        self.segmenter = Segmenter(terms)

    @property
    def id(self) -> str:
        return self.segmenter.id

    def of(self, text: str) -> list[str]:
        """All words of ``text``; only the first 20,000 characters are read."""
        return self.segmenter.words(text[:20_000])
