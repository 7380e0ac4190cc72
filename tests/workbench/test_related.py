"""Cases that belong beside one: for which reason, and never one that the reader may not see."""

import pytest
from django.db import connection
from django.urls import reverse

from core.parties.models import Authority, Membership
from licensing.kinds import Kind
from licensing.lifecycle import Status
from licensing.models import Application
from licensing.workbench.queries.related import REASONS, related_cases
from tests.support import holders, world
from tests.support.clients import signed_in, today
from tests.support.workbench import copies, standing

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def beside(person: world.User, case: Application) -> dict[int, tuple[str, ...]]:
    found = related_cases(standing(person), case)
    return {row.application.pk: row.reasons for row in found.rows}


def test_the_same_product_twice_is_a_possible_duplicate(cast: world.Cast) -> None:
    case = world.submitted(cast)
    (twin,) = copies(case, 1)
    (done,) = copies(case, 1, status=Status.RETRACTED)
    other = world.submitted(cast, "cement")
    found = beside(cast.clerk, case)
    assert found[twin.pk] == ("duplicate", "unit", "site") and found[done.pk] == ("unit", "site")
    assert found[other.pk] == ("site",) and set(found) == {twin.pk, done.pk, other.pk}
    assert next(iter(found)) == twin.pk, "on top"
    page = signed_in(cast.clerk).get(reverse("licensing:case", args=[case.public_id])).content.decode()
    assert "相关案件" in page and "可能重复" in page and twin.number.split("-")[3] in page


def test_a_licence_joins_its_cases() -> None:
    holder = holders.Holder(granted_on=world.DAY)
    change = holders.filed(holder, Kind.CHANGE, world.DAY)
    first = Application.objects.exclude(pk=change.pk).get()
    assert "licence" in beside(holder.approver, change)[first.pk]


def test_another_enterprise_at_the_same_address_is_a_sister(cast: world.Cast) -> None:
    case, other = world.submitted(cast), world.submitted(world.Cast())
    assert beside(cast.clerk, case) == {other.pk: ("sister",)}
    other.filed["sites"][0]["full_address"] = "别处 1 号"
    other.save()
    assert beside(cast.clerk, case) == {}


def test_what_the_reader_may_not_see_is_neither_listed_nor_counted(cast: world.Cast) -> None:
    case = world.submitted(cast)
    hidden = copies(case, 12)
    elsewhere = Authority.objects.get(code="330000")
    for row in hidden:
        for place in ("filing", "deciding", "acceptance", "approval"):
            setattr(row, f"{place}_authority", elsewhere)
        row.save()
    found = related_cases(standing(cast.clerk), case)
    assert found.rows == () and not found.more
    assert len(related_cases(standing(world.official("AQSIQ", "audit")), case).rows) == 8
    assert related_cases(standing(world.official("AQSIQ", "audit")), case).more


def test_neither_the_applicant_nor_an_official_of_the_enterprise_is_shown_any(cast: world.Cast) -> None:
    case = world.submitted(cast)
    copies(case, 1)
    partner = world.official("320000", "head")
    Membership.objects.create(user=partner, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    for person in (cast.applicant, partner):
        page = signed_in(person).get(reverse("licensing:case", args=[case.public_id])).content.decode()
        assert "相关案件" not in page


def test_every_reason_has_its_word_and_addresses_an_index(cast: world.Cast) -> None:
    assert all(str(word) for word in REASONS.values())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    found = Application.objects.filter(filed__sites__contains=[{"full_address": "某处"}])
    assert "case_at_site" in found.explain()
    assert today()
