"""Approve a correction: licence, certificate and register say at once what was decided; or decline it (R-89)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from catalog.queries import category_on
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.parties.actions import take_over_facts
from licensing.actions.act import person_of
from licensing.actions.effects import order_certificate, print_content, put_term
from licensing.actions.effects import write as write_act
from licensing.actions.following import follow_licence
from licensing.corrections.actions.common import (
    locked_correction,
    move_request,
    request_behind,
    require_approver,
    require_in_force,
    write,
)
from licensing.corrections.actions.proposing import changes_now
from licensing.corrections.errors import (
    AnswerMissing,
    LicenceMoved,
    NoCertificateCode,
    ProposerDecides,
)
from licensing.corrections.facts import lawful_dates
from licensing.corrections.lifecycle import BASIS, LIFE_CYCLE
from licensing.corrections.models import CertificateCorrection, FormerNumber
from licensing.corrections.rules import (
    DATES,
    NUMBER,
    Change,
    changes_from_json,
    corrected_content,
    group_of,
    require_issued,
    require_lawful,
)
from licensing.models import ProductionLicence
from licensing.numbers import next_licence_number


@transaction.atomic
def approve(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> CertificateCorrection:
    """Approve: content, certificate and ledger in one transaction. No fee, no clock, no paper of the holder.

    Raises NotYourCorrection, ProposerDecides, WrongState, CorrectionMoved, LicenceEnded, and LicenceMoved when another
    act has moved the licence since: the proposal is confirmed anew first.
    """
    row, acting = _deciding(public_id, expected_version, "approve", actor, at)
    licence = row.licence
    require_in_force(licence, at)
    if row.licence_version != licence.version or changes_now(row) != changes_from_json(row.changes):
        raise LicenceMoved()
    former = _apply(row, acting, at)
    row.certificate_version = licence.certificate_version
    _close(row, "approve", actor, at)
    if former:
        FormerNumber.objects.create(number=former, licence=licence, correction=row, until=shanghai_date(at))
    write(row, "approved", acting, at)
    move_request(request_behind(row), "settle", acting, at)
    return row


@transaction.atomic
def decline(
    *, public_id: UUID | str, expected_version: int, reasons: str, actor: Actor, at: datetime
) -> CertificateCorrection:
    """Leave the certificate as it is, with reasons; who asked for it reads them. Raises AnswerMissing."""
    row, acting = _deciding(public_id, expected_version, "decline", actor, at)
    if not reasons.strip():
        raise AnswerMissing("reasons")
    row.reasons = reasons.strip()
    _close(row, "decline", actor, at)
    write(row, "declined", acting, at, personal={"reasons": row.reasons})
    move_request(request_behind(row), "settle", acting, at)
    return row


def _deciding(
    public_id: UUID | str, expected_version: int, act: str, actor: Actor, at: datetime
) -> tuple[CertificateCorrection, Actor]:
    row = locked_correction(public_id, expected_version)
    acting = require_approver(row.licence, actor, at)
    if actor.user_id in (row.proposed_by_id, row.confirmed_by_id):
        raise ProposerDecides()
    LIFE_CYCLE.find(act, row.status)
    return row, acting


def _close(row: CertificateCorrection, act: str, actor: Actor, at: datetime) -> None:
    row.status = LIFE_CYCLE.find(act, row.status).target
    row.decided_by, row.decided_on = person_of(actor), shanghai_date(at)
    row.version += 1
    row.save()


def _apply(row: CertificateCorrection, acting: Actor, at: datetime) -> str:
    """What the correction does to the licence; returns the number it had in error, empty when that stays."""
    licence, changes = row.licence, changes_from_json(row.changes)
    before, holder = licence.content, licence.holder_name
    words = {change.key: change.after for change in changes if change.key not in (*DATES, NUMBER)}
    licence.content = corrected_content(before, words)
    print_content(licence)
    licence.category_name = words.get("category_name", licence.category_name)
    _name_units(licence, words)
    if any(change.key in DATES for change in changes):
        _set_dates(licence, changes)
    if {"holder_name", "registered_address"} & set(words):
        _tell_register(licence, holder)
    follow_licence(licence, before, shanghai_date(at))
    former = ""
    if any(change.key == NUMBER for change in changes):
        former = _renumber(licence, acting, at, row.reason)
    write_act(
        licence, "licence_corrected", basis=BASIS, actor=acting, at=at, public=_told(row, changes, former)
    )
    order_certificate(None, licence, acting, at)
    return former


def _name_units(licence: ProductionLicence, words: Mapping[str, str]) -> None:
    for unit in licence.units.all():
        name = words.get(f"unit-{unit.unit_id}")
        if name:
            unit.name = name
            unit.save(update_fields=["name"])


def _set_dates(licence: ProductionLicence, changes: tuple[Change, ...]) -> None:
    """The dates the decision gave, and no others: asked again here, and held against what was proposed and read by
    whoever approves. Raises TermNotLawful."""
    wanted = {key: getattr(licence, key) for key in DATES}
    wanted |= {row.key: date.fromisoformat(row.after) for row in changes if row.key in DATES}
    term, issued_on = lawful_dates(licence)
    require_lawful(term, wanted["valid_from"], wanted["valid_until"])
    require_issued(issued_on, wanted["issued_on"])
    put_term(licence, term)
    licence.issued_on = issued_on


def _tell_register(licence: ProductionLicence, called: str) -> None:
    """An enterprise that had taken over the wrong words with a change is called by the right ones again."""
    enterprise, right = licence.enterprise, licence.content["enterprise"]
    if enterprise.name == called and "division" in right:
        take_over_facts(
            enterprise=enterprise, name=right["name"], division=right["division"], address=right["address"]
        )


def _renumber(licence: ProductionLicence, acting: Actor, at: datetime, reason: str) -> str:
    """A number nobody had from the counter; the chain of acts under the old one ends with where it leads.

    Raises NoCertificateCode. Acts under the new number count from one, as its chain in the ledger does.
    """
    former = licence.number
    number = next_licence_number(
        authority=licence.issuing_authority, xk_code=_code(licence, licence.issued_on)
    )
    write_act(
        licence, "licence_renumbered", basis=BASIS, actor=acting, at=at,
        public={"number": number, "reason": reason},
    )  # fmt: skip
    licence.number, licence.version = number, 0
    return former


def _code(licence: ProductionLicence, on: date) -> str:
    version = category_on(licence.category.key, on)
    code = version.certificate_code(settings.WORLD) if version else None
    if not code:
        raise NoCertificateCode(NUMBER)
    return code


def _told(row: CertificateCorrection, changes: tuple[Change, ...], former: str) -> dict[str, Any]:
    """What everybody may read: which things were wrong, and why; the number it had, where that was it."""
    wrong = list(dict.fromkeys(group_of(change.key) for change in changes))
    return {"reason": row.reason, "wrong": wrong, **({"former_number": former} if former else {})}
