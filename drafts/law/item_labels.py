"""Labels of items: (๑) (๑/๑) (ก) ๑) ก) ๑. ๔.๒, and what kind of list each opens."""

from __future__ import annotations

import re

from drafts.law.numerals import DIGITS, ORDINAL_PATTERN

#: Item styles, outermost first by custom; nesting itself follows the order of use.
ITEM_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "paren_number",
        re.compile(
            rf"\([ ]?{DIGITS}{{1,3}}(?:/{DIGITS}{{1,3}})?"
            rf"(?:[ ]*{ORDINAL_PATTERN}(?:/{DIGITS}{{1,3}})?)?[ ]?\)"
        ),
    ),
    ("paren_decimal", re.compile(rf"\({DIGITS}{{1,3}}(?:\.{DIGITS}{{1,3}})+\)")),
    (
        "paren_letter",
        re.compile(rf"\([ ]?[ก-ฮ](?:/{DIGITS}{{1,3}}|[ ]+{ORDINAL_PATTERN})?[ ]?\)"),
    ),
    ("paren_latin", re.compile(r"\([a-z]{1,4}\)")),
    ("half_number", re.compile(rf"{DIGITS}{{1,3}}(?:/{DIGITS}{{1,3}})?\)")),
    ("half_letter", re.compile(r"[ก-ฮ]\)")),
    ("decimal", re.compile(rf"{DIGITS}{{1,3}}(?:\.{DIGITS}{{1,3}})+\.?(?=[ \t]|$)")),
    ("dot_number", re.compile(rf"{DIGITS}{{1,3}}\.(?=[ \t]|$)")),
    ("dot_letter", re.compile(r"[ก-ฮ]\.(?=[ \t]|$)")),
)


def item_label(text: str) -> tuple[str, str] | None:
    """Give the style and the label of an item that opens ``text``, else None."""
    if (
        not text
        or text[0]
        not in "(0123456789๐๑๒๓๔๕๖๗๘๙กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
    ):
        return None
    for style, pattern in ITEM_STYLES:
        match = pattern.match(text)
        if match:
            return style, match.group()
    return None
