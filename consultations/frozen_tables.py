"""What of this app the database refuses to change (see drafts/frozen.py)."""

from drafts.frozen import FrozenTable

FROZEN = [
    FrozenTable("consultations_responsereport", when="OLD.status = 'published'"),
    FrozenTable("consultations_posting"),
]
