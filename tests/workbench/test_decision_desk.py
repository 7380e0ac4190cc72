"""The desk of decision: what must not be missed is on top and acknowledged, and the next case of the list opens."""

import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.ledger.models import LedgerEntry
from licensing.lifecycle import Status
from licensing.models import Application, Bar, CaseMessage, OpenMatter, Recusal
from licensing.workbench.actions.notes import write_note
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.interface import Robot
from tests.support.workbench import copies

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def case(cast: world.Cast) -> Application:
    return world.pending(cast, day=today() - timedelta(days=3))


def desk(case: Application, **query: str) -> str:
    address = reverse("licensing:decide", args=[case.public_id])
    return f"{address}?{urlencode(query)}" if query else address


def grant(
    client: Client, case: Application, *seen: str, query: dict[str, str] | None = None, **more: Any
) -> Any:
    sent = {
        "version": Application.objects.get(pk=case.pk).version, "act": "grant", "basis": ["0", "2"],
        "no_conflict": "on", "seen": list(seen),
    }  # fmt: skip
    return client.post(
        desk(case, **(query or {})), {key: value for key, value in (sent | more).items() if value}
    )


def codes(client: Client, case: Application) -> list[str]:
    return [row.code for row in client.get(desk(case)).context["warnings"]]


def asked(case: Application, **more: Any) -> CaseMessage:
    facts = {
        "application": case, "side": "applicant", "text": "何时能办好？", "sent_by": case.created_by,
        "sender_label": "周敏", "organisation_label": "企业", "sent_at": timezone.now(),
    }  # fmt: skip
    return CaseMessage.objects.create(**facts | more)


def test_a_clean_case_asks_nothing_beyond_the_statement(cast: world.Cast, case: Application) -> None:
    client = signed_in(cast.approver)
    page = client.get(desk(case))
    assert page.context["warnings"] == () and "seen" not in page.context["form"].fields
    assert grant(client, case, no_conflict="").status_code == 422
    assert Application.objects.get(pk=case.pk).status == Status.DECISION_PENDING
    assert grant(client, case)["Location"] == reverse("licensing:case", args=[case.public_id])


def warned(case: Application, cast: world.Cast) -> set[str]:
    """Everything there is to warn of that does not forbid a grant."""
    asked(case, reply_due_on=today() + timedelta(days=1))
    Recusal.objects.create(
        application=case, user=world.official("320000", "review"), authority=case.filing_authority,
        reason="interest", explanation="亲属", declared_at=timezone.now(),
    )  # fmt: skip
    Application.objects.filter(pk=case.pk).update(due_on=today() - timedelta(days=1))
    return {"unread", "unanswered", "recusal", "check-within_limit"}


def test_each_open_warning_is_acknowledged_before_a_grant(cast: world.Cast, case: Application) -> None:
    client, expected = signed_in(cast.approver), warned(case, cast)
    assert set(codes(client, case)) == expected
    page = client.get(desk(case)).content.decode()
    assert page.index('id="alarms"') < page.index("规则已经核对"), "on top"
    refused = grant(client, case, *sorted(expected)[1:])
    assert refused.status_code == 422 and "seen" in refused.context["form"].errors
    assert Application.objects.get(pk=case.pk).status == Status.DECISION_PENDING
    assert grant(client, case, *expected, "gone-meanwhile").status_code == 302
    assert Application.objects.get(pk=case.pk).status == Status.GRANTED
    entry = LedgerEntry.objects.get(act="licensing.grant")
    assert entry.internal["acknowledged"] == sorted(expected) and "acknowledged" not in entry.public


def test_the_interface_asks_for_the_same(cast: world.Cast, case: Application, settings: Any) -> None:
    settings.DECISION_HOLD_MINUTES = 10
    expected = warned(case, cast)
    desk, address = Robot.of(cast.approver), f"applications/{case.public_id}/"
    told = desk.get(address).json()["warnings"]
    assert {row["code"] for row in told} == expected and all(row["text"] for row in told)
    assert Robot.of(cast.applicant, cast.enterprise).get(address).json()["warnings"] == []
    body = {"basis": ["L1 第三十八条第一款"], "no_conflict": True}
    refused = desk.post(f"{address}grant/", body | {"acknowledged": sorted(expected)[1:]})
    assert refused.status_code == 422
    assert (refused.json()["code"], refused.json()["errors"][0]["pointer"]) == (
        "licensing.warnings_unseen", "/acknowledged",
    )  # fmt: skip
    reviewer = Robot.of(cast.reviewer)
    reviewer.get(address)
    assert reviewer.post(f"{address}grant/", body).status_code == 403, "and hears nothing of warnings"
    body["acknowledged"] = [*sorted(expected), "gone-meanwhile"]
    assert desk.post(f"{address}grant/", body).status_code == 200
    entry = LedgerEntry.objects.get(act="licensing.hold_decision")
    assert entry.internal["acknowledged"] == sorted(expected)


def test_a_warning_that_came_meanwhile_holds_the_grant(cast: world.Cast, case: Application) -> None:
    client = signed_in(cast.approver)
    assert codes(client, case) == []
    asked(case)
    assert grant(client, case).status_code == 422
    assert grant(client, case, "unread").status_code == 302


def test_a_refusal_and_a_return_ask_for_no_acknowledgement(cast: world.Cast, case: Application) -> None:
    client = signed_in(cast.approver)
    warned(case, cast)
    for act in ("refuse", "return"):
        assert "seen" not in client.get(desk(case, act=act)).context["form"].fields
    sent = {"version": case.version, "act": "return", "reasons": "请补充核查记录"}
    assert client.post(desk(case), sent).status_code == 302
    assert Application.objects.get(pk=case.pk).status == Status.UNDER_REVIEW


