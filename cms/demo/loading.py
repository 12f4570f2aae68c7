"""Fill an empty installation with the demo, through the services that people use.

Four consultations at three stages: one announced, two open, of which one amends a law
in force, one closed, themed, answered and reported, and heard again in a second round
with the words that changed.
Every step is taken at the moment it would have happened (``now`` of each service),
counted back from today, so the demo is always fresh.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile

from cms.demo.accounts import ACCOUNTS, PASSWORD
from cms.demo.reviewing import ReviewLoader
from cms.demo.second_round import SecondRoundLoader
from cms.demo.submitting import SubmissionLoader
from cms.demo.texts import NAMES, Content
from cms.models import HomePage
from consultations import confirming, preparing
from consultations import services as process
from consultations.models import (
    AgencyMembership,
    AgencyPage,
    Consultation,
    Round,
)
from consultations.stages import opening
from drafts import acts, clock
from drafts import services as drafts
from drafts.models import DraftVersion

BANGKOK = ZoneInfo("Asia/Bangkok")


@dataclass(frozen=True)
class Plan:
    """When things happen, in days from today; the window counts both ends."""

    announced: int
    opens: int
    days: int
    reported: int | None = None


PLANS = {
    "announced": Plan(announced=-2, opens=14, days=30),
    "open": Plan(announced=-16, opens=-9, days=30),
    "amending": Plan(announced=-12, opens=-5, days=30),
    "closed": Plan(announced=-50, opens=-42, days=16, reported=-12),
}


@dataclass
class Loader:
    """One load; ``say`` gets a line for each thing that is done."""

    say: Callable[[str], None]
    users: dict[str, Any] = field(default_factory=dict)

    def load(self) -> bool:
        """Load what is not there yet, touch nothing that is; tell if any was new."""
        loaded = False
        self.make_users()
        for name in NAMES:
            content = Content(name)
            slug = content.consultation["slug"]
            if Consultation.objects.filter(slug=slug).exists():
                continue
            self.say(f"loading {slug}")
            ConsultationLoader(self, content, PLANS[name]).load()
            loaded = True
        return loaded

    def make_users(self) -> None:
        model = get_user_model()
        for account in ACCOUNTS:
            user = model.objects.filter(email=account.email).first()
            if user is None:
                make = (
                    model.objects.create_superuser
                    if account.role == "superuser"
                    else model.objects.create_user
                )
                user = make(
                    account.email,
                    PASSWORD,
                    first_name=account.first_name,
                    last_name=account.last_name,
                )
                user.emailaddress_set.create(
                    email=account.email, verified=True, primary=True
                )
            self.users[account.name] = user

    def agency(self, facts: dict[str, str]) -> AgencyPage:
        found = AgencyPage.objects.filter(slug=facts["key"]).first()
        if found:
            return found
        agency = HomePage.objects.get().add_child(
            instance=AgencyPage(
                title=facts["name"],
                slug=facts["key"],
                name_en=facts["name_en"],
                ministry=facts["ministry"],
                about=facts["about"],
                contact=facts["contact"],
                dpo_contact=facts["dpo_contact"],
            )
        )
        for account in ACCOUNTS:
            if account.agency in {"*", facts["key"]}:
                AgencyMembership.objects.create(
                    user=self.users[account.name],
                    agency=agency,
                    role=account.role,
                    position=account.position,
                )
        return agency


@dataclass
class ConsultationLoader:
    """Loads one consultation, step by step in the order of its life."""

    loader: Loader
    content: Content
    plan: Plan

    def __post_init__(self) -> None:
        self.facts = self.content.consultation
        self.agency = self.loader.agency(self.facts["agency"])
        # Wagtail remembers rights on the object: read them after the memberships.
        users = self.loader.users
        fresh = get_user_model().objects.in_bulk([one.pk for one in users.values()])
        self.editor = fresh[users["editor"].pk]
        self.approver = fresh[users["approver"].pk]
        self.publisher = fresh[users["approver2"].pk]
        self.moderator = fresh[users["moderator"].pk]
        self.today = clock.today()

    def day(self, number: int) -> dt.date:
        return self.today + dt.timedelta(days=number)

    def moment(self, number: int, hour: int = 10, minute: int = 0) -> dt.datetime:
        return dt.datetime.combine(self.day(number), dt.time(hour, minute), BANGKOK)

    @property
    def closes(self) -> int:
        return self.plan.opens + self.plan.days - 1

    def load(self) -> None:
        if self.content.act:
            self.import_act()
        version = self.make_version(self.agency)
        round_ = self.make_round(self.agency, version)
        if not self.content.comments:
            return
        sent = SubmissionLoader(
            round_=round_,
            rows=self.content.comments,
            opens=opening(round_.opens_on),
            moderator=self.moderator,
        ).load()
        #: comment id -> its true theme, "other" or "no_reason"
        self.truth = {pk: row["theme"] for pk, row in sent.items()}
        process.round_advance_all(now=clock.now())
        round_.refresh_from_db()
        self.add_sessions(round_)
        if self.content.responses:
            ReviewLoader(self, round_).load()
        if self.content.second_round:
            SecondRoundLoader(self, round_.consultation).load()

    def import_act(self) -> None:
        facts = self.facts["act"]
        acts.act_import(
            data=self.content.act,
            filename="act.txt",
            as_of=dt.date.fromisoformat(facts["as_of"]),
            title_en=facts["title_en"],
            source_note=facts["source_note"],
            by=self.editor,
            now=self.moment(self.plan.announced - 2),
        )

    def make_version(self, agency: AgencyPage) -> DraftVersion:
        draft = drafts.draft_import(
            agency=agency,
            data=self.content.draft,
            filename="draft.txt",
            by=self.editor,
        ).draft
        draft.law_title = self.facts["law_title"]
        draft.law_title_en = self.facts["law_title_en"]
        notes = self.facts["notes"]
        blocks = draft.body.raw_data
        for block in blocks:
            note = notes.get(block["value"].get("label") or "")
            if block["type"] == "provision" and note:
                block["value"]["plain_note"] = note["plain"]
                block["value"]["plain_note_en"] = note.get("plain_en") or ""
                block["value"]["current_law"] = note.get("current_law") or ""
        draft.body = list(blocks)
        revision = draft.save_revision(user=self.editor, clean=False)
        return drafts.version_freeze(
            draft=draft,
            revision=revision,
            reason="ตรึงเพื่อเปิดรับฟังความคิดเห็น",
            by=self.editor,
            now=self.moment(self.plan.announced - 1),
        )

    def make_round(self, agency: AgencyPage, version: DraftVersion) -> Round:
        facts = self.facts
        consultation = process.consultation_create(
            agency=agency,
            draft=version.draft,
            title=facts["title"],
            slug=facts["slug"],
            legal_basis=facts["legal_basis"],
            title_en=facts["title_en"],
            information=facts["information"],
            affected_groups=facts["affected_groups"],
            by=self.editor,
            now=self.moment(self.plan.announced - 1),
            headline=facts["headline"],
            headline_en=facts["headline_en"],
            summary="\n".join(facts["summary"]),
            summary_en="\n".join(facts["summary_en"]),
            affected=facts["affected"],
            changes_from_today=facts["changes_from_today"],
            contact=facts["contact"],
        )
        round_ = consultation.rounds.get()
        process.round_prepare(
            round=round_,
            version=version,
            opens_on=self.day(self.plan.opens),
            closes_on=self.day(self.closes),
            by=self.editor,
        )
        round_.refresh_from_db()
        self.add_questions(round_, version)
        self.add_methods(round_)
        for document in facts["documents"]:
            preparing.document_add(
                consultation=consultation,
                title=document["title"],
                kind=document["kind"],
                file=ContentFile(document["text"].encode(), name="document.txt"),
                by=self.editor,
                now=self.moment(self.plan.announced - 1),
            )
        return self.announce(round_, self.plan.announced)

    def announce(self, round_: Round, day: int) -> Round:
        """Have the editor ask, and the approver confirm an hour later."""
        request = confirming.request_ask(
            round=round_, act="announce", by=self.editor, now=self.moment(day, 9)
        )
        confirming.request_confirm(
            request=request, by=self.approver, now=self.moment(day)
        )
        return Round.objects.select_related("consultation", "version").get(pk=round_.pk)

    def add_questions(self, round_: Round, version: DraftVersion) -> None:
        for facts in self.facts["questions"]:
            labels = [f"มาตรา {label}" for label in facts["sections"]]
            preparing.question_save(
                round=round_,
                text=facts["text"],
                text_en=facts["text_en"],
                provisions=version.provisions.filter(label__in=labels),
                by=self.editor,
            )

    def add_methods(self, round_: Round) -> None:
        for facts in self.facts["methods"]:
            preparing.method_add(
                round=round_, code=facts["code"], detail=facts["detail"], by=self.editor
            )

    def add_sessions(self, round_: Round) -> None:
        """Record the meetings that have been held by today."""
        for facts in self.facts["methods"]:
            session = facts.get("session")
            if session and self.plan.opens + session["day"] <= 0:
                held_on = self.day(self.plan.opens + session["day"])
                preparing.session_add(
                    round=round_,
                    method=round_.methods.filter(code=facts["code"]).first(),
                    held_on=held_on,
                    place=session["place"],
                    time=session["time"],
                    host=session["host"],
                    heads=session["heads"],
                    by=self.editor,
                )
