"""Acts of correcting a certificate (R-89): ask, propose, approve, decline, and who reads them."""

from typing import Any

from django.urls import reverse

from licensing.corrections import queries as query
from licensing.corrections.actions import asking, deciding, proposing
from licensing.corrections.actions.proposing import Source, Wanted
from tests.support.authority.office_acts import found
from tests.support.authority.registry import Act, Attempt, Page

REASON = "住所漏印了楼号"
NOTE = "纸质档案第 3 页"
ASKS = {"wrong": ["registered_address"], "explanation": REASON}


def right(licence: Any) -> str:
    return f"{licence.registered_address}甲座"


def propose(attempt: Attempt) -> Any:
    licence = attempt.thing
    return proposing.propose(
        number=licence.number, wanted=Wanted({"registered_address": right(licence)}), since="decided",
        source=Source("other", None, NOTE), reason=REASON, **attempt.who,
    )  # fmt: skip


def _proposing(attempt: Attempt) -> Page:
    licence = attempt.thing
    sent = {
        "registered_address": right(licence), "since": "decided", "source": "other", "source_note": NOTE,
        "reason": REASON,
    }  # fmt: skip
    return Page(f"{reverse('corrections:new')}?number={licence.number}", sent)


def _at(name: str, **sent: Any) -> Any:
    """The page of a correction or a request; with `sent` its form."""

    def page(attempt: Attempt) -> Page:
        address = reverse(f"corrections:{name}", args=[attempt.thing.public_id])
        return Page(address, {**sent, "version": attempt.thing.version} if sent else None)

    return page


ACTS: dict[str, Act] = {
    "ask_correction": Act(
        "licence",
        lambda a: asking.ask(number=a.thing.number, **ASKS, **a.who),
        lambda a: Page(reverse("corrections:ask"), {"number": a.thing.number, **ASKS}),
    ),
    "answer_correction_request": Act(
        "correction request",
        lambda a: asking.answer(text="没有印错", **a.case),
        _at("request", act="answer", text="没有印错"),
    ),
    "read_correction_request": Act("correction request", found(query.find_request), _at("request")),
    "propose_correction": Act("licence", propose, _proposing),
    "approve_correction": Act(
        "proposed correction", lambda a: deciding.approve(**a.case), _at("correction", act="approve")
    ),
    "decline_correction": Act(
        "proposed correction",
        lambda a: deciding.decline(reasons="没有印错", **a.case),
        _at("correction", act="decline", reasons="没有印错"),
    ),
    "read_correction": Act("proposed correction", found(query.find), _at("correction")),
}
