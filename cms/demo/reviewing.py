"""What the officials of the demo did after closing: themes, answers, report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from comments.models import Comment, Theme, ThemeAssignment, ThemeRun
from comments.themes import review, runs
from consultations import answers, preparing
from consultations.models import Round
from consultations.report import publication
from consultations.report import services as reports

if TYPE_CHECKING:
    from cms.demo.loading import ConsultationLoader


@dataclass
class ReviewLoader:
    """What the officials did after closing: themes, answers, report."""

    parent: ConsultationLoader
    round_: Round

    def load(self) -> None:
        reported = self.parent.plan.reported
        assert reported is not None
        self.by = self.parent.editor
        self.now = self.parent.moment(self.parent.closes + 3)
        self.run_themes()
        self.review_themes()
        self.answer_themes()
        self.publish(reported)

    def run_themes(self) -> None:
        run = runs.run_request(
            round=self.round_,
            purpose=ThemeRun.Purpose.FINAL,
            detail="normal",
            by=self.by,
            now=self.now,
        )
        runs.run_execute(run.pk)
        run.refresh_from_db()
        if run.status != ThemeRun.Status.COMPLETE:
            message = f"the demo's theme run did not complete: {run.error}"
            raise RuntimeError(message)

    def places(self) -> dict[int, ThemeAssignment]:
        rows = ThemeAssignment.objects.filter(round=self.round_)
        return {row.comment_id: row for row in rows.select_related("theme")}

    def review_themes(self) -> None:
        """Do as a careful official would: name, merge, move, sign."""
        truth = self.parent.truth
        places = self.places()
        votes: dict[int, Counter[str]] = {}
        for comment_id, place in places.items():
            theme = truth.get(comment_id)
            if place.theme_id and theme in self.parent.content.themes:
                votes.setdefault(place.theme_id, Counter())[theme] += 1
        home: dict[str, Theme] = {}
        for theme in Theme.objects.filter(round=self.round_, pk__in=votes):
            slug = votes[theme.pk].most_common(1)[0][0]
            if slug in home:
                review.theme_merge(
                    theme=theme,
                    revision=theme.revision,
                    into=home[slug],
                    into_revision=self.fresh(home[slug]).revision,
                    by=self.by,
                    now=self.now,
                )
            else:
                self.name(theme, slug)
                home[slug] = theme
        self.gather(home, truth)
        for theme in Theme.objects.filter(round=self.round_, status="proposed"):
            if theme.assignments.exists() and theme in home.values():
                review.theme_approve(
                    theme=theme, revision=theme.revision, by=self.by, now=self.now
                )
            elif not theme.assignments.exists():
                review.theme_reject(
                    theme=theme, revision=theme.revision, by=self.by, now=self.now
                )
        self.home = home

    def fresh(self, theme: Theme) -> Theme:
        return Theme.objects.get(pk=theme.pk)

    def name(self, theme: Theme, slug: str) -> None:
        facts = self.parent.content.themes[slug]
        fresh = self.fresh(theme)
        review.theme_rename(
            theme=fresh,
            revision=fresh.revision,
            title=facts["title"],
            title_en=facts["title_en"],
            note="",
            by=self.by,
            now=self.now,
        )

    def gather(self, home: dict[str, Theme], truth: dict[int, str]) -> None:
        """Move what the machine put elsewhere; make a theme of a lone argument."""
        for slug in self.parent.content.themes:
            members = [pk for pk, theme in truth.items() if theme == slug]
            places = {pk: row for pk, row in self.places().items() if pk in members}
            if not places:
                continue
            if slug not in home:
                first = Comment.objects.get(pk=min(places))
                home[slug] = review.theme_create_from_comment(
                    comment=first,
                    title=self.parent.content.themes[slug]["title"],
                    by=self.by,
                    now=self.now,
                )
                self.name(home[slug], slug)
                places.pop(first.pk)
            self.move(places, to=self.fresh(home[slug]).number)
        for bucket in ("no_reason", "other"):
            members = {pk for pk, theme in truth.items() if theme == bucket}
            places = {pk: row for pk, row in self.places().items() if pk in members}
            self.move(places, bucket=bucket)

    def move(
        self, places: dict[int, ThemeAssignment], *, to: int = 0, bucket: str = ""
    ) -> None:
        groups: dict[tuple[int, str], list[int]] = {}
        for pk, row in places.items():
            seen = (row.theme.number if row.theme else 0, row.bucket)
            if seen != (to, bucket):
                groups.setdefault(seen, []).append(pk)
        for seen, pks in groups.items():
            review.comment_move(
                round=self.round_,
                comments=sorted(pks),
                seen_in=seen,
                theme=to,
                bucket=bucket,
                by=self.by,
                now=self.now,
            )

    def answer_themes(self) -> None:
        now = self.parent.moment(self.parent.closes + 8)
        labelled = self.round_.version.provisions.exclude(label="")
        provisions = dict(labelled.values_list("label", "pk"))
        for slug, theme in self.home.items():
            facts = self.parent.content.responses[slug]
            label = f"มาตรา {facts['section']}" if facts.get("section") else ""
            response = answers.response_save(
                theme=self.fresh(theme),
                revision=0,
                answer=answers.Answer(
                    reply=facts["reply"],
                    reply_en=facts.get("reply_en") or "",
                    decision=facts["decision"],
                    reason=facts["reason"],
                    provision=provisions.get(label),
                    before_text=facts.get("before") or "",
                    after_text=facts.get("after") or "",
                ),
                by=self.by,
                now=now,
            )
            answers.response_sign(
                response=response,
                revision=response.revision,
                by=self.parent.approver,
                now=now,
            )

    def publish(self, reported: int) -> None:
        facts = self.parent.content.report
        now = self.parent.moment(reported)
        report = reports.report_draft_get_or_create(round=self.round_, now=now)
        report = reports.report_save(report=report, by=self.by, now=now, **facts)
        preparing.milestone_add(
            round=self.round_,
            title="เสนอร่างที่แก้ไขแล้วต่อคณะรัฐมนตรี",
            title_en="The revised draft goes to the cabinet",
            due_on=self.parent.day(reported + 60),
            by=self.by,
        )
        publication.publication_request(
            report=report, by=self.parent.publisher, now=now
        )
        publication.publication_execute(report.pk, now=now)
        report.refresh_from_db()
        if report.error:
            message = f"the demo's report was not published: {report.error}"
            raise RuntimeError(message)
