"""Two administrators publish one year at the same moment, in two database sessions."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.lifecycle.actors import Actor
from core.parties.models import Authority, Duty, Level, User
from core.workdays.actions import entry_of, publish_version
from core.workdays.errors import StaleVersion
from core.workdays.models import CalendarVersion
from core.workdays.notice import DayEntry
from core.workdays.queries import current_version


def _administrator(name: str) -> Actor:
    user = User.objects.create_user(name, password="x", name=name)
    authority = Authority.objects.get(level=Level.NATIONAL)
    Duty.objects.create(
        user=user, authority=authority, kind=Duty.Kind.NATIONAL_ADMIN, valid_from=date(2015, 1, 1)
    )
    return Actor("user", str(user.public_id), name, user_id=user.pk)


def _publish_together(acts: list[tuple[Actor, DayEntry]], year: int, base: int) -> list[str]:
    current = current_version("CN", year)
    kept = [entry_of(day) for day in current.days.all()] if current else []
    together, now = Barrier(len(acts)), timezone.now()

    def publish(act: tuple[Actor, DayEntry]) -> str:
        actor, extra = act
        call = {"year": year, "base_version": base, "source": "号", "reason": "因", "actor": actor, "at": now}
        try:
            together.wait(10)
            return f"version {publish_version(days=sorted([*kept, extra]), **call).version}"
        except StaleVersion:
            return "stale"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(publish, acts))


@pytest.mark.database
@pytest.mark.parametrize(("year", "base"), [(2015, 1), (2027, 0)])
def test_one_of_two_publications_stands(fresh_database: str, year: int, base: int) -> None:
    acts = [
        (_administrator(name), DayEntry(date(year, 7, day), "holiday", "试"))
        for name, day in (("甲", 6), ("乙", 7))
    ]
    assert _publish_together(acts, year, base) == ["stale", f"version {base + 1}"]
    assert CalendarVersion.objects.filter(year=year, scope="CN").count() == base + 1
    assert LedgerEntry.objects.filter(subject_id=f"CN:{year}").count() == base + 1


@pytest.mark.database
def test_one_form_posted_twice_at_once_is_one_act(fresh_database: str) -> None:
    act = (_administrator("甲"), DayEntry(date(2015, 7, 6), "holiday", "试"))
    assert _publish_together([act, act], 2015, 1) == ["version 2", "version 2"]
    assert LedgerEntry.objects.filter(subject_id="CN:2015").count() == 2
