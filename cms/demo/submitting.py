"""Send the demo's comments as their people would have, day by day."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from comments import moderation
from comments.intake import About, submission_receive
from comments.models import Comment, Submission
from comments.preparing import Said, Subject, said_check
from consultations.models import Round

Row = dict[str, Any]


@dataclass
class SubmissionLoader:
    """Sends the rows of one consultation; remembers which comment is which row."""

    round_: Round
    rows: list[Row]
    opens: dt.datetime  # 00:00 of the first day
    moderator: Any
    sent: dict[int, Row] = field(default_factory=dict)  # comment id -> row

    def load(self) -> dict[int, Row]:
        """Send, withdraw and moderate; return comment id -> row of the file."""
        provisions = self.round_.version.provisions.exclude(label="")
        self.sections = {
            one.label.removeprefix("มาตรา "): (one.pk, one.text) for one in provisions
        }
        self.questions = dict(self.round_.questions.values_list("number", "pk"))
        people: dict[str, list[Row]] = {}
        for row in self.rows:
            people.setdefault(row["person"], []).append(row)
        chance = random.Random(2569)  # noqa: S311  times of day, the same every time
        planned = [(self.moment(rows[0], chance), rows) for rows in people.values()]
        for moment, rows in sorted(planned, key=lambda pair: pair[0]):
            self.send(rows, moment)
        self.act()
        return self.sent

    def moment(self, row: Row, chance: random.Random) -> dt.datetime:
        """Most people write in the evening."""
        hour = chance.choice([7, 9, 12, 12, 18, 19, 20, 20, 21, 22])
        return self.opens + dt.timedelta(
            days=row["day"], hours=hour, minutes=chance.randrange(60)
        )

    def said(self, row: Row) -> tuple[Said, str]:
        """Return what was said, and its row's key by the code of its subject."""
        provision, original = self.sections.get(row["section"], (None, ""))
        question = self.questions.get(row["question"])
        if not (provision or question or row["whole"]):
            message = f"comment {row['key']}: no section {row['section']}"
            raise ValueError(message)
        subject = Subject(provision_id=provision, question_id=question)
        said = Said(
            subject, row["stance"], row["text"], row["suggested"] or "", original
        )
        return said_check(said), subject.code

    def send(self, rows: list[Row], moment: dt.datetime) -> Submission:
        first = rows[0]
        said = {code: (one, row) for row in rows for one, code in [self.said(row)]}
        organisation = first["capacity"] in {"association", "agency", "business"}
        name = first["name"] or ""
        submission = submission_receive(
            round_id=self.round_.pk,
            said=[one for one, _row in said.values()],
            about=About(
                capacity=first["capacity"],
                province=first["province"] or "",
                name="" if organisation else name,
                organisation=name if organisation else "",
                publication=first["publication"],
                language=first["lang"],
            ),
            now=moment,
            late=bool(first.get("late")),
        )
        by_subject = {code: row for code, (_one, row) in said.items()}
        for comment in submission.comments.all():
            self.sent[comment.pk] = by_subject[self.code(comment)]
        return submission

    def code(self, comment: Comment) -> str:
        return Subject(comment.provision_id, comment.question_id).code

    def act(self) -> None:
        """Withdraw and hide what the file says was withdrawn and hidden."""
        comments = Comment.objects.select_related("submission").order_by("pk")
        for comment in comments.filter(pk__in=self.sent):
            row = self.sent[comment.pk]
            now = comment.received_at + dt.timedelta(hours=20)
            if row.get("withdrawn"):
                moderation.comment_withdraw(
                    comment=comment, receipt=comment.submission.receipt, now=now
                )
            if facts := row.get("moderate"):
                moderation.comment_hide(
                    comment=comment,
                    ground=facts["ground"],
                    note=facts["note"],
                    by=self.moderator,
                    now=now,
                )
