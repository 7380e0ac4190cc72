"""Files of paper licences for tests, and imports brought as far as a test needs, through the acts themselves."""

import csv
import io
import itertools
import json
from datetime import date, datetime
from typing import Any

from core.lifecycle.dates import shanghai_date
from core.parties.models import User
from licensing.imports.actions import load, upload
from licensing.imports.actions.check import Checker
from licensing.imports.columns import COLUMNS
from licensing.imports.models import Batch, Found
from portal.demo.people import demo_uscc
from tests.support import world

DAY = world.DAY
SOURCE = "江苏台账，截至 2015-08-03"
_serial = itertools.count(80_000)
HEADER = [column.header for column in COLUMNS]


def row(serial: int = 1, **changes: str) -> dict[str, str]:
    """A right row of Jiangsu by the keys of its columns: a phosphate fertiliser of Kunshan, in force on `DAY`."""
    return {
        "number": f"(苏)XK13-002-{serial:05d}", "name": f"苏州旧证{serial}号肥业有限公司",
        "uscc": demo_uscc("320981", serial), "legacy": "", "legal_representative": "钱旧",
        "registered_division": "320583", "registered_address": "江苏省苏州市昆山市春晖路 88 号",
        "production_addresses": "优比路 12 号", "category": "化肥(磷肥)", "units": "化肥(磷肥)",
        "issued_on": "2023-03-01", "valid_from": "2023-03-01", "valid_until": "2028-02-29", "status": "有效",
        "deregistered_on": "",
    } | changes  # fmt: skip


def as_csv(*rows: dict[str, str], encoding: str = "utf-8-sig", header: list[str] | None = None) -> bytes:
    """Rows as a spreadsheet saves them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header or HEADER)
    for one in rows:
        writer.writerow([one.get(column.key, "") for column in COLUMNS])
    return out.getvalue().encode(encoding)


def as_json(*rows: Any) -> bytes:
    return json.dumps(list(rows), ensure_ascii=False).encode()


class Office:
    """The people of an issuing authority: who uploads, and who decides."""

    def __init__(self, authority: str = "320000") -> None:
        self.clerk = world.official(authority, "acceptance", name="王受理")
        self.approver = world.official(authority, "approval", name="李审批")

    def uploaded(
        self, content: bytes, *, at: datetime | None = None, by: User | None = None, **more: str
    ) -> Batch:
        moment = at or world.at()
        return upload.upload(
            content=content, filename=more.get("filename", "台账.csv"),
            source=more.get("source", SOURCE), actor=world.actor(by or self.clerk, shanghai_date(moment)), at=moment,
        )  # fmt: skip

    def checked(self, content: bytes, *, at: datetime | None = None, **more: Any) -> Batch:
        return check(self.uploaded(content, at=at, **more), at or world.at())

    def ordered(
        self, batch: Batch, *, at: datetime | None = None, clean_only: bool = False, by: User | None = None
    ) -> Batch:
        moment = at or world.at(hour=11)
        return load.order_load(
            public_id=batch.public_id, clean_only=clean_only, at=moment,
            actor=world.actor(by or self.approver, shanghai_date(moment)),
        )  # fmt: skip

    def loaded(self, content: bytes, *, at: datetime | None = None, clean_only: bool = False) -> Batch:
        moment = at or world.at()
        batch = self.checked(content, at=moment)
        self.ordered(batch, at=moment, clean_only=clean_only)
        return finish(batch, moment)


def check(batch: Batch, at: datetime) -> Batch:
    """The dry run to its end."""
    checker = Checker(batch.public_id)
    while checker.portion(at):
        pass
    return fresh(batch)


def finish(batch: Batch, at: datetime) -> Batch:
    """The loading to its end."""
    loader = load.Loader(batch.public_id, at)
    while loader.portion(at):
        pass
    return fresh(batch)


def fresh(batch: Batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def found(batch: Batch, *, severity: str = "") -> list[tuple[int, str, str]]:
    """Line, column and code of every finding, in the order of the report."""
    rows = Found.objects.filter(batch=batch).order_by("line", "id")
    rows = rows.filter(severity=severity) if severity else rows
    return list(rows.values_list("line", "column", "code"))


def codes(batch: Batch) -> set[str]:
    return {code for _line, _column, code in found(batch)}


def day(text: str) -> date:
    return date.fromisoformat(text)
