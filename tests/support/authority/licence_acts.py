"""Acts on licences and on the hands of a case: kinds that begin from a licence, its renewal by law, its end."""

import uuid
from typing import Any

from django.urls import reverse

from licensing.actions import deregistration, drafts, filing, hands, recusal, renewal
from licensing.kinds import Kind
from licensing.queries import deregistrations as query
from tests.support.authority.case_acts import at_case, draft
from tests.support.authority.office_acts import found
from tests.support.authority.registry import Act, Attempt, Page

SAID = {"ground": "stopped", "facts": "现场已停产"}


def begin(attempt: Attempt) -> Any:
    return drafts.start_draft(
        public_id=uuid.uuid4(), enterprise=attempt.thing.enterprise, kind=Kind.REPLACEMENT, licence=attempt.thing,
        **attempt.who,
    )  # fmt: skip


def _beginning(attempt: Attempt) -> Page:
    sent = {"draft": uuid.uuid4(), "kind": "replacement", "licence": attempt.thing.number}
    return Page(reverse("licensing:start"), sent)


def propose(attempt: Attempt) -> Any:
    return deregistration.propose_deregistration(number=attempt.thing.number, **SAID, **attempt.who)


def _task(**sent: Any) -> Any:
    """The page of a deregistration; with `sent` its form."""

    def page(attempt: Attempt) -> Page:
        address = reverse("licensing:deregistration", args=[attempt.thing.public_id])
        return Page(address, {**sent, "version": attempt.thing.version} if sent else None)

    return page


def _colleague(attempt: Attempt) -> Any:
    return attempt.office.people.official("reviewer", "own province").public_id


ACTS: dict[str, Act] = {
    "begin_from_licence": Act("licence", begin, _beginning),
    "file_case_of_licence": Act("replacement draft", lambda a: filing.submit(**draft(a)), at_case("submit")),
    "confirm_renewal": Act(
        "deemed renewal", lambda a: renewal.confirm_renewal(**a.case), at_case("confirm_renewal")
    ),
    "request_deregistration": Act(
        "deregistration draft", lambda a: filing.submit(**draft(a)), at_case("submit")
    ),
    "propose_deregistration": Act(
        "licence",
        propose,
        lambda a: Page(reverse("licensing:deregistration_new"), {"number": a.thing.number, **SAID}),
    ),
    "deregister": Act(
        "proposed deregistration",
        lambda a: deregistration.deregister(**a.case),
        _task(act="deregister"),
    ),
    "set_aside_deregistration": Act(
        "proposed deregistration",
        lambda a: deregistration.set_aside(reasons="仍在生产", **a.case),
        _task(act="set_aside", reasons="仍在生产"),
    ),
    "read_deregistration": Act("proposed deregistration", found(query.find), _task()),
    "assign_review": Act(
        "accepted",
        lambda a: hands.assign_review(reviewer=_colleague(a), reason="专业对口", **a.case),
        at_case("assign", reviewer=_colleague, reason="专业对口"),
    ),
    "take_over": Act("orphaned", lambda a: hands.take_over(no_conflict=True, **a.case), at_case("take_over")),
    "recuse": Act(
        "taken",
        lambda a: recusal.recuse(reason="interest", explanation="配偶在该企业任职", **a.case),
        at_case("recuse", reason="interest", explanation="配偶在该企业任职"),
    ),
}
