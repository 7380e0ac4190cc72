from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.workdays.dates import shanghai_date
from core.workdays.labels import row_label
from core.workdays.queries import calendar_for
from core.workdays.rules import UNITS, Calendar, Pause, days_used, due, explain


class Command(BaseCommand):
    help = "When a limit ends by the calendar of record (`due`), and why, day by day (`explain`)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["due", "explain"])
        parser.add_argument("start", help="day of acceptance, YYYY-MM-DD; it is not counted")
        parser.add_argument("limit", type=int, help="how many days")
        parser.add_argument(
            "--pause",
            action="append",
            default=[],
            metavar="A..B",
            help="time outside the limit, (A, B]; A.. is open",
        )
        parser.add_argument("--unit", choices=UNITS, default="workday")
        parser.add_argument("--division", help="division code whose local holidays count too")
        parser.add_argument("--today", help="day to look from, YYYY-MM-DD (default: today in Shanghai)")

    def handle(self, *args: Any, **options: Any) -> None:
        start, limit = _day(options["start"]), options["limit"]
        if not 1 <= limit <= 3660:
            raise CommandError("the limit is 1 to 3660 days")
        pauses = [_pause(text) for text in options["pause"]]
        calendar = calendar_for(options["division"])
        today = _day(options["today"]) if options["today"] else shanghai_date(timezone.now())
        if options["what"] == "due":
            self._due(start, limit, options["unit"], pauses, calendar, today)
        else:
            until = today if options["today"] else start
            for row in explain(start, limit, options["unit"], pauses, calendar, until):
                number = "" if row.number is None else str(row.number)
                mark = _("（暂定）") if row.provisional else ""
                source = f" [{row.status.source}]" if row.status.source else ""
                weekday = date_format(row.date, "D")
                self.stdout.write(f"{row.date} {weekday} {number:>4} {row_label(row)}{source}{mark}")

    def _due(
        self, start: date, limit: int, unit: Any, pauses: list[Pause], calendar: Calendar, today: date
    ) -> None:
        end = due(start, limit, unit, pauses, calendar)
        if end.date is None:
            used = days_used(start, pauses, calendar, today, unit)
            self.stdout.write(_("停计中，%(limit)s 日已用 %(used)s 日") % {"limit": limit, "used": used})
        else:
            self.stdout.write(f"{end.date}{' (provisional)（暂定）' if end.provisional else ''}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not a date like 2015-08-04") from error


def _pause(text: str) -> Pause:
    start, dots, end = text.partition("..")
    if not dots:
        raise CommandError(f"{text!r} is not a pause like 2015-09-10..2015-10-12")
    try:
        return Pause(_day(start), _day(end) if end else None)
    except ValueError as error:
        raise CommandError(f"{text!r} ends before it starts") from error
