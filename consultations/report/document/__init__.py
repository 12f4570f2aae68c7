"""The response report as data.  No Django: one input gives one document, always.

``members``  every comment of the round and the keys that name sets of them
``inputs``   what the collector hands over (``ReportInput``)
``blocks``   what a document is made of, and its canonical JSON
``build``    the input made into the document, heading by heading
``required`` the statutory items, each a check of a built document
"""

from consultations.report.document.blocks import (
    Bars,
    Block,
    Bullets,
    Change,
    Document,
    Number,
    Paragraph,
    Percent,
    Quote,
    Ref,
    Section,
    Table,
    canonical_json,
    from_json,
    numbers_of,
)
from consultations.report.document.build import build
from consultations.report.document.inputs import ReportInput
from consultations.report.document.members import Member, Members

__all__ = [
    "Bars",
    "Block",
    "Bullets",
    "Change",
    "Document",
    "Member",
    "Members",
    "Number",
    "Paragraph",
    "Percent",
    "Quote",
    "Ref",
    "ReportInput",
    "Section",
    "Table",
    "build",
    "canonical_json",
    "from_json",
    "numbers_of",
]
