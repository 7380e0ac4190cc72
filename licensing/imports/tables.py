"""Tables that go out: the template of a file, and findings for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from core.lifecycle.dates import shanghai_date
from core.parties.competence import Standing
from core.parties.models import Authority
from licensing.imports.columns import COLUMNS
from licensing.imports.queries import FindingView
from licensing.imports.reference import listed, reference_of
from licensing.rules import licence_term
from licensing.spreadsheet import defused

MARK = "\ufeff".encode()
"""The byte order mark: without it a spreadsheet takes UTF-8 for GBK."""


def _line(cells: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([defused(cell) for cell in cells])
    return out.getvalue().encode()


def findings_csv(findings: Iterable[FindingView]) -> Iterator[bytes]:
    """One finding a line, piece by piece, in the reader's language."""
    yield MARK + _line((_("行号"), _("列"), _("轻重"), _("问题"), _("原内容"), _("怎么办"), _("代码")))
    for row in findings:
        yield _line((row.line, row.column, row.severity_label, row.title, row.value, row.words, row.code))


def template_csv(standing: Standing, at: datetime) -> bytes:
    """The header, and one invented row that this authority could have issued."""
    mine = Authority.objects.filter(pk__in=standing.authorities("acceptance")).order_by("code").first()
    if mine is None:
        return MARK + _line(column.header for column in COLUMNS)
    issued, reference = shanghai_date(at) - timedelta(days=700), reference_of(mine, shanghai_date(at))
    prefix = f"({mine.licence_prefix})" if mine.licence_prefix else ""
    inside = (code for code in sorted(reference.places) if code.startswith(reference.territory))
    division = next(code for code in inside if not code.endswith("00"))
    place = reference.places[division].full_name
    product = listed()["fertilizer-phosphate"]
    cells = {
        "number": f"{prefix}XK13-002-00001", "name": "示例肥业有限公司", "uscc": "91320102MA1X5C7DXJ", "legacy": "",
        "legal_representative": "", "registered_division": division, "registered_address": f"{place}示例路 1 号",
        "production_addresses": f"示例路 1 号；{division} 示例路 2 号", "category": product.names["name_zh"],
        "units": "；".join(str(unit["name_zh"]) for unit in product.units.values()), "issued_on": issued,
        "valid_from": issued, "valid_until": licence_term(issued, 5).valid_until, "status": "有效",
        "deregistered_on": "",
    }  # fmt: skip
    return MARK + _line(column.header for column in COLUMNS) + _line(cells[column.key] for column in COLUMNS)
