"""Words of a draft that section 77 paragraph 3 wants reasons for.

A permit, a committee, a criminal penalty or a discretion that the draft creates while
the published information says "ไม่มี" is worth a warning.  Only plain formulas of
drafting are looked for: a warning is for a person to read, not a verdict.
"""

from __future__ import annotations

import re

TERMS: dict[str, re.Pattern[str]] = {
    "permit": re.compile(r"ต้องได้รับอนุญาต|ได้รับใบอนุญาต|ผู้รับใบอนุญาต|เว้นแต่จะได้รับอนุญาต"),
    "committee": re.compile(r"ให้มีคณะกรรมการ"),
    "criminal": re.compile(r"ต้องระวางโทษจำคุก|ระวางโทษจำคุก"),
    "discretion": re.compile(r"ตามที่เห็นสมควร|ตามที่เห็นเหมาะสม|เมื่อเห็นสมควร"),
}

#: How people write "there is none" in an information item.
NONE_WORDS = re.compile(r"^\s*(ไม่มี(ครับ|ค่ะ)?|-|–|none|n/a)\s*[.。]?\s*$", re.I)


def terms_in(text: str) -> frozenset[str]:
    """Return which kinds of terms a draft's text holds."""
    return frozenset(name for name, found in TERMS.items() if found.search(text))


def says_none(text: str) -> bool:
    """Tell whether an information item says that there is none."""
    return bool(NONE_WORDS.match(text))
