"""Fills bench databases by plain SQL, around the actions: volumes an act at a time would take days.

It writes only where a bench made the database and said so on it; anywhere else it refuses before the first row.
Checks, unique keys and foreign keys all hold: a table's foreign keys and plain indexes are set aside while it is
filled and put back afterwards, which checks every row, only faster.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import Any

from portal.bench.servers import MARK, PREFIX

Cursor = Any
"""A psycopg2 cursor of the owner, in a transaction."""


class NotABench(Exception):
    """The loader was pointed at a database that is no bench's."""


def require_bench(cursor: Cursor) -> None:
    """Raise NotABench unless the database has both the name and the mark that only a bench gives."""
    cursor.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    )
    name, comment = cursor.fetchone()
    if not name.startswith(PREFIX) or comment != MARK:
        raise NotABench(f"{name} is not a bench database; nothing was loaded")


@contextmanager
def bare(cursor: Cursor, table: str) -> Iterator[None]:
    """Fill a table without its foreign keys and plain indexes; both stand again at the end of the block."""
    keys = _rows(
        cursor,
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname",
        table,
    )
    indexes = _rows(
        cursor,
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid = %s::regclass AND NOT i.indisunique ORDER BY 1",
        table,
    )
    for name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for _name, definition in indexes:
        cursor.execute(definition)
    for name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def copy_rows(cursor: Cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows into a table by COPY, a hundred thousand at a time."""
    command = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    lines: list[str] = []
    for row in rows:
        lines.append("\t".join(_field(value) for value in row) + "\n")
        if len(lines) == 100_000:
            cursor.copy_expert(command, StringIO("".join(lines)))
            lines.clear()
    cursor.copy_expert(command, StringIO("".join(lines)))


def _field(value: object) -> str:
    """COPY's text form of one value; a list is an array of texts."""
    if value is None:
        return r"\N"
    if isinstance(value, list):
        return _escaped("{" + ",".join(_element(str(item)) for item in value) + "}")
    return _escaped(str(value))


def _element(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _rows(cursor: Cursor, statement: str, *parameters: object) -> list[tuple[str, str]]:
    cursor.execute(statement, parameters)
    return list(cursor.fetchall())
