"""A marked note on a case with a long life: no page, file, message or answer that an applicant or the public can reach
holds a word of it."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.translation import override

from core.messages.models import Delivery, Message
from core.outbox.models import Event
from core.parties.models import User
from licensing.actions.correction import request_correction
from licensing.models import Application
from licensing.workbench.actions import notes
from tests.support import world
from tests.support.clients import everything, signed_in
from tests.support.interface import Robot
from tests.support.workbench import to_accept

pytestmark = pytest.mark.django_db(databases=["default", "public"])
MARK = "内部暗号勿外传七七八八"
SLOTS = ("business_licence", "application_form", "commitment_letter")


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def noted(case: Application, person: User) -> Application:
    for pinned in (True, False):
        notes.write_note(
            public_id=case.public_id, note_id=uuid.uuid4(), text=MARK, pinned=pinned, actor=world.actor(person),
            at=timezone.now(),
        )  # fmt: skip
    return case


def lives(cast: world.Cast) -> dict[str, Application]:
    """The case in the states in which an applicant has something to read or to do."""
    waiting = to_accept(cast)
    noticed = request_correction(
        public_id=waiting.public_id, expected_version=waiting.version, items={"enterprise.phone": "号码少一位"},
        actor=world.actor(cast.clerk), at=timezone.now(),
    )  # fmt: skip
    licence = world.granted_licence(cast)
    return {
        "noticed": noted(noticed, cast.clerk), "pending": noted(world.pending(cast), cast.approver),
        "granted": noted(licence.application, cast.approver),
    }  # fmt: skip


def routes(patterns: list[Any], namespace: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    for row in patterns:
        if isinstance(row, URLResolver):
            inner = ":".join(part for part in (namespace, row.namespace or "") if part)
            yield from routes(row.url_patterns, inner)
        elif isinstance(row, URLPattern):
            yield (
                (f"{namespace}:{row.name}" if namespace else str(row.name)),
                frozenset(row.pattern.regex.groupindex),
            )


EVERY = sorted(set(routes(get_resolver().url_patterns)))
VALUES = {
    "slot": SLOTS, "track": ("onsite", "testing"), "section": ("enterprise",), "province": ("320000",), "year": (2026,),
    "scope": ("national",), "key": ("fertilizer-phosphate",),
}  # fmt: skip


TOLD_IN_ENGLISH = ("licensing:case", "licensing:conversation", "register:progress", "register:licence")


def addresses(case: Application) -> Iterator[str]:
    """Every address there is that takes this case, its number, its licence or one of its notes."""
    licence, note = case.licence, case.notes.values_list("public_id", flat=True)[0]
    own = {
        "number": [case.number, *([licence.number] if licence else [])],
        "opaque_id": [licence.opaque_id if licence else "abcdefghij234567klmn"],
    }  # fmt: skip
    for name, parameters in EVERY:
        if not parameters & {"public_id", "number", "opaque_id"} or not parameters <= {
            "public_id",
            *own,
            *VALUES,
        }:
            continue
        ids = [case.public_id, *([note] if "note" in name else [])]
        combined: list[dict[str, Any]] = [{}]
        for parameter in parameters:
            values = {**VALUES, **own, "public_id": ids}[parameter]
            combined = [row | {parameter: value} for row in combined for value in values]
        for arguments in combined:
            for language in ("zh-hans", "en") if name in TOLD_IN_ENGLISH else ("zh-hans",):
                with override(language):
                    yield reverse(name, kwargs=arguments)


def places() -> Iterator[str]:
    """Every address without a case in it: lists, to-dos, inbox, front page."""
    for name, parameters in EVERY:
        if not parameters and name not in ("account_logout",):
            yield reverse(name)


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode(errors="replace")) + str(dict(answer.headers))


def test_no_page_an_applicant_or_the_public_reaches_holds_a_word_of_a_note(cast: world.Cast) -> None:
    applicant, visitor, seen = signed_in(cast.applicant), Client(), 0
    for state, case in lives(cast).items():
        assert (
            MARK
            in signed_in(cast.approver).get(reverse("licensing:case", args=[case.public_id])).content.decode()
        )
        for address in dict.fromkeys((*addresses(case), *places())):
            for client in (applicant, visitor):
                answer = client.get(address)
                seen += answer.status_code == 200
                assert MARK not in text_of(answer), (state, address)
    assert seen > 150, f"the walk has been somewhere: {seen}"


def test_no_form_of_an_applicant_answers_with_a_note(cast: world.Cast) -> None:
    applicant = signed_in(cast.applicant)
    for state, case in lives(cast).items():
        note = case.notes.values_list("public_id", flat=True)[0]
        for name, parameters in EVERY:
            if parameters == {"public_id"} and name.startswith(("licensing:", "workbench:")):
                for key in (case.public_id, *([note] if "note" in name else [])):
                    answer = applicant.post(reverse(name, args=[key]), everything(case))
                    assert MARK not in text_of(answer), (state, name)


def test_no_answer_of_the_interface_to_an_enterprise_or_the_public_holds_a_note(cast: world.Cast) -> None:
    robot, visitor = Robot.of(cast.applicant, cast.enterprise), Robot()
    for state, case in lives(cast).items():
        for address in dict.fromkeys(addresses(case)):
            if address.startswith("/api/v1/"):
                for asker in (robot, visitor):
                    assert MARK not in text_of(asker.get(address.removeprefix("/api/v1/"))), (state, address)
        assert robot.get(f"applications/{case.public_id}/notes/").status_code == 403


def test_nothing_is_sent_announced_or_written_down_in_the_open(cast: world.Cast) -> None:
    from core.ledger.models import LedgerEntry

    lives(cast)
    for row in (*Message.objects.values(), *Delivery.objects.values(), *Event.objects.values()):
        assert MARK not in str(row)
    assert not any(MARK in letter.body for letter in getattr(mail, "outbox", []))
    assert not Event.objects.filter(type__startswith="workbench.").exists()
    for row in LedgerEntry.objects.values("public", "internal", "personal", "legal_basis"):
        assert MARK not in str(row)


def test_the_table_an_official_takes_away_holds_no_note(cast: world.Cast) -> None:
    noted(world.taken(cast), cast.reviewer)
    table = signed_in(cast.reviewer).get(reverse("workbench:export"), {"scope": "all"}).content.decode()
    assert MARK not in table and len(table.splitlines()) == 2
