"""The file as a whole: encodings, shapes, and what is refused with which words (R-90, "bad input")."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle.errors import DomainError
from licensing.imports.columns import COLUMNS, MOST_ROWS
from licensing.imports.parsing import read_table
from tests.support.imports import HEADER, as_csv, as_json, row

pytestmark = pytest.mark.req("R-90")


def refused(content: bytes) -> DomainError:
    with pytest.raises(DomainError) as error:
        read_table(content)
    assert error.value.field == "file"
    return error.value


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_recognised(encoding: str, named: str) -> None:
    table = read_table(as_csv(row(), encoding=encoding))
    assert (table.format, table.encoding) == ("csv", named)
    assert table.rows[0].cells["name"] == "苏州旧证1号肥业有限公司"


def test_a_character_outside_gbk_is_read_from_gb18030() -> None:
    assert (
        read_table(as_csv(row(name="𬭎业有限公司"), encoding="gb18030")).rows[0].cells["name"]
        == "𬭎业有限公司"
    )


def test_bytes_in_no_encoding_are_refused() -> None:
    assert refused(as_csv(row()) + b"\xff\xff\xff").code == "imports.file_encoding"


@pytest.mark.parametrize("content", [b"", b"  \r\n ", as_csv()])
def test_a_file_without_rows_is_refused(content: bytes) -> None:
    assert refused(content).code == "imports.file_empty"


def test_a_workbook_under_another_name_is_told_how_to_be_saved() -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    error = refused(book.getvalue())
    assert error.code == "imports.file_is_workbook" and "另存为" in str(error)
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600).code == "imports.file_is_workbook"


def test_a_pdf_is_no_table() -> None:
    assert refused(b"%PDF-1.4 ...").code == "imports.file_is_other"


def test_a_nul_is_refused_with_its_line() -> None:
    error = refused(as_csv(row(1), row(2, name="坏\x00名")))
    assert (error.code, error.params["line"]) == ("imports.file_has_nul", 3)


def test_a_nul_escaped_in_json_is_found_too() -> None:
    assert refused(as_json(row(1), row(2, name="坏\x00名"))).code == "imports.file_has_nul"


def test_one_row_too_many_is_refused_with_both_figures() -> None:
    line = ",".join(["x"] * len(COLUMNS)) + "\n"
    header = ",".join(HEADER) + "\n"
    assert len(read_table((header + line * MOST_ROWS).encode()).rows) == 70_000
    error = refused((header + line * (MOST_ROWS + 1)).encode())
    assert error.code == "imports.too_many_rows" and error.params["rows"] == 70_001


def test_a_wrong_header_says_everything_at_once() -> None:
    header = [name for name in HEADER if name != "企业名称"] + ["备注", "状态"]
    error = refused(as_csv(row(), header=header))
    assert error.code == "imports.header_wrong"
    assert (error.params["missing"], error.params["unknown"], error.params["twice"]) == (
        "企业名称",
        "备注",
        "状态",
    )


def test_keys_widths_and_order_of_a_header_do_not_matter() -> None:
    content = as_csv(row(), header=[column.key.upper() for column in COLUMNS])
    assert read_table(content).rows[0].cells["number"] == "(苏)XK13-002-00001"
    assert read_table(as_csv(row(), header=[f" {name}　" for name in HEADER])).rows


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_other_marks_between_cells_are_seen_in_the_header(mark: str) -> None:
    content = mark.join(HEADER) + "\n" + mark.join(row()[column.key] for column in COLUMNS)
    assert read_table(content.encode()).rows[0].cells["registered_division"] == "320583"


def test_a_line_break_in_quotes_is_no_new_row() -> None:
    rows = read_table(as_csv(row(1, production_addresses="一厂路 1 号\n二厂路 2 号"), row(2))).rows
    assert [one.line for one in rows] == [2, 3]
    assert rows[0].cells["production_addresses"] == "一厂路 1 号\n二厂路 2 号"


def test_an_open_quote_is_refused_with_the_line_it_begins_on() -> None:
    error = refused(as_csv(row(1)) + '"（苏）XK13-002-00002,没有结束\n'.encode())
    assert (error.code, error.params["line"]) == ("imports.file_quotes", 3)


def test_blank_lines_count_as_rows_of_the_spreadsheet_and_nothing_else() -> None:
    lines = as_csv(row(1), row(2), encoding="utf-8").splitlines(keepends=True)
    content = b"".join([lines[0], lines[1], b",,,,\r\n", lines[2]])
    assert [one.line for one in read_table(content).rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'{"rows": []}', "imports.json_shape"),
        (b'[{"number": "x"}, 5]', "imports.json_shape"),
        (b'[{"number": {"deep": 1}}]', "imports.json_shape"),
        (b'[{"number": 1.5}]', "imports.json_shape"),
        (b'[{"number": "x", "colour": "red"}]', "imports.header_wrong"),
        (b'[{"number": "x"', "imports.json_broken"),
        (b"[]", "imports.file_empty"),
        (b"[" * 100_000, "imports.json_shape"),
    ],
)
def test_json_of_another_shape_is_refused(content: bytes, code: str) -> None:
    assert refused(content).code == code


def test_json_says_several_things_as_lists() -> None:
    places = [{"division": "320102", "address": "中山路 1 号"}, "优比路 12 号"]
    table = read_table(
        as_json({**row(), "production_addresses": places, "units": ["化肥(磷肥)"], "legacy": None})
    )
    assert table.format == "json" and table.rows[0].line == 1
    assert table.rows[0].cells["production_addresses"] == "320102 中山路 1 号\n优比路 12 号"
    assert read_table(b'{"licences": ' + as_json(row()) + b"}").rows


@given(st.binary(max_size=400))
def test_no_bytes_at_all_bring_the_reader_down(content: bytes) -> None:
    """Whatever somebody uploads, it is a table or a refusal in words."""
    try:
        assert read_table(content).rows
    except DomainError as error:
        assert str(error)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r\n"), max_size=40))
def test_any_text_in_a_cell_comes_out_as_it_went_in(text: str) -> None:
    table = read_table(as_csv(row(name="名" + text)))
    assert table.rows[0].cells["name"] == "名" + text
