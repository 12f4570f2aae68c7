"""What a comment can be called in an audit: a theme, or one of three piles.  No Django.

A code is ``t<number>`` of the audit's frozen list of themes, or a pile's own code.
``retired`` is never offered: the machine's answer was a theme that people have taken
out of use since.
"""

from __future__ import annotations

import re

PILES = ("few", "no_reason", "other")
RETIRED = "retired"


def theme_code(number: int) -> str:
    """Return the code of a theme."""
    return f"t{number}"


def theme_of(code: str) -> int:
    """Return the number of the theme that a code names, 0 for a pile."""
    found = re.fullmatch("t([0-9]{1,9})", code)
    return int(found[1]) if found else 0


def choices(numbers: list[int]) -> list[str]:
    """Return the codes that a coder may choose from: themes in order, then piles."""
    return [*(theme_code(number) for number in sorted(numbers)), *PILES]
