"""A round that went the whole way with many comments, for tests/bench/walk.py."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from comments.models import Comment, Submission, Theme
from consultations.models import (
    Decision,
    ReportStatus,
    ResponseReport,
    Role,
    Round,
    ThemeResponse,
)
from tests.bench.workbench import make_reviewed_round
from tests.factories import NOW, make_member

#: Lists behind numbers of the report: one facet, several, the longest and the shortest.
KEYS = (
    "received",
    "counted",
    "counted~theme-1",
    "counted~at-sec_1",
    "counted~in-sec_1~stance-disagree",
    "counted~distinct~stance-agree",
    "counted~stance-no_opinion~channel-web",
    "late",
)


@dataclass(frozen=True, slots=True)
class Reported:
    """What the patterns' arguments mean, and who looks."""

    round: Round
    user: Any

    def arguments(self, name: str, names: list[str]) -> list[dict[str, object]]:
        """Return the arguments to visit a pattern with; one empty dict without any."""
        round_, consultation = self.round, self.round.consultation
        comment = Comment.objects.filter(round=round_).order_by("pk").last()
        known: dict[str, list[object]] = {
            "round_id": [round_.pk],
            "consultation_id": [consultation.pk],
            "agency_id": [consultation.agency_id],
            "version_id": [round_.version_id],
            "draft_id": [consultation.draft_id],
            "page_id": [consultation.draft_id],
            "slug": [consultation.slug],
            "round_number": [1],
            "number": [1],
            "theme": [1],
            "eid": ["sec_1"],
            "bucket": ["few", "other"],
            "key": list(KEYS),
            "fmt": ["json", "csv"] if "report" in name or "result" in name else ["txt"],
            "public_id": [comment.public_id],
            "receipt": [Submission.objects.filter(round=round_).last().receipt],
            "what": ["question"],
            "pk": [1],
        }
        if name == "consultations:agency":
            known["slug"] = [consultation.agency.slug]
        wanted = [known.get(one, []) for one in names]
        return [
            dict(zip(names, row, strict=True)) for row in itertools.product(*wanted)
        ]

    def queries(self, name: str) -> list[str]:
        """Return the deep and the filtered pages of a pattern besides its first."""
        section = self.round.version.provisions.filter(kind="section").first().pk
        middle = Comment.objects.filter(round=self.round).order_by("pk")[100].pk
        found = {
            "desk_theme": ["?page=9999", "?q=ทำไม่ทัน", "?stance=disagree",
                           f"?section={section}", "?page=30", "?campaign=1",
                           "?source=machine", "?group=ผู้บริโภค"],
            "desk_bucket": ["?page=9999"],
            "desk_themes": [f"?section={section}"],
            "desk_themes_queue": [f"?section={section}"],
            "desk_moderation": ["?page=9999", "?q=ทำไม่ทัน", "?status=hidden",
                                "?status=published", "?stance=agree"],
            "desk_theme_merge": ["?into=2"],
        }  # fmt: skip
        lists = {"provision", "question", "whole_draft", "whole_draft_round",
                 "provision_version", "question_round"}  # fmt: skip
        short = name.partition(":")[2]
        if short in lists:
            found[name] = [f"?from=o{middle}", "?order=least_seen", "?late=1",
                           f"?order=least_seen&from=0-{middle}"]  # fmt: skip
        if short in {"results_list", "report_list", "results_theme"}:
            found[name] = ["?page=99999", "?page=20"]
        if short == "draft":
            found[name] = ["?q=ยื่นคำขอ"]
        return ["", *found.get(name, [])]


def make_reported_round(comments: int) -> Reported:
    """Make a round whose themes are answered and whose report is published."""
    from consultations.report import files, html
    from consultations.report.collect import collect
    from consultations.report.document import canonical_json
    from consultations.report.html import Links
    from consultations.report.services import source_of

    round_ = make_reviewed_round(comments)
    Round.objects.filter(pk=round_.pk).update(
        stage="closed",
        opens_on=NOW.date() - dt.timedelta(days=40),
        closes_on=NOW.date() - dt.timedelta(days=3),
    )
    round_.refresh_from_db()
    user = make_member(round_.consultation.agency, Role.APPROVER, is_superuser=True)
    Theme.objects.filter(round=round_).update(
        status=Theme.Status.APPROVED, approved_by=user, approved_at=NOW
    )
    ThemeResponse.objects.bulk_create(
        ThemeResponse(
            theme=theme, reply="ได้พิจารณาแล้ว", decision=Decision.REJECT,
            reason="กฎหมายอื่นกำหนดไว้แล้ว", signed_by=user, signed_at=NOW,
            changed_by=user, changed_at=NOW,
        )
        for theme in Theme.objects.filter(round=round_)
    )  # fmt: skip
    report = ResponseReport.objects.create(
        round=round_, number=1, created_at=NOW, summary="สรุป", next_steps="ขั้นต่อไป"
    )
    source = source_of(collect(report, now=NOW), round_)
    content = canonical_json(source.document)
    digest = hashlib.sha256(content.encode()).hexdigest()
    made = {
        files.PAGE: html.page(source.document, Links()).encode(),
        files.MEMBERS: source.members.to_bytes(),
        **{name: files.EXPORTERS[name].render(source) for name in ("json", "csv")},
    }
    stored = {
        name: files.store(report, digest, name, BytesIO(data))
        for name, data in made.items()
    }
    ResponseReport.objects.filter(pk=report.pk).update(
        status=ReportStatus.PUBLISHED, content=content, sha256=digest, files=stored,
        published_at=NOW, published_by=user,
    )  # fmt: skip
    Round.objects.filter(pk=round_.pk).update(stage="reported")
    # A corrected report is being written: the desk shows both.
    ResponseReport.objects.create(round=round_, number=2, created_at=NOW)
    round_.refresh_from_db()
    return Reported(round_, user)
