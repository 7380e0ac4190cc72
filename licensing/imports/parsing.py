"""Reading an uploaded table: which kind of file, which encoding, which columns. Pure, and quick enough for a request.

What is wrong with the file as a whole is refused here, before it is kept; rows are judged later (`rules`).
"""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from licensing.imports import errors
from licensing.imports.columns import (
    COLUMNS,
    MOST_BYTES,
    MOST_CELLS,
    MOST_IN_ROW,
    MOST_LINES,
    MOST_MARKS,
    MOST_ROWS,
)
from licensing.imports.reading import half_width

FIELD: Final = "file"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRANGERS: Final = (b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_NAMES: Final = {half_width(name).casefold(): column.key for column in COLUMNS for name in column.names}
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
"""What only an escape in JSON can bring in, and no database takes: NUL, and halves of a surrogate pair."""
csv.field_size_limit(MOST_IN_ROW)


@dataclass(frozen=True)
class Raw:
    """One row before anybody has judged it. `line` is its number in a spreadsheet, the header being 1; of JSON its
    place in the list. `width` and `expected` are counts of cells."""

    line: int
    cells: Mapping[str, str]
    width: int = 0
    expected: int = 0


@dataclass(frozen=True)
class Table:
    """The whole file as text."""

    format: str
    encoding: str
    rows: tuple[Raw, ...]


def read_table(content: bytes) -> Table:
    """Raises one of the `FileRefused` errors, at the field of the file."""
    _require_text(content)
    encoding, text = _decoded(content)
    if (place := text.find("\x00")) >= 0:
        raise errors.FileHasNul(FIELD, line=text.count("\n", 0, place) + 1)
    if text.lstrip()[:1] in ("[", "{"):
        return Table("json", encoding, _json(text))
    return Table("csv", encoding, _csv(text))


def _require_text(content: bytes) -> None:
    """What cannot be a table of text is refused by its first bytes, with what to do instead."""
    if not content.strip():
        raise errors.FileEmpty(FIELD)
    if len(content) > MOST_BYTES:
        raise errors.FileTooLarge(FIELD, limit=MOST_BYTES // 1_048_576)
    if content.startswith((_ZIP, _OLE)):
        raise errors.FileIsWorkbook(FIELD)
    if content.startswith(_STRANGERS):
        raise errors.FileIsOther(FIELD)


def _decoded(content: bytes) -> tuple[str, str]:
    """UTF-8 with or without its mark, UTF-16 with one, else GB18030, which contains GBK. Nothing is guessed further."""
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return encoding.removesuffix("-sig"), content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise errors.FileEncoding(FIELD)


class _Lines:
    """The lines of a file for the reader, which joins those of one record; a record without end is refused.

    Raises RowTooLong: what is read into one list of cells is bounded before it is read.
    """

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self._in_record, self._record = 0, 1

    def begin(self) -> None:
        """A record begins with the next line."""
        self._in_record, self._record = 0, self._record + 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._in_record += len(line)
        if self._in_record > MOST_IN_ROW:
            raise errors.RowTooLong(FIELD, line=self._record, most=MOST_IN_ROW)
        return line


def _csv(text: str) -> tuple[Raw, ...]:
    records = _records(text)
    header = next(records, None)
    if header is None:
        raise errors.FileEmpty(FIELD)
    keys = _columns(header[1])
    return _counted(
        Raw(line, dict(zip(keys, cells, strict=False)), len(cells), len(keys))
        for line, cells in records
        if any(cell.strip() for cell in cells)
    )


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their number in a spreadsheet; a line break inside quotes is no new row."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=_delimiter(text), strict=True)
    line = 0
    while True:
        began = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise errors.FileQuotes(FIELD, line=began) from error
        line += 1
        if line > MOST_LINES:
            raise errors.TooManyRows(FIELD, most=MOST_ROWS)
        lines.begin()
        yield line, cells


def _delimiter(text: str) -> str:
    """The mark between cells, by the header: the one that yields most columns we know."""
    end = text.find("\n", 0, MOST_IN_ROW)
    header = text[: end if end >= 0 else MOST_IN_ROW]
    known = {
        mark: sum(_key(cell) in _NAMES.values() for cell in header.split(mark, MOST_CELLS)[:MOST_CELLS])
        for mark in ",\t;"
    }
    return max(known, key=lambda mark: known[mark])


def _key(name: str) -> str:
    return _NAMES.get(half_width(name).strip().strip('"').strip().casefold(), "")


def _columns(header: Sequence[str]) -> list[str]:
    """The keys of a header in its own order. Raises HeaderTooWide, or HeaderWrong, saying everything at once."""
    end = next((place for place in range(len(header), 0, -1) if header[place - 1].strip()), 0)
    if end > MOST_CELLS:
        raise errors.HeaderTooWide(FIELD, cells=end, most=MOST_CELLS)
    header = header[:end]
    keys = [_key(name) for name in header]
    unknown = [name.strip()[:40] or "“”" for name, key in zip(header, keys, strict=True) if not key]
    twice = sorted(key for key, times in Counter(keys).items() if key and times > 1)
    missing = [column.header for column in COLUMNS if column.required and column.key not in keys]
    if unknown or twice or missing:
        headers = {column.key: column.header for column in COLUMNS}
        raise errors.HeaderWrong(
            FIELD, missing=_listed(missing), unknown=_listed(unknown), twice=_listed(headers[key] for key in twice)
        )  # fmt: skip
    return keys


def _listed(names: Iterable[str]) -> str:
    return "、".join(list(names)[:15]) or "—"


def _json(text: str) -> tuple[Raw, ...]:
    data = _loaded(text)
    if isinstance(data, dict) and list(data) == ["licences"]:
        data = data["licences"]
    if not isinstance(data, list):
        raise errors.JsonShape(FIELD, row=1)
    if len(data) > MOST_ROWS:
        raise errors.TooManyRows(FIELD, most=MOST_ROWS)
    keys: dict[str, str] = {}
    for place, item in enumerate(data, start=1):
        if not isinstance(item, dict):
            raise errors.JsonShape(FIELD, row=place)
        keys |= {name: _key(name) for name in item if name not in keys}
    _require_known(keys)
    return _counted(Raw(place, _cells(item, keys, place)) for place, item in enumerate(data, start=1))


def _loaded(text: str) -> Any:
    """What the text says. Its marks are counted first: `{},{},…` takes thirty times its length to hold.

    Raises JsonBroken, JsonShape for nesting without end or a number of thousands of digits, and TooManyRows.
    """
    if sum(text.count(mark) for mark in "{[,") > MOST_MARKS:
        raise errors.TooManyRows(FIELD, most=MOST_ROWS)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise errors.JsonBroken(FIELD, line=error.lineno, column=error.colno) from error
    except (RecursionError, ValueError) as error:
        raise errors.JsonShape(FIELD, row=1) from error


def _require_known(keys: Mapping[str, str]) -> None:
    unknown = [_NO_TEXT.sub("\ufffd", name[:40]) for name, key in keys.items() if not key]
    if unknown:
        raise errors.HeaderWrong(FIELD, missing="—", unknown=_listed(unknown), twice="—")


def _cells(item: Mapping[str, Any], keys: Mapping[str, str], place: int) -> dict[str, str]:
    return {keys[name]: _text(value, place) for name, value in item.items()}


def _text(value: Any, place: int) -> str:
    """A value as a cell of a table would have it; an address may be an object, several of anything a list."""
    if value is None:
        return ""
    if isinstance(value, bool | float):
        raise errors.JsonShape(FIELD, row=place)
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list):
        return "\n".join(_text(one, place) for one in value)
    if isinstance(value, dict) and value and set(value) <= {"division", "address"}:
        return f"{_text(value.get('division'), place)} {_text(value.get('address'), place)}".strip()
    raise errors.JsonShape(FIELD, row=place)


def _counted(rows: Iterable[Raw]) -> tuple[Raw, ...]:
    """All rows, none too many, all of them text; read no further than to the first that is not.

    Raises FileEmpty, TooManyRows, FileHasNul or FileHasSurrogate.
    """
    found: list[Raw] = []
    for row in rows:
        if len(found) == MOST_ROWS:
            raise errors.TooManyRows(FIELD, most=MOST_ROWS)
        for cell in row.cells.values():
            if bad := _NO_TEXT.search(cell):
                kind = errors.FileHasNul if bad[0] == "\x00" else errors.FileHasSurrogate
                raise kind(FIELD, line=row.line)
        found.append(row)
    if not found:
        raise errors.FileEmpty(FIELD)
    return tuple(found)
