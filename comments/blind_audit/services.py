"""Draw a sample, code it item by item, finish.  Nothing is ever overwritten.

The sample is the comments with the smallest SHA-256 of ``<seed>:<public id>``, so that
anybody who has the list of comments can draw it again.  It is drawn from the comments
that were analysed, have published words, and came in time; of copies of one another
only one is drawn, since the machine answers for all of them at once.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from comments.blind_audit import codes, selectors
from comments.errors import CommentError
from comments.models import (
    AuditCode,
    AuditCoder,
    AuditFinish,
    AuditItem,
    BlindAudit,
    CandidateAssignment,
    Status,
    Theme,
    ThemeAssignment,
    ThemeRun,
)
from comments.themes import events
from comments.themes.selectors import COUNTED
from drafts import audit as log
from drafts.revisions import check_revision

DEFAULT_SIZE = 100
#: With so few comments all are coded.
CODE_ALL = 30
LARGEST = 2_000
REASON_LENGTH = 2_000


class AuditError(CommentError):
    """An audit cannot be drawn, coded or finished."""


def sample_order(seed: int, public_id: str) -> str:
    """Return what a sample is sorted by; the first of the order are drawn."""
    return hashlib.sha256(f"{seed}:{public_id}".encode()).hexdigest()


def _drawable(round: Any) -> list[ThemeAssignment]:
    """Return the places a sample is drawn from, one of each group of copies."""
    rows = (
        ThemeAssignment.objects.filter(
            COUNTED, round=round, comment__status=Status.PUBLISHED
        )
        .exclude(comment__public_text="", comment__public_suggestion="")
        .select_related("theme", "comment")
        .only(
            "bucket", "source", "argument", "theme__number", "theme__status",
            "comment__public_id",
        )
        .order_by("comment_id")
    )  # fmt: skip
    first: dict[int, ThemeAssignment] = {}
    for row in rows.iterator(chunk_size=5000):
        first.setdefault(row.argument or row.comment_id, row)
    return list(first.values())


def _machine_answers(round: Any, places: Sequence[ThemeAssignment]) -> dict[int, str]:
    """Return comment -> what the machine said, in words of today's themes.

    Where no person moved a comment it is its place.  Where one did, it is the theme in
    which most members of the machine's own group stand now.
    """
    answers = {}
    moved = []
    for place in places:
        if place.source == "person":
            moved.append(place.comment_id)
        else:
            answers[place.comment_id] = selectors.code_of(place)
    if not moved:
        return answers
    rows = CandidateAssignment.objects.filter(run__round=round, run__is_current=True)
    votes: dict[int, Counter[str]] = {}
    standing = rows.filter(theme__isnull=False).order_by().values_list(
        "theme_id", "comment__assignment__theme__number",
        "comment__assignment__theme__status",
    ).annotate(n=Count("pk"))  # fmt: skip
    for candidate, number, status, n in standing:
        if number and status in selectors.IN_USE:
            code = codes.theme_code(number)
            votes.setdefault(candidate, Counter())[code] += n
    own = rows.filter(comment_id__in=moved).values_list(
        "comment_id", "theme_id", "bucket"
    )
    for comment, candidate, bucket in own:
        if bucket:
            answers[comment] = bucket
        elif candidate in votes:
            # Equal votes: the lowest code, so that drawing again gives the same.
            best = min(votes[candidate].items(), key=lambda v: (-v[1], v[0]))
            answers[comment] = best[0]
        else:
            answers[comment] = codes.RETIRED
    return answers


def audit_values(round: Any) -> dict[str, Any]:
    """Return what was drawn last for a round, as the form for another shows it."""
    rows = BlindAudit.objects.filter(round=round).order_by("-number")
    found = rows.values("number", "reason").first()
    return found or {"number": 0, "reason": ""}


@transaction.atomic
def audit_draw(
    *,
    round: Any,
    size: int,
    coders: Sequence[Any],
    by: Any,
    now: dt.datetime,
    reason: str = "",
    revision: str | None = None,
    seed: int | None = None,
) -> BlindAudit:
    """Draw a sample for two people and return it.

    All are drawn where there are ``CODE_ALL`` or fewer, or fewer than ``size``.  The
    caller checks that ``coders`` are members of the agency.  Raises AuditError for one
    person twice, a bad size, no theme or comment to code, or an earlier audit and no
    ``reason`` for another: results that are not liked are not drawn away unseen;
    Outdated when a colleague drew since ``revision`` (of ``audit_values``) was seen.
    """
    if len(coders) != 2 or coders[0].pk == coders[1].pk:
        raise AuditError(_("เลือกผู้ลงรหัสสองคนที่ไม่ใช่คนเดียวกัน"), code="two_people")
    if not 1 <= size <= LARGEST:
        raise AuditError(
            _("จำนวนที่สุ่มต้องอยู่ระหว่าง 1 ถึง %(most)s") % {"most": LARGEST},
            code="bad_size",
        )
    events.round_lock(round)
    check_revision(revision, audit_values(round))
    earlier = BlindAudit.objects.filter(round=round).count()
    reason = reason.strip()
    if earlier and not reason:
        raise AuditError(
            _("เคยสุ่มไปแล้ว ระบุเหตุที่ต้องสุ่มใหม่ เหตุนี้พิมพ์ในรายงาน"), code="no_reason"
        )
    if len(reason) > REASON_LENGTH:
        raise AuditError(_("เหตุผลยาวเกินไป"), code="long_reason")
    themes = list(
        Theme.objects.filter(round=round, status__in=selectors.IN_USE).order_by(
            "number"
        )
    )
    places = _drawable(round)
    if not themes or not places:
        raise AuditError(
            _("ยังไม่มีประเด็นหรือความเห็นที่วิเคราะห์แล้วให้ตรวจ"), code="nothing_to_draw"
        )
    seed = secrets.randbelow(2**31) if seed is None else seed
    places.sort(key=lambda place: sample_order(seed, place.comment.public_id))
    drawn = places if len(places) <= CODE_ALL else places[:size]
    machine = _machine_answers(round, drawn)
    made = BlindAudit.objects.create(
        round=round,
        number=earlier + 1,
        seed=seed,
        population=len(places),
        themes=[
            {"number": t.number, "title": t.title, "title_en": t.title_en}
            for t in themes
        ],
        run=ThemeRun.objects.filter(round=round, is_current=True).first(),
        reason=reason,
        drawn_by=by,
        drawn_at=now,
    )
    AuditItem.objects.bulk_create(
        AuditItem(
            audit=made,
            position=n,
            comment_id=place.comment_id,
            machine=machine.get(place.comment_id, ""),
        )
        for n, place in enumerate(drawn, 1)
    )
    AuditCoder.objects.bulk_create(
        AuditCoder(audit=made, seat=seat, user=user)
        for seat, user in enumerate(coders, 1)
    )
    log.record(made, "audit.drawn", by=by, size=len(drawn), seed=seed)
    return made


def _coding(audit: BlindAudit, by: Any) -> AuditCoder:
    coder = AuditCoder.objects.filter(audit=audit, user=by).first()
    if coder is None:
        raise AuditError(_("คุณไม่ใช่ผู้ลงรหัสของการตรวจครั้งนี้"), code="not_a_coder")
    if audit.pk != selectors.newest_id(audit.round_id):
        raise AuditError(_("มีการสุ่มใหม่แทนการตรวจครั้งนี้แล้ว"), code="replaced")
    if AuditFinish.objects.filter(coder=coder).exists():
        raise AuditError(_("คุณยืนยันว่าเสร็จแล้ว จึงเพิ่มหรือแก้รหัสไม่ได้อีก"), code="finished")
    return coder


@transaction.atomic
def code_save(
    *, audit: BlindAudit, position: int, code: str, by: Any, now: dt.datetime
) -> AuditCode:
    """Write down what a person calls one comment; a correction is a new row.

    The same code again is not written twice.  Raises AuditError for somebody who is no
    coder, an item or code that is not of this audit, an item whose comment was taken
    back, and after ``coding_finish``.
    """
    coder = _coding(audit, by)
    item = selectors.items_of(audit).filter(position=position).first()
    if item is None:
        raise AuditError(_("ไม่มีรายการนี้ในการตรวจครั้งนี้"), code="no_item")
    if not selectors.is_readable(item.comment):
        raise AuditError(
            _("ความเห็นนี้ถูกถอนหรือซ่อนหลังจากสุ่ม จึงไม่ต้องลงรหัส"), code="taken_back"
        )
    if code not in selectors.codes_of(audit):
        raise AuditError(_("เลือกประเด็นจากรายการ"), code="no_code")
    last = AuditCode.objects.filter(coder=coder, item=item).order_by("-pk").first()
    if last and last.code == code:
        return last
    return AuditCode.objects.create(item=item, coder=coder, code=code, created_at=now)


@transaction.atomic
def coding_finish(*, audit: BlindAudit, by: Any, now: dt.datetime) -> AuditFinish:
    """Stand by one's codes; when both people have, the results show.

    Raises AuditError while items wait, and the second time.
    """
    coder = _coding(audit, by)
    waiting = selectors.progress_of(audit, coder).waiting
    if waiting:
        raise AuditError(
            _("ยังเหลือ %(n)s รายการที่ไม่ได้ลงรหัส") % {"n": len(waiting)},
            code="not_complete",
        )
    try:
        with transaction.atomic():
            finish = AuditFinish.objects.create(coder=coder, created_at=now)
    except IntegrityError as error:
        raise AuditError(_("คุณยืนยันว่าเสร็จแล้ว"), code="finished") from error
    log.record(audit, "audit.coded", by=by, seat=coder.seat)
    return finish
