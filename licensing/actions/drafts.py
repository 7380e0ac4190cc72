"""Before filing: a draft is the enterprise's own paper, so saving it is no legal act and leaves no ledger entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductCategory, ProductUnit
from core.claims.queries import typed_facts
from core.files.actions import drop, store
from core.files.models import StoredFile
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, Moved, NotAllowed
from core.lifecycle.subjects import Subject
from core.parties.competence import standing_for
from core.parties.models import Enterprise, Membership
from licensing.actions.about_licence import check_licence
from licensing.actions.act import SUBJECT, NotYourCase, require_drafter
from licensing.changes import prefilled
from licensing.commitment import letter_hash
from licensing.correction import outside_notice, sections_open
from licensing.exemptions import with_memory
from licensing.kinds import Kind
from licensing.models import (
    Application,
    ApplicationDocument,
    ApplicationUnit,
    Commitment,
    ProductionLicence,
    ReplacementDocument,
    Slot,
)
from licensing.queries.drafts import cited_in, letter_of, sections_done


class DraftMoved(Moved):
    code = "licensing.draft_moved"
    message = _("这份草稿在别处改过。下面保留了你刚填写的内容，请核对后再保存一次")


class NotYourLicence(NotAllowed):
    code = "licensing.not_your_licence"
    message = _("这张许可证不是你所代表企业的")


class SectionNotAsked(Invalid):
    code = "licensing.section_not_asked"
    message = _("这类申请没有这一部分")


class MemberTwice(Invalid):
    code = "licensing.member_twice"
    message = _("这个单位已经列出，或者就是申请企业本身")


class LicensedUnits(Invalid):
    code = "licensing.licensed_units"
    message = _("许可证上已有的单元不能去掉；增项只增加单元")


class DraftClosed(Conflict):
    code = "licensing.draft_closed"
    message = _("这份申请已经提交，不能再改")


class NotInNotice(Invalid):
    code = "licensing.not_in_notice"
    message = _("补正时只能修改通知指出的内容；其他内容以原申请为准")


class GeneratedPaper(Invalid):
    code = "licensing.generated_paper"
    message = _("这是系统生成的%(paper)s，不是营业执照。请上传营业执照的扫描件或照片")


class UnitOutsideCategory(Invalid):
    code = "licensing.unit_outside_category"
    message = _("所选单元不属于这一产品类别，请重新选择")


class SignerMismatch(Invalid):
    code = "licensing.signer_mismatch"
    message = _("签署人须是法定代表人“%(expected)s”。请按营业执照上的姓名签署")


class OnlyTheLegalRepresentative(NotAllowed):
    code = "licensing.only_the_legal_representative"
    message = _("承诺书只能由法定代表人本人的账号签署")


class CommitmentTooEarly(Invalid):
    code = "licensing.commitment_too_early"
    message = _("请先完成前面各步再签署承诺书，承诺的是已经填好的内容")


@transaction.atomic
def start_draft(
    *,
    public_id: UUID,
    enterprise: Enterprise,
    actor: Actor,
    at: datetime,
    kind: str = Kind.NEW,
    licence: ProductionLicence | None = None,
) -> Application:
    """Open a draft under an id made by the page: the same form sent twice opens one draft.

    Every kind but a new application begins from a licence of this enterprise, whose content it brings along. Raises
    NotYourLicence, and what `check_licence` raises.
    """
    existing = Application.objects.filter(public_id=public_id).first()
    if existing is not None:
        require_drafter(existing, actor, at)
        return existing
    application = Application(
        public_id=public_id,
        enterprise=enterprise,
        created_by_id=actor.user_id,
        draft_saved_at=at,
        kind=Kind(kind),
    )
    require_drafter(application, actor, at)
    application.draft = {"enterprise": _brought_along(enterprise, actor, at)}
    if application.kind != Kind.NEW:
        _begin_from(application, licence, actor, at)
    try:
        with transaction.atomic():
            application.save(force_insert=True)
            take_units(application)
    except IntegrityError:
        application = Application.objects.get(public_id=public_id)
        require_drafter(application, actor, at)
    return application


def _begin_from(
    application: Application, licence: ProductionLicence | None, actor: Actor, at: datetime
) -> None:
    """Everything the licence says is brought along; the people to reach are those of the register.

    What the enterprise holds is not for somebody who only claims to act for it (R-88).
    """
    proved = standing_for(actor, at).enterprise_ids
    if (
        licence is None
        or licence.enterprise_id != application.enterprise_id
        or licence.enterprise_id not in proved
    ):
        raise NotYourLicence("licence")
    check_licence(application.kind, licence, at)
    application.licence, application.category = licence, licence.category
    brought = prefilled(licence.content)
    reached = application.draft["enterprise"]
    application.draft = {**brought, "enterprise": {**reached, **brought["enterprise"]}}


def take_units(application: Application) -> None:
    """The units that the licence has and the draft does not."""
    if application.licence is not None:
        chosen = set(application.units.values_list("unit_id", flat=True))
        ApplicationUnit.objects.bulk_create(
            ApplicationUnit(application=application, unit_id=unit["id"])
            for unit in application.licence.content["units"]
            if unit["id"] not in chosen
        )


def _brought_along(enterprise: Enterprise, actor: Actor, at: datetime) -> dict[str, Any]:
    """The register's facts for a member, for a claimant what he typed himself (R-88); who begins is the contact."""
    start = {"confirmed": False, "uscc": enterprise.uscc, "contact": actor.label}
    if enterprise.pk in standing_for(actor, at).enterprise_ids:
        return {**start, **_registered(enterprise)}
    typed = typed_facts(actor.user_id or 0, frozenset({enterprise.pk})).get(enterprise.pk, {})
    return {**start, **typed}


