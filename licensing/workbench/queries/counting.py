"""Counts that cost the same however much there is: nobody needs to know whether it is 4,000 or 4,100."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 1_000


@dataclass(frozen=True)
class Count:
    """How many, counted as far as `MOST`."""

    number: int

    @property
    def is_more(self) -> bool:
        return self.number >= MOST

    def __str__(self) -> str:
        return f"{MOST - 1}+" if self.is_more else str(self.number)

    def __bool__(self) -> bool:
        return bool(self.number)

    def __eq__(self, other: object) -> bool:
        return self.number == (other.number if isinstance(other, Count) else other)

    def __hash__(self) -> int:
        return hash(self.number)


def bounded(questions: Mapping[str, QuerySet[Any]]) -> dict[str, Count]:
    """Each counted as far as `MOST`, all in one query: the database stops looking where the bound is reached."""
    found = dict.fromkeys(questions, Count(0))
    parts: list[str] = []
    params: list[Any] = []
    for name, rows in questions.items():
        try:
            sql, values = rows.order_by().values("pk")[:MOST].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT '{name}', (SELECT count(*) FROM ({sql}) few)")
        params += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            found |= {name: Count(number) for name, number in cursor.fetchall()}
    return found
