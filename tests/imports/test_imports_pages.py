"""The pages of imports: upload, report, decision; who may open them; what they look like while work goes on."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.lifecycle.registry import registry
from core.parties.competence import standing_of
from core.parties.models import User
from licensing.imports.models import Batch
from tests.support import imports, world
from tests.support.clients import signed_in, today, upload
from tests.support.imports import Office, as_csv, row

pytestmark = [pytest.mark.django_db, pytest.mark.req("R-90")]
SOURCE = "江苏省生产许可证台账"


@pytest.fixture
def office() -> Office:
    return Office()


def queries_of(act: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def sent(client: Client, content: bytes, **more: str) -> Any:
    file = upload(content, "台账.csv", "text/csv")
    return client.post(reverse("imports:new"), {"source": SOURCE, "file": file, **more})


def report(client: Client, batch: Batch, **query: str) -> str:
    answer = client.get(reverse("imports:batch", args=[batch.public_id]), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_clerk_uploads_and_sees_it_being_checked(office: Office) -> None:
    client = signed_in(office.clerk)
    answer = sent(client, as_csv(row(1)))
    batch = Batch.objects.get()
    assert answer.status_code == 302 and answer["Location"] == reverse(
        "imports:batch", args=[batch.public_id]
    )
    page = report(client, batch)
    assert "正在检查：0 / 1 行" in page and "data-await" in page and "现在就看" in page
    assert SOURCE in client.get(reverse("imports:list")).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有数据行"),
        (b"PK\x03\x04" + b"x" * 40, "另存为"),
        (as_csv(row(1), header=["甲"] * 15), "表头与样表不一致"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole_is_refused_at_its_field(
    office: Office, content: bytes, words: str
) -> None:
    answer = sent(signed_in(office.clerk), content)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page and 'aria-invalid="true"' in page
    assert SOURCE in page and not Batch.objects.exists()


def test_the_source_is_asked_for(office: Office) -> None:
    answer = sent(signed_in(office.clerk), as_csv(row(1)), source=" ")
    assert answer.status_code == 422 and answer.context["form"].errors["source"]


def test_the_upload_needs_its_token(office: Office) -> None:
    """The handler is set before the body is read, and the token is asked for all the same."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(office.clerk).cookies
    assert sent(client, as_csv(row(1))).status_code == 403


def test_the_template_can_be_loaded_as_it_is(office: Office) -> None:
    answer = signed_in(office.clerk).get(reverse("imports:template"))
    assert answer["Content-Type"].startswith("text/csv")
    batch = office.checked(answer.content, at=world.at(today()))
    assert (batch.rows_ready, imports.found(batch, severity="error")) == (1, [])


def test_the_report_names_row_column_value_and_what_to_do(office: Office) -> None:
    batch = office.checked(as_csv(row(1, number="坏<b>号"), row(2, valid_from="")))
    page = report(signed_in(office.clerk), batch)
    assert "证书编号不对" in page and "证书编号的格式应如" in page and "坏&lt;b&gt;号" in page
    assert "有效期起按发证日期" in page
    only = report(signed_in(office.clerk), batch, kind="licence_number.invalid")
    assert "证书编号的格式应如" in only and "按发证日期 2023-03-01 算" not in only
    assert "证书编号的格式应如" not in report(signed_in(office.clerk), batch, severity="note")


def test_the_report_is_paged_by_row(office: Office) -> None:
    batch = office.checked(as_csv(*(row(serial, status="?") for serial in range(1, 61))))
    client = signed_in(office.clerk)
    answer = client.get(reverse("imports:batch", args=[batch.public_id]), {"severity": "error"})
    assert [found.line for found in answer.context["findings"]] == list(range(2, 52))
    cursor = answer.context["next_cursor"]
    rest = client.get(
        reverse("imports:batch", args=[batch.public_id]), {"severity": "error", "after": cursor}
    )
    assert [found.line for found in rest.context["findings"]] == list(range(52, 62))


