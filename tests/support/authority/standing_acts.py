"""Acts and readings before and beside a case: results of a holder, its class, what is open against it, standing orders,
the sampling review, pilots."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from catalog.models import ProductUnit
from core.parties.models import Authority
from licensing.actions import orders, pilots, sampling, standing, straight_through
from licensing.actions.standing import Result, Sample
from licensing.models import OpenMatter, PilotSwitch, SamplingReview, StandingEvidence, StandingOrder
from licensing.queries.holders import find_result
from licensing.queries.orders import find_order, find_sample
from tests.support import straight, world
from tests.support.authority.cases import MAKERS, Office, category_of
from tests.support.authority.registry import Act, Attempt, Page
from tests.support.clients import upload
from tests.support.holders import Holder

UNIT = "fertilizer-phosphate"
SUPERVISOR = ("supervisor", "county")


def _unit() -> int:
    unit = ProductUnit.objects.filter(category__key=UNIT).order_by("pk").first()
    assert unit is not None
    return unit.pk


def _result(office: Office, reference: str, **more: Any) -> Result:
    facts: dict[str, Any] = {
        "reference": reference, "unit_id": _unit(), "body": "省质检院", "sampled_on": office.day - timedelta(days=9),
        "reported_on": office.day - timedelta(days=5), "final_on": None, "passed": True,
    }  # fmt: skip
    return Result(**facts | more)


def _supervisor(office: Office) -> dict[str, Any]:
    person = office.people.official(*SUPERVISOR)
    return {"actor": world.actor(person, office.day), "at": office.people.at(9)}


def _spot_check(office: Office, product: str) -> StandingEvidence:
    return standing.record_spot_check(
        enterprise=office.people.enterprise, result=_result(office, "SC-1"), level="county", document=world.PDF,
        filename="报告.pdf", **_supervisor(office),
    )  # fmt: skip


def _matter(office: Office, product: str) -> OpenMatter:
    return standing.open_matter(
        enterprise=office.people.enterprise, kind="lead", what="举报", **_supervisor(office)
    )


def _order(office: Office, product: str) -> StandingOrder:
    return straight.signed_order(office.people.official("approver", "own province"), office.day)


def _pilot(office: Office, product: str) -> PilotSwitch:
    return straight.pilot(day=office.day)


def _sample(office: Office, product: str) -> SamplingReview:
    """A renewal of another enterprise that went straight through, and was drawn."""
    office.get("order"), office.get("pilot")
    holder = Holder(granted_on=office.day - timedelta(days=5 * 365 - 220))
    straight.spot_check(holder, office.day)
    case = straight.accepted(holder, office.day)
    assert straight_through.go_through(public_id=case.public_id, at=world.at(office.day, 11, 1))
    return straight.sample_of(case)


MAKERS |= {
    "spot check": _spot_check, "matter": _matter, "order": _order, "pilot": _pilot, "sample": _sample,
}  # fmt: skip


def shown(query: Any) -> Any:
    """A query that answers None for what is hidden."""

    def run(attempt: Attempt) -> Any:
        row = query(attempt.standing, attempt.thing.public_id)
        if row is None:
            raise ObjectDoesNotExist
        return row

    return run


def of_holder(name: str, **sent: Any) -> Any:
    return lambda a: Page(
        reverse(f"licensing:{name}", args=[a.thing.uscc]),
        {key: value(a) if callable(value) else value for key, value in sent.items()},
    )


def of_thing(name: str, **sent: Any) -> Any:
    """A page by the public id of the thing; without anything to send it is read."""
    return lambda a: Page(
        reverse(f"licensing:{name}", args=[a.thing.public_id]),
        {key: value(a) if callable(value) else value for key, value in sent.items()} or None,
    )


def _days_before(days: int) -> Any:
    return lambda a: str(a.office.day - timedelta(days=days))


PAPER = {
    "reference": "SC-2", "unit": lambda a: str(_unit()), "body": "省质检院", "sampled_on": _days_before(9),
    "reported_on": _days_before(5), "final_on": "", "passed": "yes", "document": lambda a: upload(),
    "items-TOTAL_FORMS": "0", "items-INITIAL_FORMS": "0",
}  # fmt: skip
SAMPLE = Sample("国家名单", "江苏省苏州市昆山市优比路 12 号", "Ⅰ型", "S-1")


def record_spot_check(attempt: Attempt) -> Any:
    return standing.record_spot_check(
        enterprise=attempt.thing, result=_result(attempt.office, "SC-2"), level="county", document=world.PDF,
        filename="报告.pdf", **attempt.who,
    )  # fmt: skip


def record_report(attempt: Attempt) -> Any:
    return standing.record_report(
        case_id=attempt.thing.public_id, expected_version=attempt.thing.version,
        result=_result(attempt.office, "TR-1"), sample=SAMPLE, document=world.PDF, filename="报告.pdf", **attempt.who,
    )  # fmt: skip


def _report_page(attempt: Attempt) -> Page:
    filed = attempt.thing.filed
    sent = {key: value(attempt) if callable(value) else value for key, value in PAPER.items()}
    sent |= {
        "unit": str(filed["units"][0]["id"]), "listing": "国家名单", "model": "Ⅰ型", "sample_identity": "S-1",
        "site_address": filed["sites"][0]["full_address"], "version": attempt.thing.version,
    }  # fmt: skip
    return Page(reverse("licensing:report_new", args=[attempt.thing.public_id]), sent)


RESULTS: dict[str, Act] = {
    "record_spot_check": Act(
        "enterprise", record_spot_check, of_holder("spot_check_new", level="county", **PAPER)
    ),
    "make_spot_check_final": Act(
        "spot check",
        lambda a: standing.make_final(public_id=a.thing.public_id, final_on=a.office.day, **a.who),
        of_thing("spot_check_final", final_on=_days_before(0)),
    ),
    "record_report": Act("taken", record_report, _report_page),
    "read_result": Act("spot check", shown(find_result), of_thing("result_document")),
    "classify_holder": Act(
        "enterprise",
        lambda a: standing.classify(enterprise=a.thing, level="B", reasons="一般", **a.who),
        of_holder("classify", level="B", reasons="一般"),
    ),
    "open_matter": Act(
        "enterprise",
        lambda a: standing.open_matter(enterprise=a.thing, kind="lead", what="举报", **a.who),
        of_holder("matter_new", kind="lead", what="举报"),
    ),
    "close_matter": Act(
        "matter",
        lambda a: standing.close_matter(public_id=a.thing.public_id, closing="查无实据", **a.who),
        of_thing("matter_close", closing="查无实据"),
    ),
}


def _signing(attempt: Attempt) -> dict[str, Any]:
    today = attempt.office.people.today
    return {"valid_from": today, "valid_to": today + timedelta(days=90), "sampling_percent": 10}


def sign_order(attempt: Attempt) -> Any:
    return orders.sign_order(
        authority=attempt.thing, category=category_of("delegated"), **_signing(attempt), **attempt.who
    )


ORDERS: dict[str, Act] = {
    "sign_order": Act(
        "authority",
        sign_order,
        lambda a: Page(
            reverse("licensing:standing_order_new"),
            {**_signing(a), "authority": str(a.thing.pk), "category": "cable", "agreed": "on"},
        ),
    ),
    "revoke_order": Act(
        "order",
        lambda a: orders.revoke_order(public_id=a.thing.public_id, reasons="规则将改", **a.who),
        of_thing("standing_order_revoke", reasons="规则将改"),
    ),
    "read_order": Act("order", shown(find_order), of_thing("standing_order")),
    "examine_sample": Act(
        "sample",
        lambda a: sampling.examine(
            public_id=a.thing.public_id, finding="upheld", reasons="", no_conflict=True, **a.who
        ),
        of_thing("sample", finding="upheld", no_conflict="on"),
    ),
    "read_sample": Act("sample", shown(find_sample), of_thing("sample")),
}


def _trying(attempt: Attempt) -> dict[str, Any]:
    return {
        "measure": "onsite_exemption", "least_class": "", "effective_from": attempt.office.people.today,
        "basis_instrument": "试点通知", "basis_article": "第二条",
    }  # fmt: skip


def _tomorrow(attempt: Attempt) -> Any:
    return attempt.office.people.today + timedelta(days=1)


def _elsewhere() -> Authority:
    return Authority.objects.get(code="440000")


PILOTS: dict[str, Act] = {
    "switch_pilot_on": Act(
        "authority",
        lambda a: pilots.switch_on(
            province=_elsewhere(), category=None, valid_to=None, **_trying(a), **a.who
        ),
        lambda a: Page(
            reverse("licensing:pilot_new"), {**_trying(a), "province": str(_elsewhere().pk), "category": ""}
        ),
    ),
    "switch_pilot_off": Act(
        "pilot",
        lambda a: pilots.switch_off(pk=a.thing.pk, valid_to=_tomorrow(a), **a.who),
        lambda a: Page(reverse("licensing:pilot_end", args=[a.thing.pk]), {"valid_to": _tomorrow(a)}),
    ),
}

ACTS: dict[str, Act] = RESULTS | ORDERS | PILOTS
