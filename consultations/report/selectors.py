"""What the results pages show: reports and lists of comments."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comments.models import Comment
from consultations.models import ReportStatus, ResponseReport, Round
from consultations.reading.selectors.comments import CommentView, comment_views
from consultations.report.document import Members
from consultations.report.labels import STATES, labels
from consultations.report.membership import state_of
from consultations.stages import Stage
from drafts.requests import read_number
from drafts.target_clauses import full_name

PAGE_SIZE = 20


def published_reports(slug: str) -> list[ResponseReport]:
    """Return a consultation's published reports, newest first, without their text."""
    return list(
        ResponseReport.objects.filter(
            round__consultation__slug=slug, status=ReportStatus.PUBLISHED
        )
        .exclude(round__stage=Stage.DRAFT)
        .select_related("round__consultation__agency", "round__version")
        .defer("content")
        .order_by("-round__number", "-number")
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """One comment of a list, with where it stands in the report."""

    view: CommentView
    subject: str
    subject_eid: str
    question: int | None
    state: str
    state_label: str
    #: where it stands by now, if that changed after the report was made; else "".
    since_label: str = ""


@dataclass(frozen=True, slots=True)
class CommentList:
    key: str
    title: str
    total: int
    people: int
    rows: tuple[Listed, ...]
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def older(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def newer(self) -> int | None:
        return self.page - 1 if self.page > 1 else None


_PARTS = {
    "received": gettext_noop("ได้รับทั้งหมด"),
    "distinct": gettext_noop("ไม่ซ้ำกัน"),
    "redacted": gettext_noop("ปกปิดข้อมูลส่วนบุคคล"),
    "unplaced": gettext_noop("ยังไม่ได้จัดเข้าประเด็น"),
    "themed": gettext_noop("อยู่ในประเด็น"),
    "sections": gettext_noop("รายมาตรา"),
    "anywhere": gettext_noop("ไม่ใช่รายมาตรา"),
    "whole": gettext_noop("ร่างทั้งฉบับ"),
    "said-form": gettext_noop("ผู้ให้ความเห็นเลือกจุดยืนเอง"),
    "said-cue": gettext_noop("จุดยืนเขียนชัดในข้อความนำเข้า"),
    "said-none": gettext_noop("ไม่ระบุจุดยืน"),
    **STATES,
}


def title_of(key: str, names: dict[str, str]) -> str:
    """Say in words which comments a key names."""
    return " · ".join(names.get(p) or _(_PARTS.get(p, p)) for p in key.split("~"))


def read_list(
    members: Members,
    key: str,
    *,
    round: Round,
    names: dict[str, str],
    page: str = "1",
) -> CommentList:
    """Read one page of the comments behind a number; two or three queries.

    Raises UnknownKey for a key that names no set.  A page that does not exist means the
    last one.
    """
    chosen = members.pick(key)
    pages = max(1, -(-len(chosen) // PAGE_SIZE))
    number = min(max(1, read_number(page) or 1), pages)
    shown = chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    wanted = [row.pk for row in shown]
    rows = {
        row.pk: row
        for row in Comment.objects.filter(pk__in=wanted).select_related(
            "provision", "question"
        )
    }
    views = {view.id: view for view in comment_views(rows[pk] for pk in wanted)}
    listed = []
    for member in shown:
        row = rows[member.pk]
        view = views[member.pk]
        if member.state == "late" and not view.is_late:
            view = replace(view, is_late=True)
        provision = row.provision
        now = state_of(
            row.status,
            late=member.state == "late" or row.late,
            duplicate=row.duplicate_of_id is not None,
        )
        listed.append(
            Listed(
                view=view,
                subject=full_name(
                    provision.kind, provision.label, provision.heading, provision.eid
                )
                if provision
                else "",
                subject_eid=provision.eid if provision else "",
                question=row.question.number if row.question else None,
                state=member.state,
                state_label=str(_(STATES[member.state])),
                since_label=str(_(STATES[now])) if now != member.state else "",
            )
        )
    return CommentList(
        key=key,
        title=title_of(key, names),
        total=len(chosen),
        people=members.people(key),
        rows=tuple(listed),
        page=number,
        pages=pages,
    )


def names_for(round: Round, key: str, titles: dict[int, str]) -> dict[str, str]:
    """Return the words of a key's facets: provisions, questions, themes; codes too."""
    names = labels()
    for part in key.split("~"):
        kind, _dash, value = part.partition("-")
        if kind in {"at", "in"}:
            row = round.version.provisions.filter(eid=value).first()
            if row:
                name = full_name(row.kind, row.label, row.heading, value)
                if kind == "in":
                    name = _("%(name)s รวมทุกแห่งที่แก้ไข") % {"name": name}
                names[part] = name
        elif kind == "q" and (number := read_number(value)) is not None:
            names[part] = _("คำถามที่ %(number)s") % {"number": number}
        elif kind == "theme":
            names[part] = titles.get(read_number(value) or 0) or part
    return names
