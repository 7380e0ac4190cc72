"""What every act on a case shares: lock, competence, state, write, ledger, event (DESIGN §3 "An action")."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, Moved, NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Membership, User
from licensing.clock import renewal_facts
from licensing.documents.requests import freeze
from licensing.lifecycle import HOLDING, INSIDE, LIFE_CYCLE, Status
from licensing.models import Application, HeldDecision, ProductionLicence
from licensing.rules import duties_apart

SUBJECT = "licensing.application"
NO_CONFLICT: Mapping[str, Any] = {"no_conflict": True}
HOLD = (HOLDING,)
"""What the ledger keeps of the statement that there is no interest in the enterprise."""
DUTY_FIELD = {"acceptance": "clerk", "review": "reviewer", "approval": "approver"}
LOCK_ORDER = ("licence_id", "pk")
"""An act on several cases takes them in this order, so that two such acts never hold what the other waits for."""
_NOTHING: Mapping[str, Any] = {}


class NotYourCase(NotAllowed):
    code = "licensing.not_your_case"
    message = _("这件申请不由你所在的机关办理")


class NotAuthorised(NotAllowed):
    code = "licensing.not_authorised"
    message = _(
        "你的账号目前无权代表“%(enterprise)s”提交：需由法定代表人本人，或由其授权且授权在有效期内的代理人提交。草稿已保留"
    )


class OwnInterest(NotAllowed):
    code = "licensing.own_interest"
    message = _("你代表申请企业，不能办理这件申请")


class DutiesNotApart(NotAllowed):
    code = "licensing.duties_not_apart"
    message = _("受理、审查、决定须由三人分别办理；你已经办过这件申请的另一环节")


class DeemedAlready(Conflict):
    code = "licensing.deemed_already"
    message = _("许可证有效期已于 %(day)s届满而没有作出决定，依法视为准予延续，不能再这样办理")


class Recused(NotAllowed):
    code = "licensing.recused"
    message = _("你已对这件申请声明回避，不能再办理")


class NoConflictUndeclared(Invalid):
    code = "licensing.no_conflict_undeclared"
    message = _("请先声明与申请企业没有利害关系；有利害关系的，应当回避")


class NotInHand(Conflict):
    code = "licensing.not_in_hand"
    message = _("这件申请已交给你，还没有承办：请先声明与申请企业没有利害关系，再办理")


class HeldAlready(Conflict):
    code = "licensing.held_already"
    message = _("这件申请已有决定等待生效；要改，请先撤回")


class Stale(Moved):
    code = "licensing.stale"
    message = _("你打开页面之后，这件申请已经有了新的进展。请看过最新情况再办")


def locked(
    public_id: UUID | str, *, expected_version: int | None = None, outside: bool = False
) -> Application:
    """The case, locked until the transaction ends. Raises Stale when it moved since the page was opened.

    The licence it is about is locked before it, everywhere, so that no two acts wait for each other; the sweep, which
    finds the case first, waits for nobody. Neither lock keeps others from pointing at the row (`no_key`): a case saved
    twice in one transaction has its foreign keys checked again, and would wait for whoever holds its licence.
    An applicant (`outside`) names the version that counts what he can know of.
    """
    licence = locked_licence(cases__public_id=public_id)
    application = Application.objects.select_for_update(of=("self",), no_key=True).get(public_id=public_id)
    if licence is not None:
        if application.licence_id != licence.pk:
            raise Stale()
        application.licence = licence
    version = application.outside_version if outside else application.version
    if expected_version is not None and version != expected_version:
        raise Stale()
    return application


def locked_licence(**which: Any) -> ProductionLicence | None:
    """One licence, locked until the transaction ends; None when there is no such one."""
    rows = ProductionLicence.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("issuing_authority")
    return rows.filter(**which).first()


def subject_of(application: Application) -> Subject:
    return Subject(SUBJECT, str(application.public_id), application.version)


def person_of(actor: Actor) -> User:
    """The account behind an actor. Raises User.DoesNotExist for the system or the public."""
    return User.objects.get(pk=actor.user_id or 0)


def require_official(application: Application, duty: str, actor: Actor, at: datetime) -> Actor:
    """The competence question of an official's act: duty at the handling authority, no own interest, duties apart.

    Returns the actor acting for that authority, which the ledger then names.
    """
    acting = require_duty(application, duty, getattr(application, f"{duty}_authority_id"), actor, at)
    others = {name: getattr(application, f"{field}_id") for name, field in DUTY_FIELD.items() if name != duty}
    if actor.user_id is None or duties_apart(actor_id=actor.user_id, others=others):
        raise DutiesNotApart()
    return acting


def require_duty(
    application: Application, duty: str, authority_id: int | None, actor: Actor, at: datetime
) -> Actor:
    """A duty at that authority, no own interest in the case, and no conflict declared in it.

    Raises NotYourCase, OwnInterest or Recused.
    """
    standing = standing_for(actor, at)
    held = next((d for d in standing.duties if d.kind == duty and d.authority_id == authority_id), None)
    if held is None:
        raise NotYourCase()
    if application.enterprise_id in standing.enterprise_ids or actor.user_id == application.created_by_id:
        raise OwnInterest()
    require_not_recused(application, actor)
    return acting_for(actor, held.authority_code, held.authority_name)


def require_not_recused(application: Application, actor: Actor) -> None:
    """Who declared a conflict does no act on the case any more, whatever duties come later. Raises Recused."""
    if application.recusals.filter(user_id=actor.user_id or 0).exists():
        raise Recused()


def require_no_conflict(declared: bool) -> None:
    """Who takes a case in hand or decides it says that he has no interest in the enterprise; the ledger keeps it.

    Raises NoConflictUndeclared at the field.
    """
    if not declared:
        raise NoConflictUndeclared("no_conflict")


def require_in_hand(application: Application, actor: Actor) -> None:
    """A review is done by whoever has it in hand, and who said so himself. Raises NotYourCase or NotInHand."""
    if application.reviewer_id != actor.user_id:
        raise NotYourCase()
    if not application.reviewer_stated:
        raise NotInHand()


def require_unheld(application: Application) -> None:
    """A decision that waits to take effect is recalled first. Raises HeldAlready."""
    if HeldDecision.objects.filter(application=application).exists():
        raise HeldAlready()


def acting_for(actor: Actor, organisation: str, label: str) -> Actor:
    """The same person, acting for the organisation whose duty the act rests on; the ledger names it."""
    return Actor(actor.kind, actor.code, actor.label, organisation, label, actor.user_id)


def require_drafter(application: Application, actor: Actor, at: datetime) -> Actor:
    """Who may write in a draft: the enterprise's proved members, or the claimant who began it himself (R-88).

    Returns the actor acting for that enterprise.
    """
    standing = standing_for(actor, at)
    held = next((m for m in standing.memberships if m.enterprise_id == application.enterprise_id), None)
    if held is not None and not _shared(application, actor):
        raise NotYourCase()
    if held is None and application.created_by_id == actor.user_id:
        held = next((m for m in standing.claims if m.enterprise_id == application.enterprise_id), None)
    if held is None:
        raise NotYourCase()
    return acting_for(actor, held.uscc, held.enterprise_name)


def _shared(application: Application, actor: Actor) -> bool:
    """Whether the enterprise's people work on this case together: a draft of somebody who only claims to act for it
    stays his own, for acts as for pages (`queries.cases.own_cases_of`, R-88)."""
    if not application.is_draft or application.created_by_id == actor.user_id:
        return True
    seats = Membership.objects.filter(user=application.created_by, enterprise_id=application.enterprise_id)
    return seats.exclude(role=Membership.Role.CLAIMANT).exists()


def require_enterprise(application: Application, actor: Actor, at: datetime) -> Actor:
    """The competence question of an applicant's act: the legal representative, or an agent under a power in force.

    Returns the actor acting for that enterprise, which the ledger then names. Raises NotAuthorised for a claimant
    not proved yet and for an agent without a power of attorney today (R-88).
    """
    standing = standing_for(actor, at)
    held = next(
        (m for m in standing.memberships + standing.claims if m.enterprise_id == application.enterprise_id),
        None,
    )
    if held is None or not _shared(application, actor):
        raise NotYourCase()
    if not held.may_file:
        raise NotAuthorised(enterprise=held.enterprise_name)
    return acting_for(actor, held.uscc, held.enterprise_name)


def advance(
    application: Application,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    basis: tuple[Clause, ...] = (),
    public: Mapping[str, Any] = _NOTHING,
    internal: Mapping[str, Any] = _NOTHING,
    personal: Mapping[str, str] = _NOTHING,
    dating: str = "",
) -> Application:
    """Take one step of the life cycle and write it down; fields set by the caller are saved with it. What the applicant
    is told of it in writing is frozen here (`documents.requests`).

    Raises WrongState when the life cycle knows no such act here: an act done twice stops at this line. Raises
    DeemedAlready from the moment a renewal is granted by law, also before anybody has noticed.
    """
    row = LIFE_CYCLE.find(act, application.status)
    if act != "deem_renewed":
        require_undeemed(application, at)
    if application.status == Status.DECISION_PENDING != row.target:
        drop_held(application, act, at)
    application.status = row.target
    _count(application, act)
    subject, clauses = subject_of(application), basis or row.clauses
    record(
        act=f"licensing.{act}",
        subject=subject,
        actor=actor,
        effective_at=at,
        legal_basis=clauses,
        public=public,
        internal=internal,
        personal=personal,
        dating=dating,
    )
    emit(type=f"licensing.{act}", subject=subject)
    freeze(application, subject, act, at=at, clauses=clauses, public=public)
    return application


def _count(application: Application, act: str) -> None:
    application.version += 1
    application.inside_acts += act in INSIDE
    application.save()


def drop_held(application: Application, because: str, at: datetime) -> None:
    """What happened meanwhile takes the ground from a held decision: it lapses, whoever made it hears of it, and the
    record says why: an act, or a part of the case."""
    held = HeldDecision.objects.select_for_update().filter(application=application).first()
    if held is not None:
        held.delete()
        note(application, "held_decision_lapsed", at=at, basis=HOLD, internal={"because": because})


def is_deemed(application: Application, at: datetime) -> bool:
    """Whether the law has granted this renewal, noticed or not (L1 art. 50 ¶2, K21)."""
    facts = renewal_facts(application)
    return facts is not None and facts.is_deemed(shanghai_date(at))


def require_undeemed(application: Application, at: datetime) -> None:
    """After 00:00 past expiry a timely renewal cannot be decided, paused or taken back any more (L1 art. 50 ¶2)."""
    if is_deemed(application, at):
        raise DeemedAlready(day=application.term_ends_on)


def advance_system(application: Application, act: str, *, at: datetime, **facts: Any) -> Application:
    """A step the system takes by itself, in the wake of a person's act."""
    return advance(application, act, actor=SYSTEM, at=at, **facts)


def note(
    application: Application,
    act: str,
    *,
    at: datetime,
    basis: tuple[Clause, ...],
    public: Mapping[str, Any] = _NOTHING,
    internal: Mapping[str, Any] = _NOTHING,
) -> None:
    """A fact on the record that leaves the state as it is, such as a moved due date."""
    _count(application, act)
    subject = subject_of(application)
    record(
        act=f"licensing.{act}",
        subject=subject,
        actor=SYSTEM,
        effective_at=at,
        legal_basis=basis,
        public=public,
        internal=internal,
    )
    emit(type=f"licensing.{act}", subject=subject)
