"""Facts about a holder that exist before any case: who records them, and what they bring about in open cases.

A supervisory spot check, a class, a lead or measure by whoever supervises there; a report from before the visit by the
reviewer who has the case in hand (DOMAIN §8). Later apps push the same facts through these actions (DESIGN §2).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import ProductUnit
from core.files.actions import store
from core.ledger.actions import record
from core.lifecycle.actors import Actor
from core.lifecycle.dates import shanghai_date
from core.lifecycle.errors import Conflict, Invalid, NotAllowed
from core.lifecycle.law import Clause
from core.lifecycle.subjects import Subject
from core.outbox.actions import emit
from core.parties.competence import standing_for
from core.parties.models import Authority, Enterprise
from licensing.actions.act import OwnInterest, acting_for, locked, require_in_hand, require_official
from licensing.actions.exemption import weigh_cases_of
from licensing.actions.review import ItemsSayOtherwise
from licensing.actions.turns import in_turn, in_turn_of
from licensing.exemptions import Item, may_replace, report_passes, speaks_for
from licensing.models import HolderClass, OpenMatter, StandingEvidence
from licensing.queries.territory import watches

EVIDENCE = "licensing.standing_evidence"
CLASS = "licensing.holder_class"
MATTER = "licensing.open_matter"
SPOT_CHECK = (Clause("SEED", "四(一)"), Clause("L2", "第三十七条"))
REPORT = (Clause("SEED", "四(三)"),)
SUPERVISING = (Clause("SEED", "五(三)"),)


class NotYourHolder(NotAllowed):
    code = "licensing.not_your_holder"
    message = _("这家企业不在你的监管区域")


class ResultThere(Conflict):
    code = "licensing.result_there"
    message = _("这家企业这个单元已有编号为“%(reference)s”的记录")


class DatesDisordered(Invalid):
    code = "licensing.dates_disordered"
    message = _("日期须依次为：抽样、报告、结果生效，且都不晚于今天")


class ResultFinal(Conflict):
    code = "licensing.result_final"
    message = _("这一结果已经生效或者已被取代")


class LevelAbove(NotAllowed):
    code = "licensing.level_above"
    message = _(
        "你所在的机关级别低于这次抽查，或者低于登记它的机关，不能登记、取代或者宣布生效；国家级抽查由省级机关登记"
    )


class UnitNotListed(Invalid):
    code = "licensing.unit_not_listed"
    message = _("目录中没有这个产品单元")


class WordsMissing(Invalid):
    code = "licensing.words_missing"
    message = _("请写明")


class MatterClosed(Conflict):
    code = "licensing.matter_closed"
    message = _("这一事项已经了结")


@dataclass(frozen=True)
class Result:
    """A result as its paper says: number, unit, body, dates, outcome, lines. `final_on` empty while one may object."""

    reference: str
    unit_id: int
    body: str
    sampled_on: date
    reported_on: date
    final_on: date | None
    passed: bool
    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Sample:
    """What else an adopted report must say: the list its laboratory stands on, place, model, identity of the sample."""

    listing: str
    site_address: str
    model: str
    sample_identity: str


@transaction.atomic
def record_spot_check(
    *,
    enterprise: Enterprise,
    result: Result,
    level: str,
    document: File | bytes,
    filename: str,
    actor: Actor,
    at: datetime,
) -> StandingEvidence:
    """Record a supervisory spot check; open cases of the holder are weighed anew in the same act (R-26).

    Its level is not for the recorder to choose: no result of a level above his authority's. Raises NotYourHolder,
    OwnInterest, LevelAbove, UnitNotListed, DatesDisordered, ItemsSayOtherwise, ResultThere, or what core.files raises.
    """
    acting, authority = _supervisor(enterprise, actor, at)
    if not speaks_for(authority.level, level):
        raise LevelAbove("level")
    in_turn(enterprise.pk)
    row = StandingEvidence(
        kind=StandingEvidence.Kind.SPOT_CHECK, level=StandingEvidence.Level(level), enterprise=enterprise,
        authority=authority,
    )  # fmt: skip
    return _put(row, result, document, filename, SPOT_CHECK, acting, at)


@transaction.atomic
def record_report(
    *,
    case_id: UUID | str,
    expected_version: int,
    result: Result,
    sample: Sample,
    document: File | bytes,
    filename: str,
    actor: Actor,
    at: datetime,
) -> StandingEvidence:
    """Record a report from before the visit, by the reviewer who has the case in hand (R-40).

    Raises NotYourCase and its kin, WordsMissing at the field, and what `record_spot_check` raises of the result.
    """
    in_turn_of(case_id)
    case = locked(case_id, expected_version=expected_version)
    acting = require_official(case, "review", actor, at)
    require_in_hand(case, acting)
    words = {name: text.strip() for name, text in asdict(sample).items()}
    for name, text in words.items():
        if not text:
            raise WordsMissing(name)
    assert case.review_authority is not None
    row = StandingEvidence(
        kind=StandingEvidence.Kind.TEST_REPORT,
        enterprise=case.enterprise,
        authority=case.review_authority,
        **words,
    )
    return _put(row, result, document, filename, REPORT, acting, at)


def _put(
    row: StandingEvidence,
    result: Result,
    document: File | bytes,
    filename: str,
    basis: tuple[Clause, ...],
    actor: Actor,
    at: datetime,
) -> StandingEvidence:
    _check(result, shanghai_date(at))
    row.reference, row.body, row.unit_id = result.reference.strip(), result.body.strip(), result.unit_id
    row.sampled_on, row.reported_on, row.final_on = result.sampled_on, result.reported_on, result.final_on
    row.passed, row.items = result.passed, [asdict(item) for item in result.items]
    row.recorded_by_id, row.recorded_at = actor.user_id, at
    row.document = store(
        content=document, filename=filename, owner=Subject(EVIDENCE, str(row.public_id)), slot=row.kind,
        actor=actor, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ResultThere("reference", reference=row.reference) from error
    _write(row, f"{row.kind}_recorded", basis, actor, at)
    weigh_cases_of(row.enterprise_id, [row.unit_id], at)
    return row


def _check(result: Result, today: date) -> None:
    for name in ("reference", "body"):
        if not getattr(result, name).strip():
            raise WordsMissing(name)
    if not ProductUnit.objects.filter(pk=result.unit_id).exists():
        raise UnitNotListed("unit")
    days = [result.sampled_on, result.reported_on, result.final_on or result.reported_on, today]
    if days != sorted(days):
        raise DatesDisordered("reported_on")
    if result.items and report_passes(result.items) != result.passed:
        raise ItemsSayOtherwise("passed")


@transaction.atomic
def make_final(*, public_id: UUID | str, final_on: date, actor: Actor, at: datetime) -> StandingEvidence:
    """Nobody objected in time, or the objection was turned down: the spot check is final from that day (R-26).

    By the level that made it, which hears the objections, or one above. Raises NotYourHolder, LevelAbove, ResultFinal
    or DatesDisordered.
    """
    row = _locked_check(public_id)
    acting, authority = _supervisor(row.enterprise, actor, at)
    _require_above(row, authority)
    if row.final_on is not None or row.superseded_by_id is not None:
        raise ResultFinal()
    if not row.reported_on <= final_on <= shanghai_date(at):
        raise DatesDisordered("final_on")
    row.final_on = final_on
    row.version += 1
    row.save()
    _write(row, "spot_check_final", SPOT_CHECK, acting, at)
    weigh_cases_of(row.enterprise_id, [row.unit_id], at)
    return row


@transaction.atomic
def supersede(
    *,
    public_id: UUID | str,
    result: Result,
    document: File | bytes,
    filename: str,
    actor: Actor,
    at: datetime,
) -> StandingEvidence:
    """A re-test or correction takes the place of an earlier spot check, which stays readable; returns the new one.

    Never by an authority below the one that recorded it, or below its level. Raises ResultFinal where another did
    already, and what `record_spot_check` raises.
    """
    earlier = _locked_check(public_id)
    acting, authority = _supervisor(earlier.enterprise, actor, at)
    _require_above(earlier, authority)
    if earlier.superseded_by_id is not None:
        raise ResultFinal()
    row = StandingEvidence(
        kind=earlier.kind, level=earlier.level, enterprise=earlier.enterprise, authority=authority
    )
    row = _put(row, result, document, filename, SPOT_CHECK, acting, at)
    earlier.superseded_by = row
    earlier.version += 1
    earlier.save()
    _write(earlier, "spot_check_superseded", SPOT_CHECK, acting, at)
    weigh_cases_of(row.enterprise_id, {row.unit_id, earlier.unit_id}, at)
    return row


def _locked_check(public_id: UUID | str) -> StandingEvidence:
    rows = StandingEvidence.objects.filter(public_id=public_id, kind=StandingEvidence.Kind.SPOT_CHECK)
    in_turn(rows.values_list("enterprise_id", flat=True).get())
    return rows.select_for_update(of=("self",)).select_related("enterprise", "authority").get()


def _require_above(earlier: StandingEvidence, authority: Authority) -> None:
    """Raises LevelAbove."""
    if not may_replace(authority.level, earlier.level, earlier.authority.level):
        raise LevelAbove()


@transaction.atomic
def classify(*, enterprise: Enterprise, level: str, reasons: str, actor: Actor, at: datetime) -> HolderClass:
    """Put a holder into a class of supervision from today on; open cases are weighed anew (R-24).

    Raises NotYourHolder, OwnInterest or WordsMissing.
    """
    acting, authority = _supervisor(enterprise, actor, at)
    if not reasons.strip():
        raise WordsMissing("reasons")
    in_turn(enterprise.pk)
    version = HolderClass.objects.filter(enterprise=enterprise).count() + 1
    row = HolderClass.objects.create(
        enterprise=enterprise, level=HolderClass.Class(level), valid_from=shanghai_date(at), reasons=reasons.strip(),
        authority=authority, version=version, recorded_by_id=actor.user_id, recorded_at=at,
    )  # fmt: skip
    subject = Subject(CLASS, str(enterprise.public_id), version)
    record(
        act="licensing.holder_classified", subject=subject, actor=acting, effective_at=at, legal_basis=SUPERVISING,
        internal={"class": row.level, "uscc": enterprise.uscc}, personal={"reasons": row.reasons},
    )  # fmt: skip
    emit(type="licensing.holder_classified", subject=subject)
    weigh_cases_of(enterprise.pk, (), at)
    return row


@transaction.atomic
def open_matter(*, enterprise: Enterprise, kind: str, what: str, actor: Actor, at: datetime) -> OpenMatter:
    """Note a lead or measure against a holder: until it is closed a person decides (R-85).

    Raises NotYourHolder, OwnInterest or WordsMissing.
    """
    acting, authority = _supervisor(enterprise, actor, at)
    return put_matter(enterprise, kind, what, authority, acting, at)


def put_matter(
    enterprise: Enterprise, kind: str, what: str, authority: Authority, actor: Actor, at: datetime
) -> OpenMatter:
    """An open matter by an authority whose actor has been authorised; a grant under way is waited for, and the next one
    finds it (R-85). Raises WordsMissing."""
    if not what.strip():
        raise WordsMissing("what")
    in_turn(enterprise.pk)
    row = OpenMatter.objects.create(
        enterprise=enterprise, kind=OpenMatter.Kind(kind), what=what.strip(), authority=authority,
        opened_by_id=actor.user_id, opened_at=at,
    )  # fmt: skip
    _matter(row, "matter_opened", actor, at, row.what)
    return row


@transaction.atomic
def close_matter(*, public_id: UUID | str, closing: str, actor: Actor, at: datetime) -> OpenMatter:
    """Close a lead or measure with its outcome; what waited for it may go on (R-85).

    Raises NotYourHolder, MatterClosed or WordsMissing.
    """
    row = (
        OpenMatter.objects.select_for_update(of=("self",))
        .select_related("enterprise")
        .get(public_id=public_id)
    )
    acting, _authority = _supervisor(row.enterprise, actor, at)
    if row.closed_at is not None:
        raise MatterClosed()
    if not closing.strip():
        raise WordsMissing("closing")
    row.closing, row.closed_by_id, row.closed_at = closing.strip(), actor.user_id, at
    row.version += 1
    row.save()
    _matter(row, "matter_closed", acting, at, row.closing)
    return row


def _supervisor(enterprise: Enterprise, actor: Actor, at: datetime) -> tuple[Actor, Authority]:
    """Whoever supervises where the enterprise is or produces, without an interest in it."""
    standing = standing_for(actor, at)
    held = watches(standing, enterprise)
    if held is None:
        raise NotYourHolder()
    if enterprise.pk in standing.interests:
        raise OwnInterest()
    acting = acting_for(actor, held.authority_code, held.authority_name)
    return acting, Authority.objects.get(pk=held.authority_id)


def _write(row: StandingEvidence, act: str, basis: tuple[Clause, ...], actor: Actor, at: datetime) -> None:
    subject = Subject(EVIDENCE, str(row.public_id), row.version)
    facts = {
        "reference": row.reference, "unit": row.unit_id, "level": row.level, "sampled_on": str(row.sampled_on),
        "reported_on": str(row.reported_on), "final_on": str(row.final_on or ""), "passed": row.passed,
        "uscc": row.enterprise.uscc, "document_sha256": row.document.sha256,
    }  # fmt: skip
    record(
        act=f"licensing.{act}",
        subject=subject,
        actor=actor,
        effective_at=at,
        legal_basis=basis,
        internal=facts,
    )
    emit(type=f"licensing.{act}", subject=subject)


def _matter(row: OpenMatter, act: str, actor: Actor, at: datetime, words: str) -> None:
    subject = Subject(MATTER, str(row.public_id), row.version)
    record(
        act=f"licensing.{act}", subject=subject, actor=actor, effective_at=at, legal_basis=SUPERVISING,
        internal={"kind": row.kind, "uscc": row.enterprise.uscc}, personal={"words": words},
    )  # fmt: skip
    emit(type=f"licensing.{act}", subject=subject)
