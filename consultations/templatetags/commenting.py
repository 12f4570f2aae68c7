"""The comment form and the bar at the foot, for the reading pages."""

from __future__ import annotations

import uuid
from typing import Any

from django import template
from django.http import HttpRequest

from comments import promises
from comments.errors import CommentError
from comments.models import PreparedComment
from comments.preparing import Said, Subject, seen_of
from consultations.commenting import subjects, tokens
from consultations.commenting.forms import OFFERED
from consultations.commenting.subjects import Spoken
from consultations.models import Question
from consultations.reading.selectors.rounds import RoundHead
from consultations.reading.selectors.said import Said as Text
from consultations.reading.selectors.said import said as in_language
from drafts.models import Provision

register = template.Library()
#: ``{% promise "name" "what" "kept" %}``: what the table says, in the page's language.
register.simple_tag(promises.said, name="promise")


@register.inclusion_tag("consultations/commenting/_promises.html", name="promises")
def all_promises() -> dict[str, Any]:
    """Write every row of the table: notice and privacy page."""
    return {"keys": promises.TABLE, "pledges": promises.NOTICE}


def form_context(
    request: HttpRequest,
    head: RoundHead,
    spoken: Spoken,
    *,
    token: uuid.UUID | None,
    row: PreparedComment | None = None,
    typed: Said | None = None,
    problem: CommentError | None = None,
    field: str = "",
    is_saved: bool = False,
    in_place: bool = False,
) -> dict[str, Any]:
    """Return what the form's template needs; ``typed`` stands before what was kept."""
    stance = typed.stance if typed else row.stance if row else ""
    text = typed.text if typed else row.text if row else ""
    suggestion = typed.suggestion if typed else row.suggestion if row else ""
    kept = getattr(problem, "kept", None)
    return {
        "request": request,
        "head": head,
        "spoken": spoken,
        "code": spoken.code,
        "stances": OFFERED,
        "stance": stance,
        "text": text,
        "suggestion": suggestion or spoken.original,
        "is_new_wording": bool(suggestion) and suggestion != spoken.original,
        "signed": tokens.sign(head.id, token) if token else "",
        # Who was shown both texts may write over the one that stands.
        "seen": seen_of(kept) if kept else typed.seen if typed else seen_of(row),
        "kept": kept,
        "problem": problem,
        "field": field,
        "is_saved": is_saved,
        "in_place": in_place,
    }


def _spoken(head: RoundHead, provision: Any, question: Any) -> Spoken:
    """Make the subject of a model's row or of a reading page's view of it; no query."""
    if isinstance(provision, Provision):
        return subjects.of_provision(head.slug, provision)
    if isinstance(question, Question):
        return subjects.of_question(head.slug, question)
    if provision is not None:
        return Spoken(
            Subject(provision_id=provision.id),
            in_language(provision.name),
            provision.url,
            provision.text,
        )
    if question is not None:
        text = question.text
        name = text if isinstance(text, Text) else in_language(str(text))
        return Spoken(Subject(question_id=question.id), name, "")
    return subjects.of_whole(head.slug)


@register.inclusion_tag("consultations/commenting/_form.html", takes_context=True)
def comment_form(
    context: dict[str, Any],
    provision: Any = None,
    question: Any = None,
    *,
    in_place: bool = False,
) -> dict[str, Any]:
    """Show the form for one provision, one question or (neither) the whole draft.

    Needs ``request`` and ``head`` (RoundHead) in the context.  One query for somebody
    who is preparing a response, none for everybody else.
    """
    request, head = context["request"], context["head"]
    if not head.is_open:
        return {"head": None}
    spoken = _spoken(head, provision, question)
    token = tokens.token_of(request, head.id)
    row = None
    if token:
        row = PreparedComment.objects.filter(
            response__token=token, response__round=head.id, subject=spoken.code
        ).first()
    result = form_context(
        request,
        head,
        spoken,
        token=token,
        row=row,
        is_saved=row is not None,
        in_place=in_place or bool(context.get("in_place")),
    )
    result["csrf_token"] = context.get("csrf_token")
    return result


@register.inclusion_tag("consultations/commenting/_bar.html", takes_context=True)
def prepared_bar(context: dict[str, Any]) -> dict[str, Any]:
    """Show "your comments: N · check and send"; needs ``request`` and ``head``.

    One query for somebody who is preparing a response, none for everybody else.
    """
    request, head = context["request"], context.get("head")
    count = 0
    if head is not None and (token := tokens.token_of(request, head.id)):
        count = PreparedComment.objects.filter(
            response__token=token, response__round=head.id
        ).count()
    return {"head": head, "count": count}
