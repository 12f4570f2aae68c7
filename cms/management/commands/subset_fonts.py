"""Cut Sarabun down to the letters that the site shows and write it as a web font.

The font comes from the PyPI package fontpkg-sarabun (SIL Open Font License).  The
result stands under ``var/assets``, which staticfiles finds; without it the site shows
the Thai font of the reader's system.
"""

from __future__ import annotations

import hashlib
import logging
from importlib import resources
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from fontTools import subset

from consultations.report.thai_font import FAMILY, FILES

#: Basic Latin, Latin-1 letters, Thai, and the punctuation and arrows of the interface.
UNICODES = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x0E01, 0x0E3B),
    *range(0x0E3F, 0x0E5C),
    0x200B, 0x2010, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026,
    0x203A, 0x2192, 0x2190, 0x25CC,
]  # fmt: skip
RANGE = "U+20-7E,U+A0-FF,U+E01-E5B,U+200B-2026,U+203A,U+2190-2192,U+25CC"
LIMIT = 60_000  # bytes of both weights together


def cut(source: Path, target: Path) -> int:
    """Write the subset of one font file as WOFF2 and return its size in bytes."""
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["mark", "mkmk", "kern", "ccmp", "liga", "tnum", "locl"],
        name_IDs=[0, 1, 2, 13, 14],  # the licence stays in the file
        notdef_outline=True,
    )
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=UNICODES)
    cutter.subset(font)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


class Command(BaseCommand):
    help = "Write the Sarabun web font, Thai and Latin only, to var/assets/fonts/"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)
        folder = Path(settings.ASSETS_DIR) / "fonts"
        folder.mkdir(parents=True, exist_ok=True)
        sheet = folder / "sarabun.css"
        stamp = hashlib.sha256(
            Path(__file__).read_bytes() + FAMILY.encode()
        ).hexdigest()[:12]
        if sheet.exists() and stamp in sheet.read_text():
            self.stdout.write("web font is there already")
            return
        rules, total = [f"/* Sarabun, SIL OFL 1.1; {stamp} */"], 0
        for weight, name in FILES.items():
            source = resources.files("fontpkg_sarabun") / "files" / name
            with resources.as_file(source) as path:
                total += cut(path, folder / f"sarabun-{weight}.woff2")
            rules.append(
                f"@font-face{{font-family:{FAMILY!r};font-weight:{weight};"
                f'font-display:swap;src:url("sarabun-{weight}.woff2") format("woff2");'
                f"unicode-range:{RANGE}}}"
            )
        sheet.write_text("\n".join(rules) + "\n")
        self.stdout.write(f"web font: {total:,} bytes in {len(FILES)} files")
        if total > LIMIT:
            self.stderr.write(f"more than the {LIMIT:,} bytes allowed")
