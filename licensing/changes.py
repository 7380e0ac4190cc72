"""What a case alters in its licence: pure rules, content of the licence in, findings out (DOMAIN §3.3).

Cases about one licence run side by side. Each keeps `before`, the licence as it was when the case was written, so that
what it alters reaches the licence and nothing else does, whatever another case changed in the meantime.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from licensing.kinds import HELD_ENTERPRISE, Kind, rules_of

Content = Mapping[str, Any]
Fault = Literal["", "nothing_changed", "site_moved", "nothing_added"]
Sites = Sequence[Mapping[str, Any]]
TOGETHER = (("name",), ("province", "division", "address", "full_address", "xpcc"))
"""Facts of the enterprise that are altered together."""


def prefilled(content: Content) -> dict[str, Any]:
    """The sections of a draft as the licence gives them; what must be looked at again is not confirmed yet."""
    before = alterable(content)
    return {
        "before": before,
        "enterprise": {**before["enterprise"], "confirmed": False},
        "sites": {"rows": before["sites"]},
        "conditions": {**before["conditions"], "confirmed": False},
    }


def alterable(content: Content) -> dict[str, Any]:
    """Those parts of a licence that a case may alter."""
    return {
        "enterprise": _pick(content["enterprise"], HELD_ENTERPRISE),
        "sites": list(content["sites"]),
        "conditions": unconfirmed(content["conditions"]),
    }


def rebased(kind: str, draft: Content, content: Content) -> dict[str, Any]:
    """A draft about the licence as it is now: what the holder altered stays, the rest is as the licence says.

    Conditions that changed meanwhile are to be looked at again.
    """
    now, sites, conditions = alterable(content), draft["sites"], draft["conditions"]
    mine = {"enterprise": draft["enterprise"], "sites": sites["rows"], "conditions": conditions}
    new = merged(kind, draft.get("before", now), mine, now)
    same = new["conditions"] == unconfirmed(conditions)
    return {
        **draft,
        "before": now,
        "enterprise": new["enterprise"],
        "sites": {**sites, "rows": new["sites"]},
        "conditions": conditions if same else {**new["conditions"], "confirmed": False},
    }


def _pick(facts: Content, keys: Sequence[str]) -> dict[str, Any]:
    return {key: facts[key] for key in keys if key in facts}


def merged(kind: str, before: Content, mine: Content, now: Content) -> dict[str, Any]:
    """The licence as it is `now` with what the case alters: where `mine` is as `before`, the licence stands."""
    enterprise, held = dict(mine["enterprise"]), now["enterprise"]
    for keys in TOGETHER:
        if all((enterprise.get(key) or None) == (before["enterprise"].get(key) or None) for key in keys):
            enterprise = {key: value for key, value in enterprise.items() if key not in keys}
            enterprise |= _pick(held, keys)
    return {
        "enterprise": enterprise,
        "sites": _places(kind, before["sites"], mine["sites"], now["sites"]),
        "conditions": {
            key: now["conditions"].get(key) if value == before["conditions"].get(key) else value
            for key, value in unconfirmed(mine["conditions"]).items()
        },
    }


def _places(kind: str, before: Sites, mine: Sites, now: Sites) -> list[Any]:
    """A change renames places that the licence has; any other case says which they are, by the names they have now."""
    if same_places(mine, before):
        return list(now)
    after, rows = (mine, now) if kind == Kind.CHANGE else (now, mine)
    gone = sorted((row for row in before if row not in after), key=_division)
    come = sorted((row for row in after if row not in before), key=_division)
    if [_division(row) for row in gone] != [_division(row) for row in come]:
        return list(mine)
    names = {old["full_address"]: new for old, new in zip(gone, come, strict=True)}
    return [names.get(row["full_address"], row) for row in rows]


def _division(row: Mapping[str, Any]) -> str:
    return str(row["division"])


def same_places(some: Sites, others: Sites) -> bool:
    """Whether both name the same places, in whatever order."""
    return sorted(row["full_address"] for row in some) == sorted(row["full_address"] for row in others)


def filed_content(
    kind: str, content: Content, draft: Content, new_units: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The facts of a case about a licence: what the kind may alter from the draft, the rest from the licence as it is
    on the day of filing."""
    sections, now = rules_of(kind).all_sections, alterable(content)
    mine = {
        "enterprise": draft["enterprise"]
        if kind == Kind.CHANGE
        else {**draft["enterprise"], **now["enterprise"]},
        "sites": draft["sites"]["rows"] if "sites" in sections else now["sites"],
        "conditions": draft["conditions"] if "conditions" in sections else now["conditions"],
    }
    facts = {
        **merged(kind, draft.get("before", now), mine, now),
        "before": now,
        "units": [*content["units"], *new_units],
        "group": [*content.get("group", ()), *(group_rows(draft) if "group" in sections else ())],
    }
    return {**facts, "statement": draft["statement"]} if "statement" in sections else facts


def unconfirmed(section: Content) -> dict[str, Any]:
    """A section without the mark that somebody has to look at it."""
    return {key: value for key, value in section.items() if key != "confirmed"}


def group_rows(draft: Content) -> list[Any]:
    """Members of the group that the draft names."""
    return list(draft.get("group", {}).get("rows", ()))


def fault(kind: str, content: Content, facts: Content) -> Fault:
    """Why these facts are no case of this kind; empty when they are. Both in the form in which cases are filed."""
    if kind == Kind.CHANGE:
        return _fault_of_change(content, facts)
    if kind == Kind.RELOCATION and same_places(facts["sites"], content["sites"]):
        return "nothing_changed"
    if kind == Kind.CONDITION_CHANGE and facts["conditions"] == content["conditions"]:
        return "nothing_changed"
    if kind == Kind.SCOPE_EXTENSION and not _adds(content, facts):
        return "nothing_added"
    return ""


def _fault_of_change(content: Content, facts: Content) -> Fault:
    """Names may change and places may not: another county or another number of plants is a relocation."""
    before = [site["division"] for site in content["sites"]]
    if [site["division"] for site in facts["sites"]] != before:
        return "site_moved"
    return "" if altered(content, facts) else "nothing_changed"


def altered(content: Content, facts: Content) -> tuple[str, ...]:
    """Which words on the certificate a change alters, as stable keys."""
    found = []
    if facts["enterprise"]["name"] != content["enterprise"]["name"]:
        found.append("name")
    if facts["enterprise"]["full_address"] != content["enterprise"]["full_address"]:
        found.append("registered")
    if not same_places(facts["sites"], content["sites"]):
        found.append("site_name")
    return tuple(found)


def _adds(content: Content, facts: Content) -> bool:
    return len(facts["units"]) > len(content["units"]) or len(facts["group"]) > len(content.get("group", ()))
