"""Propose a correction, confirm it anew after the licence has moved, take it back (R-89)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.parties.competence import Standing, standing_for
from licensing.actions.act import locked_licence, person_of
from licensing.corrections.actions.common import (
    locked_correction,
    move_request,
    request_behind,
    require_in_force,
    require_proposer,
    write,
)
from licensing.corrections.errors import (
    IsAChange,
    NoSuchLicence,
    NothingMoved,
    NothingWrong,
    NumberReasonMissing,
    OpenAlready,
    ReasonMissing,
    RequestElsewhere,
    SourceMissing,
    SourceNoteMissing,
)
from licensing.corrections.facts import bounds_of, date_changes, require_printable, words_on
from licensing.corrections.lifecycle import LIFE_CYCLE, Asked, Status
from licensing.corrections.models import CertificateCorrection, CorrectionRequest, Paper
from licensing.corrections.queries import papers_of
from licensing.corrections.rules import (
    DATES,
    NUMBER,
    Bounds,
    Change,
    Words,
    changes_from_json,
    changes_in,
    judged,
    rebased,
)
from licensing.models import ProductionLicence

DECIDED, LATER = "decided", "later"
"""Since when what is right has been right: since the decision, or since something the holder changed himself."""


@dataclass(frozen=True)
class Wanted:
    """What the certificate should say: words by key, and whether dates or number are themselves the error."""

    words: Words
    dates: bool = False
    number: bool = False
    number_reason: str = ""


@dataclass(frozen=True)
class Source:
    """Which paper of which case shows what is right; `other` says in words what it is."""

    paper: str
    case: UUID | None = None
    note: str = ""


@transaction.atomic
def propose(
    *,
    number: str,
    wanted: Wanted,
    since: str,
    source: Source,
    reason: str,
    actor: Actor,
    at: datetime,
    request: UUID | None = None,
) -> CertificateCorrection:
    """Propose to correct a certificate; nothing is altered before another person approves.

    Raises NoSuchLicence, NotYourCorrection, LicenceEnded, OpenAlready, RequestElsewhere, IsAChange, NothingWrong and
    the refusals of the rules at the word they are about.
    """
    licence = locked_licence(number=number)
    if licence is None:
        raise NoSuchLicence("number")
    acting = require_proposer(licence, actor, at)
    require_in_force(licence, at)
    if licence.corrections.filter(status=Status.PROPOSED).exists():
        raise OpenAlready("number", number=licence.number)
    asked = _request_of(licence, request)
    _check_reasons(wanted, since, reason)
    changes = _changes(licence, wanted)
    row = CertificateCorrection.objects.create(
        public_id=uuid4(), licence=licence, request=asked, licence_version=licence.version,
        changes=[change.as_json() for change in changes], number_reason=wanted.number_reason.strip(),
        reason=reason.strip(), proposed_by=person_of(actor), proposed_on=shanghai_date(at),
        **_source(licence, source, standing_for(actor, at)),
    )  # fmt: skip
    write(row, "proposed", acting, at, internal={"changes": row.changes}, personal={"reason": row.reason})
    if asked is not None:
        move_request(asked, "take_up", acting, at)
    return row


def _request_of(licence: ProductionLicence, request: UUID | None) -> CorrectionRequest | None:
    """The holder's request that this answers. Raises RequestElsewhere."""
    if request is None:
        return None
    rows = CorrectionRequest.objects.select_for_update(of=("self",))
    asked = rows.filter(public_id=request, licence=licence, status=Asked.OPEN).first()
    if asked is None:
        raise RequestElsewhere()
    asked.licence = licence
    return asked


def _check_reasons(wanted: Wanted, since: str, reason: str) -> None:
    if since != DECIDED:
        raise IsAChange("since")
    if not reason.strip():
        raise ReasonMissing("reason")
    if wanted.number and not wanted.number_reason.strip():
        raise NumberReasonMissing("number_reason")


def _changes(licence: ProductionLicence, wanted: Wanted) -> tuple[Change, ...]:
    found = judged_words(changes_in(words_on(licence), wanted.words), bounds_of(licence))
    if wanted.dates:
        found += date_changes(licence)
    if wanted.number:
        found += (Change(NUMBER, licence.number, ""),)
    if not found:
        raise NothingWrong("words")
    return found


def judged_words(changes: tuple[Change, ...], bounds: Bounds) -> tuple[Change, ...]:
    """Every corrected word, held against the rules and the fonts; one that comes to the same falls away."""
    found = tuple(judged(change, bounds) for change in changes)
    require_printable(found)
    return tuple(change for change in found if change.after != change.before)


def _source(licence: ProductionLicence, source: Source, standing: Standing) -> Mapping[str, object]:
    """The paper as columns. Raises SourceMissing for one that no case of the licence has which the proposer may open,
    or SourceNoteMissing."""
    if source.paper == Paper.OTHER:
        if not source.note.strip():
            raise SourceNoteMissing("source_note")
        return {"source_paper": Paper.OTHER, "source_note": source.note.strip()}
    known = {(row.case.public_id, row.paper): row.case for row in papers_of(standing, licence)}
    case = known.get((source.case, source.paper)) if source.case else None  # type: ignore[arg-type]
    if case is None:
        raise SourceMissing("source")
    return {"source_paper": source.paper, "source_case": case, "source_note": source.note.strip()}


@transaction.atomic
def confirm(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> CertificateCorrection:
    """Confirm a proposal on the licence as it is now, after another act has moved it.

    What the certificate says rightly by now falls away. Raises NothingMoved, and NothingWrong when nothing is left.
    """
    row = locked_correction(public_id, expected_version)
    licence = row.licence
    acting = require_proposer(licence, actor, at)
    LIFE_CYCLE.find("confirm", row.status)
    require_in_force(licence, at)
    if row.licence_version == licence.version:
        raise NothingMoved()
    changes = changes_now(row)
    if not changes:
        raise NothingWrong("words")
    row.changes = [change.as_json() for change in changes]
    row.licence_version, row.confirmed_by = licence.version, person_of(actor)
    row.version += 1
    row.save()
    write(row, "confirmed", acting, at, internal={"changes": row.changes})
    return row


def changes_now(row: CertificateCorrection) -> tuple[Change, ...]:
    """What the correction comes to on the licence as it is, judged again. Raises as the proposal did."""
    licence, changes = row.licence, changes_from_json(row.changes)
    words = tuple(change for change in changes if change.key not in (*DATES, NUMBER))
    found = judged_words(rebased(words, words_on(licence)), bounds_of(licence))
    if any(change.key in DATES for change in changes):
        found += date_changes(licence)
    if any(change.key == NUMBER for change in changes):
        found += (Change(NUMBER, licence.number, ""),)
    return found


@transaction.atomic
def withdraw(
    *, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime
) -> CertificateCorrection:
    """Take a proposal back; what the holder asked for waits again for its answer."""
    row = locked_correction(public_id, expected_version)
    acting = require_proposer(row.licence, actor, at)
    row.status = LIFE_CYCLE.find("withdraw", row.status).target
    row.decided_on, row.decided_by = shanghai_date(at), person_of(actor)
    row.version += 1
    row.save()
    write(row, "withdrawn", acting, at)
    move_request(request_behind(row), "reopen", SYSTEM, at)
    return row
