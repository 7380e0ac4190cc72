"""The sampling review of what a standing order granted: drawn by lot, looked at by one more person (R-85)."""

from datetime import timedelta
from typing import Any

import pytest

from core.lifecycle.errors import DomainError
from core.parties.competence import standing_of
from core.parties.models import User
from licensing.actions import sampling
from licensing.actions.straight_through import go_through
from licensing.models import (
    Application,
    OpenMatter,
    Recusal,
    SamplingReview,
    StandingEvidence,
    StandingOrder,
)
from licensing.queries.orders import find_sample, to_examine
from tests.support import exempt, world
from tests.support.exempt import HonestHolder
from tests.support.holders import TIMELY

pytestmark = pytest.mark.django_db
NEXT = TIMELY + timedelta(days=3)


@pytest.fixture(scope="module")
def kept_holder(kept: Any) -> HonestHolder:
    return kept(HonestHolder)


@pytest.fixture
def waiting(holder: HonestHolder) -> Application:
    """An honest renewal whose report has come."""
    return exempt.tested(holder, exempt.renewal(holder), NEXT)


def through(case: Application) -> None:
    go_through(public_id=case.public_id, at=world.at(NEXT, 15))


def refused(code: str, act, *args, **kwargs) -> None:
    with pytest.raises(DomainError) as error:
        act(*args, **kwargs)
    assert error.value.code == code


@pytest.mark.req("R-85")
def test_the_draw_and_the_later_look(holder: HonestHolder, waiting: Application) -> None:
    exempt.order(holder)
    through(waiting)
    row = SamplingReview.objects.get(application=waiting)
    look = {"public_id": row.public_id, "at": world.at(NEXT, 17), "no_conflict": True}
    both = world.official("320000", "review", "approval")
    StandingOrder.objects.update(signed_by=both)
    for person in (holder.approver, holder.supervisor, both):
        refused("licensing.not_your_sample", sampling.examine, **look, finding="upheld", reasons="",
                actor=world.actor(person, NEXT))  # fmt: skip
    who = world.actor(world.official("320000", "review"), NEXT)
    refused("licensing.sample_reasons", sampling.examine, **look, finding="wrong", reasons=" ", actor=who)
    refused("licensing.no_conflict_undeclared", sampling.examine, **{**look, "no_conflict": False},
            finding="upheld", reasons="", actor=who)  # fmt: skip
    sampling.examine(**look, finding="wrong", reasons="设备与承诺不符", actor=who)
    lead = OpenMatter.objects.get(enterprise=holder.enterprise)
    assert (lead.kind, lead.closed_at) == ("lead", None) and "设备与承诺不符" in lead.what
    refused("licensing.sample_done", sampling.examine, **look, finding="upheld", reasons="", actor=who)


def accepted_it(holder: HonestHolder, case: Application, person: User) -> None:
    Application.objects.filter(pk=case.pk).update(clerk=person)


def reviewed_it(holder: HonestHolder, case: Application, person: User) -> None:
    Application.objects.filter(pk=case.pk).update(reviewer=person)


def recorded_it(holder: HonestHolder, case: Application, person: User) -> None:
    case.evidence.filter(track="testing").update(recorded_by=person)


def recorded_what_it_rests_on(holder: HonestHolder, case: Application, person: User) -> None:
    check = exempt.spot_check(holder, TIMELY - timedelta(days=60), TIMELY)
    StandingEvidence.objects.filter(pk=check.pk).update(recorded_by=person)
    case.evidence.get(track="testing").rests_on.add(check)


def recused_himself(holder: HonestHolder, case: Application, person: User) -> None:
    Recusal.objects.create(
        application=case, user=person, authority=holder.province, reason="interest", explanation="亲属任职",
        released=False, declared_at=world.at(NEXT, 14),
    )  # fmt: skip


@pytest.mark.req("R-85")
@pytest.mark.parametrize(
    "part", [accepted_it, reviewed_it, recorded_it, recorded_what_it_rests_on, recused_himself]
)
def test_who_had_a_part_in_the_case_does_not_look_again(
    holder: HonestHolder, waiting: Application, part
) -> None:
    """The later look takes the place of three persons on a case (DOMAIN §3.2): it is one more's."""
    exempt.order(holder)
    through(waiting)
    row, person = SamplingReview.objects.get(application=waiting), world.official("320000", "review")
    mine = standing_of(person, NEXT)
    assert list(to_examine(mine)) == [row] and find_sample(mine, row.public_id) == row
    part(holder, waiting, person)
    look = {"public_id": row.public_id, "finding": "upheld", "reasons": "", "no_conflict": True}
    refused("licensing.not_your_sample", sampling.examine, **look, actor=world.actor(person, NEXT),
            at=world.at(NEXT, 17))  # fmt: skip
    assert not to_examine(mine).exists() and find_sample(mine, row.public_id) is None
    other = world.actor(world.official("320000", "review"), NEXT)
    assert sampling.examine(**look, actor=other, at=world.at(NEXT, 17)).finding == "upheld"


@pytest.mark.req("R-85")
def test_the_share_is_drawn_by_lot(holder: HonestHolder, waiting: Application, monkeypatch) -> None:
    exempt.order(holder, percent=5)
    monkeypatch.setattr("licensing.actions.straight_through.secrets.randbelow", lambda most: 5)
    through(waiting)
    assert not SamplingReview.objects.exists()
