"""The process: agencies, consultations, rounds, notices, answers and reports."""

from consultations.models.agencies import AgencyMembership, AgencyPage, Role
from consultations.models.answers import (
    Decision,
    ReportStatus,
    ResponseReport,
    ThemeResponse,
)
from consultations.models.process import (
    Consultation,
    ConsultationDocument,
    ConsultationPage,
    HearingMethod,
    HearingSession,
    LegalBasis,
    Milestone,
    Notice,
    Posting,
    Question,
    Round,
    StageChoices,
    StakeholderNotice,
)

__all__ = [
    "AgencyMembership",
    "AgencyPage",
    "Consultation",
    "ConsultationDocument",
    "ConsultationPage",
    "Decision",
    "HearingMethod",
    "HearingSession",
    "LegalBasis",
    "Milestone",
    "Notice",
    "Posting",
    "Question",
    "ReportStatus",
    "ResponseReport",
    "Role",
    "Round",
    "StageChoices",
    "StakeholderNotice",
    "ThemeResponse",
]
