"""What people said, and the themes found in it."""

from comments.models.blind_audit import (
    AuditCode,
    AuditCoder,
    AuditFinish,
    AuditItem,
    BlindAudit,
)
from comments.models.moderation import Ground, LedgerEntry, ModerationEvent
from comments.models.preparing import PreparedComment, PreparedResponse
from comments.models.received import (
    ORGANISATIONS,
    Attachment,
    Capacity,
    Channel,
    Comment,
    CommentText,
    IdentityLevel,
    Publication,
    Respondent,
    Stance,
    Status,
    Submission,
    Tally,
)
from comments.models.themes import (
    Bucket,
    CandidateAssignment,
    CandidateTheme,
    DuplicateGroup,
    Source,
    Theme,
    ThemeAssignment,
    ThemeEvent,
    ThemeRun,
)
from comments.models.themes_memory import ThemeVector
from comments.models.workbench import WorkNote

__all__ = [
    "ORGANISATIONS",
    "Attachment",
    "AuditCode",
    "AuditCoder",
    "AuditFinish",
    "AuditItem",
    "BlindAudit",
    "Bucket",
    "CandidateAssignment",
    "CandidateTheme",
    "Capacity",
    "Channel",
    "Comment",
    "CommentText",
    "DuplicateGroup",
    "Ground",
    "IdentityLevel",
    "LedgerEntry",
    "ModerationEvent",
    "PreparedComment",
    "PreparedResponse",
    "Publication",
    "Respondent",
    "Source",
    "Stance",
    "Status",
    "Submission",
    "Tally",
    "Theme",
    "ThemeAssignment",
    "ThemeEvent",
    "ThemeRun",
    "ThemeVector",
    "WorkNote",
]
