"""Exemption from the visit, exemption from the test, adopted reports: pure rules (R-23…R-27, R-39…R-41; SEED 四(一)).

Facts in, one verdict for each track out, with its rule, its clause and what it rests on. The same rules speak at
filing (as a forecast), at acceptance, whenever a fact arrives, and at the decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.lifecycle.law import Clause
from core.workdays.rules import add_months
from licensing.kinds import Kind

RULES_VERSION: Final = "2015-08-04/1"
"""Names the text of these rules; kept with every decision that rests on them alone (R-85)."""

QUESTIONS: Mapping[str, Promise] = {
    "site": _("生产场所有没有重大变化"),
    "equipment": _("生产线、关键生产设备有没有重大变化"),
    "technology": _("生产工艺、技术有没有重大变化"),
    "inspection": _("检验手段有没有重大变化"),
}
"""What a renewal is asked (L2 art. 26 ¶2). Ownership is never among it (L2 art. 13, R-30)."""
CONTRADICTS: Mapping[str, str] = {
    "equipment": "equipment",
    "technology": "process",
    "inspection": "instruments",
}
"""Which part of the conditions as filed would contradict a "no"."""

SPOT_CHECK_MONTHS: Final = 6
REPORT_MONTHS: Final = 12
"""How old an adopted report may be at acceptance (R-40)."""
CLASSES: Final = ("AA", "A", "B", "C", "D")
"""Classes of supervision, best first."""
HIGH_LEVELS: Final = frozenset({"national", "provincial"})
"""Levels whose spot checks count (R-26)."""
LEVELS: Final = ("national", "provincial", "prefecture", "county")
"""Levels of authorities and of their spot checks, highest first."""

Outcome = Literal["required", "exempt", "adopted"]
REFORM: Final = Clause("SEED", "四(一)")
ADOPTION: Final = Clause("SEED", "四(三)")
VISIT: Final = Clause("L2", "第十五条")
TEST: Final = Clause("L2", "第十九条")
CHANGED: Final = Clause("L2", "第二十六条第二款")


@dataclass(frozen=True)
class Verdict:
    """What a track needs, by which rule and clause, on what facts and which earlier results (their ids)."""

    outcome: Outcome
    rule: str
    clause: Clause
    facts: Mapping[str, str] = field(default_factory=dict)
    rests_on: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pilot:
    """A switch in force: for whom it is meant, and what it rests on. An empty class asks for none."""

    least_class: str = ""
    basis: str = ""


def at_least(held: str, least: str) -> bool:
    """Whether a class of supervision meets a condition; a holder without a class meets none."""
    return not least or (held in CLASSES and CLASSES.index(held) <= CLASSES.index(least))


def at_least_as_high(own: str, other: str) -> bool:
    """Whether an authority's level is not below another."""
    return LEVELS.index(own) <= LEVELS.index(other)


def speaks_for(own: str, level: str) -> bool:
    """Whether an authority of a level may enter a spot check of that level: its own or one below, so that none makes a
    check count that it could not have ordered (R-26).

    A province also enters the nation's, which has no territory of its own (DOMAIN §8); both count alike.
    """
    return at_least_as_high(own, level) or {own, level} <= HIGH_LEVELS


def may_replace(own: str, level: str, recorded_by: str) -> bool:
    """Whether an authority of a level may end or replace a spot check: by its level, and not from below whoever
    recorded it."""
    return speaks_for(own, level) and at_least_as_high(own, recorded_by)


def with_memory(before: Mapping[str, object], after: Mapping[str, object], day: date) -> dict[str, object]:
    """Answers as saved now, with every "yes" that an earlier save had and this one has not.

    A "yes" taken back, by an honest second thought or by going back in the browser, stays on the paper.
    """
    kept = list(before.get("withdrawn", ()))  # type: ignore[call-overload]
    taken_back = [
        {"question": name, "on": day.isoformat()}
        for name in QUESTIONS
        if before.get(name) == "yes" and after.get(name) == "no"
    ]
    rest = {key: value for key, value in after.items() if key != "withdrawn"}
    return {**rest, "withdrawn": kept + taken_back} if kept or taken_back else rest


def answered_no(statement: Mapping[str, object]) -> bool:
    """Every question answered, and every answer is no."""
    return all(statement.get(name) == "no" for name in QUESTIONS)


def contradicted(
    statement: Mapping[str, object], before: Mapping[str, object], filed: Mapping[str, object]
) -> tuple[str, ...]:
    """Questions answered with no though the conditions as filed are not those of the licence (L2 art. 26 ¶2).

    A licence without conditions on record (one taken over from paper) has nothing to compare with.
    """
    return tuple(
        name
        for name, part in CONTRADICTS.items()
        if statement.get(name) == "no"
        and before.get(part)
        and _of_weight(before[part]) != _of_weight(filed.get(part))
    )


