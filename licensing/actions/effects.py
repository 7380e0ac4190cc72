"""What a grant does to the licence: a new one, a new term, new content, or its end (DOMAIN §3.3).

Whoever calls has locked the case and, before it, the licence. Each effect is one act on the licence with its own entry
in the ledger, and every effect but the end orders a new version of the certificate.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.queries import category_on
from certificates.actions import request_certificate
from certificates.facts import CertificateFacts, new_public_id
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.actions import take_over_facts
from core.parties.models import Level
from licensing.actions.about_licence import RenewalUnwritten
from licensing.actions.act import note
from licensing.actions.ex_officio import DEVOLVED, go_on_with, nothing_expired_any_more, nothing_open_any_more
from licensing.actions.following import follow_licence
from licensing.changes import merged
from licensing.clock import midnight_after
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import (
    Application,
    LicenceGap,
    LicenceStatus,
    LicenceUnit,
    ProductionLicence,
)
from licensing.numbers import next_licence_number
from licensing.profile import PROFILE
from licensing.queries.terms import term_today
from licensing.rules import Term, licence_term
from licensing.terms import Renewal, renewal

LICENCE = "licensing.licence"

TAKES: Mapping[str, tuple[str, ...]] = {
    Kind.RENEWAL: ("conditions",),
    Kind.CHANGE: ("enterprise", "sites"),
    Kind.CONDITION_CHANGE: ("conditions",),
    Kind.RELOCATION: ("sites", "conditions"),
    Kind.SCOPE_EXTENSION: ("units", "conditions", "group"),
    Kind.REPLACEMENT: (),
}
"""What the licence takes over from the case; the rest of its content stays, whatever the case was filed with."""

ACTS: Mapping[str, str] = {
    Kind.RENEWAL: "licence_renewed",
    Kind.CHANGE: "licence_changed",
    Kind.CONDITION_CHANGE: "licence_conditions_changed",
    Kind.RELOCATION: "licence_relocated",
    Kind.SCOPE_EXTENSION: "licence_extended",
    Kind.REPLACEMENT: "certificate_replaced",
}


class NoCertificateCode(Invalid):
    code = "licensing.no_certificate_code"
    message = _("该产品类别没有证书编号代码，不能发证")


class LicenceEnded(Conflict):
    code = "licensing.licence_ended"
    message = _("许可证 %(number)s 已不在有效状态，不能据此作出准予的决定")


class RenewalToConfirm(Conflict):
    code = "licensing.renewal_to_confirm"
    message = _("许可证 %(number)s 已视为准予延续。请先确认延续、制发证书，再办注销")


def apply_grant(
    application: Application, *, basis: tuple[Clause, ...], actor: Actor, at: datetime
) -> ProductionLicence:
    """Carry out what the grant of this kind does. Raises NoCertificateCode, NumbersExhausted, LicenceEnded or
    RenewalToConfirm."""
    if application.kind == Kind.NEW:
        return _give(application, basis, actor, at)
    require_standing(application, at)
    assert application.licence is not None
    if application.kind == Kind.DEREGISTRATION:
        require_confirmed(application.licence)
        nothing_open_any_more(application.licence, at)
        end(application.licence, basis=basis, actor=actor, at=at)
        return application.licence
    changed: Renewal | None = None
    if application.kind == Kind.RENEWAL:
        assert application.term_ends_on is not None
        changed = renewal(shanghai_date(at), application.term_ends_on)
    return reissue(application, changed, basis=basis, actor=actor, at=at)


def require_standing(application: Application, at: datetime) -> None:
    """A change needs a licence in force on the day; a renewal one that has ended in no other way than by its term.

    Raises LicenceEnded, or RenewalUnwritten where the law has renewed it and the sweep has not come by yet.
    """
    licence, today = application.licence, shanghai_date(at)
    assert licence is not None
    if application.kind == Kind.RENEWAL:
        alive = licence.can_be_renewed
    else:
        alive = licence.is_running and term_today(licence, today).in_force
        if alive and today > licence.valid_until:
            raise RenewalUnwritten(number=licence.number)
    if not alive:
        raise LicenceEnded(number=licence.number)


def require_confirmed(licence: ProductionLicence) -> None:
    """What the law has granted is confirmed before the licence ends: its certificate is owed (L1 arts. 44, 50)."""
    if licence.status == LicenceStatus.VALID_DEEMED:
        raise RenewalToConfirm(number=licence.number)


def _give(
    application: Application, basis: tuple[Clause, ...], actor: Actor, at: datetime
) -> ProductionLicence:
    """A new licence with a new number."""
    filed, issuing = application.filed, application.deciding_authority
    assert issuing is not None and application.filing_authority is not None
    assert application.category is not None
    term = licence_term(shanghai_date(at), PROFILE.term_years)
    licence = ProductionLicence(
        number=next_licence_number(authority=issuing, xk_code=certificate_code(application)),
        opaque_id=new_public_id(),
        enterprise=application.enterprise,
        category=application.category,
        issuing_authority=issuing,
        filing_authority=application.filing_authority,
        filing_division=application.filing_division,
        application=application,
        category_name=filed["category"]["name_zh"],
        content={key: value for key, value in filed.items() if key not in ("commitment", "statement")},
        issued_on=shanghai_date(at),
    )
    print_content(licence)
    put_term(licence, term)
    licence.save()
    put_units(licence)
    application.licence = licence
    write(licence, "licence_granted", basis=basis, actor=actor, at=at, public=term_facts(licence))
    order_certificate(application, licence, actor, at)
    return licence


def certificate_code(application: Application) -> str:
    """Product part of the number, by the catalogue of the acceptance date. Raises NoCertificateCode."""
    assert application.category is not None and application.accepted_on is not None
    version = category_on(application.category.key, application.accepted_on)
    code = version.certificate_code(settings.WORLD) if version else None
    if not code:
        raise NoCertificateCode()
    return code


def reissue(
    application: Application,
    changed: Renewal | None,
    *,
    basis: tuple[Clause, ...],
    actor: Actor,
    at: datetime,
) -> ProductionLicence:
    """The licence with the content of the case and, for a renewal, its new term: number kept, certificate anew.

    A national licence of a category since devolved is replaced by a provincial one (R-84).
    """
    licence = replaced_by_province(application, basis=basis, actor=actor, at=at) or application.licence
    assert licence is not None
    before = licence.content
    take_content(licence, application)
    licence.issued_on = shanghai_date(at)
    if changed is not None:
        put_term(licence, changed.term)
        licence.status = LicenceStatus.VALID
        nothing_expired_any_more(licence, at)
        if changed.gap_from is not None and changed.gap_to is not None:
            LicenceGap.objects.create(licence=licence, gap_from=changed.gap_from, gap_to=changed.gap_to)
    if application.kind == Kind.CHANGE:
        _tell_register(application, licence)
    put_units(licence)
    follow_licence(licence, before, shanghai_date(at))
    write(
        licence, ACTS[application.kind], basis=basis, actor=actor, at=at,
        public={**term_facts(licence), **_gap_facts(changed), **_loss(application)},
    )  # fmt: skip
    order_certificate(application, licence, actor, at)
    return licence


def _tell_register(application: Application, licence: ProductionLicence) -> None:
    """The enterprise is called as its licence from now on: the desk compared the change with the business licence."""
    decided = licence.content["enterprise"]
    take_over_facts(
        enterprise=application.enterprise, name=decided["name"], division=decided["division"],
        address=decided["address"],
    )  # fmt: skip


def _loss(application: Application) -> dict[str, Any]:
    """What the holder declared of a lost or damaged certificate: published with the one that replaces it (§3.3)."""
    return {"statement": application.filed["statement"]} if application.kind == Kind.REPLACEMENT else {}


def take_content(licence: ProductionLicence, application: Application) -> None:
    """Take over from the case what it alters; new units and members join those there are."""
    filed = application.filed
    if "before" in filed:
        filed = {**filed, **merged(application.kind, filed["before"], filed, licence.content)}
    parts = {part: filed[part] for part in TAKES[application.kind] if part in filed}
    if "units" in parts:
        known = {unit["id"] for unit in licence.content["units"]}
        parts["units"] = licence.content["units"] + [u for u in parts["units"] if u["id"] not in known]
    if "group" in parts:
        known_members = {row["uscc"] for row in licence.content.get("group", [])}
        parts["group"] = licence.content.get("group", []) + [
            row for row in parts["group"] if row["uscc"] not in known_members
        ]
    licence.content = {**licence.content, **parts}
    licence.application = application
    print_content(licence)


def print_content(licence: ProductionLicence) -> None:
    """The words that stand on the certificate, from the content."""
    enterprise = licence.content["enterprise"]
    licence.holder_name, licence.uscc = enterprise["name"], enterprise["uscc"]
    licence.registered_address = enterprise["full_address"]
    licence.production_addresses = [site["full_address"] for site in licence.content["sites"]]


def put_term(licence: ProductionLicence, term: Term) -> None:
    """The dates of a term, and the first moment after its last day."""
    licence.valid_from, licence.term_start, licence.valid_until = (
        term.valid_from,
        term.term_start,
        term.valid_until,
    )
    licence.next_check_at = midnight_after(term.valid_until)


def put_units(licence: ProductionLicence) -> None:
    """The units of the content, each under the name it was granted with."""
    known = set(licence.units.values_list("unit_id", flat=True))
    LicenceUnit.objects.bulk_create(
        LicenceUnit(licence=licence, unit_id=unit["id"], name=unit["name_zh"])
        for unit in licence.content["units"]
        if unit["id"] not in known
    )


def replaced_by_province(
    application: Application, *, basis: tuple[Clause, ...], actor: Actor, at: datetime
) -> ProductionLicence | None:
    """The provincial licence that takes the place of a national one, which ends the same day; None where both levels
    agree. The expiry is the old one's unless the case renews it; whatever is open goes on with the new one (R-84)."""
    old, province = application.licence, application.deciding_authority
    assert old is not None and province is not None
    if old.issuing_authority.level != Level.NATIONAL or province.level == Level.NATIONAL:
        return None
    fields = {
        name: getattr(old, name)
        for name in (
            "enterprise_id", "category_id", "filing_authority_id", "filing_division", "category_name", "content",
            "valid_from", "term_start", "valid_until", "next_check_at", "holder_name", "uscc", "registered_address",
            "production_addresses",
        )
    }  # fmt: skip
    status = old.status
    end(old, basis=DEVOLVED, actor=actor, at=at)
    licence = ProductionLicence.objects.create(
        **fields, number=next_licence_number(authority=province, xk_code=certificate_code(application)),
        opaque_id=new_public_id(), issuing_authority=province, replaces=old, status=status,
        issued_on=shanghai_date(at), application=application,
    )  # fmt: skip
    put_units(licence)
    write(
        licence, "licence_granted", basis=(*basis, *DEVOLVED), actor=actor, at=at,
        public={**term_facts(licence), "replaces": old.number},
    )  # fmt: skip
    application.licence = licence
    _go_on_with(licence, old, application, at)
    return licence