def _registered(enterprise: Enterprise) -> dict[str, Any]:
    return {
        "name": enterprise.name,
        "legal_representative": enterprise.legal_representative,
        "division": enterprise.registered_division,
        "address": enterprise.registered_address,
        "phone": enterprise.phone,
    }


def _open(public_id: UUID | str, actor: Actor, at: datetime, draft_version: int, section: str) -> Application:
    application = Application.objects.select_for_update(of=("self",)).get(public_id=public_id)
    require_drafter(application, actor, at)
    if not application.is_open_to_applicant:
        raise DraftClosed()
    if section not in application.rules.all_sections:
        raise SectionNotAsked()
    if not application.is_draft and section not in sections_open(cited_in(application), application.kind):
        raise NotInNotice()
    if application.draft_version != draft_version:
        raise DraftMoved()
    return application


def _saved(application: Application, at: datetime) -> Application:
    application.draft_version += 1
    application.draft_saved_at = at
    application.save()
    return application


def withdraw_signature(application: Application) -> None:
    """A commitment covers what was filled in when it was signed: a later change asks for a new signature."""
    Commitment.objects.filter(application=application).delete()


@transaction.atomic
def save_section(
    *,
    public_id: UUID | str,
    section: str,
    data: Mapping[str, Any],
    draft_version: int,
    actor: Actor,
    at: datetime,
) -> Application:
    """Keep one section. The same content again is no change; a draft that moved elsewhere raises DraftMoved."""
    application = Application.objects.select_for_update(of=("self",)).get(public_id=public_id)
    require_drafter(application, actor, at)
    if section == "statement" and application.kind == Kind.RENEWAL:
        data = with_memory(application.draft.get(section, {}), data, shanghai_date(at))
    if application.is_open_to_applicant and application.draft.get(section) == dict(data):
        return application
    application = _open(public_id, actor, at, draft_version, section)
    if not application.is_draft:
        before = application.draft.get(section, {})
        if outside_notice(section, before, data, cited_in(application)):
            raise NotInNotice()
    if section == "group":
        _require_distinct(application, data)
    application.draft = {**application.draft, section: dict(data)}
    withdraw_signature(application)
    return _saved(application, at)


def _require_distinct(application: Application, data: Mapping[str, Any]) -> None:
    """A member of the group stands once, and the holder itself is none."""
    codes = [row["uscc"] for row in data.get("rows", ())]
    licensed = application.licence.content.get("group", ()) if application.licence else ()
    if len(set(codes)) < len(codes) or {application.enterprise.uscc, *(r["uscc"] for r in licensed)} & set(
        codes
    ):
        raise MemberTwice("uscc")


@transaction.atomic
def choose_category(
    *, public_id: UUID | str, category: ProductCategory, draft_version: int, actor: Actor, at: datetime
) -> Application:
    """Choose the category; another category empties the choice of units."""
    application = _open(public_id, actor, at, draft_version, "product")
    if application.category_id == category.pk:
        return application
    if not application.is_draft or application.licence_id is not None:
        raise NotInNotice()
    application.category = category
    application.units.all().delete()
    withdraw_signature(application)
    return _saved(application, at)


