"""A person's decision is held for some minutes before it takes effect, and can be recalled (DOMAIN §3.2).

While it is held there is no number, no grant and no notice, and the applicant sees a case awaiting its decision. A
decision under a standing order is never held (R-85).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.ledger.actions import dated
from core.ledger.models import Dating
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, DomainError, NotAllowed
from core.lifecycle.law import Clause, clauses_from_json
from core.parties.competence import standing_of
from licensing.actions import decision
from licensing.actions.act import (
    HOLD,
    NotYourCase,
    acting_for,
    advance,
    locked,
    note,
    person_of,
    require_duty,
)
from licensing.actions.exemption import weigh_again
from licensing.actions.pauses import require_running
from licensing.actions.reopening import EvidenceDefeated, reopening
from licensing.actions.turns import in_turn_of
from licensing.clock import midnight_after
from licensing.lifecycle import LIFE_CYCLE, Status
from licensing.models import Application, HeldDecision


class NothingHeld(Conflict):
    code = "licensing.nothing_held"
    message = _("没有等待生效的决定：已经生效，或者已经撤回")


class NotYourDecision(NotAllowed):
    code = "licensing.not_your_decision"
    message = _("只有作出决定的人和本机关负责人可以在生效前撤回")


def hold_minutes() -> int:
    """How long a decision is held, in minutes; 0 lets it take effect at once."""
    return int(settings.DECISION_HOLD_MINUTES)


@reopening
@transaction.atomic
def decide(
    act: str,
    *,
    public_id: UUID | str,
    expected_version: int,
    basis: tuple[Clause, ...],
    no_conflict: bool,
    reasons: str = "",
    acknowledged: Collection[str] = (),
    actor: Actor,
    at: datetime,
) -> HeldDecision | None:
    """Decide: checked now as if it took effect now, held where the installation holds, else in effect at once.

    `act` is grant or refuse; `acknowledged` are the codes of the warnings seen before a grant. Returns the held
    decision, None when it is in effect. Raises what `decision.grant` and `decision.refuse` raise.
    """
    until = held_until(at)
    if until is None:
        own: dict[str, Any] = {"reasons": reasons} if act == "refuse" else {"acknowledged": acknowledged}
        decide_at_once: Any = decision.refuse if act == "refuse" else decision.grant
        decide_at_once(
            public_id=public_id, expected_version=expected_version, basis=basis, no_conflict=no_conflict,
            actor=actor, at=at, **own,
        )  # fmt: skip
        return None
    application, acting = decision.pending(public_id, expected_version, act, actor, at)
    decision.check(act, application, basis=basis, reasons=reasons, no_conflict=no_conflict, at=at)
    held = HeldDecision.objects.create(
        application=application, act=act, legal_basis=[clause.as_json() for clause in basis],
        reasons=reasons.strip() if act == "refuse" else "", made_by=person_of(acting),
        made_for=acting.organisation, made_for_label=acting.organisation_label, made_at=at, effective_at=until,
    )  # fmt: skip
    words = {"reasons": held.reasons} if held.reasons else {}
    advance(
        application, "hold_decision", actor=acting, at=at, basis=(*basis, *HOLD),
        internal={"decision": act, "effective_at": until.isoformat(), **decision.declaration(acknowledged)},
        personal=words,
    )  # fmt: skip
    return held


MARGIN = timedelta(minutes=5)
"""Before midnight, so that what is decided on a day is in effect on it even where the worker is a little late."""


def held_until(at: datetime) -> datetime | None:
    """When a decision made at `at` takes effect: after the hold, but never on another day than it was made, so that no
    limit is missed by it. None for at once."""
    last = midnight_after(shanghai_date(at)) - MARGIN
    until = min(at + timedelta(minutes=hold_minutes()), last)
    return until if until > at else None


@transaction.atomic
def recall(*, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> Application:
    """Take a held decision back: whoever made it, or the head. Raises NothingHeld or NotYourDecision."""
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("recall_decision", application.status)
    held = _held(application)
    if held is None or at >= held.effective_at:
        raise NothingHeld()
    duty = "approval" if held.made_by_id == actor.user_id else "head"
    authority = application.approval_authority_id if duty == "approval" else application.deciding_authority_id
    try:
        acting = require_duty(application, duty, authority, actor, at)
    except NotAllowed as error:
        raise NotYourDecision() from error
    held.delete()
    return advance(
        application, "recall_decision", actor=acting, at=at, basis=HOLD, internal={"decision": held.act}
    )


def _held(application: Application) -> HeldDecision | None:
    return HeldDecision.objects.select_for_update().filter(application=application).first()


def _require_still_approver(application: Application, held: HeldDecision) -> None:
    """A decision is made by whoever has the duty when it is made, which is when it takes effect. Raises NotYourCase."""
    standing = standing_of(held.made_by, shanghai_date(held.effective_at))
    if not standing.holds("approval", application.approval_authority_id):
        raise NotYourCase()


def due_decisions(*, at: datetime, most: int) -> list[UUID]:
    """Cases whose held decision takes effect by now; one query on the index."""
    rows = HeldDecision.objects.filter(effective_at__lte=at).order_by("effective_at", "pk")
    return list(rows.values_list("application__public_id", flat=True)[:most])


@transaction.atomic
def take_effect(*, public_id: UUID | str, at: datetime) -> bool:
    """Let a held decision take effect, dated to its moment, in the name of whoever made it; once.

    Checked again: whoever made it must still be the one to decide, and what came between and forbids it lets it lapse,
    with a word to whoever decided. Returns whether it took effect.
    """
    in_turn_of(public_id)
    return effect_held(locked(public_id), at)


def effect_held(application: Application, at: datetime) -> bool:
    """The same on a case whose lock is held, and its licence's before it."""
    held = _held(application)
    if held is None or held.effective_at > at:
        return False
    if application.status != Status.DECISION_PENDING:
        held.delete()
        return False
    basis, words = clauses_from_json(held.legal_basis), held.reasons
    actor = acting_for(SYSTEM, held.made_for, held.made_for_label)
    held.delete()
    try:
        with transaction.atomic(), dated(Dating.LEGAL_DATE):
            _require_still_approver(application, held)
            require_running(application)
            decision.check(held.act, application, basis=basis, reasons=words, at=held.effective_at)
            decision.effect(
                held.act,
                application,
                basis=basis,
                reasons=words,
                actor=actor,
                at=held.effective_at,
                by=held.made_by,
            )
    except DomainError as error:
        application.refresh_from_db()
        note(application, "held_decision_lapsed", at=at, basis=HOLD, internal={"because": error.code})
        if isinstance(error, EvidenceDefeated):
            weigh_again(application, at)
        return False
    return True
