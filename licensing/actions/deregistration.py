"""Deregistration ex officio: proposed by one person, decided by another of the issuing authority (L1 art. 70; §3.7)."""

import uuid
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, Moved, NotAllowed
from core.parties.competence import HeldDuty, Standing, standing_for
from core.parties.models import Duty
from licensing.actions.act import acting_for, locked_licence, person_of
from licensing.actions.effects import end, require_confirmed
from licensing.actions.ending import terminate_cases
from licensing.actions.ex_officio import BASIS, DEREGISTRATION, Ground, write
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED
from licensing.models import Application, Deregistration, ProductionLicence
from licensing.queries.territory import supervises

PROPOSABLE = (Ground.DISSOLVED, Ground.STOPPED, Ground.FORCE_MAJEURE)
"""What an official can propose; expiry and the other endings open the task by themselves."""


class NotYourLicenceToEnd(NotAllowed):
    code = "licensing.not_your_licence_to_end"
    message = _("这张许可证不由你所在的机关提出或者决定注销")


class ProposerDecides(NotAllowed):
    code = "licensing.proposer_decides"
    message = _("提出注销的人不能自己决定")


class NoSuchLicence(Invalid):
    code = "licensing.no_such_licence"
    message = _("没有这个证书编号")


class DeregisteredAlready(Conflict):
    code = "licensing.deregistered_already"
    message = _("许可证 %(number)s 已经注销，或者已有一件注销事项在办")


class FactsMissing(Invalid):
    code = "licensing.facts_missing"
    message = _("请写明事实和依据的材料")


class HeldByRenewal(Conflict):
    code = "licensing.held_by_renewal"
    message = _("许可证 %(number)s 有延续申请在办，作出决定之前不注销")


class MustBeDone(Invalid):
    code = "licensing.must_be_done"
    message = _("有效期届满而未延续的，应当注销，不能不予注销")


class DecidedAlready(Conflict):
    code = "licensing.deregistration_decided"
    message = _("这件注销事项已经办结")


class DeregistrationMoved(Moved):
    code = "licensing.deregistration_moved"
    message = _("你打开页面之后，这件注销事项有了新的进展。请看过最新情况再办")


@transaction.atomic
def propose_deregistration(
    *, number: str, ground: str, facts: str, actor: Actor, at: datetime
) -> Deregistration:
    """Propose to end a licence without the holder asking: a reviewer of the issuing authority, or who supervises a
    plant of it (DOMAIN §8). Raises NoSuchLicence, NotYourLicenceToEnd, FactsMissing or DeregisteredAlready.
    """
    licence = locked_licence(number=number)
    if licence is None:
        raise NoSuchLicence("number")
    acting = _proposing(licence, actor, at)
    if Ground(ground) not in PROPOSABLE or not facts.strip():
        raise FactsMissing("facts")
    if licence.deregistered_on or licence.deregistrations.filter(result="").exists():
        raise DeregisteredAlready("number", number=licence.number)
    row = Deregistration.objects.create(
        public_id=uuid.uuid4(), licence=licence, ground=Ground(ground), facts=facts.strip(),
        opened_on=shanghai_date(at), proposed_by=person_of(actor),
    )  # fmt: skip
    write(row, "deregistration_proposed", acting, at, personal={"facts": row.facts})
    return row


@transaction.atomic
def deregister(*, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> Deregistration:
    """Deregister: the licence ends, what is open about it ends too, and the task is closed.

    Raises NotYourLicenceToEnd, ProposerDecides, HeldByRenewal, RenewalToConfirm, DecidedAlready or
    DeregistrationMoved.
    """
    row, acting = _deciding(public_id, expected_version, actor, at)
    licence = row.licence
    if held_by_renewal(row):
        raise HeldByRenewal(number=licence.number)
    require_confirmed(licence)
    end(licence, basis=BASIS[Ground(row.ground)], actor=acting, at=at, public={"ground": row.ground})
    terminate_cases(licence, because="licence_ended", at=at)
    return _closed(row, Deregistration.Result.DONE, "deregistration_done", acting, at)


@transaction.atomic
def set_aside(
    *, public_id: UUID | str, expected_version: int, reasons: str, actor: Actor, at: datetime
) -> Deregistration:
    """Leave the licence as it is, with a reason; not where the law orders its end. Raises MustBeDone, FactsMissing."""
    row, acting = _deciding(public_id, expected_version, actor, at)
    if row.ground in (Ground.EXPIRED, Ground.ENDED):
        raise MustBeDone("reasons")
    if not reasons.strip():
        raise FactsMissing("reasons")
    row.reasons = reasons.strip()
    return _closed(row, Deregistration.Result.SET_ASIDE, "deregistration_set_aside", acting, at)


def held_by_renewal(row: Deregistration) -> bool:
    """After an expiry the licence may yet revive while a renewal is open; no other ground waits (DOMAIN §3.7)."""
    renewals = Application.objects.filter(licence=row.licence, kind=Kind.RENEWAL, status__in=UNDECIDED)
    return row.ground == Ground.EXPIRED and renewals.exists()


def _proposing(licence: ProductionLicence, actor: Actor, at: datetime) -> Actor:
    standing = standing_for(actor, at)
    for duty in standing.duties:
        reviews = duty.kind == Duty.Kind.REVIEW and duty.authority_id == licence.issuing_authority_id
        if reviews or (duty.kind == Duty.Kind.SUPERVISION and supervises(duty.authority_code, licence)):
            return _without_interest(licence, standing, duty, actor)
    raise NotYourLicenceToEnd()


def _deciding(
    public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> tuple[Deregistration, Actor]:
    licence = locked_licence(deregistrations__public_id=public_id)
    row = Deregistration.objects.select_for_update(of=("self",)).get(public_id=public_id)
    assert licence is not None
    row.licence = licence
    standing = standing_for(actor, at)
    duty = next(
        (
            d
            for d in standing.duties
            if d.kind == Duty.Kind.APPROVAL and d.authority_id == licence.issuing_authority_id
        ),
        None,
    )
    if duty is None:
        raise NotYourLicenceToEnd()
    if row.proposed_by_id is not None and row.proposed_by_id == actor.user_id:
        raise ProposerDecides()
    if row.result:
        raise DecidedAlready()
    if row.version != expected_version:
        raise DeregistrationMoved()
    return row, _without_interest(licence, standing, duty, actor)


def _without_interest(licence: ProductionLicence, standing: Standing, duty: HeldDuty, actor: Actor) -> Actor:
    if licence.enterprise_id in standing.interests:
        raise NotYourLicenceToEnd()
    return acting_for(actor, duty.authority_code, duty.authority_name)


def _closed(
    row: Deregistration, result: Deregistration.Result, act: str, actor: Actor, at: datetime
) -> Deregistration:
    row.result, row.decided_on = result, shanghai_date(at)
    row.decided_by = person_of(actor)
    row.version += 1
    row.save()
    write(row, act, actor, at, personal={"reasons": row.reasons} if row.reasons else {})
    return row


__all__ = ["BASIS", "DEREGISTRATION", "PROPOSABLE", "deregister", "propose_deregistration", "set_aside"]
