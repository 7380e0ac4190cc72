"""Publishing the calendar of record: versions, refusals, ledger, event, effect on due dates."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.lifecycle.actors import SYSTEM, Actor
from core.outbox.models import Event
from core.parties.models import Duty, User
from core.workdays import errors
from core.workdays.actions import entry_of, import_year, publish_version
from core.workdays.models import CalendarDay, CalendarVersion
from core.workdays.notice import DayEntry
from core.workdays.queries import (
    calendar_book,
    calendar_for,
    current_version,
    current_years,
    versions_of,
    year_missing,
)
from core.workdays.rules import due

pytestmark = pytest.mark.django_db
NEW_YEAR = DayEntry(date(2027, 1, 1), "holiday", "元旦")
SECOND = DayEntry(date(2027, 1, 4), "holiday", "元旦")
MAKEUP = DayEntry(date(2027, 1, 9), "makeup_workday", "元旦")


@pytest.fixture(autouse=True)
def _loaded(db):
    call_command("load_calendar", verbosity=0)


def publish(actor: Actor, **changes) -> CalendarVersion:
    values = {
        "year": 2027,
        "base_version": 0,
        "days": [NEW_YEAR, SECOND, MAKEUP],
        "source": "国办发明电〔2026〕9号",
        "reason": "公布 2027 年安排",
        "actor": actor,
        "at": timezone.now(),
    }
    return publish_version(**{**values, **changes})


def correction_2015() -> list[DayEntry]:
    """2015 as it stood before 13 May: without the three days of September."""
    current = current_version("CN", 2015)
    return [entry_of(day) for day in current.days.all() if day.date.month != 9]


@pytest.mark.req("R-45", "K2")
def test_publishing_a_year_makes_its_dates_final(actor: Actor) -> None:
    start = date(2026, 11, 23)
    before = due(start, 30, "workday", (), calendar_for())
    assert (before.date, before.provisional) == (date(2027, 1, 5), True)
    version = publish(actor)
    after = due(start, 30, "workday", (), calendar_for())
    assert (after.date, after.provisional) == (date(2027, 1, 6), False)
    assert calendar_for().day(date(2027, 1, 9)).reason == "makeup_workday"
    assert calendar_for().day(date(2027, 1, 4)).source == "国办发明电〔2026〕9号"
    assert (version.version, version.superseded_at, version.supersedes) == (1, None, None)
    assert version.published_by == actor.code


@pytest.mark.req("K2")
def test_a_change_in_mid_year_moves_a_due_date(actor: Actor) -> None:
    actual = [entry_of(day) for day in current_version("CN", 2015).days.all()]
    start = date(2015, 8, 4)
    publish(actor, year=2015, base_version=1, days=correction_2015(), source="甲", reason="恢复原安排")
    assert due(start, 30, "workday", (), calendar_for()).date == date(2015, 9, 15)
    publish(actor, year=2015, base_version=2, days=actual, source="国发明电〔2015〕1号", reason="胜利日")
    assert due(start, 30, "workday", (), calendar_for()).date == date(2015, 9, 16)
    assert [version.version for version in versions_of("CN", 2015)] == [3, 2, 1]
    assert [version.superseded_at is None for version in versions_of("CN", 2015)] == [True, False, False]


def test_unchanged_days_keep_their_notice(actor: Actor) -> None:
    days = [entry_of(day) for day in current_version("CN", 2020).days.all()]
    extra = DayEntry(date(2020, 6, 29), "holiday", "试")
    publish(actor, year=2020, base_version=1, days=[*days, extra], source="乙", reason="加一天")
    calendar = calendar_for()
    assert calendar.day(date(2020, 1, 31)).source == "国办发明电〔2020〕1号"
    assert calendar.day(date(2020, 6, 29)).source == "乙"


@pytest.mark.req("R-4")
def test_publication_stands_in_the_ledger_and_is_announced(actor: Actor) -> None:
    publish(actor)
    entry = LedgerEntry.objects.get(act="workdays.calendar_published", subject_id="CN:2027")
    assert (entry.subject_kind, entry.subject_version, entry.dating) == ("workdays.calendar", 1, "clock")
    assert entry.legal_basis == [{"instrument": "L1", "article": "第八十二条"}]
    assert entry.public["source"] == "国办发明电〔2026〕9号" and entry.public["reason"] == "公布 2027 年安排"
    assert ["2027-01-09", "makeup_workday", "元旦", "国办发明电〔2026〕9号"] in entry.public["days"]
    event = Event.objects.get(type="workdays.calendar_published", subject_id="CN:2027")
    assert (event.subject_kind, event.subject_version) == ("workdays.calendar", 1)


def test_import_is_dated_as_import_and_happens_once() -> None:
    entry = LedgerEntry.objects.get(act="workdays.calendar_published", subject_id="CN:2015")
    assert (entry.dating, entry.actor_kind) == ("import", "system")
    again = import_year(year=2015, at=timezone.now())
    assert again.version == 1 and LedgerEntry.objects.filter(subject_id="CN:2015").count() == 1


def test_import_never_touches_what_was_published(actor: Actor) -> None:
    publish(actor, year=2015, base_version=1, days=correction_2015(), source="甲", reason="乙")
    assert import_year(year=2015, at=timezone.now()).version == 2


def test_a_year_the_package_lacks_is_refused() -> None:
    with pytest.raises(errors.NoPackageData):
        import_year(year=2027, at=timezone.now())


def test_stale_version_is_a_conflict(actor: Actor) -> None:
    publish(actor)
    with pytest.raises(errors.StaleVersion):
        publish(actor, days=[NEW_YEAR])
    with pytest.raises(errors.StaleVersion):
        publish(actor, base_version=2, days=[NEW_YEAR])
    with pytest.raises(errors.StaleVersion):
        publish(actor, year=2028, base_version=1, days=[])
    assert current_version("CN", 2027).version == 1


def test_the_same_form_posted_twice_publishes_once(actor: Actor) -> None:
    first, second = publish(actor), publish(actor)
    assert first == second and LedgerEntry.objects.filter(subject_id="CN:2027").count() == 1


@pytest.mark.req("R-45")
def test_only_a_national_administrator_in_force_publishes(administrator: User, actor: Actor) -> None:
    stranger = User.objects.create_user("stranger", password="x", name="路人")
    for refused in (Actor("user", str(stranger.public_id), "路人", user_id=stranger.pk), SYSTEM):
        with pytest.raises(errors.OnlyNationalAdministrator):
            publish(refused)
    Duty.objects.filter(user=administrator).update(kind=Duty.Kind.APPROVAL)
    with pytest.raises(errors.OnlyNationalAdministrator):
        publish(actor)
    assert current_version("CN", 2027) is None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"days": [DayEntry(date(2028, 1, 1), "holiday", "元旦")]}, errors.DayOutsideYear),
        ({"days": [NEW_YEAR, DayEntry(NEW_YEAR.date, "makeup_workday", "元旦")]}, errors.DayTwice),
        ({"days": [DayEntry(date(2027, 1, 4), "makeup_workday", "元旦")]}, errors.MakeupOnWeekday),
        ({"source": "  "}, errors.SourceMissing),
        ({"reason": ""}, errors.ReasonMissing),
        ({"year": 1900, "days": []}, errors.YearImplausible),
        ({"scope": "999900"}, errors.ScopeUnknown),
        ({"scope": "110101"}, errors.ScopeUnknown),
    ],
)
def test_bad_input_is_refused(actor: Actor, changes: dict, error: type) -> None:
    with pytest.raises(error):
        publish(actor, **changes)


def test_a_version_without_change_is_refused(actor: Actor) -> None:
    version = publish(actor)
    with pytest.raises(errors.NothingChanged):
        publish(actor, base_version=version.version, reason="再公布一次")


@pytest.mark.req("K20")
def test_local_holiday_counts_only_there(actor: Actor) -> None:
    day = date(2015, 9, 24)
    eid = [DayEntry(day, "holiday", "古尔邦节")]
    publish(actor, scope="650000", year=2015, days=eid, source="新政办发〔2015〕1号", reason="地方节假日")
    book = calendar_book()
    for inside in ("650000", "650100", "650102"):
        assert not book.for_division(inside).is_workday(day), inside
        assert book.for_division(inside).day(day).reason == "overlay_holiday"
    for outside in (None, "640000", "640100"):
        assert book.for_division(outside).is_workday(day), outside
    start = date(2015, 9, 1)
    assert due(start, 30, "workday", (), book.for_division("650102")).date == date(2015, 10, 21)
    assert due(start, 30, "workday", (), book.for_division(None)).date == date(2015, 10, 20)
    entry = LedgerEntry.objects.get(subject_id="650000:2015")
    assert {"instrument": "HOLIDAYS", "article": "第四条"} in entry.legal_basis


@pytest.mark.req("K20")
def test_overlay_does_not_make_a_missing_year_known(actor: Actor) -> None:
    local = [DayEntry(date(2027, 3, 9), "holiday", "肉孜节")]
    publish(actor, scope="640000", days=local)
    calendar = calendar_for("640100")
    assert calendar.is_provisional(2027) and not calendar.is_workday(date(2027, 3, 9))


@pytest.mark.req("K20")
def test_prefecture_wins_over_province(actor: Actor) -> None:
    day = date(2015, 9, 24)
    publish(actor, scope="650000", year=2015, days=[DayEntry(day, "holiday", "节")])
    publish(actor, scope="650100", year=2015, days=[DayEntry(day, "makeup_workday", "节")])
    assert calendar_for("650102").is_workday(day) and not calendar_for("650200").is_workday(day)


def test_calendar_as_it_was_known(actor: Actor) -> None:
    loaded = timezone.now()
    publish(actor, year=2015, base_version=1, days=correction_2015(), source="甲", reason="乙")
    assert not calendar_for(at=loaded).is_workday(date(2015, 9, 3))
    assert calendar_for().is_workday(date(2015, 9, 3))
    assert calendar_for(at=loaded - timedelta(days=1)).is_provisional(2015)


def test_calendar_costs_one_query_until_it_changes(actor: Actor, django_assert_num_queries) -> None:
    calendar_for()
    with django_assert_num_queries(1):
        calendar_for()
    with django_assert_num_queries(1):
        book = calendar_book()
        assert book.for_division("320400") is book.for_division("110000")
    publish(actor)
    with django_assert_num_queries(3):
        calendar_for()
    with django_assert_num_queries(1):
        current_years()


def test_alarm_for_a_missing_year(actor: Actor) -> None:
    assert year_missing(date(2026, 11, 30)) is None
    assert year_missing(date(2026, 12, 1)) == 2027
    assert year_missing(date(2027, 3, 1)) == 2027
    publish(actor)
    assert year_missing(date(2026, 12, 1)) is None
    assert year_missing(date(2027, 3, 1)) is None


def _refused(**day) -> None:
    version = current_version("CN", 2015)
    values = {"version": version, "year": 2015, "kind": "holiday", "source": "甲", **day}
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(**values)


def test_database_refuses_what_the_act_refuses() -> None:
    _refused(date=date(2016, 6, 1))
    _refused(date=date(2016, 6, 1), year=2016)
    _refused(date=date(2015, 10, 1))
    _refused(date=date(2015, 6, 1), kind="maybe")
    _refused(date=date(2015, 6, 1), source="")


def test_database_holds_one_current_version_a_year() -> None:
    base = current_version("CN", 2015)
    values = {"scope": "CN", "year": 2015, "source": "甲", "note": "乙", "published_by": "x"}
    for changes in ({"version": 2, "supersedes": base}, {"version": 1}, {"version": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarVersion.objects.create(**values, published_at=timezone.now(), **changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarVersion.objects.create(
            **{**values, "scope": "320411"}, version=1, published_at=timezone.now()
        )
