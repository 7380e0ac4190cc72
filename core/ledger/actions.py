"""The only writer of the ledger."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from core.ledger.models import Dating, LedgerEntry, PersonalValue
from core.ledger.personal import seal
from core.lifecycle.actors import Actor
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject

_NOTHING: Mapping[str, Any] = {}
_dating: ContextVar[str] = ContextVar("dating", default=Dating.CLOCK)


@contextmanager
def dated(dating: str) -> Iterator[None]:
    """Inside, acts of the system are dated like this unless they say otherwise: one legal act and all that it brings
    about carry one date, however late the worker comes."""
    token = _dating.set(dating)
    try:
        yield
    finally:
        _dating.reset(token)


def record(
    *,
    act: str,
    subject: Subject,
    actor: Actor,
    effective_at: datetime,
    legal_basis: tuple[Clause, ...],
    public: Mapping[str, Any] = _NOTHING,
    internal: Mapping[str, Any] = _NOTHING,
    personal: Mapping[str, str] = _NOTHING,
    dating: str = "",
) -> LedgerEntry:
    """Append one act, inside the transaction of the act itself (R-4: never without a basis).

    `effective_at` is the legal time; the database stamps `recorded_at` and refuses a difference of more than
    60 s unless the world is simulated or `dating` names why, here or around (`dated`). The actor's name is
    personal: it is sealed in an
    erasable row beside `personal`. Raises ValueError for an empty basis or a naive time, IntegrityError when
    this version of the subject has its entry already.
    """
    _check(legal_basis, effective_at)
    named = {"actor_label": actor.label} if actor.kind == "user" else {}
    sealed = {field: seal(value) for field, value in {**personal, **named}.items()}
    entry = LedgerEntry.objects.create(
        act=act, subject_kind=subject.kind, subject_id=subject.id, subject_version=subject.version,
        actor_kind=actor.kind, actor_code=actor.code, organisation=actor.organisation,
        organisation_label=actor.organisation_label, effective_at=effective_at,
        dating=dating or _dating.get(),
        legal_basis=[clause.as_json() for clause in legal_basis], public=dict(public), internal=dict(internal),
        personal={field: hexdigest for field, (_, hexdigest, _) in sealed.items()},
    )  # fmt: skip
    PersonalValue.objects.bulk_create(
        PersonalValue(entry=entry, field=field, salt=salt, ciphertext=ciphertext)
        for field, (salt, _, ciphertext) in sealed.items()
    )
    return entry


@dataclass(frozen=True)
class Taken:
    """One of many like acts: its subject, its legal time, and what the ledger says of it."""

    subject: Subject
    effective_at: datetime
    public: Mapping[str, Any] = field(default_factory=dict)
    internal: Mapping[str, Any] = field(default_factory=dict)


def record_many(
    *,
    act: str,
    taken: Iterable[Taken],
    actor: Actor,
    legal_basis: tuple[Clause, ...],
    dating: str = Dating.CLOCK,
) -> int:
    """Append the same act on many subjects in one statement; the database stamps and chains each as ever.

    For acts of the system alone: a person's name would have to be sealed once for each of them. Returns how many.
    """
    if actor.kind == "user":
        raise ValueError("a person acts on one subject at a time")
    basis, rows = [clause.as_json() for clause in legal_basis], []
    for row in taken:
        _check(legal_basis, row.effective_at)
        rows.append(
            LedgerEntry(
                act=act,
                subject_kind=row.subject.kind,
                subject_id=row.subject.id,
                subject_version=row.subject.version,
                actor_kind=actor.kind,
                actor_code=actor.code,
                organisation=actor.organisation,
                organisation_label=actor.organisation_label,
                effective_at=row.effective_at,
                dating=dating,
                legal_basis=basis,
                public=dict(row.public),
                internal=dict(row.internal),
            )
        )
    LedgerEntry.objects.bulk_create(rows)
    return len(rows)


def _check(legal_basis: tuple[Clause, ...], effective_at: datetime) -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry belongs to the transaction of its act")
    if not legal_basis:
        raise ValueError("an act names its legal basis")
    if effective_at.tzinfo is None:
        raise ValueError("effective_at carries its time zone")


@transaction.atomic
def erase(*, entry_id: int, fields: tuple[str, ...] | None = None) -> int:
    """Erase personal values of one entry (all, or the named fields); returns how many. The chain stays whole."""
    rows = PersonalValue.objects.filter(entry_id=entry_id)
    if fields is not None:
        rows = rows.filter(field__in=fields)
    return rows.delete()[0]
