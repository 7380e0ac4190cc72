"""Corrections and requests as each person may see them (DOMAIN §8 "correction of error")."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.files.models import StoredFile
from core.parties.competence import HeldDuty, Standing
from core.parties.models import Duty
from licensing.corrections.lifecycle import Asked, Status
from licensing.corrections.models import CertificateCorrection, CorrectionRequest, FormerNumber, Paper
from licensing.lifecycle import Status as CaseStatus
from licensing.models import Application, ApplicationDocument, Evidence, ProductionLicence
from licensing.queries.cases import may_read_evidence
from licensing.queries.cases import visible as visible_cases

_KIND = Duty.Kind
READERS = (_KIND.ACCEPTANCE, _KIND.REVIEW, _KIND.APPROVAL, _KIND.AUDIT)
PROPOSERS = (_KIND.ACCEPTANCE, _KIND.REVIEW)
PAGE = 30
_EVIDENCE = {"onsite": Paper.ONSITE, "testing": Paper.TESTING}
OF_REVIEW = tuple(_EVIDENCE.values())


def proposing_duty(standing: Standing, licence: ProductionLicence) -> HeldDuty | None:
    """The duty by which a person may propose: acceptance or review where the licence was issued, filed or handled."""
    home = {licence.issuing_authority_id, licence.filing_authority_id}
    mine = [duty for duty in standing.duties if duty.kind in PROPOSERS]
    if found := next((duty for duty in mine if duty.authority_id in home), None):
        return found
    if not mine:
        return None
    handled = licence.cases.exclude(status=CaseStatus.DRAFT).values_list(
        "acceptance_authority_id", "review_authority_id"
    )
    desks = {(_KIND.ACCEPTANCE.value, row[0]) for row in handled} | {
        (_KIND.REVIEW.value, row[1]) for row in handled
    }
    return next((duty for duty in mine if (duty.kind, duty.authority_id) in desks), None)


def _within_reach(standing: Standing) -> Q:
    """Licences whose corrections a person may read: of his authority, handled by it, of his enterprise; all for a
    national auditor."""
    if standing.audits_everything:
        return Q(pk__isnull=False)
    desks = standing.authorities(*READERS)
    handled = Application.objects.filter(
        Q(acceptance_authority_id__in=standing.authorities(_KIND.ACCEPTANCE))
        | Q(review_authority_id__in=standing.authorities(_KIND.REVIEW)),
        licence=OuterRef("licence"),
    ).exclude(status=CaseStatus.DRAFT)
    found = Q(licence__enterprise_id__in=standing.enterprise_ids)
    if desks:
        found |= Q(licence__issuing_authority_id__in=desks) | Q(licence__filing_authority_id__in=desks)
        found |= Q(Exists(handled))
    return found


def visible(standing: Standing) -> QuerySet[CertificateCorrection]:
    """Corrections this person may open."""
    rows = CertificateCorrection.objects.select_related(
        "licence__enterprise", "licence__issuing_authority", "request", "source_case__filing_authority", "proposed_by",
        "confirmed_by", "decided_by",
    )  # fmt: skip
    return rows.filter(_within_reach(standing))


def visible_requests(standing: Standing) -> QuerySet[CorrectionRequest]:
    """Requests this person may open."""
    rows = CorrectionRequest.objects.select_related(
        "licence__enterprise", "licence__issuing_authority", "attachment__blob", "asked_by", "answered_by"
    )
    return rows.filter(_within_reach(standing))


def find(standing: Standing, public_id: UUID | str) -> CertificateCorrection | None:
    return visible(standing).filter(public_id=public_id).first()


def find_request(standing: Standing, public_id: UUID | str) -> CorrectionRequest | None:
    return visible_requests(standing).filter(public_id=public_id).first()


@dataclass(frozen=True)
class Page:
    """One page of a list; `next_after` leads on, empty on the last."""

    rows: tuple[Any, ...]
    state: str
    next_after: str


def corrections(standing: Standing, *, state: str, after: str) -> Page:
    """Open proposals, the oldest first; with `state` = `closed` those decided, the newest first; one query."""
    closed = state == "closed"
    found = visible(standing)
    found = found.exclude(status=Status.PROPOSED) if closed else found.filter(status=Status.PROPOSED)
    return _page(found, "closed" if closed else "open", after, newest_first=closed)


def requests(standing: Standing, *, state: str, after: str) -> Page:
    """Requests to answer, the oldest first; with `state` = `all` every one, the newest first; one query."""
    every = state == "all"
    found = visible_requests(standing)
    found = found if every else found.filter(status=Asked.OPEN)
    return _page(found, "all" if every else "asked", after, newest_first=every)


def _page(found: QuerySet[Any], state: str, after: str, *, newest_first: bool) -> Page:
    if after.isascii() and after.isdecimal() and len(after) < 19:
        found = found.filter(pk__lt=int(after)) if newest_first else found.filter(pk__gt=int(after))
    page = list(found.order_by("-pk" if newest_first else "pk")[: PAGE + 1])
    more = str(page[PAGE - 1].pk) if len(page) > PAGE else ""
    return Page(tuple(page[:PAGE]), state, more)


def may_decide(standing: Standing, row: CertificateCorrection) -> bool:
    """Whether to offer the decision, by what the act itself asks."""
    return (
        row.is_open
        and standing.holds(_KIND.APPROVAL, row.licence.issuing_authority_id)
        and standing.user_id not in (row.proposed_by_id, row.confirmed_by_id)
        and row.licence.enterprise_id not in standing.interests
    )


def may_propose(standing: Standing, licence: ProductionLicence) -> bool:
    """Whether this person may propose, confirm, take back or answer for this licence."""
    return licence.enterprise_id not in standing.interests and proposing_duty(standing, licence) is not None


def is_stale(row: CertificateCorrection) -> bool:
    """Whether another act has moved the licence since."""
    return row.is_open and row.licence_version != row.licence.version


def to_decide(standing: Standing) -> int:
    """Proposals an approver can decide now; one query."""
    mine = standing.authorities(_KIND.APPROVAL)
    if not mine:
        return 0
    found = CertificateCorrection.objects.filter(
        status=Status.PROPOSED, licence__issuing_authority_id__in=mine, licence_version=F("licence__version")
    )
    found = found.exclude(licence__enterprise_id__in=standing.interests)
    return found.exclude(proposed_by_id=standing.user_id).exclude(confirmed_by_id=standing.user_id).count()


def of_desk(standing: Standing) -> Q:
    """Licences for which a person may propose, in SQL."""
    home = standing.authorities(*PROPOSERS)
    handled = Application.objects.filter(
        Q(acceptance_authority_id__in=standing.authorities(_KIND.ACCEPTANCE))
        | Q(review_authority_id__in=standing.authorities(_KIND.REVIEW)),
        licence=OuterRef("licence"),
    ).exclude(status=CaseStatus.DRAFT)
    return (
        Q(licence__issuing_authority_id__in=home)
        | Q(licence__filing_authority_id__in=home)
        | Q(Exists(handled))
    ) & ~Q(licence__enterprise_id__in=standing.interests)


def to_answer(standing: Standing) -> QuerySet[CorrectionRequest]:
    """Requests that wait at the desk of this person, the soonest due first."""
    if not standing.authorities(*PROPOSERS):
        return CorrectionRequest.objects.none()
    rows = CorrectionRequest.objects.filter(of_desk(standing), status=Asked.OPEN)
    return rows.select_related("licence").order_by("reply_due_on", "pk")


def to_confirm(standing: Standing) -> QuerySet[CertificateCorrection]:
    """Proposals of this desk on licences that have moved since."""
    if not standing.authorities(*PROPOSERS):
        return CertificateCorrection.objects.none()
    rows = CertificateCorrection.objects.filter(of_desk(standing), status=Status.PROPOSED)
    return rows.exclude(licence_version=F("licence__version")).select_related("licence").order_by("pk")


@dataclass(frozen=True)
class CasePaper:
    """One paper of a case of the licence, as a source of what is right."""

    case: Application
    paper: str

    @property
    def value(self) -> str:
        return f"{self.case.public_id}:{self.paper}"


def papers_of(standing: Standing, licence: ProductionLicence) -> list[CasePaper]:
    """The papers a person may open of the decided cases of a licence, the newest case first; three queries.

    Who may propose has handled one case or sits where the licence was issued; other cases he sees no more for it, and
    the papers of a review only with its case (DOMAIN §8).
    """
    if licence.enterprise_id in standing.interests:
        return []
    rows = visible_cases(standing).filter(licence=licence, decided_on__isnull=False)
    cases = list(rows.select_related("filing_authority").order_by("-decided_on", "-pk"))
    reviewed = [case for case in cases if may_read_evidence(standing, case)]
    slots: dict[int, list[str]] = {}
    documents = ApplicationDocument.objects.filter(application__in=cases).order_by("pk")
    for pk, slot in documents.values_list("application_id", "slot"):
        slots.setdefault(pk, []).append(slot)
    evidence = Evidence.objects.filter(application__in=reviewed, document__isnull=False).order_by("pk")
    for pk, track in evidence.values_list("application_id", "track"):
        slots.setdefault(pk, []).append(_EVIDENCE[track])
    return [CasePaper(case, paper) for case in cases for paper in slots.get(case.pk, ())]


def source_of(standing: Standing, row: CertificateCorrection) -> StoredFile | None:
    """The paper beside the comparison, for whom its case is open; None as well for one that is not in the portal."""
    case = _source_case(standing, row)
    if case is None:
        return None
    if row.source_paper in OF_REVIEW:
        found = Evidence.objects.filter(application=case, track=row.source_paper)
        held = found.select_related("document__blob").first()
        return held.document if held else None
    papers = ApplicationDocument.objects.filter(application=case, slot=row.source_paper)
    document = papers.select_related("file__blob").first()
    return document.file if document else None


def licence_numbered(number: str) -> ProductionLicence | None:
    """The licence under a number it has, or had in error; two queries at most."""
    found = ProductionLicence.objects.filter(number=number).first()
    if found is not None:
        return found
    former = FormerNumber.objects.filter(number=number).select_related("licence").first()
    return former.licence if former else None


def former_numbers(licence: ProductionLicence) -> list[str]:
    """Numbers the licence had in error, the first one first; one query."""
    return list(licence.former_numbers.order_by("pk").values_list("number", flat=True))


def panel(case: Application, viewer: Standing) -> dict[str, Any] | None:
    """On the page of a decided case: the correction under way, and the way to propose one; at most three queries."""
    licence = case.licence
    if licence is None or case.decided_on is None:
        return None
    own = licence.enterprise_id in viewer.interests
    if not own and not viewer.authorities(*READERS):
        return None
    row = visible(viewer).filter(licence=licence, status=Status.PROPOSED).first()
    offers = not own and row is None and licence.is_running and may_propose(viewer, licence)
    return {"row": row, "licence": licence, "may_propose": offers} if row or offers else None


def _source_case(standing: Standing, row: CertificateCorrection) -> Application | None:
    """The case whose paper it is, where that is open to this person.

    By the one question for cases and, for papers of the review, the one for those: a correction opens no case that is
    not open without it (DOMAIN §8). The holder's own people have the paper, and are not shown it here.
    """
    if row.source_case_id is None or row.licence.enterprise_id in standing.interests:
        return None
    case = visible_cases(standing).filter(pk=row.source_case_id).first()
    if case is None or (row.source_paper in OF_REVIEW and not may_read_evidence(standing, case)):
        return None
    return case


def own_page(standing: Standing, *, after: str) -> Page:
    """What a person's enterprises asked for, the newest first; one query."""
    found = visible_requests(standing).filter(licence__enterprise_id__in=standing.enterprise_ids)
    return _page(found, "own", after, newest_first=True)


def own_corrections(standing: Standing) -> list[CertificateCorrection]:
    """The latest corrections of the licences of a person's enterprises; one query."""
    found = visible(standing).filter(licence__enterprise_id__in=standing.enterprise_ids)
    return list(found.order_by("-pk")[:PAGE])
