"""Who may do what to whose duties: pure questions on plain values (DOMAIN §8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

NATIONAL: Final = "national"
EVERY_LEVEL: Final = frozenset({NATIONAL, "provincial", "prefecture", "county"})
CASE_LEVELS: Final = frozenset({NATIONAL, "provincial", "prefecture"})

LEVELS: Final[Mapping[str, frozenset[str]]] = {
    "acceptance": CASE_LEVELS,
    "review": CASE_LEVELS,
    "approval": CASE_LEVELS,
    "head": CASE_LEVELS,
    "supervision": EVERY_LEVEL,
    "national_admin": frozenset({NATIONAL}),
    "organisation_admin": EVERY_LEVEL,
    "audit": EVERY_LEVEL,
}
"""At which levels a duty exists: cases down to the prefecture, supervision down to the county."""

DELEGATED: Final = frozenset({"acceptance", "review", "approval"})
"""What a prefecture does only where its province has entrusted it (R-19)."""

ADMINISTRATION: Final = frozenset({"organisation_admin", "national_admin"})
ONE_CASE_THREE_PEOPLE: Final = frozenset({"acceptance", "review", "approval"})

Position = Literal["own", "superior"]


@dataclass(frozen=True)
class Span:
    """`[start, end)`; an open end is None."""

    start: date
    end: date | None

    def overlaps(self, other: "Span") -> bool:
        """Whether the two have a day in common."""
        return (
            (other.end is None or self.start < other.end)
            and (self.end is None or other.start < self.end)
            and not (self.empty or other.empty)
        )

    def covers(self, other: "Span") -> bool:
        """Whether every day of the other is in this one."""
        return self.start <= other.start and (
            self.end is None or (other.end is not None and other.end <= self.end)
        )

    @property
    def empty(self) -> bool:
        return self.end is not None and self.end <= self.start


def position(
    held: Iterable[tuple[str, int, str]], *, authority_id: int, parent_id: int | None
) -> Position | None:
    """How a person stands to an authority as administrator. `held`: (kind, authority, level) of duties in force.

    "own": administers it. "superior": administers the authority directly above. The national administrator
    administers the people of the national authority as well.
    """
    mine = {
        authority
        for kind, authority, level in held
        if kind == "organisation_admin" or (kind == "national_admin" and level == NATIONAL)
    }
    if authority_id in mine:
        return "own"
    return "superior" if parent_id is not None and parent_id in mine else None


def may_grant(stand: Position | None, kind: str) -> bool:
    """One's own people get any duty; a superior appoints the administrators of the authorities below, nothing else."""
    return stand == "own" or (stand == "superior" and kind == "organisation_admin")


def exists_at(kind: str, level: str) -> bool:
    """Whether there is such a duty at an authority of this level."""
    return level in LEVELS.get(kind, frozenset())


def works_against_itself(kinds: Iterable[str]) -> bool:
    """Whether one person holds two of the three duties that one case needs three people for: allowed, and said."""
    return len(ONE_CASE_THREE_PEOPLE & set(kinds)) > 1


ResetRefusal = Literal["subject", "same", "late", "closed"]


def may_confirm_reset(
    *, actor_id: int, proposer_id: int, subject_id: int, status: str, at: datetime, expires_at: datetime
) -> ResetRefusal | None:
    """Why this person may not confirm a reset now; None when he may. Three different people, within the day."""
    if status != "open":
        return "closed"
    if actor_id == subject_id:
        return "subject"
    if actor_id == proposer_id:
        return "same"
    return "late" if at >= expires_at else None


SubstituteRefusal = Literal["self", "none", "chain", "not_throughout"]


def substitute_refusal(
    *, absent_id: int, substitute_id: int, away: Span, own: Iterable[Span], substitute_away: Iterable[Span]
) -> SubstituteRefusal | None:
    """Why a colleague cannot stand in; None when he can.

    `own`: spans of the substitute's duties at this authority held in his own right. One of them must cover the whole
    absence; whoever is away himself does not stand in, so that no duty is handed on twice.
    """
    if substitute_id == absent_id:
        return "self"
    spans = list(own)
    if not spans:
        return "none"
    if any(away.overlaps(other) for other in substitute_away):
        return "chain"
    return None if any(span.covers(away) for span in spans) else "not_throughout"


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What is left of a span when the days of others are taken out, in order."""
    left = [span]
    for other in taken:
        rest: list[Span] = []
        for piece in left:
            if not piece.overlaps(other):
                rest.append(piece)
                continue
            if piece.start < other.start:
                rest.append(Span(piece.start, other.start))
            if other.end is not None and (piece.end is None or other.end < piece.end):
                rest.append(Span(other.end, piece.end))
        left = rest
    return sorted((piece for piece in left if not piece.empty), key=lambda piece: piece.start)


def common(one: Span, other: Span) -> Span | None:
    """The days two spans share; None when there are none."""
    if not one.overlaps(other):
        return None
    ends = [end for end in (one.end, other.end) if end is not None]
    return Span(max(one.start, other.start), min(ends) if ends else None)
