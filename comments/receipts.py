"""Receipt numbers: unguessable, easy to read out on the telephone, never logged.

``RF-7K2M-9QXA-4TVD``: eleven random characters of 31 (54.5 bits) and a check character
(weighted sum modulo the prime 31), which catches any one wrong character and any two
neighbours that changed places.  No 0, O, I, L or U.
"""

from __future__ import annotations

import logging
import re
import secrets

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 12
_FOLD = str.maketrans({"I": "1", "L": "1"})
_PATH = re.compile(r"(/receipts/)[^/\s?\"']+")


def _check(body: str) -> str:
    """Return the character that makes the weighted sum of all twelve zero."""
    total = sum(
        ALPHABET.index(character) * weight
        for weight, character in enumerate(body, start=2)
    )
    return ALPHABET[-total % len(ALPHABET)]


def receipt_number() -> str:
    """Make a new receipt number from the system's source of randomness."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    whole = body + _check(body)
    return "RF-" + "-".join(whole[n : n + 4] for n in range(0, _LENGTH, 4))


def read_receipt(typed: str) -> str:
    """Return a typed number in its one form; "" where it cannot be a receipt number.

    Small letters, spaces, missing dashes or prefix and I or L for 1 are forgiven; a
    wrong check character is not.
    """
    bare = re.sub(r"[\s‐-―-]", "", typed).upper().removeprefix("RF")
    bare = bare.translate(_FOLD)
    if len(bare) != _LENGTH or set(bare) - set(ALPHABET):
        return ""
    if _check(bare[:-1]) != bare[-1]:
        return ""
    return "RF-" + "-".join(bare[n : n + 4] for n in range(0, _LENGTH, 4))


class MaskReceipts(logging.Filter):
    """Take receipt numbers out of the addresses that a logger is about to write."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/receipts/" in message:
            record.msg, record.args = _PATH.sub(r"\1…", message), ()
        return True
