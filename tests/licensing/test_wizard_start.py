"""The door of the wizard, the list of one's own cases, and what the sections say (R-29, R-95)."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from licensing.models import Application
from licensing.queries import worklist
from tests.support import claims, world
from tests.support.clients import everything, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def units_of(key: str) -> list[str]:
    from catalog.models import ProductUnit

    return list(ProductUnit.objects.filter(category__key=key).order_by("pk").values_list("key", flat=True))


@pytest.mark.req("R-95")
def test_the_guide_s_button_opens_a_draft_with_the_product_chosen(cast: world.Cast) -> None:
    client = signed_in(cast.applicant)
    keys = units_of("fertilizer-compound")
    asked = {"category": "fertilizer-compound", "unit": [keys[0], keys[2]]}
    page = client.get(reverse("licensing:start"), asked).content.decode()
    assert "化肥(复肥)" in page and "有机-无机复混肥料" in page and "掺混肥料" not in page
    sent = asked | {"enterprise": cast.enterprise.uscc, "draft": str(uuid.uuid4())}
    for _twice in range(2):
        assert client.post(reverse("licensing:start"), sent).status_code == 302
    draft = Application.objects.get(public_id=sent["draft"])
    assert draft.category and draft.category.key == "fertilizer-compound"
    assert {row.unit.key for row in draft.units.all()} == {keys[0], keys[2]}
    assert (
        "有机-无机复混肥料" in client.get(reverse("licensing:tasks", args=[draft.public_id])).content.decode()
    )


def test_who_begins_is_the_contact_until_he_says_otherwise(cast: world.Cast) -> None:
    claimant = world.user("冯求证")
    claims.filed(claimant, uscc=cast.enterprise.uscc)
    for person in (cast.applicant, claimant):
        sent = {"enterprise": cast.enterprise.uscc, "draft": str(uuid.uuid4())}
        assert signed_in(person).post(reverse("licensing:start"), sent).status_code == 302
        draft = Application.objects.get(public_id=sent["draft"])
        assert draft.draft["enterprise"]["contact"] == person.name
        assert not draft.draft["enterprise"]["confirmed"]


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"category": "nothing-like-it"},
        {"category": "fertilizer-compound", "unit": ["cement-1"]},
        {"category": "a\0b"},
    ],
)
def test_an_odd_address_still_opens_a_draft(cast: world.Cast, asked: dict[str, Any]) -> None:
    client = signed_in(cast.applicant)
    assert client.get(reverse("licensing:start"), asked).status_code == 200
    sent = asked | {"enterprise": cast.enterprise.uscc, "draft": str(uuid.uuid4())}
    client.post(reverse("licensing:start"), sent)
    assert Application.objects.get(public_id=sent["draft"]).units.count() == 0


def test_who_acts_for_no_enterprise_is_led_to_claim_one_and_comes_back(db: Any) -> None:
    client = signed_in(world.user())
    assert client.get(reverse("licensing:cases"))["Location"] == reverse("claims:mine")
    asked = reverse("licensing:start") + "?category=cement&unit=cement-1"
    answer = client.get(asked)
    assert (
        answer["Location"]
        == reverse("claims:new") + "?next=%2Fapply%2F%3Fcategory%3Dcement%26unit%3Dcement-1"
    )
    signed_out = Client().get(asked)
    assert (
        signed_out["Location"]
        == reverse("account_login") + "?next=/apply/%3Fcategory%3Dcement%26unit%3Dcement-1"
    )


def test_officials_without_an_enterprise_have_no_cases_of_their_own(cast: world.Cast) -> None:
    client = signed_in(cast.clerk)
    for name in ("cases", "start"):
        assert client.get(reverse(f"licensing:{name}")).status_code == 403


def test_own_cases_are_paged_drafts_first_and_none_is_lost(
    cast: world.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "OWN_PAGE", 3)
    client = signed_in(cast.applicant)
    filed = [world.submitted(cast).pk for _ in range(4)]
    drafts = [world.filled_draft(cast).pk for _ in range(4)]
    seen, address = [], reverse("licensing:cases")
    while address:
        answer = client.get(address)
        seen += [row.application.pk for row in answer.context["rows"]]
        cursor = answer.context["page"].next_cursor
        assert ("下一页" in answer.content.decode()) == bool(cursor)
        address = f"{reverse('licensing:cases')}?after={cursor}" if cursor else ""
    assert seen == [*reversed(drafts), *reversed(filed)]
    for odd in ("x", "draft_", "draft_99999999999999999999", "filed_1\0"):
        assert len(client.get(reverse("licensing:cases"), {"after": odd}).context["rows"]) == 3


def test_a_wrong_name_is_said_of_the_person_it_belongs_to(cast: world.Cast) -> None:
    draft = world.filled_draft(cast)
    answer = signed_in(cast.applicant).post(
        reverse("licensing:enterprise", args=[draft.public_id]),
        everything(draft, contact="周", legal_representative="周❤敏"),
    )
    errors = answer.context["form"].errors
    assert errors["contact"] == ["联系人姓名应为 2 至 100 个字，现在是 1 个字"]
    assert errors["legal_representative"][0].startswith("法定代表人姓名第 2 个字符不能使用（U+2764）")


def test_a_table_s_errors_name_their_row(cast: world.Cast) -> None:
    draft = world.filled_draft(cast)
    rows = {
        "equipment-TOTAL_FORMS": "2", "equipment-1-name": "反应釜", "equipment-1-quantity": "两台",
        "instruments-0-valid_until": "明年",
    }  # fmt: skip
    answer = signed_in(cast.applicant).post(
        reverse("licensing:conditions", args=[draft.public_id]), everything(draft, **rows)
    )
    assert answer.context["equipment"].forms[1].errors == {
        "model": ["第 2 行缺少型号"], "quantity": ["第 2 行的数量应为 1 至 9999 的整数"],
    }  # fmt: skip
    assert answer.context["instruments"].forms[0].errors == {
        "valid_until": ["第 1 行的检定有效期至不是日期，请写成 2027-06-30 这样"]
    }


def test_english_pages_name_the_category_in_english(cast: world.Cast) -> None:
    draft = world.filled_draft(cast)
    client = signed_in(cast.applicant)
    for name in ("product", "check"):
        with override("en"):
            address = reverse(f"licensing:{name}", args=[draft.public_id])
        page = client.get(address).content.decode()
        assert "Fertilizer: phosphate fertilizer" in page
