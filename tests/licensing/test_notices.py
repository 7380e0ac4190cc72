"""What applicants and officials are told of a case, once each, in their own language, and nobody else (R-47, R-86)."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import override

from core.lifecycle.subjects import Subject
from core.messages.actions import notify
from core.messages.kinds import kind_of
from core.messages.models import Message
from core.messages.queries import reachable
from core.messages.render import notice_of
from core.outbox.models import Event
from core.outbox.subscriptions import subscribers_of
from core.parties.competence import standing_of
from core.parties.models import Authority, Duty, Membership
from licensing.actions import acceptance, clockwork, correction, decision, forwarding
from licensing.actions.conversation import note_read, send_message
from licensing.actions.papers import write_papers
from licensing.forms.officials import REFUSAL_BASIS
from licensing.models import Application, Ground
from tests.support import world
from tests.support.cases import signed
from tests.support.notices import hear, kinds_of, last_event

pytestmark = [pytest.mark.django_db]

PHONE, REPRESENTATIVE = "0512-57000000", "周敏"


@pytest.fixture
def cast(db):
    return world.Cast()


def notices(person):
    return [notice_of(row) for row in Message.objects.filter(recipient=person).order_by("id")]


def corrected(cast):
    case = world.submitted(cast)
    return correction.request_correction(
        public_id=case.public_id, expected_version=case.version,
        items={"business_licence": "看不清", "enterprise.phone": "号码不通"}, actor=world.actor(cast.clerk),
        at=world.at(hour=11),
    )  # fmt: skip


def test_a_filing_is_receipted_to_the_members_and_told_to_the_desk(cast):
    agent = world.user("代理")
    Membership.objects.create(user=agent, enterprise=cast.enterprise, role="agent", valid_from=world.EPOCH)
    claimant = world.user("自称")
    Membership.objects.create(
        user=claimant, enterprise=cast.enterprise, role="claimant", valid_from=world.EPOCH
    )
    world.submitted(cast)
    hear("licensing.submit")
    assert kinds_of(cast.applicant) == kinds_of(agent) == ["licensing.submit"]
    assert kinds_of(cast.clerk) == ["licensing.desk.filed"]
    assert kind_of("licensing.desk.filed").category == "desk"
    for person in (claimant, cast.reviewer, cast.approver, world.official("330000", "acceptance")):
        assert kinds_of(person) == []


def test_the_same_event_five_times_is_one_message(cast):
    world.submitted(cast)
    for _time in range(5):
        hear("licensing.submit")
    assert Message.objects.filter(recipient=cast.applicant).count() == 1
    assert Event.objects.filter(type="messages.posted").count() == 2


def test_acceptance_says_until_when_it_is_decided(cast):
    case = world.accepted(cast)
    hear("licensing.accept")
    (notice,) = notices(cast.applicant)
    assert case.due_on.strftime("%Y 年 ") in notice.body and "作出决定" in notice.body
    with override("en"):
        (english,) = notices(cast.applicant)
        assert case.due_on.strftime("%B %Y") in english.body


def test_a_correction_notice_is_urgent_and_names_the_last_day(cast):
    case = corrected(cast)
    hear("licensing.request_correction")
    (notice,) = notices(cast.applicant)
    day = case.correction.lapses_after
    assert notice.urgent and f"{day.year} 年 {day.month} 月 {day.day} 日" in notice.title
    assert "看不清" not in notice.title + notice.body


def test_each_reminder_is_told_and_only_while_it_still_helps(cast):
    case = corrected(cast)
    for days in (7, 1):
        at = world.at(case.correction.lapses_after - timedelta(days=days), 9, 0)
        assert clockwork.tick(public_id=case.public_id, at=at) == "correction_reminder"
        hear("licensing.correction_reminder")
        hear("licensing.correction_reminder")
    assert kinds_of(cast.applicant) == ["licensing.correction_reminder"] * 2
    assert kind_of("licensing.correction_reminder").category == "deadlines"
    at = world.at(case.correction.lapses_after + timedelta(days=1), 0, 1)
    assert clockwork.tick(public_id=case.public_id, at=at) == "lapse"
    hear("licensing.lapse")
    Message.objects.filter(kind="licensing.correction_reminder").delete()
    hear("licensing.correction_reminder")
    assert kinds_of(cast.applicant) == ["licensing.lapse"]


def test_silence_that_accepts_is_told_to_applicant_desk_and_head(cast):
    head = world.official("320000", "head")
    case = world.submitted(cast)
    write_papers(public_id=case.public_id, at=world.at(hour=10))
    at = world.at(world.DAY + timedelta(days=8), 0, 5)
    assert clockwork.tick(public_id=case.public_id, at=at) == "deem_accepted"
    hear("licensing.deem_accepted")
    assert kinds_of(cast.applicant) == ["licensing.deem_accepted"]
    assert kinds_of(cast.clerk) == kinds_of(head) == ["licensing.desk.deemed"]
    assert kind_of("licensing.desk.deemed").urgent


def test_an_answer_goes_back_to_the_clerk_who_asked(cast):
    colleague = world.official("320000", "acceptance", name="同事")
    case = corrected(cast)
    tell_resubmitted(case)
    assert kinds_of(cast.clerk) == ["licensing.desk.answered"] and kinds_of(colleague) == []
    Message.objects.all().delete()
    Duty.objects.filter(user=cast.clerk).update(valid_to=world.DAY - timedelta(days=1))
    tell_resubmitted(case)
    assert kinds_of(cast.clerk) == [] and kinds_of(colleague) == ["licensing.desk.answered"]


def tell_resubmitted(case):
    """The event of an answer, its making being other tests' affair."""
    from core.outbox.subscriptions import Heard

    heard = last_event("licensing.request_correction")
    (row,) = [s for s in subscribers_of("licensing.resubmit") if s.name.startswith("licensing.notice.")]
    subject = Subject("licensing.application", str(case.public_id), case.version + 1)
    row.handler(Heard(heard.id, "licensing.resubmit", subject, heard.recorded_at))


