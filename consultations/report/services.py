"""Write, check and publish the response report of a round."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consultations import policies, statute
from consultations.errors import ConsultationError
from consultations.models import (
    Posting,
    ReportStatus,
    ResponseReport,
    Round,
    StageChoices,
)
from consultations.report import files, html
from consultations.report.collect import collect
from consultations.report.document import ReportInput, build, canonical_json
from consultations.report.document.required import missing_from
from consultations.report.exporter import ExportUnavailable, Source
from consultations.report.html import Links
from consultations.report.requirements import received_marks
from consultations.stages import Stage
from drafts import audit, outbox

TEXTS = (
    "summary",
    "summary_en",
    "next_steps",
    "limitations",
    "harms",
    "signer_name",
    "signer_position",
)
#: Stages at which a report may be published; a corrected one when already reported.
PUBLISHABLE = frozenset({Stage.CLOSED, Stage.ANALYSED, Stage.REPORTED})
ATTEMPTS = 3


class ReportError(ConsultationError):
    """A report cannot be changed or published."""


class ReportBlocked(ReportError):
    """Rules of the law stand against publication; ``findings`` says which."""

    def __init__(self, findings: list[statute.Finding]) -> None:
        english = (translation.get_language() or "th").startswith("en")
        told = [f.message_en if english else f.message_th for f in findings]
        super().__init__(
            _("ประกาศรายงานไม่ได้จนกว่าจะแก้ข้อที่ค้างอยู่: %(findings)s")
            % {"findings": "; ".join(told)},
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


def report_save(
    *, report: ResponseReport, by: Any, now: dt.datetime, **texts: str
) -> ResponseReport:
    """Save what people write into a report; ``texts`` are fields of ``TEXTS``.

    Raises ReportError once it is published: a correction is a new report.
    """
    unknown = set(texts) - set(TEXTS)
    if unknown:
        message = f"not a text of a report: {sorted(unknown)}"
        raise TypeError(message)
    with transaction.atomic():
        locked = ResponseReport.objects.select_for_update().get(pk=report.pk)
        if locked.status != ReportStatus.DRAFT:
            raise ReportError(
                _("รายงานฉบับนี้ประกาศแล้วจึงแก้ไม่ได้ หากต้องแก้ ให้ทำรายงานฉบับใหม่"),
                code="report_published",
            )
        changed = [n for n, text in texts.items() if getattr(locked, n) != text]
        for name in changed:
            setattr(locked, name, texts[name])
        if changed:
            locked.save(update_fields=changed)
            audit.record(locked, "report.saved", by=by, fields=sorted(changed))
    return locked


def findings_before_publication(given: ReportInput) -> list[statute.Finding]:
    """Return the rules that a report breaks, the blocking ones first."""
    order = list(statute.Level)
    failed = [a for a in given.compliance if a.outcome is statute.Outcome.FAILED]
    return sorted(failed, key=lambda finding: order.index(finding.level))


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
    )


def report_render(source: Source) -> tuple[dict[str, bytes], list[str]]:
    """Render every format; the second value says which this machine cannot make."""
    with translation.override("th"):
        made = {
            files.PAGE: html.page(source.document, Links()).encode(),
            files.MEMBERS: source.members.to_bytes(),
        }
        missing = []
        for name, exporter in files.EXPORTERS.items():
            try:
                made[name] = exporter.render(source)
            except ExportUnavailable:
                missing.append(name)
    return made, missing


def report_publish(
    *, report: ResponseReport, by: Any, now: dt.datetime
) -> ResponseReport:
    """Freeze and publish a report.

    Raises ReportBlocked while a rule stands against it, ReportError if it is published
    already, the hearing is not over, or comments keep changing while it is made.  The
    caller checks that ``by`` may publish.  What is published are the stored bytes; the
    database refuses to change the row from then on.
    """
    for _attempt in range(ATTEMPTS):
        published = _publish_once(report, by=by, now=now)
        if published is not None:
            return published
    raise ReportError(
        _("ความเห็นเปลี่ยนแปลงระหว่างจัดทำรายงาน ยังไม่ได้ประกาศ ลองอีกครั้ง"),
        code="report_moving",
    )


def _refuse(report: ResponseReport, now: dt.datetime) -> None:
    if report.status != ReportStatus.DRAFT:
        raise ReportError(_("รายงานฉบับนี้ประกาศแล้ว"), code="report_published")
    if policies.stage_of(report.round, now=now) not in PUBLISHABLE:
        raise ReportError(
            _("ยังประกาศผลไม่ได้เพราะการรับฟังยังไม่ปิด"), code="round_not_closed"
        )


def _publish_once(
    report: ResponseReport, *, by: Any, now: dt.datetime
) -> ResponseReport | None:
    report = ResponseReport.objects.select_related("round__consultation").get(
        pk=report.pk
    )
    _refuse(report, now)
    round = report.round
    marks = received_marks(round)
    given = collect(report, now=now, publishing=True)
    findings = findings_before_publication(given)
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        raise ReportBlocked(blocking)
    source = source_of(given, round)
    lacking = missing_from(source.document)
    if lacking:
        raise ReportError(
            _("รายงานยังขาดหัวข้อที่กฎหมายกำหนด: %(items)s")
            % {"items": ", ".join(item.th for item in lacking)},
            code="report_incomplete",
        )
    content = canonical_json(source.document)
    digest = hashlib.sha256(content.encode()).hexdigest()
    made, missing = report_render(source)
    stored = {
        name: files.store(report, digest, name, data) for name, data in made.items()
    }
    with transaction.atomic():
        locked = ResponseReport.objects.select_for_update().get(pk=report.pk)
        _refuse(locked, now)
        unchanged = all(getattr(locked, n) == getattr(report, n) for n in TEXTS)
        if received_marks(round) != marks or not unchanged:
            return None
        # One UPDATE: the row is frozen the moment its status says published.
        ResponseReport.objects.filter(pk=locked.pk).update(
            status=ReportStatus.PUBLISHED,
            content=content,
            sha256=digest,
            files=stored,
            published_at=now,
            published_by=by,
        )
        Round.objects.filter(pk=round.pk).update(stage=StageChoices.REPORTED)
        Posting.objects.create(
            round=round,
            subject="report",
            channel=Posting.Channel.WEBSITE,
            posted_on=timezone.localdate(now),
            evidence=absolute_links(given.slug).results,
            recorded_at=now,
            recorded_by=by,
        )
        locked.refresh_from_db()
        audit.record(
            locked,
            "report.published",
            by=by,
            number=locked.number,
            sha256=digest,
            received=len(given.members),
            missing=missing,
        )
        outbox.emit("report", [locked.pk])
        outbox.emit("consultation", [round.consultation_id])
        outbox.emit("comments_of_round", [round.pk])
    return locked


def report_posting_record(
    *,
    round: Round,
    channel: str,
    posted_on: dt.date,
    evidence: str,
    by: Any,
    now: dt.datetime,
) -> Posting:
    """Record that the results hung on a channel outside this website (ข้อ 12)."""
    if channel not in Posting.Channel.values or channel == Posting.Channel.WEBSITE:
        raise ReportError(_("เลือกช่องทางจากรายการ"), code="unknown_channel")
    if not evidence.strip():
        raise ReportError(_("ระบุหลักฐาน เช่น ที่อยู่เว็บหรือเลขที่หนังสือ"), code="no_evidence")
    if posted_on > timezone.localdate(now):
        raise ReportError(_("วันที่ประกาศต้องไม่ใช่วันข้างหน้า"), code="future_date")
    with transaction.atomic():
        posting = Posting.objects.create(
            round=round,
            subject="report",
            channel=channel,
            posted_on=posted_on,
            evidence=evidence.strip(),
            recorded_at=now,
            recorded_by=by,
        )
        audit.record(posting, "posting.recorded", by=by, channel=channel)
    return posting
