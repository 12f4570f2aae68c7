"""Write, check and publish the response report of a round."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from comments import ledger
from comments.themes import events
from consultations import policies
from consultations.compliance import Found, findings_in
from consultations.errors import ConsultationError
from consultations.models import (
    Posting,
    ReportStatus,
    ResponseReport,
    Round,
    StageChoices,
)
from consultations.preparing import posting_record
from consultations.report import files, html
from consultations.report.collect import collect
from consultations.report.document import ReportInput, build, canonical_json
from consultations.report.document.required import missing_from
from consultations.report.exporter import ExportUnavailable, Source
from consultations.report.html import Links
from consultations.report.numbering import themes_told
from consultations.report.requirements import contents_marks
from consultations.report.snapshot import snapshot
from consultations.stages import OVER
from drafts import audit, outbox
from drafts.revisions import check_revision

TEXTS = (
    "summary",
    "summary_en",
    "next_steps",
    "limitations",
    "harms",
)
ATTEMPTS = 3


class ReportError(ConsultationError):
    """A report cannot be changed or published."""


class ReportLocked(ReportError):
    """It is published, or just being made: its texts do not change now."""

    status = 409


class ReportBlocked(ReportError):
    """Rules of the law stand against publication; ``findings`` says which."""

    def __init__(self, findings: list[Found]) -> None:
        super().__init__(
            _("ประกาศรายงานไม่ได้จนกว่าจะแก้ข้อที่ค้างอยู่: %(findings)s")
            % {"findings": "; ".join(found.message for found in findings)},
            code="report_blocked",
        )
        self.findings = findings


def report_draft_get_or_create(*, round: Round, now: dt.datetime) -> ResponseReport:
    """Return the draft of a round's report, made anew after the last was published.

    A corrected report has a number of its own and begins with the texts of the last.
    """
    with transaction.atomic():
        draft = ResponseReport.objects.filter(
            round=round, status=ReportStatus.DRAFT
        ).first()
        if draft:
            return draft
        last = ResponseReport.objects.filter(round=round).order_by("number").last()
        texts = {name: getattr(last, name) for name in TEXTS} if last else {}
        return ResponseReport.objects.create(
            round=round,
            number=last.number + 1 if last else 1,
            created_at=now,
            **texts,
        )


def report_values(report: ResponseReport) -> dict[str, Any]:
    """Return what people wrote into a report, as its form shows it."""
    return {"number": report.number, **{name: getattr(report, name) for name in TEXTS}}


def report_save(
    *,
    report: ResponseReport,
    revision: str | None = None,
    by: Any,
    now: dt.datetime,
    **texts: str,
) -> ResponseReport:
    """Save what people write into a report; ``texts`` are fields of ``TEXTS``.

    Raises ReportLocked once it is published: a correction is a new report; Outdated
    when somebody else saved since ``revision`` was seen.
    """
    unknown = set(texts) - set(TEXTS)
    if unknown:
        message = f"not a text of a report: {sorted(unknown)}"
        raise TypeError(message)
    with transaction.atomic():
        locked = ResponseReport.objects.select_for_update().get(pk=report.pk)
        if locked.status != ReportStatus.DRAFT:
            raise ReportLocked(
                _("รายงานฉบับนี้ประกาศแล้วจึงแก้ไม่ได้ หากต้องแก้ ให้ทำรายงานฉบับใหม่"),
                code="report_published",
            )
        if locked.is_publishing:
            raise ReportLocked(
                _("กำลังจัดทำรายงานเพื่อประกาศ จึงยังแก้ไขไม่ได้ รอให้เสร็จก่อน"),
                code="report_publishing",
            )
        check_revision(revision, report_values(locked))
        changed = [n for n, text in texts.items() if getattr(locked, n) != text]
        for name in changed:
            setattr(locked, name, texts[name])
        if changed:
            locked.save(update_fields=changed)
            audit.record(locked, "report.saved", by=by, fields=sorted(changed))
    return locked


def absolute_links(slug: str) -> Links:
    """Return addresses that work in a file on somebody's disk."""
    base = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
    with translation.override("th"):
        results = reverse("consultations:results", args=[slug])
        comments = reverse("consultations:comment", args=["x"]).removesuffix("x/")
    return Links(f"{base}{results}", f"{base}{comments}")


def source_of(given: ReportInput, round: Round) -> Source:
    """Make what the exporters need of an input."""
    return Source(
        document=build(given),
        members=given.members,
        round=round,
        links=absolute_links(given.slug),
        themes={t.number: f"{t.number}. {t.title}" for t in given.themes},
        told=themes_told(given),
    )


def _no_step(step: str) -> None:
    """Tell nobody how far the making of a report is."""


def report_render(
    source: Source, *, told: Callable[[str], None] = _no_step
) -> tuple[dict[str, BinaryIO], list[str]]:
    """Write every format to a file; say which ones this machine cannot make.

    ``told`` hears the name of each format before it is made.
    """
    with translation.override("th"):
        made: dict[str, BinaryIO] = {}
        missing = []
        for name, exporter in (
            (files.PAGE, None),
            (files.MEMBERS, None),
            *files.EXPORTERS.items(),
        ):
            told(name)
            file = tempfile.TemporaryFile()  # noqa: SIM115  goes with the answer
            try:
                if exporter:
                    exporter.write(source, file)
                elif name == files.PAGE:
                    file.write(html.page(source.document, Links()).encode())
                else:
                    file.write(source.members.to_bytes())
            except ExportUnavailable:
                missing.append(name)
                continue
            file.seek(0)
            made[name] = file
    return made, missing


