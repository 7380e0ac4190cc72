"""Applications, what they rest on, the decision, and the licence (DOMAIN §3, §7). Invariants stand here too."""

from licensing.models.application import (
    Application,
    ApplicationDocument,
    ApplicationUnit,
    CaseCounter,
    Commitment,
    Slot,
)
from licensing.models.clock import (
    ClockAlarm,
    ClockPause,
    DecisionLimit,
    Extension,
    PauseEnd,
    PauseGround,
)
from licensing.models.decision import (
    RUNNING,
    Decision,
    HeldDecision,
    LicenceGap,
    LicenceStatus,
    LicenceUnit,
    NumberCounter,
    ProductionLicence,
)
from licensing.models.delegation import DelegationFile
from licensing.models.deregistration import Deregistration
from licensing.models.intake import (
    AcceptanceRefusal,
    Bar,
    CorrectionItem,
    CorrectionNotice,
    Filing,
    Ground,
    NotRequired,
    ReplacementDocument,
    SupersededDocument,
)
from licensing.models.pilots import PilotSwitch
from licensing.models.policy import PolicyProfile
from licensing.models.recusal import Recusal, RecusalReason
from licensing.models.review import Evidence, Outcome, Track
from licensing.models.standing import HolderClass, OpenMatter, StandingEvidence
from licensing.models.straight import SamplingReview, StandingOrder
from licensing.models.working import CaseMessage, TypedSection

__all__ = [
    "RUNNING", "AcceptanceRefusal", "Application", "ApplicationDocument", "ApplicationUnit", "Bar", "CaseCounter",
    "CaseMessage", "ClockAlarm", "ClockPause", "Commitment", "CorrectionItem", "CorrectionNotice", "Decision",
    "DecisionLimit", "DelegationFile", "Deregistration", "Evidence", "Extension", "Filing", "Ground", "HeldDecision",
    "HolderClass", "LicenceGap", "LicenceStatus", "LicenceUnit", "NotRequired", "NumberCounter", "OpenMatter",
    "Outcome", "PauseEnd", "PauseGround", "PilotSwitch", "PolicyProfile", "ProductionLicence", "Recusal",
    "RecusalReason", "ReplacementDocument", "SamplingReview", "Slot", "StandingEvidence", "StandingOrder",
    "SupersededDocument", "Track", "TypedSection",
]  # fmt: skip
