"""No table to take away holds a cell that a spreadsheet would run: one rule for all of them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.imports.queries import FindingView
from licensing.imports.tables import findings_csv
from licensing.spreadsheet import defused

BAD = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "　＝1", "＋1", "－2", "＠a", "\xa0=1", "\t", "\n",
    " \t=1", "\ufeff=1", "\u200b-1", "\x00=1",
]  # fmt: skip


@pytest.mark.parametrize("value", BAD)
def test_a_formula_is_text(value: str) -> None:
    assert defused(value) == "'" + value.replace("\x00", "")


@pytest.mark.parametrize("value", ["上海=钢厂", "320000-N-2026-000001-7K", "", None, 3, "(苏)XK13-002-00001"])
def test_what_is_no_formula_stays(value: object) -> None:
    assert defused(value) == ("" if value is None else str(value))


@given(st.text(max_size=20))
def test_no_cell_of_a_table_is_a_formula_behind_its_blanks(text: str) -> None:
    cell = defused(text)
    assert not cell.strip(" \u3000\xa0\t\r\n").startswith(tuple("=+-@＝＋－＠"))
    assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("value", BAD)
def test_what_a_file_said_comes_back_as_text_in_the_list_of_findings(value: str) -> None:
    """A cell that is too long is quoted as it was, blanks before it included."""
    row = FindingView(2, "名称", "imports.too_long", "error", "内容太长", value, "")
    text = b"".join(findings_csv([row])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1][4].startswith("'")
