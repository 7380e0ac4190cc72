"""The bad file of the import bench: the dry run finds what was planted, every time it was planted, and nothing else."""

from datetime import timedelta

import pytest

from licensing.imports.queries import kinds_found
from portal.bench.imports import CHECKED, FOUND, LOADED, READ, result
from portal.bench.imports_file import as_csv, bad_rows, rows
from portal.bench.results import Figure
from tests.support import imports, world
from tests.support.imports import Office

COUNT = 8_000


@pytest.mark.django_db
@pytest.mark.req("R-90")
def test_every_planted_defect_is_found_once_and_nothing_else() -> None:
    today = world.DAY - timedelta(days=1)
    good = rows(COUNT, first=0, code="XK13-002", category="化肥(磷肥)", unit="化肥(磷肥)", today=today)
    made, planted = bad_rows(good)
    assert bad_rows(good) == (made, planted), "the same seed gives the same file"
    batch = Office("AQSIQ").checked(as_csv(made, "gb18030"))
    assert {row.code: row.count for row in kinds_found(batch)} == dict(planted)
    assert imports.fresh(batch).rows_checked == COUNT


def test_the_page_says_how_much_of_it_was_found() -> None:
    figures = [
        Figure(name, "rows/s", (3.0, 1.0, 2.0))
        for name in (READ, CHECKED, "the same rows by bare statements", LOADED, "into the public register")
    ]
    found = [Figure(f"{FOUND}a", "", (9.0,), "10"), Figure(f"{FOUND}b", "", (10.0,), "10")]
    page = result([*figures, *found])
    assert page.parts[-1].title == "A bad file: 95.0% of what was planted was found"
    assert page.parts[-1].rows == (("a", "9", "10"), ("b", "10", "10"))
