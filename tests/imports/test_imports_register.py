"""What everybody may see of a licence from paper: where it comes from, and that nobody signed anything for it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse

from core.outbox.actions import deliver_due
from core.outbox.models import Delivery
from licensing.actions.ending import tick_licence
from register.actions import rebuild, refresh_licence
from register.models import Licence, LicenceEvent
from register.taking_over import copy_part
from tests.support import imports, world
from tests.support.imports import Office, as_csv, row

pytestmark = pytest.mark.req("R-90")
LATER = world.at() + timedelta(days=30)
NUMBER = "(苏)XK13-002-00001"


@pytest.fixture
def loaded(fresh_database: str, time_machine: Any) -> Callable[..., None]:
    """Load rows in a simulated world of its own and let the register hear of it."""
    call_command("create_world", "--simulated", verbosity=0)
    time_machine.move_to(world.at(), tick=False)

    def load(*rows: dict[str, str]) -> None:
        Office().loaded(as_csv(*rows))
        deliver_due(queue="default", at=LATER)

    return load


def snapshot() -> list[Any]:
    licences = list(Licence.objects.order_by("number").values())
    events = list(LicenceEvent.objects.order_by("licence__number", "position").values())
    for line in (*licences, *events):
        for name in ("id", "licence_id", "as_of"):
            line.pop(name, None)
    return [licences, events]


def test_the_lookup_says_imported_from_in_both_languages(loaded: Callable[..., None]) -> None:
    """R-90: lookup says "imported from …"."""
    loaded(row(1))
    page = Client().get(reverse("register:licence", args=[NUMBER])).content.decode()
    assert f"2026 年 11 月 9 日导入自“{imports.SOURCE}”（纸质证书）" in page
    assert "没有电子证书" in page and "证书正在签发" not in page
    assert "许可有效" in page and "发证（纸质证书，记录由档案导入）" in page
    english = Client().get("/en" + reverse("register:licence", args=[NUMBER])).content.decode()
    assert f"9 November 2026 from “{imports.SOURCE}” (paper certificate)" in english
    assert "no electronic certificate" in english


def test_the_interface_says_it_too(loaded: Callable[..., None]) -> None:
    loaded(row(1))
    said = Client().get(f"/api/v1/licences/{NUMBER}/").json()
    assert (said["certificate"], said["imported_on"], said["imported_from"]) == (
        "paper", "2026-11-09", imports.SOURCE,
    )  # fmt: skip
    assert said["certificate_sha256"] == "" and said["in_force"] is True
    assert said["history"] == [
        {"kind": "licensing.licence_imported", "on": "2023-03-01", "version": 1, "reason": ""}
    ]


def test_a_number_typed_for_verification_leads_to_that_page(loaded: Callable[..., None]) -> None:
    loaded(row(1))
    answer = Client().post(reverse("register:verify"), {"text": "苏XK13-002-00001"}, follow=True)
    assert answer.redirect_chain and "没有电子证书" in answer.content.decode()


def test_the_public_login_reads_the_provenance_and_nothing_of_the_import(loaded: Callable[..., None]) -> None:
    loaded(row(1))
    with connections["public"].cursor() as cursor:
        cursor.execute("SELECT imported_from FROM public_register.licence")
        assert cursor.fetchone() == (imports.SOURCE,)
    from django.db.utils import ProgrammingError

    for table in ("imports_batch", "imports_row", "imports_found"):
        with pytest.raises(ProgrammingError), connections["public"].cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM public.{table}")


def test_many_at_once_are_copied_as_one_by_one(loaded: Callable[..., None]) -> None:
    loaded(*(row(serial) for serial in range(1, 5)), row(9, status="吊销"))
    assert not Delivery.objects.filter(subscriber__startswith="register.").exclude(status="done").exists()
    together = snapshot()
    assert len(together[0]) == 5 and len(together[1]) == 5
    Licence.objects.all().delete()
    rebuild(at=LATER)
    assert snapshot() == together


def test_news_that_comes_twice_or_late_changes_nothing(loaded: Callable[..., None]) -> None:
    loaded(row(1), row(2))
    expected = snapshot()
    from licensing.imports.models import Batch

    batch = Batch.objects.get()
    assert copy_part(import_id=str(batch.public_id), part=1, at=LATER) == 2
    assert snapshot() == expected
    Licence.objects.all().delete()
    tick_licence(number=NUMBER, at=world.at(date(2028, 3, 1)))
    copy_part(import_id=str(batch.public_id), part=1, at=LATER)
    assert Licence.objects.get(number=NUMBER).status == "expired"
    assert LicenceEvent.objects.filter(licence__number=NUMBER).count() == 2


def test_the_register_holds_a_provenance_whole_or_not_at_all(loaded: Callable[..., None]) -> None:
    loaded(row(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.update(imported_from="")


def test_a_licence_granted_here_has_no_provenance(loaded: Callable[..., None], client: Client) -> None:
    licence = world.granted_licence()
    refresh_licence(number=licence.number, at=LATER)
    said = client.get(f"/api/v1/licences/{licence.number}/").json()
    assert (said["certificate"], said["imported_on"], said["imported_from"]) == ("being_signed", None, "")
    assert "导入自" not in client.get(reverse("register:licence", args=[licence.number])).content.decode()
