"""Thai words for every code that a report prints, as the models name them."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation

from comments.models import (
    Bucket,
    Capacity,
    Channel,
    Ground,
    IdentityLevel,
    Stance,
    Status,
)
from consultations.models import ConsultationDocument, HearingMethod, Posting

_KINDS = {
    "stance": Stance,
    "channel": Channel,
    "capacity": Capacity,
    "identity": IdentityLevel,
    "ground": Ground,
    "bucket": Bucket,
    "status": Status,
    "posting": Posting.Channel,
    "method": HearingMethod.Code,
    "document": ConsultationDocument.Kind,
}
STATES = {
    "counted": "นับในผลการรับฟัง",
    "late": "ส่งหลังปิดรับ",
    "hidden": "ซ่อนโดยมีเหตุ",
    "withdrawn": "ผู้แสดงความคิดเห็นถอน",
    "duplicate": "ส่งซ้ำ",
}


@lru_cache(maxsize=1)
def thai_labels() -> tuple[tuple[str, str], ...]:
    """Return (facet, Thai) of every code; the report is in Thai whatever the page."""
    with translation.override("th"):
        pairs = [
            (f"{kind}-{code}", str(label))
            for kind, choices in _KINDS.items()
            for code, label in choices.choices
        ]
    pairs += [(f"state-{code}", label) for code, label in STATES.items()]
    pairs += [("group-none", "ไม่ได้เลือกกลุ่ม"), ("province-none", "ไม่ได้ระบุจังหวัด")]
    return tuple(pairs)