def _go_on_with(licence: ProductionLicence, old: ProductionLicence, but: Application, at: datetime) -> None:
    """Whatever else is open about the old licence is about the new one from now on, and says so in its record."""
    rows = Application.objects.select_for_update(of=("self",), no_key=True).exclude(pk=but.pk)
    going_on = [*UNDECIDED, Status.DRAFT, Status.DEEMED_RENEWED]
    for case in rows.filter(licence=old, status__in=going_on).order_by("pk"):
        case.licence = licence
        if case.is_draft:
            case.save(update_fields=["licence"])
        else:
            replaced = {"licence": licence.number, "replaces": old.number}
            note(case, "licence_replaced", at=at, basis=DEVOLVED, public=replaced)
    go_on_with(licence, old, at)


def end(
    licence: ProductionLicence,
    *,
    basis: tuple[Clause, ...],
    actor: Actor,
    at: datetime,
    public: Mapping[str, Any] | None = None,
) -> None:
    """Deregister. A licence that ended before keeps the word of that ending; this is noted beside it (DOMAIN §3.7)."""
    licence.deregistered_on = shanghai_date(at)
    licence.deregistered_basis = [clause.as_json() for clause in basis]
    if licence.is_running:
        licence.status = LicenceStatus.DEREGISTERED
    licence.next_check_at = None
    write(licence, "licence_deregistered", basis=basis, actor=actor, at=at, public=public or {})


