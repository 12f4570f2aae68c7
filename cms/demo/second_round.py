"""The closed consultation goes on: its draft is changed as answered, and heard again.

So that a reader can follow one comment to its theme, the answer, and the words that
changed because of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cms.demo.submitting import SubmissionLoader
from consultations import services as process
from consultations.models import Consultation
from consultations.stages import opening
from drafts import clock
from drafts import services as drafts
from drafts.correction_rows import NOTES
from drafts.models import DraftPage, DraftVersion

if TYPE_CHECKING:
    from cms.demo.loading import ConsultationLoader

#: When things happen, in days from today; the window counts both ends.
FROZEN, ANNOUNCED, OPENS, DAYS = -10, -9, -4, 20


class SecondRoundLoader:
    """Freezes the revised draft and opens a round on it."""

    def __init__(self, parent: ConsultationLoader, consultation: Consultation) -> None:
        self.parent = parent
        self.consultation = consultation

    def load(self) -> None:
        parent = self.parent
        version = self.revise(self.consultation.draft)
        round_ = process.round_new(
            consultation=self.consultation,
            version=version,
            by=parent.editor,
            now=parent.moment(ANNOUNCED),
        )
        process.round_prepare(
            round=round_,
            version=version,
            opens_on=parent.day(OPENS),
            closes_on=parent.day(OPENS + DAYS - 1),
            by=parent.editor,
        )
        round_ = parent.announce(round_, ANNOUNCED)
        SubmissionLoader(
            round_=round_,
            rows=parent.content.second_round,
            opens=opening(round_.opens_on),
            moderator=parent.moderator,
        ).load()
        process.round_advance_all(now=clock.now())

    def revise(self, draft: DraftPage) -> DraftVersion:
        """Put the revised words into the blocks that are there, and freeze them.

        The blocks keep their identity and what officials wrote beside them, as when
        they edit section by section.
        """
        law = drafts.draft_read(data=self.parent.content.revised)
        blocks = drafts.blocks_of(draft.latest_revision)
        for block, revised in zip(blocks, drafts.draft_blocks(law), strict=True):
            words = revised["value"]
            block["value"] |= {name: words[name] for name in words.keys() - set(NOTES)}
        draft = draft.get_latest_revision_as_object()
        draft.body = blocks
        return drafts.version_freeze(
            draft=draft,
            revision=draft.save_revision(user=self.parent.editor, clean=False),
            reason="แก้ตามความเห็นรอบแรก เพื่อรับฟังอีกครั้ง",
            by=self.parent.editor,
            now=self.parent.moment(FROZEN),
        )
