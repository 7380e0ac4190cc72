"""Autosave: the words in a section's form, valid or not, kept while somebody types (`TypedSection`).

A draft is the applicant's own paper, so nothing here is a legal act and nothing goes to the ledger. Every write locks
the application first: two tabs, or the two last messages of a closing page, come one after the other.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, FilteredRelation, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.lifecycle.actors import Actor
from core.lifecycle.errors import Conflict, Invalid
from core.parties.competence import Standing
from licensing.models import Application, ApplicationUnit, TypedSection
from licensing.queries.cases import own_cases_of
from licensing.queries.typed import Typed, Words, read_row, state_of

T = TypeVar("T")

MOST_BYTES = 64 * 1024
MOST_ROWS = 60
_PAGE = re.compile(r"[0-9a-f]{32}")
_STATE = re.compile(r"[0-9a-f]{16}\.(?:0|[0-9]{1,19}-[0-9]{1,10})")
_COUNTER = re.compile(r"(?:equipment|instruments)-(?:TOTAL|INITIAL)_FORMS")
_FIELDS = {
    "enterprise": re.compile("name|uscc|legal_representative|province|division|address|xpcc|contact|phone"),
    "product": re.compile("units"),
    "sites": re.compile("province|division|address"),
    "group": re.compile("name|uscc|province|division|address"),
    "statement": re.compile("causes|cause|happened_on|detail|not_moved"),
    "conditions": re.compile(
        f"process|staff|{_COUNTER.pattern}"
        r"|equipment-[0-9]{1,2}-(?:name|model|quantity)|instruments-[0-9]{1,2}-(?:name|number|valid_until)"
    ),
}


class TypedElsewhere(Conflict):
    code = "licensing.typed_elsewhere"
    message = _("另一个窗口改过这一部分")


class TypedClosed(Conflict):
    code = "licensing.typed_closed"
    message = _("这份申请已经提交，不能再改")


class TooMuchTyped(Invalid):
    code = "licensing.too_much_typed"
    message = _("内容太长，无法自动保存")


@dataclass(frozen=True)
class Kept:
    """What the page knows from now on, and when its words were kept."""

    state: str
    saved_at: datetime


@dataclass(frozen=True)
class Page:
    """One page on somebody's screen: its id, which of its messages this is, and what it knows of the section."""

    id: str
    turn: int
    state: str

    @classmethod
    def read(cls, page: str, turn: str, state: str) -> "Page":
        """As posted. An odd value matches nothing that is stored."""
        return cls(
            page if _PAGE.fullmatch(page) else "",
            int(turn) if turn.isascii() and turn.isdecimal() and len(turn) < 16 else 0,
            state if _STATE.fullmatch(state) else "",
        )


def words_in(section: str, posted: Iterable[tuple[str, list[str]]]) -> Words:
    """The words of the section's own fields; every other name is left out.

    Raises TooMuchTyped past the cap, and for a row count no page of ours would send.
    """
    known = _FIELDS[section]
    words = {
        name: [value.replace("\0", "") for value in values]
        for name, values in posted
        if known.fullmatch(name)
    }
    for name, values in words.items():
        if _COUNTER.fullmatch(name) and not all(_row_count(value) for value in values):
            raise TooMuchTyped()
    if (
        sum(len(name) + len(value.encode()) for name, values in words.items() for value in values)
        > MOST_BYTES
    ):
        raise TooMuchTyped()
    return words


def _row_count(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 3 and int(value) <= MOST_ROWS


@transaction.atomic
def keep(
    *,
    public_id: UUID | str,
    section: str,
    words: Words,
    page: Page,
    overwrite: bool = False,
    standing: Standing,
    actor: Actor,
    at: datetime,
) -> Kept:
    """Keep what was typed. `standing` is the actor's, read in this very request; the draft's own people write only.

    A message of the same page that comes late or twice changes nothing. Raises Application.DoesNotExist for hidden
    and absent alike, TypedClosed, and TypedElsewhere when another page changed the section and `overwrite` is unset.
    """
    application = _locked(public_id, section, standing)
    if not application.is_open_to_applicant:
        raise TypedClosed()
    row = _row(application)
    units: list[int] = application.chosen  # type: ignore[attr-defined]
    current = state_of(application, section, row, units)
    if row and (row.words == words or (row.page == page.id and page.turn <= row.turn)):
        return Kept(current, row.saved_at)
    if not overwrite and not _stands_on(current, row, page):
        raise TypedElsewhere()
    row = _written(application, section, row, words, page, actor, at)
    return Kept(state_of(application, section, row, units), at)


def _locked(public_id: UUID | str, section: str, standing: Standing) -> Application:
    """The application with the typed row of one section and its units, locked, in one query."""
    units = ApplicationUnit.objects.filter(application=OuterRef("pk")).order_by("unit_id").values("unit_id")
    found = Application.objects.filter(own_cases_of(standing)).annotate(
        row=FilteredRelation("typed", condition=Q(typed__section=section)),
        row_pk=F("row__pk"), row_version=F("row__version"), row_data=F("row__data"), row_at=F("row__saved_at"),
        chosen=ArraySubquery(units),
    )  # fmt: skip
    return found.select_for_update(of=("self",)).get(public_id=public_id)


def _row(application: Application) -> Typed | None:
    of = application
    return read_row(of.row_pk, of.row_version, of.row_data, of.row_at) if of.row_pk else None  # type: ignore[attr-defined]


def _stands_on(current: str, row: Typed | None, page: Page) -> bool:
    """Whether the page saw what is there now: the same saved content, and no typed words but its own on top."""
    if page.state == current:
        return True
    same_content = page.state.partition(".")[0] == current.partition(".")[0]
    return same_content and row is not None and row.page == page.id


def _written(
    application: Application,
    section: str,
    row: Typed | None,
    words: Words,
    page: Page,
    actor: Actor,
    at: datetime,
) -> Typed:
    data = {"words": words, "page": page.id, "turn": page.turn}
    version = row.version + 1 if row else 1
    values = {"data": data, "version": version, "saved_at": at, "saved_by_id": actor.user_id}
    if row is None:
        pk = TypedSection.objects.create(application=application, section=section, **values).pk
    else:
        pk = row.pk
        TypedSection.objects.filter(pk=pk).update(**values)
    return read_row(pk, version, data, at)


@transaction.atomic
def confirming(*, application: Application, section: str, act: Callable[[], T]) -> T:
    """Do the act that saves a section; its typed words go in the same transaction, or stay when it is refused."""
    result = act()
    forget(application=application, section=section)
    return result


def forget(*, application: Application, section: str = "") -> None:
    """Discard the typed words of a section, or of all of them."""
    rows = TypedSection.objects.filter(application=application)
    (rows.filter(section=section) if section else rows).delete()
