"""Words for states, acts and checks of a case, as pages show them."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from certificates.models import OfficialDocument
from core.ledger.queries import TimelineRow
from core.lifecycle.law import Clause
from core.workdays.clock import ClockView
from licensing.check_words import items_of, kept_checks
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import (
    RUNNING,
    Application,
    Evidence,
    LicenceStatus,
    Outcome,
)
from licensing.numbers import short_case_number
from licensing.queries.documents import title_of
from licensing.rules import Check
from licensing.statement import Row, statement_rows
from licensing.terms import TermOn
from licensing.timeline_words import timeline_items
from licensing.verdict_words import Said, said_of

register = template.Library()

TONES = {
    Status.DRAFT: "", Status.SUBMITTED: "go", Status.ACCEPTED: "go", Status.UNDER_REVIEW: "go",
    Status.REVIEW_COMPLETED: "go", Status.REVIEW_FAILED: "wait", Status.DECISION_PENDING: "go",
    Status.GRANTED: "ok", Status.CERTIFICATE_ISSUED: "ok", Status.DELIVERED: "ok",
    Status.REFUSED: "stop", Status.NOT_ACCEPTED: "stop", Status.RETRACTED: "",
    Status.CORRECTION_REQUESTED: "wait", Status.NOT_REQUIRED: "", Status.LAPSED: "stop",
    Status.DEEMED_RENEWED: "ok", Status.TERMINATED: "stop",
}  # fmt: skip
OUTCOME_TONES = {Outcome.PASSED: "ok", Outcome.FAILED: "stop", Outcome.REQUIRED: "wait"}


@register.filter
def tone(case: Application) -> str:
    """Tone of a case's status pill."""
    return TONES.get(Status(case.status), "")


@register.filter
def status_label(case: Application) -> str:
    """A delivered case reads as what was delivered."""
    if case.status == Status.DELIVERED:
        if case.licence_version:
            return str(_("已发证"))
        ended = case.kind == Kind.DEREGISTRATION and case.licence is not None and case.licence.deregistered_on
        return str(_("已注销") if ended else _("不予许可"))
    return str(case.get_status_display())


@register.filter
def outcome_tone(outcome: str) -> str:
    return OUTCOME_TONES.get(Outcome(outcome), "go")


@register.filter
def short_number(case: Application) -> str:
    """苏新 2026-000341."""
    if not case.number:
        return ""
    prefix = case.filing_authority.licence_prefix if case.filing_authority else ""
    return short_case_number(case.number, prefix, case.kind)


@register.filter
def clock_left(clock: ClockView | None) -> str:
    """The most important figure of a row."""
    if clock is None or clock.closed_on is not None:
        return "—"
    if clock.overdue_by:
        return str(_("超期 %(n)s")) % {"n": clock.overdue_by}
    return str(_("停计")) if clock.left is None else str(clock.left)


@register.filter
def entries(rows: Iterable[TimelineRow]) -> list[dict[str, Any]]:
    """Acts as the time line component draws them."""
    return timeline_items(rows)


@register.filter
def check_items(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Checks as the component draws them: the finding, then facts and clause."""
    return items_of(checks)


@register.filter
def kept_items(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was checked when the system decided, for officials: with every fact."""
    return items_of(kept_checks(rows))


@register.filter
def kept_items_outside(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same for whoever applied: findings and clauses."""
    return items_of(kept_checks(rows), inside=False)


@register.filter
def said(row: Evidence) -> Said:
    """One track in words."""
    return said_of(row)


@register.filter
def names(units: Iterable[dict[str, str]]) -> list[str]:
    """Names of the units as filed, in the language of the page."""
    english = (get_language() or "").startswith("en")
    return [unit["name_en"] if english else unit["name_zh"] for unit in units]


@register.filter
def clause_label(row: dict[str, str]) -> str:
    """A stored clause as people read it."""
    return str(Clause(row["instrument"], row["article"]))


@register.filter
def in_hand_of(case: Application) -> str:
    """Who has the case now."""
    person = case.approver or case.reviewer if case.status != Status.SUBMITTED else None
    return person.name if person else ""


@register.filter
def section_url(section: str) -> str:
    """The name of a section's page."""
    return f"licensing:{section}"


@register.filter
def named(row: dict[str, str] | None) -> str:
    """The name of something as filed, in the language of the page; empty for nothing."""
    return names([row])[0] if row else ""


KIND_HINTS = {
    Kind.RENEWAL: _("期满继续生产；编号不变，换发新证书"),
    Kind.CHANGE: _("企业名称、住所或者生产地址的名称变了，没有搬迁"),
    Kind.CONDITION_CHANGE: _("生产线、关键设备、检验手段、技术或者工艺变了"),
    Kind.RELOCATION: _("生产场所搬迁、增加或者减少"),
    Kind.SCOPE_EXTENSION: _("增加产品单元或者集团公司所属单位"),
    Kind.REPLACEMENT: _("证书遗失或者毁损，补发一份"),
    Kind.DEREGISTRATION: _("不再生产，把许可证注销"),
}


@register.filter
def kind_hint(kind: str) -> str:
    """When a kind of case is the right one."""
    return str(KIND_HINTS.get(Kind(kind), ""))


@register.filter
def licence_tone(held: Any) -> str:
    """Tone of a licence's pill for its holder, who should renew in time."""
    return "wait" if held.renewal_state == "late" else term_tone(held.term)


@register.filter
def term_tone(term: TermOn) -> str:
    """Tone of the word a licence has on a day."""
    if term.word in RUNNING:
        return "ok"
    return "wait" if term.word == LicenceStatus.EXPIRED else "stop"


@register.filter
def statement_of(case: Application) -> list[Row]:
    """The statement of a filed case, line by line."""
    return statement_rows(case.kind, case.filed.get("statement", {}))


@register.filter
def paper_title(document: OfficialDocument) -> str:
    """The name of an official document in the reader's language."""
    return title_of(document)