def report_check(*, report: ResponseReport, now: dt.datetime) -> Source:
    """Return what the report would be made of now, if nothing stands against it.

    Raises ReportBlocked while a rule stands against publication, ReportError if it is
    published already, the hearing is not over, or a heading of the law is missing.
    """
    _refuse(report, now)
    given = collect(report, now=now)
    findings = findings_in(given.compliance, report.round)
    if blocking := [found for found in findings if found.blocks]:
        raise ReportBlocked(blocking)
    source = source_of(given, report.round)
    lacking = missing_from(source.document)
    if lacking:
        raise ReportError(
            _("รายงานยังขาดหัวข้อที่กฎหมายกำหนด: %(items)s")
            % {"items": ", ".join(item.th for item in lacking)},
            code="report_incomplete",
        )
    return source


def signer_of(user: Any, round: Round) -> dict[str, str]:
    """Return what is printed of who signs a report, as fields of it: an account's own.

    Raises ReportError ``no_signer`` where the account has no name or position.
    """
    name = user.get_full_name()
    position = policies.position_of(user, round.consultation.agency_id)
    if not (name and position):
        raise ReportError(
            _(
                "บัญชีที่ประกาศรายงานต้องมีชื่อและตำแหน่ง "
                "ให้ผู้ดูแลระบบกรอกในทะเบียนผู้ใช้และสมาชิกของหน่วยงาน"
            ),
            code="no_signer",
        )
    return {"signer_name": name, "signer_position": position}


def report_publish(
    *,
    report: ResponseReport,
    by: Any,
    now: dt.datetime,
    lease: UUID | None = None,
    told: Callable[[str], None] = _no_step,
) -> ResponseReport:
    """Freeze and publish a report, signed by ``by``.

    Raises what ``report_check`` raises, and ReportError if its contents keep changing
    while it is made or another worker makes it (``lease`` is no longer the report's).
    The caller checks that ``by`` may publish.  What is published are the stored bytes;
    the database refuses to change the row from then on.
    """
    for _attempt in range(ATTEMPTS):
        published = _publish_once(report, by=by, now=now, lease=lease, told=told)
        if published is not None:
            return published
    raise ReportError(
        _("ความเห็นเปลี่ยนแปลงระหว่างจัดทำรายงาน ยังไม่ได้ประกาศ ลองอีกครั้ง"),
        code="report_moving",
    )


def _refuse(report: ResponseReport, now: dt.datetime) -> None:
    if report.status != ReportStatus.DRAFT:
        raise ReportError(_("รายงานฉบับนี้ประกาศแล้ว"), code="report_published")
    if policies.stage_of(report.round, now=now) not in OVER:
        raise ReportError(
            _("ยังประกาศผลไม่ได้เพราะการรับฟังยังไม่ปิด"), code="round_not_closed"
        )


def _publish_once(
    report: ResponseReport,
    *,
    by: Any,
    now: dt.datetime,
    lease: UUID | None,
    told: Callable[[str], None],
) -> ResponseReport | None:
    """Make and publish a report; None if what it is made of changed meanwhile."""
    with snapshot():
        report = ResponseReport.objects.select_related("round__consultation").get(
            pk=report.pk
        )
        round = report.round
        marks = contents_marks(round)
        signer = signer_of(by, round)
        report.signer_name = signer["signer_name"]
        report.signer_position = signer["signer_position"]
        told("reading")
        source = report_check(report=report, now=now)
        made, missing = report_render(source, told=told)
    content = canonical_json(source.document)
    digest = hashlib.sha256(content.encode()).hexdigest()
    told("storing")
    stored = {
        name: files.store(report, digest, name, data) for name, data in made.items()
    }
    with transaction.atomic():
        # Nobody sends, hides or groups a comment of the round until this is done.
        ledger.round_lock(round.pk)
        events.round_lock(round)
        locked = ResponseReport.objects.select_for_update().get(pk=report.pk)
        _refuse(locked, now)
        if locked.lease != lease:
            raise ReportError(_("กำลังจัดทำรายงานฉบับนี้อยู่แล้ว"), code="report_publishing")
        unchanged = all(getattr(locked, n) == getattr(report, n) for n in TEXTS)
        if contents_marks(round) != marks or not unchanged:
            return None
        # One UPDATE: the row is frozen the moment its status says published.
        ResponseReport.objects.filter(pk=locked.pk).update(
            status=ReportStatus.PUBLISHED,
            content=content,
            sha256=digest,
            files=stored,
            themes=source.told,
            published_at=now,
            published_by=by,
            **signer,
            lease=None,
            publishing_step="",
        )
        Round.objects.filter(pk=round.pk).update(stage=StageChoices.REPORTED)
        posting_record(
            round=round,
            subject=Posting.Subject.REPORT,
            evidence=source.links.results,
            by=by,
            now=now,
        )
        locked.refresh_from_db()
        audit.record(
            locked,
            "report.published",
            by=by,
            number=locked.number,
            sha256=digest,
            received=len(source.members),
            missing=missing,
        )
        outbox.emit("report", [locked.pk])
        outbox.emit("consultation", [round.consultation_id])
        outbox.emit("comments_of_round", [round.pk])
    return locked
