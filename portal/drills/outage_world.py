"""Cases in all states whose clocks have something to say just before, during and after an outage."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from core.lifecycle.dates import shanghai_date
from core.workdays.queries import calendar_for
from licensing.kinds import Kind
from licensing.models import Application
from licensing.rules import last_workday, workday_after, workday_before
from portal.drills import licences
from portal.drills.cases import Cast, moment

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stage:
    """Where a scene is set: its people, and the day at whose end everything stops."""

    cast: Cast
    last: date

    def ago(self, workdays: int) -> date:
        """The working day so many working days before the last one."""
        calendar = calendar_for()
        return workday_before(last_workday(self.last, calendar), workdays, calendar)

    def ahead(self, workdays: int) -> date:
        """The working day so many working days after the last one."""
        calendar, day = calendar_for(), last_workday(self.last, calendar_for())
        for _day in range(workdays):
            day = workday_after(day, calendar)
        return day

    def days(self, first: int, last: int) -> Iterator[date]:
        """Every calendar day from so many days before the last one to so many before it."""
        return (self.last - n * ONE_DAY for n in range(first, last - 1, -1))


Scene = Callable[[Stage], Iterator[Callable[[], Application]]]


def silent_filings(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Five working days end on each day of the outage; some were received on a weekend (K13, K15)."""
    for day in stage.days(12, 0):
        yield partial(stage.cast.filed, moment(day, 10))


def unanswered_notices(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Reminders seven days and one day before the end, and the end itself (S6)."""
    for day in stage.days(36, 18):
        yield partial(stage.cast.noticed, day)


def undecided_cases(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Ten, five, two, no days left; overdue; past the statutory date: at each desk (R-45, K12)."""
    cast = stage.cast
    for number in range(15, 49):
        day = stage.ago(number)
        at_each_desk = (
            partial(cast.accepted, day), partial(cast.taken, day), partial(cast.pending, day, passed=False),
        )  # fmt: skip
        yield at_each_desk[number % 3]


def long_procedures(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Clocks that stand still longer than the applicant was told (K7)."""
    day, stopped = stage.ago(20), stage.last - 6 * ONE_DAY
    for expected in range(-6, 5):
        yield partial(stage.cast.paused, day, moment(stopped, 16), stage.last + expected * ONE_DAY)


def unsigned_certificates(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Granted ten days before; no certificate came (S15)."""
    for number in range(4, 11):
        yield partial(stage.cast.decided, stage.ago(26), moment(stage.ago(number), 16), granted=True)


def closed_cases(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Of which nothing is to be heard: drafts, retracted, refused."""
    cast, day = stage.cast, stage.ago(26)
    yield partial(cast.draft, moment(day, 9))
    yield partial(cast.retracted, moment(day, 9))
    yield partial(cast.decided, day, moment(stage.ago(8), 16), granted=False)


def renewals_by_law(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Filed in time and undecided when the term ends, on each day of the outage (L1 art. 50, K21)."""
    for ends_on in stage.days(2, -4):
        yield partial(licences.accepted, stage.cast, ends_on, Kind.RENEWAL, 200)


def expiring_licences(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Terms that end: nobody asked for anything, a change ends with the licence, a late renewal goes on."""
    cast = stage.cast
    for number, ends_on in enumerate(stage.days(2, -4)):
        of_each_sort = (
            partial(licences.bare, cast, ends_on),
            partial(licences.accepted, cast, ends_on, Kind.CHANGE, 12),
            partial(licences.accepted, cast, ends_on, Kind.RENEWAL, 60),
        )
        yield of_each_sort[number % 3]


def renewals_near_expiry(stage: Stage) -> Iterator[Callable[[], Application]]:
    """Thirty working days are left of the old term, and the renewal is undecided (DOMAIN §3.3)."""
    for number in range(29, 36):
        yield partial(licences.accepted, stage.cast, stage.ahead(number), Kind.RENEWAL, 240)


SCENES: tuple[Scene, ...] = (
    silent_filings, unanswered_notices, undecided_cases, long_procedures, unsigned_certificates, closed_cases,
    renewals_by_law, expiring_licences, renewals_near_expiry,
)  # fmt: skip
"""Add a scene for every consequence added to `portal.drills.consequences.CONSEQUENCES`."""


def build(gone: datetime, *, copies: int = 1, every: int = 1) -> int:
    """Play all scenes before `gone`, each case `copies` times, or only every so many-th; returns how many cases."""
    stage, built = Stage(Cast(), shanghai_date(gone)), 0
    for scene in SCENES:
        for case in list(scene(stage))[::every]:
            for _copy in range(copies):
                case()
                built += 1
    return built
