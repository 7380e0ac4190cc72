"""An authority says itself where the public reaches it; the guide shows it (R-95; L1 art. 30)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.ledger.models import LedgerEntry
from core.staff.errors import NotTheirAdministrator, WindowIncomplete, WindowMoved
from core.staff.models import Window
from tests.support import world
from tests.support.clients import signed_in
from tests.support.windows import WORDS, published

pytestmark = [pytest.mark.django_db(databases=["default", "public"]), pytest.mark.req("R-95")]
PAGE = reverse("staff:window")


def test_published_once_it_stands_in_the_ledger_with_its_basis_and_can_be_replaced() -> None:
    published()
    assert published(1, phone="025-8111 1111").version == 2
    entries = LedgerEntry.objects.filter(subject_kind="staff.window").order_by("subject_version")
    assert [entry.public["phone"] for entry in entries] == ["025-8000 0000", "025-8111 1111"]
    assert entries[0].legal_basis[0]["article"] == "第三十条"
    with pytest.raises(WindowMoved):
        published(1)


@pytest.mark.parametrize("duty", ["acceptance", "head", "approval"])
def test_only_the_administrator_of_this_authority_publishes(duty: str) -> None:
    for person in (world.official("320000", duty), world.official("330000", "organisation_admin")):
        with pytest.raises(NotTheirAdministrator):
            published(by=person)
    assert not Window.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("phone", "打电话来"), ("address", "  "), ("hours", "")])
def test_what_is_missing_or_odd_is_refused_at_its_field_and_nothing_typed_is_lost(
    field: str, value: str
) -> None:
    with pytest.raises(WindowIncomplete) as refused:
        published(**{field: value})
    assert refused.value.field == field
    client = signed_in(world.official("320000", "organisation_admin"))
    answer = client.post(PAGE, {**WORDS, field: value, "version": "0"})
    assert answer.status_code == 422
    assert all(text in answer.content.decode() for key, text in WORDS.items() if key != field)


def test_the_database_knows_no_empty_window() -> None:
    held = published()
    with pytest.raises(IntegrityError, match="window_says_all"), transaction.atomic():
        Window.objects.filter(pk=held.pk).update(hours="")


def test_on_the_page_the_second_of_two_administrators_is_told_and_keeps_his_words() -> None:
    client = signed_in(world.official("320000", "organisation_admin"))
    assert client.post(PAGE, {**WORDS, "version": "0"})["Location"] == reverse("staff:people")
    late = client.post(PAGE, {**WORDS, "hours": "周一下午", "version": "0"})
    assert late.status_code == 422
    assert "周一下午" in late.content.decode()
    assert "别人刚刚改过受理窗口" in late.content.decode()


def test_another_province_s_page_is_not_there() -> None:
    client = signed_in(world.official("330000", "organisation_admin"))
    assert client.get(f"{PAGE}?authority=320000").status_code == 404
    assert signed_in(world.official("320000", "acceptance")).get(PAGE).status_code == 403
