"""Words that stand in one place only, and who may read them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import TOTP

from comments.models import Respondent, ThemeAssignment
from comments.moderation import comment_hide
from comments.themes.notes import note_add
from consultations.models import ConsultationPage, ResponseReport, Role, ThemeResponse
from tests.factories import NOW, make_comments, make_member

if TYPE_CHECKING:
    from tests.walls.world import World

E, A, M, U = Role.EDITOR, Role.APPROVER, Role.MODERATOR, Role.AUDITOR
DESK = frozenset({E, A, M, U})
SUPERUSER = "superuser"


@dataclass(frozen=True, slots=True)
class Mark:
    """A word that is nowhere else, what it is, and the roles of the agency that see it.

    Without anybody: it is kept and no page shows it.
    """

    word: str
    what: str
    seen_by: frozenset[str]


MARKS = [
    Mark("ลับร่างหนึ่ง", "title of a draft", frozenset({E, A, SUPERUSER})),
    Mark("ลับเรื่องสอง", "title of an unannounced consultation", DESK | {SUPERUSER}),
    Mark("ลับแฟ้มสาม", "title of a document", frozenset({E, A, SUPERUSER})),
    Mark("ลับภาพสี่", "title of an image", frozenset({E, A, SUPERUSER})),
    Mark("ลับประเด็นห้า", "title of a theme before publication", DESK),
    Mark("ลับคำตอบหก", "answer before publication", DESK),
    Mark("ลับสรุปเจ็ด", "summary of a report before publication", DESK),
    Mark("ลับซ่อนแปด", "words of a hidden comment", DESK),
    Mark("ลับพิมพ์เก้า", "covered words, as typed", frozenset({M})),
    Mark("ลับไม่เผยสิบ", "words that their writer wants unpublished", DESK),
    Mark("ลับเหตุสิบเอ็ด", "internal note of a moderator", DESK),
    Mark("ลับโน้ตสิบสอง", "note between officials on a theme", DESK),
    Mark("ลับจังหวัดสิบสาม", "province of one comment", DESK),
    Mark("lub14@example.org", "address of a respondent", frozenset()),
    Mark("ลับชื่อสิบห้า", "name that its writer wants unpublished", frozenset()),
    Mark(
        "ลับถ้อยคำสิบหก", "text of a consultation that is not announced", frozenset({E, A})
    ),
    Mark("LUBSECRETSEVENTEEN234567ABCDEFGH", "secret of a second factor", frozenset()),
]
(
    DRAFT, HEARING, DOCUMENT, IMAGE, THEME, ANSWER, SUMMARY, HIDDEN, TYPED, WITHHELD,
    REASON, NOTE, PROVINCE, EMAIL, NAME, TEXT,
    SECRET,
) = (mark.word for mark in MARKS)  # fmt: skip


def plant(world: World) -> None:
    """Put every mark into the world's rows; titles are there already."""
    agency, closed = world.agency, world.closed
    moderator = make_member(agency, M)
    hidden, typed, withheld, plain = make_comments(
        closed,
        [f"{HIDDEN} ข้อความ", f"โทร {TYPED}", f"{WITHHELD} ข้อความ", "ข้อความธรรมดา"],
    )
    type(typed).objects.filter(pk=typed.pk).update(
        public_text="โทร [ปกปิด]", redactions=1
    )
    comment_hide(comment=hidden, ground="abusive", note=REASON, by=moderator, now=NOW)
    type(withheld).objects.filter(pk=withheld.pk).update(status="withheld")
    closed.submissions.filter(pk=plain.submission_id).update(province=PROVINCE)
    Respondent.objects.create(submission=plain.submission, name=NAME, email=EMAIL)
    theme = closed.themes.get(number=1)
    type(theme).objects.filter(pk=theme.pk).update(title=f"{THEME} ค่าธรรมเนียม")
    ThemeResponse.objects.filter(theme=theme).update(
        reply=f"{ANSWER} ขอชี้แจง", signed_by=None, signed_at=None
    )
    ThemeAssignment.objects.bulk_create(
        ThemeAssignment(
            round=closed,
            comment=comment,
            theme=theme,
            source="machine",
            assigned_at=NOW,
        )
        for comment in (hidden, typed, withheld, plain)
    )
    ResponseReport.objects.filter(round=closed).update(summary=f"{SUMMARY} ในรายงาน")
    note_add(round=closed, theme=theme, text=NOTE, by=moderator, now=NOW)
    page = world.hidden.consultation.page
    ConsultationPage.objects.filter(pk=page.pk).update(headline=f"{TEXT} หัวเรื่อง")
    TOTP.activate(world.membership.user, SECRET)
    world.comments = [
        hidden.public_id,
        typed.public_id,
        withheld.public_id,
        plain.public_id,
    ]
    world.receipt = plain.submission.receipt


def words_seen(text: str) -> set[str]:
    return {mark.word for mark in MARKS if mark.word in text}
