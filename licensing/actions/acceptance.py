"""Acceptance: accept, or refuse on a ground of the closed list, within five working days (L1 art. 32; S5)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.queries import category_on
from catalog.rules import filing_open
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.lifecycle.law import Clause
from core.parties.models import Authority, Level
from licensing.actions.act import advance, advance_system, locked, person_of, require_official
from licensing.actions.filing import resolve_authorities
from licensing.clock import compute_due, received_on, statutory_due
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import AcceptanceRefusal, Application, Evidence, Track
from licensing.profile import PROFILE
from licensing.rules import missing_documents

DEEMED = Clause("L1", "第三十二条第一款第四项")


class DocumentsMissing(Invalid):
    code = "licensing.documents_missing"
    message = _("申请书和承诺书正在生成，请稍候再受理")


class CategoryStillOpen(Invalid):
    code = "licensing.category_still_open"
    message = _("该产品类别正在受理，不能以停止受理为由不予受理")


class CategoryClosed(Invalid):
    code = "licensing.category_closed"
    message = _("该产品类别已停止受理，不能受理；请以此为由作出不予受理的决定")


class OwnCompetence(Invalid):
    code = "licensing.own_competence"
    message = _("请选择有权受理的机关；本机关就是有权机关时不能以此为由不予受理")


class ExplanationMissing(Invalid):
    code = "licensing.explanation_missing"
    message = _("请写明理由")


@transaction.atomic
def accept(*, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> Application:
    """Accept a complete filing: the clock starts the next working day (K1) and the review opens at once."""
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("accept", application.status)
    actor = require_official(application, "acceptance", actor, at)
    present = frozenset(application.documents.values_list("slot", flat=True))
    if missing_documents(present, PROFILE.documents):
        raise DocumentsMissing()
    _check_still_open(application, at)
    application.clerk = person_of(actor)
    deemed = _start_clock(application, at)
    advance(
        application, "accept", actor=actor, at=at,
        basis=(DEEMED,) if deemed else (),
        public={"due_on": str(application.due_on), "provisional": application.due_provisional, "deemed": deemed,
                "accepted_on": str(application.accepted_on)},
        internal={"statutory_due_on": str(application.statutory_due_on)},
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(application=application, track=track, rule="new_application", clause=clause.as_json())
        for track, clause in (
            (Track.ONSITE, Clause("L2", "第十五条")),
            (Track.TESTING, Clause("L2", "第十九条")),
        )
    )
    return advance_system(application, "open_review", at=at)


def _start_clock(application: Application, at: datetime) -> bool:
    """Start the clock today; after five silent working days as of the receipt, which is then the law (K13).

    Resolves the authorities anew: the level that counts is that of the acceptance date (R-17, R-18). Returns
    whether the filing was accepted by silence.
    """
    assert application.received_at is not None and application.next_due_on is not None
    deemed = shanghai_date(at) > application.next_due_on
    start = received_on(application.received_at) if deemed else shanghai_date(at)
    resolved = resolve_authorities(application, start)
    application.deciding_authority = resolved.deciding
    application.review_authority, application.approval_authority = resolved.review, resolved.approval
    due = compute_due(start, PROFILE.decision, application.filing_division)
    application.accepted_on, application.deemed_accepted = start, deemed
    application.due_on, application.due_provisional = due.on, due.provisional
    application.statutory_due_on = statutory_due(start, application.filing_division)
    application.next_due_on = min(due.on, application.statutory_due_on)
    return deemed


@transaction.atomic
def refuse_acceptance(
    *,
    public_id: UUID | str,
    expected_version: int,
    ground: str,
    explanation: str,
    right_authority: Authority | None,
    actor: Actor,
    at: datetime,
) -> Application:
    """Refuse to accept, on one of the two grounds that exist: wrong authority, or category closed.

    A wrong authority names the right one (L1 art. 32 ¶1(2)); a category that is open cannot be called closed.
    """
    application = locked(public_id, expected_version=expected_version)
    LIFE_CYCLE.find("refuse_acceptance", application.status)
    actor = require_official(application, "acceptance", actor, at)
    if not explanation.strip():
        raise ExplanationMissing("explanation")
    if ground == AcceptanceRefusal.Ground.WRONG_AUTHORITY:
        _check_right_authority(application, right_authority)
    else:
        _check_closed(application, at)
        right_authority = None
    application.clerk = person_of(actor)
    application.closed_on = shanghai_date(at)
    application.next_due_on = None
    AcceptanceRefusal.objects.create(
        application=application, ground=AcceptanceRefusal.Ground(ground), right_authority=right_authority,
        explanation=explanation.strip(), refused_on=shanghai_date(at),
    )  # fmt: skip
    clause = "第二项" if ground == AcceptanceRefusal.Ground.WRONG_AUTHORITY else "第一项"
    return advance(
        application, "refuse_acceptance", actor=actor, at=at,
        basis=(Clause("L1", f"第三十二条第一款{clause}"), Clause("L1", "第三十二条第二款")),
        public={"ground": ground, "right_authority": right_authority.code if right_authority else ""},
        personal={"explanation": explanation.strip()},
    )  # fmt: skip


def _check_right_authority(application: Application, right_authority: Authority | None) -> None:
    own = {application.filing_authority_id, application.acceptance_authority_id}
    if right_authority is None or right_authority.pk in own or right_authority.level != Level.PROVINCIAL:
        raise OwnCompetence("right_authority")


def _check_still_open(application: Application, at: datetime) -> None:
    if not _category_open(application, at):
        raise CategoryClosed()


def _check_closed(application: Application, at: datetime) -> None:
    if _category_open(application, at):
        raise CategoryStillOpen("ground")


def _category_open(application: Application, at: datetime) -> bool:
    today = shanghai_date(at)
    assert application.category is not None
    version = category_on(application.category.key, today)
    return version is not None and filing_open(version.facts, today, settings.WORLD).open
