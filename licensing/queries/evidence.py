"""What the rules of exemption and adoption ask: pilots, the holder's class, earlier results, the statement as filed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import F

from core.lifecycle.dates import shanghai_date
from core.lifecycle.memo import remembered
from core.parties.models import Level
from licensing.commitment import COMMITS_TO_NO_CHANGE
from licensing.exemptions import (
    OnsiteFacts,
    Pilot,
    ProductTest,
    Report,
    SpotCheck,
    Verdict,
    contradicted,
    onsite_verdict,
    product_test_verdict,
)
from licensing.kinds import Kind
from licensing.models import (
    Application,
    HolderClass,
    OpenMatter,
    Outcome,
    PilotSwitch,
    StandingEvidence,
    Track,
)

Measure = PilotSwitch.Measure


@remembered
def pilot_on(measure: str, day: date, province_id: int | None, category_id: int | None) -> Pilot | None:
    """The switch in force for a category in a province on a day; that of the category goes before the rest (R-24)."""
    rows = PilotSwitch.objects.filter(
        measure=measure, province_id=province_id, effective_from__lte=day
    ).exclude(valid_to__lte=day)
    own = rows.filter(category_id=category_id) | rows.filter(category=None)
    row = own.order_by(F("category_id").asc(nulls_last=True)).first()
    return Pilot(row.least_class, f"{row.basis_instrument} {row.basis_article}") if row else None


def class_of(enterprise_id: int, on: date) -> str:
    """The holder's class of supervision on a day; empty where none is recorded."""
    rows = HolderClass.objects.filter(enterprise_id=enterprise_id, valid_from__lte=on)
    row = rows.order_by("-valid_from", "-version").first()
    return row.level if row else ""


def verdicts(application: Application, today: date) -> Mapping[Track, Verdict]:
    """Both tracks by the rules as of today, on the policy of the acceptance date (DOMAIN §0.1 no. 9)."""
    return {
        Track.ONSITE: onsite_verdict(onsite_facts(application, today)),
        Track.TESTING: product_test_verdict(testing_facts(application, today)),
    }


def defeated(application: Application, today: date) -> bool:
    """Whether an exemption or adoption no longer stands on the facts of today (R-23…R-27, R-40)."""
    rows = application.evidence.filter(outcome__in=[Outcome.EXEMPT, Outcome.ADOPTED])
    stands = dict(rows.values_list("track", "outcome"))
    if not stands:
        return False
    found = verdicts(application, today)
    return any(found[Track(track)].outcome == Outcome.REQUIRED for track in stands)


def expected(application: Application, today: date) -> Mapping[Track, Verdict]:
    """What a draft may expect if it is accepted today, its letter signed as asked: a forecast, no promise."""
    facts = replace(onsite_facts(application, today), signed=True)
    return {
        Track.ONSITE: onsite_verdict(facts),
        Track.TESTING: product_test_verdict(testing_facts(application, today)),
    }


def policy_day(application: Application, today: date) -> date:
    """The day whose policy the case runs on: its acceptance, before that today."""
    return application.accepted_on or today


def onsite_facts(application: Application, today: date) -> OnsiteFacts:
    """What the visit depends on, from the filing or, before it, from the draft; only a renewal has to be asked."""
    if application.kind != Kind.RENEWAL:
        return OnsiteFacts(application.kind, {}, (), False, None)
    filed = application.filed or forecast(application)
    statement = filed.get("statement", {})
    before = filed.get("before", {}).get("conditions", {})
    signed = getattr(application, "commitment", None)
    day = policy_day(application, today)
    pilot = pilot_on(Measure.ONSITE_EXEMPTION, day, _province(application), application.category_id)
    return OnsiteFacts(
        kind=application.kind,
        statement=statement,
        contradicted=contradicted(statement, before, filed.get("conditions", {})),
        signed=signed is not None and signed.text_version in COMMITS_TO_NO_CHANGE,
        pilot=pilot,
        holder_class=class_of(application.enterprise_id, today) if pilot and pilot.least_class else "",
    )


