"""The acts and readings of a case, from the first draft to the certificate."""

import uuid
from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.urls import reverse

from core.lifecycle.dates import shanghai_date
from core.parties.models import Authority
from licensing.actions import (
    acceptance,
    conversation,
    correction,
    decision,
    delivery,
    drafts,
    extension,
    filing,
    forwarding,
    pauses,
    review,
)
from licensing.lifecycle import GRANT_BASIS, REFUSAL_BASIS
from licensing.models import ApplicationDocument
from licensing.queries.cases import documents_of, find, may_read_certificate, may_read_evidence
from licensing.queries.conversation import may_read
from licensing.workbench.queries.warnings import to_acknowledge
from tests.support import world
from tests.support.authority.cases import paused
from tests.support.authority.registry import Act, Attempt, Page
from tests.support.clients import everything


def at_case(name: str, *, posted: bool = True, **more: Any) -> Any:
    """The page of a case by its name in `licensing.urls`; `posted` sends the payload every form would take."""

    def page(attempt: Attempt) -> Page:
        kwargs = {"public_id": attempt.thing.public_id} | {
            k: v for k, v in more.items() if k in ("track", "slot")
        }
        changes = {k: v(attempt) if callable(v) else v for k, v in more.items() if k not in ("track", "slot")}
        sent = everything(attempt.thing, **changes) if posted else None
        return Page(reverse(f"licensing:{name}", kwargs=kwargs), sent)

    return page


def _warnings(attempt: Attempt) -> list[str]:
    """What the desk warns of beside this case: other cases of the office, in whatever order they came."""
    return [row.code for row in to_acknowledge(attempt.thing, attempt.standing, shanghai_date(attempt.at))]


def draft(attempt: Attempt) -> dict[str, Any]:
    return {"public_id": attempt.thing.public_id, "draft_version": attempt.thing.draft_version, **attempt.who}


def shown(attempt: Attempt, condition: Any = None) -> Any:
    """The case as this person finds it, if the question about its part is answered with yes."""
    case = find(attempt.standing, attempt.thing.public_id)
    if condition is not None and not condition(attempt.standing, case):
        raise ObjectDoesNotExist
    return case


def papers(slot: str) -> Any:
    def run(attempt: Attempt) -> ApplicationDocument:
        return documents_of(attempt.standing, attempt.thing.public_id).get(slot=slot)

    return run


def save_draft(attempt: Attempt) -> Any:
    data = {**attempt.thing.draft["conditions"], "staff": "检验员 9 人"}
    return drafts.save_section(section="conditions", data=data, **draft(attempt))


def record_evidence(attempt: Attempt) -> Any:
    return review.record_evidence(
        track="onsite", outcome="passed", body="省质检院", concluded_on=attempt.office.day, finding="",
        document=world.PDF, filename="报告.pdf", verifiers=world.VERIFIERS, **attempt.case,
    )  # fmt: skip


def refuse_acceptance(attempt: Attempt) -> Any:
    """Only what a notice named and the answer left open can stop a filing that is complete otherwise."""
    missing = {"ground": "items_missing", "missing": ("enterprise.phone",), "explanation": "号码仍少一位"}
    return acceptance.refuse_acceptance(**missing, **attempt.case)


def resume(attempt: Attempt) -> Any:
    row = attempt.thing.pauses.get()
    return pauses.resume(pause_id=row.public_id, ended_on=attempt.office.day, **attempt.case)


def send_message(attempt: Attempt) -> Any:
    return conversation.send_message(
        public_id=attempt.thing.public_id, message_id=uuid.uuid4(), text="请问进展如何？", wants_reply=False,
        **attempt.who,
    )  # fmt: skip


def forward(attempt: Attempt) -> Any:
    right = Authority.objects.get(code="330000")
    return forwarding.forward_elsewhere(right_authority=right, explanation="应由浙江受理", **attempt.case)


def _clock(act: str, **more: Any) -> Any:
    """The page of the clock, where a running pause names its fields by its own key."""

    def page(attempt: Attempt) -> Page:
        sent: dict[str, Any] = {"act": act, "version": attempt.thing.version, **more}
        if act == "resume":
            row = attempt.thing.pauses.get()
            sent |= {
                "pause": row.public_id,
                f"{row.pk}-because": "result",
                f"{row.pk}-ended_on": attempt.office.day,
            }
        if act == "pause":
            until = attempt.office.day + timedelta(days=20)
            sent |= {"started_on": attempt.office.day, "expected_until": until, "notice": "需要二十天。"}
        return Page(reverse("licensing:clock", args=[attempt.thing.public_id]), sent)

    return page


def pause(ground: str) -> Any:
    return lambda a: paused(a.thing, ground, a.office.day, **a.who)


