"""The one-time correction notice and its answer (L1 art. 32 ¶1(4)(5); S4, S6, K14; R-31)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.files.actions import drop
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from licensing.actions.acceptance import at_desk, require_in_time
from licensing.actions.act import advance, locked, person_of, require_enterprise
from licensing.actions.drafts import DraftMoved
from licensing.actions.filing import as_filed, check_sendable, resolve_authorities, take_in
from licensing.clock import compute_due
from licensing.correction import REASON_LIMIT, changed_targets, unknown_targets
from licensing.lifecycle import LIFE_CYCLE
from licensing.models import (
    Application,
    ApplicationDocument,
    CorrectionItem,
    CorrectionNotice,
    Filing,
    Slot,
    SupersededDocument,
)
from licensing.policy import profile_on
from licensing.reminders import next_reminder


class NothingCited(Invalid):
    code = "licensing.nothing_cited"
    message = _("请至少指出一项需要补正的内容，并写明原因")


class NotCitable(Invalid):
    code = "licensing.not_citable"
    message = _("补正通知只能指向本类申请的材料或申请书中的栏目，“%(target)s”不在其中（R-31）")


class ReasonTooLong(Invalid):
    code = "licensing.reason_too_long"
    message = _("每项原因不超过 %(limit)s 个字")


class NotifiedAlready(Conflict):
    code = "licensing.notified_already"
    message = _("补正已经一次告知过，不得再次要求补正：请受理，或以通知过的内容仍未补正为由不予受理")


class AnotherProvince(Invalid):
    code = "licensing.another_province"
    message = _("改后的住所不属于原受理机关管辖。请撤回本申请，向%(authority)s另行提交")


@transaction.atomic
def request_correction(
    *, public_id: UUID | str, expected_version: int, items: Mapping[str, str], actor: Actor, at: datetime
) -> Application:
    """Tell everything that is to be put right, once. `items` maps targets to reasons.

    Only the documents of the kind and fields of its form can be cited (R-31). Raises NothingCited, NotCitable,
    ReasonTooLong, NotifiedAlready, or TooLate once silence has accepted the filing (K13).
    """
    application, actor = at_desk(public_id, expected_version, "request_correction", actor, at)
    if CorrectionNotice.objects.filter(application=application).exists():
        raise NotifiedAlready()
    require_in_time(application, at)
    reasons = {target: reason.strip() for target, reason in items.items() if reason.strip()}
    _check_items(reasons, application.kind)
    lapses_after = compute_due(
        shanghai_date(at),
        profile_on(shanghai_date(at), application.filing_authority_id).correction,
        application.filing_division,
    ).on
    notice = CorrectionNotice.objects.create(
        application=application, issued_by=person_of(actor), issued_at=at, lapses_after=lapses_after
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(notice=notice, target=target, reason=reason) for target, reason in reasons.items()
    )
    application.next_due_on = None
    application.next_check_at = next_reminder(lapses_after, at)
    return advance(
        application, "request_correction", actor=actor, at=at,
        public={"targets": sorted(reasons), "lapses_after": str(lapses_after)}, personal=reasons,
    )  # fmt: skip


def _check_items(reasons: Mapping[str, str], kind: str) -> None:
    if not reasons:
        raise NothingCited()
    for target in unknown_targets(reasons, kind):
        raise NotCitable(target, target=target)
    for target, reason in reasons.items():
        if len(reason) > REASON_LIMIT:
            raise ReasonTooLong(target, limit=REASON_LIMIT)


@transaction.atomic
def resubmit(*, public_id: UUID | str, draft_version: int, actor: Actor, at: datetime) -> Application:
    """Answer the notice: a new receipt, five new working days, the first receipt kept (K14).

    Raises DraftMoved, AnotherProvince, and what `submit` raises; what was typed is kept in each case.
    """
    application = locked(public_id)
    actor = require_enterprise(application, actor, at)
    LIFE_CYCLE.find("resubmit", application.status)
    if application.draft_version != draft_version:
        raise DraftMoved()
    check_sendable(application, at)
    resolved = resolve_authorities(application, shanghai_date(at))
    if resolved.filing.pk != application.filing_authority_id:
        raise AnotherProvince("enterprise", authority=resolved.filing.name)
    before, facts = application.filed, as_filed(application, at)
    take_in(application, resolved, facts, at)
    Filing.objects.create(application=application, ordinal=2, received_at=at, facts=facts)
    replaced = _replace_documents(application)
    CorrectionNotice.objects.filter(application=application).update(answered_at=at)
    changed = sorted(changed_targets(before, facts) | replaced)
    return advance(
        application, "resubmit", actor=actor, at=at, public={"changed": changed},
        basis=(Clause("L1", "第三十二条第一款第五项"),),
        personal={"legal_representative": facts["enterprise"]["legal_representative"]},  # type: ignore[index]
    )  # fmt: skip


def _replace_documents(application: Application) -> frozenset[str]:
    """Put the prepared documents in place, keep the old ones; the written papers are made anew by a worker."""
    prepared = {row.slot: row for row in application.replacements.select_related("file")}
    written = {Slot.APPLICATION_FORM.value, Slot.COMMITMENT_LETTER.value}
    for document in application.documents.filter(slot__in=written | prepared.keys()).select_related("file"):
        SupersededDocument.objects.create(application=application, slot=document.slot, file=document.file)
        document.delete()
    for row in prepared.values():
        row.delete()
        ApplicationDocument.objects.create(application=application, slot=row.slot, file=row.file)
    return frozenset(prepared)


def discard_replacements(application: Application) -> None:
    """What was prepared and never sent goes with the case's end."""
    for row in application.replacements.select_related("file"):
        row.delete()
        drop(public_id=str(row.file.public_id))