def forecast(application: Application) -> dict[str, Any]:
    """A draft in the form of a filing, as far as the rules ask."""
    draft, licence = application.draft, application.licence
    return {
        "statement": draft.get("statement", {}),
        "conditions": draft.get("conditions", {}),
        "before": {"conditions": licence.content.get("conditions", {})} if licence else {},
        "units": licence.content["units"] if licence else [],
        "sites": licence.content["sites"] if licence else [],
    }


def _province(application: Application) -> int | None:
    """The province a case is filed in: pilots are switched there, for national products too (R-24)."""
    if application.filing_authority_id:
        return application.filing_authority_id
    return application.licence.filing_authority_id if application.licence else None


def testing_facts(application: Application, today: date) -> ProductTest:
    """What the test depends on: units to be tested, earlier results of each, and what counts in this province."""
    filed = application.filed or forecast(application)
    units = _units_to_test(application, filed)
    rows = _results(application.enterprise_id, tuple(units)) if units else []
    received = shanghai_date(application.first_received_at) if application.first_received_at else today
    checks = [_spot_check(row) for row in rows if row.kind == StandingEvidence.Kind.SPOT_CHECK]
    reports = [_report(row) for row in rows if row.kind == StandingEvidence.Kind.TEST_REPORT]
    return ProductTest(
        kind=application.kind,
        first_received_on=received,
        accepted_on=policy_day(application, today),
        today=today,
        units=units,
        addresses=frozenset(site["full_address"] for site in filed.get("sites", ())),
        spot_checks=checks,
        reports=reports,
        spot_checks_count=bool(checks) and _checks_count_for_new(application, today),
        reports_count=bool(reports) and tests_before_visit(application, today),
    )


def _checks_count_for_new(application: Application, today: date) -> bool:
    """The switch of R-27; a renewal needs none."""
    if application.kind not in (Kind.NEW, Kind.SCOPE_EXTENSION):
        return False
    day = policy_day(application, today)
    return pilot_on(Measure.SPOT_CHECK_NEW, day, _province(application), application.category_id) is not None


def tests_before_visit(application: Application, today: date) -> bool:
    """Whether a test may come before the visit, and a report from before it be adopted: for national products, and
    where the province follows (R-39…R-41)."""
    deciding = application.deciding_authority
    if deciding is not None and deciding.level == Level.NATIONAL:
        return True
    day = policy_day(application, today)
    return (
        pilot_on(Measure.TEST_BEFORE_VISIT, day, _province(application), application.category_id) is not None
    )


def _units_to_test(application: Application, filed: Mapping[str, Any]) -> dict[int, str]:
    """All units of the case; of an extension only those the licence does not have (DOMAIN §3.3)."""
    units = {int(unit["id"]): str(unit["name_zh"]) for unit in filed.get("units", ())}
    if application.kind != Kind.SCOPE_EXTENSION or application.licence is None:
        return units
    known = {int(unit["id"]) for unit in application.licence.content["units"]}
    return {key: name for key, name in units.items() if key not in known}


def _results(enterprise_id: int, units: tuple[int, ...]) -> list[StandingEvidence]:
    """Earlier results of these units that nothing has superseded; one query."""
    rows = StandingEvidence.objects.filter(enterprise_id=enterprise_id, unit_id__in=units, superseded_by=None)
    return list(rows.order_by("sampled_on", "pk"))


def _spot_check(row: StandingEvidence) -> SpotCheck:
    return SpotCheck(row.pk, row.reference, row.unit_id, row.level, row.sampled_on, row.final_on, row.passed)


def _report(row: StandingEvidence) -> Report:
    return Report(
        row.pk, row.reference, row.unit_id, row.site_address, row.sampled_on, row.reported_on, row.passed
    )  # fmt: skip


def open_matters(enterprise_id: int) -> list[OpenMatter]:
    """Leads and measures open against a holder (R-85)."""
    return list(OpenMatter.objects.filter(enterprise_id=enterprise_id, closed_at=None).order_by("pk"))


__all__ = [
    "class_of", "expected", "onsite_facts", "open_matters", "pilot_on", "testing_facts", "tests_before_visit",
    "verdicts",
]  # fmt: skip
