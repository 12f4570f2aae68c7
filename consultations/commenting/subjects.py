"""What can be spoken on in a round, by the code that forms carry: p12, q3, whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from comments.preparing import Subject
from consultations.models import Question, Round
from consultations.reading.selectors.said import Said as Text
from consultations.reading.selectors.said import said
from drafts.models import Provision
from drafts.requests import read_number
from drafts.target_clauses import full_name


@dataclass(frozen=True, slots=True)
class Spoken:
    """A subject with its name, its page and the wording that may be proposed anew."""

    subject: Subject
    name: Text
    url: str
    original: str = ""
    order: int = 0

    @property
    def code(self) -> str:
        return self.subject.code


def of_provision(slug: str, provision: Provision, version: int = 0) -> Spoken:
    """Name a provision; ``version`` asks for its address in that version for ever."""
    place = [slug, version, provision.eid] if version else [slug, provision.eid]
    page = "provision_version" if version else "provision"
    facts = (provision.kind, provision.label, provision.heading, provision.eid)
    return Spoken(
        Subject(provision_id=provision.pk),
        said(full_name(*facts)),
        reverse(f"consultations:{page}", args=place),
        provision.text,
        provision.order,
    )


def of_question(slug: str, question: Question) -> Spoken:
    return Spoken(
        Subject(question_id=question.pk),
        said(question.text, question.text_en),
        reverse("consultations:question", args=[slug, question.number]),
        order=question.number,
    )


def of_whole(slug: str) -> Spoken:
    return Spoken(
        Subject(),
        Text(_("ร่างทั้งฉบับ")),
        reverse("consultations:whole_draft", args=[slug]),
    )


def find_subject(round_: Round, slug: str, code: str) -> Spoken | None:
    """Return a subject of this round by its code, None if it is not of this round."""
    if code == "whole":
        return of_whole(slug)
    kind, number = code[:1], read_number(code[1:])
    if number is None:
        return None
    if kind == "p":
        provision = Provision.objects.filter(
            pk=number, version_id=round_.version_id
        ).first()
        if provision is None or not provision.can_be_commented:
            return None
        return of_provision(slug, provision)
    if kind == "q":
        question = Question.objects.filter(pk=number, round=round_).first()
        return of_question(slug, question) if question else None
    return None
