"""What every act on a person shares: lock, position of the administrator, ledger, event."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.errors import NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import in_force, standing_for
from core.parties.models import Authority, Duty, User
from core.staff.errors import NotOneself, NotTheirAdministrator
from core.staff.models import Official
from core.staff.rules import ADMINISTRATION, Position, Span, position

SUBJECT = "staff.official"
BASIS = (Clause("DESIGN", "人员和职责管理"),)
_NOTHING: Mapping[str, Any] = {}


class NotAnOfficial(NotAllowed):
    code = "staff.not_an_official"
    message = _("此人不是工作人员")


def locked(public_id: UUID | str, at: datetime) -> tuple[User, Official]:
    """A person with his file, both locked until the transaction ends. Raises User.DoesNotExist, NotAnOfficial.

    People who held duties before files were kept get theirs here, at the authority of their first duty.
    """
    user = User.objects.select_for_update(of=("self",)).get(public_id=public_id)
    official = Official.objects.filter(user=user).select_related("authority").first()
    if official is None:
        first = Duty.objects.filter(user=user).order_by("valid_from", "id").first()
        if first is None:
            raise NotAnOfficial()
        official = Official.objects.create(user=user, authority=first.authority, created_at=at)
    return user, official


def stand(actor: Actor, authority: Authority, at: datetime) -> tuple[Position | None, Actor]:
    """How the actor stands to an authority as administrator, and the actor acting for the one he administers."""
    standing = standing_for(actor, at)
    held = [(d.kind, d.authority_id, d.level) for d in standing.duties]
    found = position(held, authority_id=authority.pk, parent_id=authority.parent_id)
    if found is None:
        return None, actor
    acting = authority.pk if found == "own" else authority.parent_id
    office = next(d for d in standing.duties if d.authority_id == acting and d.kind in ADMINISTRATION)
    return found, Actor(
        actor.kind, actor.code, actor.label, office.authority_code, office.authority_name, actor.user_id
    )


def require_own(actor: Actor, authority: Authority, at: datetime, subject: User | None = None) -> Actor:
    """An administrator of this very authority, and not acting on himself. Raises NotTheirAdministrator, NotOneself."""
    found, acting = stand(actor, authority, at)
    if found != "own":
        raise NotTheirAdministrator()
    if subject is not None and subject.pk == actor.user_id:
        raise NotOneself()
    return acting


def write(
    official: Official,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    internal: Mapping[str, Any] = _NOTHING,
    personal: Mapping[str, str] = _NOTHING,
) -> Subject:
    """Put an act on a person on record and tell whoever listens; returns the subject with its new version."""
    official.version += 1
    official.save(update_fields=["version"])
    subject = Subject(SUBJECT, str(official.user.public_id), official.version)
    record(
        act=f"staff.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=BASIS, internal=internal,
        personal=personal,
    )  # fmt: skip
    emit(type=f"staff.{act}", subject=subject)
    return subject


def span_of(duty: Duty) -> Span:
    return Span(duty.valid_from, duty.valid_to)


def own_key(actor: Actor) -> int:
    """The account behind an administrator, for the rows that name who recorded them."""
    assert actor.user_id is not None
    return actor.user_id


def is_administrator(user: User, authority: Authority, on: date) -> bool:
    """Whether this person administers this authority on a day."""
    return Duty.objects.filter(in_force(on), user=user, authority=authority, kind__in=ADMINISTRATION).exists()


def administrators(authority: Authority, on: date, *, but: tuple[int | None, ...] = ()) -> list[int]:
    """User keys of those who may decide about an authority's people on a day: its own and its superior's."""
    offices = [authority.pk] + ([authority.parent_id] if authority.parent_id else [])
    rows = Duty.objects.filter(in_force(on), authority_id__in=offices, user__is_active=True)
    rows = rows.filter(kind__in=ADMINISTRATION).exclude(user_id__in=[key for key in but if key])
    return sorted(set(rows.values_list("user_id", flat=True)))
