"""What licensing puts on a person's desk: rows of label, url, hint, count, late; nothing when nothing waits."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.lifecycle.dates import SHANGHAI, shanghai_date
from core.parties.competence import Standing
from core.workdays.rules import add_months
from licensing.alarms import delivery_due
from licensing.kinds import Kind
from licensing.lifecycle import UNDECIDED, Status
from licensing.models import Application, Extension, HeldDecision, LicenceStatus, ProductionLicence
from licensing.numbers import short_case_number
from licensing.profile import PROFILE
from licensing.queries.cases import own_cases_of, visible
from licensing.queries.clock import HANDLED
from licensing.queries.conversation import questions
from licensing.queries.deregistrations import waiting
from licensing.queries.orders import to_examine
from licensing.queries.worklist import for_desk
from licensing.terms import last_timely_day
from licensing.workbench.queries.counting import MOST

LISTED = 10
"""Cases named one by one among the to-dos."""
SOON = 7
"""Calendar days before the end of an answer's time from which it counts as late to begin."""
APPLICANTS_TURN = (Status.CORRECTION_REQUESTED, Status.REFUSED, Status.CERTIFICATE_ISSUED, Status.DRAFT)
"""States in which it is the applicant who must do something, the most urgent first."""


def todos(standing: Standing) -> Iterator[dict[str, Any]]:
    """What waits for this person, by the competence query of the pages."""
    today = shanghai_date(timezone.now())
    if standing.is_official:
        yield from _official(standing, today)
    if standing.memberships or standing.claims:
        yield from _applicant(standing, today)
        yield from _renewals(standing, today)


def _official(standing: Standing, today: date) -> Iterator[dict[str, Any]]:
    """Questions by name, `late` where overdue, extensions a head decides, and how many cases are at his desk."""
    for case in questions(standing, LISTED):
        due = case.reply_due_on  # type: ignore[attr-defined]
        yield {
            "label": _("答复申请人：%(number)s") % {"number": _number(case)}, "count": 1,
            "url": reverse("licensing:conversation", args=[case.public_id]), "late": due < today,
            "hint": (_("答复已超期，应于 %(due)s 前") if due < today else _("最迟 %(due)s")) % {"due": due},
        }  # fmt: skip
    yield from _extensions(standing)
    yield from _approvals(standing, today)
    yield from _held(standing)
    yield from _samples(standing)
    if count := visible(standing).filter(for_desk(standing))[:MOST].count():
        yield {
            "label": _("等你办的案件"), "url": reverse("licensing:work"), "hint": _("最急的在最上面"),
            "count": count, "late": False,
        }  # fmt: skip


def _extensions(standing: Standing) -> Iterator[dict[str, Any]]:
    """Proposals that wait for this head, the soonest due first; one query, for heads alone."""
    heads = standing.authorities("head")
    if not heads:
        return
    waiting = (
        Extension.objects.filter(
            result="", application__deciding_authority_id__in=heads, application__status__in=HANDLED
        )
        .exclude(proposed_by_id=standing.user_id)
        .exclude(application__recusals__user_id=standing.user_id or 0)
    )
    for row in waiting.select_related("application__filing_authority").order_by("application__due_on")[
        :LISTED
    ]:
        due = row.application.due_on
        yield {
            "label": _("决定是否延长：%(number)s") % {"number": _number(row.application)}, "count": 1,
            "url": reverse("licensing:clock", args=[row.application.public_id]), "late": False,
            "hint": _("须在 %(due)s 前决定") % {"due": due} if due else _("时限停计中"),
        }  # fmt: skip


def _approvals(standing: Standing, today: date) -> Iterator[dict[str, Any]]:
    """Renewals granted by law to confirm, and licences to deregister; two queries, for approvers alone."""
    approves = standing.authorities("approval")
    if not approves:
        return
    cases = Application.objects.filter(
        status=Status.DEEMED_RENEWED,
        approver__isnull=True,
        approval_authority_id__in=approves,
        licence__deregistered_on__isnull=True,
    ).select_related("filing_authority")
    for case in cases.order_by("decided_on", "pk")[:LISTED]:
        due = shanghai_date(delivery_due(case))
        yield {
            "label": _("确认延续：%(number)s") % {"number": _number(case)}, "count": 1, "late": today >= due,
            "url": reverse("licensing:case", args=[case.public_id]),
            "hint": _("依法视为准予，须在 %(due)s 前制发证书") % {"due": due},
        }  # fmt: skip
    if count := waiting(standing):
        yield {
            "label": _("决定是否注销的许可证"), "url": reverse("licensing:deregistrations"), "count": count,
            "hint": _("过期未延续，或者有人提出注销"), "late": False,
        }  # fmt: skip


