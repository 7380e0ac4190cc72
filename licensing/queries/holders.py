"""A holder before any case: who may read what is known of it, and all of it at once (R-24, R-26, R-40; DOMAIN §8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from catalog.models import UnitVersion
from core.parties.competence import Standing
from core.parties.models import Duty, Enterprise, Level
from core.parties.queries import named
from licensing.models import Evidence, HolderClass, OpenMatter, ProductionLicence, StandingEvidence
from licensing.queries.cases import may_read_evidence, visible
from licensing.queries.terms import term_today
from licensing.queries.territory import watched, watches
from licensing.terms import TermOn

READERS = (Duty.Kind.SUPERVISION, Duty.Kind.REVIEW, Duty.Kind.APPROVAL, Duty.Kind.AUDIT)
"""Duties with which results and class of the holders of one's territory are read."""
HOLDER_READERS = (*READERS, Duty.Kind.NATIONAL_ADMIN)
"""Duties that open the page of a holder at all."""
OF_MATTERS = (Duty.Kind.SUPERVISION, Duty.Kind.APPROVAL, Duty.Kind.AUDIT)
"""Of these, the duties with which leads and measures are read too."""
PAGE = 50


def reads_all(standing: Standing) -> bool:
    """The nation: its administrators, auditors, and who reviews and decides for it, wherever the holder is."""
    return standing.is_national_admin or any(
        duty.level == Level.NATIONAL and duty.kind in READERS for duty in standing.duties
    )


def readable(standing: Standing) -> QuerySet[Enterprise]:
    """Holders whose record a person may read; nobody reads officially about an enterprise of his own."""
    rows = Enterprise.objects.all() if reads_all(standing) else watched(standing, *READERS)
    return rows.exclude(pk__in=standing.interests) if standing.interests else rows


def find_holder(standing: Standing, uscc: str) -> Enterprise | None:
    """One readable holder."""
    return readable(standing).filter(uscc=uscc).first()


def reads_matters(standing: Standing, enterprise: Enterprise) -> bool:
    """Whether what is open against a holder is shown to this person: never to whoever reviews alone, or to itself."""
    everywhere = standing.is_national_admin or any(
        duty.level == Level.NATIONAL and duty.kind in OF_MATTERS for duty in standing.duties
    )
    return enterprise.pk not in standing.interests and (
        everywhere or watches(standing, enterprise, *OF_MATTERS) is not None
    )


@dataclass(frozen=True)
class HolderList:
    rows: tuple[Enterprise, ...]
    words: str
    next_after: str


def holder_list(standing: Standing, *, words: str, after: str) -> HolderList:
    """One page by credit code, with how much there is of each; `after` is the code of the last row seen. Counting the
    open matters is for those who read them."""
    words = words.replace("\0", "").strip()[:100]
    found = readable(standing)
    if words:
        found = found.filter(Q(pk__in=named(words).values("pk")) | Q(uscc=words.upper()))
    if after.isascii() and after.isalnum() and len(after) == 18:
        found = found.filter(uscc__gt=after)
    page = list(found.order_by("uscc")[: PAGE + 1])
    ids = [row.pk for row in page[:PAGE]]
    counted = Enterprise.objects.filter(pk__in=ids).annotate(
        licence_count=Count("licences", distinct=True), result_count=Count("standing_evidence", distinct=True)
    )
    return HolderList(tuple(counted.order_by("uscc")), words, page[PAGE - 1].uscc if len(page) > PAGE else "")


@dataclass(frozen=True)
class HolderLicence:
    licence: ProductionLicence
    term: TermOn


@dataclass(frozen=True)
class HolderRecord:
    """Everything known of a holder before any case; `matters` None for who may not read them."""

    enterprise: Enterprise
    licences: tuple[HolderLicence, ...]
    spot_checks: tuple[StandingEvidence, ...]
    reports: tuple[StandingEvidence, ...]
    classes: tuple[HolderClass, ...]
    matters: tuple[OpenMatter, ...] | None

    @property
    def holder_class(self) -> HolderClass | None:
        return self.classes[0] if self.classes else None


def record_of(standing: Standing, enterprise: Enterprise, today: date) -> HolderRecord:
    """The whole record, newest first; a constant number of queries."""
    results = with_unit_names(results_of(standing, enterprise))
    licences = enterprise.licences.select_related("category").order_by("-valid_until", "pk")
    classes = enterprise.classes.select_related("authority").order_by("-valid_from", "-version")
    matters = enterprise.open_matters.select_related("authority").order_by("-pk")
    kind = StandingEvidence.Kind
    return HolderRecord(
        enterprise=enterprise,
        licences=tuple(HolderLicence(row, term_today(row, today)) for row in licences),
        spot_checks=tuple(row for row in results if row.kind == kind.SPOT_CHECK),
        reports=tuple(row for row in results if row.kind == kind.TEST_REPORT),
        classes=tuple(classes),
        matters=tuple(matters) if reads_matters(standing, enterprise) else None,
    )


def results_of(standing: Standing, enterprise: Enterprise) -> QuerySet[StandingEvidence]:
    """Results of a holder with the cases each carries, of those this person may open."""
    carried = Evidence.objects.filter(application__in=visible(standing)).select_related(
        "application__filing_authority"
    )
    rows = StandingEvidence.objects.filter(enterprise=enterprise).select_related(
        "authority", "document__blob", "superseded_by", "unit"
    )
    return rows.prefetch_related(Prefetch("carries", carried, to_attr="carried")).order_by(
        "-sampled_on", "-pk"
    )


def with_unit_names(rows: Iterable[StandingEvidence]) -> list[StandingEvidence]:
    """The results, each with the latest name of its unit in the reader's language; two queries."""
    found = list(rows)
    versions = UnitVersion.objects.filter(
        unit_id__in={row.unit_id for row in found}, valid_from__isnull=False
    )
    names = {version.unit_id: version.name for version in versions.order_by("valid_from")}
    for row in found:
        row.unit_name = names.get(row.unit_id, row.unit.key)  # type: ignore[attr-defined]
    return found


def find_result(standing: Standing, public_id: UUID | str) -> StandingEvidence | None:
    """One result: of a readable holder, of one's own enterprise, or what a case rests on that one may open,
    with the papers of its review. Three queries at most."""
    found = StandingEvidence.objects.select_related("enterprise", "document__blob", "authority", "unit")
    row = found.filter(public_id=public_id).first()
    if row is None:
        return None
    if row.enterprise_id in standing.enterprise_ids:
        return row
    if row.enterprise_id in standing.interests:
        return None
    if readable(standing).filter(pk=row.enterprise_id).exists() or _carries_open_case(standing, row):
        return row
    return None


def _carries_open_case(standing: Standing, row: StandingEvidence) -> bool:
    """Whether a case rests on it whose papers of the review this person may read; one query."""
    cases = visible(standing).filter(evidence__rests_on=row)
    return any(may_read_evidence(standing, case) for case in cases)


def find_matter(standing: Standing, public_id: UUID | str) -> OpenMatter | None:
    """One lead or measure this person may read."""
    row = OpenMatter.objects.select_related("enterprise", "authority").filter(public_id=public_id).first()
    if row is None or find_holder(standing, row.enterprise.uscc) is None:
        return None
    return row if reads_matters(standing, row.enterprise) else None
