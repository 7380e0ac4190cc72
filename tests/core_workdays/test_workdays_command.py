"""`manage workdays due` and `explain`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(db):
    call_command("load_calendar", verbosity=0)


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("workdays", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.req("R-45")
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["2015-08-04", "30"], "2015-09-16"),
        (["2015-09-01", "30", "--pause", "2015-09-10..2015-10-12"], "2015-11-13"),
        (
            ["2020-04-20", "30", "--pause", "2020-04-24..2020-05-11", "--pause", "2020-05-08..2020-05-20"],
            "2020-06-28",
        ),
        (["2015-08-04", "60", "--unit", "calendar"], "2015-10-08"),
        (["2026-11-19", "30"], "2026-12-31"),
    ],
)
def test_due_prints_the_date(arguments: list[str], expected: str) -> None:
    assert run("due", *arguments) == [expected]


@pytest.mark.req("R-45", "K2")
def test_due_marks_a_provisional_date() -> None:
    [line] = run("due", "2026-11-23", "30")
    assert line.split()[0] == "2027-01-05"
    assert "(provisional)" in line and "（暂定）" in line


def test_due_under_an_open_pause() -> None:
    assert run("due", "2015-09-01", "30", "--pause", "2015-09-10..", "--today", "2015-09-14") == [
        "停计中，30 日已用 6 日"
    ]


@pytest.mark.req("R-45")
def test_explain_prints_every_day() -> None:
    lines = run("explain", "2015-08-04", "30")
    assert len(lines) == 44
    assert lines[0].startswith("2015-08-04") and "起算日" in lines[0]
    assert lines[-1].split()[0] == "2015-09-16" and lines[-1].split()[2] == "30"
    [victory] = [line for line in lines if line.startswith("2015-09-03")]
    assert "法定节假日" in victory and "国发明电〔2015〕1号" in victory


@pytest.mark.parametrize(
    "arguments",
    [
        ["due", "2015-02-30", "30"],
        ["due", "2015-08-04", "0"],
        ["due", "2015-08-04", "99999"],
        ["due", "2015-08-04", "30", "--pause", "2015-09-10"],
        ["due", "2015-08-04", "30", "--pause", "2015-09-10..2015-09-01"],
        ["due", "2015-08-04", "30", "--unit", "week"],
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)
