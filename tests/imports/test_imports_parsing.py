"""The file as a whole: encodings, shapes, and what is refused with which words (R-90, "bad input")."""

import io
import itertools
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lifecycle.errors import DomainError
from licensing.imports import parsing
from licensing.imports.columns import COLUMNS, MOST_MARKS, MOST_ROWS
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
    assert error.code == "imports.too_many_rows" and error.params["most"] == 70_000


@pytest.mark.parametrize("shape", ["csv", "json"])
def test_a_small_file_of_many_short_rows_is_read_no_further_than_to_the_row_too_many(
    monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    """Sixty megabytes of `1` and line breaks would be thirty million rows, and ten gigabytes of memory."""
    made, real = itertools.count(1), parsing.Raw
    last = 0

    def counted(*given: Any) -> parsing.Raw:
        nonlocal last
        last = next(made)
        return real(*given)

    monkeypatch.setattr(parsing, "Raw", counted)
    many = MOST_ROWS + 50_000
    content = ",".join(HEADER) + "\n" + "1\n" * many if shape == "csv" else "[" + "{}," * many + "{}]"
    assert refused(content.encode()).code == "imports.too_many_rows"
    assert last == (MOST_ROWS + 1 if shape == "csv" else 0)


def test_a_json_of_nothing_but_marks_is_not_even_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row is enough: a list of millions of lists, or a text that closes none of its braces."""
    monkeypatch.setattr(parsing.json, "loads", lambda text: pytest.fail("was loaded"))
    assert refused(b'[{"units": [' + b"[]," * MOST_MARKS + b"[]]}]").code == "imports.too_many_rows"


def test_lines_without_a_word_have_an_end_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "MOST_LINES", 30)
    assert len(read_table(as_csv(row(1)) + b"\n" * 28).rows) == 1
    assert refused(as_csv(row(1)) + b"\n" * 29).code == "imports.too_many_rows"


class _Looked(list[str]):
    """A list that is cut once, and its piece not again."""

    cut = False

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        if not isinstance(place, slice):
            return found
        assert not self.cut, "cut off cell by cell"
        piece = _Looked(found)
        piece.cut = True
        return piece


def test_blank_cells_behind_a_header_are_cut_off_at_once() -> None:
    assert len(parsing._columns(_Looked([*HEADER, *[" "] * 5_000]))) == len(HEADER)


@pytest.mark.parametrize("name", ["企业名称", "x"])
def test_a_header_of_a_hundred_thousand_cells_is_refused_by_its_width(name: str) -> None:
    error = refused(f"{name},".encode() * 100_000)
    assert (error.code, error.params["cells"]) == ("imports.header_too_wide", 100_000)


@pytest.mark.parametrize(
    "content", [b"x," * 600_000, as_csv(row(1)) + b"," * 1_100_000, b'"' + b"1\n" * 600_000]
)
def test_a_row_without_end_is_refused_before_it_is_cells(content: bytes) -> None:
    error = refused(content)
    assert (error.code, error.params["line"]) == (
        "imports.row_too_long",
        3 if content[:1] not in b'x"' else 1,
    )


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


@pytest.mark.parametrize("name", ["坏\\ud800名", "\\udfff", "\\ud83d x \\ude00"])
def test_half_a_surrogate_pair_is_refused_with_its_row(name: str) -> None:
    """No database takes it, and no answer can be written with it."""
    broken = as_json(row(1), row(2, name="坏")).replace("坏".encode(), name.encode())
    error = refused(broken)
    assert (error.code, error.params["line"]) == ("imports.file_has_surrogate", 2)
    whole = as_json(row(1), row(2, name="坏")).replace("坏".encode(), b"\\ud842\\udfb7")
    assert read_table(whole).rows[1].cells["name"] == "𠮷"


def test_half_a_surrogate_pair_in_a_name_of_json_can_be_said() -> None:
    error = refused(b'[{"\\ud800": "x"}]')
    assert error.code == "imports.header_wrong" and str(error).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'[{"number": ' + b"9" * 5_000 + b"}]", "imports.json_shape"),
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
