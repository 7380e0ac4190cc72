"""Publish and end pilot switches: national, dated, never reaching back (R-24, R-27, R-41; R-2; DOMAIN §8)."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.models import Authority, Level
from licensing.actions.policy import require_national
from licensing.models import PilotSwitch

SUBJECT = "licensing.pilot"
BASIS = {
    PilotSwitch.Measure.ONSITE_EXEMPTION: (Clause("SEED", "四(一)"),),
    PilotSwitch.Measure.SPOT_CHECK_NEW: (Clause("SEED", "四(一)"),),
    PilotSwitch.Measure.TEST_BEFORE_VISIT: (Clause("SEED", "四(三)"),),
}


class PilotDates(Invalid):
    code = "licensing.pilot_dates"
    message = _("生效日不能早于今天，截止日须在生效日之后")


class PilotProvince(Invalid):
    code = "licensing.pilot_province"
    message = _("试点在省一级开展，请选择省级机关")


class PilotCondition(Invalid):
    code = "licensing.pilot_condition"
    message = _("只有免于实地核查可以附加企业类别的条件")


class PilotBasis(Invalid):
    code = "licensing.pilot_basis"
    message = _("请写明依据的文件和条款")


class PilotThere(Conflict):
    code = "licensing.pilot_there"
    message = _("这个省、这一范围在这一期间已经开展这项试点")


class PilotOver(Conflict):
    code = "licensing.pilot_over"
    message = _("这项试点已经结束，或者截止日不晚于今天；最早从明天起停止")


@transaction.atomic
def switch_on(
    *,
    measure: str,
    province: Authority,
    category: ProductCategory | None,
    least_class: str,
    effective_from: date,
    valid_to: date | None,
    basis_instrument: str,
    basis_article: str,
    actor: Actor,
    at: datetime,
) -> PilotSwitch:
    """Switch a measure on in a province, for a category or all, for cases accepted from a day on.

    Raises NotNational, PilotProvince, PilotDates, PilotCondition, PilotBasis or PilotThere.
    """
    acting = require_national(actor, at)
    if province.level != Level.PROVINCIAL:
        raise PilotProvince("province")
    if effective_from < shanghai_date(at):
        raise PilotDates("effective_from")
    if valid_to is not None and valid_to <= effective_from:
        raise PilotDates("valid_to")
    if least_class and measure != PilotSwitch.Measure.ONSITE_EXEMPTION:
        raise PilotCondition("least_class")
    for name, text in (("basis_instrument", basis_instrument), ("basis_article", basis_article)):
        if not text.strip():
            raise PilotBasis(name)
    row = PilotSwitch(
        measure=PilotSwitch.Measure(measure), province=province, category=category, least_class=least_class,
        effective_from=effective_from, valid_to=valid_to, basis_instrument=basis_instrument.strip(),
        basis_article=basis_article.strip(), published_by_id=actor.user_id, published_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise PilotThere("effective_from") from error
    _write(row, "pilot_on", acting, at)
    return row


@transaction.atomic
def switch_off(*, pk: int, valid_to: date, actor: Actor, at: datetime) -> PilotSwitch:
    """End a pilot: cases accepted from `valid_to` on are judged without it; earlier ones keep it (DOMAIN §0.1 no. 9).

    Tomorrow at the earliest: the policy of a day is that of its acceptances, and today's have begun. One that has not
    begun yet may end on its first day, and so never begins. Raises NotNational or PilotOver.
    """
    acting = require_national(actor, at)
    row = PilotSwitch.objects.select_for_update(of=("self",)).select_related("province").get(pk=pk)
    today = shanghai_date(at)
    over = row.valid_to is not None and row.valid_to <= valid_to
    if over or valid_to <= today or valid_to < row.effective_from:
        raise PilotOver("valid_to")
    row.valid_to = valid_to
    row.version += 1
    row.save()
    _write(row, "pilot_off", acting, at)
    return row


def _write(row: PilotSwitch, act: str, actor: Actor, at: datetime) -> None:
    subject = Subject(SUBJECT, str(row.pk), row.version)
    record(
        act=f"licensing.{act}", subject=subject, actor=actor, effective_at=at,
        legal_basis=BASIS[PilotSwitch.Measure(row.measure)],
        public={
            "measure": row.measure, "province": row.province.code,
            "category": row.category.key if row.category else "", "least_class": row.least_class,
            "effective_from": str(row.effective_from), "valid_to": str(row.valid_to or ""),
            "basis": f"{row.basis_instrument} {row.basis_article}",
        },
    )  # fmt: skip
    emit(type=f"licensing.{act}", subject=subject)
