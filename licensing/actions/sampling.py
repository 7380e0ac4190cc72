"""The sampling review: a person who did not sign the order looks again at what it granted (R-85)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.errors import Conflict, Invalid, NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from licensing.actions.act import OwnInterest, acting_for, person_of, require_no_conflict
from licensing.actions.standing import put_matter
from licensing.actions.straight_through import SAMPLE
from licensing.models import OpenMatter, SamplingReview
from licensing.queries.orders import with_part_in

BASIS = (Clause("SEED", "四(一)"), Clause("DESIGN", "常设审批令"))


class NotYourSample(NotAllowed):
    code = "licensing.not_your_sample"
    message = _(
        "抽查由发证机关负责审查的人进行；签署这份常设审批令的，办过这件申请、登记过其中结果或者声明回避的，不能抽查"
    )


class SampleDone(Conflict):
    code = "licensing.sample_done"
    message = _("这件抽查已经办结")


class SampleReasons(Invalid):
    code = "licensing.sample_reasons"
    message = _("决定有误的，须写明事实和理由")


@transaction.atomic
def examine(
    *, public_id: UUID | str, finding: str, reasons: str, no_conflict: bool, actor: Actor, at: datetime
) -> SamplingReview:
    """Say whether a decision under a standing order was right.

    A wrong grant becomes a lead against the holder, so that revocation is looked into and no further case of his goes
    straight through (DOMAIN §3.7 (a)). Whoever had a part in the case does not look at it again (DOMAIN §3.2).
    Raises NotYourSample, OwnInterest, NoConflictUndeclared, SampleReasons or
    SampleDone.
    """
    rows = SamplingReview.objects.select_for_update(of=("self",))
    row = rows.select_related("order__authority", "application__enterprise").get(public_id=public_id)
    order, application = row.order, row.application
    standing = standing_for(actor, at)
    if not standing.holds("review", order.authority_id) or order.signed_by_id == actor.user_id:
        raise NotYourSample()
    if with_part_in(actor.user_id).filter(pk=application.pk).exists():
        raise NotYourSample()
    if application.enterprise_id in standing.interests:
        raise OwnInterest()
    if row.finding:
        raise SampleDone()
    require_no_conflict(no_conflict)
    row.finding = SamplingReview.Finding(finding)
    if row.finding == SamplingReview.Finding.WRONG and not reasons.strip():
        raise SampleReasons("reasons")
    row.reasons, row.reviewed_by, row.reviewed_at = reasons.strip(), person_of(actor), at
    row.version += 1
    row.save()
    acting = acting_for(actor, order.authority.code, order.authority.name_zh)
    subject = Subject(SAMPLE, str(row.public_id), row.version)
    record(
        act="licensing.sample_examined", subject=subject, actor=acting, effective_at=at, legal_basis=BASIS,
        internal={"case": application.number, "order": order.number, "finding": row.finding, "no_conflict": True},
        personal={"reasons": row.reasons} if row.reasons else {},
    )  # fmt: skip
    emit(type="licensing.sample_examined", subject=subject)
    if row.finding == SamplingReview.Finding.WRONG:
        what = f"常设审批令 {order.number} 准予的 {application.number} 经抽查有误：{row.reasons}"[:300]
        put_matter(application.enterprise, OpenMatter.Kind.LEAD, what, order.authority, acting, at)
    return row
