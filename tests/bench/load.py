"""Fill a database with a consultation of any size, fast and always the same."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from django.db import connection

from comments import tallies
from comments.models import Comment, CommentText, Stance, Status, Submission
from consultations.models import Round
from tests.factories import NOW, make_round, sha256

CHUNK = 5_000
_WHO = ["คนเช่าห้อง", "เจ้าของบ้าน", "ผู้สูงอายุ", "นักศึกษา", "ร้านค้าเล็ก", "คนขับรถ"]
_WHAT = [
    "ค่าธรรมเนียมสูงเกินไปเมื่อเทียบกับรายได้",
    "ระยะเวลายื่นคำขอสั้นเกินไป คนต่างจังหวัดทำไม่ทัน",
    "ควรให้ยื่นทางออนไลน์ได้ ไม่ต้องลางาน",
    "โทษปรับเบาเกินไป ไม่มีใครกลัว",
    "นายทะเบียนใช้ดุลพินิจมากเกินไป ควรมีหลักเกณฑ์",
    "เห็นด้วยเพราะช่วยให้ตรวจสอบได้",
    "คณะกรรมการควรมีตัวแทนประชาชน",
    "ควรมีระยะเวลาปรับตัวก่อนใช้บังคับ",
]
_GROUPS = ["", "", "ผู้ค้ารายย่อย", "ผู้บริโภค"]
_PROVINCES = ["", "เชียงใหม่", "กรุงเทพมหานคร", "ขอนแก่น", "สงขลา"]
_STANCES = [Stance.AGREE, Stance.AGREE_WITH_CHANGES, Stance.DISAGREE, Stance.NO_OPINION]


def make_loaded_round(*, sections: int, comments: int, seed: int = 0) -> Round:
    """Make an open round with ``comments`` published comments on its sections."""
    chance = random.Random(seed)
    round_ = make_round(sections=sections, slug=f"load-{sections}-{comments}")
    provisions = list(
        round_.version.provisions.exclude(kind="division").values_list("pk", flat=True)
    )
    # Attention is uneven: a few sections get most of the comments.
    weights = [1 / (rank + 1) for rank in range(len(provisions))]
    for start in range(0, comments, CHUNK):
        _add(
            round_,
            start=start,
            count=min(CHUNK, comments - start),
            provisions=chance.choices(provisions, weights, k=CHUNK),
            chance=chance,
        )
    tallies.rebuild(round_.pk)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return round_


def _add(
    round_: Round,
    *,
    start: int,
    count: int,
    provisions: list[int],
    chance: random.Random,
) -> None:
    texts = [
        f"{chance.choice(_WHO)}เห็นว่า{chance.choice(_WHAT)} (ข้อที่ {start + n})"
        for n in range(count)
    ]
    moments = [NOW - dt.timedelta(seconds=start + n) for n in range(count)]
    submissions = Submission.objects.bulk_create(
        [
            Submission(
                round=round_,
                receipt=f"RF-{start + n:012}",
                client_token=uuid.UUID(int=chance.getrandbits(128)),
                group=chance.choice(_GROUPS),
                province=chance.choice(_PROVINCES),
                received_at=moments[n],
                sha256=sha256(text),
            )
            for n, text in enumerate(texts)
        ]
    )
    question = round_.questions.first()
    subjects = [
        {"whole_draft": True} if n % 50 == 7
        else {"question": question} if question and n % 20 == 3
        else {"provision_id": provision}
        for n, provision in enumerate(provisions)
    ]  # fmt: skip
    rows = Comment.objects.bulk_create(
        [
            Comment(
                submission=submission,
                round=round_,
                **subjects[n],
                stance=chance.choice(_STANCES),
                status=Status.PUBLISHED,
                public_id=f"{start + n:012x}",
                public_text=texts[n],
                public_sha256=submission.sha256,
                received_at=moments[n],
            )
            for n, submission in enumerate(submissions)
        ]
    )
    CommentText.objects.bulk_create(
        [
            CommentText(
                comment=row,
                kind=CommentText.Kind.TYPED,
                text=row.public_text,
                sha256=row.public_sha256,
                created_at=NOW,
            )
            for row in rows
        ]
    )
