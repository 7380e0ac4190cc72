"""One machine for each kind of application; a renewal has two, in time and late."""

from datetime import date
from typing import ClassVar

from licensing.kinds import Kind
from tests.licensing.machines.base import LifeCycleMachine
from tests.support.holders import TIMELY

AUTUMN = date(2026, 11, 2)
"""Six weeks before the licence ends, so that half of what happens falls after its term."""


class NewMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.NEW
    day: ClassVar[date] = AUTUMN


class TimelyRenewalMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.RENEWAL
    day: ClassVar[date] = TIMELY


class LateRenewalMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.RENEWAL
    day: ClassVar[date] = AUTUMN


class ChangeMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.CHANGE
    day: ClassVar[date] = AUTUMN


class ConditionChangeMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.CONDITION_CHANGE
    day: ClassVar[date] = AUTUMN


class RelocationMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.RELOCATION
    day: ClassVar[date] = AUTUMN


class ScopeExtensionMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.SCOPE_EXTENSION
    day: ClassVar[date] = AUTUMN


class ReplacementMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.REPLACEMENT
    day: ClassVar[date] = AUTUMN


class DeregistrationMachine(LifeCycleMachine):
    kind: ClassVar[str] = Kind.DEREGISTRATION
    day: ClassVar[date] = AUTUMN


MACHINES = {
    "new": NewMachine, "renewal-timely": TimelyRenewalMachine, "renewal-late": LateRenewalMachine,
    "change": ChangeMachine, "condition_change": ConditionChangeMachine, "relocation": RelocationMachine,
    "scope_extension": ScopeExtensionMachine, "replacement": ReplacementMachine,
    "deregistration": DeregistrationMachine,
}  # fmt: skip
