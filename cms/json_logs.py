"""Logs as one JSON object a line, with nothing in them that names a person.

Only what is listed goes in: no request body, no query string, no user, no address of
the network.  Receipt numbers and e-mail addresses that reach a message are masked.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
from typing import Any

_MASKS = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\bRF-[0-9A-Z-]{8,}", re.I), "[receipt]"),
    (re.compile(r"(/receipts/)[^/\s\"?]+"), r"\1[receipt]"),
    (re.compile(r"(?<!\d)\d(?:[ -]?\d){12}(?!\d)"), "[13 digits]"),
    (re.compile(r"(?<!\d)0\d(?:[ -]?\d){7,8}(?!\d)"), "[phone]"),
    (re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"), "[address]"),
    (re.compile(r"\?\S*"), "?…"),
)


def mask(text: str) -> str:
    """Take out what could name a person."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text


class JsonFormatter(logging.Formatter):
    """Write time, level, logger, message, and for errors where they happened."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": mask(record.getMessage()),
        }
        status = getattr(record, "status_code", None)
        if status is not None:
            entry["status"] = status
        if record.exc_info and record.exc_info[0]:
            # The message of an exception may quote what somebody typed: leave it out.
            entry["error"] = record.exc_info[0].__name__
            trace, where = record.exc_info[2], []
            while trace:
                code = trace.tb_frame.f_code
                where.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
                trace = trace.tb_next
            entry["where"] = where
        return json.dumps(entry, ensure_ascii=False)
