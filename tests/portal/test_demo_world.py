"""The demo world: believable, complete, the same each time; and nothing of it outside (DESIGN §3 "Two times")."""

import hashlib
import json
from collections import Counter
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from catalog.queries import category_on
from core.ledger.queries import verify
from core.lifecycle.dates import SHANGHAI
from core.parties.competence import standing_of
from core.parties.identifiers import validate_uscc
from core.parties.models import Enterprise, User
from core.parties.queries import place
from licensing.lifecycle import LIFE_CYCLE, UNDECIDED
from licensing.models import Application, Extension, ProductionLicence
from licensing.workbench.filters import Filters
from licensing.workbench.queries.lists import work_list
from portal.demo import accounts, population, world
from portal.demo.people import OFFICIALS
from portal.demo.producers import PRODUCERS
from tests.support.clients import today

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

NOT_BUILT = {"certificate_issued", "delivered"}
"""The worker signs; holders take delivery after that."""
PASSING = {"accepted", "review_completed", "review_failed"}
"""States an act passes through within its own transaction."""


def facts() -> list[str]:
    """What a case is, without the ids that are drawn anew."""
    rows = Application.objects.select_related("enterprise", "category").order_by("enterprise__uscc", "pk")
    return [
        f"{row.enterprise.name} {row.category.key if row.category else ''} {row.status} {row.received_at} "
        f"{row.accepted_on} {row.due_on} {row.decided_on} {row.number and row.number[:-3]}"
        for row in rows
    ]


def built(now: datetime) -> None:
    world.Builder(now).build()
    population.populate(now)


@pytest.mark.req("R-19", "R-20", "K5", "K11")
def test_the_nation_stands() -> None:
    now = timezone.now()
    built(now)
    found = Counter(Application.objects.values_list("status", flat=True))
    assert set(LIFE_CYCLE.states) - PASSING - NOT_BUILT == set(found), found
    assert found.total() >= 90 and found["granted"] >= 35
    overdue = Application.objects.filter(status__in=UNDECIDED, next_due_on__lt=today())
    assert overdue.count() >= 3
    issued = ProductionLicence.objects.order_by("issued_on").values_list("issued_on", flat=True)
    assert (today() - issued[0]).days > 600 and (today() - issued.last()).days < 40
    assert Application.objects.filter(paused=True, due_on__isnull=True).count() >= 3
    assert Application.objects.filter(clock_pauses__0__to__gt="").exists(), "a test that is over"
    assert set(Extension.objects.values_list("result", flat=True)) == {"", "granted"}
    assert population.populate(now) == 0, "told once"
    assert verify().ok
    delegated = standing_of(User.objects.get(username="nb-clerk"), today())
    listed = work_list(delegated, Filters(scope="all"), today()).rows
    assert listed and {row.application.filing_authority.code for row in listed} == {"330000"}
    assert {row.application.acceptance_authority.code for row in listed} == {"330200"}


def test_the_same_moment_gives_the_same_world() -> None:
    now = datetime(2026, 9, 23, 14, 30, tzinfo=SHANGHAI)
    digests = []
    for _time in range(2):
        with transaction.atomic():
            for producer in PRODUCERS[:6]:
                world.Builder(now)._enterprise(producer.enterprise)
            for official in OFFICIALS:
                world.Builder(now)._official(official)
            for index, producer in enumerate(PRODUCERS[:6]):
                population._tell(world.Builder(now), index, producer)
            digests.append(hashlib.sha256("\n".join(facts()).encode()).hexdigest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]


def test_everybody_has_a_name_of_their_own_and_a_place_that_exists() -> None:
    told = world.EVERY_ENTERPRISE
    assert len(told) == len({row.name for row in told}) == len({row.username for row in told}) >= 60
    assert len({row.serial for row in told}) == len(told)
    for row in told:
        assert place(row.division, today()) and place(row.site_division, today()), row.name
        assert validate_uscc(world.demo_uscc(row.division, row.serial), "uscc")
    for producer in PRODUCERS:
        listed = category_on(producer.makes, today())
        assert listed is not None and listed.authority_level == "provincial", producer.makes


def test_every_account_of_the_list_is_there() -> None:
    for official in OFFICIALS:
        world.Builder(timezone.now())._official(official)
    names = {row["user"] for row in accounts.accounts()}
    assert {official.username for official in OFFICIALS} <= names
    assert {row["user"] for row in accounts.with_stories()} < names
    out = json.loads(json.dumps(accounts.accounts()))
    assert all(len(row["password"]) == 12 for row in out)


def test_nothing_of_it_in_a_real_world(settings: object) -> None:
    settings.WORLD = "real"  # type: ignore[attr-defined]
    for command in ("ensure_demo", "populate_demo", "demo_accounts"):
        with pytest.raises(CommandError):
            call_command(command)
    assert not Enterprise.objects.filter(name=PRODUCERS[0].enterprise.name).exists()
