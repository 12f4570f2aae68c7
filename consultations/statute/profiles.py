"""Legal bases as data: what each wants published, for how long, and by when.

Every fact carries where it comes from and how well it was verified: ``V`` read in the
source, ``V*`` second-hand, ``R-high``/``R-med``/``R-low`` recalled, ``D`` our design.
Nothing recalled may be shown as the wording of the law.
"""

from __future__ import annotations

from dataclasses import dataclass

from consultations.statute.dates import FIFTEEN

THIRTY = 30


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: the clause as printed, and how well it is known."""

    clause: str
    label: str

    @property
    def verified(self) -> bool:
        """Tell whether a screen may print it as what the law says."""
        return self.label == "V"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of an item that is chosen, not written."""

    id: str
    th: str
    en: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that must be published before a hearing.

    ``choices`` empty means free text.  ``required`` items may not be empty; where the
    law wants reasons for something that the draft does not contain, the text "ไม่มี"
    is an answer and emptiness is not.
    """

    id: str
    th: str
    en: str
    help_th: str
    help_en: str
    source: Source
    required: bool = True
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What one legal basis demands of a hearing and of its report.

    ``notice_days``  days between the last posting and the opening; None: none set.
    ``window_days``  length counting both ends; None: none set.
    ``waivable``     whether a recorded waiver may shorten the window.
    ``result_days``  days from completion to the published results; None: none set.
    ``channels``     postings that are all required, for the notice and the results.
    ``heading``      "3" (State project) or "3L" (law) of the report.
    """

    key: str
    th: str
    en: str
    report_title_th: str
    report_title_en: str
    heading: str
    items: tuple[Item, ...]
    source: Source
    notice_days: int | None = None
    window_days: int | None = None
    waivable: bool = False
    result_days: int | None = None
    channels: tuple[str, ...] = ()
    other_method: bool = False

    @property
    def is_law(self) -> bool:
        return self.heading == "3L"

    def item(self, item_id: str) -> Item:
        """Return an item by its id; KeyError if the profile has no such item."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)


_REGULATION = "ระเบียบฯ 2548"
_KHO7 = Source(f"{_REGULATION} ข้อ 7", "V")
_KHO4 = Source(f"{_REGULATION} ข้อ 4", "V")
_GUIDANCE = Source("แนวทางตามมาตรา 77 (มติ ครม. 4 เม.ย. 2560)", "R-high")
_S77_3 = Source("รัฐธรรมนูญ มาตรา 77 วรรคสาม", "V")
_TREATY = Source("มติ ครม. ว่าด้วยการรับฟังความคิดเห็นเกี่ยวกับหนังสือสัญญา (2564)", "V")
_OURS = Source("แนวปฏิบัติของระบบนี้", "D")

_YES_NO = (Choice("yes", "ใช่", "Yes"), Choice("no", "ไม่ใช่", "No"))
_LEVELS = (
    Choice("none", "ไม่กว้างขวาง", "Not wide"),
    Choice("wide", "กว้างขวาง", "Wide"),
    Choice("severe", "รุนแรง", "Severe"),
)


def _i(  # noqa: PLR0917 - one row of the table
    item_id: str,
    th: str,
    en: str,
    source: Source,
    help_th: str = "",
    help_en: str = "",
    *,
    required: bool = True,
    choices: tuple[Choice, ...] = (),
) -> Item:
    return Item(item_id, th, en, help_th, help_en, source, required, choices)


_NONE_TH = "ถ้าร่างไม่มีเรื่องนี้ ให้เขียนว่า ไม่มี"
_NONE_EN = "If the draft has none, write: ไม่มี"

PROJECT_ITEMS = (
    _i("reasons", "เหตุผล ความจำเป็น และวัตถุประสงค์", "Reasons, need and aims", _KHO7),
    _i("substance", "สาระสำคัญของโครงการ", "Substance of the project", _KHO7),
    _i("operator", "ผู้ดำเนินการ", "Who carries it out", _KHO7),
    _i("place", "สถานที่ที่จะดำเนินการ", "Where", _KHO7),
    _i("steps", "ขั้นตอนและระยะเวลาดำเนินการ", "Steps and time", _KHO7),
    _i("outputs", "ผลผลิตและผลลัพธ์", "Outputs and outcomes", _KHO7),
    _i(
        "impacts",
        "ผลกระทบที่อาจเกิดขึ้น",
        "Possible impacts",
        _KHO7,
        "บอกผลต่อประชาชนในพื้นที่ พื้นที่ใกล้เคียง และประชาชนทั่วไป",
        "On people on the site, nearby, and in general",
    ),
    _i(
        "measures",
        "มาตรการป้องกัน แก้ไข หรือเยียวยา",
        "Measures to prevent, correct or remedy",
        Source(f"{_REGULATION} ข้อ 7 (7)", "R-high"),
    ),
    _i("cost", "ประมาณการค่าใช้จ่าย", "Estimated cost", _KHO7),
    _i(
        "fund_source",
        "ที่มาของเงิน",
        "Source of money",
        Source(f"{_REGULATION} ข้อ 7 (8)", "R-high"),
        "ถ้ารัฐมิได้ดำเนินการเอง ให้ระบุว่าใครออกเงิน",
        "If the State does not carry it out, say who pays",
    ),
    _i(
        "impact_level",
        "ระดับผลกระทบ",
        "Level of impact",
        Source(f"{_REGULATION} ข้อ 4 และข้อ 5", "V"),
        choices=_LEVELS,
    ),
    _i(
        "impact_reason",
        "เหตุผลที่จัดระดับผลกระทบเช่นนั้น",
        "Why that level",
        Source(f"{_REGULATION} ข้อ 4 และข้อ 5", "V"),
    ),
    _i(
        "test_agency",
        "เป็นโครงการของหน่วยงานของรัฐหรือไม่",
        "Is it a project of a State agency?",
        _KHO4,
        required=False,
        choices=_YES_NO,
    ),
    _i(
        "test_development",
        "เป็นการพัฒนาเศรษฐกิจหรือสังคมหรือไม่",
        "Does it develop the economy or society?",
        _KHO4,
        required=False,
        choices=_YES_NO,
    ),
    _i(
        "test_operation",
        "รัฐทำเอง ให้สัมปทาน หรืออนุญาตให้ผู้อื่นทำหรือไม่",
        "Done by the State, by concession or by permission?",
        _KHO4,
        required=False,
        choices=_YES_NO,
    ),
    _i(
        "test_wide",
        "มีผลกระทบอย่างกว้างขวางหรือไม่",
        "Is its impact wide?",
        _KHO4,
        required=False,
        choices=_YES_NO,
    ),
    _i(
        "starts_on",
        "วันที่คาดว่าจะเริ่มโครงการ",
        "Expected start of the project",
        _OURS,
        "เช่น 2570-01-31 (ปี พ.ศ. หรือ ค.ศ.)",
        "For example 2027-01-31",
        required=False,
    ),
)

_PROBLEM = _i("problem", "สภาพปัญหาและสาเหตุ", "Problem and its causes", _GUIDANCE)
_NECESSITY = _i(
    "necessity",
    "ความจำเป็นที่ต้องตรากฎหมาย",
    "Why a law is needed",
    _GUIDANCE,
    "เหตุใดวิธีอื่นที่มิใช่กฎหมายจึงไม่พอ",
    "Why measures other than a law are not enough",
)
_PRINCIPLES = _i(
    "principles",
    "หลักการและประเด็นสำคัญในภาษาที่เข้าใจง่าย",
    "Main points in plain language",
    _GUIDANCE,
)
_AFFECTED = _i(
    "affected",
    "ผู้ได้รับหรืออาจได้รับผลกระทบ และผลกระทบ",
    "Who is or may be affected, and how",
    _GUIDANCE,
    "การดำรงชีวิต การประกอบอาชีพ กิจการ",
    "Their living, work and business",
)
FIVE_TESTS = (
    _i("permit", "เหตุผลของระบบอนุญาต", "Why permits", _S77_3, _NONE_TH, _NONE_EN),
    _i(
        "committee",
        "เหตุผลของระบบคณะกรรมการ",
        "Why committees",
        _S77_3,
        _NONE_TH,
        _NONE_EN,
    ),
    _i(
        "discretion",
        "หลักเกณฑ์การใช้ดุลพินิจ",
        "How discretion is bounded",
        _S77_3,
        _NONE_TH,
        _NONE_EN,
    ),
    _i(
        "time_limits",
        "ระยะเวลาดำเนินการของเจ้าหน้าที่",
        "Time limits for officials",
        _S77_3,
        _NONE_TH,
        _NONE_EN,
    ),
    _i(
        "criminal",
        "เหตุผลของโทษอาญา",
        "Why criminal penalties",
        _S77_3,
        _NONE_TH,
        _NONE_EN,
    ),
)
_SUBORDINATE = _i(
    "subordinate_plan",
    "แผนการออกกฎหมายลำดับรอง",
    "Plan of subordinate laws",
    Source("แนวทางวิเคราะห์ผลกระทบ; มติ ครม.", "V"),
    "จำนวนฉบับ กรอบเวลา และสาระสำคัญ",
    "How many, by when, with what substance",
    required=False,
)
LAW_ITEMS = (_PROBLEM, _NECESSITY, _PRINCIPLES, _AFFECTED, *FIVE_TESTS, _SUBORDINATE)

_PROJECT_TITLE = "รายงานสรุปผลการรับฟังความคิดเห็นของประชาชน"
_LAW_TITLE = "รายงานสรุปผลการรับฟังความคิดเห็น"
_TITLE_EN = "Consultation response report"


def _law(
    key: str, th: str, en: str, items: tuple[Item, ...], source: Source, **rules: object
) -> Profile:
    return Profile(key, th, en, _LAW_TITLE, _TITLE_EN, "3L", items, source, **rules)  # type: ignore[arg-type]


_ALL = (
    Profile(
        "project_2548",
        "โครงการของรัฐ (ระเบียบสำนักนายกรัฐมนตรี พ.ศ. 2548)",
        "State project (2005 Regulation)",
        _PROJECT_TITLE,
        _TITLE_EN,
        "3",
        PROJECT_ITEMS,
        Source(f"{_REGULATION} ข้อ 5, 7, 11 และ 12", "V"),
        notice_days=FIFTEEN,
        result_days=FIFTEEN,
        channels=("board", "site", "opm_network"),
    ),
    _law(
        "bill_2562",
        "ร่างพระราชบัญญัติและกฎหมายลำดับพระราชบัญญัติ",
        "Bill (2019 Act)",
        LAW_ITEMS,
        Source("รัฐธรรมนูญ มาตรา 77; พ.ร.บ. 2562; มติ ครม. 19 พ.ย. 2562", "V"),
        window_days=FIFTEEN,
        waivable=True,
        channels=("central_law_portal",),
    ),
    _law(
        "rule_2565",
        "ร่างกฎ (กฎกระทรวง พ.ศ. 2565)",
        "Draft rule (2022 Ministerial Regulation)",
        (
            _i(
                "rule_scope",
                "เหตุที่ร่างกฎนี้อยู่ในหรือนอกกฎกระทรวง",
                "Why the rule falls inside or outside the regulation",
                Source("กฎกระทรวง พ.ศ. 2565", "V"),
                "ระบุกลุ่ม (1) หรือ (2) และตรวจข้อยกเว้นทั้งสี่",
                "Name group (1) or (2) and check the four exemptions",
            ),
            *LAW_ITEMS,
        ),
        Source("พ.ร.บ. 2562 มาตรา 5 วรรคห้า; กฎกระทรวง พ.ศ. 2565", "V*"),
        window_days=FIFTEEN,
        waivable=True,
        channels=("central_law_portal",),
    ),
    _law(
        "principle_stage",
        "รับฟังหลักการก่อนยกร่าง",
        "Principles, before drafting",
        (_PROBLEM, _NECESSITY, _PRINCIPLES, _AFFECTED),
        Source("พ.ร.บ. 2562; มติ ครม. 19 พ.ย. 2562", "V*"),
        window_days=FIFTEEN,
        waivable=True,
        channels=("central_law_portal",),
    ),
    _law(
        "evaluation_s34",
        "ประเมินผลสัมฤทธิ์ของกฎหมาย",
        "Evaluation of a law in force",
        (
            _i(
                "aims_reached",
                "กฎหมายบรรลุวัตถุประสงค์เพียงใด",
                "Did the law reach its aim",
                Source("พ.ร.บ. 2562 บทนิยาม", "V"),
            ),
            _i(
                "burden",
                "ความคุ้มค่าเมื่อเทียบกับภาระ",
                "Is it worth its burden",
                Source("พ.ร.บ. 2562 บทนิยาม", "V"),
            ),
            _i(
                "unfair_effects",
                "ผลกระทบที่ไม่เป็นธรรม",
                "Unfair effects",
                Source("พ.ร.บ. 2562 บทนิยาม", "V"),
                _NONE_TH,
                _NONE_EN,
            ),
            _AFFECTED,
        ),
        Source("พ.ร.บ. 2562 มาตรา 34", "V*"),
        channels=("central_law_portal",),
    ),
    _law(
        "treaty",
        "หนังสือสัญญา",
        "Treaty",
        (
            _i("reasons", "เหตุผล", "Reasons", _TREATY),
            _i("substance", "เรื่องและสาระสำคัญ", "Subject and substance", _TREATY),
            _i("impacts", "ประโยชน์และผลกระทบ", "Benefits and impacts", _TREATY),
            _i("measures", "แนวทางเยียวยา", "Remedies", _TREATY),
        ),
        Source("รัฐธรรมนูญ มาตรา 178; มติ ครม. 2564", "V"),
        window_days=FIFTEEN,
        other_method=True,
    ),
    _law(
        "nbtc_s28",
        "ประกาศ กสทช. (มาตรา 28)",
        "NBTC notification (s.28)",
        (_PROBLEM, _NECESSITY, _PRINCIPLES, _AFFECTED),
        Source("พ.ร.บ. องค์กรจัดสรรคลื่นความถี่ฯ 2553 มาตรา 28", "V"),
        window_days=THIRTY,
    ),
    _law(
        "special",
        "กฎหมายเฉพาะกำหนดวิธีรับฟังไว้",
        "A special law fixes the method",
        (
            _i(
                "special_law",
                "ชื่อกฎหมายเฉพาะและบทมาตราที่กำหนดวิธีรับฟัง",
                "The special law and the section that fixes the method",
                Source("คู่มือ สปน. ตามระเบียบฯ 2548", "V"),
            ),
            _i("substance", "สาระสำคัญ", "Substance", _OURS),
            _AFFECTED,
        ),
        Source("กฎหมายเฉพาะเรื่อง", "D"),
    ),
)

#: legal_basis code -> profile.
PROFILES: dict[str, Profile] = {profile.key: profile for profile in _ALL}


def profile_of(key: str) -> Profile:
    """Return the profile of a legal basis; KeyError for an unknown one."""
    return PROFILES[key]
