"""Messages between applicant and authority: part of the file, no notice, no pause, no demand (R-86, R-31, R-47)."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.ledger.models import LedgerEntry, PersonalValue
from core.ledger.queries import verify
from core.outbox.models import Event
from core.parties.competence import standing_of
from core.parties.models import Duty, Membership
from licensing.actions import acceptance, filing
from licensing.actions.act import NotYourCase
from licensing.actions.conversation import (
    LONGEST,
    MOST_A_DAY,
    CaseClosed,
    EnoughForToday,
    NothingWritten,
    SentDifferently,
    TooLong,
    cleaned,
    note_read,
    send_message,
)
from licensing.actions.papers import write_papers
from licensing.models import Application, CaseMessage
from licensing.queries.conversation import conversation_of, questions, side_of
from licensing.todos import todos
from tests.support import world
from tests.support.clients import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-86")]

CLOCKS = (
    "version", "status", "next_due_on", "due_on", "statutory_due_on", "next_check_at", "received_at", "accepted_on",
)  # fmt: skip


@pytest.fixture
def cast(db):
    return world.Cast()


@pytest.fixture
def case(cast):
    return world.submitted(cast)


def say(case, person, text="请问还缺什么吗？", *, wants_reply=True, day=world.DAY, hour=14, message_id=None):
    return send_message(
        public_id=case.public_id, message_id=message_id or uuid.uuid4(), text=text, wants_reply=wants_reply,
        actor=world.actor(person, day), at=world.at(day, hour),
    )  # fmt: skip


def clocks(case):
    row = Application.objects.get(pk=case.pk)
    return {name: getattr(row, name) for name in CLOCKS} | {"documents": row.documents.count()}


def page(case):
    return reverse("licensing:conversation", kwargs={"public_id": case.public_id})


def view(case, person, day=world.DAY):
    fresh = Application.objects.select_related("enterprise").get(pk=case.pk)
    return conversation_of(fresh, standing_of(person, day), day)


def test_a_clerks_message_moves_no_clock_and_opens_no_upload(cast, case):
    before = clocks(case)
    say(case, cast.clerk, "请说明住所的门牌号。")
    say(case, cast.applicant, "是 88 号。", wants_reply=False)
    assert clocks(case) == before
    html = signed_in(cast.applicant).get(page(case)).content.decode()
    assert 'type="file"' not in html and "multipart" not in html


def test_a_message_makes_nobodys_open_page_stale(cast, case):
    write_papers(public_id=case.public_id, at=world.at())
    seen = world.version(case)
    say(case, cast.applicant)
    accepted = acceptance.accept(
        public_id=case.public_id, expected_version=seen, actor=world.actor(cast.clerk), at=world.at(hour=15)
    )
    assert accepted.status == "under_review"


def test_a_question_is_owed_an_answer_in_three_working_days_and_an_answer_settles_it(cast, case):
    """2026-11-13 is a Friday: three working days later is Wednesday the 18th."""
    friday = date(2026, 11, 13)
    question = say(case, cast.applicant, day=friday)
    assert question.reply_due_on == date(2026, 11, 18)
    for person in (cast.applicant, cast.clerk):
        shown = view(case, person, date(2026, 11, 18))
        assert (shown.reply_due_on, shown.overdue) == (date(2026, 11, 18), False)
        assert view(case, person, date(2026, 11, 19)).overdue
    say(case, cast.clerk, "不缺。", day=date(2026, 11, 19))
    question.refresh_from_db()
    assert question.answered_at == world.at(date(2026, 11, 19), 14)
    assert view(case, cast.applicant, date(2026, 11, 20)).reply_due_on is None


def test_a_word_of_thanks_is_owed_nothing(cast, case):
    assert say(case, cast.applicant, "谢谢", wants_reply=False).reply_due_on is None
    assert questions(standing_of(cast.clerk, world.DAY), 10) == []


def test_an_officials_message_is_owed_nothing_whatever_the_form_says(cast, case):
    assert say(case, cast.clerk, wants_reply=True).reply_due_on is None


def test_an_overdue_reply_is_red_at_the_desk_and_among_the_todos(cast, case, monkeypatch):
    say(case, cast.applicant)
    late = world.at(world.DAY + timedelta(days=10))
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    (row, *_rest) = todos(standing_of(cast.clerk, world.DAY + timedelta(days=10)))
    assert row["late"] and row["url"] == page(case)
    shown = view(case, cast.clerk, world.DAY + timedelta(days=10))
    assert shown.overdue
    assert list(todos(standing_of(cast.applicant, world.DAY))) == []
    elsewhere = world.official("330000", "acceptance")
    assert list(todos(standing_of(elsewhere, world.DAY))) == []


def test_who_answers_follows_the_case(cast):
    """Clerks at intake and while nobody reviews; during the review its reviewer; the approver reads only."""
    case = world.accepted(cast)
    say(case, cast.clerk)
    with pytest.raises(NotYourCase):
        say(case, cast.reviewer)
    taken = world.taken(world_cast := world.Cast())
    say(taken, world_cast.reviewer)
    with pytest.raises(NotYourCase):
        say(taken, world_cast.clerk)
    colleague = world.official("320000", "review", name="同事")
    assert side_of(standing_of(colleague, world.DAY), Application.objects.get(pk=taken.pk)) is None
    pending = world.pending(last := world.Cast())
    say(pending, last.clerk)
    for silent in (last.reviewer, last.approver):
        with pytest.raises(NotYourCase):
            say(pending, silent)


@pytest.mark.parametrize("who", ["approver", "auditor", "head"])
def test_who_reads_along_writes_nothing_and_leaves_no_mark(cast, case, who):
    say(case, cast.applicant)
    person = {
        "approver": lambda: cast.approver,
        "auditor": lambda: world.official("AQSIQ", "audit"),
        "head": lambda: world.official("320000", "head"),
    }[who]()
    client = signed_in(person)
    answer = client.get(page(case))
    assert answer.status_code == 200 and "请问还缺什么吗" in answer.content.decode()
    assert 'name="text"' not in answer.content.decode()
    client.post(page(case), {"text": "好", "message_id": str(uuid.uuid4())})
    assert CaseMessage.objects.count() == 1
    assert CaseMessage.objects.get().read_at is None


STRANGERS = {
    "another enterprise": lambda: world.member(world.enterprise()),
    "a clerk of Zhejiang": lambda: world.official("330000", "acceptance"),
    "a reviewer who has not got it": lambda: world.official("320000", "review"),
    "a national administrator": lambda: world.official("AQSIQ", "national_admin"),
    "nobody": lambda: world.user(),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_strangers_find_nothing(cast, case, who):
    say(case, cast.applicant)
    client = signed_in(STRANGERS[who]())
    message = {"text": "让我进去", "message_id": str(uuid.uuid4())}
    assert client.get(page(case)).status_code == 404
    assert client.post(page(case), message).status_code == 404
    assert CaseMessage.objects.count() == 1


def test_a_member_whose_membership_has_ended_is_a_stranger(cast, case):
    Membership.objects.filter(user=cast.applicant).update(valid_to=world.DAY)
    with pytest.raises(NotYourCase):
        say(case, cast.applicant)
    assert signed_in(cast.applicant).get(page(case)).status_code == 404


def test_one_who_is_on_both_sides_speaks_for_the_enterprise_alone(cast, case):
    Duty.objects.create(
        user=cast.applicant, authority=case.acceptance_authority, kind="acceptance", valid_from=world.EPOCH
    )
    assert say(case, cast.applicant).side == "applicant"


def test_a_closed_case_can_be_read_and_not_written(cast, case):
    say(case, cast.applicant)
    filing.retract(
        public_id=case.public_id, expected_version=world.version(case), actor=world.actor(cast.applicant),
        at=world.at(hour=15),
    )  # fmt: skip
    with pytest.raises(CaseClosed):
        say(case, cast.clerk)
    html = signed_in(cast.applicant).get(page(case)).content.decode()
    assert "请问还缺什么吗" in html and 'name="text"' not in html and "已经办结" in html
    assert view(case, cast.clerk, world.DAY + timedelta(days=30)).overdue is False


def test_a_draft_has_no_conversation(cast):
    draft = world.filled_draft(cast)
    assert signed_in(cast.applicant).get(page(draft)).status_code == 404
    with pytest.raises(CaseClosed):
        say(draft, cast.applicant)


def test_a_form_sent_twice_is_one_message(cast, case):
    client, message_id = signed_in(cast.applicant), str(uuid.uuid4())
    for _time in range(2):
        sent = client.post(page(case), {"text": "还缺什么？", "message_id": message_id, "wants_reply": "on"})
        assert sent.status_code == 302
    assert CaseMessage.objects.count() == 1
    assert Event.objects.filter(type="licensing.message_sent").count() == 1


def test_an_id_used_before_keeps_the_new_words_and_offers_another(cast, case):
    message_id = uuid.uuid4()
    say(case, cast.applicant, message_id=message_id)
    with pytest.raises(SentDifferently):
        say(case, cast.applicant, "另一句", message_id=message_id)
    with pytest.raises(SentDifferently):
        say(case, cast.clerk, message_id=message_id)
    answer = signed_in(cast.applicant).post(page(case), {"text": "另一句", "message_id": str(message_id)})
    html = answer.content.decode()
    assert answer.status_code == 422 and "另一句" in html and str(message_id) not in html


def test_a_refused_message_is_drawn_again_with_what_was_typed(cast, case):
    client = signed_in(cast.applicant)
    for text, words in (("字" * (LONGEST + 1), "最多 2000 个字"), (" \n ", "请写下要说的话")):
        answer = client.post(page(case), {"text": text, "message_id": str(uuid.uuid4())})
        assert answer.status_code == 422 and words in answer.content.decode()
    assert (
        "字" * LONGEST
        in client.post(
            page(case), {"text": "字" * (LONGEST + 1), "message_id": str(uuid.uuid4())}
        ).content.decode()
    )
    assert CaseMessage.objects.count() == 0


def test_line_ends_count_once_and_the_limit_is_exact(cast, case):
    text = "一行\r\n" * 666 + "尾"
    assert len(cleaned(text)) == 1999
    assert say(case, cast.applicant, "字" * LONGEST).text == "字" * LONGEST
    with pytest.raises(TooLong):
        say(case, cast.applicant, "字" * (LONGEST + 1))


def test_control_and_hidden_direction_characters_are_taken_out(cast, case):
    assert say(case, cast.applicant, "  甲\x00\x07乙\u202e丙\u200b\r\n丁\t戊 ").text == "甲乙丙\n丁\t戊"
    with pytest.raises(NothingWritten):
        say(case, cast.applicant, "\u200b\x00 ")


def test_markup_in_a_message_is_text(cast, case):
    say(case, cast.applicant, "<script>alert(1)</script>\n<img src=x onerror=alert(2)>")
    html = signed_in(cast.clerk).get(page(case)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>&lt;img src=x onerror=alert(2)&gt;" in html
    assert "<script>alert" not in html and "<img src=x" not in html


@pytest.mark.req("R-47")
def test_applicants_see_the_organisation_and_officials_the_person(cast, case):
    say(case, cast.clerk, "您好")
    say(case, cast.applicant, "你好")
    applicants = signed_in(cast.applicant).get(page(case)).content.decode()
    assert cast.clerk.name not in applicants and "江苏省" in applicants
    officials = signed_in(cast.clerk).get(page(case)).content.decode()
    assert cast.clerk.name in officials and cast.applicant.name in officials


def test_the_other_side_sees_when_it_was_read(cast, case):
    message = say(case, cast.applicant)
    own = signed_in(cast.applicant)
    assert "对方未读" in own.get(page(case)).content.decode()
    message.refresh_from_db()
    assert message.read_at is None
    clerk = signed_in(cast.clerk)
    clerk.head(page(case))
    message.refresh_from_db()
    assert message.read_at is None
    assert ">新<" in clerk.get(page(case)).content.decode()
    message.refresh_from_db()
    first = message.read_at
    assert first is not None and "对方已读" in own.get(page(case)).content.decode()
    assert note_read(public_id=case.public_id, actor=world.actor(cast.clerk), at=world.at(hour=20)) == 0
    message.refresh_from_db()
    assert message.read_at == first


def test_reading_marks_the_other_sides_messages_and_not_ones_own(cast, case):
    own, theirs = say(case, cast.applicant), say(case, cast.clerk)
    assert note_read(public_id=case.public_id, actor=world.actor(cast.applicant), at=world.at(hour=15)) == 1
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert own.read_at is None and theirs.read_at == world.at(hour=15)


def test_each_message_has_its_entry_with_the_text_sealed(cast, case):
    for person in (cast.applicant, cast.clerk, cast.applicant):
        say(case, person, "只在卷内")
    rows = LedgerEntry.objects.filter(subject_kind="licensing.conversation").order_by("subject_version")
    assert [row.subject_version for row in rows] == [1, 2, 3]
    assert {row.act for row in rows} == {"licensing.message_sent"}
    stored = "".join(str((row.public, row.internal, row.personal)) for row in rows)
    assert "只在卷内" not in stored and all("text" in row.personal for row in rows)
    assert [row.organisation for row in rows] == [cast.enterprise.uscc, "320000", cast.enterprise.uscc]
    for value in PersonalValue.objects.filter(entry__in=rows):
        assert "只在卷内".encode() not in bytes(value.ciphertext)
    assert verify().ok


def test_the_officials_form_says_that_it_is_no_notice(cast, case):
    html = signed_in(cast.clerk).get(page(case)).content.decode()
    assert "不是补正通知" in html and "不能要求申请人提交材料" in html
    assert reverse("licensing:correct", kwargs={"public_id": case.public_id}) in html
    taken = world.taken(other := world.Cast())
    html = signed_in(other.reviewer).get(page(taken)).content.decode()
    assert "不是补正通知" in html and "一次告知补正" not in html


def test_the_case_page_says_what_waits(cast, case):
    address = reverse("licensing:case", kwargs={"public_id": case.public_id})
    assert "提问" in signed_in(cast.applicant).get(address).content.decode()
    say(case, cast.applicant)
    html = signed_in(cast.clerk).get(address).content.decode()
    assert "1 条未读" in html and "11 月 12 日" in html
    admin = signed_in(world.official("AQSIQ", "national_admin")).get(address).content.decode()
    assert 'id="conversation"' not in admin


def queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", ["applicant", "clerk"])
def test_fifty_messages_cost_what_one_costs(cast, case, who):
    client = signed_in(getattr(cast, who))
    say(case, cast.applicant)
    addresses = (page(case), reverse("licensing:case", kwargs={"public_id": case.public_id}))
    before = [queries(client, address) for address in addresses]
    for number in range(49):
        day = world.DAY + timedelta(days=number // 20)
        say(case, (cast.applicant, cast.clerk)[number % 2], day=day)
    assert [queries(client, address) for address in addresses] == before
    assert before[0] <= 7


def test_questions_cost_one_query_however_many(cast, case):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            list(todos(standing))
        return len(captured)

    standing = standing_of(cast.clerk, world.DAY)
    say(case, cast.applicant)
    before = cost()
    for _number in range(4):
        say(world.submitted(cast), cast.applicant)
    assert cost() == before <= 2


def test_nobody_floods_the_desk_and_tomorrow_it_goes_on(cast, case):
    for number in range(MOST_A_DAY):
        say(case, cast.applicant, f"第 {number} 条", hour=23)
    with pytest.raises(EnoughForToday):
        say(case, cast.applicant, "再来一条", hour=23)
    say(case, cast.clerk, "收到")
    assert say(case, cast.applicant, "第二天", day=world.DAY + timedelta(days=1), hour=0).pk
