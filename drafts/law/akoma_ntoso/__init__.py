"""Akoma Ntoso 1.0: write a law, read it back, check the rules of the schema."""

from drafts.law.akoma_ntoso.export import Identity, export_law, identity_of
from drafts.law.akoma_ntoso.load import import_law
from drafts.law.akoma_ntoso.names import AKN, OWN, AkomaNtosoError
from drafts.law.akoma_ntoso.rules import check

__all__ = [
    "AKN",
    "OWN",
    "AkomaNtosoError",
    "Identity",
    "check",
    "export_law",
    "identity_of",
    "import_law",
]
