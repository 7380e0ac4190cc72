"""What everybody sees of the kinds: gaps, group members, ends, a licence that takes another's place; and progress.

Made by the acts themselves and read through the public pages.
"""

from datetime import date, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from catalog.models import CategoryVersion
from core.lifecycle.subjects import Subject
from core.outbox.models import Event
from core.outbox.subscriptions import Heard, subscribers_of
from core.parties.models import Authority
from licensing.kinds import FROM_LICENCE, Kind
from licensing.models import Application, ProductionLicence
from licensing.queries.licences import standing_of_licence
from register.actions import refresh_licence, refresh_progress
from register.models import Licence
from register.queries.licences import figures
from tests.support import holders, moves, world
from tests.support.holders import ENDS_ON, LATE, TIMELY, Holder

AFTER = ENDS_ON + timedelta(days=1)
LONG_AFTER = world.at(date(2027, 2, 1), 10, 0)


@pytest.fixture
def on(fresh_database: str, time_machine: Any) -> Any:
    """A simulated world of its own, and the day its visitors read it."""
    from django.core.management import call_command

    call_command("create_world", "--simulated", verbosity=0)

    def move(day: date) -> None:
        time_machine.move_to(world.at(day, 17, 0), tick=False)

    move(TIMELY)
    return move


def licence_page(client: Client, licence: ProductionLicence, prefix: str = "") -> str:
    assert refresh_licence(number=licence.number, at=LONG_AFTER)
    answer = client.get(prefix + reverse("register:licence", args=[licence.number]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def hear(case: Application) -> None:
    """Let the register hear all there is of a case so far."""
    for event in Event.objects.filter(subject_id=str(case.public_id)).order_by("id"):
        heard = Heard(
            event.id,
            event.type,
            Subject(event.subject_kind, event.subject_id, event.subject_version),
            LONG_AFTER,
        )
        for found in subscribers_of(event.type):
            if found.name.startswith("register."):
                found.handler(heard)


def listed(client: Client, status: str) -> list[str]:
    """Numbers of the licences the search finds under a word."""
    answer = client.get(reverse("register:licences"), {"status": status})
    return [view.row.number for view in answer.context["page"].rows]


def progress(client: Client, case: Application) -> Any:
    assert refresh_progress(public_id=case.public_id, at=LONG_AFTER)
    answer = client.get(reverse("register:progress", args=[case.number]))
    assert answer.status_code == 200
    return answer


@pytest.mark.req("R-51")
def test_a_late_renewal_shows_its_gap(client: Client, on: Any) -> None:
    holder = Holder()
    case = holders.accepted(holder, Kind.RENEWAL, LATE)
    holders.tick_term(holder.licence, AFTER)
    on(AFTER)
    assert "过期" in licence_page(client, holder.licence)
    decided = date(2026, 12, 21)
    holders.grant(holder, holders.reviewed(holder, case, decided), decided)
    on(decided)
    page = licence_page(client, holder.licence)
    assert "期间未受许可" in page and "2026 年 12 月 15 日至 2026 年 12 月 20 日" in page
    assert "2031 年 12 月 20 日" in page
    assert "15 December 2026" in licence_page(client, holder.licence, "/en")


@pytest.mark.req("R-51")
def test_members_of_the_group_are_listed(client: Client, on: Any) -> None:
    holder = Holder()
    holders.granted(holder, Kind.SCOPE_EXTENSION)
    page = licence_page(client, holder.licence)
    assert "集团公司所属单位" in page and "测试肥业二厂有限公司 · 江苏省南京市玄武区中山路 1 号" in page


@pytest.mark.req("R-51")
def test_a_deregistered_licence_says_when_and_on_what_basis(client: Client, on: Any) -> None:
    holder = Holder()
    holders.granted(holder, Kind.DEREGISTRATION)
    page = licence_page(client, holder.licence)
    assert "注销日期" in page and "2026 年 6 月 12 日" in page and "第三十一条" in page
    assert "不再生产" not in page, "what the holder states of himself is not published"


@pytest.mark.req("R-51", "R-45")
def test_a_deemed_renewal_is_in_force_in_public(client: Client, on: Any) -> None:
    holder = Holder()
    case = holders.accepted(holder, Kind.RENEWAL)
    holders.tick_case(case, AFTER)
    on(AFTER)
    page = licence_page(client, holder.licence)
    assert "视为" in page and "2031 年 12 月 14 日" in page and "第五十条第二款" in page
    shown = progress(client, case)
    steps = [(step.key, step.state) for step in shown.context["case"].steps]
    assert steps[-2:] == [("decided", "done"), ("issued", "now")]
    assert "视为准予延续" in shown.content.decode()


@pytest.mark.req("R-51", "R-45")
def test_the_law_has_renewed_whether_or_not_the_clock_came_by(client: Client, on: Any) -> None:
    """Nothing sweeps: the public, the holder and whoever checks a certificate read it from 00:00 all the same."""
    holder = Holder()
    refresh_licence(number=holder.licence.number, at=LONG_AFTER)
    case = holders.accepted(holder, Kind.RENEWAL)
    hear(case)
    on(ENDS_ON)
    assert listed(client, "valid") == [holder.licence.number]
    on(AFTER)
    page = client.get(reverse("register:licence", args=[holder.licence.number])).content.decode()
    assert "许可有效，至 2031 年 12 月 14 日" in page and "已过期" not in page
    assert listed(client, "valid_deemed") == [holder.licence.number] and not listed(client, "expired")
    assert figures(AFTER).valid_licences == 1
    assert standing_of_licence(holder.licence.number, AFTER).in_force
    holder.licence.refresh_from_db()
    assert holder.licence.status == "valid", "nobody swept"
    answer = client.get(reverse("api-v1:licence", args=[holder.licence.number])).json()
    assert (answer["status"], answer["in_force"], answer["valid_until"]) == (
        "valid_deemed",
        True,
        "2031-12-14",
    )


@pytest.mark.req("R-51", "R-45")
@pytest.mark.parametrize("way", ["late", "none", "refused", "retracted"])
def test_without_a_timely_renewal_the_licence_is_over(client: Client, on: Any, way: str) -> None:
    holder = Holder()
    refresh_licence(number=holder.licence.number, at=LONG_AFTER)
    if way == "late":
        hear(holders.accepted(holder, Kind.RENEWAL, LATE))
    if way in ("refused", "retracted"):
        case = holders.accepted(holder, Kind.RENEWAL)
        hear(case)
        assert Licence.objects.get().renews_until == date(2031, 12, 14)
        if way == "refused":
            case = holders.reviewed(holder, case, TIMELY, failed=True)
            moves.refuse(case, holder.approver, world.at(TIMELY, 16), world.version(case))
        else:
            moves.retract(case, holder.applicant, world.at(TIMELY, 16), world.version(case))
        hear(case)
    on(AFTER)
    page = client.get(reverse("register:licence", args=[holder.licence.number])).content.decode()
    assert "已过期" in page
    assert listed(client, "expired") == [holder.licence.number] and not listed(client, "valid_deemed")
    assert figures(AFTER).valid_licences == 0
    assert standing_of_licence(holder.licence.number, AFTER).reason == "expired"


@pytest.mark.req("R-51", "R-45")
@pytest.mark.parametrize("filed_on, renews_until", [(TIMELY, date(2031, 12, 14)), (LATE, None)])
def test_an_upgrade_fills_in_what_the_law_will_renew(
    client: Client, on: Any, filed_on: date, renews_until: Any
) -> None:
    holder = Holder()
    holders.accepted(holder, Kind.RENEWAL, filed_on)
    refresh_licence(number=holder.licence.number, at=LONG_AFTER)
    assert Licence.objects.get().renews_until == renews_until
    Licence.objects.update(renews_until=None)
    migration = import_module("register.migrations.0011_renews_until")
    migration.backfill(apps, SimpleNamespace(connection=connection))
    assert Licence.objects.get().renews_until == renews_until


@pytest.mark.req("R-84")
def test_a_national_licence_and_the_one_in_its_place_lead_to_each_other(client: Client, on: Any) -> None:
    holder = Holder(category="bridge-bearing", deciding=Authority.objects.get(level="national").code)
    CategoryVersion.objects.filter(category__key="bridge-bearing").update(
        authority_level="provincial", level_reason=""
    )
    holder.approver = world.official("320000", "approval", name="钱审批")
    holders.granted(holder, Kind.CHANGE)
    new = ProductionLicence.objects.get(replaces=holder.licence)
    refresh_licence(number=new.number, at=LONG_AFTER)
    old_page, new_page = licence_page(client, holder.licence), licence_page(client, new)
    assert reverse("register:licence", args=[new.number]) in old_page and "注销日期" in old_page
    assert reverse("register:licence", args=[holder.licence.number]) in new_page and "换发自" in new_page


@pytest.mark.req("R-47")
@pytest.mark.parametrize("kind", FROM_LICENCE)
def test_the_progress_of_a_kind_has_the_stations_of_the_kind(client: Client, on: Any, kind: Kind) -> None:
    holder = Holder()
    case = holders.accepted(holder, kind)
    shown = progress(client, case)
    keys = [step.key for step in shown.context["case"].steps]
    assert ("reviewed" in keys) is case.rules.reviewed
    assert ("issued" in keys) is (kind is not Kind.DEREGISTRATION)
    holders.grant(holder, holders.reviewed(holder, case, TIMELY), TIMELY)
    shown = progress(client, case)
    assert "实地核查" not in shown.content.decode() or case.rules.reviewed
    for name in (holder.enterprise.name, "周敏", "王受理", "李审批"):
        assert name not in shown.content.decode()


@pytest.mark.req("R-47")
def test_a_case_that_ended_with_its_licence_says_so_in_public(client: Client, on: Any) -> None:
    holder = Holder()
    case = holders.accepted(holder, Kind.CHANGE)
    holders.tick_term(holder.licence, AFTER)
    on(AFTER)
    assert "终止" in progress(client, case).content.decode()
