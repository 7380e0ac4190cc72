"""What must be so before a standing order grants a renewal without a person (R-85): checks with facts and clauses."""

from datetime import date

from core.lifecycle.law import Clause
from core.parties.competence import standing_of
from core.parties.models import User
from licensing.exemptions import REFORM
from licensing.models import Application, Outcome, Track
from licensing.queries.checks import as_registered, licence_checks, not_barred, track_check
from licensing.queries.evidence import defeated, open_matters
from licensing.rules import PASSING, Check

CAUTION = Clause("DESIGN", "常设审批令")


def guards(application: Application, signer: User, today: date) -> tuple[Check, ...]:
    """Every guard of a straight-through grant under an order of this signer, as of today. One that is not ok leaves
    the case to a person."""
    rows = {row.track: row for row in application.evidence.all()}
    onsite = rows.get(Track.ONSITE)
    matters = open_matters(application.enterprise_id)
    taken_back = application.filed.get("statement", {}).get("withdrawn", ())
    return (
        *(track_check(track, rows.get(track)) for track in PASSING),
        Check("visit_exempt", onsite is not None and onsite.outcome == Outcome.EXEMPT, REFORM, {}),
        Check("still_stands", not defeated(application, today), REFORM, {}),
        Check("no_yes_taken_back", not taken_back, REFORM, {}),
        as_registered(application),
        not_barred(application, today),
        signer_apart(application, signer, today),
        Check(
            "nothing_against_holder",
            not matters,
            CAUTION,
            {"matters": "；".join(row.what for row in matters)},
        ),
        *licence_checks(application, today),
        Check("nothing_running", not application.has_procedure, Clause("L1", "第四十五条"), {}),
    )


def signer_apart(application: Application, signer: User, today: date) -> Check:
    """The order decides in its signer's name: one of the holder's own, or with a conflict declared in the case, cannot
    have decided it (L1 art. 5)."""
    own = application.enterprise_id in standing_of(signer, today).enterprise_ids
    recused = application.recusals.filter(user=signer).exists()
    return Check("signer_apart", not own and not recused, Clause("L1", "第五条"), {})
