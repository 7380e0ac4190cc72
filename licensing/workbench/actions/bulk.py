"""One act on each of many cases: every case by its own act, in its own transaction, with the version that was seen.

There is no act on many cases in the law, and so there is none here: what a case would refuse alone it refuses among
others, and no case waits for another. A decision on many cases does not exist.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.lifecycle.errors import DomainError, Invalid
from licensing.models import Application

MOST = 50
"""Cases of one go: as many as two pages of the list show."""


class NothingChosen(Invalid):
    code = "workbench.nothing_chosen"
    message = _("请先选择案件")


class TooMany(Invalid):
    code = "workbench.too_many"
    message = _("一次最多办 %(most)s 件")


@dataclass(frozen=True)
class Chosen:
    """One case as it was ticked: its id and the version that was seen."""

    public_id: UUID
    version: int

    @property
    def mark(self) -> str:
        return f"{self.public_id}:{self.version}"


@dataclass(frozen=True)
class Outcome:
    """What became of one case; `code` and `why` of the refusal are empty where it was done."""

    chosen: Chosen
    code: str = ""
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.code


def read_marks(marks: Iterable[str]) -> tuple[Chosen, ...]:
    """What a form sent, each case once; what is no mark is left out. Raises NothingChosen or TooMany."""
    found: dict[UUID, Chosen] = {}
    for mark in marks:
        key, _colon, version = mark.partition(":")
        try:
            public_id = UUID(key)
        except ValueError:
            continue
        if version.isascii() and version.isdecimal() and len(version) < 10:
            found[public_id] = Chosen(public_id, int(version))
    if not found:
        raise NothingChosen()
    if len(found) > MOST:
        raise TooMany(most=MOST)
    return tuple(found.values())


def each(chosen: Iterable[Chosen], act: Callable[..., Any], **facts: Any) -> tuple[Outcome, ...]:
    """Run an act on every case in turn. Its refusal, a typed error, is the outcome of that case alone."""
    return tuple(_one(row, act, facts) for row in chosen)


def _one(row: Chosen, act: Callable[..., Any], facts: dict[str, Any]) -> Outcome:
    try:
        act(public_id=row.public_id, expected_version=row.version, **facts)
    except DomainError as error:
        return Outcome(row, error.code, str(error))
    except Application.DoesNotExist:
        return Outcome(row, "not_found", str(_("没有这件申请，或者你看不到它")))
    return Outcome(row)
