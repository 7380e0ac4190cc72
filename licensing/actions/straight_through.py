"""检验合格的,直接换发: an exempt renewal is granted by the system under a standing order, and some are drawn for a
person to look at later (SEED 四(一); R-25, R-85).

Only grants, only renewals without a visit, only with every guard met; anything else waits for a person. The decision
is never held, and what was checked, on which facts and by which text of the rules, is kept with it.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from core.ledger.actions import record
from core.lifecycle.actors import SYSTEM
from core.lifecycle.dates import shanghai_date
from core.lifecycle.law import clauses_from_json
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import in_force
from licensing.actions.act import acting_for, advance, is_deemed, locked, subject_of
from licensing.actions.effects import apply_grant
from licensing.actions.turns import in_turn_of
from licensing.alarms import delivery_due
from licensing.exemptions import RULES_VERSION
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application, Decision, HeldDecision, SamplingReview, StandingOrder
from licensing.queries.guards import guards
from licensing.rules import Check

SAMPLE = "licensing.sampling_review"
OFFERED = "licensing.offered_to_order"
_WAITING = Application.objects.filter(kind=Kind.RENEWAL, status=Status.DECISION_PENDING).order_by(
    "licence_id", "pk"
)


@transaction.atomic
def go_through(*, public_id: UUID | str, at: datetime) -> bool:
    """Grant one case under the order in force for it, if there is one and every guard is met; returns whether.

    The holder is locked first, as by whoever records a fact about it, then the case, then the order, each for the
    length of the act: a measure opened or an order revoked before, this case waits; after, what was granted stands.
    """
    in_turn_of(public_id)
    application = locked(public_id)
    if not _may_go(application, at):
        return False
    order = order_for(application, at)
    if order is None:
        return False
    checks = guards(application, order.signed_by, shanghai_date(at))
    if not all(check.ok for check in checks):
        return False
    _grant(application, order, checks, at)
    return True


def _may_go(application: Application, at: datetime) -> bool:
    """A renewal that waits for its decision, with nothing of a person's about it, and not granted by law already."""
    return (
        application.kind == Kind.RENEWAL
        and application.status == Status.DECISION_PENDING
        and not application.has_procedure
        and not is_deemed(application, at)
        and not HeldDecision.objects.filter(application=application).exists()
    )


def order_for(application: Application, at: datetime) -> StandingOrder | None:
    """The order in force for a case, locked against its revocation; one for its category goes before one for all."""
    assert application.deciding_authority_id is not None
    rows = StandingOrder.objects.select_for_update(of=("self",), no_key=True).filter(
        in_force(shanghai_date(at)),
        Q(category=None) | Q(category_id=application.category_id),
        revoked_at=None,
        authority_id=application.deciding_authority_id,
        signed_at__lte=at,
        profile=application.profile,
        rules_version=RULES_VERSION,
    )
    return rows.order_by(F("category_id").asc(nulls_last=True), "pk").first()


def _grant(application: Application, order: StandingOrder, checks: tuple[Check, ...], at: datetime) -> None:
    basis = clauses_from_json(order.legal_basis)
    actor = acting_for(SYSTEM, order.authority.code, order.authority.name_zh)
    checked = [check.as_json() for check in checks]
    licence = apply_grant(application, basis=basis, actor=actor, at=at)
    application.decided_on, application.decided_by_order = shanghai_date(at), True
    application.next_due_on, application.next_check_at = None, delivery_due(application)
    Decision.objects.create(
        application=application, result=Decision.Result.GRANTED, legal_basis=order.legal_basis,
        standing_order=order, decided_on=application.decided_on, checked=checked, rules_version=RULES_VERSION,
    )  # fmt: skip
    advance(
        application, "grant_by_order", actor=actor, at=at, basis=basis,
        public={"licence_number": licence.number, "order": order.number, "rules_version": RULES_VERSION},
        internal={"checked": checked, "signed_by": str(order.signed_by.public_id)},
    )  # fmt: skip
    if secrets.randbelow(100) < order.sampling_percent:
        _draw(application, order, at)


def _draw(application: Application, order: StandingOrder, at: datetime) -> None:
    """Drawn by lot for a later look by somebody who did not sign the order (R-85)."""
    row = SamplingReview.objects.create(application=application, order=order, drawn_at=at)
    subject = Subject(SAMPLE, str(row.public_id), row.version)
    record(
        act="licensing.sample_drawn", subject=subject, actor=SYSTEM, effective_at=at,
        legal_basis=clauses_from_json(order.legal_basis),
        internal={"case": application.number, "order": order.number},
    )  # fmt: skip
    emit(type="licensing.sample_drawn", subject=subject)


def waiting_for(order: StandingOrder) -> Iterable[Application]:
    """Cases that an order may carry, oldest first."""
    rows = _WAITING.filter(deciding_authority_id=order.authority_id)
    return rows.filter(category_id=order.category_id) if order.category_id else rows


def waiting_of(enterprise_id: int) -> Iterable[Application]:
    """Cases of a holder that may go through once nothing is against it."""
    return _WAITING.filter(enterprise_id=enterprise_id)


@transaction.atomic
def offer(cases: Iterable[Application]) -> None:
    """Let each of these cases be looked at again, by itself: one that stays holds up no other, and nobody's order or
    holder is locked for longer than one grant takes."""
    for case in cases:
        emit(type=OFFERED, subject=subject_of(case))


def carried(at: datetime) -> list[UUID]:
    """What waits where an order is in force, in no order, so that each has its turn whatever stands before it."""
    orders = StandingOrder.objects.filter(in_force(shanghai_date(at)), revoked_at=None, signed_at__lte=at)
    scopes = Q(pk__in=())
    for authority_id, category_id in orders.values_list("authority_id", "category_id"):
        here = Q(deciding_authority_id=authority_id)
        scopes |= here & Q(category_id=category_id) if category_id else here
    return list(_WAITING.filter(scopes).order_by("?").values_list("public_id", flat=True))
