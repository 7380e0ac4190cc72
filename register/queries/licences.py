"""Licences as pages show them: search, one licence, the figures of the front page (DOMAIN §7.4, R-51)."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet, Subquery
from django.utils.translation import get_language

from core.lifecycle.law import Clause, clauses_from_json
from licensing.corrections.words import wrong_words
from licensing.kinds import Kind
from licensing.statement import Row, statement_rows
from licensing.terms import RUNNING, LicenceStatus, TermOn, term_on
from register.models import Desk, Freshness, Licence, LicenceEvent, Progress
from register.search import Question, understand

PAGE = 20
RECENT = 5
TONES = {"valid": "ok", "valid_deemed": "ok", "expired": "wait"}


def english() -> bool:
    """Whether the request's language is English."""
    return (get_language() or "").startswith("en")


def _pending() -> Subquery:
    return Subquery(Freshness.public.values("pending_since")[:1])


def as_of(pending_since: datetime | None, now: datetime) -> datetime:
    """The moment the register is true for: now, or when the oldest news it has not taken in was written."""
    return min(pending_since, now) if pending_since else now


@dataclass(frozen=True)
class LicenceView:
    """A licence on a day: status in the word of that day, names in the reader's language if there are two."""

    row: Licence
    today: date
    events: tuple["EventView", ...] = ()
    as_of: datetime | None = None

    @cached_property
    def term(self) -> TermOn:
        row = self.row
        stored = TermOn(LicenceStatus(row.status), row.valid_from, row.valid_until, self.today)
        return term_on(stored, row.renews_until)

    @property
    def status(self) -> LicenceStatus:
        return self.term.word

    @property
    def valid_from(self) -> date:
        return self.term.valid_from

    @property
    def valid_until(self) -> date:
        return self.term.valid_until

    @property
    def status_label(self) -> Any:
        return self.status.label

    @property
    def tone(self) -> str:
        return TONES.get(self.status, "stop")

    @property
    def in_force(self) -> bool:
        return self.term.in_force

    @property
    def is_on_paper(self) -> bool:
        """A paper certificate taken over from a record: nobody signed anything electronic for it (R-90)."""
        return self.row.imported_on is not None and self.row.version == 0

    @property
    def certificate_form(self) -> str:
        """electronic, being_signed, or paper."""
        if self.is_on_paper:
            return "paper"
        return "electronic" if self.row.certificate_version else "being_signed"

    @property
    def gaps(self) -> list[tuple[date, date]]:
        """Days between two terms, both included, that no licence covered."""
        return [(date.fromisoformat(row["from"]), date.fromisoformat(row["to"])) for row in self.row.gaps]

    @property
    def commitments(self) -> list["CommitmentView"]:
        """What the holder committed to, newest first."""
        return [CommitmentView.of(row) for row in self.row.commitments]

    @property
    def category(self) -> str:
        return (
            self.row.category_name_en if english() and self.row.category_name_en else self.row.category_name
        )

    @property
    def units(self) -> list[str]:
        return [unit["en"] if english() and unit.get("en") else unit["zh"] for unit in self.row.units]

    @property
    def authority(self) -> str:
        return self.row.authority_name_en if english() else self.row.authority_name


@dataclass(frozen=True)
class CommitmentView:
    """One letter as signed, in the words of its day; who signed is not here (R-28)."""

    kind: str
    version: str
    signed_on: date
    paragraphs: list[str]
    sha256: str

    @classmethod
    def of(cls, row: Mapping[str, str]) -> "CommitmentView":
        day = date.fromisoformat(row["signed_on"])
        return cls(str(Kind(row["kind"]).label), row["version"], day, row["text"].split("\n"), row["sha256"])


@dataclass(frozen=True)
class EventView:
    """One line of a licence's history."""

    kind: str
    on: date
    version: int
    basis: tuple[Clause, ...]
    stated: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, Any] = field(default_factory=dict)

    @property
    def statement(self) -> list[Row]:
        """What the holder declared, line by line; empty for every other act."""
        return statement_rows(Kind.REPLACEMENT, self.stated) if self.stated else []

    @property
    def reason(self) -> str:
        """Why a certificate was corrected; empty for every other act."""
        return str(self.corrected.get("reason", ""))

    @property
    def wrong(self) -> str:
        """Which things on it were wrong, in words."""
        return wrong_words(self.corrected.get("wrong", ()))

    @property
    def is_legal_act(self) -> bool:
        return self.kind.startswith("licensing.")


def _event(event: LicenceEvent) -> EventView:
    return EventView(
        event.kind, event.on, event.version, clauses_from_json(event.basis), event.stated, event.corrected
    )


def licence_by(*, now: datetime, today: date, **key: str) -> LicenceView | None:
    """One licence by `number` or `opaque_id` with its history, newest first: two queries, and one more for a number
    that the licence had in error (R-89)."""
    row = _row(**key) or (_row(former_numbers__contains=[key["number"]]) if "number" in key else None)
    if row is None:
        return None
    events = LicenceEvent.public.filter(licence_id=row.pk).order_by("-position")
    return LicenceView(row, today, tuple(_event(e) for e in events), as_of(row.pending_since, now))


def _row(**key: Any) -> Any:
    return Licence.public.filter(**key).annotate(pending_since=_pending()).first()


