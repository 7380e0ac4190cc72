"""What a correction notice may cite, and what an answer changed: pure rules (R-31; L1 art. 32 ¶1(4)).

Two documents the applicant gives and the fields he fills in, as far as the kind has them. The application
form is written by the system from these fields, so it is cited by the field.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from licensing.exemptions import QUESTIONS
from licensing.kinds import Kind, rules_of

REASON_LIMIT = 500
"""Characters of one reason."""


@dataclass(frozen=True)
class Target:
    """One thing a notice can cite. `keys` are the entries of the draft's section that belong to it."""

    code: str
    section: str
    label: Promise
    keys: tuple[str, ...] = ()

    @property
    def is_document(self) -> bool:
        return not self.keys


TARGETS: Mapping[str, Target] = {
    row.code: row
    for row in (
        Target("business_licence", "business_licence", _("营业执照")),
        Target("commitment_letter", "commitment", _("承诺书")),
        Target("enterprise.name", "enterprise", _("企业名称"), ("name",)),
        Target("enterprise.legal_representative", "enterprise", _("法定代表人"), ("legal_representative",)),
        Target(
            "enterprise.address", "enterprise", _("住所"),
            ("province", "division", "address", "full_address", "xpcc"),
        ),
        Target("enterprise.contact", "enterprise", _("联系人"), ("contact",)),
        Target("enterprise.phone", "enterprise", _("联系电话"), ("phone",)),
        Target("product.units", "product", _("产品单元"), ("units",)),
        Target("sites.rows", "sites", _("生产地址"), ("rows",)),
        Target("conditions.equipment", "conditions", _("关键生产设备"), ("equipment",)),
        Target("conditions.instruments", "conditions", _("主要检验仪器"), ("instruments",)),
        Target("conditions.process", "conditions", _("工艺与技术文件"), ("process",)),
        Target("conditions.staff", "conditions", _("技术人员"), ("staff",)),
        Target("group.rows", "group", _("集团公司所属单位"), ("rows",)),
        Target(
            "statement.detail", "statement", _("情况说明"),
            ("detail", "cause", "causes", "happened_on", "not_moved", *QUESTIONS, "withdrawn"),
        ),
    )
}  # fmt: skip


HELD_TARGETS = frozenset({"enterprise.name", "enterprise.address"})
"""What only a change alters (L2 art. 29)."""


def targets_of(kind: str) -> dict[str, Target]:
    """What a notice on a case of this kind can cite: what its form asks for, less what stands on the licence."""
    sections = rules_of(kind).all_sections
    held = HELD_TARGETS if kind not in (Kind.NEW, Kind.CHANGE) else frozenset()
    return {code: row for code, row in TARGETS.items() if row.section in sections and code not in held}


def unknown_targets(codes: Iterable[str], kind: str = Kind.NEW) -> tuple[str, ...]:
    """Codes that no notice may cite: an environmental report, a fourth document, a field of no form."""
    known = targets_of(kind)
    return tuple(code for code in codes if code not in known)


def sections_open(cited: Iterable[str], kind: str = Kind.NEW) -> frozenset[str]:
    """Sections the applicant may open to answer; signing anew is one where there is a letter, which covers the text."""
    signed = {"commitment"} if rules_of(kind).has_commitment else set()
    return frozenset({TARGETS[code].section for code in cited} | signed)


def outside_notice(
    section: str, before: Mapping[str, Any], after: Mapping[str, Any], cited: Iterable[str]
) -> tuple[str, ...]:
    """Keys of a section that changed though the notice does not cite them; `confirmed` is no content."""
    open_keys = {key for code in cited if TARGETS[code].section == section for key in TARGETS[code].keys}
    changed = {key for key in {*before, *after} if _plain(before.get(key)) != _plain(after.get(key))}
    return tuple(sorted(changed - open_keys - {"confirmed"}))


def _plain(value: Any) -> Any:
    """A missing tick and an unset one are the same; so are a missing text and an empty one."""
    return value or None


def changed_targets(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """Targets whose content differs between two filings (facts as kept in `Filing.facts`)."""
    return frozenset(
        code
        for code, target in TARGETS.items()
        if any(
            _entry(before, target.section, key) != _entry(after, target.section, key) for key in target.keys
        )
    )


def _entry(facts: Mapping[str, Any], section: str, key: str) -> Any:
    if section == "product":
        return sorted(unit["id"] for unit in facts.get("units", ()))
    if section in ("sites", "group"):
        return facts.get(section) or None
    return _plain(facts.get(section, {}).get(key))


@dataclass(frozen=True)
class Difference:
    """One target before and after, each as lines of text."""

    target: Target
    before: tuple[str, ...]
    after: tuple[str, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What a resubmission changed, in the order of the form."""
    changed = changed_targets(before, after)
    return tuple(
        Difference(target, lines_of(before, code), lines_of(after, code))
        for code, target in TARGETS.items()
        if code in changed
    )


def lines_of(facts: Mapping[str, Any], code: str) -> tuple[str, ...]:
    """The content of one target as people read it; a document has no lines."""
    target = TARGETS[code]
    if not target.keys:
        return ()
    if code == "product.units":
        return tuple(unit["name_zh"] for unit in facts.get("units", ()))
    if code == "sites.rows":
        return tuple(row["full_address"] for row in facts.get("sites", ()))
    if code == "group.rows":
        return tuple(f"{row['name']} {row['uscc']} {row['full_address']}" for row in facts.get("group", ()))
    section = facts.get(target.section, {})
    if code == "enterprise.address":
        return (str(section.get("full_address", "")),)
    value = section.get(target.keys[0], "")
    if isinstance(value, list):
        return tuple(
            " · ".join(str(part) for part in row.values() if part not in ("", None)) for row in value
        )
    return tuple(str(value).split("\n"))
