"""What the address of a list asks for: which cases, in which order, from where on. Values alone, no database."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict

from licensing.kinds import Kind
from licensing.lifecycle import Status

SCOPES = ("mine", "desk", "unassigned", "delegated", "all")
"""What waits for me; all that is open at my authority; nobody's; entrusted away or to us; closed ones as well."""
BUCKETS = ("overdue", "2", "5", "paused")
"""How pressing: past its due date, within so many working days, or with the clock at rest."""
SORTS = {
    "due": ("next_due_on", False), "-due": ("next_due_on", True), "received": ("received_at", False),
    "-received": ("received_at", True), "number": ("number", False), "-number": ("number", True),
}  # fmt: skip
LONGEST_WORDS = 100
LONGEST_ADDRESS = 4000
"""What is read of an address: all that filters can come to, so that none is cut in the middle of a word."""
STAMP = "%Y%m%dT%H%M%S%f"


def folded(words: str) -> str:
    """What somebody typed in the one spelling that is looked for: half-width, one blank between words."""
    text = unicodedata.normalize("NFKC", words.replace("\0", ""))
    return " ".join(text.split())[:LONGEST_WORDS]


@dataclass(frozen=True)
class Filters:
    """What the URL asks for; anything unknown in it falls back to the default."""

    scope: str = "mine"
    status: str = ""
    words: str = ""
    after: str = ""
    category: str = ""
    kind: str = ""
    due: str = ""
    person: str = ""
    sort: str = "due"

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> "Filters":
        def one(name: str, known: Any, default: str = "") -> str:
            value = str(query.get(name, default))
            return value if value in known else default

        return cls(
            scope=one("scope", SCOPES, "mine"),
            status=one("status", Status.values),
            words=folded(str(query.get("q", ""))),
            after=str(query.get("after", "")),
            category=str(query.get("category", "")).replace("\0", "")[:48],
            kind=one("kind", Kind.values),
            due=one("due", BUCKETS),
            person=_uuid(str(query.get("person", ""))),
            sort=one("sort", SORTS, "due"),
        )

    @classmethod
    def parse(cls, text: str) -> "Filters":
        """Filters as they stand in an address, without a position."""
        return replace(cls.read(QueryDict(text[:LONGEST_ADDRESS].lstrip("?")).dict()), after="")

    def url(self, **changes: str) -> str:
        """The address of this list; `changes` by their names in it."""
        values = {
            "scope": self.scope, "status": self.status, "category": self.category, "kind": self.kind, "due": self.due,
            "person": self.person, "q": self.words, "sort": self.sort if self.sort != "due" else "",
        } | changes  # fmt: skip
        return "?" + urlencode({key: value for key, value in values.items() if value})

    @property
    def trail(self) -> str:
        """This list, without a position, as a page opened from it carries it along."""
        return self.url().removeprefix("?")

    @property
    def narrowed(self) -> bool:
        """Whether anything beyond the list itself is asked for."""
        return bool(self.status or self.category or self.kind or self.due or self.person or self.words)

    @property
    def order(self) -> "Order":
        return Order(*SORTS[self.sort])


def _uuid(text: str) -> str:
    """An id in its one spelling, or nothing."""
    plain = text.lower()
    shape = [len(part) for part in plain.split("-")]
    return plain if shape == [8, 4, 4, 4, 12] and set(plain) <= set("0123456789abcdef-") else ""


@dataclass(frozen=True)
class Order:
    """A total order of cases by one column and the key, continued by keyset. Cases without a value come last, and
    first where it is turned round: descending is ascending read backwards, so that one index serves both."""

    field: str
    descending: bool = False

    def by(self, *, back: bool = False) -> tuple[str, str]:
        sign = "-" if self.descending != back else ""
        return f"{sign}{self.field}", f"{sign}id"

    def position(self, case: Any) -> str:
        """Where a case stands, as an address can carry it."""
        value = getattr(case, self.field)
        if isinstance(value, datetime):
            value = value.astimezone(UTC).strftime(STAMP)
        return f"{value or ''}_{case.pk}"

    def beyond(self, position: str, *, back: bool = False) -> Q | None:
        """Cases behind a position, or before it; None for a malformed one."""
        text, _, key = position.rpartition("_")
        if not (key.isascii() and key.isdecimal() and len(key) < 19):
            return None
        pk, down = int(key), self.descending != back
        further = "lt" if down else "gt"
        if not text:
            same = Q(**{f"{self.field}__isnull": True, f"pk__{further}": pk})
            return same | Q(**{f"{self.field}__isnull": False}) if down else same
        value = self._value(text)
        if value is None:
            return None
        found = Q(**{f"{self.field}__{further}": value}) | Q(**{self.field: value, f"pk__{further}": pk})
        return found if down else found | Q(**{f"{self.field}__isnull": True})

    def _value(self, text: str) -> date | datetime | str | None:
        try:
            if self.field == "received_at":
                return datetime.strptime(text, STAMP).replace(tzinfo=UTC)
            if self.field == "next_due_on":
                return date.fromisoformat(text)
        except ValueError:
            return None
        return text[:32].replace("\0", "")
