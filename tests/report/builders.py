"""Rounds that are ready to be reported, of any size, made in a few inserts."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from comments.models import (
    Capacity,
    Channel,
    Comment,
    CommentText,
    Ground,
    IdentityLevel,
    ModerationEvent,
    Stance,
    Status,
    Submission,
    Theme,
    ThemeAssignment,
)
from consultations.models import (
    ConsultationDocument,
    Decision,
    HearingMethod,
    HearingSession,
    Milestone,
    Posting,
    Role,
    StakeholderNotice,
    ThemeResponse,
)
from consultations.report.services import report_draft_get_or_create, report_save
from tests import factories

NOW = factories.NOW
TODAY = factories.TODAY
CLOSED = TODAY - dt.timedelta(days=3)
STANCES = [
    Stance.AGREE,
    Stance.DISAGREE,
    Stance.AGREE_WITH_CHANGES,
    Stance.DISAGREE,
    Stance.NO_OPINION,
]
TEXTS = [
    "เห็นด้วยกับหลักการ แต่ขอให้มาตรานี้เพิ่มกำหนดเวลาให้ชัดเจน",
    "ไม่เห็นด้วย ค่าธรรมเนียมสูงเกินไปสำหรับผู้ค้ารายย่อย\nขอให้ทบทวนน้ำหนักของภาระ",
    "=SUM(A1:A9) ขอให้ตรวจสอบ",
    "กำหนดสามสิบวันสั้นเกินไป ทำไม่ทัน",
    "<script>alert(1)</script> & ความเห็น",
]


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def closed_round(legal_basis: str = "bill_2562", *, sections: int = 5, **fields):
    """Make a closed round with everything that the rules want before a report."""
    agency = fields.pop("agency", None) or factories.make_agency("สำนักงานทดสอบรายงาน")
    item_ids = [
        "problem", "necessity", "principles", "affected", "permit", "committee",
        "discretion", "time_limits", "criminal", "rule_scope", "reasons", "substance",
        "operator", "place", "steps", "outputs", "impacts", "measures", "cost",
        "fund_source", "impact_reason", "special_law", "aims_reached", "burden",
        "unfair_effects",
    ]  # fmt: skip
    information = {name: f"ข้อมูลเรื่อง {name}" for name in item_ids}
    information["impact_level"] = "wide"
    round_ = factories.make_round(
        agency,
        sections=sections,
        stage="closed",
        opens_on=CLOSED - dt.timedelta(days=30),
        closes_on=CLOSED,
        legal_basis=legal_basis,
        information=information,
        affected_groups=["ผู้ค้ารายย่อย", "ผู้บริโภค"],
        **fields,
    )
    round_.consultation.page.contact = "กองกฎหมาย"
    round_.consultation.page.save()
    online = HearingMethod.objects.create(round=round_, code="online")
    meeting = HearingMethod.objects.create(round=round_, code="public_hearing")
    assert online.pk
    HearingSession.objects.create(
        round=round_,
        method=meeting,
        held_on=CLOSED - dt.timedelta(days=5),
        time="09.00–12.00 น.",
        place="หอประชุมอำเภอ",
        host="สำนักงานทดสอบ",
        heads={"ประชาชน": 40, "หน่วยงาน": 5},
    )
    for channel in ("board", "site", "opm_network", "central_law_portal"):
        Posting.objects.create(
            round=round_,
            channel=channel,
            posted_on=round_.opens_on - dt.timedelta(days=20),
            evidence="https://example.go.th/notice",
            recorded_at=NOW,
        )
    StakeholderNotice.objects.create(
        round=round_, organisation="สมาคมผู้ค้า", channel="หนังสือ", sent_on=round_.opens_on
    )
    Milestone.objects.create(
        consultation=round_.consultation,
        title="เสนอคณะรัฐมนตรี",
        due_on=TODAY + dt.timedelta(days=60),
    )
    ConsultationDocument.objects.create(
        consultation=round_.consultation,
        title="รายงานวิเคราะห์ผลกระทบ",
        kind="ria",
        file="documents/ria.pdf",
        size=1000,
        sha256=sha("ria"),
        created_at=NOW,
    )
    return round_


def add_comments(round_, count: int, *, late: bool = False) -> list[Comment]:
    """Add comments of every stance, subject, channel and state; two per person."""
    provisions = list(round_.version.provisions.filter(kind="section"))
    question = round_.questions.first()
    channels, capacities = Channel.values, Capacity.values
    identities = IdentityLevel.values
    submissions = Submission.objects.bulk_create(
        [
            Submission(
                round=round_,
                receipt=f"RF-{uuid.uuid4().hex[:16].upper()}",
                client_token=uuid.uuid4(),
                channel=channels[n % len(channels)],
                capacity=capacities[n % len(capacities)],
                identity=identities[n % len(identities)],
                group=["", "ผู้ค้ารายย่อย/ตลาดนัด", "ผู้บริโภค"][n % 3],
                province=["", "เชียงใหม่", "กรุงเทพมหานคร"][n % 3],
                received_at=NOW,
                sha256=sha(str(n)),
            )
            for n in range((count + 1) // 2)
        ]
    )
    comments = []
    for n in range(count):
        text = f"{TEXTS[n % len(TEXTS)]} ({n})" if n % 11 else ""
        status, is_late, ground = Status.PUBLISHED, late, ""
        if n % 10 == 3:
            status, ground = Status.HIDDEN, Ground.values[n % len(Ground.values)]
        elif n % 10 == 5:
            is_late = True
        elif n % 10 == 7:
            status = Status.WITHDRAWN
        elif n % 10 == 8:
            status = Status.WITHHELD
        subject = {"provision": provisions[n % len(provisions)]}
        if n % 5 == 4:
            subject = {"question": question} if n % 2 else {"whole_draft": True}
        comments.append(
            Comment(
                submission=submissions[n // 2],
                round=round_,
                **subject,
                stance=STANCES[n % len(STANCES)],
                status=status,
                late=is_late,
                hidden_ground=ground,
                redactions=1 if n % 4 == 0 else 0,
                public_id=f"c{uuid.uuid4().hex[:11]}",
                public_name="สมชาย ใจดี" if n % 6 == 0 else "",
                public_text="" if status in {"hidden", "withdrawn"} else text,
                public_sha256=sha(text),
                received_at=NOW,
            )
        )
    comments = Comment.objects.bulk_create(comments, batch_size=500)
    duplicates = [c for n, c in enumerate(comments) if n % 10 == 9]
    for comment in duplicates:
        comment.duplicate_of = comments[0]
    Comment.objects.bulk_update(duplicates, ["duplicate_of"], batch_size=500)
    CommentText.objects.bulk_create(
        [
            CommentText(
                comment=c,
                kind="typed",
                text=c.public_text,
                sha256=sha(""),
                created_at=NOW,
            )
            for c in comments
        ],
        batch_size=500,
    )
    ModerationEvent.objects.bulk_create(
        [
            ModerationEvent(
                comment=c, kind="hidden", ground=c.hidden_ground, created_at=NOW
            )
            for c in comments
            if c.status == Status.HIDDEN
        ],
        batch_size=500,
    )
    return comments


def add_themes(round_, comments: list[Comment], count: int = 3) -> list[Theme]:
    """Put comments into approved, answered themes and into the three buckets."""
    signer = factories.make_member(
        round_.consultation.agency,
        Role.APPROVER,
        first_name="สมหญิง",
        last_name="ลงนาม",
    )
    themes = [
        Theme.objects.create(
            round=round_,
            number=n,
            title=f"ประเด็นทดสอบที่ {n} เรื่องค่าธรรมเนียมและน้ำหนักภาระ",
            title_en=f"Test theme {n}",
            status=Theme.Status.APPROVED,
            approved_by=signer,
            approved_at=NOW,
        )
        for n in range(1, count + 1)
    ]
    provision = round_.version.provisions.filter(kind="section").first()
    for theme in themes:
        accepted = theme.number == 1
        ThemeResponse.objects.create(
            theme=theme,
            reply=f"หน่วยงานขอชี้แจงประเด็นที่ {theme.number} ว่าได้พิจารณาแล้ว",
            decision=Decision.ACCEPT if accepted else Decision.REJECT,
            reason="เห็นว่ามีเหตุผล" if accepted else "กฎหมายอื่นกำหนดไว้แล้ว",
            provision=provision if accepted else None,
            before_text="ให้ยื่นคำขอภายในสามสิบวัน" if accepted else "",
            after_text="ให้ยื่นคำขอภายในเก้าสิบวัน" if accepted else "",
            signed_by=signer,
            signed_at=NOW,
            changed_by=signer,
            changed_at=NOW,
        )
    buckets = ["other", "no_reason", "few"]
    rows = []
    for n, comment in enumerate(comments):
        place = n % (count + 1)
        rows.append(
            ThemeAssignment(
                round=round_,
                comment=comment,
                theme=themes[place] if place < count else None,
                bucket="" if place < count else buckets[n % 3],
                source="machine" if n % 7 else "person",
                evidence=n % 13 == 0 and place < count,
                assigned_at=NOW,
            )
        )
    ThemeAssignment.objects.bulk_create(rows, batch_size=500)
    return themes


def publisher(round_):
    """Make an approver who signed none of the answers."""
    return factories.make_member(
        round_.consultation.agency,
        Role.APPROVER,
        first_name="นางสาวผู้รับรอง",
        last_name="ทดสอบ",
    )


def draft_report(round_, by=None):
    """Make the report's draft with what people write into it."""
    by = by or factories.make_member(round_.consultation.agency, Role.APPROVER)
    report = report_draft_get_or_create(round=round_, now=NOW)
    return report_save(
        report=report,
        by=by,
        now=NOW,
        summary="ประชาชนส่วนหนึ่งขอเวลาเพิ่ม หน่วยงานขยายเวลาเป็นเก้าสิบวัน",
        next_steps="เสนอคณะรัฐมนตรี",
        limitations="ผู้ตอบส่วนใหญ่อยู่ในเมือง",
        harms="ไม่พบ",
    )


def ready(count: int, legal_basis: str = "bill_2562", **fields):
    """Make a round with ``count`` comments and its report's draft."""
    round_ = closed_round(legal_basis, **fields)
    comments = add_comments(round_, count)
    if count:
        add_themes(round_, comments)
    return round_, draft_report(round_)
