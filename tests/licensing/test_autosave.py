"""Autosave: what is typed is kept, never overwrites in silence, and survives the end of a session."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.ledger.models import LedgerEntry
from core.parties.models import Membership
from licensing.actions import typed
from licensing.forms import drafts as forms
from licensing.models import Application, TypedSection
from tests.support import world
from tests.support.clients import everything, signed_in, today
from tests.support.typing_pages import Tab, address, page_of, row

pytestmark = pytest.mark.django_db
MOST_QUERIES = 6


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def draft(cast: world.Cast) -> Application:
    return world.filled_draft(cast)


def test_words_are_kept_valid_or_not_and_shown_again(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    before = LedgerEntry.objects.count(), Application.objects.get(pk=draft.pk).draft
    Tab(client, draft).keeps(name="苏", uscc="9132", contact="顾小满", province="320000")
    assert (LedgerEntry.objects.count(), Application.objects.get(pk=draft.pk).draft) == before
    shown = client.get(page_of(draft, "enterprise"))
    text = shown.content.decode()
    assert 'value="顾小满"' in text and 'value="9132"' in text
    assert "已自动保存" in text and "尚未确认" in text and "放弃这些内容" in text
    assert shown.context["form"].errors == {}, "nobody has said yet that it is finished"


def test_only_the_section_s_own_fields_are_kept(cast: world.Cast, draft: Application) -> None:
    Tab(signed_in(cast.applicant), draft).keeps(
        name="甲", process="乙", csrfmiddlewaretoken="x", draft_version=3, evil="丙"
    )
    kept = row(draft)
    assert kept and kept.data["words"] == {"name": ["甲"]}


@pytest.mark.parametrize(
    ("section", "names"),
    [
        ("enterprise", set(forms.EnterpriseForm.base_fields)),
        ("product", set(forms.UnitsForm.base_fields)),
        ("sites", set(forms.SiteForm.base_fields)),
        (
            "conditions",
            set(forms.ProcessForm.base_fields)
            | {f"equipment-59-{name}" for name in forms.EquipmentForm.base_fields}
            | {f"instruments-0-{name}" for name in forms.InstrumentForm.base_fields}
            | {"equipment-TOTAL_FORMS", "instruments-INITIAL_FORMS"},
        ),
    ],
)
def test_every_field_of_a_section_is_kept(section: str, names: set[str]) -> None:
    assert set(typed.words_in(section, [(name, ["1"]) for name in names])) == names


def test_a_signature_and_a_file_are_never_autosaved(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    for section in ("commitment", "business_licence", "business-licence"):
        path = address(draft).replace("enterprise", section)
        assert client.post(path, {"signer": "周敏"}).status_code == 404
    assert not TypedSection.objects.exists()


def test_too_much_is_refused(cast: world.Cast, draft: Application) -> None:
    tab = Tab(signed_in(cast.applicant), draft, "conditions")
    assert tab.sends(process="字" * 30_000).status_code == 413
    assert tab.sends(**{"equipment-TOTAL_FORMS": "5000"}).status_code == 413
    assert row(draft, "conditions") is None


def test_a_second_tab_that_is_behind_is_told_and_overwrites_nothing(
    cast: world.Cast, draft: Application
) -> None:
    client = signed_in(cast.applicant)
    first, second = Tab(client, draft), Tab(client, draft)
    first.keeps(contact="先来")
    answer = second.sends(contact="后到")
    assert (answer.status_code, answer.json()) == (409, {"code": "licensing.typed_elsewhere"})
    assert row(draft).data["words"] == {"contact": ["先来"]}  # type: ignore[union-attr]
    assert second.sends(contact="后到", overwrite="1").status_code == 200
    assert row(draft).data["words"] == {"contact": ["后到"]}  # type: ignore[union-attr]
    assert first.sends(contact="先来二").status_code == 409, "now the first one is behind"


def test_a_tab_opened_after_the_other_typed_goes_on_from_there(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    first = Tab(client, draft).keeps(contact="先来")
    second = Tab(client, draft).keeps(contact="接着")
    assert first.sends(contact="又来").status_code == 409
    second.keeps(contact="接着写")


def test_a_section_saved_or_discarded_elsewhere_counts_as_changed(
    cast: world.Cast, draft: Application
) -> None:
    client = signed_in(cast.applicant)
    behind = Tab(client, draft)
    saved = client.post(page_of(draft, "enterprise"), everything(draft, contact="已保存"))
    assert saved.status_code == 302
    assert behind.sends(contact="旧页").status_code == 409
    first = Tab(client, draft).keeps(contact="甲")
    client.post(reverse("licensing:typed_discard", args=[draft.public_id, "enterprise"]))
    Tab(client, draft).keeps(contact="乙")
    assert first.sends(contact="丙").status_code == 409
    assert row(draft).data["words"] == {"contact": ["乙"]}  # type: ignore[union-attr]


def test_saving_another_section_disturbs_nobody(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    tab = Tab(client, draft).keeps(contact="甲")
    assert client.post(page_of(draft, "conditions"), everything(draft)).status_code == 302
    tab.keeps(contact="乙")


def test_messages_of_one_page_may_come_late_twice_or_crosswise(cast: world.Cast, draft: Application) -> None:
    tab = Tab(signed_in(cast.applicant), draft)
    start = tab.state
    assert tab.sends(turn=2, contact="新").status_code == 200
    assert tab.sends(turn=1, contact="旧").status_code == 200, "late: nothing to complain of"
    assert row(draft).data["words"] == {"contact": ["新"]}  # type: ignore[union-attr]
    assert tab.state == start
    assert tab.sends(turn=3, contact="更新").status_code == 200, (
        "the answers were lost on the way; the page is known"
    )
    assert row(draft).data["words"] == {"contact": ["更新"]}  # type: ignore[union-attr]


def test_saving_the_section_removes_the_typed_words(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    Tab(client, draft).keeps(contact="顾小满")
    refused = client.post(page_of(draft, "enterprise"), everything(draft, contact=""))
    assert refused.status_code == 422 and row(draft) is not None, "a refusal removes nothing"
    assert client.post(page_of(draft, "enterprise"), everything(draft, contact="顾小满")).status_code == 302
    assert row(draft) is None
    assert "尚未确认" not in client.get(page_of(draft, "enterprise")).content.decode()


@pytest.mark.parametrize("section", ["product", "sites", "conditions"])
def test_the_other_sections_do_the_same(cast: world.Cast, draft: Application, section: str) -> None:
    client = signed_in(cast.applicant)
    unit = str(draft.units.get().unit_id)
    typing: dict[str, Any] = {
        "product": {"units": [unit]},
        "sites": {"province": "330000", "division": "330109", "address": "新街 1 号"},
        "conditions": {"process": "改过的工艺", "equipment-TOTAL_FORMS": "2", "equipment-INITIAL_FORMS": "0",
                       "equipment-1-name": "第二台", "instruments-TOTAL_FORMS": "1", "instruments-INITIAL_FORMS": "0"},
    }  # fmt: skip
    Tab(client, draft, section).keeps(**typing[section])
    text = client.get(page_of(draft, section)).content.decode()
    seen = {"product": f'value="{unit}"', "sites": "新街 1 号", "conditions": "第二台"}
    assert seen[section] in text and "尚未确认" in text
    tasks = client.get(reverse("licensing:tasks", args=[draft.public_id])).content.decode()
    assert "有未确认的内容" in tasks
    act = {"add": "1"} if section == "sites" else {}
    assert client.post(page_of(draft, section), everything(draft, **act)).status_code == 302
    assert row(draft, section) is None


def test_taking_an_address_away_leaves_the_typed_one_alone(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    Tab(client, draft, "sites").keeps(address="写到一半")
    sent = {"remove": "0", "draft_version": draft.draft_version}
    assert client.post(page_of(draft, "sites"), sent).status_code == 302
    assert "写到一半" in client.get(page_of(draft, "sites")).content.decode()


def test_another_category_drops_the_typed_units(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    Tab(client, draft, "product").keeps(units=["1"])
    sent = {"category": "cement", "draft_version": draft.draft_version}
    assert client.post(page_of(draft, "product"), sent).status_code == 302
    assert row(draft, "product") is None


def test_discarding_brings_back_what_was_saved(cast: world.Cast, draft: Application) -> None:
    client = signed_in(cast.applicant)
    Tab(client, draft).keeps(contact="顾小满")
    assert (
        client.get(reverse("licensing:typed_discard", args=[draft.public_id, "enterprise"])).status_code
        == 405
    )
    answer = client.post(
        reverse("licensing:typed_discard", args=[draft.public_id, "enterprise"]), follow=True
    )
    text = answer.content.decode()
    assert "已放弃没有保存的内容" in text and "顾小满" not in text and row(draft) is None


def test_filing_leaves_no_typed_words_behind_and_closes_autosave(cast: world.Cast) -> None:
    draft = world.signed_draft(cast, day=today())
    client = signed_in(cast.applicant)
    tab = Tab(client, draft, "conditions").keeps(process="没有确认")
    check = client.get(reverse("licensing:check", args=[draft.public_id])).content.decode()
    assert "不会随申请提交" in check
    client.post(reverse("licensing:submit", args=[draft.public_id]), {"draft_version": draft.draft_version})
    assert not Application.objects.get(pk=draft.pk).is_draft
    assert not TypedSection.objects.exists()
    answer = tab.sends(process="太晚了")
    assert (answer.status_code, answer.json()["code"]) == (409, "licensing.typed_closed")


def test_strangers_officials_and_absent_drafts_get_the_same_404(cast: world.Cast, draft: Application) -> None:
    stranger = signed_in(world.member(world.enterprise()))
    assert stranger.post(address(draft), {"contact": "x"}).status_code == 404
    absent = address(draft).replace(str(draft.public_id), str(uuid.uuid4()))
    assert signed_in(cast.applicant).post(absent, {"contact": "x"}).status_code == 404
    assert signed_in(cast.clerk).post(address(draft), {"contact": "x"}).status_code == 403
    assert not TypedSection.objects.exists()


def test_a_claimant_types_in_his_own_draft_only(cast: world.Cast, draft: Application) -> None:
    claimant = world.user("冒认")
    Membership.objects.create(
        user=claimant, enterprise=cast.enterprise, role=Membership.Role.CLAIMANT, valid_from=world.EPOCH
    )
    assert signed_in(claimant).post(address(draft), {"contact": "x"}).status_code == 404


def test_signed_out_is_said_in_a_word(draft: Application) -> None:
    for answer in (
        Client().post(address(draft), {"contact": "x"}),
        Client().get(reverse("licensing:typed_token")),
    ):
        assert (answer.status_code, answer.json()) == (401, {"signed_out": True})
        assert "no-store" in answer["Cache-Control"]
    assert not TypedSection.objects.exists()


def test_a_fresh_token_goes_through_after_signing_in_anew(cast: world.Cast, draft: Application) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.applicant)
    assert client.post(address(draft), {"contact": "x"}).status_code == 403
    token = client.get(reverse("licensing:typed_token")).json()["token"]
    shown = client.get(page_of(draft, "enterprise")).context["words"]
    sent = {"contact": "x", "typed_page": shown.page, "typed_state": shown.state, "turn": 1}
    assert client.post(address(draft), sent, headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize("section", ["enterprise", "product", "conditions"])
def test_an_autosave_costs_few_queries(cast: world.Cast, draft: Application, section: str) -> None:
    tab = Tab(signed_in(cast.applicant), draft, section)
    counts = []
    for text in ("一", "二"):
        with CaptureQueriesContext(connection) as captured:
            tab.keeps(process=text, name=text, units=["1"] if text == "一" else ["2"])
        counts.append([q["sql"] for q in captured if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])
    assert max(map(len, counts)) <= MOST_QUERIES, counts


# Without JavaScript: what was sent after the session had ended
