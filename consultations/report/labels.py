"""Thai words for every code that a report prints, as the models name them."""

from __future__ import annotations

from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext, gettext_noop

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
    "counted": gettext_noop("นับในผลการรับฟัง"),
    "late": gettext_noop("ส่งหลังปิดรับ"),
    "hidden": gettext_noop("ซ่อนโดยมีเหตุ"),
    "withdrawn": gettext_noop("ผู้แสดงความคิดเห็นถอน"),
    "duplicate": gettext_noop("ส่งซ้ำ"),
}
NONE = {
    "group-none": gettext_noop("ไม่ได้เลือกกลุ่ม"),
    "province-none": gettext_noop("ไม่ได้ระบุจังหวัด"),
}


def labels() -> dict[str, str]:
    """Return facet -> its word in the language of the page."""
    pairs = {
        f"{kind}-{code}": str(label)
        for kind, choices in _KINDS.items()
        for code, label in choices.choices
    }
    pairs |= {f"state-{code}": gettext(label) for code, label in STATES.items()}
    return pairs | {code: gettext(label) for code, label in NONE.items()}


@lru_cache(maxsize=1)
def thai_labels() -> tuple[tuple[str, str], ...]:
    """Return the words in Thai: the report is in Thai whatever the page is in."""
    with translation.override("th"):
        return tuple(labels().items())
