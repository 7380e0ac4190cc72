"""What a correction may alter, as pure rules: words on the certificate in, words and content out (R-89).

A correction makes the certificate say what was decided. It never adds or takes away anything: the words it may alter
are those there are, each under a stable key; a place stays in its county, a unit stays itself, a holder himself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.parties.identifiers import clean_name, validate_uscc
from licensing.corrections.errors import (
    IsAChange,
    IssueNotLawful,
    OtherHolder,
    OtherPlace,
    OtherScope,
    TermNotLawful,
    UnknownWord,
    WordMissing,
    WordTooLong,
)
from licensing.kinds import Kind
from licensing.profile import PROFILE
from licensing.rules import Term, licence_term
from licensing.terms import deemed_term, renewal

Words = Mapping[str, str]
Content = Mapping[str, Any]
DATES = ("issued_on", "valid_from", "valid_until")
NUMBER = "number"
LONGEST: Mapping[str, int] = {"registered_address": 300, "site": 300, "full_address": 300}
SHORT = 100


@dataclass(frozen=True)
class Change:
    """One thing on the certificate: what it says and what it should say, `after` empty for a number not drawn yet."""

    key: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        return {"key": self.key, "before": self.before, "after": self.after}


def changes_from_json(rows: Iterable[Mapping[str, str]]) -> tuple[Change, ...]:
    return tuple(Change(row["key"], row["before"], row["after"]) for row in rows)


def group_of(key: str) -> str:
    """The kind of thing a key names: `site-0` is a site, `unit-12` a unit, `member-1-name` a member."""
    return key.partition("-")[0]


def words_of(content: Content, category: str, units: Sequence[tuple[int, str]]) -> dict[str, str]:
    """Every word on a certificate that a correction may alter, by its key, in the order of the paper."""
    enterprise = content["enterprise"]
    found = {
        "holder_name": enterprise["name"],
        "uscc": enterprise["uscc"],
        "registered_address": enterprise["full_address"],
        **{f"site-{place}": site["full_address"] for place, site in enumerate(content["sites"])},
        "category_name": category,
        **{f"unit-{pk}": name for pk, name in units},
    }
    for place, member in enumerate(content.get("group", ())):
        found |= {f"member-{place}-{part}": member[part] for part in ("name", "uscc", "full_address")}
    return found


def changes_in(now: Words, wanted: Words) -> tuple[Change, ...]:
    """What differs from what the certificate says, in the order of the paper. Raises UnknownWord."""
    for key in wanted:
        if key not in now:
            raise UnknownWord("words", key=key)
    tidy = {key: _tidy(value) for key, value in wanted.items()}
    return tuple(
        Change(key, before, tidy[key])
        for key, before in now.items()
        if key in tidy and tidy[key] != _tidy(before)
    )


def _tidy(word: str) -> str:
    """One space where there are several: spaces alone are no error."""
    return " ".join(word.split())


def rebased(changes: Iterable[Change], now: Words) -> tuple[Change, ...]:
    """The same corrections on the certificate as it is now; what it says rightly meanwhile falls away."""
    return changes_in(now, {row.key: row.after for row in changes if row.key in now})


@dataclass(frozen=True)
class Bounds:
    """What the rules ask of a licence. `names` are the names of other units, categories by key; `filed` the words that
    the holder himself wants altered in a case under way."""

    uscc: str
    places: Words
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    filed: frozenset[str] = frozenset()


def judged(change: Change, bounds: Bounds) -> Change:
    """One corrected word in its canonical form. Raises the refusal at its key."""
    key, after = change.key, change.after
    if not after:
        raise WordMissing(key)
    if after in bounds.filed:
        raise IsAChange(key)
    part = key.rpartition("-")[2] if group_of(key) == "member" else group_of(key)
    if part == "uscc":
        after = validate_uscc(after, key)
        if key == "uscc" and after != bounds.uscc:
            raise OtherHolder(key, uscc=bounds.uscc)
    elif part in ("holder_name", "name"):
        after = clean_name(after, key)
    limit = LONGEST.get(part, SHORT)
    if len(after) > limit:
        raise WordTooLong(key, limit=limit)
    place = bounds.places.get(key, "")
    if place and (not after.startswith(place) or after == place):
        raise OtherPlace(key, place=place)
    if after in bounds.names.get(key, frozenset()):
        raise OtherScope(key, name=after)
    return Change(key, change.before, after)


def place_of(row: Mapping[str, Any]) -> str:
    """Province to county of an address, which a correction keeps; empty where it is not told apart from the street."""
    full, street = str(row.get("full_address", "")), str(row.get("address", ""))
    return full.removesuffix(street) if street and full.endswith(street) else ""


def places_of(content: Content) -> dict[str, str]:
    """The part of each address that stays."""
    found = {"registered_address": place_of(content["enterprise"])}
    found |= {f"site-{place}": place_of(site) for place, site in enumerate(content["sites"])}
    for place, member in enumerate(content.get("group", ())):
        found[f"member-{place}-full_address"] = place_of(member)
    return found


def corrected_content(content: Content, words: Words) -> dict[str, Any]:
    """The content of the licence with the corrected words; everything else stays as it is."""
    enterprise = dict(content["enterprise"])
    enterprise |= {to: words[key] for key, to in (("holder_name", "name"), ("uscc", "uscc")) if key in words}
    if "registered_address" in words:
        enterprise = _moved(enterprise, words["registered_address"])
    found = {
        **content,
        "enterprise": enterprise,
        "sites": [
            _moved(site, words[f"site-{place}"]) if f"site-{place}" in words else site
            for place, site in enumerate(content["sites"])
        ],
        "units": [
            {**unit, "name_zh": words.get(f"unit-{unit['id']}", unit["name_zh"])}
            for unit in content.get("units", ())
        ],
    }
    if "category_name" in words:
        found["category"] = {**content["category"], "name_zh": words["category_name"]}
    if content.get("group"):
        found["group"] = [_member(row, place, words) for place, row in enumerate(content["group"])]
    return found


def _moved(row: Mapping[str, Any], full: str) -> dict[str, Any]:
    return {**row, "full_address": full, "address": full.removeprefix(place_of(row))}


def _member(row: Mapping[str, Any], place: int, words: Words) -> dict[str, Any]:
    found = dict(row)
    for part in ("name", "uscc"):
        found[part] = words.get(f"member-{place}-{part}", row[part])
    address = words.get(f"member-{place}-full_address")
    return _moved(found, address) if address else found


@dataclass(frozen=True)
class Given:
    """The decision that gave the present term: of a new licence, or a renewal of one that ended on a day."""

    kind: str
    decided_on: date
    ends_on: date | None = None
    deemed: bool = False


def lawful_term(given: Given) -> Term:
    """The term that the decision gave by law, whatever stands on the certificate (DOMAIN §3.3 "Dates")."""
    if given.kind == Kind.NEW or given.ends_on is None:
        return licence_term(given.decided_on, PROFILE.term_years)
    if given.deemed:
        return deemed_term(given.ends_on)
    return renewal(given.decided_on, given.ends_on).term


def require_lawful(term: Term, first: date, last: date) -> None:
    """A correction never gives a day more, or less, than the decision did. Raises TermNotLawful."""
    if (first, last) != (term.valid_from, term.valid_until):
        raise TermNotLawful("dates", first=term.valid_from, last=term.valid_until)


def require_issued(lawful: date, day: date) -> None:
    """The certificate is of the day of the act it was issued by. Raises IssueNotLawful."""
    if day != lawful:
        raise IssueNotLawful("dates", day=lawful)
