"""What must not be missed before a case is decided: open warnings, each to be acknowledged by whoever grants."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.lifecycle.dates import long_date
from core.parties.competence import Standing
from licensing.check_words import items_of
from licensing.models import Application, Bar, CaseMessage
from licensing.queries.bars import bars_on
from licensing.queries.cases import CaseView, case_view
from licensing.queries.checks import decision_checks
from licensing.queries.evidence import open_matters
from licensing.queries.holders import reads_matters
from licensing.rules import Check
from licensing.workbench.queries.related import RelatedCases, related_cases

SOON = 2
"""Working days left at which the limit itself is a warning."""
UNSAID = frozenset({"nothing_running"})
"""A running procedure lets nobody decide at all: the page says so in place of the form."""


@dataclass(frozen=True)
class Warning:
    """One thing to look at. `asks`: whoever grants says that he has seen it."""

    code: str
    text: str
    note: str = ""
    url: str = ""
    asks: bool = True


def warnings_of(
    case: Application,
    view: CaseView,
    checks: Iterable[Check],
    related: RelatedCases,
    standing: Standing,
    today: date,
) -> tuple[Warning, ...]:
    """In the order of their weight; a constant number of queries beyond what the page has read already."""
    return (
        *_from_checks(checks), *_matters(case, standing), *_other_bars(case, today), *_messages(case, today),
        *_recusals(case), *_clock(view), *_duplicates(related),
    )  # fmt: skip


def to_acknowledge(case: Application, standing: Standing, today: date) -> tuple[Warning, ...]:
    """What whoever grants this case says he has seen; read anew, for a caller that has read nothing yet."""
    view, related = case_view(case, standing, today), related_cases(standing, case)
    found = warnings_of(case, view, decision_checks(case, today), related, standing, today)
    return tuple(row for row in found if row.asks)


def _from_checks(checks: Iterable[Check]) -> list[Warning]:
    """Checks that failed or want attention, whichever there are."""
    open_ones = [
        row
        for row in checks
        if (not row.ok or getattr(row, "attention", False)) and not row.pending and row.code not in UNSAID
    ]
    items = zip(open_ones, items_of(open_ones), strict=True)
    return [
        Warning(f"check-{row.code}", _("核对有问题：%(what)s") % {"what": item["text"]}, item["note"])
        for row, item in items
    ]


def _matters(case: Application, standing: Standing) -> list[Warning]:
    """What is open against the holder: for it no standing order carries the case (R-85), and whoever decides in its
    place must know. What it is about stands where he may read it."""
    matters = open_matters(case.enterprise_id)
    if not matters:
        return []
    text = _("企业有未了结的线索或监管措施")
    if not reads_matters(standing, case.enterprise):
        return [Warning("open-matter", text, _("内容在有关机关；决定前请向它了解"))]
    said = "；".join(f"{row.get_kind_display()}：{row.what}" for row in matters)
    return [Warning("open-matter", text, said, reverse("licensing:holder", args=[case.enterprise.uscc]))]


def _other_bars(case: Application, today: date) -> list[Warning]:
    """Bars on other categories: none on this one, but a reason to look twice."""
    others = [
        bar
        for (_enterprise, category), bar in bars_on([case.enterprise_id], today).items()
        if category != case.category_id
    ]
    return (
        [Warning("other-bar", _("企业在别的产品类别上有不得申请的限制"), _bar_note(others))] if others else []
    )


def _bar_note(bars: list[Bar]) -> str:
    return "；".join(
        _("%(cause)s，到 %(day)s") % {"cause": bar.get_cause_display(), "day": long_date(bar.valid_to)}
        for bar in bars
    )


def _messages(case: Application, today: date) -> list[Warning]:
    """Words of the applicant that nobody at the authority has read, and questions without an answer."""
    unread = Q(read_at__isnull=True)
    waiting = Q(reply_due_on__isnull=False, answered_at__isnull=True)
    counted = CaseMessage.objects.filter(application=case, side=CaseMessage.Side.APPLICANT).aggregate(
        unread=Count("pk", filter=unread), waiting=Count("pk", filter=waiting),
        due=Min("reply_due_on", filter=waiting),
    )  # fmt: skip
    url = reverse("licensing:conversation", args=[case.public_id])
    found = []
    if n := counted["unread"]:
        text = ngettext("申请人有 %(n)s 条消息没有人读", "申请人有 %(n)s 条消息没有人读", n) % {"n": n}
        found.append(Warning("unread", text, url=url))
    if n := counted["waiting"]:
        text = ngettext("申请人有 %(n)s 个问题没有答复", "申请人有 %(n)s 个问题没有答复", n) % {"n": n}
        due = _("最迟 %(due)s") % {"due": long_date(counted["due"])}
        found.append(Warning("unanswered", text, due, url))
    return found


def _recusals(case: Application) -> list[Warning]:
    names = list(case.recusals.order_by("pk").values_list("user__name", flat=True))
    said = _("、").join(names)
    return [Warning("recusal", _("有人对这件申请声明过回避"), said)] if names else []


def _clock(view: CaseView) -> list[Warning]:
    """Overdue is a failed check already."""
    clock = view.clock
    if clock is None or clock.left is None or clock.overdue_by or clock.left > SOON:
        return []
    return [Warning("due-soon", _("时限快到了"), clock.summary)]


def _duplicates(related: RelatedCases) -> list[Warning]:
    return [
        Warning(
            f"duplicate-{row.application.pk}", _("可能与在办的另一件申请重复"), str(row.application.number),
            reverse("licensing:case", args=[row.application.public_id]), asks=False,
        )
        for row in related.duplicates
    ]  # fmt: skip