def _of_weight(value: object) -> object:
    """What counts of a part of the conditions: an instrument calibrated anew is the same one, in whatever order."""
    if isinstance(value, list):
        rows = [
            {key: str(word).strip() for key, word in row.items() if key != "valid_until"} for row in value
        ]
        return sorted(sorted(row.items()) for row in rows)
    return str(value or "").strip()


@dataclass(frozen=True)
class OnsiteFacts:
    """What decides whether a visit is needed."""

    kind: str
    statement: Mapping[str, object]
    contradicted: tuple[str, ...]
    signed: bool
    pilot: Pilot | None
    holder_class: str = ""


def onsite_verdict(case: OnsiteFacts) -> Verdict:
    """On-site verification: exempt for a renewal without major change, committed to in writing, where the pilot is on
    and its condition met (R-23, R-24)."""
    if case.kind != Kind.RENEWAL:
        return Verdict("required", f"kind_{case.kind}", VISIT)
    yes = [name for name in QUESTIONS if case.statement.get(name) == "yes"]
    if yes:
        return Verdict("required", "onsite_major_change", CHANGED, {"questions": ",".join(yes)})
    if not answered_no(case.statement):
        return Verdict("required", "onsite_unanswered", VISIT)
    if case.contradicted:
        return Verdict(
            "required", "onsite_conditions_differ", CHANGED, {"questions": ",".join(case.contradicted)}
        )
    if not case.signed:
        return Verdict("required", "onsite_uncommitted", REFORM)
    if case.pilot is None:
        return Verdict("required", "onsite_pilot_off", REFORM)
    if not at_least(case.holder_class, case.pilot.least_class):
        return Verdict(
            "required", "onsite_class_unmet", REFORM,
            {"least": case.pilot.least_class, "class": case.holder_class},
        )  # fmt: skip
    return Verdict("exempt", "onsite_no_major_change", REFORM, {"basis": case.pilot.basis})


@dataclass(frozen=True)
class SpotCheck:
    """A supervisory spot check of one unit that none supersedes. `final_on` is empty while an objection runs."""

    id: int
    reference: str
    unit_id: int
    level: str
    sampled_on: date
    final_on: date | None
    passed: bool


@dataclass(frozen=True)
class Report:
    """A test report from before the visit, by a listed laboratory, with model, sample identity and place.

    `sampled_on` is the day its sample was sealed or received: what it says of the product, it says of that day.
    """

    id: int
    reference: str
    unit_id: int
    address: str
    sampled_on: date
    reported_on: date
    passed: bool


@dataclass(frozen=True)
class ProductTest:
    """What decides whether a test is needed. `units` are those the test is for, by id.

    `spot_checks_count` is the switch of R-27 for kinds other than a renewal; `in_transition`, whether the product was
    made under a listing transition (R-15). `reports_count`: a national product, or the switch of R-41.
    """

    kind: str
    first_received_on: date
    accepted_on: date
    today: date
    units: Mapping[int, str]
    addresses: frozenset[str] = frozenset()
    spot_checks: Sequence[SpotCheck] = ()
    reports: Sequence[Report] = ()
    spot_checks_count: bool = False
    in_transition: bool = False
    reports_count: bool = False


NEVER = frozenset({Kind.CONDITION_CHANGE, Kind.RELOCATION})
"""What is made in another way or place is tested anew, whatever an earlier result said (L2 art. 26 ¶2)."""


def product_test_verdict(test: ProductTest) -> Verdict:
    """Product testing: exempt by qualifying spot checks, adopted from earlier reports, or required; each unit must be
    covered (R-26, R-27, R-40)."""
    if test.kind in NEVER or not test.units:
        return Verdict("required", f"kind_{test.kind}", TEST)
    checked = {unit: row for unit in test.units if (row := qualifying_check(test, unit))}
    flag = _outside_transition(test, checked)
    if flag is not None:
        return flag
    exempt = checked if _checks_count(test) else {}
    rest = [unit for unit in test.units if unit not in exempt]
    adopted = {unit: report for unit in rest if (report := adoptable_report(test, unit))}
    if len(exempt) == len(test.units):
        return Verdict("exempt", "testing_spot_check", REFORM, _cited(exempt, {}), _ids(exempt))
    if len(exempt) + len(adopted) == len(test.units):
        return Verdict(
            "adopted", "testing_report", ADOPTION, _cited(exempt, adopted), _ids(exempt) + _ids(adopted)
        )
    return _still_required(test, exempt.keys() | adopted.keys())


def _checks_count(test: ProductTest) -> bool:
    return test.kind == Kind.RENEWAL or (test.spot_checks_count and test.in_transition)


