"""Notes on a case: who writes and reads them, what the record keeps, and that words once written stay."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.ledger.models import LedgerEntry, PersonalValue
from core.ledger.queries import timeline
from core.lifecycle.errors import DomainError
from core.outbox.models import Event
from core.parties.models import Authority, Membership, User
from licensing.actions import recusal
from licensing.actions.act import NotYourCase, Recused
from licensing.models import Application
from licensing.workbench.actions import notes
from licensing.workbench.models import CaseNote
from tests.support import world
from tests.support.clients import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WORDS = "设备清单与上次核查不同"


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


def write(case: Application, person: User, text: str = WORDS, **more: Any) -> CaseNote:
    facts = {"public_id": case.public_id, "note_id": uuid.uuid4(), "text": text, "actor": world.actor(person)}
    return notes.write_note(**facts | {"at": timezone.now()} | more)


def sees(person: User, case: Application) -> bool:
    return WORDS in signed_in(person).get(reverse("licensing:case", args=[case.public_id])).content.decode()


@pytest.mark.parametrize("duty", ["acceptance", "approval", "head"])
def test_officials_who_handle_the_case_write_and_read(cast: world.Cast, duty: str) -> None:
    case = world.taken(cast)
    person = world.official("320000", duty)
    note = write(case, person)
    assert sees(person, case) and sees(cast.reviewer, case) and sees(world.official("320000", "audit"), case)
    assert (note.author_label, note.organisation_label) == (
        person.name,
        Authority.objects.get(code="320000").name_zh,
    )


def test_others_neither_write_nor_read(cast: world.Cast) -> None:
    case = world.taken(cast)
    write(case, cast.reviewer)
    partner = world.official("320000", "acceptance")
    Membership.objects.create(user=partner, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    for person, found in (
        (cast.applicant, 403), (partner, 404), (world.official("330000", "acceptance", "head"), 404),
        (world.official("320500", "acceptance"), 404), (world.official("320000", "supervision"), 403),
        (world.official("AQSIQ", "national_admin"), 403), (world.official("320000", "review", name="同事"), 404),
    ):  # fmt: skip
        client = signed_in(person)
        address = reverse("workbench:notes", args=[case.public_id])
        assert client.get(address).status_code == found, person
        assert client.post(address, {"text": "x", "note_id": uuid.uuid4()}).status_code == found
        with pytest.raises(NotYourCase), transaction.atomic():
            write(case, person, "我也写一条")
        page = client.get(reverse("licensing:case", args=[case.public_id]))
        assert WORDS not in page.content.decode()
    assert CaseNote.objects.count() == 1


def test_an_auditor_reads_and_writes_nothing(cast: world.Cast) -> None:
    case = world.taken(cast)
    write(case, cast.reviewer)
    for place in ("320000", "AQSIQ"):
        auditor = world.official(place, "audit")
        assert sees(auditor, case)
        answer = signed_in(auditor).post(reverse("workbench:notes", args=[case.public_id]), {"text": "x"})
        assert answer.status_code == 404


def test_who_declared_a_conflict_is_told_nothing_any_more(cast: world.Cast) -> None:
    case = world.submitted(cast)
    write(case, cast.clerk)
    assert sees(cast.clerk, case)
    recusal.recuse(
        public_id=case.public_id, expected_version=world.version(case), reason="interest", explanation="亲属",
        actor=world.actor(cast.clerk), at=world.at(hour=15),
    )  # fmt: skip
    assert not sees(cast.clerk, case)
    with pytest.raises(Recused), transaction.atomic():
        write(case, cast.clerk)


def test_a_delegate_loses_the_notes_with_the_case(cast: world.Cast) -> None:
    case = world.submitted(cast)
    clerk = world.official("320500", "acceptance")
    case.acceptance_authority = Authority.objects.get(code="320500")
    case.save()
    note = write(case, clerk)
    assert sees(clerk, case)
    case.acceptance_authority = case.filing_authority
    case.save()
    client = signed_in(clerk)
    assert client.get(reverse("workbench:notes", args=[case.public_id])).status_code == 404
    assert client.post(reverse("workbench:note_withdraw", args=[note.public_id])).status_code == 404
    assert CaseNote.objects.get().withdrawn_at is None


def test_the_ledger_keeps_a_digest_and_the_case_stays_as_it_is(cast: world.Cast) -> None:
    case = world.taken(cast)
    before, events = Application.objects.values().get(pk=case.pk), Event.objects.count()
    note = write(case, cast.reviewer)
    notes.pin_note(public_id=note.public_id, pinned=True, actor=world.actor(cast.clerk), at=timezone.now())
    notes.withdraw_note(public_id=note.public_id, actor=world.actor(cast.reviewer), at=timezone.now())
    acts = LedgerEntry.objects.filter(subject_kind="workbench.note", subject_id=str(note.public_id))
    assert list(acts.order_by("id").values_list("act", flat=True)) == [
        "workbench.note_written", "workbench.note_pinned", "workbench.note_withdrawn",
    ]  # fmt: skip
    first = acts.order_by("id")[0]
    assert (
        WORDS not in str([first.public, first.internal, first.personal]) and len(first.personal["text"]) == 64
    )
    assert PersonalValue.objects.filter(entry=first, field="text").exists()
    assert Application.objects.values().get(pk=case.pk) == before and Event.objects.count() == events
    assert all(
        "note" not in row.act for row in timeline("licensing.application", str(case.public_id), personal=True)
    )


def test_only_the_author_takes_a_note_back_and_it_stays_in_the_record(cast: world.Cast) -> None:
    case = world.taken(cast)
    note = write(case, cast.reviewer, pinned=True)
    clerk, reviewer = signed_in(cast.clerk), signed_in(cast.reviewer)
    address = reverse("workbench:note_withdraw", args=[note.public_id])
    assert "只有写备注的人可以撤回它" in clerk.post(address, follow=True).content.decode()
    assert CaseNote.objects.get().withdrawn_at is None
    shown = reviewer.post(address, {"from": "case"}, follow=True).content.decode()
    assert "备注已撤回" in shown and WORDS in shown and "由本人于" in shown
    assert "这条备注已经撤回" in reviewer.post(address, follow=True).content.decode()
    kept = CaseNote.objects.get()
    assert kept.text == WORDS and not kept.pinned


@pytest.mark.parametrize(
    "changed", [{"text": "别的话"}, {"author_id": 1}, {"written_at": "2020-01-01T00:00Z"}]
)
def test_the_database_keeps_the_words(cast: world.Cast, changed: dict[str, Any]) -> None:
    note = write(world.taken(cast), cast.reviewer)
    changed = {"author_id": cast.clerk.pk} if "author_id" in changed else changed
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).update(text="")
    notes.withdraw_note(public_id=note.public_id, actor=world.actor(cast.reviewer), at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseNote.objects.filter(pk=note.pk).update(withdrawn_at=None)
    assert CaseNote.objects.filter(pk=note.pk).update(text="") == 1, "personal data can be erased"


def test_a_form_sent_twice_is_one_note(cast: world.Cast) -> None:
    case, client = world.taken(cast), signed_in(cast.reviewer)
    address = reverse("workbench:notes", args=[case.public_id])
    sent = {"text": WORDS, "note_id": str(uuid.uuid4()), "from": "case"}
    for _time in range(2):
        assert client.post(address, sent)["Location"].endswith(f"/cases/{case.public_id}/#notes")
    assert CaseNote.objects.count() == 1
    answer = client.post(address, sent | {"text": "另一条"})
    assert answer.status_code == 422 and "另一条" in answer.content.decode()
    assert answer.context["form"]["note_id"].value() != sent["note_id"]


@pytest.mark.parametrize("text, code", [("", ""), (" \u200b\n", "nothing_noted"), ("字" * 2001, "too_long")])
def test_what_cannot_be_noted_is_said_at_the_field(cast: world.Cast, text: str, code: str) -> None:
    case = world.taken(cast)
    answer = signed_in(cast.reviewer).post(
        reverse("workbench:notes", args=[case.public_id]), {"text": text, "note_id": str(uuid.uuid4())}
    )
    assert answer.status_code == 422 and answer.context["form"].errors["text"]
    if code:
        with pytest.raises(DomainError) as refused, transaction.atomic():
            write(case, cast.reviewer, text)
        assert code in refused.value.code
