"""The team's figures as rows for charts, in the reader's words. What draws them is the portal's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from licensing.lifecycle import Status
from licensing.workbench.queries.team import Share, Team

Bars = list[tuple[str, int, str]]
STAGES: Mapping[str, Promise] = {
    "acceptance": pgettext_lazy("stage", "受理"),
    "review": pgettext_lazy("stage", "审查"),
    "decision": pgettext_lazy("stage", "决定"),
    "whole": gettext_lazy("从收到到决定"),
}


@dataclass(frozen=True)
class SpanRow:
    """One stage in words."""

    label: str
    cases: int
    median: int
    most: int


@dataclass(frozen=True)
class Charts:
    """Rows as `portal.charts` takes them."""

    people: Bars
    desks: Bars
    came: list[tuple[str, int]]
    went: list[tuple[str, int]]
    median: Bars
    spans: list[SpanRow]
    people_rows: list[tuple[str, Share]]
    desk_rows: list[tuple[str, Share]]


def charts_of(team: Team) -> Charts:
    """Every figure of the page; those with something overdue are marked so."""
    people = [(row.name or _("还没有人承办"), row) for row in team.people]
    desks = [(str(Status(row.name).label), row) for row in team.desks]
    spans = [SpanRow(str(STAGES[row.stage]), row.cases, row.median, row.most) for row in team.spans]
    return Charts(
        people=_bars(people), desks=_bars(desks), came=_by_week(team.came), went=_by_week(team.went),
        median=[(row.label, row.median, "") for row in spans], spans=spans, people_rows=people, desk_rows=desks,
    )  # fmt: skip


def _bars(rows: list[tuple[str, Share]]) -> Bars:
    return [(label, row.open, "late" if row.overdue else "") for label, row in rows]


def _by_week(weeks: Mapping[date, int]) -> list[tuple[str, int]]:
    return [(f"{week:%m-%d}", count) for week, count in weeks.items()]
