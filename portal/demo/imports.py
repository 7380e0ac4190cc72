"""Licences of the paper era: one record that was loaded, and one file that waits for its correction (R-90).

Nobody acts for most of the enterprises yet: whoever signs up can claim one through the demonstration's identity port,
and the claim that waits at the Jiangsu desk is of another.
"""

import csv
import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.workdays.rules import add_months
from licensing.imports.actions import load, upload
from licensing.imports.actions.check import Checker
from licensing.imports.columns import COLUMNS
from licensing.imports.models import Batch
from portal.demo.people import demo_uscc

if TYPE_CHECKING:
    from portal.demo.world import Builder

LOADED = "江苏省工业产品生产许可证纸质台账（演示），截至 2015-08-03"
OPEN = "江苏省纸质台账补录（演示）"
FERTILISER, DETERGENT = ("化肥(磷肥)", "化肥(磷肥)"), ("餐具洗涤剂", "餐具洗涤剂")
Row = dict[str, str]


def tell(builder: "Builder") -> None:
    """Uploaded and checked; the first one decided by the approver and loaded."""
    first = _checked(builder, LOADED, _as_csv(loaded_rows(builder.today), "utf-8-sig"), ago=4)
    load.order_load(
        public_id=first.public_id,
        clean_only=False,
        actor=builder.actor("js-approver"),
        at=builder.at(3, 10, 20),
    )
    loader = load.Loader(first.public_id, builder.at(3, 10, 21))
    while loader.portion(builder.at(3, 10, 21)):
        continue
    _checked(builder, OPEN, _as_csv(open_rows(builder.today), "gbk"), ago=1)


def _checked(builder: "Builder", source: str, content: bytes, *, ago: int) -> Batch:
    batch = upload.upload(
        content=content,
        filename="台账.csv",
        source=source,
        actor=builder.actor("js-clerk"),
        at=builder.at(ago, 9, 30),
    )
    checker = Checker(batch.public_id)
    while checker.portion(builder.at(ago, 9, 31)):
        continue
    return batch


def loaded_rows(today: date) -> list[Row]:
    """One to renew now, one whose claim waits at the desk, one in the middle of its term, and some that ended."""
    return [
        _row(201, FERTILISER, "常熟虞山磷肥厂", "320581", "海虞北路 45 号", 811, today, ends_in=310),
        _row(202, FERTILISER, "昆山新丰肥业有限公司", "320583", "花桥镇绿地大道 6 号", 17, today, ends_in=700),
        _row(203, FERTILISER, "太仓沙溪化肥有限公司", "320585", "沙溪镇白云路 9 号", 813, today, ends_in=1100),
        _row(31, DETERGENT, "江阴洁立洗涤剂有限公司", "320281", "环城东路 77 号", 814, today, ends_in=210,
             code="XK16-114"),
        _row(32, DETERGENT, "无锡净雅日化厂", "320211", "蠡湖大道 301 号", 815, today, ends_in=-400, code="XK16-114",
             status="过期"),
        _row(204, FERTILISER, "张家港沿江肥业有限公司", "320582", "杨舍镇长兴路 2 号", 816, today, ends_in=500,
             status="注销", deregistered_on=str(today - timedelta(days=90))),
    ]  # fmt: skip


def open_rows(today: date) -> list[Row]:
    """What an old file looks like: full-width numbers, duplicates, a bad number, a bad code, dates out of order."""
    good = _row(205, FERTILISER, "靖江新港肥业有限公司", "321282", "新港大道 8 号", 821, today, ends_in=600)
    twice = _row(
        206, FERTILISER, "泰兴黄桥磷肥有限公司", "321283", "黄桥镇永丰路 5 号", 822, today, ends_in=900
    )
    return [
        good | {"number": "（苏）ＸＫ１３－００２－００２０５"},
        twice,
        twice | {"valid_until": str(today + timedelta(days=880))},
        _row(207, FERTILISER, "兴化戴南肥料厂", "321281", "戴南镇人民路 1 号", 823, today, ends_in=450)
        | {"number": "(苏)XK13-02-207"},
        _row(208, FERTILISER, "高邮城南化肥有限公司", "321084", "城南大道 19 号", 824, today, ends_in=450)
        | {"uscc": "91321084MA9D08240X"},
        _row(209, FERTILISER, "仪征真州肥业有限公司", "321081", "真州西路 66 号", 825, today, ends_in=450)
        | {"valid_until": str(today + timedelta(days=2400))},
        _row(201, FERTILISER, "常熟虞山磷肥厂", "320581", "海虞北路 45 号", 811, today, ends_in=310),
    ]


def _row(
    serial: int, product: tuple[str, str], name: str, division: str, address: str, code_serial: int, today: date,
    *, ends_in: int, code: str = "XK13-002", **more: str,
) -> Row:  # fmt: skip
    ends = today + timedelta(days=ends_in)
    start = add_months(ends + timedelta(days=1), -60)
    return {
        "number": f"(苏){code}-{serial:05d}", "name": name, "uscc": demo_uscc(division, code_serial),
        "registered_division": division, "registered_address": address, "production_addresses": address,
        "category": product[0], "units": product[1], "issued_on": str(start), "valid_from": str(start),
        "valid_until": str(ends), "status": "有效", **more,
    }  # fmt: skip


def _as_csv(rows: list[Row], encoding: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.header for column in COLUMNS])
    for row in rows:
        writer.writerow([row.get(column.key, "") for column in COLUMNS])
    return out.getvalue().encode(encoding)