def number_of(question: Question) -> str:
    """The number of the licence a question names exactly; empty if none. One query, two for a number that is none or
    was an error, none for words."""
    key = {"number": "number", "opaque": "opaque_id"}.get(question.kind)
    if key is None:
        return ""
    numbers = Licence.public.values_list("number", flat=True)
    found = numbers.filter(**{key: question.value}).first()
    if found is None and question.kind == "number":
        found = numbers.filter(former_numbers__contains=[question.value]).first()
    return found or ""


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything unknown in it is left out."""

    question: Question
    category: str = ""
    province: str = ""
    status: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        status = query.get("status", "")
        return cls(
            question=understand(query.get("q", "")),
            category=_word(query.get("category", "")),
            province=_word(query.get("province", "")),
            status=status if status in LicenceStatus.values else "",
            after=query.get("after", "")[:400],
        )

    @property
    def narrowed(self) -> bool:
        return bool(self.question.text or self.category or self.province or self.status)


def _word(text: str) -> str:
    return text if len(text) <= 40 and text.isascii() and text.replace("-", "").isalnum() else ""


@dataclass(frozen=True)
class SearchPage:
    """One page of results with the choices of its filters; `next_cursor` leads on, None on the last page."""

    rows: tuple[LicenceView, ...]
    filters: Filters
    categories: tuple[tuple[str, str], ...]
    provinces: tuple[tuple[str, str], ...]
    as_of: datetime
    next_cursor: str | None = None

    @property
    def statuses(self) -> list[tuple[str, Any]]:
        return LicenceStatus.choices


def search(filters: Filters, *, now: datetime, today: date) -> SearchPage:
    """A page of licences by holder's name (pinyin): two queries, however many there are."""
    desk = Desk.public.get()
    rows = _matching(filters, today) if filters.question.kind != "too_short" else []
    place = 2 if english() else 1
    return SearchPage(
        rows=tuple(LicenceView(row, today) for row in rows[:PAGE]),
        filters=filters,
        categories=tuple((row[0], row[place]) for row in desk.categories),
        provinces=tuple((row[0], row[place]) for row in desk.provinces),
        as_of=as_of(desk.pending_since, now),
        next_cursor=_cursor(rows[PAGE - 1]) if len(rows) > PAGE else None,
    )


def _matching(filters: Filters, today: date) -> list[Licence]:
    found = Licence.public.all()
    if filters.category:
        found = found.filter(category_key=filters.category)
    if filters.province:
        found = found.filter(province=filters.province)
    if filters.status:
        found = found.filter(status_is(filters.status, today))
    found = _answering(found, filters.question)
    if place := _place(filters.after):
        sort, number = place
        found = found.filter(Q(holder_sort__gte=sort) & (Q(holder_sort__gt=sort) | Q(number__gt=number)))
    return list(found.defer("commitments").order_by("holder_sort", "number")[: PAGE + 1])


def _answering(found: QuerySet[Licence], question: Question) -> QuerySet[Licence]:
    if question.kind in ("number", "opaque"):
        key = "number" if question.kind == "number" else "opaque_id"
        return found.filter(**{key: question.value})
    if question.kind == "uscc":
        return found.filter(uscc=question.value)
    for word in question.words:
        pairs = [word[start : start + 2] for start in range(len(word) - 1)]
        if pairs:
            found = found.filter(grams__contains=pairs)
        if len(word) != 2:
            found = found.filter(folded__contains=word)
    return found


def status_is(status: str, today: date) -> Q:
    """Licences whose word for today is `status`, in SQL: the same rule as `licensing.terms.term_on`."""
    over = Q(status__in=RUNNING, valid_until__lt=today)
    if status == LicenceStatus.EXPIRED:
        return Q(status=LicenceStatus.EXPIRED) | over & Q(renews_until__isnull=True)
    if status == LicenceStatus.VALID_DEEMED:
        return Q(status=LicenceStatus.VALID_DEEMED, valid_until__gte=today) | over & Q(
            renews_until__isnull=False
        )
    if status in RUNNING:
        return Q(status=status, valid_until__gte=today)
    return Q(status=status)


def _cursor(row: Licence) -> str:
    return base64.urlsafe_b64encode(f"{row.holder_sort}\n{row.number}".encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[str, str] | None:
    """Sort key and number to go on after; None for the first page and for a cursor nobody gave out."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (ValueError, binascii.Error):
        return None
    sort, newline, number = text.partition("\n")
    return (sort, number) if newline and "\x00" not in text else None


@dataclass(frozen=True)
class Figures:
    """The front page's figures; `median_days` in working days, None before the first decision of the year."""

    valid_licences: int
    median_days: str | None
    overdue: int


class Median(Aggregate):
    """The middle value, interpolated between two (PostgreSQL)."""

    name = "Median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def figures(today: date) -> Figures:
    """Valid licences, the year's median from acceptance to decision, undecided cases overdue: two queries."""
    words = [Licence.public.filter(status_is(word, today)).values("status") for word in sorted(RUNNING)]
    valid = words[0].union(*words[1:], all=True).count()
    open_late = Q(due_on__lt=today, decided_on__isnull=True, closed_on__isnull=True)
    row = Progress.public.filter(Q(decided_on__year=today.year) | open_late).aggregate(
        median=Median(F("working_days")), overdue=Count("pk", filter=open_late)
    )
    median = row["median"]
    return Figures(valid, None if median is None else f"{median:.1f}".removesuffix(".0"), row["overdue"])


def recent_grants() -> list[dict[str, Any]]:
    """The latest licences, for the front page: one query."""
    rows = Licence.public.order_by("-issued_on", "-number")[:RECENT]
    return [
        {
            "number": row.number,
            "enterprise": row.holder_name,
            "product": LicenceView(row, row.issued_on).category,
            "granted_on": row.issued_on,
        }
        for row in rows
    ]