def _outside_transition(test: ProductTest, checked: Mapping[int, SpotCheck]) -> Verdict | None:
    """Something was sampled that had no licence yet and no transition: tested, and a matter of L2 art. 45 (R-27)."""
    if test.kind == Kind.RENEWAL or not test.spot_checks_count or test.in_transition or not checked:
        return None
    return Verdict("required", "testing_outside_transition", Clause("L2", "第四十五条"), _cited(checked, {}))


def _still_required(test: ProductTest, covered: frozenset[int] | set[int]) -> Verdict:
    """Why: a later failed check, or simply nothing that covers these units."""
    open_units = {unit: name for unit, name in test.units.items() if unit not in covered}
    failed = [check for unit in open_units if (check := _in_the_way(test, unit))]
    facts = {"units": "、".join(open_units.values())}
    if failed:
        return Verdict(
            "required", "testing_failed_check", REFORM,
            {**facts, "on": max(check.sampled_on for check in failed).isoformat()},
        )  # fmt: skip
    return Verdict("required", f"kind_{test.kind}", TEST, facts if covered else {})


def window_start(first_received_on: date) -> date:
    """Sampled on or after this day counts: received 2015-09-10 ⇒ from 2015-03-10 (R-26)."""
    return add_months(first_received_on, -SPOT_CHECK_MONTHS)


def failed_check(test: ProductTest, unit: int) -> SpotCheck | None:
    """The latest failed spot check of a unit sampled since the window of R-26 began."""
    return failed_since(test, unit, window_start(test.first_received_on))


def failed_since(test: ProductTest, unit: int, day: date) -> SpotCheck | None:
    """The latest failed spot check of a unit sampled on a day or after it, at any level, objected to or not."""
    rows = [
        row
        for row in test.spot_checks
        if row.unit_id == unit and not row.passed and day <= row.sampled_on <= test.today
    ]
    return max(rows, key=lambda row: row.sampled_on, default=None)


def qualifying_check(test: ProductTest, unit: int) -> SpotCheck | None:
    """The latest spot check that exempts a unit: national or provincial, sampled within six months before first
    receipt, passed, final by now, and not followed by a failed one (R-26)."""
    failed = failed_check(test, unit)
    rows = [
        row
        for row in test.spot_checks
        if row.unit_id == unit
        and row.passed
        and row.level in HIGH_LEVELS
        and window_start(test.first_received_on) <= row.sampled_on <= test.first_received_on
        and row.final_on is not None
        and row.final_on <= test.today
        and (failed is None or failed.sampled_on < row.sampled_on)
    ]
    return max(rows, key=lambda row: row.sampled_on, default=None)


def adoptable_report(test: ProductTest, unit: int) -> Report | None:
    """The latest report that is adopted for a unit: one that may be, and no failed spot check was sampled on the day of
    its sample or after, however long ago (R-40)."""
    rows = [row for row in _reports(test, unit) if failed_since(test, unit, row.sampled_on) is None]
    return max(rows, key=lambda row: row.reported_on, default=None)


def _reports(test: ProductTest, unit: int) -> list[Report]:
    """Reports of a unit that may be adopted: passed, of one of the places applied for, not older than a year at
    acceptance, where reports count at all (R-40, R-41)."""
    oldest = add_months(test.accepted_on, -REPORT_MONTHS)
    return [
        row
        for row in test.reports
        if test.reports_count
        and row.unit_id == unit
        and row.passed
        and row.address in test.addresses
        and oldest <= row.reported_on <= test.today
    ]


def _in_the_way(test: ProductTest, unit: int) -> SpotCheck | None:
    """The failed spot check that keeps a unit from being exempt, or a report of it from being adopted."""
    samples = [row.sampled_on for row in _reports(test, unit)]
    return failed_since(test, unit, min([window_start(test.first_received_on), *samples]))


def _cited(exempt: Mapping[int, SpotCheck], adopted: Mapping[int, Report]) -> dict[str, str]:
    """Which records a verdict rests on."""
    rows = [f"{row.reference} {row.sampled_on}" for row in exempt.values()]
    rows += [f"{row.reference} {row.reported_on}" for row in adopted.values()]
    return {"records": "；".join(rows)}


def _ids(rows: Mapping[int, SpotCheck] | Mapping[int, Report]) -> tuple[int, ...]:
    return tuple(sorted(row.id for row in rows.values()))


@dataclass(frozen=True)
class Item:
    """One line of a test report. Only what concerns safety decides (R-32)."""

    name: str
    safety: bool
    passed: bool


def report_passes(items: Sequence[Item]) -> bool:
    """A report passes when every item that concerns quality and safety does; the others are information (R-32)."""
    return all(item.passed for item in items if item.safety)
