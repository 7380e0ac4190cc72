"""The pages of the clock: stopping it, letting it run again, more time; what applicant and public read of it (R-47)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.messages.models import Message
from core.messages.render import notice_of
from licensing.models import Application, DecisionLimit, Extension
from register.actions import refresh_progress
from register.models import Progress
from tests.support import world
from tests.support.clients import signed_in, today
from tests.support.notices import hear, kinds_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def case(cast: world.Cast) -> Application:
    application = world.taken(cast, day=today())
    return world.record(cast, application, "onsite", day=today())


def page(case: Application) -> str:
    return reverse("licensing:clock", args=[case.public_id])


def post(client: Client, case: Application, **data: object) -> object:
    return client.post(page(case), {"version": world.version(case), **data})


def stop(client: Client, case: Application, **more: object) -> object:
    facts = {
        "act": "pause", "ground": "testing", "started_on": str(today()), "notice": "样品已送省质检院。",
        "expected_until": str(today() + timedelta(days=15)),
    } | more  # fmt: skip
    return post(client, case, **facts)


@pytest.mark.req("R-47", "K7")
def test_a_reviewer_stops_the_clock_and_everybody_reads_why(cast: world.Cast, case: Application) -> None:
    client = signed_in(cast.reviewer)
    assert "停计并通知申请人" in client.get(page(case)).content.decode()
    assert stop(client, case).status_code == 302
    for person in (cast.applicant, cast.reviewer, cast.approver):
        text = signed_in(person).get(reverse("licensing:case", args=[case.public_id])).content.decode()
        assert "时限停计" in text and "样品已送省质检院。" in text and "第二十四条第二款" in text
    hear("licensing.pause")
    notice = notice_of(Message.objects.get(recipient=cast.applicant))
    assert "时限停计" in notice.title and "产品检验" in notice.body
    refresh_progress(public_id=case.public_id, at=timezone.now())
    public = Progress.objects.get(number=case.number)
    assert public.clock_pauses[0]["to"] == "" and "样品" not in str(vars(public))


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    cast: world.Cast, case: Application
) -> None:
    client = signed_in(cast.reviewer)
    answer = stop(client, case, notice="", started_on=str(today() + timedelta(days=3)))
    assert answer.status_code == 422
    answer = stop(client, case, started_on=str(today() + timedelta(days=3)))
    text = answer.content.decode()
    assert answer.status_code == 422 and "样品已送省质检院。" in text and "日期须在" in text
    assert stop(client, case, ground="hearing").status_code == 422
    assert client.post(page(case), {"act": "nonsense"}).status_code == 422
    assert client.post(page(case), {"act": "resume", "pause": "x"}).status_code == 404


@pytest.mark.req("R-45")
def test_the_clock_runs_again_and_says_until_when(cast: world.Cast, case: Application) -> None:
    client = signed_in(cast.reviewer)
    stop(client, case)
    row = case.pauses.get()
    answer = post(
        client, case, act="resume", pause=row.public_id,
        **{f"{row.pk}-ended_on": str(today()), f"{row.pk}-because": "result"},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    hear("licensing.resume")
    assert kinds_of(cast.applicant) == ["licensing.resume"]
    assert not Application.objects.get(pk=case.pk).paused


@pytest.mark.req("K11")
def test_the_head_finds_the_proposal_on_his_desk_and_decides(cast: world.Cast) -> None:
    case, head = world.pending(cast, day=today()), world.official("320000", "head")
    answer = post(signed_in(cast.approver), case, act="propose_extension", days=5, reasons="核实设备来源。")
    assert answer.status_code == 302
    hear("licensing.propose_extension")
    assert kinds_of(head) == ["licensing.desk.extension"]
    assert "决定是否延长" in signed_in(head).get("/desk/").content.decode()
    text = signed_in(cast.applicant).get(reverse("licensing:case", args=[case.public_id])).content.decode()
    assert "核实设备来源" not in text, "a wish is not told"
    assert "批准延长" in signed_in(head).get(page(case)).content.decode()
    assert post(signed_in(head), case, act="decide_extension", granted="yes").status_code == 302
    assert Extension.objects.get().result == "granted"
    text = signed_in(cast.applicant).get(reverse("licensing:case", args=[case.public_id])).content.decode()
    assert "延长 5 个工作日" in text and "核实设备来源" in text
    hear("licensing.extend")
    assert "licensing.extend" in kinds_of(cast.applicant)
    again = signed_in(head).get(page(case))
    assert again.status_code == 302, "nothing is left to decide"


def test_whose_turn_it_is_not_is_led_back(cast: world.Cast, case: Application) -> None:
    for person in (cast.approver, world.official("320000", "head")):
        answer = signed_in(person).get(page(case))
        assert answer.status_code in (200, 302)
    assert signed_in(cast.applicant).get(page(case)).status_code == 403
    assert signed_in(cast.clerk).get(page(case)).status_code == 403
    assert signed_in(world.official("330000", "review")).get(page(case)).status_code == 404
    assert stop(signed_in(cast.approver), case).status_code == 422
    assert not case.pauses.exists(), "an approver does not stop the clock of a review"


@pytest.mark.req("R-46")
def test_a_head_shortens_the_limit_of_his_authority(cast: world.Cast) -> None:
    client = signed_in(world.official("320000", "head"))
    assert "30 个工作日内作出决定" in client.get("/limit/").content.decode()
    answer = client.post("/limit/", {"days": 31, "valid_from": str(today())})
    assert answer.status_code == 422 and "不能超过 30 个工作日" in answer.content.decode()
    assert client.post("/limit/", {"days": 20, "valid_from": str(today())}).status_code == 302
    assert DecisionLimit.objects.get().days == 20
    assert "20 个工作日内作出决定" in client.get("/limit/").content.decode()
    assert signed_in(cast.approver).get("/limit/").status_code == 403
    assert signed_in(world.official("320500", "head")).get("/limit/").status_code == 404


def test_the_evidence_form_asks_when_the_report_came_only_during_a_pause(
    cast: world.Cast, case: Application
) -> None:
    client = signed_in(cast.reviewer)
    form = reverse("licensing:record_evidence", args=[case.public_id, "testing"])
    assert "收到报告的日期" not in client.get(form).content.decode()
    stop(client, case)
    assert "收到报告的日期" in client.get(form).content.decode()


def test_an_open_pause_has_no_due_date_anywhere(cast: world.Cast, case: Application) -> None:
    stop(signed_in(cast.reviewer), case)
    text = signed_in(cast.applicant).get(reverse("licensing:days", args=[case.public_id])).content.decode()
    assert "期满日待恢复后确定" in text and "None" not in text
    row = signed_in(cast.applicant).get("/cases/").content.decode()
    assert "停计" in row


def test_a_message_says_what_the_act_said_and_not_what_came_after(cast: world.Cast) -> None:
    case = world.record(cast, world.taken(cast, day=today()), "onsite", day=today())
    promised = case.due_on
    stop(signed_in(cast.reviewer), case)
    hear("licensing.accept")
    body = notice_of(Message.objects.get(recipient=cast.applicant, kind="licensing.accept")).body
    assert promised is not None and f"{promised.month} 月 {promised.day} 日" in body


@pytest.mark.req("K6")
def test_desks_offer_nothing_that_a_running_procedure_forbids(cast: world.Cast, case: Application) -> None:
    reviewer = signed_in(cast.reviewer)
    world.record(cast, case, "testing", day=today())
    stop(reviewer, case, ground="expert_review")
    text = reviewer.get(reverse("licensing:review", args=[case.public_id])).content.decode()
    assert "程序结束之后才能报送决定" in text and "两项合格，报送决定" not in text and page(case) in text
    other = world.Cast()
    pending = world.pending(other, day=today())
    approver = signed_in(other.approver)
    post(
        approver, pending, act="pause", ground="hearing", started_on=str(today()), notice="听证",
        expected_until=str(today() + timedelta(days=9)),
    )  # fmt: skip
    text = approver.get(reverse("licensing:decide", args=[pending.public_id])).content.decode()
    assert "结束之后才能作出决定" in text and 'name="basis"' not in text


@pytest.mark.req("K11")
def test_the_day_table_and_the_public_see_an_extension(cast: world.Cast) -> None:
    case, head = world.pending(cast, day=today()), world.official("320000", "head")
    post(signed_in(cast.approver), case, act="propose_extension", days=5, reasons="核实设备来源。")
    post(signed_in(head), case, act="decide_extension", granted="yes")
    text = signed_in(cast.applicant).get(reverse("licensing:days", args=[case.public_id])).content.decode()
    assert "受理后 30 个工作日，延长 5 个" in text and "第四十二条第一款" in text
    refresh_progress(public_id=case.public_id, at=timezone.now())
    assert Progress.objects.get(number=case.number).clock_extended == 5


@pytest.mark.req("K5")
def test_a_report_cannot_come_before_it_was_written(cast: world.Cast, case: Application) -> None:
    stop(signed_in(cast.reviewer), case)
    answer = signed_in(cast.reviewer).post(
        reverse("licensing:record_evidence", args=[case.public_id, "testing"]),
        {
            "version": world.version(case), "outcome": "passed", "body": "省质检院", "concluded_on": str(today()),
            "received_on": str(today() - timedelta(days=1)),
            "document": SimpleUploadedFile("报告.pdf", world.PDF),
        },
    )  # fmt: skip
    assert answer.status_code == 422 and "日期须在" in answer.content.decode()
