"""A new installation has nobody: the first administrator is appointed once, by command, and on record."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from core.ledger.models import LedgerEntry
from core.parties.competence import standing_of
from core.parties.models import User
from core.staff.actions import founding
from tests.support import world
from tests.support.clients import today

pytestmark = pytest.mark.django_db


def appoint(**more: str) -> str:
    told = {"username": "guanli", "name": "何清", "email": "heqing@example.org"} | more
    out = StringIO()
    call_command("first_administrator", *told.values(), stdout=out)
    return out.getvalue().strip()


def test_the_first_administrator_sets_a_password_by_the_link_and_administers_the_nation() -> None:
    link = appoint()
    user = User.objects.get(username="guanli")
    standing = standing_of(user, today())
    assert standing.is_national_admin and standing.authorities("organisation_admin")
    assert not user.has_usable_password()
    page = Client().get(re.sub(r"^https?://[^/]+", "", link), follow=True)
    assert page.status_code == 200 and 'type="password"' in page.content.decode()


def test_it_is_on_record_without_his_name_in_the_open() -> None:
    appoint()
    entry = LedgerEntry.objects.get(act="staff.first_administrator")
    assert entry.actor_kind == "system" and entry.legal_basis
    assert "何清" not in str(entry.public) + str(entry.internal)


def test_once_and_never_beside_an_administrator_who_is_there() -> None:
    appoint()
    with pytest.raises(CommandError):
        appoint(username="other", email="other@example.org")
    assert User.objects.count() == 1
    with pytest.raises(founding.FoundedAlready):
        founding.appoint_first_administrator(
            username="third", name="某人", email="third@example.org", at=timezone.now()
        )


def test_one_who_is_there_already_needs_no_command() -> None:
    world.official("AQSIQ", "national_admin")
    with pytest.raises(CommandError):
        appoint()


@pytest.mark.parametrize("wrong", [{"username": "何"}, {"email": "no address"}])
def test_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        appoint(**wrong)
    assert not User.objects.exists()
