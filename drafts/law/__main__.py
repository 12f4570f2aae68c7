"""Print what the parser finds in a file: ``python -m drafts.law FILE [--json]``.

Without ``--json``: the outline and the warnings for a person, in Thai.  With it: one
JSON object.  Needs no database and no settings.  Exit status 0 when the file was read,
2 when it could not be (the reason goes to standard error).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from drafts.law.outline import outline, to_json
from drafts.law.readers import ReaderError, read_law


def main(arguments: list[str] | None = None) -> int:
    """Run the command; give the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m drafts.law", description="อ่านร่างกฎหมายและแสดงโครงสร้างที่พบ"
    )
    parser.add_argument("file", type=Path, help="ไฟล์ TXT DOCX ODT PDF HTML หรือ XML")
    parser.add_argument("--json", action="store_true", help="พิมพ์ผลเป็น JSON")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8")
    try:
        data = options.file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"เปิดไฟล์ {options.file} ไม่ได้: {error.strerror}\n")
        return 2
    try:
        law = read_law(data, options.file.name)
    except ReaderError as error:
        sys.stderr.write(f"{error.message_th} ({error.code})\n")
        return 2
    if options.json:
        json.dump(to_json(law), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(outline(law))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
