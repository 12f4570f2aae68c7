"""All comments of a round as rows of a table, for XLSX and CSV.

No name but the one the person chose to publish, no text that is not published, never a
receipt number; no province, group or capacity of a person beside a text, and the day it
came, not the minute: together they tell who wrote.  An organisation that is named has
its kind beside its name.  One streamed query and a few small ones, whatever the size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from comments import promises
from comments.models import Comment, Status
from consultations.models import Round
from consultations.report.document import Member, Members
from consultations.report.document.members import facet
from consultations.report.labels import STATES, thai_labels
from drafts.models import Provision
from drafts.target_clauses import full_name

HEAD = (
    "ลำดับ",
    "รหัสความเห็น",
    "วันที่ได้รับ",
    "การนับ",
    "สถานะการเผยแพร่",
    "เหตุที่ซ่อน",
    "เรื่อง",
    "จุดยืน",
    "ที่มาของจุดยืน",
    "ประเด็น",
    "ข้อความ",
    "ถ้อยคำที่เสนอ",
    "ชื่อที่เผยแพร่",
    "ชนิดองค์กรที่เปิดเผยชื่อ",
    "ช่องทาง",
    "กลุ่มข้อความคล้ายกัน",
    "SHA-256 ของข้อความ",
)
CHUNK = 2_000
_SOURCES = {"form": "ผู้ให้ความเห็นเลือก", "cue": "ระบุชัดในข้อความ", "none": "ไม่ระบุ"}
_FIELDS = (
    "pk",
    "status",
    "stance_source",
    "public_text",
    "public_suggestion",
    "public_name",
    "public_kind",
    "public_sha256",
    "received_at",
)


def _moment(received_at: dt.datetime) -> str:
    shown = promises.moment_shown(received_at)
    return f"{shown:%Y-%m-%d %H:%M}" if isinstance(shown, dt.datetime) else str(shown)


def _beside(row: Member, kind: str, labels: dict[str, str]) -> str:
    def word_of(key: str) -> str:
        return labels.get(facet(key, getattr(row, key)), getattr(row, key))

    return promises.beside(labels[facet("capacity", kind)] if kind else "", word_of)


def comment_rows(
    round: Round, members: Members, themes: dict[int, str]
) -> Iterator[list[str | int]]:
    """Yield one row of ``HEAD`` per comment received, in the order of receipt.

    ``members`` are those the report counted: a comment that came later is left out, so
    that the file and the report always have the same number of comments.
    """
    labels = dict(thai_labels())
    names = {
        f"at-{eid}": full_name(kind, label, heading, eid)
        for kind, label, heading, eid in Provision.objects.filter(
            version_id=round.version_id
        ).values_list("kind", "label", "heading", "eid")
    }
    names["whole"] = "ร่างทั้งฉบับ"
    rows = (
        Comment.objects.filter(round=round).order_by("pk").values_list(*_FIELDS)
    ).iterator(chunk_size=CHUNK)
    number, waiting = 0, iter(members.rows)
    row = next(waiting, None)
    for pk, status, source, text, suggestion, name, kind, digest, received_at in rows:
        if row is None or pk != row.pk:
            continue
        number += 1
        shown = status == Status.PUBLISHED
        place = themes.get(row.theme, "") if row.theme else ""
        if not place and row.bucket:
            place = labels[facet("bucket", row.bucket)]
        subject = names.get(row.subject)
        if subject is None:
            about, _, value = row.subject.partition("-")
            subject = f"คำถามที่ {value}" if about == "q" else value
        yield [
            number,
            row.public_id,
            _moment(received_at),
            STATES[row.state],
            labels[facet("status", status)],
            labels.get(facet("ground", row.ground), row.ground),
            subject,
            labels[facet("stance", row.stance)],
            _SOURCES.get(row.said or source, source),
            place,
            text if shown else "",
            suggestion if shown else "",
            name if shown else "",
            _beside(row, kind, labels) if shown else "",
            labels[facet("channel", row.channel)],
            row.copies or "",
            digest if shown else "",
        ]
        row = next(waiting, None)