def _new_message(attempt: Attempt) -> Page:
    address = reverse("licensing:conversation", args=[attempt.thing.public_id])
    return Page(address, {"message_id": uuid.uuid4(), "text": "请问进展如何？"})


ACTS: dict[str, Act] = {
    "read_draft": Act("draft", shown, at_case("tasks", posted=False)),
    "read_draft_of_claimant": Act("claimant's draft", shown, at_case("tasks", posted=False)),
    "save_draft": Act("unsigned draft", save_draft, at_case("conditions")),
    "save_draft_of_claimant": Act("claimant's draft", save_draft, at_case("conditions")),
    "discard_draft": Act(
        "draft", lambda a: drafts.discard_draft(public_id=a.thing.public_id, **a.who), at_case("discard")
    ),
    "sign_commitment": Act(
        "unsigned draft", lambda a: drafts.sign_commitment(signer="周敏", **draft(a)), at_case("commitment")
    ),
    "submit": Act("draft", lambda a: filing.submit(**draft(a)), at_case("submit")),
    "retract": Act("submitted", lambda a: filing.retract(**a.case), at_case("retract")),
    "resubmit": Act("noticed", lambda a: correction.resubmit(**draft(a)), at_case("resubmit")),
    "read_case": Act("taken", shown, at_case("case", posted=False)),
    "read_granted_case": Act("granted", shown, at_case("case", posted=False)),
    "read_commitment": Act(
        "granted", papers("commitment_letter"), at_case("document", posted=False, slot="commitment_letter")
    ),
    "send_message": Act("submitted", send_message, _new_message),
    "send_message_in_review": Act("taken", send_message, _new_message),
    "read_messages": Act("taken", lambda a: shown(a, may_read), at_case("conversation", posted=False)),
    "accept": Act("submitted", lambda a: acceptance.accept(**a.case), at_case("accept")),
    "request_correction": Act(
        "submitted",
        lambda a: correction.request_correction(items={"enterprise.phone": "少一位"}, **a.case),
        at_case("correct"),
    ),
    "tell_not_required": Act(
        "submitted",
        lambda a: acceptance.tell_not_required(explanation="不在目录内", **a.case),
        at_case("not_required"),
    ),
    "refuse_acceptance": Act(
        "answered",
        refuse_acceptance,
        at_case("refuse_acceptance", ground="items_missing", missing="enterprise.phone"),
    ),
    "forward_elsewhere": Act(
        "submitted",
        forward,
        at_case("refuse_acceptance", right_authority=lambda a: str(Authority.objects.get(code="330000").pk)),
    ),
    "take_review": Act(
        "accepted", lambda a: review.take_review(no_conflict=True, **a.case), at_case("take_review")
    ),
    "record_evidence": Act("taken", record_evidence, at_case("record_evidence", track="onsite")),
    "read_evidence": Act(
        "pending",
        lambda a: shown(a, may_read_evidence),
        at_case("evidence_document", posted=False, track="onsite"),
    ),
    "conclude_review": Act(
        "reviewed", lambda a: review.conclude_review(**a.case), at_case("conclude_review")
    ),
    "pause_for_testing": Act("visited", pause("testing"), _clock("pause", ground="testing")),
    "resume_after_testing": Act("testing", resume, _clock("resume")),
    "pause_for_hearing": Act("pending", pause("hearing"), _clock("pause", ground="hearing")),
    "resume_after_hearing": Act("hearing", resume, _clock("resume")),
    "return_to_review": Act(
        "pending",
        lambda a: decision.return_to_review(reasons="请补充设备照片", **a.case),
        at_case("decide", act="return"),
    ),
    "grant": Act(
        "pending",
        lambda a: decision.grant(basis=GRANT_BASIS, no_conflict=True, **a.case),
        at_case("decide", act="grant", seen=_warnings),
    ),
    "refuse": Act(
        "failed",
        lambda a: decision.refuse(basis=REFUSAL_BASIS, reasons="设备不符", no_conflict=True, **a.case),
        at_case("decide", act="refuse"),
    ),
    "deliver": Act(
        "refused", lambda a: delivery.deliver(public_id=a.thing.public_id, **a.who), at_case("acknowledge")
    ),
    "propose_extension": Act(
        "pending",
        lambda a: extension.propose_extension(days=5, reasons="资料较多", **a.case),
        _clock("propose_extension", days="5", reasons="资料较多"),
    ),
    "decide_extension": Act(
        "proposed",
        lambda a: extension.decide_extension(granted=True, **a.case),
        _clock("decide_extension", granted="yes"),
    ),
    "read_certificate": Act(
        "granted", lambda a: shown(a, may_read_certificate), at_case("certificate", posted=False)
    ),
}
