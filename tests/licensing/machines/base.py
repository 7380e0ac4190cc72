"""The machine of all kinds: its rules are people's acts, time, and the sweep; after each step every invariant holds."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import ClassVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.lifecycle.dates import SHANGHAI
from core.lifecycle.errors import DomainError
from licensing.actions.papers import write_papers
from licensing.lifecycle import FINAL, Status
from licensing.models import Application
from tests.licensing.machines import sweeping, ways
from tests.licensing.machines.facts import Facts, print_of_everything
from tests.licensing.machines.invariants import INVARIANTS
from tests.licensing.machines.papers import sign
from tests.licensing.machines.stage import MAY, UNVERSIONED, Stage
from tests.support import world
from tests.support.moves import MOVES, open_task

NAMES = sorted(MOVES)
PEOPLE = (
    "applicant", "clerk", "reviewer", "approver", "second_approver", "head", "all_duties", "another_province",
    "another_enterprise",
)  # fmt: skip
SELDOM = st.integers(0, 7).map(lambda number: number == 0)
MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)


class LifeCycleMachine(RuleBasedStateMachine):
    """One example: a stage as it was, an application of its kind, and whatever happens to it.

    Once that has come to its end, people turn to the other case on the licence. Everything is rolled back at the end of
    the example. `tally` counts steps, acts done and acts refused.
    """

    tally: ClassVar[Counter[str]] = Counter()

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.case = stage.main
        self.stage, self.now = stage, world.at(stage.day, 10)
        self.moved_at = self.now
        self.swept = False
        self.ended: dict[int, tuple[object, ...]] = {}
        self.terms: dict[int, tuple[date, date]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    @initialize(name=st.sampled_from(sorted(ways.BEGINNINGS)))
    def begin(self, name: str) -> None:
        """The case has come some way already."""
        for move, person in ways.beginning(name, reviewed=self.stage.main.rules.reviewed):
            assert self.act(move, person), f"the straight way stops at {move}"

    # People

    @rule(name=st.sampled_from(NAMES), person=st.sampled_from(PEOPLE), stale=SELDOM)
    def blindly(self, name: str, person: str, stale: bool) -> None:
        """Anything by anybody, at the wrong time, by the wrong person, from an old page."""
        self.act(name, person, stale=stale)

    @rule(what=st.integers(0, 59), who=st.integers(0, 5), stale=SELDOM)
    def plausibly(self, what: int, who: int, stale: bool) -> None:
        """Something people do with a case at this point of its way."""
        step = ways.plausible_step(self.stage, self._fresh(self.case), what, who)
        if step is not None:
            self.act(*step, stale=stale)

    @rule(what=st.integers(0, 59), who=st.integers(0, 5))
    def and_then(self, what: int, who: int) -> None:
        """The same, oftener."""
        self.plausibly(what, who, False)

    @rule()
    def go_on(self) -> None:
        """What comes next by whom it should."""
        self._go_on(self.case)

    @precondition(lambda self: self.stage.aside is not None)
    @rule()
    def the_other_case_goes_on(self) -> None:
        """Another case on the same licence, or the end of the licence on request."""
        assert self.stage.aside is not None
        self._go_on(self.stage.aside)

    @rule(who=st.sampled_from(("approver", "second_approver", "all_duties")))
    def deregistration(self, who: str) -> None:
        """Somebody ends the licence ex officio, or proposes to."""
        if open_task(self._fresh(self.case)) is None:
            self.act("propose_deregistration", "all_duties" if who == "approver" else "reviewer")
        else:
            self.act("deregister", who)

    @rule()
    def correct_and_answer(self) -> None:
        """The applicant puts right what a notice cited, and answers it."""
        if self.act("correct", "applicant"):
            self.act("resubmit", "applicant")

    @rule(newest_first=st.booleans())
    def certificates_come(self, newest_first: bool) -> None:
        """The signing worker comes to what was ordered, in either order."""
        self._step("certificates")
        sign(newest_first=newest_first, at=self.now)

    # Time

    @rule(days=st.integers(1, 12), sweeping_on=st.booleans())
    def days_pass(self, days: int, sweeping_on: bool) -> None:
        """With the sweep at work, or away until it is heard of again."""
        self._until(self.now + days * ONE_DAY, sweeping_on)

    @rule(offset=st.sampled_from((-1, 0, 1, 4)), sweeping_on=st.booleans())
    def to_the_due_date(self, offset: int, sweeping_on: bool) -> None:
        """To the morning of the day something is due, the day before or after."""
        case = self._fresh(self.case)
        day = case.next_due_on
        if day is None and case.status == Status.CORRECTION_REQUESTED:
            day = case.correction.lapses_after
        if day is not None:
            self._until(datetime.combine(day + offset * ONE_DAY, time(9), tzinfo=SHANGHAI), sweeping_on)

    @rule(minutes=st.sampled_from((-1, 0, 1, 600)), sweeping_on=st.booleans())
    def to_the_end_of_the_term(self, minutes: int, sweeping_on: bool) -> None:
        """To about 00:00 after the last day of the licence."""
        case = self._fresh(self.case)
        if case.licence is not None:
            midnight = datetime.combine(case.licence.valid_until + ONE_DAY, time(), tzinfo=SHANGHAI)
            if midnight - self.now < timedelta(days=400):
                self._until(midnight + minutes * MINUTE, sweeping_on)

    @rule()
    def the_sweep_comes(self) -> None:
        """Twice: what it did once it does not do again."""
        self._step("sweeps")
        sweeping.sweep(self.now)
        before = print_of_everything()
        assert sweeping.sweep(self.now) == 0 and print_of_everything() == before, "done twice"
        self.swept = True

    # What a rule is made of

    def act(self, name: str, person: str, *, stale: bool = False, on: Application | None = None) -> bool:
        """Do it; True when it was done. Refused it must have changed nothing, and done by who may."""
        self._step("tried")
        case = self._fresh(on or self.case)
        before = print_of_everything()
        try:
            MOVES[name](case, self.stage.people[person], self.now, max(case.version - stale, 0))
        except DomainError as error:
            assert print_of_everything() == before, f"{name} was refused ({error.code}) and changed something"
            self.tally["refused"] += 1
            return False
        self.tally["done"] += 1
        self.tally[f"did {name}"] += 1
        assert person in MAY[name], f"{name} was done by {person}"
        assert not stale or case.version == 0 or name in UNVERSIONED, f"{name} was done from an old page"
        self.moved_at = self.now
        if name in ("submit", "resubmit"):
            write_papers(public_id=case.public_id, at=self.now)
        return True

    def _go_on(self, case: Application) -> None:
        step = ways.next_step(self.stage, self._fresh(case))
        if step is None:
            return
        if step[0] == ways.CERTIFICATE:
            sign(newest_first=False, at=self.now)
        else:
            self.act(*step, on=case)

    def _until(self, moment: datetime, sweeping_on: bool) -> None:
        """Time only goes forward."""
        self._step("stretches of time")
        moment = max(moment, self.now)
        if sweeping_on:
            sweeping.live_through(self.now, moment)
        self.now, self.swept = moment, sweeping_on

    def _step(self, what: str) -> None:
        self.tally[what] += 1
        self.now, self.swept = self.now + MINUTE, False

    @staticmethod
    def _fresh(case: Application) -> Application:
        return Application.objects.select_related("licence").get(pk=case.pk)

    # What holds

    @invariant()
    def everything_holds(self) -> None:
        """Every rule of `invariants`, and what a single moment cannot show."""
        self.tally["steps"] += 1
        facts = Facts(self.stage, self.now, self.swept, self.moved_at)
        for holds in INVARIANTS:
            holds(facts)
        self.a_case_at_its_end_stays_as_it_is(facts)
        self.terms_do_not_overlap(facts)
        if self.stage.aside is not None and self.case.pk in self.ended:
            self.case = self.stage.aside

    def a_case_at_its_end_stays_as_it_is(self, facts: Facts) -> None:
        """DOMAIN §3.2: nothing follows a final state."""
        for case in facts.cases:
            if case.status in FINAL:
                row = (case.status, case.version, case.closed_on, case.decided_on, case.licence_id)
                assert self.ended.setdefault(case.pk, row) == row, f"{case} went on after {row[0]}"

    def terms_do_not_overlap(self, facts: Facts) -> None:
        """DOMAIN §3.3 Dates: the next term begins the day after the last, or after a gap that is on record."""
        for licence in facts.licences:
            term = (licence.term_start, licence.valid_until)
            before = self.terms.get(licence.pk, term)
            if term != before:
                gaps = {(gap.gap_from, gap.gap_to) for gap in licence.gaps.all()}
                missing = (before[1] + ONE_DAY, term[0] - ONE_DAY)
                assert term[0] == before[1] + ONE_DAY or missing in gaps, f"{before} then {term}, gaps {gaps}"
            self.terms[licence.pk] = term
