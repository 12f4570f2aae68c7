"""Choose quotations: from published text, one per stance at least, no campaign twice.

What an official marked as evidence comes first, then what the machine proposed and
still holds, then comments of a readable length.  Every quotation is checked against the
published text at the moment the report is made; what does not hold is left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from comments.models import Comment, Status, Theme
from consultations.report.document.inputs import Span
from consultations.report.document.members import STANCES, Member
from consultations.report.membership import Placed

PER_STANCE = 3
#: Comments fetched per theme and stance to choose from.
CANDIDATES = 5
READABLE = 160
LONGEST = 600
#: SQLite takes at most 999 parameters in old builds.
BATCH = 900


def texts_of(pks: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return pk -> (public text, suggestion) of comments that are published."""
    wanted = sorted(set(pks))
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(wanted), BATCH):
        rows = Comment.objects.filter(
            pk__in=wanted[start : start + BATCH], status=Status.PUBLISHED
        ).values_list("pk", "public_text", "public_suggestion")
        found.update((pk, (text, suggestion)) for pk, text, suggestion in rows)
    return found


def quotations(placed: Placed, themes: Iterable[Theme]) -> dict[int, tuple[Span, ...]]:
    """Return theme number -> quotations.  One query per ``BATCH`` comments read."""
    groups: dict[int, dict[str, list[Member]]] = {}
    by_pk: dict[int, Member] = {}
    for row in placed.members.rows:
        if row.theme and row.state == "counted" and row.pk in placed.lengths:
            groups.setdefault(row.theme, {}).setdefault(row.stance, []).append(row)
            by_pk[row.pk] = row
    proposed = {
        theme.number: [
            quote
            for quote in (theme.origin.quotes if theme.origin else [])
            if _theme_of(by_pk, quote) == theme.number
        ]
        for theme in themes
    }
    wanted: dict[int, list[int]] = {}
    for number, stances in groups.items():
        marked = [pk for pk in placed.evidence.get(number, []) if pk in by_pk]
        own = wanted.setdefault(number, [])
        own += marked
        own += [int(quote["comment"]) for quote in proposed.get(number, [])]
        for rows in stances.values():
            rows.sort(key=lambda r: (abs(placed.lengths[r.pk] - READABLE), r.pk))
            own += [row.pk for row in rows if row.first][:CANDIDATES]
    texts = texts_of(pk for pks in wanted.values() for pk in pks)
    return {
        number: _choose(pks, proposed.get(number, []), by_pk, texts)
        for number, pks in wanted.items()
    }


def _theme_of(by_pk: Mapping[int, Member], quote: Mapping[str, object]) -> int:
    try:
        row = by_pk.get(int(str(quote["comment"])))
    except (KeyError, ValueError):
        return 0
    return row.theme if row else 0


def _choose(pks, proposed, by_pk, texts) -> tuple[Span, ...]:
    spans = {int(quote["comment"]): quote for quote in proposed}
    taken: dict[str, list[Span]] = {}
    used: set[int] = set()
    campaigns: set[int] = set()
    for pk in pks:
        row = by_pk[pk]
        text, quote, of = _source(texts.get(pk, ("", "")), spans.get(pk))
        own = taken.setdefault(row.stance, [])
        if (
            pk in used
            or len(own) >= PER_STANCE
            or not text.strip()
            or (row.copies and row.copies in campaigns)
        ):
            continue
        start, end = _cut(text, quote)
        own.append(
            Span(
                public_id=row.public_id,
                stance=row.stance,
                text=text[start:end],
                start=start,
                end=end,
                sha256=hashlib.sha256(text.encode()).hexdigest(),
                whole=(start, end) == (0, len(text)),
                of=of,
            )
        )
        used.add(pk)
        if row.copies:
            campaigns.add(row.copies)
    return tuple(span for stance in STANCES for span in taken.get(stance, []))


def _source(
    texts: tuple[str, str], proposed: Mapping[str, object] | None
) -> tuple[str, Mapping[str, object] | None, str]:
    """Return the text to cut from, the proposal if it was cut from it, and which it is.

    The suggestion is quoted where the proposal chose it, or where there is no other.
    """
    text, suggestion = texts
    of = str(proposed.get("of", "text")) if proposed else ""
    chosen = "suggestion" if of == "suggestion" and suggestion.strip() else "text"
    if not text.strip():
        chosen = "suggestion"
    own = suggestion if chosen == "suggestion" else text
    return own, proposed if of == chosen else None, chosen


def _cut(text: str, proposed: Mapping[str, object] | None) -> tuple[int, int]:
    """Return the span to quote: the proposed one if it holds, else the beginning."""
    if proposed:
        start, end = int(str(proposed["start"])), int(str(proposed["end"]))
        right = proposed.get("sha256") in {
            None,
            hashlib.sha256(text.encode()).hexdigest(),
        }
        if right and 0 <= start < end <= len(text) and text[start:end].strip():
            return start, end
    if len(text) <= LONGEST:
        return 0, len(text)
    # Never inside a word or a cluster: at the last space before the limit.
    end = text.rfind(" ", 0, LONGEST)
    end = end if end > LONGEST // 2 else text.rfind("\n", 0, LONGEST)
    return 0, end if end > 0 else len(text)
