"""The process: agencies, consultations, rounds, notices, answers and reports."""

from consultations.models.agencies import (
    AgencyMembership,
    AgencyPage,
    OfficeOfTwo,
    Role,
)
from consultations.models.answers import (
    Decision,
    ReportStatus,
    ResponseReport,
    ThemeResponse,
)
from consultations.models.confirmations import ConfirmationRequest
from consultations.models.evidence import (
    ConsultationDocument,
    Evidence,
    HearingMethod,
    HearingSession,
    Milestone,
    Posting,
    StakeholderNotice,
)
from consultations.models.process import (
    Consultation,
    ConsultationPage,
    LegalBasis,
    Notice,
    Question,
    Round,
    StageChoices,
)

__all__ = [
    "AgencyMembership",
    "AgencyPage",
    "ConfirmationRequest",
    "Consultation",
    "ConsultationDocument",
    "ConsultationPage",
    "Decision",
    "Evidence",
    "HearingMethod",
    "HearingSession",
    "LegalBasis",
    "Milestone",
    "Notice",
    "OfficeOfTwo",
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
