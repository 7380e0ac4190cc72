"""What the rules have already checked, with facts and clauses, for the desks of acceptance and decision."""

from datetime import date

from django.conf import settings

from catalog.queries import category_on
from catalog.rules import filing_open
from core.lifecycle.law import Clause, clauses_from_json
from licensing.actions.filing import resolve_authorities
from licensing.models import Application, Bar, Evidence, Slot
from licensing.profile import PROFILE
from licensing.queries.bars import CLAUSES, bar_against
from licensing.rules import PASSING, Check, missing_documents


def acceptance_checks(application: Application, today: date) -> tuple[Check, ...]:
    """Completeness, competence and catalogue, as of today."""
    present = frozenset(application.documents.values_list("slot", flat=True))
    missing = missing_documents(present, PROFILE.documents)
    papers = "、".join(str(Slot(code).label) for code in missing)
    assert application.category is not None
    version = category_on(application.category.key, today)
    verdict = filing_open(version.facts, today, settings.WORLD) if version else None
    filing = application.filing_authority
    return (
        Check("documents_complete", not missing, Clause("SEED", "四(二)"), {"missing": papers},
              pending=Slot.BUSINESS_LICENCE not in missing and bool(missing)),
        Check("competent", _competent(application, today), Clause("L2", "第十一条"),
              {"authority": filing.name if filing else ""}),
        _as_registered(application),
        Check("category_open", bool(verdict and verdict.open), Clause("L2", "第三条"),
              {"category": application.filed["category"]["name_zh"]}),
        _not_barred(application, today),
        Check("commitment_signed", hasattr(application, "commitment"), Clause("SEED", "四(二)"),
              {"signer": application.commitment.signer if hasattr(application, "commitment") else ""}),
    )  # fmt: skip


def _competent(application: Application, today: date) -> bool:
    """The rule asked again, on the address as filed: is this the authority to file with? (R-17)"""
    return resolve_authorities(application, today).filing.pk == application.filing_authority_id


def _as_registered(application: Application) -> Check:
    """Name, legal representative and place as filed against the account's register entry; a difference is shown."""
    registered, filed = application.enterprise, application.filed["enterprise"]
    pairs = (
        (registered.name, filed["name"]),
        (registered.legal_representative, filed["legal_representative"]),
        (registered.registered_division, filed["division"]),
    )
    different = "；".join(f"{ours} ≠ {theirs}" for ours, theirs in pairs if ours != theirs)
    return Check("as_registered", not different, Clause("L1", "第三十一条"), {"different": different})


def _not_barred(application: Application, today: date) -> Check:
    """No bar runs against this enterprise and category (DOMAIN §3.4)."""
    bar = bar_against(application, today)
    if bar is None:
        return Check("not_barred", True, Clause("L1", "第七十八条"), {})
    return Check("not_barred", False, CLAUSES[Bar.Cause(bar.cause)],
                 {"cause": bar.get_cause_display(), "until": bar.valid_to.isoformat()})  # fmt: skip


def decision_checks(application: Application, today: date) -> tuple[Check, ...]:
    """Both tracks with their clause and document, and the limit, as of today (K4)."""
    rows = {row.track: row for row in application.evidence.all()}
    on_time = application.paused or (application.due_on is not None and today <= application.due_on)
    return (
        *(_track_check(track, rows.get(track)) for track in PASSING),
        _not_barred(application, today),
        Check("nothing_running", not application.has_procedure, Clause("L1", "第四十五条"), {}),
        Check("within_limit", on_time, PROFILE.decision.clause,
              {"due": application.due_on.isoformat() if application.due_on else ""}),
    )  # fmt: skip


def _track_check(track: str, row: Evidence | None) -> Check:
    if row is None:
        return Check(f"{track}_passed", False, Clause("L2", "第十四条"), {})
    facts = {
        "body": row.body,
        "on": row.concluded_on.isoformat() if row.concluded_on else "",
        "finding": row.finding,
    }
    return Check(f"{track}_passed", row.outcome in PASSING[track], clauses_from_json([row.clause])[0], facts)