def test_an_export_holds_no_formula(office: Office) -> None:
    batch = office.checked(as_csv(row(1, status="=HYPERLINK(1)"), row(2, category="@SUM(A1)"), row(3)))
    answer = signed_in(office.approver).get(reverse("imports:findings", args=[batch.public_id]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "'@SUM(A1)" in text
    assert all(
        not cell.startswith(("=", "@", "+", "-")) for line in text.splitlines() for cell in line.split(",")
    )
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_decision_states_what_stays_out(office: Office) -> None:
    batch = office.checked(as_csv(row(1), row(2, status="?")))
    client, url = signed_in(office.approver), reverse("imports:load", args=[batch.public_id])
    page = client.get(url).content.decode()
    assert "只加载没有错误的 1 行；有错误的 1 行不加载" in page and "加载 1 张许可证" in page
    refused = client.post(url, {"version": batch.version})
    assert refused.status_code == 422 and refused.context["form"].errors["clean_only"]
    stale = client.post(url, {"version": 99, "clean_only": "on"})
    assert stale.status_code == 422 and "新的进展" in stale.content.decode()
    assert client.post(url, {"version": batch.version, "clean_only": "on"}).status_code == 302
    assert imports.fresh(batch).status == "loading"
    assert "正在加载：0 / 1 行" in report(client, batch)
    imports.finish(batch, world.at())
    assert "已加载 1 张许可证" in report(client, batch)
    assert client.get(url).status_code == 302


def test_who_uploaded_is_told_that_another_decides() -> None:
    both = world.official("320000", "acceptance", "approval", name="沈兼职")
    office = Office()
    batch = imports.check(office.uploaded(as_csv(row(1)), by=both), world.at())
    client, url = signed_in(both), reverse("imports:load", args=[batch.public_id])
    assert "上传的人不能自己加载" in report(client, batch)
    for answer in (client.get(url), client.post(url, {"version": batch.version})):
        assert answer.status_code == 403 and "须由本机关另一名审批人员办理" in answer.content.decode()
    assert imports.fresh(batch).status == "checked"


def doors(person: User, batch: Batch) -> dict[str, int]:
    client, args = signed_in(person), [batch.public_id]
    names = ("batch", "findings", "original", "load")
    found = {name: client.get(reverse(f"imports:{name}", args=args)).status_code for name in names}
    found["list"] = client.get(reverse("imports:list")).status_code
    found["withdraw"] = client.post(reverse("imports:withdraw", args=args), {"version": 0}).status_code
    found["decide"] = client.post(reverse("imports:load", args=args), {"version": 0}).status_code
    return found


@pytest.mark.parametrize(
    ("authority", "duty", "reads", "decides"),
    [
        ("320000", "acceptance", 200, 403), ("320000", "approval", 200, 422), ("330000", "acceptance", 404, 403),
        ("330000", "approval", 404, 404), ("320000", "review", 403, 403), ("AQSIQ", "audit", 200, 403),
        ("AQSIQ", "national_admin", 200, 403), ("320500", "approval", 404, 404),
    ],
)  # fmt: skip
def test_who_may_open_what(office: Office, authority: str, duty: str, reads: int, decides: int) -> None:
    """Own authority; the nation's administrator and auditor read (DOMAIN §8); for everybody else it is not there."""
    batch = office.checked(as_csv(row(1)))
    found = doors(world.official(authority, duty), batch)
    assert (found["batch"], found["findings"], found["original"], found["decide"]) == (
        reads,
        reads,
        reads,
        decides,
    )
    assert imports.fresh(batch).status == "checked"


def test_the_file_comes_back_as_it_went_in(office: Office) -> None:
    content = as_csv(row(1), encoding="gbk")
    batch = office.uploaded(content)
    answer = signed_in(office.clerk).get(reverse("imports:original", args=[batch.public_id]))
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_clerk_withdraws(office: Office) -> None:
    batch = office.checked(as_csv(row(1)))
    client = signed_in(office.clerk)
    client.post(reverse("imports:withdraw", args=[batch.public_id]), {"version": batch.version})
    assert "已撤下" in report(client, batch)


def test_desks_say_what_waits(office: Office) -> None:
    waiting = office.checked(as_csv(row(1), row(2, status="?")))

    def labels(person: User) -> list[str]:
        return [str(todo["label"]) for todo in registry.todos_for(standing_of(person, today()))]

    assert any("决定是否加载" in label for label in labels(office.approver))
    assert any("改正导入文件" in label for label in labels(office.clerk))
    other = world.official("330000", "acceptance", "approval")
    assert not any("加载" in label or "导入" in label for label in labels(other))
    office.ordered(waiting, clean_only=True)
    assert not any("加载" in label for label in labels(office.approver))


def test_the_list_and_the_report_cost_the_same_at_one_row_and_at_fifty(office: Office) -> None:
    client = signed_in(office.approver)
    first = office.checked(as_csv(row(1, status="?")))
    client.get(reverse("imports:list"))
    few = queries_of(lambda: client.get(reverse("imports:list")))
    few_found = queries_of(lambda: report(client, first))
    for serial in range(2, 8):
        office.checked(as_csv(row(serial)))
    many = office.checked(as_csv(*(row(serial, status="?") for serial in range(10, 60))))
    assert queries_of(lambda: client.get(reverse("imports:list"))) == few
    assert queries_of(lambda: report(client, many)) == few_found


def test_an_empty_list_says_what_to_do_next(office: Office) -> None:
    assert "从台账导出 CSV" in signed_in(office.clerk).get(reverse("imports:list")).content.decode()
    assert "上传文件并检查之后" in signed_in(office.approver).get(reverse("imports:list")).content.decode()


def test_a_prefectures_clerk_is_not_offered_what_he_may_not_do() -> None:
    client = signed_in(world.official("320500", "acceptance"))
    assert reverse("imports:new") not in client.get(reverse("imports:list")).content.decode()
    assert client.get(reverse("imports:new")).status_code == 404
