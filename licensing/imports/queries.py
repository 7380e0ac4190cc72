"""Imports as the offices see them, their findings page by page, and what one portion loaded."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from core.parties.competence import Standing
from licensing.imports.columns import label_of
from licensing.imports.findings import KINDS, SEVERITIES
from licensing.imports.lifecycle import AT_WORK, Status
from licensing.imports.models import Batch, Found, Row

READERS = ("acceptance", "approval", "audit", "national_admin")
PAGE = 25
FINDINGS_PAGE = 50


def visible(standing: Standing) -> QuerySet[Batch]:
    """Clerks and approvers see those of their own authority, the nation's administrator and auditor all (DOMAIN §8)."""
    rows = Batch.objects.select_related("authority", "uploaded_by", "decided_by", "document__blob")
    if standing.is_national_admin or standing.audits_everything:
        return rows
    return rows.filter(authority_id__in=standing.authorities("acceptance", "approval", "audit"))


def find(standing: Standing, public_id: UUID | str) -> Batch | None:
    """One visible import; None for hidden and absent alike."""
    return visible(standing).filter(public_id=public_id).first()


def page_of(standing: Standing, after: str = "") -> tuple[list[Batch], str]:
    """One page, the newest first, and the position behind it; an odd position starts at the top."""
    rows = visible(standing)
    if place := _place(after):
        rows = rows.filter(pk__lt=place)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else ""


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def waiting_for_second(standing: Standing) -> QuerySet[Batch]:
    """Checked imports with something to load that this approver may decide on: uploaded by somebody else."""
    rows = Batch.objects.filter(
        status=Status.CHECKED, rows_ready__gt=0, authority_id__in=standing.authorities("approval")
    )
    return rows.exclude(uploaded_by_id=standing.user_id)


def waiting_for_correction(standing: Standing) -> QuerySet[Batch]:
    """Imports this clerk uploaded in whose rows errors were found."""
    return Batch.objects.filter(status=Status.CHECKED, rows_wrong__gt=0, uploaded_by_id=standing.user_id or 0)


def at_work(at: datetime) -> list[tuple[UUID, str]]:
    """What is to be checked or loaded, the oldest first, without what failed and waits; one query on the index."""
    due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=at)
    rows = Batch.objects.filter(due, status__in=AT_WORK).order_by("pk")
    return list(rows.values_list("public_id", "status"))


@dataclass(frozen=True)
class FindingView:
    """One finding in words."""

    line: int
    column: Any
    code: str
    severity: str
    title: Any
    value: str
    words: str

    @property
    def severity_label(self) -> Any:
        return SEVERITIES[self.severity]


def _view(row: Found) -> FindingView:
    kind = KINDS[row.code]
    words = str(kind.words)
    return FindingView(
        row.line, label_of(row.column), row.code, row.severity, kind.title, row.value,
        words % _named(row.params) if row.params else words,
    )  # fmt: skip


def _named(params: dict[str, str]) -> dict[str, str]:
    """Parameters for people: names of columns in their language."""
    named = dict(params)
    for key in ("later", "earlier"):
        if key in named:
            named[key] = str(label_of(named[key]))
    if "columns" in named and not named["columns"].isdecimal():
        named["columns"] = "、".join(str(label_of(key)) for key in named["columns"].split(","))
    return named


@dataclass(frozen=True)
class Filter:
    """Which findings: of one kind, or of one severity; anything unknown asks for all."""

    code: str = ""
    severity: str = ""

    @classmethod
    def read(cls, code: str, severity: str) -> "Filter":
        return cls(code if code in KINDS else "", severity if severity in SEVERITIES else "")

    def of(self, batch: Batch) -> QuerySet[Found]:
        rows = Found.objects.filter(batch=batch)
        if self.code:
            return rows.filter(code=self.code)
        return rows.filter(severity=self.severity) if self.severity else rows


def findings_page(batch: Batch, chosen: Filter, after: str = "") -> tuple[list[FindingView], str]:
    """One page of findings in the order of rows, and the position behind it (`line.id`); one query."""
    rows = chosen.of(batch)
    line, _dot, pk = after.partition(".")
    if _place(line) and _place(pk):
        rows = rows.filter(Q(line__gt=int(line)) | Q(line=int(line), pk__gt=int(pk)))
    found = list(rows.order_by("line", "id")[: FINDINGS_PAGE + 1])
    shown = found[:FINDINGS_PAGE]
    position = f"{shown[-1].line}.{shown[-1].pk}" if len(found) > FINDINGS_PAGE else ""
    return [_view(row) for row in shown], position


def all_findings(batch: Batch, chosen: Filter) -> Iterator[FindingView]:
    """Every finding in the order of rows, for an export; read piece by piece."""
    for row in chosen.of(batch).order_by("line", "id").iterator(chunk_size=2_000):
        yield _view(row)


@dataclass(frozen=True)
class KindCount:
    """How often one kind was found."""

    code: str
    severity: str
    title: Any
    count: int

    @property
    def severity_label(self) -> Any:
        return SEVERITIES[self.severity]


def kinds_found(batch: Batch) -> list[KindCount]:
    """Every kind that was found, errors first, the most frequent first; one query."""
    rows = Found.objects.filter(batch=batch).values("code").annotate(count=Count("pk"), kind=F("severity"))
    order = list(SEVERITIES)
    found = [KindCount(row["code"], row["kind"], KINDS[row["code"]].title, row["count"]) for row in rows]
    return sorted(found, key=lambda row: (order.index(row.severity), -row.count, row.code))


def loaded_in(public_id: UUID | str, part: int) -> list[str]:
    """Numbers of the licences that one portion loaded."""
    rows = Row.objects.filter(batch__public_id=public_id, loaded_in=part)
    return list(rows.order_by("line").values_list("number", flat=True))