def _held(standing: Standing) -> Iterator[dict[str, Any]]:
    """Decisions that wait to take effect and can still be recalled: one's own, and for heads those of the authority,
    the next to take effect first; one query, for approvers and heads alone."""
    if not standing.authorities("approval", "head"):
        return
    rows = HeldDecision.objects.filter(
        Q(made_by_id=standing.user_id)
        | Q(application__deciding_authority_id__in=standing.authorities("head"))
    ).exclude(application__enterprise_id__in=standing.interests)
    for row in rows.select_related("application__filing_authority").order_by("effective_at", "pk")[:LISTED]:
        yield {
            "label": _("决定等待生效：%(number)s") % {"number": _number(row.application)}, "count": 1, "late": False,
            "url": reverse("licensing:case", args=[row.application.public_id]),
            "hint": _("%(time)s 生效，在此之前可以撤回")
            % {"time": row.effective_at.astimezone(SHANGHAI).strftime("%H:%M")},
        }  # fmt: skip


def _samples(standing: Standing) -> Iterator[dict[str, Any]]:
    """Decisions of the system drawn for this reviewer to look at (R-85); one query, for reviewers alone."""
    if standing.authorities("review") and (count := to_examine(standing).count()):
        yield {
            "label": _("抽查依常设审批令作出的决定"), "url": reverse("licensing:sampling"), "count": count,
            "hint": _("看一遍系统的决定对不对"), "late": False,
        }  # fmt: skip


def _renewals(standing: Standing, today: date) -> Iterator[dict[str, Any]]:
    """Licences of the holder whose renewal can be filed and has not been, the soonest to end first; one query."""
    open_renewal = Application.objects.filter(
        licence=OuterRef("pk"), kind=Kind.RENEWAL, status__in=[*UNDECIDED, Status.DRAFT]
    )
    last = add_months(today, PROFILE.renewal_opens_months)
    rows = ProductionLicence.objects.filter(
        ~Exists(open_renewal), enterprise_id__in=standing.enterprise_ids, status=LicenceStatus.VALID,
        valid_until__range=(today, last),
    )  # fmt: skip
    for row in rows.order_by("valid_until", "pk")[:LISTED]:
        timely = last_timely_day(row.valid_until)
        hint = _("%(day)s 前提出的，依法保护") if today <= timely else _("按时申请的期限已过，%(day)s 过期")
        yield {
            "label": _("申请延续：%(number)s") % {"number": row.number}, "count": 1, "late": today > timely,
            "url": reverse("licensing:own_licences"),
            "hint": hint % {"day": timely if today <= timely else row.valid_until},
        }  # fmt: skip


def _applicant(standing: Standing, today: date) -> Iterator[dict[str, Any]]:
    """Cases in which it is the applicant's turn, one query."""
    turn = Case(
        *(When(status=status, then=Value(place)) for place, status in enumerate(APPLICANTS_TURN)),
        output_field=IntegerField(),
    )
    cases = Application.objects.filter(own_cases_of(standing), status__in=APPLICANTS_TURN)
    found = cases.select_related("filing_authority", "correction").order_by(turn, "-pk")
    for case in found[:LISTED]:
        yield {"count": 1, "late": False} | _TURNS[Status(case.status)](case, today)


def _correct(case: Application, today: date) -> dict[str, Any]:
    last = case.correction.lapses_after
    return {
        "label": _("补正：%(number)s") % {"number": _number(case)}, "late": (last - today).days <= SOON,
        "url": reverse("licensing:answer", args=[case.public_id]),
        "hint": _("最迟 %(last)s 提交，逾期申请失效") % {"last": last},
    }  # fmt: skip


def _sign_for(case: Application, today: date) -> dict[str, Any]:
    return {
        "label": _("签收不予许可决定：%(number)s") % {"number": _number(case)},
        "url": reverse("licensing:case", args=[case.public_id]), "hint": _("写明了理由和可以怎么办"),
    }  # fmt: skip


def _download(case: Application, today: date) -> dict[str, Any]:
    return {
        "label": _("签收并下载电子证书：%(number)s") % {"number": _number(case)},
        "url": reverse("licensing:case", args=[case.public_id]), "hint": _("证书已经签发"),
    }  # fmt: skip


def _finish(case: Application, today: date) -> dict[str, Any]:
    return {
        "label": _("填完申请草稿：%(kind)s") % {"kind": case.get_kind_display()},
        "url": reverse("licensing:tasks", args=[case.public_id]),
        "hint": _("上次保存于 %(day)s") % {"day": shanghai_date(case.draft_saved_at)},
    }  # fmt: skip


_TURNS = {
    Status.CORRECTION_REQUESTED: _correct, Status.REFUSED: _sign_for,
    Status.CERTIFICATE_ISSUED: _download, Status.DRAFT: _finish,
}  # fmt: skip


def _number(case: Application) -> str:
    """The short number people use: 苏新 2026-000341."""
    prefix = case.filing_authority.licence_prefix if case.filing_authority else ""
    return short_case_number(case.number or "", prefix, case.kind)
