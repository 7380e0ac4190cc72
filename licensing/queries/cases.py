"""Cases as people may see them. Every page, download and export starts from `visible` (DESIGN §3 "Competence")."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.ledger.queries import TimelineRow, timeline
from core.parties.competence import Standing
from core.parties.models import Duty, Membership
from core.workdays.clock import ClockView
from core.workdays.queries import calendar_book
from licensing.actions.act import SUBJECT
from licensing.clock import clock_of
from licensing.commitment import letter_hash
from licensing.lifecycle import INSIDE, Status
from licensing.models import Application, ApplicationDocument, Evidence, HeldDecision
from licensing.queries.clock import ClockEvents, clock_events
from licensing.queries.hands import seen_by, to_take_over
from licensing.verdict_words import Said, said_of_case

_KIND = Duty.Kind
UNTOLD = frozenset(f"licensing.{act}" for act in INSIDE)


def visible(standing: Standing) -> QuerySet[Application]:
    """The cases a person may open on the day of `standing` (DOMAIN §8); nobody sees another enterprise's draft.

    Enterprise: its own, save drafts of people who only claim to act for it; a claimant: drafts of his own
    (R-88). Clerks, approvers, heads, auditors: filed cases their authority files, handles or
    decides; heads also what is under review at theirs. Reviewers: cases under review at their authority that are
    theirs or nobody's yet, or that they may take over from somebody away.
    """
    own = own_cases_of(standing)
    desks = standing.authorities(_KIND.ACCEPTANCE, _KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT)
    territory = (
        Q(filing_authority_id__in=desks)
        | Q(deciding_authority_id__in=desks)
        | Q(acceptance_authority_id__in=desks)
        | Q(approval_authority_id__in=desks)
    )
    review = Q(review_authority_id__in=standing.authorities(_KIND.REVIEW), accepted_on__isnull=False) & (
        Q(reviewer_id=standing.user_id)
        | Q(reviewer__isnull=True, status=Status.UNDER_REVIEW)
        | to_take_over(standing)
    ) | Q(review_authority_id__in=standing.authorities(_KIND.HEAD), accepted_on__isnull=False)
    filed = ~Q(status=Status.DRAFT)
    if standing.audits_everything or standing.is_national_admin:
        return Application.objects.filter(own | filed)
    return Application.objects.filter(own | (filed & (territory | review)))


def own_cases_of(standing: Standing) -> Q:
    """What a person sees as an applicant: the enterprise's cases, and a claimant's own drafts."""
    member_drafts = Exists(
        Membership.objects.filter(user=OuterRef("created_by"), enterprise=OuterRef("enterprise")).exclude(
            role=Membership.Role.CLAIMANT
        )
    )
    shared = ~Q(status=Status.DRAFT) | Q(member_drafts)
    return Q(enterprise_id__in=standing.enterprise_ids) & shared | Q(
        enterprise_id__in=standing.claimed_ids, status=Status.DRAFT, created_by_id=standing.user_id
    )


def find(standing: Standing, public_id: UUID | str) -> Application:
    """One visible case with what its pages show. Raises Application.DoesNotExist, for hidden and absent alike."""
    return (
        seen_by(visible(standing), standing)
        .select_related(
            "enterprise",
            "category",
            "filing_authority",
            "deciding_authority",
            "acceptance_authority",
            "review_authority",
            "approval_authority",
            "clerk",
            "reviewer",
            "approver",
            "decision",
            "acceptance_refusal__right_authority",
            "not_required",
            "correction",
            "forwarded_from",
            "forwarded_to",
            "licence",
            "commitment",
            "held_decision__made_by",
            "decision__standing_order",
        )
        .get(public_id=public_id)
    )


@dataclass(frozen=True)
class CaseView:
    """Everything on a case page; `inside` when its reader is an official who has no part in the enterprise (R-47)."""

    application: Application
    documents: tuple[ApplicationDocument, ...]
    evidence: dict[str, Evidence]
    clock: ClockView | None
    timeline: tuple[TimelineRow, ...]
    evidence_open: bool
    inside: bool
    events: ClockEvents
    held: HeldDecision | None = None

    @property
    def letter_intact(self) -> bool:
        """Whether the letter is what was signed: its hash, computed anew, is the one kept (R-28)."""
        signed = self.application.commitment
        anew = letter_hash(
            version=signed.text_version, text=signed.text, signer=signed.signer, signed_at=signed.signed_at
        )
        return bool(anew == signed.sha256)

    @property
    def said(self) -> list[Said]:
        """Both tracks in words; empty for a kind without them."""
        return said_of_case(self.evidence.values())


def case_view(application: Application, standing: Standing, today: date) -> CaseView:
    """The case page in a constant number of queries. Officials see who acted, applicants the organisation (R-47)."""
    own = application.enterprise_id in standing.interests
    inside = standing.is_official and not own
    acts = timeline(SUBJECT, str(application.public_id), personal=inside)
    return CaseView(
        application=application,
        documents=tuple(application.documents.select_related("file__blob").order_by("id")),
        evidence={
            row.track: row for row in application.evidence.select_related("document__blob").order_by("id")
        },
        clock=clock_of(application, today, calendar_book()),
        timeline=tuple(row for row in acts if inside or row.act not in UNTOLD),
        evidence_open=may_read_evidence(standing, application),
        inside=inside,
        events=clock_events(application),
        held=getattr(application, "held_decision", None) if inside else None,
    )


def may_read_evidence(standing: Standing, application: Application) -> bool:
    """Whether the papers of the review are open to this person: not to the clerk of acceptance (DOMAIN §8)."""
    authorities = {
        application.filing_authority_id, application.deciding_authority_id, application.approval_authority_id,
    }  # fmt: skip
    return (
        application.enterprise_id in standing.enterprise_ids
        or standing.is_national_admin
        or standing.audits_everything
        or (application.reviewer_id is not None and application.reviewer_id == standing.user_id)
        or standing.holds(_KIND.REVIEW, application.review_authority_id)
        or bool(authorities & standing.authorities(_KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT))
    )


def may_read_certificate(standing: Standing, application: Application) -> bool:
    """Whether the signed certificate is open to this person (DOMAIN §8): the holder, who approves, who audits.

    The desks of acceptance and review need it for nothing, and the public looks the licence up in the register.
    """
    authorities = {
        application.filing_authority_id, application.deciding_authority_id, application.approval_authority_id,
    }  # fmt: skip
    return (
        application.enterprise_id in standing.enterprise_ids
        or standing.audits_everything
        or bool(authorities & standing.authorities(_KIND.APPROVAL, _KIND.HEAD, _KIND.AUDIT))
    )


def documents_of(standing: Standing, public_id: UUID | str) -> QuerySet[ApplicationDocument]:
    """Documents of a visible case."""
    return ApplicationDocument.objects.filter(
        application__in=visible(standing), application__public_id=public_id
    ).select_related("file__blob")
