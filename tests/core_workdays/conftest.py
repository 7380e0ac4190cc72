from datetime import date, timedelta
from typing import TYPE_CHECKING

import chinese_calendar
import pytest

from core.workdays.rules import DayStatus, Reason, WorkCalendar

if TYPE_CHECKING:
    from core.lifecycle.actors import Actor
    from core.parties.models import User


@pytest.fixture(scope="session")
def official() -> WorkCalendar:
    """2004–2026 as chinesecalendar has them, without a database."""
    days: dict[date, DayStatus] = {}
    day = date(2004, 1, 1)
    while day.year < 2027:
        workday = chinese_calendar.is_workday(day)
        if workday != (day.weekday() < 5):
            reason = Reason.MAKEUP_WORKDAY if workday else Reason.HOLIDAY
            days[day] = DayStatus(workday, reason, "名", "号")
        day += timedelta(days=1)
    return WorkCalendar(days, frozenset(range(2004, 2027)))


@pytest.fixture
def administrator(db: None) -> "User":
    """A national administrator in force."""
    from core.parties.models import Authority, Duty, Level, User

    user = User.objects.create_user("calendar-keeper", password="x", name="历明")
    authority = Authority.objects.get(level=Level.NATIONAL)
    Duty.objects.create(
        user=user, authority=authority, kind=Duty.Kind.NATIONAL_ADMIN, valid_from=date(2015, 1, 1)
    )
    return user


@pytest.fixture
def actor(administrator: "User") -> "Actor":
    """The administrator as the actor of an act."""
    from django.utils import timezone

    from core.lifecycle.dates import shanghai_date
    from core.parties.actors import actor_of
    from core.parties.competence import standing_of

    return actor_of(administrator, standing_of(administrator, shanghai_date(timezone.now())))
