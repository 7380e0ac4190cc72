"""Duties: who gives them to whom, at which level, with which dates (DOMAIN §8)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from core.ledger.models import LedgerEntry
from core.ledger.queries import verify
from core.messages.models import Message
from core.parties.competence import standing_of
from core.parties.models import Authority, Delegation, Duty, User
from core.staff import errors
from core.staff.actions.duties import end_duty, grant_duty
from core.staff.actions.people import create_official, invite_again
from core.staff.models import Official
from tests.support import world
from tests.support.offices import Jiangsu, acting, day, now

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-88")]


def grant(person: User, kind: str, by: User, start: Any = None, end: Any = None) -> Duty:
    return grant_duty(
        public_id=person.public_id,
        kind=kind,
        valid_from=start or day(),
        valid_to=end,
        actor=acting(by),
        at=now(),
    )


def end(duty: Duty, by: User, on: Any = None) -> Duty:
    return end_duty(duty_id=duty.pk, on=on or day(), actor=acting(by), at=now())


def test_a_granted_duty_counts_from_its_day_and_is_on_record(office: Jiangsu) -> None:
    duty = grant(office.clerk, "supervision", office.admin, day(1), day(31))
    assert (duty.authority, duty.granted_by) == (office.authority, office.admin)
    assert "supervision" not in {d.kind for d in standing_of(office.clerk, day()).duties}
    assert "supervision" in {d.kind for d in standing_of(office.clerk, day(1)).duties}
    assert "supervision" not in {d.kind for d in standing_of(office.clerk, day(31)).duties}
    entry = LedgerEntry.objects.get(act="staff.duty_granted")
    assert (entry.subject_id, entry.subject_version) == (str(office.clerk.public_id), 1)
    assert entry.internal["kind"] == "supervision"
    assert office.clerk.name not in str(entry.internal) + str(entry.public)
    assert Message.objects.filter(recipient=office.clerk, kind="staff.duty_granted").count() == 1
    assert verify().ok


def test_nobody_gives_a_duty_to_himself(office: Jiangsu) -> None:
    with pytest.raises(errors.NotOneself):
        grant(office.admin, "approval", office.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(
            user=office.admin,
            authority=office.authority,
            kind="audit",
            valid_from=day(),
            granted_by=office.admin,
        )


@pytest.mark.parametrize("who", ["clerk", "zhejiang", "approver"])
def test_only_the_authority_s_own_administrator_gives_duties(office: Jiangsu, who: str) -> None:
    with pytest.raises(errors.NotTheirAdministrator):
        grant(office.reviewer, "supervision", getattr(office, who))


def test_a_superior_appoints_administrators_and_nothing_else(office: Jiangsu) -> None:
    assert grant(office.approver, "organisation_admin", office.nation).kind == "organisation_admin"
    with pytest.raises(errors.SuperiorOnlyAppointsAdministrators):
        grant(office.approver, "supervision", office.nation)


def test_an_administrator_is_appointed_by_another_of_the_same_authority(office: Jiangsu) -> None:
    assert grant(office.clerk, "organisation_admin", office.admin)


def test_the_national_administrator_appoints_at_the_nation(office: Jiangsu) -> None:
    colleague = world.official("AQSIQ", "approval")
    assert grant(colleague, "national_admin", office.nation).authority.level == "national"


@pytest.mark.parametrize(
    ("code", "kind"),
    [("320000", "national_admin"), ("320583", "acceptance"), ("320583", "approval"), ("320583", "head")],
)
def test_a_duty_exists_only_at_its_levels(office: Jiangsu, code: str, kind: str) -> None:
    admin, person = world.official(code, "organisation_admin"), world.official(code, "supervision")
    with pytest.raises(errors.NotAtThisLevel):
        grant(person, kind, admin)


@pytest.mark.req("R-19")
def test_a_prefecture_accepts_only_what_its_province_entrusted(office: Jiangsu) -> None:
    admin, person = world.official("320500", "organisation_admin"), world.official("320500", "supervision")
    with pytest.raises(errors.NotEntrusted):
        grant(person, "acceptance", admin)
    Delegation.objects.create(
        delegator=office.authority, delegate=Authority.objects.get(code="320500"), stage="acceptance",
        valid_from=world.EPOCH, basis_instrument="通知", basis_article="一", announced_on=world.EPOCH,
    )  # fmt: skip
    assert grant(person, "acceptance", admin)
    with pytest.raises(errors.NotEntrusted):
        grant(person, "review", admin)


def test_a_duty_does_not_overlap_itself(office: Jiangsu) -> None:
    with pytest.raises(errors.Overlaps):
        grant(office.clerk, "acceptance", office.admin, day(10))
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(
            user=office.clerk, authority=office.authority, kind="acceptance", valid_from=day(10)
        )
    end(Duty.objects.get(user=office.clerk), office.admin, day(5))
    assert grant(office.clerk, "acceptance", office.admin, day(5)), "the end day no longer counts"


@pytest.mark.parametrize(("start", "stop"), [(5, 5), (5, 4), (5, 1)])
def test_an_end_before_the_start_is_refused(office: Jiangsu, start: int, stop: int) -> None:
    with pytest.raises(errors.EndBeforeStart) as refused:
        grant(office.clerk, "supervision", office.admin, day(start), day(stop))
    assert refused.value.field == "valid_to"


def test_the_database_keeps_dates_in_order(office: Jiangsu) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.create(
            user=office.clerk, authority=office.authority, kind="audit", valid_from=day(2), valid_to=day(1)
        )


def test_nothing_is_granted_for_the_past(office: Jiangsu) -> None:
    with pytest.raises(errors.InThePast):
        grant(office.clerk, "supervision", office.admin, day(-1))


def test_a_duty_ends_at_once_or_on_a_day(office: Jiangsu) -> None:
    later = end(Duty.objects.get(user=office.reviewer), office.admin, day(7))
    assert later.valid_to == day(7)
    assert standing_of(office.reviewer, day()).is_official
    end(Duty.objects.get(user=office.clerk), office.admin)
    assert not standing_of(office.clerk, day()).is_official
    with pytest.raises(errors.AlreadyEnded):
        end(Duty.objects.get(user=office.clerk), office.admin)


def test_one_not_begun_never_begins(office: Jiangsu) -> None:
    duty = end(grant(office.clerk, "supervision", office.admin, day(10)), office.admin)
    assert duty.valid_to == duty.valid_from
    assert "supervision" not in {d.kind for d in standing_of(office.clerk, day(10)).duties}


def test_the_nation_never_loses_its_last_administrator(office: Jiangsu) -> None:
    colleague = world.official("AQSIQ", "organisation_admin")
    last = Duty.objects.get(user=office.nation)
    end(Duty.objects.get(user=colleague), office.nation)
    with pytest.raises(errors.LastAdministrator):
        end(last, office.nation)


def create(office: Jiangsu, **changes: Any) -> User:
    facts = {
        "authority": office.authority, "username": "js-new", "name": "新同事", "email": "new@js.example",
        "kind": "review", "valid_from": day(), "valid_to": None, **changes,
    }  # fmt: skip
    return create_official(**facts, actor=acting(office.admin), at=now())


def test_a_new_official_gets_one_link_and_must_set_up_the_second_factor(
    office: Jiangsu, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        person = create(office)
    assert not person.has_usable_password()
    assert Official.objects.get(user=person).created_by == office.admin
    entry = LedgerEntry.objects.get(act="staff.official_created")
    assert set(entry.personal) == {"name", "username", "email", "actor_label"}
    assert "js-new" not in str(entry.internal) + str(entry.public)
    (letter,) = mailoutbox
    link = next(word for word in letter.body.split() if "/password/reset/key/" in word)
    browser = Client()
    form = browser.get(link[link.index("/accounts") :], follow=True)
    where = form.redirect_chain[-1][0]
    word = "a pass phrase of mine"
    assert browser.post(where, {"password1": word, "password2": word}).status_code == 302
    assert browser.post("/accounts/login/", {"login": "js-new", "password": word}).status_code == 302
    assert browser.get("/work/")["Location"] == "/accounts/2fa/totp/activate/"
    with pytest.raises(errors.AccountOpen):
        invite_again(public_id=person.public_id, actor=acting(office.admin), at=now())


def test_names_and_addresses_are_taken_once(office: Jiangsu) -> None:
    create(office)
    with pytest.raises(errors.NameTaken):
        create(office, username="JS-New", email="other@js.example")
    with pytest.raises(errors.AddressTaken):
        create(office, username="js-other", email="NEW@js.example")


def test_an_official_is_taken_in_by_his_own_authority_only(office: Jiangsu) -> None:
    with pytest.raises(errors.NotTheirAdministrator):
        create(office, authority=Authority.objects.get(code="330000"))


@pytest.mark.parametrize("offset", [0, 1])
def test_history_shows_when_a_duty_ended(office: Jiangsu, offset: int) -> None:
    end(Duty.objects.get(user=office.clerk), office.admin, day(offset))
    assert LedgerEntry.objects.get(act="staff.duty_ended").internal["to"] == str(
        day() + timedelta(days=offset)
    )