@transaction.atomic
def choose_units(
    *, public_id: UUID | str, units: list[ProductUnit], draft_version: int, actor: Actor, at: datetime
) -> Application:
    """Choose units of the category; nothing smaller exists (R-7)."""
    application = _open(public_id, actor, at, draft_version, "product")
    if any(unit.category_id != application.category_id for unit in units):
        raise UnitOutsideCategory("units")
    chosen = {unit.pk for unit in units}
    if set(application.units.values_list("unit_id", flat=True)) == chosen:
        return application
    if application.licence and any(u["id"] not in chosen for u in application.licence.content["units"]):
        raise LicensedUnits("units")
    application.units.all().delete()
    ApplicationUnit.objects.bulk_create(ApplicationUnit(application=application, unit=unit) for unit in units)
    withdraw_signature(application)
    return _saved(application, at)


@transaction.atomic
def attach_licence(
    *,
    public_id: UUID | str,
    upload: File | bytes,
    filename: str,
    draft_version: int,
    actor: Actor,
    at: datetime,
) -> Application:
    """Put the business licence copy into its slot, replacing an earlier one. Raises the errors of core.files."""
    slot = Slot.BUSINESS_LICENCE
    application = _open(public_id, actor, at, draft_version, slot)
    stored = store(
        content=upload, filename=filename, owner=Subject(SUBJECT, str(application.public_id)), slot=slot,
        actor=actor, at=at,
    )  # fmt: skip
    _refuse_generated(application, stored)
    shelf = ApplicationDocument if application.is_draft else ReplacementDocument
    earlier = shelf.objects.filter(application=application, slot=slot).select_related("file").first()
    if earlier:
        previous = earlier.file
        earlier.delete()
        drop(public_id=str(previous.public_id))
    shelf.objects.create(application=application, slot=slot, file=stored)
    withdraw_signature(application)
    return _saved(application, at)


def _refuse_generated(application: Application, stored: StoredFile) -> None:
    """Two documents swapped: a paper this system wrote for the enterprise is no business licence."""
    own = ApplicationDocument.objects.filter(
        application__enterprise_id=application.enterprise_id, file__blob_id=stored.sha256
    ).exclude(slot=Slot.BUSINESS_LICENCE)
    if swapped := own.first():
        raise GeneratedPaper("file", paper=swapped.get_slot_display())


@transaction.atomic
def sign_commitment(
    *, public_id: UUID | str, signer: str, draft_version: int, actor: Actor, at: datetime
) -> Application:
    """Sign the commitment letter in the legal representative's name: text version, name, time and hash are kept."""
    application = _open(public_id, actor, at, draft_version, "commitment")
    _require_legal_representative(application, actor, at)
    done = sections_done(application)
    if "commitment" not in done:
        raise SectionNotAsked()
    if not all(ok for section, ok in done.items() if section != "commitment"):
        raise CommitmentTooEarly()
    expected = application.draft["enterprise"]["legal_representative"]
    if signer != expected:
        raise SignerMismatch("signer", expected=expected)
    product = catalogue_name(application, at)
    letter = letter_of(application)
    text = letter.fill(enterprise=application.draft["enterprise"]["name"], product=product)
    withdraw_signature(application)
    application.draft = {key: value for key, value in application.draft.items() if key != "followed_on"}
    Commitment.objects.create(
        application=application,
        text_version=letter.version,
        text=text,
        signer=signer,
        signed_at=at,
        sha256=letter_hash(version=letter.version, text=text, signer=signer, signed_at=at),
    )
    return _saved(application, at)


def _require_legal_representative(application: Application, actor: Actor, at: datetime) -> None:
    held = standing_for(actor, at).memberships
    role = Membership.Role.LEGAL_REPRESENTATIVE
    if not any(m.enterprise_id == application.enterprise_id and m.role == role for m in held):
        raise OnlyTheLegalRepresentative("signer")


def catalogue_name(application: Application, at: datetime) -> str:
    """The category's name in the catalogue in force at `at`."""
    from catalog.queries import category_on

    if application.category is None:
        return ""
    version = category_on(application.category.key, shanghai_date(at))
    return version.name_zh if version else application.category.key


@transaction.atomic
def discard_draft(*, public_id: UUID | str, actor: Actor, at: datetime) -> None:
    """Delete a draft and its files; a filed case cannot be deleted."""
    application = Application.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if application is None:
        return
    require_drafter(application, actor, at)
    if not application.is_draft:
        raise DraftClosed()
    files = [document.file for document in application.documents.select_related("file")]
    application.delete()
    for stored in files:
        drop(public_id=str(stored.public_id))


__all__ = [
    "CommitmentTooEarly", "DraftClosed", "DraftMoved", "NotYourCase", "SignerMismatch", "UnitOutsideCategory",
    "attach_licence", "catalogue_name", "choose_category", "choose_units", "discard_draft", "save_section",
    "sign_commitment", "start_draft",
]  # fmt: skip
