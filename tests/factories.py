"""Rows for tests, made with the ORM alone.  Runtime code never imports this."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.text import slugify
from wagtail.models import Collection, Locale, Page, Site

from cms.models import HomePage
from comments.models import (
    Comment,
    CommentText,
    Stance,
    Status,
    Submission,
)
from consultations.models import (
    AgencyMembership,
    AgencyPage,
    Consultation,
    ConsultationPage,
    Question,
    Role,
    Round,
    StageChoices,
)
from drafts.models import DraftPage, DraftVersion, Provision, ProvisionKind

NOW = dt.datetime(2026, 11, 23, 3, 0, tzinfo=dt.UTC)  # 10:00 in Bangkok
TODAY = NOW.date()
_serial = itertools.count(1)
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_user(email: str = "", **fields: Any) -> Any:
    email = email or f"person{next(_serial)}@example.org"
    return get_user_model().objects.create_user(email, "correct horse", **fields)


def home() -> Page:
    """Return the home page; make it anew after a transactional test's flush."""
    page = HomePage.objects.first()
    if page:
        return page
    Locale.objects.get_or_create(language_code="th")
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root")
    page = root.add_child(instance=HomePage(title="รับฟัง", slug="home"))
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "port": 80, "root_page": page},
    )
    return page


def make_agency(title: str = "กรมทดสอบ") -> AgencyPage:
    page = AgencyPage(title=title, slug=f"agency-{next(_serial)}")
    return home().add_child(instance=page)


def make_member(agency: AgencyPage, role: Role, **fields: Any) -> Any:
    if role == Role.APPROVER:  # who signs needs a name
        fields.setdefault("first_name", f"ผู้อนุมัติ {next(_serial)}")
    user = make_user(**fields)
    AgencyMembership.objects.create(
        user=user, agency=agency, role=role, position="ตำแหน่งทดสอบ"
    )
    return user


def make_draft(agency: AgencyPage, title: str = "ร่างพระราชบัญญัติทดสอบ") -> DraftPage:
    page = DraftPage(title=title[:200], law_title=title, slug=f"draft-{next(_serial)}")
    return agency.add_child(instance=page)


def make_version(draft: DraftPage, sections: int = 5, **fields: Any) -> DraftVersion:
    """Freeze a version of ``sections`` short sections in chapters of twenty."""
    revision = draft.save_revision()
    version = DraftVersion.objects.create(
        draft=draft,
        number=draft.versions.count() + 1,
        revision=revision,
        title=draft.law_title,
        law_kind="act",
        sha256=sha256(draft.law_title),
        frozen_at=NOW,
        **fields,
    )
    rows = []
    for n in range(1, sections + 1):
        if sections > 20 and n % 20 == 1:
            chapter = n // 20 + 1
            rows.append(
                Provision(
                    version=version,
                    order=len(rows) + 1,
                    kind=ProvisionKind.DIVISION,
                    subkind="chapter",
                    eid=f"chp_{chapter}",
                    label=f"หมวด {chapter}".translate(THAI),
                    heading="หมวดทดสอบ",
                    sha256=sha256(""),
                )
            )
        text = f"ผู้ใดประสงค์จะทดสอบข้อที่ {n} ให้ยื่นคำขอต่อนายทะเบียนภายในสามสิบวัน"
        text = text.translate(THAI)
        rows.append(
            Provision(
                version=version,
                order=len(rows) + 1,
                kind=ProvisionKind.SECTION,
                eid=f"sec_{n}",
                label=f"มาตรา {n}".translate(THAI),
                number=[n, 0, 0, 0],
                text=text,
                paragraphs=[{"eid": f"sec_{n}__para_1", "text": text, "items": []}],
                sha256=sha256(text),
            )
        )
    Provision.objects.bulk_create(rows)
    DraftVersion.objects.filter(pk=version.pk).update(sealed=True)
    version.refresh_from_db()
    return version


def make_round(
    agency: AgencyPage | None = None,
    *,
    sections: int = 5,
    stage: str = StageChoices.OPEN,
    opens_on: dt.date | None = None,
    closes_on: dt.date | None = None,
    questions: int = 1,
    **fields: Any,
) -> Round:
    """Make a consultation with one public round, open at ``NOW`` unless told."""
    agency = agency or make_agency()
    title = fields.pop("title", "การรับฟังความคิดเห็นต่อร่างพระราชบัญญัติทดสอบ")
    draft = make_draft(agency)
    version = make_version(draft, sections)
    slug = fields.pop("slug", "") or slugify(f"consultation-{next(_serial)}")
    page = agency.add_child(
        instance=ConsultationPage(
            title=title[:200], slug=slug, headline="ประโยคเดียวที่บอกว่าเรื่องอะไร"
        )
    )
    consultation = Consultation.objects.create(
        page=page,
        agency=agency,
        draft=draft,
        slug=slug,
        title=title,
        created_at=NOW,
        **fields,
    )
    opens_on = opens_on or TODAY - dt.timedelta(days=5)
    closes_on = closes_on or TODAY + dt.timedelta(days=10)
    round_ = Round.objects.create(
        consultation=consultation,
        version=version,
        stage=stage,
        announced_on=opens_on,
        opens_on=opens_on,
        closes_on=closes_on,
    )
    for number in range(1, questions + 1):
        Question.objects.create(
            round=round_,
            number=number,
            text=f"ท่านเห็นด้วยกับหลักการข้อที่ {number} หรือไม่",
        )
    return round_


def make_comments(
    round_: Round,
    texts: list[str],
    *,
    provision: Provision | None = None,
    stance: str = Stance.DISAGREE,
    status: str = Status.PUBLISHED,
    **fields: Any,
) -> list[Comment]:
    """Put comments straight into the tables, one submission each, no tallies.

    On the first section, unless a provision, question or whole_draft is given.
    """
    if not (provision or fields.keys() & {"question", "whole_draft"}):
        provision = round_.version.provisions.filter(kind="section").first()
    submissions = Submission.objects.bulk_create(
        [
            Submission(
                round=round_,
                receipt=f"RF-{uuid.uuid4().hex[:16].upper()}",
                client_token=uuid.uuid4(),
                received_at=NOW,
                sha256=sha256(text),
            )
            for text in texts
        ]
    )
    comments = Comment.objects.bulk_create(
        [
            Comment(
                submission=submission,
                round=round_,
                provision=provision,
                stance=stance,
                status=status,
                public_id=uuid.uuid4().hex[:12],
                public_text=text,
                public_sha256=sha256(text),
                received_at=NOW,
                **fields,
            )
            for submission, text in zip(submissions, texts, strict=True)
        ]
    )
    CommentText.objects.bulk_create(
        [
            CommentText(
                comment=comment,
                kind=CommentText.Kind.TYPED,
                text=comment.public_text,
                sha256=comment.public_sha256,
                created_at=NOW,
            )
            for comment in comments
        ]
    )
    return comments
