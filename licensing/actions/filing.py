"""Filing and taking back: the acts of the applicant (S1, S2; R-17, R-29)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from catalog.models import CategoryVersion, ProductCategory, ProductUnit
from catalog.queries import category_on, open_units
from catalog.rules import filing_open
from certificates.glyphs import missing as missing_glyphs
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid
from core.lifecycle.memo import remembered
from core.parties.competence import Handlers, handlers
from core.parties.models import Authority, Level
from licensing.actions.about_licence import check_alteration, check_licence, require_only_one
from licensing.actions.act import advance, locked, require_enterprise
from licensing.changes import filed_content, group_rows, unconfirmed
from licensing.clock import compute_due, intake_limit, midnight_after, received_on, refresh_clock
from licensing.jurisdiction import authorities_of
from licensing.kinds import Kind, filing_kind
from licensing.lifecycle import Status
from licensing.models import Application, Bar, Filing, PauseEnd, ProductionLicence
from licensing.numbers import next_case_number
from licensing.policy import profile_on
from licensing.queries.bars import CLAUSES, bar_against
from licensing.queries.drafts import sections_done
from licensing.rules import missing_sections


class Incomplete(Invalid):
    code = "licensing.incomplete"
    message = _("还有没填完的部分，请回到清单补齐后再提交")


class UnitNoLongerListed(Invalid):
    code = "licensing.unit_no_longer_listed"
    message = _("单元“%(units)s”已不在目录中，请重新选择产品单元。其他内容都已保留")


class FilingClosed(Invalid):
    code = "licensing.filing_closed"
    message = _("“%(category)s”目前不能申请：%(reason)s")


class NameNotPrintable(Invalid):
    code = "licensing.name_not_printable"
    message = _("“%(glyphs)s”无法印在证书上。请核对是否为营业执照上的字")


class Barred(Invalid):
    code = "licensing.barred"
    message = _("%(cause)s：%(until)s前不得申请这类产品的许可（%(clause)s）")


class AlreadyFiled(Conflict):
    code = "licensing.already_filed"
    message = _("这份申请已经提交过了，受理编号 %(number)s")


@transaction.atomic
def submit(*, public_id: UUID | str, draft_version: int, actor: Actor, at: datetime) -> Application:
    """File a draft: dated receipt, case number, competent authorities, the facts as filed (S1, R-17).

    Raises AlreadyFiled when sent twice, DraftMoved when another tab changed it, Incomplete, FilingClosed,
    UnitNoLongerListed, Barred or NameNotPrintable when it cannot stand; the draft is kept in each case.
    """
    from licensing.actions.drafts import DraftMoved

    application = locked(public_id)
    actor = require_enterprise(application, actor, at)
    if application.status != Status.DRAFT:
        raise AlreadyFiled(number=application.number)
    if application.draft_version != draft_version:
        raise DraftMoved()
    check_sendable(application, at)
    resolved = resolve_authorities(application, shanghai_date(at))
    require_only_one(application)
    application.first_received_at = at
    if application.kind == Kind.RENEWAL and application.licence is not None:
        application.term_ends_on = application.licence.valid_until
    take_in(application, resolved, as_filed(application, at), at)
    application.number = next_case_number(
        authority=resolved.filing, kind=application.kind, year=shanghai_date(at).year
    )
    Filing.objects.create(application=application, ordinal=1, received_at=at, facts=application.filed)
    return advance(
        application, "submit", actor=actor, at=at,
        public={"number": application.number, "kind": application.kind, "filing_authority": resolved.filing.code},
        internal={"category": _category(application).key, "units": [u["name_zh"] for u in application.filed["units"]]},
        personal={"legal_representative": application.filed["enterprise"]["legal_representative"]},
    )  # fmt: skip


def check_sendable(application: Application, at: datetime) -> None:
    """What a filing and the answer to a notice must both withstand; raises the errors `submit` names.

    A renewal awaiting its correction goes on when the term ends: its answer is no new filing (DOMAIN §3.3).
    """
    if missing_sections(sections_done(application), application.rules.sections):
        raise Incomplete()
    licence = application.licence
    goes_on = not application.is_draft and application.kind == Kind.RENEWAL
    if licence is not None and not (goes_on and licence.can_be_renewed):
        check_licence(application.kind, licence, at)
    check_names(application)
    check_catalogue(application, at)
    if application.licence is not None:
        check_alteration(application, as_filed(application, at))
    if application.rules.reviewed:
        check_bars(application, at)


def check_bars(application: Application, at: datetime) -> None:
    """Raise Barred while the enterprise may not apply for this category (DOMAIN §3.4)."""
    if bar := bar_against(application, shanghai_date(at)):
        raise barred(bar)


def barred(bar: Bar) -> Barred:
    """A bar as the error that says until when and by which clause."""
    clause = CLAUSES[Bar.Cause(bar.cause)]
    return Barred("product", cause=bar.get_cause_display(), until=str(bar.valid_to), clause=str(clause))


def take_in(application: Application, resolved: Handlers, facts: dict[str, object], at: datetime) -> None:
    """Receive a filing, or the answer to a notice: facts, competent authorities, and five working days (S1, S4)."""
    rules = profile_on(shanghai_date(at), resolved.filing.pk)
    application.profile, application.intake_days = rules.code, rules.intake.days
    application.received_at = at
    application.filed = facts
    licence = application.licence
    application.filing_division = (
        licence.filing_division if licence else application.draft["enterprise"]["division"]
    )
    application.filing_authority = resolved.filing
    application.deciding_authority = resolved.deciding
    application.acceptance_authority = resolved.acceptance
    application.review_authority = resolved.review
    application.approval_authority = resolved.approval
    start_intake(application)


def start_intake(application: Application) -> None:
    """The intake limit runs from the receipt; the clock looks again at the first moment after it (K13)."""
    assert application.received_at is not None
    due = compute_due(
        received_on(application.received_at), intake_limit(application), application.filing_division
    )
    application.next_due_on = due.on
    application.next_check_at = midnight_after(due.on)


def _category(application: Application) -> ProductCategory:
    assert application.category is not None
    return application.category


def check_names(application: Application) -> None:
    enterprise, sites = application.draft["enterprise"], application.draft["sites"]["rows"]
    text = enterprise["name"] + enterprise["address"] + "".join(site["address"] for site in sites)
    if absent := missing_glyphs(text):
        raise NameNotPrintable("enterprise", glyphs="".join(sorted(absent)))


def check_catalogue(application: Application, at: datetime) -> None:
    today, category = shanghai_date(at), _category(application)
    unlisted = application.licence.category_name if application.licence else category.key
    require_open(category_on(category.key, today), application.kind, today, unlisted=unlisted)
    if not application.rules.reviewed:
        return
    listed = {unit.unit_id for unit in open_units(category.key, today)}
    licensed = {unit["id"] for unit in application.licence.content["units"]} if application.licence else set()
    chosen = application.units.exclude(unit_id__in=licensed).select_related("unit")
    gone = [row.unit for row in chosen if row.unit_id not in listed]
    if gone:
        raise UnitNoLongerListed("product", units="、".join(_last_name(unit) for unit in gone))


def require_open(version: CategoryVersion | None, kind: str, today: date, *, unlisted: str) -> None:
    """Raise FilingClosed when the category, in its version of the day, takes no filing of this kind (R-14).

    `unlisted` is what a category without such a version is called.
    """
    if version is None:
        raise FilingClosed("product", category=unlisted, reason=_("不在现行目录中"))
    verdict = filing_open(version.facts, today, settings.WORLD, filing_kind(kind))
    if not verdict.open:
        raise FilingClosed("product", category=version.name, reason=verdict.reason)


def _last_name(unit: ProductUnit) -> str:
    """The name a unit had when it was last listed."""
    last = unit.versions.order_by("-valid_from").first()
    return last.name if last else unit.key


def resolve_authorities(application: Application, today: date) -> Handlers:
    """Who handles each stage, by the catalogue and the delegations of a day (R-17, R-18, R-19)."""
    category, licence = _category(application), application.licence
    if licence is not None:
        return _of_licence(application.kind, licence, category.key, today)
    if application.forwarded_from_id:
        return _of_forwarded(application, _level(category.key, today), today)
    return _of_address(
        application.draft["enterprise"]["division"],
        tuple(site["division"] for site in application.draft["sites"]["rows"]),
        bool(application.draft["enterprise"].get("xpcc")),
        category.key,
        today,
    )


@remembered
def _level(category_key: str, today: date) -> str:
    version = category_on(category_key, today)
    assert version is not None
    return version.authority_level


@remembered
def _of_address(
    division: str, sites: tuple[str, ...], xpcc: bool, category_key: str, today: date
) -> Handlers:
    codes = authorities_of(
        registered=division, sites=sites, level=_level(category_key, today), xpcc=xpcc, on=today
    )
    found = Authority.objects.in_bulk([codes.filing_authority, codes.deciding_authority], field_name="code")
    return handlers(
        filing=found[codes.filing_authority],
        deciding=found[codes.deciding_authority],
        division=division,
        category_key=category_key,
        on=today,
    )


def _of_licence(kind: str, licence: ProductionLicence, category_key: str, today: date) -> Handlers:
    """A licence stays with the province it was filed in, whatever its address says by now; the level is that of the
    day (R-17, R-18). Its end is decided by the authority that issued it, never by a delegate (DOMAIN §8)."""
    filing = licence.filing_authority
    if kind == Kind.DEREGISTRATION:
        deciding = licence.issuing_authority
    else:
        level = _level(category_key, today)
        deciding = Authority.objects.get(level=Level.NATIONAL) if level == Level.NATIONAL else filing
    found = handlers(
        filing=filing,
        deciding=deciding,
        division=licence.filing_division,
        category_key=category_key,
        on=today,
    )
    return replace(found, approval=deciding) if kind == Kind.DEREGISTRATION else found


def _of_forwarded(application: Application, level: str, today: date) -> Handlers:
    """A forwarded filing stays with the authority it was forwarded to, whatever the address says (S2)."""
    filing = application.filing_authority
    assert filing is not None and application.category is not None
    deciding = Authority.objects.get(level=Level.NATIONAL) if level == Level.NATIONAL else filing
    return handlers(
        filing=filing,
        deciding=deciding,
        division=application.draft["enterprise"]["division"],
        category_key=application.category.key,
        on=today,
    )


def as_filed(application: Application, at: datetime) -> dict[str, object]:
    """Names and codes as they were on the day of filing; later changes of register or catalogue leave them alone."""
    today, category = shanghai_date(at), _category(application)
    version = category_on(category.key, today)
    assert version is not None
    chosen = set(application.units.values_list("unit_id", flat=True))
    listed = [u for u in open_units(category.key, today) if u.unit_id in chosen]
    units = [{"id": u.unit_id, "name_zh": u.name_zh, "name_en": u.name_en} for u in listed]
    facts: dict[str, object] = {
        **_content(application, units),
        "category": {"key": category.key, "name_zh": version.name_zh, "name_en": version.name_en},
    }
    return {**facts, "commitment": _signature(application)} if application.rules.has_commitment else facts


def _content(application: Application, units: list[dict[str, Any]]) -> dict[str, Any]:
    """Facts of the form: its own for a new application, on the ground of the licence for every other kind."""
    draft, licence = application.draft, application.licence
    if licence is not None:
        known = {unit["id"] for unit in licence.content["units"]}
        return filed_content(
            application.kind, licence.content, draft, [unit for unit in units if unit["id"] not in known]
        )
    return {
        "enterprise": draft["enterprise"],
        "sites": draft["sites"]["rows"],
        "conditions": unconfirmed(draft["conditions"]),
        "units": units,
        "group": group_rows(draft),
    }


def _signature(application: Application) -> dict[str, str]:
    signed = application.commitment
    return {
        "text_version": signed.text_version,
        "signer": signed.signer,
        "signed_at": signed.signed_at.isoformat(),
        "sha256": signed.sha256,
    }


@transaction.atomic
def retract(*, public_id: UUID | str, expected_version: int, actor: Actor, at: datetime) -> Application:
    """Take an undecided application back; a new one may be filed at any time."""
    application = locked(public_id, expected_version=expected_version, outside=True)
    actor = require_enterprise(application, actor, at)
    close(application, at)
    return advance(application, "retract", actor=actor, at=at)


def close(application: Application, at: datetime) -> None:
    """Nothing is due any more, and nothing that stopped the clock is under way; no pause ends before it began."""
    today = shanghai_date(at)
    application.closed_on = today
    application.next_due_on = application.next_check_at = None
    running = application.pauses.filter(ended_on__isnull=True)
    last = Greatest("started_on", Value(today))
    if running.update(ended_on=last, ended_because=PauseEnd.CLOSED):
        refresh_clock(application)
        application.next_due_on = None
