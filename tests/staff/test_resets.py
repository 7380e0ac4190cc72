"""A lost second factor: four eyes, in the rule and in the database."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import IntegrityError, transaction

from core.ledger.models import LedgerEntry
from core.messages.models import Message
from core.parties.models import User
from core.staff import errors
from core.staff.actions.resets import confirm_reset, propose_reset, withdraw_reset
from core.staff.models import SecondFactorReset
from tests.support.clients import signed_in
from tests.support.offices import Jiangsu, acting, now

pytestmark = pytest.mark.django_db
HOW = "本人当面出示工作证，并与档案照片核对一致"


def propose(person: User, by: User, how: str = HOW, at: Any = None) -> SecondFactorReset:
    return propose_reset(public_id=person.public_id, checked_how=how, actor=acting(by), at=at or now())


def confirm(reset: SecondFactorReset, by: User, at: Any = None) -> SecondFactorReset:
    return confirm_reset(public_id=reset.public_id, actor=acting(by), at=at or now())


def test_two_administrators_reset_and_the_person_is_told_and_out(
    office: Jiangsu, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    RecoveryCodes.activate(office.clerk)
    EmailAddress.objects.create(user=office.clerk, email="wang@js.example", primary=True, verified=True)
    browser = signed_in(office.clerk)
    reset = propose(office.clerk, office.admin)
    assert Authenticator.objects.filter(user=office.clerk).count() == 2, "a proposal changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        confirm(reset, office.second)
    assert not Authenticator.objects.filter(user=office.clerk).exists()
    assert browser.get("/work/")["Location"].startswith("/accounts/login/")
    assert ["wang@js.example"] in [letter.to for letter in mailoutbox]
    assert Message.objects.filter(recipient=office.clerk, kind="staff.reset_done").exists()
    entry = LedgerEntry.objects.get(act="staff.second_factor_reset_proposed")
    assert set(entry.personal) == {"checked_how", "actor_label"}
    assert "工作证" not in str(entry.internal)
    again = signed_in(office.clerk, second_factor=False)
    assert again.get("/work/")["Location"] == "/accounts/2fa/totp/activate/"


def test_the_proposer_does_not_confirm(office: Jiangsu) -> None:
    reset = propose(office.clerk, office.admin)
    with pytest.raises(errors.SamePerson):
        confirm(reset, office.admin)
    assert Authenticator.objects.filter(user=office.clerk).exists()


def test_nobody_resets_his_own(office: Jiangsu) -> None:
    with pytest.raises(errors.NotOneself):
        propose(office.admin, office.admin)
    reset = propose(office.admin, office.second)
    with pytest.raises(errors.NotOneself):
        confirm(reset, office.admin)


@pytest.mark.parametrize(
    "change",
    [
        {"proposed_by": "clerk"},
        {"status": "confirmed", "confirmed_by": "clerk"},
        {"status": "confirmed", "confirmed_by": "admin"},
        {"status": "confirmed", "confirmed_by": None},
        {"status": "confirmed", "confirmed_by": "second", "late": True},
        {"expires": 25},
        {"checked_how": ""},
    ],
)
def test_the_database_wants_three_people_in_a_day(office: Jiangsu, change: dict[str, Any]) -> None:
    at = now()
    confirmed_by = change.get("confirmed_by")
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondFactorReset.objects.create(
            user=office.clerk, authority=office.authority, checked_how=change.get("checked_how", HOW),
            proposed_by=getattr(office, change.get("proposed_by", "admin")), proposed_at=at,
            expires_at=at + timedelta(hours=change.get("expires", 24)), status=change.get("status", "open"),
            confirmed_by=getattr(office, confirmed_by) if confirmed_by else None,
            confirmed_at=at + timedelta(hours=24 if change.get("late") else 1) if confirmed_by else None,
        )  # fmt: skip


def test_a_day_later_it_is_void_and_may_be_proposed_anew(office: Jiangsu) -> None:
    reset = propose(office.clerk, office.admin)
    late = now() + timedelta(hours=24)
    with pytest.raises(errors.ResetLate):
        confirm(reset, office.second, at=late)
    fresh = propose(office.clerk, office.second, at=late)
    reset.refresh_from_db()
    assert (reset.status, fresh.status) == ("lapsed", "open")


def test_one_at_a_time_and_only_once(office: Jiangsu) -> None:
    reset = propose(office.clerk, office.admin)
    with pytest.raises(errors.ResetOpen):
        propose(office.clerk, office.second)
    confirm(reset, office.second)
    with pytest.raises(errors.ResetClosed):
        confirm(reset, office.second)
    with pytest.raises(errors.NoSecondFactor):
        propose(office.clerk, office.admin)


def test_how_identity_was_checked_is_said(office: Jiangsu) -> None:
    for how in ("", "  ", "看过了"):
        with pytest.raises(errors.IdentityNotChecked):
            propose(office.clerk, office.admin, how)


@pytest.mark.parametrize("who", ["zhejiang", "clerk", "reviewer"])
def test_strangers_neither_propose_nor_confirm(office: Jiangsu, who: str) -> None:
    stranger = getattr(office, who)
    with pytest.raises((errors.NotTheirAdministrator, errors.NotOneself)):
        propose(office.clerk, stranger)
    reset = propose(office.clerk, office.admin)
    with pytest.raises((errors.NotTheirAdministrator, errors.NotOneself)):
        confirm(reset, stranger)


def test_the_superior_helps_where_an_administrator_is_alone(office: Jiangsu) -> None:
    reset = propose(office.admin, office.second)
    assert confirm(reset, office.nation).status == "confirmed"
    reset = propose(office.clerk, office.second)
    with pytest.raises(errors.NotTheirAdministrator):
        confirm(reset, office.nation)


def test_a_proposal_is_taken_back(office: Jiangsu) -> None:
    reset = propose(office.clerk, office.admin)
    assert (
        withdraw_reset(public_id=reset.public_id, actor=acting(office.admin), at=now()).status == "withdrawn"
    )
    with pytest.raises(errors.ResetClosed):
        confirm(reset, office.second)
