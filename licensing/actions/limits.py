"""An authority binds itself to decide sooner (R-46): lower is welcome, higher is refused."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, Moved
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Authority
from core.workdays.rules import add_months
from licensing.actions.act import NotYourCase, acting_for
from licensing.models import DecisionLimit
from licensing.profile import PROFILE
from licensing.queries.limits import LEVELS

SUBJECT = "licensing.limit"


class LimitTooHigh(Invalid):
    code = "licensing.limit_too_high"
    message = _("时限只能缩短，须在 1 至 %(most)s 个工作日之间")


class LimitInThePast(Invalid):
    code = "licensing.limit_in_the_past"
    message = _("开始日不能早于今天：已受理的申请，时限不变")


class LimitFarAhead(Invalid):
    code = "licensing.limit_far_ahead"
    message = _("开始日最多在一年以后")


class LimitThatDay(Conflict):
    code = "licensing.limit_that_day"
    message = _("这一天已经有一个时限")


class LimitMoved(Moved):
    code = "licensing.limit_moved"
    message = _("你读取之后，本机关的时限已经有了变动。请重新读取再定")


@transaction.atomic
def set_limit(
    *,
    authority: Authority,
    days: int,
    valid_from: date,
    actor: Actor,
    at: datetime,
    expected_version: int | None = None,
) -> DecisionLimit:
    """For cases accepted from a day on.

    Raises NotYourCase, LimitTooHigh, LimitInThePast, LimitFarAhead, LimitMoved when another was set since it was
    read, or LimitThatDay.
    """
    if authority.level not in LEVELS or not standing_for(actor, at).holds("head", authority.pk):
        raise NotYourCase()
    actor = acting_for(actor, authority.code, authority.name_zh)
    if not 1 <= days <= PROFILE.decision.days:
        raise LimitTooHigh("days", most=PROFILE.decision.days)
    if valid_from < shanghai_date(at):
        raise LimitInThePast("valid_from")
    if valid_from > add_months(shanghai_date(at), 12):
        raise LimitFarAhead("valid_from")
    Authority.objects.select_for_update(of=("self",)).get(pk=authority.pk)
    held = DecisionLimit.objects.filter(authority=authority)
    last = held.aggregate(last=Max("version"))["last"] or 0
    if expected_version not in (None, last):
        raise LimitMoved()
    if held.filter(valid_from=valid_from).exists():
        raise LimitThatDay("valid_from")
    version = last + 1
    row = DecisionLimit.objects.create(
        authority=authority,
        days=days,
        valid_from=valid_from,
        version=version,
        set_by_id=actor.user_id,
        set_at=at,
    )
    subject = Subject(SUBJECT, authority.code, version)
    record(
        act="licensing.set_limit", subject=subject, actor=actor, effective_at=at,
        legal_basis=(Clause("SEED", "四(四)"),), public={"days": days, "valid_from": str(valid_from)},
    )  # fmt: skip
    emit(type="licensing.set_limit", subject=subject)
    return row
