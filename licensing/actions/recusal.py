"""Recusal: an official who has a conflict of interest in a case says so, and takes no part in it any more.

Licensing is to be fair and just (L1 art. 5); who is related to the applicant, or was paid by it, does not handle its
case. The declaration is one's own act, binds at once, and is not taken back.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.errors import Invalid
from core.parties.competence import standing_for
from core.parties.models import Authority
from licensing.actions.act import NotYourCase, advance, drop_held, locked, person_of, require_duty
from licensing.lifecycle import LIFE_CYCLE, Status
from licensing.models import Application, HeldDecision, Recusal, RecusalReason
from licensing.queries.hands import HANDLING


class ConflictUnexplained(Invalid):
    code = "licensing.conflict_unexplained"
    message = _("请写明具体情况，供机关负责人了解")


@transaction.atomic
def recuse(
    *, public_id: UUID | str, expected_version: int, reason: str, explanation: str, actor: Actor, at: datetime
) -> Recusal:
    """Declare a conflict of interest in an undecided case.

    From now on this person does no act on it (`act.require_duty`); a reviewer who has it in hand lets go of it, so
    that a colleague can take it, and a decision of his own that waits to take effect falls. A review already sent up
    stays as it was done: whoever decides may return it.
    Raises NotYourCase, OwnInterest, Recused the second time, or ConflictUnexplained.
    """
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("recuse", application.status)
    actor, authority = _as_handler(application, actor, at)
    if not explanation.strip():
        raise ConflictUnexplained("explanation")
    released = application.status == Status.UNDER_REVIEW and application.reviewer_id == actor.user_id
    if released:
        application.hand_to(None)
    if HeldDecision.objects.filter(application=application, made_by_id=actor.user_id).exists():
        drop_held(application, "recuse", at)
    row = Recusal.objects.create(
        application=application, user=person_of(actor), authority=authority, reason=RecusalReason(reason),
        explanation=explanation.strip(), released=released, declared_at=at,
    )  # fmt: skip
    advance(
        application, "recuse", actor=actor, at=at, internal={"released": released},
        personal={"ground": row.reason, "explanation": row.explanation},
    )  # fmt: skip
    return row


def _as_handler(application: Application, actor: Actor, at: datetime) -> tuple[Actor, Authority]:
    """The duty and authority as whose holder the conflict is declared. Raises NotYourCase."""
    standing = standing_for(actor, at)
    for duty, place in HANDLING:
        authority_id = getattr(application, place)
        if authority_id is not None and standing.holds(duty, authority_id):
            acting = require_duty(application, duty, authority_id, actor, at)
            return acting, Authority.objects.get(pk=authority_id)
    raise NotYourCase()
