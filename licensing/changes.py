"""What a case alters in its licence: pure rules, content of the licence in, findings out (DOMAIN §3.3)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from licensing.kinds import HELD_ENTERPRISE, Kind, rules_of

Content = Mapping[str, Any]
Fault = Literal["", "nothing_changed", "site_moved", "nothing_added"]


def prefilled(content: Content) -> dict[str, Any]:
    """The sections of a draft as the licence gives them; what must be looked at again is not confirmed yet."""
    held = {key: content["enterprise"][key] for key in HELD_ENTERPRISE if key in content["enterprise"]}
    return {
        "enterprise": {**held, "confirmed": False},
        "sites": {"rows": list(content["sites"])},
        "conditions": {**content["conditions"], "confirmed": False},
    }


def filed_content(
    kind: str, content: Content, draft: Content, new_units: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The facts of a case about a licence: what the kind may alter from the draft, the rest from the licence as it is
    on the day of filing."""
    sections = rules_of(kind).all_sections
    held = {key: content["enterprise"][key] for key in HELD_ENTERPRISE if key in content["enterprise"]}
    enterprise = draft["enterprise"] if kind == Kind.CHANGE else {**draft["enterprise"], **held}
    facts = {
        "enterprise": enterprise,
        "sites": draft["sites"]["rows"] if "sites" in sections else content["sites"],
        "conditions": unconfirmed(draft["conditions"]) if "conditions" in sections else content["conditions"],
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
    if kind == Kind.RELOCATION and facts["sites"] == content["sites"]:
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
    if [s["full_address"] for s in facts["sites"]] != [s["full_address"] for s in content["sites"]]:
        found.append("site_name")
    return tuple(found)


def _adds(content: Content, facts: Content) -> bool:
    return len(facts["units"]) > len(content["units"]) or len(facts["group"]) > len(content.get("group", ()))
