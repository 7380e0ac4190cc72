"""Acts on imports of paper licences (R-90)."""

from typing import Any

from django.urls import reverse

from licensing.imports import queries
from licensing.imports.actions import load, upload
from tests.support import clients, imports
from tests.support.authority.office_acts import found
from tests.support.authority.registry import Act, Attempt, Page


def _file() -> bytes:
    return imports.as_csv(imports.row(80_002))


def _uploaded(attempt: Attempt) -> Any:
    return upload.upload(content=_file(), filename="台账.csv", source=imports.SOURCE, **attempt.who)


def _uploading(attempt: Attempt) -> Page:
    file = clients.upload(_file(), "台账.csv", "text/csv")
    return Page(reverse("imports:new"), {"source": imports.SOURCE, "file": file})


def _at(name: str) -> Any:
    """The page of an act on an import, as it was drawn."""

    def page(attempt: Attempt) -> Page:
        address = reverse(f"imports:{name}", args=[attempt.thing.public_id])
        return Page(address, {"version": attempt.thing.version})

    return page


ACTS: dict[str, Act] = {
    "upload_import": Act("authority", _uploaded, _uploading),
    "withdraw_import": Act("import", lambda a: upload.withdraw(**a.case), _at("withdraw")),
    "load_import": Act("import", lambda a: load.order_load(clean_only=False, **a.case), _at("load")),
    "read_import": Act(
        "import",
        found(queries.find),
        lambda a: Page(reverse("imports:batch", args=[a.thing.public_id])),
    ),
}