def write(
    licence: ProductionLicence,
    act: str,
    *,
    basis: tuple[Clause, ...],
    actor: Actor,
    at: datetime,
    public: Mapping[str, Any],
    dating: str = "",
) -> None:
    """One act on the licence: a new version of it, one entry, one event. The granting act is version 1."""
    if act != "licence_granted":
        licence.version += 1
    licence.save()
    subject = Subject(LICENCE, licence.number, licence.version)
    record(
        act=f"licensing.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=basis, public=public,
        dating=dating,
    )  # fmt: skip
    emit(type=f"licensing.{act}", subject=subject)


def term_facts(licence: ProductionLicence) -> dict[str, str]:
    """The term as the ledger tells it."""
    return {"valid_from": str(licence.valid_from), "valid_until": str(licence.valid_until)}


def _gap_facts(changed: Renewal | None) -> dict[str, str]:
    if changed is None or changed.gap_from is None:
        return {}
    return {"gap_from": str(changed.gap_from), "gap_to": str(changed.gap_to)}


def order_certificate(
    application: Application | None, licence: ProductionLicence, actor: Actor, at: datetime
) -> None:
    """Ask for the next certificate of the licence, which is the one of this case; the signing worker makes it.

    A correction has no case: the case of the certificate that was wrong keeps the version it led to (R-89).
    """
    licence.certificate_version += 1
    licence.save(update_fields=["certificate_version"])
    if application is not None:
        application.licence_version = licence.certificate_version
    request_certificate(facts=certificate_facts(licence), actor=actor, at=at)


def certificate_facts(licence: ProductionLicence) -> CertificateFacts:
    """The licence as facts on paper (DOMAIN §7.1)."""
    return CertificateFacts(
        licence_number=licence.number,
        version=licence.certificate_version,
        holder_name=licence.holder_name,
        uscc=licence.uscc,
        registered_address=licence.registered_address,
        production_addresses=tuple(licence.production_addresses),
        category_name=licence.category_name,
        units=tuple(licence.units.order_by("id").values_list("name", flat=True)),
        issue_date=licence.issued_on,
        valid_from=licence.valid_from,
        valid_until=licence.valid_until,
        authority_code=licence.issuing_authority.code,
        authority_name=licence.issuing_authority.name_zh,
        public_id=licence.opaque_id,
        demo=settings.WORLD == "demo",
        group_members=tuple(
            f"{row['name']}（{row['uscc']}）{row['full_address']}" for row in licence.content.get("group", [])
        ),
    )
