"""Names that writing and reading Akoma Ntoso share."""

from __future__ import annotations

from drafts.law.structure import DivisionKind

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OWN = "urn:rapfang:law:1"
#: The two namespaces as prefixes of element names.
TAG, OWN_TAG = f"{{{AKN}}}", f"{{{OWN}}}"
SOURCE = "#rapfang"
ELEMENTS = {
    DivisionKind.BOOK: "book",
    DivisionKind.PART: "part",
    DivisionKind.TITLE: "title",
    DivisionKind.CHAPTER: "chapter",
    DivisionKind.DIVISION: "division",
    DivisionKind.SUBDIVISION: "subdivision",
    DivisionKind.UNNUMBERED: "hcontainer",
}
DIVISIONS = {name: kind for kind, name in ELEMENTS.items()}
UNNUMBERED = "unnumbered"


class AkomaNtosoError(Exception):
    """An XML file that is not Akoma Ntoso as we understand it."""

    def __init__(self, message_th: str) -> None:
        super().__init__(message_th)
        self.message_th = message_th
