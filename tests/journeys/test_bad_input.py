"""What people get wrong, and what they are told: at the field, in plain words, with nothing typed lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.ledger.models import LedgerEntry
from core.parties.models import Enterprise
from licensing.lifecycle import Status
from licensing.models import Application, ApplicationDocument, Decision, ProductionLicence
from tests.support import world
from tests.support.clients import everything, signed_in, today, upload

pytestmark = pytest.mark.django_db

RARE = "㐀𠮷镕甦·木业有限公司"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 64 + b"\xff\xd9"


@pytest.fixture
def cast() -> world.Cast:
    return world.Cast()


@pytest.fixture
def applicant(cast: world.Cast) -> Client:
    return signed_in(cast.applicant)


def address(application: Application, name: str, **more: str) -> str:
    return reverse(f"licensing:{name}", kwargs={"public_id": application.public_id, **more})


def case(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def messages(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def wrong_check_digit(code: str) -> str:
    return code[:-1] + ("0" if code[-1] != "0" else "1")


def wrong_inner_digit(code: str) -> str:
    return code[:12] + ("1" if code[12] != "1" else "2") + code[13:]


@pytest.mark.req("R-29")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (wrong_check_digit, "校验位不符"),
        (wrong_inner_digit, "校验位不符"),
        (lambda code: code[:-1], "应为 18 位，现在是 17 位"),
        (lambda code: code[:9] + "O" + code[10:], "第 10 位是“O”"),
        (lambda code: world.demo_uscc("320583", 9999), "不是你所代表企业的代码"),
    ],
)
def test_a_wrong_credit_code_is_named_at_the_field_and_nothing_typed_is_lost(
    cast: world.Cast, applicant: Client, spoil: Any, said: str
) -> None:
    draft = world.filled_draft(cast)
    typed = spoil(cast.enterprise.uscc)
    answer = applicant.post(
        address(draft, "enterprise"), everything(draft, uscc=typed, contact="顾小满", address="玉山镇 3 号")
    )
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["uscc"]
    assert said in form.errors["uscc"][0]
    page = answer.content.decode()
    for kept in (typed, "顾小满", "玉山镇 3 号", "0512-57009999"):
        assert f'value="{kept}"' in page
    assert 'aria-invalid="true"' in page
    assert case(draft).draft == draft.draft


@pytest.mark.parametrize("spelling", [str.lower, lambda code: f"{code[:8]} {code[8:]}", lambda code: code.translate(
    {number: number + 0xFEE0 for number in range(0x30, 0x5B)})])  # fmt: skip
def test_a_credit_code_in_another_spelling_is_understood(
    cast: world.Cast, applicant: Client, spelling: Any
) -> None:
    draft = world.filled_draft(cast)
    sent = everything(draft, uscc=spelling(cast.enterprise.uscc), contact="新联系人")
    assert applicant.post(address(draft, "enterprise"), sent).status_code == 302
    assert case(draft).draft["enterprise"]["uscc"] == cast.enterprise.uscc


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("name", "金穗😀肥业有限公司", "U+1F600"),
        ("legal_representative", "周敏❤", "U+2764"),
        ("contact", "周\u200b敏", "U+200B"),
        ("name", "金穗\ue000肥业有限公司", "U+E000"),
    ],
)
def test_an_emoji_in_a_name_is_refused_naming_the_character(
    cast: world.Cast, applicant: Client, field: str, value: str, named: str
) -> None:
    draft = world.filled_draft(cast)
    answer = applicant.post(address(draft, "enterprise"), everything(draft, **{field: value}))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    said = answer.context["form"].errors[field][0]
    assert (
        named in said
        and f"第 {next(i for i, c in enumerate(value, 1) if f'U+{ord(c):04X}' == named)} 个" in said
    )
    assert value in answer.content.decode()


def test_an_emoji_in_an_address_is_refused_naming_the_character(cast: world.Cast, applicant: Client) -> None:
    draft = world.filled_draft(cast)
    answer = applicant.post(address(draft, "enterprise"), everything(draft, address="幸福路😀 1 号"))
    assert answer.status_code == 422
    assert "“😀”无法印在证书上" in answer.context["form"].errors["address"][0]


@pytest.mark.parametrize("field", ["name", "legal_representative", "contact", "address"])
def test_rare_characters_are_welcome_everywhere(cast: world.Cast, applicant: Client, field: str) -> None:
    draft = world.filled_draft(cast)
    assert applicant.post(address(draft, "enterprise"), everything(draft, **{field: RARE})).status_code == 302
    assert case(draft).draft["enterprise"][field] == RARE
    assert RARE in applicant.get(address(draft, "check")).content.decode()


def test_a_rare_name_goes_all_the_way_to_the_receipt(cast: world.Cast, applicant: Client) -> None:
    Enterprise.objects.filter(pk=cast.enterprise.pk).update(name=RARE)
    cast.enterprise.refresh_from_db()
    filed = world.submitted(cast)
    assert RARE in applicant.get(address(filed, "receipt")).content.decode()
    assert filed.filed["enterprise"]["name"] == RARE


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"just words, no picture", "营业执照.jpg", "PDF"),
        (b"PK\x03\x04" + b"\0" * 60, "营业执照.pdf", "PDF"),
        (b"%PDF-1.4 cut off in the middle", "营业执照.pdf", "PDF"),
        (b"<html><script>alert(1)</script></html>", "营业执照.png", "PDF"),
        (b"", "营业执照.pdf", "空"),
    ],
)
def test_a_file_is_judged_by_its_content_and_refused_at_the_field(
    cast: world.Cast, applicant: Client, content: bytes, name: str, said: str
) -> None:
    draft = world.filled_draft(cast)
    before = list(ApplicationDocument.objects.filter(application=draft).values_list("file_id", flat=True))
    sent = {"draft_version": draft.draft_version, "file": SimpleUploadedFile(name, content)}
    answer = applicant.post(address(draft, "business_licence"), sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]
    assert said in answer.context["form"].errors["file"][0]
    assert (
        list(ApplicationDocument.objects.filter(application=draft).values_list("file_id", flat=True))
        == before
    )


def test_a_good_file_with_a_wrong_name_is_stored_as_what_it_is(cast: world.Cast, applicant: Client) -> None:
    draft = world.filled_draft(cast)
    sent = {"draft_version": draft.draft_version, "file": upload(world.PDF, "营业执照.jpg", "image/jpeg")}
    answer = applicant.post(address(draft, "business_licence"), sent)
    assert answer.status_code == 302
    fetched = applicant.get(address(draft, "document", slot="business_licence"))
    assert fetched["Content-Type"] == "application/pdf"
    assert fetched["X-Content-Type-Options"] == "nosniff"


def test_no_file_chosen_is_said_at_the_field(cast: world.Cast, applicant: Client) -> None:
    draft = world.filled_draft(cast)
    answer = applicant.post(address(draft, "business_licence"), {"draft_version": draft.draft_version})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == ["请选择文件"]


@pytest.mark.req("R-43")
def test_the_same_form_posted_twice_files_one_case_and_leads_to_one_receipt(
    cast: world.Cast, applicant: Client
) -> None:
    draft = world.signed_draft(cast)
    sent = {"draft_version": draft.draft_version}
    answers = [applicant.post(address(draft, "submit"), sent) for _ in range(2)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (302, address(draft, "receipt"))
    }
    assert LedgerEntry.objects.filter(subject_id=str(draft.public_id)).count() == 1
    assert Application.objects.filter(enterprise=cast.enterprise).count() == 1
    number = case(draft).number
    assert number is not None
    assert number in applicant.get(address(draft, "receipt")).content.decode()


def test_the_first_form_posted_twice_opens_one_draft(cast: world.Cast, applicant: Client) -> None:
    start = reverse("licensing:start")
    sent = {"enterprise": cast.enterprise.uscc, "draft": str(applicant.get(start).context["draft_id"])}
    answers = [applicant.post(start, sent) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Application.objects.filter(enterprise=cast.enterprise).count() == 1


@pytest.mark.parametrize(
    ("name", "change", "kept"),
    [
        ("enterprise", {"contact": "第二窗口"}, ["第二窗口"]),
        ("conditions", {"process": "第二窗口的工艺", "equipment-0-name": "第二窗口的设备"},
         ["第二窗口的工艺", "第二窗口的设备"]),
        ("sites", {"add": "1", "address": "第二窗口路 2 号"}, ["第二窗口路 2 号"]),
    ],
)  # fmt: skip
def test_the_second_of_two_tabs_is_told_and_keeps_what_was_typed(
    cast: world.Cast, applicant: Client, name: str, change: dict[str, str], kept: list[str]
) -> None:
    draft = world.filled_draft(cast)
    second_tab = everything(draft, **change)
    assert (
        applicant.post(
            address(draft, "sites"), {"draft_version": draft.draft_version, "same": "1"}
        ).status_code
        == 302
    )
    answer = applicant.post(address(draft, name), second_tab)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "这份草稿在别处改过" in page
    for words in kept:
        assert words in page
    assert f'name="draft_version" value="{case(draft).draft_version}"' in page
    again = second_tab | {"draft_version": case(draft).draft_version, "file": upload(), "document": upload()}
    assert applicant.post(address(draft, name), again).status_code == 302
    assert kept[0] in str(case(draft).draft)


def test_submitting_from_an_old_tab_is_told_and_nothing_is_filed(cast: world.Cast, applicant: Client) -> None:
    draft = world.signed_draft(cast)
    answer = applicant.post(address(draft, "submit"), {"draft_version": draft.draft_version - 1}, follow=True)
    assert "这份草稿在别处改过" in " ".join(messages(answer))
    assert case(draft).is_draft


@pytest.mark.req("R-7")
def test_a_unit_no_longer_listed_is_named_and_the_draft_is_kept(cast: world.Cast, applicant: Client) -> None:
    draft = world.signed_draft(cast)
    row = draft.units.select_related("unit").first()
    assert row is not None
    version = row.unit.versions.first()
    assert version is not None
    row.unit.versions.update(valid_to=today())
    answer = applicant.post(address(draft, "submit"), {"draft_version": draft.draft_version}, follow=True)
    assert answer.redirect_chain[-1][0] == address(draft, "check")
    assert version.name_zh in " ".join(messages(answer))
    kept = case(draft)
    assert kept.is_draft and kept.draft == draft.draft and hasattr(kept, "commitment")
    assert f'value="{row.unit_id}"' not in applicant.get(address(draft, "product")).content.decode()


def test_an_incomplete_draft_cannot_be_submitted(cast: world.Cast, applicant: Client) -> None:
    draft = world.filled_draft(cast)
    answer = applicant.post(address(draft, "submit"), {"draft_version": draft.draft_version}, follow=True)
    assert "还有没填完的部分" in " ".join(messages(answer))
    assert case(draft).is_draft


def grant(application: Application, **changes: Any) -> dict[str, Any]:
    return {
        "act": "grant",
        "version": application.version,
        "basis": ["0", "2"],
        "no_conflict": "on",
        **changes,
    }


@pytest.mark.req("R-4")
def test_a_decision_sent_twice_is_made_once(cast: world.Cast) -> None:
    application = world.pending(cast)
    client = signed_in(cast.approver)
    sent = grant(application)
    answers = [client.post(address(application, "decide"), sent, follow=True) for _ in range(2)]
    assert [answer.redirect_chain[-1][0] for answer in answers] == [address(application, "case")] * 2
    assert "这一步现在不由你办理" in " ".join(messages(answers[1]))
    assert Decision.objects.filter(application=application).count() == 1
    assert ProductionLicence.objects.filter(application=application).count() == 1


def test_a_decision_on_an_old_page_shows_what_is_new_and_decides_nothing(cast: world.Cast) -> None:
    application = world.pending(cast)
    answer = signed_in(cast.approver).post(
        address(application, "decide"), grant(application, version=application.version - 1)
    )
    assert answer.status_code == 422
    assert "已经有了新的进展" in answer.content.decode()
    assert f'name="version" value="{application.version}"' in answer.content.decode()
    assert case(application).status == Status.DECISION_PENDING


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "١"])
def test_a_forged_version_never_matches(cast: world.Cast, version: str) -> None:
    application = world.pending(cast)
    answer = signed_in(cast.approver).post(
        address(application, "decide"), grant(application, version=version)
    )
    assert answer.status_code == 422
    assert case(application).status == Status.DECISION_PENDING


@pytest.mark.req("R-4")
@pytest.mark.parametrize("basis", [[], ["9"], ["x"]])
def test_a_grant_without_a_clause_of_the_list_is_refused_at_the_field(
    cast: world.Cast, basis: list[str]
) -> None:
    application = world.pending(cast)
    answer = signed_in(cast.approver).post(address(application, "decide"), grant(application, basis=basis))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["basis"]
    assert case(application).status == Status.DECISION_PENDING


def test_accepting_twice_is_told_the_second_time(cast: world.Cast) -> None:
    from licensing.actions.papers import write_papers

    application = world.submitted(cast)
    write_papers(public_id=application.public_id, at=world.at(hour=10))
    client = signed_in(cast.clerk)
    sent = {"version": case(application).version}
    answers = [client.post(address(application, "accept"), sent, follow=True) for _ in range(2)]
    assert "已受理" in " ".join(messages(answers[0]))
    assert "这一步现在不由你办理" in " ".join(messages(answers[1]))
    acts = LedgerEntry.objects.filter(subject_id=str(application.public_id)).values_list("act", flat=True)
    assert list(acts).count("licensing.accept") == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"concluded_on": "2015-01-01"}, "concluded_on"),
        ({"concluded_on": "2999-01-01"}, "concluded_on"),
        ({"concluded_on": "31 November"}, "concluded_on"),
        ({"outcome": "exempt"}, "outcome"),
        ({"outcome": "failed", "finding": " "}, "finding"),
        ({"document": b"words"}, "document"),
        ({"verifiers": "钱核查"}, "verifiers"),
        ({"verifiers": "甲\n乙\n丙\n丁\n戊"}, "verifiers"),
        ({"verifiers": "钱核查\n 钱核查 "}, "verifiers"),
        ({"verifiers": "钱核查\n" + "长" * 51}, "verifiers"),
        ({"verifiers": " "}, "verifiers"),
    ],
)
def test_a_faulty_record_of_evidence_is_refused_at_its_field(
    cast: world.Cast, change: Any, field: str
) -> None:
    application = world.taken(cast)
    if "document" in change:
        change = {"document": SimpleUploadedFile("报告.pdf", change["document"])}
    answer = signed_in(cast.reviewer).post(
        address(application, "record_evidence", track="onsite"), everything(application, **change)
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert "省质检院" in answer.content.decode()


def test_a_nul_character_is_answered_and_not_an_error_of_the_server(
    cast: world.Cast, applicant: Client
) -> None:
    draft = world.filled_draft(cast)
    for field in ("name", "contact", "address", "uscc"):
        answer = applicant.post(address(draft, "enterprise"), everything(draft, **{field: "a\x00b"}))
        assert answer.status_code == 422
    assert (
        applicant.get(
            reverse("licensing:product", args=[draft.public_id]), {"change": "", "q": "\x00"}
        ).status_code
        == 200
    )


@pytest.mark.parametrize("query", [{"scope": "x", "status": "y", "after": "2026-99-99_7"}, {"q": "\x00"}, {"q": "%_\\"},
                                   {"after": "_99999999999999999999999"}])  # fmt: skip
def test_a_mangled_address_of_the_work_list_still_answers(cast: world.Cast, query: dict[str, str]) -> None:
    assert signed_in(cast.clerk).get(reverse("licensing:work"), query).status_code == 200


@pytest.mark.parametrize("table", ["equipment", "instruments"])
def test_more_rows_keep_what_was_typed_and_complain_of_nothing(cast: world.Cast, table: str) -> None:
    draft = world.filled_draft(cast)
    answer = signed_in(cast.applicant).post(
        address(draft, "conditions"), everything(draft, **{"more": table, "equipment-0-name": "三辊磨机"})
    )
    page = answer.content.decode()
    assert answer.status_code == 200 and "三辊磨机" in page and "errsum" not in page
    assert f'name="{table}-2-name"' in page
