"""What a holder committed to is public after the grant, and never who signed it (R-28)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from licensing.kinds import Kind
from licensing.models import Commitment
from register.actions import refresh_licence
from register.models import Licence
from tests.support import holders, straight, world
from tests.support.holders import TIMELY, Holder

pytestmark = pytest.mark.req("R-28")


@pytest.fixture(autouse=True)
def _world(fresh_database: str, time_machine: Any) -> None:
    """A simulated world of its own: the public login reads what is committed."""
    from django.core.management import call_command

    call_command("create_world", "--simulated", verbosity=0)
    time_machine.move_to(world.at(TIMELY, 18), tick=False)


def copied(holder: Holder) -> list[dict[str, str]]:
    assert refresh_licence(number=holder.licence.number, at=world.at(TIMELY, 18))
    return list(Licence.objects.get(number=holder.licence.number).commitments)


def test_only_what_was_granted_is_published_newest_first() -> None:
    holder = Holder()
    first = Commitment.objects.get(application=holder.licence.application)
    assert [row["sha256"] for row in copied(holder)] == [first.sha256]
    case = holders.pending(holder, Kind.RENEWAL)
    assert [row["sha256"] for row in copied(holder)] == [first.sha256], (
        "a case under way is nobody's business"
    )
    holders.grant(holder, case, TIMELY)
    rows = copied(holder)
    assert [row["sha256"] for row in rows] == [case.commitment.sha256, first.sha256]
    assert rows[0]["version"] == case.commitment.text_version and rows[0]["signed_on"] == str(TIMELY)


def test_the_page_and_the_interface_show_text_version_date_and_hash(client: Client) -> None:
    holder = Holder()
    signed = Commitment.objects.get(application=holder.licence.application)
    Commitment.objects.filter(pk=signed.pk).update(signer="欧阳签署人")
    copied(holder)
    address = reverse("register:licence", args=[holder.licence.number])
    for answer in (client.get(address), client.get("/en" + address)):
        page = answer.content.decode()
        assert signed.text_version in page and signed.sha256 in page and "郑重承诺" in page
        assert "欧阳签署人" not in page
    told = client.get(f"/api/v1/licences/{holder.licence.number}/").json()["commitments"]
    assert told == [
        {"kind": "new", "version": signed.text_version, "text": signed.text, "signed_on": "2021-12-15",
         "sha256": signed.sha256}
    ]  # fmt: skip


def test_a_renewal_without_a_visit_publishes_what_took_its_place(client: Client) -> None:
    holder = Holder()
    straight.straight(holder, world.official("320000", "approval"))
    assert "没有发生重大变化" in copied(holder)[0]["text"]
    page = client.get(reverse("register:licence", args=[holder.licence.number])).content.decode()
    assert "据此申请免于实地核查" in page
