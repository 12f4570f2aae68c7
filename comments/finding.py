"""Find comments that hold the words of a query: for lists of some thousands.

The query is cut into words by the one segmenter and all of them must be there, in any
order, so that ค่าปรับสูง also finds "สูงเกินไปสำหรับค่าปรับ"; a figure is found in Thai and
Arabic digits.  The public search has an index of its own (search/); this is for an
official who narrows a list that is on the screen.
"""

from __future__ import annotations

import re

from django.db.models import Q

from drafts.law import words
from drafts.law.numerals import arabic_digits, thai_digits

#: More words than that narrow nothing further.
MOST_WORDS = 12


def forms_of(query: str) -> list[tuple[str, ...]]:
    """Return each word of a query in the forms in which it may be written.

    A query without any word (a sign, an emoji) stands for itself.
    """
    found = dict.fromkeys(words.words(query)) or dict.fromkeys([query.strip()])
    return [
        tuple(dict.fromkeys((arabic_digits(word), thai_digits(word))))
        for word in found
        if word
    ][:MOST_WORDS]


def holds_words(query: str, prefix: str = "") -> Q:
    """Return the condition of a comment whose published words hold a query's words.

    ``prefix`` leads to the comment: ``comment__``.
    """
    condition = Q()
    for forms in forms_of(query):
        one = Q()
        for form in forms:
            one |= Q(**{f"{prefix}public_text__icontains": form})
            one |= Q(**{f"{prefix}public_suggestion__icontains": form})
        condition &= one
    return condition


def pattern_of(query: str) -> re.Pattern[str] | None:
    """Return what finds the words of a query in a text, longest first, to mark them."""
    forms = {form for word in forms_of(query) for form in word}
    if not forms:
        return None
    longest = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile(f"({'|'.join(map(re.escape, longest))})", re.IGNORECASE)