def test_refusals_at_intake_are_told_with_their_ground(cast):
    case = world.submitted(cast)
    forwarding.forward_elsewhere(
        public_id=case.public_id, expected_version=case.version, explanation="所在地不属本省",
        right_authority=Authority.objects.get(code="330000"), actor=world.actor(cast.clerk), at=world.at(hour=12),
    )  # fmt: skip
    hear("licensing.forward_elsewhere")
    (notice,) = notices(cast.applicant)
    assert Authority.objects.get(code="330000").name_zh in notice.body
    onward = Application.objects.get(forwarded_from=case)
    assert str(onward.public_id) in notice.url
    clerk = world.official("330000", "acceptance")
    hear("licensing.receive_forwarded")
    assert kinds_of(clerk) == ["licensing.desk.filed"]
    other = world.submitted(cast)
    acceptance.tell_not_required(
        public_id=other.public_id, expected_version=other.version, explanation="不在目录内",
        actor=world.actor(cast.clerk), at=world.at(hour=12),
    )  # fmt: skip
    hear("licensing.not_required")
    assert kinds_of(cast.applicant)[-1] == "licensing.not_required"


def test_grant_certificate_and_refusal(cast):
    licence = world.granted_licence(cast)
    hear("licensing.grant")
    signed(licence)
    hear("licensing.issue_certificate")
    assert kinds_of(cast.applicant) == ["licensing.grant", "licensing.issue_certificate"]
    assert all(licence.number in notice.body for notice in notices(cast.applicant))
    failed = world.pending(cast, failed=True)
    decision.refuse(
        public_id=failed.public_id, expected_version=failed.version, basis=REFUSAL_BASIS[:1], reasons="关键设备不符",
        no_conflict=True,
        actor=world.actor(cast.approver), at=world.at(hour=16),
    )  # fmt: skip
    hear("licensing.refuse")
    assert "关键设备不符" not in notices(cast.applicant)[-1].body


def test_a_message_is_told_to_the_other_side_without_its_words(cast):
    case = world.submitted(cast)

    def say(person, wants_reply=False):
        send_message(
            public_id=case.public_id, message_id=uuid.uuid4(), text="不外传的话", wants_reply=wants_reply,
            actor=world.actor(person), at=world.at(hour=14),
        )  # fmt: skip
        hear("licensing.message_sent")

    say(cast.applicant, wants_reply=True)
    say(cast.applicant)
    say(cast.clerk)
    assert kinds_of(cast.clerk) == ["licensing.message.question", "licensing.message.to_authority"]
    assert kinds_of(cast.applicant) == ["licensing.message.to_applicant"]
    told = "".join(n.title + n.body for n in notices(cast.clerk) + notices(cast.applicant))
    assert "不外传的话" not in told and "2026 年 11 月 12 日" in told and cast.clerk.name not in told
    assert "不外传" not in "".join(str(row.params) for row in Message.objects.all())


