"""Publish a policy profile: national, dated, never reaching back (R-5; DOMAIN §8: the national administrator)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Authority, Level
from licensing.actions.act import acting_for
from licensing.models import PolicyProfile
from licensing.profile import REFORM_2015

SUBJECT = "licensing.policy"
BOUNDS = {
    "intake_days": (1, REFORM_2015.intake.days), "decision_days": (1, REFORM_2015.decision.days),
    "simple_days": (1, REFORM_2015.simple.days), "correction_days": (REFORM_2015.correction.days, 180),
}  # fmt: skip
BASIS = (Clause("SEED", "一(三)"), Clause("SEED", "一(二)"))


class NotNational(NotAllowed):
    code = "licensing.not_national"
    message = _("办理规则全国统一，只由国家级管理员公布")


class NotAhead(Invalid):
    code = "licensing.profile_not_ahead"
    message = _("生效日须在今天之后：已收到、已受理的申请按原来的规则办")


class PilotWithoutEnd(Invalid):
    code = "licensing.pilot_without_end"
    message = _("一个省的试点须写明截止日，且在生效日之后；全国的规则没有截止日")


class FigureOutside(Invalid):
    code = "licensing.figure_outside"
    message = _("须在 %(low)s 至 %(high)s 之间：机关的时限只能缩短，企业的时间只能延长")


class ProfileThere(Conflict):
    code = "licensing.profile_there"
    message = _("代号已经用过，或者这一天已有一套规则、这个省的试点期重叠")


@transaction.atomic
def publish_profile(
    *,
    code: str,
    effective_from: date,
    province: Authority | None = None,
    valid_to: date | None = None,
    delegation_allowed: bool,
    basis_instrument: str,
    basis_article: str,
    actor: Actor,
    at: datetime,
    **days: int,
) -> PolicyProfile:
    """Publish the figures of the rules from a day on, for the nation or as a pilot of one province until a day.

    `days` are the four figures of `BOUNDS`. Raises NotNational, NotAhead, FigureOutside, PilotWithoutEnd or
    ProfileThere; the database holds the same bounds.
    """  # fmt: skip
    acting = require_national(actor, at)
    _check_dates(effective_from, province, valid_to, shanghai_date(at))
    _check_figures(days)
    row = PolicyProfile(
        code=code, effective_from=effective_from, province=province, valid_to=valid_to, **days,
        delegation_allowed=delegation_allowed, basis_instrument=basis_instrument.strip(),
        basis_article=basis_article.strip(), published_by_id=actor.user_id, published_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ProfileThere("effective_from") from error
    subject = Subject(SUBJECT, row.code, row.version)
    record(
        act="licensing.profile_published", subject=subject, actor=acting, effective_at=at, legal_basis=BASIS,
        public=facts_of(row),
    )  # fmt: skip
    emit(type="licensing.profile_published", subject=subject)
    return row


def _check_dates(
    effective_from: date, province: Authority | None, valid_to: date | None, today: date
) -> None:
    """Never reaching back; a pilot is of one province and ends, the nation's rules do not."""
    if effective_from <= today:
        raise NotAhead("effective_from")
    if province is None and valid_to is None:
        return
    if (
        province is None
        or province.level != Level.PROVINCIAL
        or valid_to is None
        or valid_to <= effective_from
    ):
        raise PilotWithoutEnd("valid_to")


def _check_figures(days: dict[str, int]) -> None:
    """An authority's limits only get shorter, the applicant's time only longer (R-46)."""
    for field, (low, high) in BOUNDS.items():
        if not low <= days[field] <= high:
            raise FigureOutside(field, low=low, high=high)


def require_national(actor: Actor, at: datetime) -> Actor:
    """The national administrator as the actor, for his authority. Raises NotNational."""
    standing = standing_for(actor, at)
    held = next(
        (d for d in standing.duties if d.kind == "national_admin" and d.level == Level.NATIONAL), None
    )
    if held is None:
        raise NotNational()
    return acting_for(actor, held.authority_code, held.authority_name)


def facts_of(row: PolicyProfile) -> dict[str, object]:
    """What the ledger says of a profile; all of it is public."""
    return {
        "code": row.code, "effective_from": str(row.effective_from), "valid_to": str(row.valid_to or ""),
        "province": row.province.code if row.province else "", "intake_days": row.intake_days,
        "decision_days": row.decision_days, "simple_days": row.simple_days,
        "correction_days": row.correction_days, "delegation_allowed": row.delegation_allowed,
        "basis": f"{row.basis_instrument} {row.basis_article}",
    }  # fmt: skip