def test_a_bar_on_another_category_is_a_warning(cast: world.Cast, case: Application) -> None:
    from catalog.models import ProductCategory
    from core.files.actions import put_generated
    from core.lifecycle.actors import SYSTEM
    from core.lifecycle.subjects import Subject

    stored = put_generated(
        content=world.PDF, filename="决定.pdf", content_type="application/pdf", slot="bar", actor=SYSTEM,
        owner=Subject("licensing.bar", str(uuid.uuid4())), at=timezone.now(),
    )  # fmt: skip
    Bar.objects.create(
        enterprise=cast.enterprise, category=ProductCategory.objects.get(key="cement"), cause="fraud",
        valid_from=today() - timedelta(days=9), valid_to=today() + timedelta(days=900), instrument="文号 1 号",
        authority=case.filing_authority, document=stored, recorded_by=cast.clerk, recorded_at=timezone.now(),
    )  # fmt: skip
    assert codes(signed_in(cast.approver), case) == ["other-bar"]


def test_what_is_open_against_the_holder_is_a_warning(cast: world.Cast, case: Application) -> None:
    """For it no standing order carried the case; who decides in its place reads of it and says so (R-85)."""
    OpenMatter.objects.create(
        enterprise=cast.enterprise, kind="measure", what="限期整改", authority=case.filing_authority,
        opened_by=cast.clerk, opened_at=timezone.now(),
    )  # fmt: skip
    client = signed_in(cast.approver)
    assert codes(client, case) == ["open-matter"]
    assert "限期整改" in client.get(desk(case)).content.decode()
    assert grant(client, case).status_code == 422
    assert grant(client, case, "open-matter").status_code == 302


def test_a_running_procedure_is_said_and_no_form_is_shown(cast: world.Cast, case: Application) -> None:
    case.clock_pauses = [{"ground": "hearing", "from": today().isoformat(), "to": None}]
    case.paused, case.due_on, case.next_due_on = True, None, None
    case.save()
    page = signed_in(cast.approver).get(desk(case)).content.decode()
    assert "有程序正在进行" in page and 'name="no_conflict"' not in page


def test_a_pinned_note_stands_on_top(cast: world.Cast, case: Application) -> None:
    write_note(
        public_id=case.public_id, note_id=uuid.uuid4(), text="先看设备清单", pinned=True,
        actor=world.actor(cast.clerk), at=timezone.now(),
    )  # fmt: skip
    page = signed_in(cast.approver).get(desk(case)).content.decode()
    assert page.index("置顶备注") < page.index("规则已经核对")


def test_after_a_decision_the_next_of_the_list_opens(cast: world.Cast, case: Application) -> None:
    second, third = copies(case, 2, enterprise_id=world.enterprise().pk, version=0)
    for row in (second, third):
        for track in ("onsite", "testing"):
            copied = case.evidence.get(track=track)
            copied.pk, copied.public_id, copied.application, copied.document = None, uuid.uuid4(), row, None
            copied.outcome = "exempt"
            copied.save()
    client, query = signed_in(cast.approver), {"list": "scope=mine&sort=number"}
    page = client.get(desk(case, **query))
    assert page.context["trail"].left == 2 and "之后还有 2 件" in page.content.decode()
    after = grant(client, case, query=query)["Location"]
    assert after == desk(second, **query)
    skipped = client.get(after).context["trail"]
    assert skipped.next == desk(third, **query) and skipped.left == 1
    refused = client.post(
        desk(third, **query), {"version": third.version, "act": "return", "reasons": "补核查"}
    )
    assert refused["Location"] == desk(second, **query), "what was passed over comes again"
    final = client.post(
        desk(second, **query), {"version": second.version, "act": "return", "reasons": "补核查"}
    )
    assert final["Location"] == reverse("licensing:work") + "?scope=mine&sort=number"


def test_an_invented_list_leads_nowhere_else(cast: world.Cast, case: Application) -> None:
    page = signed_in(cast.approver).get(desk(case, list="//evil.example/?scope=all&after=9_9"))
    assert (
        page.status_code == 200
        and page.context["trail"].list_url == reverse("licensing:work") + "?scope=mine"
    )
    assert "evil" not in page.context["trail"].onward


def test_the_papers_are_tabs_that_keep_act_and_list(cast: world.Cast, case: Application) -> None:
    page = signed_in(cast.approver).get(desk(case, act="refuse", list="scope=mine", paper="onsite"))
    tabs = page.context["papers"]
    assert [row.code for row in tabs][-2:] == ["onsite", "testing"] and [row.key for row in tabs] == [
        1,
        2,
        3,
        4,
        5,
    ]
    assert 'href="?paper=testing&amp;act=refuse&amp;list=scope%3Dmine" data-key="5"' in page.content.decode()


def test_after_acceptance_the_next_of_the_list_opens(cast: world.Cast) -> None:
    from tests.support.workbench import to_accept

    first, second = to_accept(cast), to_accept(world.Cast())
    query = urlencode({"list": "scope=mine"})
    address = reverse("licensing:accept", args=[first.public_id])
    done = signed_in(cast.clerk).post(f"{address}?{query}", {"version": first.version})
    assert done["Location"] == reverse("licensing:accept", args=[second.public_id]) + f"?{query}"
