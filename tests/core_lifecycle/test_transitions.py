"""Life cycles as tables: complete, without contradiction, and nothing leaves a final state (DESIGN §3)."""

import pytest

from core.lifecycle.errors import DomainError, Invalid
from core.lifecycle.law import Clause, clauses_from_json
from core.lifecycle.registry import Registry
from core.lifecycle.transitions import LifeCycle, Transition, WrongState
from licensing.lifecycle import FINAL, LIFE_CYCLE, UNDECIDED, Status

CLAUSE = (Clause("L1", "第一条"),)


def cycle(*rows, final=frozenset({"c"})):
    return LifeCycle("test", {"a": "A", "b": "B", "c": "C"}, tuple(rows), final)


def row(act, source, target):
    return Transition(act, act, frozenset({source}), target, "system", CLAUSE)


def test_a_row_is_found_and_a_missing_one_refused():
    table = cycle(row("go", "a", "b"))
    assert table.find("go", "a").target == "b"
    with pytest.raises(WrongState):
        table.find("go", "b")
    assert [r.act for r in table.open_acts("a")] == ["go"]


@pytest.mark.parametrize("rows", [
    (row("go", "a", "x"),), (row("go", "c", "a"),), (row("go", "a", "b"), row("go", "a", "c")),
])  # fmt: skip
def test_a_contradictory_table_does_not_load(rows):
    with pytest.raises(ValueError):
        cycle(*rows)


@pytest.mark.req("R-4")
def test_every_act_of_a_case_names_its_clause():
    assert all(r.clauses for r in LIFE_CYCLE.transitions)


def test_every_state_can_be_reached_and_left_unless_final():
    targets = {r.target for r in LIFE_CYCLE.transitions}
    sources = {s for r in LIFE_CYCLE.transitions for s in r.sources}
    assert targets == set(Status.values) - {"draft"}
    assert sources == set(Status.values) - set(FINAL)


def test_retraction_is_open_until_the_decision_and_not_after():
    retract = next(r for r in LIFE_CYCLE.transitions if r.act == "retract")
    assert retract.sources == UNDECIDED
    assert not retract.sources & {"granted", "refused", "certificate_issued", "draft"}


def test_a_clause_names_a_known_instrument_and_an_article():
    for wrong in (("L9", "第一条"), ("L1", " ")):
        with pytest.raises(ValueError):
            Clause(*wrong)
    assert clauses_from_json([CLAUSE[0].as_json()]) == CLAUSE


def test_errors_carry_code_field_and_words():
    class Late(Invalid):
        code, message = "test.late", "晚了 %(n)s 天"

    error = Late("day", n=3)
    assert (error.code, error.field, str(error)) == ("test.late", "day", "晚了 3 天")
    assert isinstance(error, DomainError)


def test_panels_and_todos_are_named_once_and_may_have_nothing_to_show():
    registry = Registry()
    registry.panel("empty", "a.html", lambda case, viewer: None)
    registry.panel("full", "b.html", lambda case, viewer: {"n": case})
    registry.todo("one", lambda viewer: [{"title": viewer}])
    assert registry.panels_for(1, "v") == [("b.html", {"n": 1})] and registry.todos_for("v") == [
        {"title": "v"}
    ]
    with pytest.raises(ValueError):
        registry.panel("empty", "a.html", lambda case, viewer: None)
    with pytest.raises(ValueError):
        registry.todo("one", lambda viewer: [])
