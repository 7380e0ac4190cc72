"""What the rules have already checked, with facts and clauses, for the desks of acceptance and decision."""

from datetime import date

from django.conf import settings

from catalog.queries import category_on
from catalog.rules import filing_open
from core.lifecycle.law import Clause, clauses_from_json
from licensing.actions.filing import resolve_authorities
from licensing.clock import renewal_facts
from licensing.exemptions import REFORM
from licensing.kinds import Kind, filing_kind
from licensing.models import Application, Bar, Evidence, LicenceStatus, Outcome, Slot
from licensing.queries.bars import CLAUSES, bar_against
from licensing.queries.evidence import defeated
from licensing.queries.terms import term_today
from licensing.rules import PASSING, Check, missing_documents
from licensing.terms import last_timely_day


def acceptance_checks(application: Application, today: date) -> tuple[Check, ...]:
    """Completeness, competence and catalogue, as of today."""
    present = frozenset(application.documents.values_list("slot", flat=True))
    missing = missing_documents(present, application.rules.documents)
    papers = "、".join(str(Slot(code).label) for code in missing)
    assert application.category is not None
    version = category_on(application.category.key, today)
    verdict = (
        filing_open(version.facts, today, settings.WORLD, filing_kind(application.kind)) if version else None
    )
    filing = application.filing_authority
    return (
        Check("documents_complete", not missing, Clause("SEED", "四(二)"), {"missing": papers},
              pending=Slot.BUSINESS_LICENCE not in missing and bool(missing)),
        Check("competent", _competent(application, today), Clause("L2", "第十一条"),
              {"authority": filing.name if filing else ""}),
        as_registered(application),
        Check("category_open", bool(verdict and verdict.open), Clause("L2", "第三条"),
              {"category": application.filed["category"]["name_zh"]}),
        *_by_kind(application, today),
    )  # fmt: skip


def _by_kind(application: Application, today: date) -> tuple[Check, ...]:
    """What only some kinds need: no bar, a signed letter, a licence to begin from."""
    checks = []
    if application.rules.reviewed:
        checks.append(not_barred(application, today))
    if application.rules.has_commitment:
        signed = getattr(application, "commitment", None)
        checks.append(Check("commitment_signed", signed is not None, Clause("SEED", "四(二)"),
                            {"signer": signed.signer if signed else ""}))  # fmt: skip
    if application.licence is not None:
        checks += licence_checks(application, today)
    return tuple(checks)


def licence_checks(application: Application, today: date) -> list[Check]:
    """The licence a case is about: still running, and for a renewal whether it was filed in time (DOMAIN §3.3)."""
    licence, facts = application.licence, renewal_facts(application)
    assert licence is not None
    renewing = application.kind == Kind.RENEWAL
    running = licence.is_running and (renewing or term_today(licence, today).in_force)
    until = {"number": licence.number, "until": licence.valid_until.isoformat()}
    checks = [Check("licence_running", running or (renewing and licence.status == LicenceStatus.EXPIRED),
                    application.rules.when, until)]  # fmt: skip
    if facts is not None:
        last = last_timely_day(facts.ends_on).isoformat()
        checks.append(
            Check("renewal_timely", facts.is_timely, Clause("L2", "第二十五条"), {"last": last, **until})
        )
    return checks


def _competent(application: Application, today: date) -> bool:
    """The rule asked again, on the address as filed: is this the authority to file with? (R-17)"""
    return resolve_authorities(application, today).filing.pk == application.filing_authority_id


def as_registered(application: Application) -> Check:
    """Name, legal representative and place as filed against the account's register entry; a difference is shown."""
    registered, filed = application.enterprise, application.filed["enterprise"]
    pairs = (
        (registered.name, filed["name"]),
        (registered.legal_representative, filed["legal_representative"]),
        (registered.registered_division, filed["division"]),
    )
    different = "；".join(f"{ours} ≠ {theirs}" for ours, theirs in pairs if ours != theirs)
    return Check("as_registered", not different, Clause("L1", "第三十一条"), {"different": different})


def not_barred(application: Application, today: date) -> Check:
    """No bar runs against this enterprise and category (DOMAIN §3.4)."""
    bar = bar_against(application, today)
    if bar is None:
        return Check("not_barred", True, Clause("L1", "第七十八条"), {})
    return Check("not_barred", False, CLAUSES[Bar.Cause(bar.cause)],
                 {"cause": bar.get_cause_display(), "until": bar.valid_to.isoformat()})  # fmt: skip


def decision_checks(application: Application, today: date) -> tuple[Check, ...]:
    """Both tracks with their clause and document, whether what is spared still is, and the limit, as of today (K4)."""
    rows = {row.track: row for row in application.evidence.all()}
    on_time = application.paused or (application.due_on is not None and today <= application.due_on)
    reviewed = application.rules.reviewed
    tracks = [track_check(track, rows.get(track)) for track in PASSING] if reviewed else []
    spared = [row for row in rows.values() if row.outcome in (Outcome.EXEMPT, Outcome.ADOPTED)]
    return (
        *tracks,
        *([Check("still_stands", not defeated(application, today), REFORM, {})] if spared else []),
        *([not_barred(application, today)] if reviewed else ()),
        *(licence_checks(application, today) if application.kind != Kind.NEW else ()),
        Check("nothing_running", not application.has_procedure, Clause("L1", "第四十五条"), {}),
        Check("within_limit", on_time, application.rules.limit.clause,
              {"due": application.due_on.isoformat() if application.due_on else ""}),
    )  # fmt: skip


def track_check(track: str, row: Evidence | None) -> Check:
    """One track: its outcome, by which rule and clause, on what (R-23…R-27, R-40)."""
    if row is None:
        return Check(f"{track}_passed", False, Clause("L2", "第十四条"), {})
    facts = {
        "outcome": row.outcome,
        "rule": row.rule,
        "body": row.body,
        "on": row.concluded_on.isoformat() if row.concluded_on else "",
        "finding": row.finding,
        **{f"fact_{key}": value for key, value in row.facts.items()},
    }
    return Check(f"{track}_passed", row.outcome in PASSING[track], clauses_from_json([row.clause])[0], facts)
