"""What is compiled means what the interpreter says, on every operator, under every profile."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fsm
from fsm import (
    ELAPSED,
    KEY,
    NOW,
    SINCE,
    Engine,
    Field,
    Machine,
    Snapshot,
    State,
    System,
    after,
    before,
    boolean,
    choice,
    choose,
    each,
    event,
    for_each,
    inside,
    integer,
    one,
    parameter,
    wire,
)  # fmt: skip
from fsm.language.expressions import Compare, Expr, Formula
from fsm.language.expressions import lift as const
from fsm.language.leaves import Clock
from fsm.language.rewriting import structure
from fsm.runtime.compiled_expressions import compile_expression
from fsm.runtime.compiled_leaves import instance_leaf, system_leaf
from fsm.semantics.evaluation import fold
from fsm.semantics.simplification import simplify, with_values
from fsm.semantics.situation import Situation


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


gone, here, there = State("gone"), State("here"), State("there")
n = integer("n", initial=1)
b = boolean("b")
c = choice("c", Colour)
p = parameter("p", int, 2, low=-3, high=3)
q = parameter("q", bool, True)


@event
class Put:
    key: Field[str]
    i: Field[int]
    f: Field[bool]
    k: Field[Colour]


@event
class Place:
    i: Field[int]
    f: Field[bool]
    k: Field[Colour]


@event
class Go:
    key: Field[str]


@event
class Leave:
    pass


THING = Machine(
    "thing",
    states=(gone, here, there),
    initial=gone,
    variables=(n, b, c),
    transitions=(
        (gone | here | there).on(Place).to(here).set(n, Place.i).set(b, Place.f).set(c, Place.k),
        here.on(Leave).to(there),
        there.on(Leave).to(here),
    ),
)
thing, things = one("thing", THING), each("things", THING, key="key")
WORLD = System(
    "world",
    parts=(thing, things),
    parameters=(p, q),
    wires=(
        wire(Put, things[Put.key].by(Place, i=Put.i, f=Put.f, k=Put.k), when=Put.f),
        wire(Put, thing.by(Place, i=Put.i, f=Put.f, k=Put.k), when=~Put.f),
        wire(Go, things[Go.key].by(Leave)),
    ),
)

RUNNING = fsm.compile(WORLD)

SMALL = st.integers(-3, 3)
PUTS = st.builds(Put, key=st.sampled_from("xyz"), i=SMALL, f=st.booleans(), k=st.sampled_from(Colour))
PROFILES = st.fixed_dictionaries({"p": SMALL, "q": st.booleans()})


Leaves = st.SearchStrategy[Any]


def numbers(leaves: Leaves, conditions: Leaves) -> st.SearchStrategy[Expr[int]]:
    """Sums, differences, multiples and choices over leaves."""
    return st.recursive(
        leaves | SMALL.map(const),
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
            st.tuples(inner, inner).map(lambda two: two[0] - two[1]),
            st.tuples(SMALL, inner).map(lambda two: two[0] * two[1]),
            st.tuples(conditions, inner, inner).map(lambda three: choose(*three)),
        ),
        max_leaves=4,
    )


def formulas(numeric: Leaves, colours: Leaves, plain: Leaves) -> st.SearchStrategy[Formula]:
    """Comparisons and every connective over leaves."""
    simple = plain | st.booleans().map(const)
    amounts = numbers(numeric, simple)
    compared = st.one_of(
        st.builds(
            Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), amounts, amounts | SMALL.map(const)
        ),  # also what the language refuses
        st.tuples(colours, colours | st.sampled_from(Colour)).map(lambda two: two[0] == two[1]),
        st.tuples(colours, colours | st.sampled_from(Colour)).map(lambda two: two[0] != two[1]),
    )
    return st.recursive(
        simple | compared,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda two: two[0] & two[1]),
            st.tuples(inner, inner).map(lambda two: two[0] | two[1]),
            st.tuples(inner, inner, inner).map(lambda three: three[0] & three[1] & three[2]),
            st.tuples(inner, inner, inner).map(lambda three: three[0] | three[1] | three[2]),
            st.tuples(inner, inner).map(lambda two: two[0] >> two[1]),
            st.tuples(inner, inner, inner).map(lambda three: choose(*three)),
            inner.map(lambda one: ~one),
        ),
        max_leaves=6,
    )


PICK = st.sampled_from
GUARDS = formulas(
    PICK([n, p, ELAPSED, Place.i]), PICK([c, Place.k]), PICK([b, q, Place.f, inside(here), inside(gone, there)])
)

# What a count counts: states, formulas, both
SELECTED = formulas(PICK([n, p]), PICK([c]), PICK([b, q, inside(here), inside(there, here)])) | PICK(Colour).map(
    lambda colour: c == colour
)
SELECTIONS = st.tuples(st.lists(PICK([here, there]), max_size=2), st.lists(SELECTED, max_size=1)).map(
    lambda two: (*two[0], *two[1])
)
RULES = formulas(
    PICK([thing[n], p, Put.i]) | SELECTIONS.map(lambda where: things.count(*where)),
    PICK([thing[c], Put.k]),
    PICK([thing[b], q, Put.f, thing.inside(here), ~thing.inside(gone, there)])
    | SELECTIONS.map(lambda where: things.none(*where)),
)


@st.composite
def worlds(draw: st.DrawFn) -> Snapshot:
    """A snapshot with things in any state."""
    engine, snapshot = RUNNING, RUNNING.start()
    for put in draw(st.lists(PUTS, max_size=5)):
        snapshot = engine.step(snapshot, put, snapshot.now + 1).after
    for key in sorted(snapshot["things"]):
        if draw(st.booleans()):
            snapshot = engine.step(snapshot, Go(key), snapshot.now + 1).after
    return snapshot


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(GUARDS, worlds(), st.builds(Place, i=SMALL, f=st.booleans(), k=st.sampled_from(Colour)), PROFILES)
def test_a_compiled_guard_means_what_the_interpreter_says(
    guard: Formula, snapshot: Snapshot, sent: Place, profile: dict[str, Any]
) -> None:
    """Over variables, fields, parameters, states and the time in state."""
    at = snapshot.now + 2
    compiled = compile_expression(with_values(guard, profile), instance_leaf(THING))
    for instance in (snapshot["thing"], *snapshot["things"].values()):
        expected = fold(guard, Situation(WORLD, profile, (), at, sent).of_instance(instance, "x"))
        assert expected == bool(compiled(instance, sent, at, "x"))


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    numbers(PICK([n, p, ELAPSED, Place.i]), PICK([b, q, Place.f])),
    worlds(),
    st.builds(Place, i=SMALL, f=st.booleans(), k=st.just(Colour.RED)),
    PROFILES,
)
def test_a_compiled_number_is_what_the_interpreter_says(
    amount: Expr[int], snapshot: Snapshot, sent: Place, profile: dict[str, Any]
) -> None:
    """What updates write and effects carry."""
    at = snapshot.now + 2
    compiled = compile_expression(with_values(amount, profile), instance_leaf(THING))
    for instance in (snapshot["thing"], *snapshot["things"].values()):
        assert fold(amount, Situation(WORLD, profile, (), at, sent).of_instance(instance, "x")) == compiled(
            instance, sent, at, "x"
        )


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(RULES, worlds(), PUTS, PROFILES)
def test_a_compiled_rule_means_what_the_interpreter_says(
    rule: Formula, snapshot: Snapshot, sent: Put, profile: dict[str, Any]
) -> None:
    """Over parts, counts, fields and parameters."""
    at = snapshot.now + 2
    compiled = compile_expression(with_values(rule, profile), system_leaf(WORLD))
    expected = Situation(WORLD, profile, snapshot.parts, at, sent).value(rule)
    assert expected == bool(compiled(snapshot.parts, sent, at, None))


@pytest.mark.parametrize(("stamp", "value"), [(KEY, "x"), (NOW, 9), (SINCE, 3)])
def test_stamps_say_what_a_move_knows_of_itself(stamp: Expr[Any], value: object) -> None:
    """The key, the instant, and since when; the same to both."""
    instance = fsm.compile(THING).start(3)["thing"]
    assert value == compile_expression(stamp, instance_leaf(THING))(instance, None, 9, "x")
    assert value == fold(stamp, Situation(WORLD, {}, (), 9).of_instance(instance, "x"))


def test_time_in_state_of_a_part_can_be_compiled() -> None:
    """As properties of a machine alone, said of a part, read it."""
    engine = Engine(fsm.System("alone", (thing,)), {})
    snapshot = engine.start(3)
    elapsed = Clock(thing)
    assert 6 == compile_expression(elapsed, system_leaf(engine.system))(snapshot.parts, None, 9, None)
    assert 6 == Situation.of(engine, snapshot, 9).value(elapsed)


# What is known under a profile is not asked again


@pytest.mark.parametrize(
    ("under", "left"),
    [
        (q & b, b), (q & q, const(True)), (~q & b, const(False)), (~q | b, b), (q | b, const(True)), (b & (n < p), b & (n < 2)),
        (b & q & (n == 1), b & (n == 1)), (q >> b, b), (~q >> b, const(True)), (b >> q, b >> const(True)),
        (choose(q, n, p) == 1, n == 1), (choose(~q, n, p) == 1, const(False)), (choose(b, n, p) == 1, choose(b, n, const(2)) == 1),
        (p + 1 == 3, const(True)), (~(p == 3), const(True)), (~b, ~b), (n * 2 + p > 0, n * 2 + 2 > 0),
        (things.count(c == Colour.RED, n < p) > 0, things.count(c == Colour.RED, n < 2) > 0),
        (for_each(things, n < p), for_each(things, n < 2)),
        (before(n < p) & after(q), before(n < 2)),
    ],
)  # fmt: skip
def test_a_formula_under_a_profile_keeps_only_what_is_open(under: Formula, left: Formula) -> None:
    """Constants are folded; what remains has the same shape."""
    assert structure(left) == structure(with_values(under, {"p": 2, "q": True}))
    assert structure(left) == structure(simplify(left))