def test_reading_the_conversation_settles_its_notices(cast):
    case = world.submitted(cast)
    hear("licensing.submit")
    send_message(
        public_id=case.public_id, message_id=uuid.uuid4(), text="问", wants_reply=True,
        actor=world.actor(cast.applicant), at=world.at(hour=14),
    )  # fmt: skip
    hear("licensing.message_sent")
    note_read(public_id=case.public_id, actor=world.actor(cast.clerk), at=world.at(hour=15))
    unread = Message.objects.filter(recipient=cast.clerk, read_at__isnull=True)
    assert [row.kind for row in unread] == ["licensing.desk.filed"]


def test_a_filing_no_longer_at_the_desk_is_no_news_there(cast):
    world.accepted(cast)
    hear("licensing.submit")
    assert kinds_of(cast.applicant) == ["licensing.submit"] and kinds_of(cast.clerk) == []


def test_a_notice_is_dated_as_the_act_it_tells_of(cast):
    world.submitted(cast)
    hear("licensing.submit")
    assert Message.objects.get(recipient=cast.applicant).created_at == world.at(hour=10)


def test_during_review_a_question_goes_to_the_reviewer_alone(cast):
    case = world.taken(cast)
    send_message(
        public_id=case.public_id, message_id=uuid.uuid4(), text="何时来核查？", wants_reply=True,
        actor=world.actor(cast.applicant), at=world.at(hour=14),
    )  # fmt: skip
    hear("licensing.message_sent")
    assert kinds_of(cast.reviewer) == ["licensing.message.question"] and kinds_of(cast.clerk) == []


def test_a_case_returned_is_told_to_its_reviewer(cast):
    case = world.pending(cast)
    decision.return_to_review(
        public_id=case.public_id, expected_version=case.version, reasons="请补充", actor=world.actor(cast.approver),
        at=world.at(hour=16),
    )  # fmt: skip
    hear("licensing.return_to_review")
    assert kinds_of(cast.reviewer) == ["licensing.desk.returned"]


def test_who_may_no_longer_open_the_case_has_no_way_to_it(cast):
    world.submitted(cast)
    hear("licensing.submit")
    rows = list(Message.objects.filter(recipient__in=[cast.applicant, cast.clerk]))
    own = next(row for row in rows if row.recipient_id == cast.applicant.pk)
    assert reachable([own], standing_of(cast.applicant, world.DAY)) == {own.pk}
    Membership.objects.filter(user=cast.applicant).update(valid_to=world.DAY)
    assert reachable([own], standing_of(cast.applicant, world.DAY)) == set()


def test_notices_name_no_person_and_no_telephone(cast):
    """Whatever may go into a mail: case, product, organisation."""
    world.granted_licence(cast)
    for act in ("submit", "accept", "grant"):
        hear(f"licensing.{act}")
    told = "".join(n.title + n.body for person in vars(cast).values() if hasattr(person, "username")
                   for n in notices(person))  # fmt: skip
    assert told
    for secret in (PHONE, REPRESENTATIVE, cast.clerk.name, cast.reviewer.name, cast.approver.name):
        assert secret not in told


def test_a_ground_reads_in_both_languages(cast):
    from licensing.notices.cases import both as _both

    words = _both(Ground.BARRED.label)
    assert set(words) == {"zh", "en"} and words["zh"] == "申请企业在不得申请的期限内"


def test_a_notice_rolls_back_with_its_act(cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        notify(
            kind="licensing.lapse", recipients=[cast.applicant.pk], subject=Subject("licensing.application", "x", 1),
            params={"number": "1", "product": "p"}, url_kwargs={"public_id": str(uuid.uuid4())}, at=world.at(),
        )  # fmt: skip
        raise ZeroDivisionError
    assert not Message.objects.exists() and not Event.objects.filter(type="messages.posted").exists()
