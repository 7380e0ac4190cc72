"""The rail of a case: five stages, who has each, since when (R-44, R-47: organisations, never persons)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from licensing.kinds import Kind
from licensing.lifecycle import FINAL, Status
from licensing.models import Application, Evidence, Outcome, Track
from licensing.queries.cases import CaseView

State = Literal["done", "now", "todo", "stopped"]


@dataclass(frozen=True)
class Step:
    label: str | Promise
    who: str
    when: str
    state: State


def rail_of(view: CaseView) -> tuple[Step, ...]:
    """受理 · 实地核查 · 产品检验 · 决定 · 发证; no tracks without a review, no certificate for a deregistration."""
    case = view.application
    tracks = (
        _track(case, view.evidence.get(Track.ONSITE), _("实地核查")),
        _track(case, view.evidence.get(Track.TESTING), _("产品检验")),
    )
    ending = () if case.kind == Kind.DEREGISTRATION else (_certificate(case),)
    return (_acceptance(case), *(tracks if case.rules.reviewed else ()), _decision(case), *ending)


def _day(day: date | None) -> str:
    return day.strftime("%m-%d") if day else ""


def _acceptance(case: Application) -> Step:
    who = case.acceptance_authority.name if case.acceptance_authority else ""
    if case.accepted_on and case.status != Status.NOT_ACCEPTED:
        return Step(_("受理"), who, _day(case.accepted_on), "done")
    if case.status == Status.CORRECTION_REQUESTED:
        return Step(
            _("补正"), _("等待企业"), _("最迟 %(day)s") % {"day": _day(case.correction.lapses_after)}, "now"
        )
    if case.status in FINAL:
        label = _("受理") if case.status == Status.RETRACTED else Status(case.status).label
        return Step(label, who, _day(case.closed_on), "stopped")
    return Step(_("受理"), who, _("最迟 %(day)s") % {"day": _day(case.next_due_on)}, "now")


def _track(case: Application, row: Evidence | None, label: str) -> Step:
    if row is None:
        return Step(label, "", "", "todo")
    if row.outcome == Outcome.REQUIRED:
        running = case.status == Status.UNDER_REVIEW
        return Step(label, "", _("等待结果") if running else "", "now" if running else "todo")
    state: State = "stopped" if row.outcome == Outcome.FAILED else "done"
    return Step(label, row.body, f"{row.get_outcome_display()} {_day(row.concluded_on)}", state)


def _decision(case: Application) -> Step:
    who = case.deciding_authority.name if case.deciding_authority else ""
    if case.deemed_renewal_on:
        return Step(_("视为准予延续"), _("法律规定"), _day(case.deemed_renewal_on), "done")
    if case.decided_on:
        refused = hasattr(case, "decision") and case.decision.result == "refused"
        label = _("不予许可") if refused else _("准予许可")
        return Step(label, who, _day(case.decided_on), "stopped" if refused else "done")
    if case.status == Status.DECISION_PENDING:
        when = _("时限停计") if case.paused else _("最迟 %(day)s") % {"day": _day(case.due_on)}
        return Step(_("决定"), who, when, "now")
    running = case.next_due_on and case.due_on
    return Step(_("决定"), who, _("最迟 %(day)s") % {"day": _day(case.due_on)} if running else "", "todo")


def _certificate(case: Application) -> Step:
    if case.status == Status.DEEMED_RENEWED and case.approver_id is None:
        return Step(_("发证"), _("等待确认"), "", "now")
    if case.licence_version is not None:
        signed = case.status in (Status.CERTIFICATE_ISSUED, Status.DELIVERED)
        return Step(_("发证"), _("电子证书"), _day(case.decided_on) if signed else _("正在签发"),
                    "done" if signed else "now")  # fmt: skip
    return Step(_("发证"), _("电子证书"), _("决定当日"), "todo")
