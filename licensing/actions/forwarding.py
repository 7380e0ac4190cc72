"""A filing at the wrong authority: refused by name and forwarded as a new filing (L1 art. 32 ¶1(2); S2, K13)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.files.actions import share
from core.lifecycle.actors import SYSTEM, Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Invalid
from core.lifecycle.subjects import Subject
from core.parties.jurisdiction import XINJIANG, XPCC
from core.parties.models import Authority, Level
from licensing.actions.acceptance import ExplanationMissing, at_desk
from licensing.actions.act import SUBJECT, advance, person_of
from licensing.actions.filing import close, resolve_authorities, take_in
from licensing.lifecycle import Status
from licensing.models import (
    AcceptanceRefusal,
    Application,
    ApplicationDocument,
    ApplicationUnit,
    Commitment,
    Filing,
    Ground,
)
from licensing.numbers import next_case_number


class StaysWithItsLicence(Invalid):
    code = "licensing.stays_with_its_licence"
    message = _("这件申请据已发的许可证提出，由发证地机关办理，不转别的机关")


class OwnCompetence(Invalid):
    code = "licensing.own_competence"
    message = _("请选择有权受理的机关；本机关就是有权机关时不能以此为由不予受理")


class CorpsOnlyInXinjiang(Invalid):
    code = "licensing.corps_only_in_xinjiang"
    message = _("所在地不在新疆的企业，不能转新疆生产建设兵团")


class AcceptedByHand(Invalid):
    code = "licensing.accepted_by_hand"
    message = _("这件申请已由工作人员核对后受理，不能再转出")


@transaction.atomic
def forward_elsewhere(
    *,
    public_id: UUID | str,
    expected_version: int,
    right_authority: Authority | None,
    explanation: str,
    actor: Actor,
    at: datetime,
) -> Application:
    """Refuse for want of competence and file the same papers with the right authority; returns the new filing.

    The first receipt is kept. Also after silence has accepted the filing, which cures form and not competence (K13).
    Raises OwnCompetence, CorpsOnlyInXinjiang, AcceptedByHand or ExplanationMissing.
    """
    application, actor = at_desk(public_id, expected_version, "forward_elsewhere", actor, at)
    if application.status == Status.UNDER_REVIEW and not (
        application.deemed_accepted and application.clerk is None
    ):
        raise AcceptedByHand()
    if application.licence_id is not None:
        raise StaysWithItsLicence("right_authority")
    right = _right(application, right_authority)
    if not explanation.strip():
        raise ExplanationMissing("explanation")
    application.clerk = person_of(actor)
    close(application, at)
    AcceptanceRefusal.objects.create(
        application=application, ground=Ground.WRONG_AUTHORITY, right_authority=right,
        explanation=explanation.strip(), refused_on=shanghai_date(at),
    )  # fmt: skip
    copy = _copy_to(application, right, at)
    advance(
        application, "forward_elsewhere", actor=actor, at=at,
        public={"ground": Ground.WRONG_AUTHORITY.value, "right_authority": right.code, "new_number": copy.number},
        personal={"explanation": explanation.strip()},
    )  # fmt: skip
    return copy


def _right(application: Application, right: Authority | None) -> Authority:
    own = {application.filing_authority_id, application.acceptance_authority_id}
    if right is None or right.pk in own or right.level != Level.PROVINCIAL:
        raise OwnCompetence("right_authority")
    if right.code == XPCC and not application.filing_division.startswith(XINJIANG):
        raise CorpsOnlyInXinjiang("right_authority")
    return right


def _copy_to(application: Application, right: Authority, at: datetime) -> Application:
    """The same papers as a new filing at `right`, received now and first received when the applicant sent them."""
    enterprise = {**application.draft["enterprise"], "xpcc": right.code == XPCC}
    copy = Application(
        kind=application.kind, enterprise=application.enterprise, category=application.category,
        draft={**application.draft, "enterprise": enterprise}, draft_saved_at=at, created_by=application.created_by,
        profile=application.profile, first_received_at=application.first_received_at,
        forwarded_from=application, filing_authority=right,
    )  # fmt: skip
    copy.number = next_case_number(authority=right, kind=copy.kind, year=shanghai_date(at).year)
    take_in(copy, resolve_authorities(copy, shanghai_date(at)), application.filed, at)
    copy.status = Status.DRAFT
    _save_as_draft(copy)
    _copy_papers(application, copy, at)
    Filing.objects.create(application=copy, ordinal=1, received_at=at, facts=copy.filed)
    return advance(
        copy, "receive_forwarded", actor=SYSTEM, at=at,
        public={
            "number": copy.number, "kind": copy.kind, "filing_authority": right.code, "from": application.number,
            "first_received_on": str(shanghai_date(application.first_received_at)),  # type: ignore[arg-type]
        },
    )  # fmt: skip


def _save_as_draft(copy: Application) -> None:
    """A draft has no number: the row is made without, and given it with its first act."""
    number, copy.number = copy.number, None
    copy.save()
    copy.number = number


def _copy_papers(application: Application, copy: Application, at: datetime) -> None:
    ApplicationUnit.objects.bulk_create(
        ApplicationUnit(application=copy, unit_id=unit_id)
        for unit_id in application.units.values_list("unit_id", flat=True)
    )
    owner = Subject(SUBJECT, str(copy.public_id))
    for document in application.documents.select_related("file__blob"):
        file = share(stored=document.file, owner=owner, slot=document.slot, actor=SYSTEM, at=at)
        ApplicationDocument.objects.create(application=copy, slot=document.slot, file=file)
    signed = application.commitment
    Commitment.objects.create(
        application=copy, text_version=signed.text_version, text=signed.text, signer=signed.signer,
        signed_at=signed.signed_at, sha256=signed.sha256,
    )  # fmt: skip
