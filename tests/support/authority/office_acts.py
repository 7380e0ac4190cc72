"""Acts and readings beside the case: claims, agents and powers, officials, delegations, bars, the calendar."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from core.claims.actions import agents, filing, powers, proof, review
from core.claims.queries import agents_page, led_enterprise, party_claim, review_claim
from core.parties.models import Authority
from core.staff import queries as staff_queries
from core.staff.actions import absences, departures, duties, handovers, people
from core.workdays.actions import publish_version
from core.workdays.notice import DayEntry
from licensing.actions import bars, delegation
from licensing.queries.bars import find_bar
from licensing.queries.delegations import cases_under, find_delegation
from tests.support import claims, world
from tests.support.authority.cases import category_of
from tests.support.authority.registry import Act, Attempt, Page
from tests.support.clients import upload

SAID = {"reasons": "经核对，理由充分"}


def at_claim(name: str, *, sent: dict[str, Any] | None = None, **more: Any) -> Any:
    """The page of a claim by its name in `core.claims.urls`."""

    def page(attempt: Attempt) -> Page:
        address = reverse(f"claims:{name}", args=[attempt.thing.public_id])
        filled = {**sent, **more, "version": attempt.thing.version} if sent is not None else None
        return Page(address, filled)

    return page


def file_claim(attempt: Attempt) -> Any:
    return filing.file_claim(**claims.facts(), **attempt.who)


def submit_document(attempt: Attempt) -> Any:
    return proof.submit_document(content=world.PDF, filename="授权书.pdf", **attempt.case)


def state_case(attempt: Attempt) -> Any:
    return review.state_case(public_id=attempt.thing.public_id, text="我已接任。", **attempt.who)


CHECKED = ["seal", "code", "representative", "person"]
CLAIMS: dict[str, Act] = {
    "file_claim": Act(
        "enterprise",
        file_claim,
        lambda a: Page(reverse("claims:new"), {**claims.facts(), "province": "320000"}),
    ),
    "submit_authorisation": Act(
        "bare claim", submit_document, lambda a: at_claim("authorisation", sent={"file": upload()})(a)
    ),
    "withdraw_claim": Act(
        "bare claim",
        lambda a: filing.withdraw(public_id=a.thing.public_id, **a.who),
        at_claim("withdraw", sent={}),
    ),
    "state_case": Act("dispute", state_case, at_claim("statement", sent={"text": "我已接任。"})),
    "read_own_claim": Act("claim", lambda a: party_claim(a.standing, a.thing.public_id), at_claim("claim")),
    "read_claim_under_review": Act(
        "claim", lambda a: review_claim(a.standing, a.thing.public_id), at_claim("review")
    ),
    "accept_claim": Act(
        "claim",
        lambda a: review.accept(checked=["公章和名称一致"], **a.case),
        at_claim("review", sent={"act": "accept", "checked": CHECKED}),
    ),
    "refuse_claim": Act(
        "claim", lambda a: review.refuse(**SAID, **a.case), at_claim("review", sent={"act": "refuse", **SAID})
    ),
    "uphold_holder": Act(
        "heard dispute",
        lambda a: review.uphold(**SAID, **a.case),
        at_claim("review", sent={"act": "uphold", **SAID}),
    ),
    "replace_holder": Act(
        "heard dispute",
        lambda a: review.replace(**SAID, **a.case),
        at_claim("review", sent={"act": "replace", **SAID}),
    ),
    "admit_agent": Act("asking", lambda a: review.admit(**a.case), at_claim("admit", sent={})),
}


def _agent(attempt: Attempt) -> Any:
    return attempt.office.people.find("agent without authorisation", "own enterprise").public_id  # type: ignore[union-attr]


def _term(attempt: Attempt) -> dict[str, date]:
    today = attempt.office.people.today
    return {"first": today, "last": today + timedelta(days=30)}


def _of_agent(name: str, **more: Any) -> Any:
    def page(attempt: Attempt) -> Page:
        sent = {"agent": _agent(attempt), **(_term(attempt) if name == "grant" else {}), **more}
        return Page(reverse(f"claims:{name}", args=[attempt.thing.public_id]), sent)

    return page


def _enterprise(attempt: Attempt) -> dict[str, Any]:
    return {"enterprise_id": attempt.thing.public_id, **attempt.who}


MEMBERS: dict[str, Act] = {
    "invite_agent": Act(
        "enterprise",
        lambda a: agents.invite(address="somebody", **_enterprise(a)),
        _of_agent("agents", address="somebody"),
    ),
    "remove_agent": Act(
        "enterprise",
        lambda a: agents.remove_agent(agent=_agent(a), **_enterprise(a)),
        _of_agent("remove_agent"),
    ),
    "grant_power": Act(
        "enterprise",
        lambda a: powers.grant(agent=_agent(a), **_term(a), **_enterprise(a)),
        _of_agent("grant"),
    ),
    "revoke_power": Act(
        "power",
        lambda a: powers.revoke(public_id=a.thing.public_id, **a.who),
        lambda a: Page(reverse("claims:revoke", args=[a.thing.public_id]), {}),
    ),
    "read_members": Act(
        "enterprise",
        lambda a: agents_page(led_enterprise(a.standing, a.thing.public_id), a.office.people.today),
        lambda a: Page(reverse("claims:agents", args=[a.thing.public_id])),
    ),
}


def at_person(name: str, **sent: Any) -> Any:
    """The page of an official by its name in `core.staff.urls`."""

    def page(attempt: Attempt) -> Page:
        filled = {key: value(attempt) if callable(value) else value for key, value in sent.items()}
        return Page(reverse(f"staff:{name}", args=[attempt.office.people.colleague.public_id]), filled)

    return page


def today(attempt: Attempt) -> date:
    return attempt.office.people.today


def later(attempt: Attempt) -> date:
    return attempt.office.people.today + timedelta(days=3)


def successor(attempt: Attempt) -> Any:
    return attempt.office.people.successor.public_id


def _person(attempt: Attempt) -> dict[str, Any]:
    return {"public_id": attempt.office.people.colleague.public_id, **attempt.who}


def _new_official(attempt: Attempt) -> dict[str, Any]:
    return {
        "username": "xin.ren", "name": "新人", "email": "xin@example.com", "kind": "review",
        "valid_from": today(attempt), "valid_to": None,
    }  # fmt: skip


def read_person(attempt: Attempt) -> Any:
    return staff_queries.find(attempt.standing, attempt.office.people.colleague.public_id, today(attempt))


STAFF: dict[str, Act] = {
    "create_official": Act(
        "authority",
        lambda a: people.create_official(authority=a.thing, **_new_official(a), **a.who),
        lambda a: Page(reverse("staff:create") + "?authority=320000", {**_new_official(a), "valid_to": ""}),
    ),
    "grant_duty": Act(
        "person",
        lambda a: duties.grant_duty(kind="review", valid_from=today(a), valid_to=None, **_person(a)),
        at_person("grant", kind="review", valid_from=today),
    ),
    "end_duty": Act(
        "duty",
        lambda a: duties.end_duty(duty_id=a.thing.pk, on=today(a), **a.who),
        lambda a: Page(
            reverse("staff:end", args=[a.office.people.colleague.public_id]) + f"?duty={a.thing.pk}",
            {"on": today(a)},
        ),
    ),
    "record_absence": Act(
        "person",
        lambda a: absences.record_absence(
            substitute=a.office.people.substitute.public_id,
            away_from=today(a),
            back_on=later(a),
            **_person(a),
        ),
        at_person(
            "absence",
            away_from=today,
            back_on=later,
            substitute=lambda a: a.office.people.substitute.public_id,
        ),
    ),
    "end_absence": Act(
        "absence",
        lambda a: absences.end_absence(absence_id=a.thing.public_id, **a.who),
        lambda a: Page(
            reverse("staff:end_absence", args=[a.office.people.absent.public_id]),
            {"absence": a.thing.public_id},
        ),
    ),
    "hand_over": Act(
        "person",
        lambda a: handovers.hand_over(kind="acceptance", successor=successor(a), **_person(a)),
        at_person("hand_over", successor_acceptance=successor),
    ),
    "leave": Act(
        "person",
        lambda a: departures.leave(leaves_on=later(a), successors={"acceptance": successor(a)}, **_person(a)),
        at_person("leave", leaves_on=later, successor_acceptance=successor),
    ),
    "read_official": Act(
        "person",
        read_person,
        lambda a: Page(reverse("staff:person", args=[a.office.people.colleague.public_id])),
    ),
}


def _entrusting(attempt: Attempt) -> dict[str, Any]:
    return {
        "stage": "acceptance", "category_key": "", "valid_from": today(attempt), "valid_to": None,
        "basis_instrument": "某省行政许可委托办法", "basis_article": "第三条",
    }  # fmt: skip


def delegate(attempt: Attempt) -> Any:
    return delegation.delegate(
        delegator=attempt.thing, to=Authority.objects.get(code="320100"), document=world.PDF, filename="委托书.pdf",
        **_entrusting(attempt), **attempt.who,
    )  # fmt: skip


def delegate_further(attempt: Attempt) -> Any:
    return delegation.delegate(
        delegator=Authority.objects.get(code="320500"), to=Authority.objects.get(code="320583"), document=world.PDF,
        filename="委托书.pdf", **_entrusting(attempt), **attempt.who,
    )  # fmt: skip


def _new_delegation(attempt: Attempt) -> Page:
    sent = {**_entrusting(attempt), "valid_to": "", "document": upload()}
    return Page(
        reverse("licensing:delegation_new"), {**sent, "to": str(Authority.objects.get(code="320100").pk)}
    )


def _settling(attempt: Attempt) -> dict[str, Any]:
    waiting = cases_under(attempt.thing).values_list("public_id", flat=True)
    return {
        "public_id": attempt.thing.public_id, "choices": {str(key): "keep" for key in waiting}, "reason": "工作调整",
        **attempt.who,
    }  # fmt: skip


def _settled(act: str) -> Any:
    def page(attempt: Attempt) -> Page:
        choices = {f"case_{key}": value for key, value in _settling(attempt)["choices"].items()}
        sent = {"act": act, "reason": "工作调整", **choices}
        return Page(reverse("licensing:delegation", args=[attempt.thing.public_id]), sent)

    return page


def found(query: Any) -> Any:
    """A query that answers None for what is hidden."""

    def run(attempt: Attempt) -> Any:
        row = query(attempt.standing, attempt.thing.public_id)
        if row is None:
            raise ObjectDoesNotExist
        return row

    return run


DELEGATIONS: dict[str, Act] = {
    "delegate": Act("authority", delegate, _new_delegation),
    "delegate_further": Act("authority", delegate_further),
    "suspend_delegation": Act(
        "delegation", lambda a: delegation.suspend(**_settling(a)), _settled("suspend")
    ),
    "end_delegation": Act("delegation", lambda a: delegation.end(**_settling(a)), _settled("end")),
    "read_delegation": Act(
        "delegation",
        found(find_delegation),
        lambda a: Page(reverse("licensing:delegation", args=[a.thing.public_id])),
    ),
}


def record_bar(attempt: Attempt) -> Any:
    return bars.record_bar(
        enterprise=attempt.thing, category=category_of("provincial"), cause="fraud", decided_on=attempt.office.day,
        instrument="苏市监〔2026〕2号", document=world.PDF, filename="决定书.pdf", **attempt.who,
    )  # fmt: skip


def _new_bar(attempt: Attempt) -> Page:
    sent = {
        "enterprise": attempt.thing.uscc, "category": "fertilizer-phosphate", "cause": "fraud",
        "decided_on": attempt.office.day, "instrument": "苏市监〔2026〕2号", "document": upload(),
    }  # fmt: skip
    return Page(reverse("licensing:bar_new"), sent)


BARS: dict[str, Act] = {
    "record_bar": Act("enterprise", record_bar, _new_bar),
    "lift_bar": Act(
        "bar",
        lambda a: bars.lift_bar(public_id=a.thing.public_id, reason="期限有误", **a.who),
        lambda a: Page(reverse("licensing:bar_lift", args=[a.thing.public_id]), {"reason": "期限有误"}),
    ),
    "read_bar": Act(
        "bar", found(find_bar), lambda a: Page(reverse("licensing:bar_document", args=[a.thing.public_id]))
    ),
}

YEAR = 2031


def publish_calendar(attempt: Attempt) -> Any:
    return publish_version(
        year=YEAR, base_version=0, days=[DayEntry(date(YEAR, 1, 1), "holiday", "元旦")], source="国办发明电〔2030〕1号",
        reason="公布", **attempt.who,
    )  # fmt: skip


CALENDAR: dict[str, Act] = {
    "publish_calendar": Act(
        "authority",
        publish_calendar,
        lambda a: Page(
            reverse("workdays:edit", args=["CN", YEAR]),
            {"step": "publish", "holidays": "01-01 元旦", "makeup_days": "", "source": "国办发明电〔2030〕1号",
             "reason": "公布", "base_version": "0"},
        ),
    ),
}  # fmt: skip

ACTS: dict[str, Act] = CLAIMS | MEMBERS | STAFF | DELEGATIONS | BARS | CALENDAR
