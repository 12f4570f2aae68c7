"""Every Thai message of the product has its English, and no catalogue is broken.

``python -m tests.test_translations`` prints what is missing, ready for a .po file.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
THAI = re.compile(r"[\u0e00-\u0e7f]")
ROOMS = ["drafts", "comments", "consultations", "search", "cms"]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
_CALL = re.compile(
    r"(?:\b(?:gettext|_)|\bngettext)\(\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
)


def python_messages() -> dict[str, str]:
    """Return Thai message -> place of the Python code."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            with path.open("rb") as file:
                for line, message, _, _ in extract("python", file, keywords=KEYWORDS):
                    parts = message if isinstance(message, tuple) else (message,)
                    text = next((p for p in parts if p and THAI.search(p)), None)
                    if text:
                        place = f"{path.relative_to(ROOT)}:{line}"
                        found.setdefault(text, place)
    return found


def template_messages() -> dict[str, str]:
    """Return Thai message -> template."""
    found: dict[str, str] = {}
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix not in {".html", ".txt"}:
            continue
        code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for literal in _CALL.findall(code):
            text = ast.literal_eval(literal)
            if THAI.search(text):
                found.setdefault(text, str(path.relative_to(ROOT)))
    return found


def translations() -> dict[str, object]:
    known: dict[str, object] = {}
    for path in sorted((ROOT / "cms" / "locale").glob("*/en/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en", abort_invalid=True):
                if message.id and not message.fuzzy:
                    key = message.id[0] if message.pluralizable else message.id
                    known[key] = message.string
    return known


def missing() -> dict[str, str]:
    known = translations()
    wanted = {**python_messages(), **template_messages()}
    return {
        text: place
        for text, place in wanted.items()
        if not known.get(text) or not any(known[text])
    }


def test_every_message_has_its_english() -> None:
    lacking = missing()
    assert not lacking, "\n".join(f"{place}: {text}" for text, place in lacking.items())


def test_translations_keep_their_placeholders() -> None:
    names = re.compile(r"%\((\w+)\)")
    for text, string in translations().items():
        english = string if isinstance(string, str) else " ".join(string)
        assert set(names.findall(english)) <= set(names.findall(text)), text


if __name__ == "__main__":
    for text, place in sorted(missing().items(), key=lambda pair: pair[1]):
        quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        print(f'#: {place}\nmsgid "{quoted}"\nmsgstr ""\n')
