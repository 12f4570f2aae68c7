"""What the public may find, and only that.

A comment is here only while it is published and its round is public; what was
withheld, hidden or withdrawn never reaches an index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet

from comments.models import CandidateAssignment, Comment, Status
from consultations.models import (
    Consultation,
    ReportStatus,
    ResponseReport,
    Round,
    StageChoices,
)
from drafts import clock
from drafts.models import Provision, ProvisionKind
from search.analysis import index_tokens
from search.backends.base import Document

KINDS = ("consultation", "provision", "comment", "report")
CHUNK = 2000
_PUBLIC_ROUNDS = Round.objects.exclude(stage=StageChoices.DRAFT)


def consultations() -> QuerySet[Consultation]:
    public = _PUBLIC_ROUNDS.filter(consultation=OuterRef("pk"))
    return Consultation.objects.filter(Exists(public)).select_related("page", "agency")


def provisions() -> QuerySet[Provision]:
    public = _PUBLIC_ROUNDS.filter(version=OuterRef("version"))
    return Provision.objects.filter(Exists(public)).exclude(kind=ProvisionKind.DIVISION)


def comments() -> QuerySet[Comment]:
    return (
        Comment.objects.filter(status=Status.PUBLISHED)
        .filter(~Q(public_text="") | ~Q(public_suggestion=""))
        .exclude(round__stage=StageChoices.DRAFT)
        .select_related("round__consultation__agency", "provision", "question")
    )


def reports() -> QuerySet[ResponseReport]:
    return ResponseReport.objects.filter(status=ReportStatus.PUBLISHED).select_related(
        "round__consultation__agency"
    )


SOURCES = {
    "consultation": consultations,
    "provision": provisions,
    "comment": comments,
    "report": reports,
}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def _consultation(one: Consultation) -> Document:
    page = one.page
    body = "\n".join(
        part
        for part in (
            page.headline,
            page.summary,
            page.affected,
            page.changes_from_today,
            one.title_en,
            page.headline_en,
            page.summary_en,
            one.agency.title,
        )
        if part
    )
    return Document(
        key=f"consultation:{one.pk}",
        kind="consultation",
        title=one.title,
        body=body,
        consultation=one.slug,
        agency=one.agency.slug,
        date=None,
        view="consultations:overview",
        arguments={"slug": one.slug},
        digest=_digest(one.title, body, one.slug, one.agency.slug),
    )


def _rounds_of_versions(version_ids: Iterable[int]) -> dict[int, Round]:
    """Return the newest public round of each version."""
    rounds = _PUBLIC_ROUNDS.filter(version_id__in=set(version_ids)).select_related(
        "consultation__agency", "version"
    )
    return {round_.version_id: round_ for round_ in rounds.order_by("number")}


def _provision(one: Provision, round_: Round) -> Document:
    consultation = round_.consultation
    title = " ".join(part for part in (one.label, one.heading) if part)
    title = f"{title} {round_.version.title}".strip()
    return Document(
        key=f"provision:{one.pk}",
        kind="provision",
        title=title,
        body=one.text,
        consultation=consultation.slug,
        agency=consultation.agency.slug,
        date=round_.opens_on,
        view="consultations:provision_version",
        arguments={
            "slug": consultation.slug,
            "number": str(round_.version.number),
            "eid": one.eid,
        },
        digest=_digest(title, one.sha256, consultation.slug),
        section=one.eid,
    )


def _campaigns(comment_ids: Iterable[int]) -> dict[int, str]:
    """Return the fold of each comment that its round's current run found to be a near
    copy of others."""
    rows = CandidateAssignment.objects.filter(
        comment__in=list(comment_ids), duplicates__isnull=False, run__is_current=True
    )
    pairs = rows.values_list("comment_id", "duplicates_id")
    return {comment: f"campaign:{group}" for comment, group in pairs}


def _comment(one: Comment, campaign: str) -> Document:
    consultation = one.round.consultation
    subject = one.provision or one.question
    title = f"{subject} {consultation.title}" if subject else consultation.title
    body = "\n".join(part for part in (one.public_text, one.public_suggestion) if part)
    # Before any run, copies are known by their words alone.
    fold = campaign or f"text:{_digest(consultation.slug, *index_tokens(body))}"
    return Document(
        key=f"comment:{one.pk}",
        kind="comment",
        title=title,
        body=body,
        consultation=consultation.slug,
        agency=consultation.agency.slug,
        date=clock.local_date(one.received_at),
        view="consultations:comment",
        arguments={"public_id": one.public_id},
        digest=_digest(title, body, fold),
        fold=fold,
    )


def _report(one: ResponseReport) -> Document:
    consultation = one.round.consultation
    themes = one.round.themes.filter(status="approved").select_related("response")
    lines = [one.summary, one.next_steps]
    for theme in themes:
        lines.append(theme.title)
        if response := getattr(theme, "response", None):
            lines += [response.reply, response.reason]
    body = "\n".join(line for line in lines if line)
    return Document(
        key=f"report:{one.pk}",
        kind="report",
        title=consultation.title,
        body=body,
        consultation=consultation.slug,
        agency=consultation.agency.slug,
        date=clock.local_date(one.published_at) if one.published_at else None,
        view="consultations:results",
        arguments={"slug": consultation.slug},
        digest=_digest(consultation.title, body, one.sha256),
    )


def of(kind: str, ids: Iterable[int] | None = None) -> Iterator[Document]:
    """Yield the public documents of a kind in order of id; all, or those of ``ids``.

    An id that is not public (any more) yields nothing.  Memory stays bounded.
    """
    queryset = SOURCES[kind]().order_by("pk")
    if ids is not None:
        queryset = queryset.filter(pk__in=list(ids))
    last = 0
    while chunk := list(queryset.filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        if kind == "provision":
            rounds = _rounds_of_versions(one.version_id for one in chunk)
            yield from (_provision(one, rounds[one.version_id]) for one in chunk)
        elif kind == "comment":
            campaigns = _campaigns(one.pk for one in chunk)
            yield from (_comment(one, campaigns.get(one.pk, "")) for one in chunk)
        else:
            make = {"consultation": _consultation, "report": _report}[kind]
            yield from map(make, chunk)


def still_public(documents: Iterable[Document]) -> list[Document]:
    """Drop comments that were hidden or withdrawn since they were indexed.

    The index may lag behind; what readers see may not.  At most one query.
    """
    documents = list(documents)
    ids = [int(one.key.split(":")[1]) for one in documents if one.kind == "comment"]
    if not ids:
        return documents
    public = set(
        Comment.objects.filter(pk__in=ids, status=Status.PUBLISHED).values_list(
            "pk", flat=True
        )
    )
    return [
        one
        for one in documents
        if one.kind != "comment" or int(one.key.split(":")[1]) in public
    ]
