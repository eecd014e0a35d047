"""An expression means the same in Z3, to the interpreter and compiled: on every operator, and on every leaf."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    KEY,
    Field,
    Machine,
    State,
    System,
    boolean,
    choice,
    each,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
)
from fsm.language import expressions as operators_of_the_language
from fsm.language import leaves as leaves_of_the_language
from fsm.language.domains import Booleans, Enumeration, Integers
from fsm.language.expressions import Arithmetic, Choose, Compare, Const, Expr, Implies, Junction, Not
from fsm.language.leaves import Clock
from fsm.language.snapshot import Instance, layout_of, revive_instance
from fsm.language.traversal import walk
from fsm.runtime.compiled_expressions import compile_expression
from fsm.runtime.compiled_leaves import instance_leaf, system_leaf
from fsm.semantics.evaluation import OPERATORS, fold
from fsm.semantics.simplification import with_values
from fsm.semantics.situation import Situation
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.instance import InstanceTerms, no_fields
from fsm.verification.encoding.instance import instance_leaf as z3_leaf
from fsm.verification.encoding.symbols import SymbolKind, of_domain
from fsm.verification.encoding.terms import Unencodable, value_of
from fsm.verification.encoding.translation import constant, of_value, translate, within


class Colour(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3


class Priority(Enum):
    """Its author calls two of them alike."""

    LOW = 1
    HIGH = 2
    TOP = 3

    @property
    def name(self) -> str:
        return "low" if self.value == 1 else "urgent"

    def __hash__(self) -> int:
        return 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Priority)


@event
class Paint:
    key: Field[str]


@event
class Coat:
    colour: Field[Colour]
    layers: Field[int]
    dry: Field[bool]


bare, primed, done = State("bare"), State("primed"), State("done")
dry, wet = boolean("dry"), boolean("wet")
colour, ground = choice("colour", Colour), choice("ground", Colour)
layers, scratches = integer("layers"), integer("scratches", -2, 2)
sloppy, favourite, most = (
    parameter("sloppy", bool, False),
    parameter("favourite", Colour, Colour.RED),
    parameter("most", int, 2, low=-3, high=3),
)
PARAMS = (sloppy, favourite, most)
STATES = (bare, primed, done)
VARIABLES = (dry, wet, colour, ground, layers, scratches)
uses = boolean("uses")
WALL = Machine(
    "wall",
    STATES,
    bare,
    (
        bare.on(Coat).when(uses | sloppy | (favourite == Colour.RED) | (most > 0)).to(primed),
        bare.on(Coat).to(done), primed.on(Coat).to(done), done.on(Coat).to(bare),
    ),
    (*VARIABLES, uses),
)  # fmt: skip
wall, walls = one("wall", WALL), each("walls", WALL, key="key")
HOUSE = System(
    "house", (wall, walls), (wire(Paint, wall.by(Coat, colour=Colour.RED, layers=1, dry=True)),), parameters=PARAMS
)

ENCODING = Clocked(HOUSE, {"walls": 3})

SMALL = st.integers(-3, 3)
INSTANCE_LEAVES: dict[type, list[Expr[Any]]] = {
    bool: [dry, wet, sloppy, Coat.dry, inside(primed), inside(primed, done)],
    Colour: [colour, ground, favourite, Coat.colour],
    int: [layers, scratches, most, Coat.layers, ELAPSED],
}
SYSTEM_LEAVES: dict[type, list[Expr[Any]]] = {
    bool: [wall.inside(primed, done), wall.inside(bare), wall[dry], sloppy],
    Colour: [wall[colour], favourite],
    int: [
        wall[layers],
        most,
        Clock(wall),
        walls.count(),
        walls.count(done),
        walls.count(primed, colour == Colour.BLUE),
        walls.count(layers <= most),
    ],
}


def expressions(leaves: dict[type, list[Expr[Any]]], kind: type) -> st.SearchStrategy[Expr[Any]]:
    """Trees of every operator over these leaves, at most three deep."""
    made: dict[type, st.SearchStrategy[Expr[Any]]] = {
        bool: st.sampled_from(leaves[bool]) | st.booleans().map(Const),
        Colour: st.sampled_from(leaves[Colour]) | st.sampled_from(Colour).map(Const),
        int: st.sampled_from(leaves[int]) | SMALL.map(Const),
    }
    for _ in range(3):
        b, c, i = made[bool], made[Colour], made[int]
        made = {
            bool: b
            | st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), i, i)
            | st.builds(Compare, st.sampled_from(["==", "!="]), c, c)
            | st.builds(Compare, st.sampled_from(["==", "!="]), b, b)
            | st.builds(Junction, st.sampled_from(["and", "or"]), st.lists(b, min_size=2, max_size=3).map(tuple))
            | st.builds(Not, b) | st.builds(Implies, b, b) | st.builds(Choose, b, b, b),
            Colour: c | st.builds(Choose, b, c, c),
            int: i | st.builds(Arithmetic, st.sampled_from(["+", "-"]), i, i) | st.builds(Arithmetic, st.just("*"), SMALL.map(Const), i)
            | st.builds(Choose, b, i, i),
        }  # fmt: skip
    return made[kind]


VALUES = {
    "dry": st.booleans(), "wet": st.booleans(), "colour": st.sampled_from(Colour), "ground": st.sampled_from(Colour),
    "layers": SMALL, "scratches": st.integers(-2, 2), "uses": st.booleans(),
}  # fmt: skip
PROFILES = st.fixed_dictionaries({"sloppy": st.booleans(), "favourite": st.sampled_from(Colour), "most": SMALL})


@st.composite
def instances(draw: st.DrawFn, states: tuple[State, ...] = STATES) -> Instance:
    """A wall since some instant up to 5."""
    values = draw(st.fixed_dictionaries(VALUES))
    return revive_instance(
        layout_of(WALL),
        (draw(st.sampled_from(states)).name, draw(st.integers(0, 5)), 0, *(values[one.name] for one in WALL.variables)),
    )


CHECKED = settings(max_examples=100, deadline=None, derandomize=True)


def same(value: object) -> object:
    return constant(of_value(value))


@CHECKED
@given(
    st.sampled_from([bool, Colour, int]).flatmap(lambda kind: expressions(INSTANCE_LEAVES, kind)),
    instances(), PROFILES, st.builds(Coat, st.sampled_from(Colour), SMALL, st.booleans()),
)  # fmt: skip
def test_what_a_machine_says_of_itself_has_one_meaning(
    expr: Expr[Any], instance: Instance, params: dict[str, Any], coat: Coat
) -> None:
    """Guards and updates: variables, states, time in state, parameters and fields under every operator."""
    at = 7
    read = fold(expr, Situation(HOUSE, params, (), at, coat).of_instance(instance))
    compiled = compile_expression(with_values(expr, params), instance_leaf(WALL))(instance, coat, at, None)
    place = InstanceTerms(
        WALL,
        State(instance.state),
        {one: of_value(instance.variables[one.name]) for one in WALL.variables},
        (),
        z3.IntVal(at - instance.since),
    )
    leaf = z3_leaf(
        place, {one: of_value(params[one.name]) for one in PARAMS}, lambda ref: of_value(getattr(coat, ref.name))
    )  # type: ignore[attr-defined]  # only fields are asked for
    assert same(read) == same(compiled) == constant(translate(expr, leaf))


@CHECKED
@given(
    st.sampled_from([bool, Colour, int]).flatmap(lambda kind: expressions(SYSTEM_LEAVES, kind)),
    instances(), st.lists(instances((primed, done)), max_size=3), PROFILES,
)  # fmt: skip
def test_what_a_system_says_of_its_parts_has_one_meaning(
    expr: Expr[Any], alone: Instance, several: list[Instance], params: dict[str, Any]
) -> None:
    """Rules and properties: states and variables of parts, time in state, counts by state, by variable and by parameter."""
    at = 7
    parts = (alone, {f"k-{place}": one for place, one in enumerate(several)})
    read = Situation(HOUSE, params, parts, at).value(expr)
    compiled = compile_expression(with_values(expr, params), system_leaf(HOUSE))(parts, None, at, None)
    encoding = ENCODING
    known = {term: of_value(params[param.name]) for param, term in encoding.params.items()}
    for slot, held in zip(encoding.slots, [alone, *several], strict=False):
        known |= {
            slot.state: z3.IntVal([state.name for state in STATES].index(held.state)),
            slot.age: z3.IntVal(at - held.since),
        }
        known |= {term: of_value(held.variables[variable.name]) for variable, term in slot.values.items()}
    absent = {
        symbol: value for slot in encoding.slots[1 + len(several) :] for symbol, value in encoding.absent(slot).items()
    }
    assert same(read) == same(compiled) == constant(z3.substitute(encoding.state(expr), *{**known, **absent}.items()))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (z3.BoolVal(True), True),
        (z3.IntVal(3) < 2, False),
        (z3.IntVal(2) + 5, 7),
        (z3.Int("x"), None),
        (z3.Bool("p"), None),
    ],
)
def test_a_term_without_symbols_has_a_value(term: Any, value: object) -> None:
    """And one with symbols has none."""
    assert value == constant(term)


@pytest.mark.parametrize(
    ("domain", "allowed"),
    [
        (Integers(-1, 2), {-1, 0, 1, 2}),
        (Integers(3, None), {3, 4}),
        (Integers(None, -2), {-3, -2}),
        (Integers(), set(range(-3, 5))),
        (Enumeration(Colour), {0, 1, 2}),
    ],
)
def test_a_symbol_takes_the_values_of_its_domain(domain: Any, allowed: set[int]) -> None:
    """Of the numbers from -3 to 4, those within the bounds."""
    term = of_domain(domain, SymbolKind.PARAMETER, 0)
    assert allowed == {
        value
        for value in range(-3, 5)
        if constant(
            z3.And(
                [z3.BoolVal(True), *(z3.substitute(bound, (term, z3.IntVal(value))) for bound in within(term, domain))]
            )
        )
    }


def test_a_truth_value_needs_no_bounds() -> None:
    """A Bool is a Bool."""
    truth = of_domain(Booleans(), SymbolKind.PARAMETER, 0)
    assert z3.is_bool(truth) and within(truth, Booleans()) == []


def test_carried_data_cannot_be_said() -> None:
    """Not as a constant, not as a key, not as a field where none is known."""
    asked: list[Callable[[], object]] = [
        lambda: of_value("a name"),
        lambda: translate(KEY, no_fields),
        lambda: translate(Coat.colour, no_fields),
    ]
    for refused in asked:
        with pytest.raises(Unencodable) as raised:
            refused()
        assert raised.value.what == str(raised.value) != ""


DRAWN = {
    "Const",
    "Var",
    "FieldRef",
    "Param",
    "Clock",
    "InState",
    "PartVar",
    "Count",
    "Compare",
    "Junction",
    "Not",
    "Implies",
    "Arithmetic",
    "Choose",
}
"""What the trees above are made of."""
OF_CLAIMS = {"Moment", "Happens", "ForEach", "Emitted"}
"""What claims alone may say: compared at every snapshot and step of a desk (`agreement/test_claims.py`)."""
CARRIED = {"Stamp", "Applied"}
"""Carried data, which no formula may read: refused, see below."""
TAKEN_APART = {"Left"}
"""What is something else once a machine is declared: the state that is left is a value of its line."""


def test_no_node_and_no_operator_is_left_out() -> None:
    """Whoever adds a node must say here where its two meanings are compared."""
    nodes = {
        name
        for name, one in {**vars(operators_of_the_language), **vars(leaves_of_the_language)}.items()
        if isinstance(one, type) and issubclass(one, Expr) and one is not Expr and "in_words" in vars(one)
    }
    met: set[str] = set()
    operators: set[str] = set()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from([INSTANCE_LEAVES, SYSTEM_LEAVES]).flatmap(lambda leaves: expressions(leaves, bool)))
    def look(expr: Expr[Any]) -> None:
        for node in walk(expr):
            met.add(type(node).__name__)
            operators.update([node.op] if isinstance(node, Compare | Arithmetic | Junction) else [])

    look()

    assert DRAWN == met
    assert {*OPERATORS, "and", "or"} == operators
    assert nodes == DRAWN | OF_CLAIMS | CARRIED | TAKEN_APART


def test_what_an_author_calls_alike_stays_apart() -> None:
    """Members of an enumeration are told by what they are, not by what they say of themselves."""
    assert [0, 1, 2] == [value_of(of_value(one)) for one in Priority]
