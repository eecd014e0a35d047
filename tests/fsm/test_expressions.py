"""Expressions: built by operators, checked where they are written, walked and rebuilt."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import Any

import pytest

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    SINCE,
    DefinitionError,
    Field,
    Machine,
    State,
    after,
    before,
    boolean,
    carried,
    choice,
    choose,
    each,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    parameter,
)
from fsm.language.domains import Booleans, Enumeration, Integers, Opaque
from fsm.language.expressions import (
    COMPARED,
    COMPARED_VARIABLE,
    INSIDE,
    Arithmetic,
    Choose,
    Compare,
    Const,
    Expr,
    Implies,
    Junction,
    Not,
    Var,
    formula,
    lift,
)
from fsm.language.leaves import Moment
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import bottom_up, walk


class Colour(Enum):
    RED = 1
    BLUE = 2


class Rank(IntEnum):
    LOW = 1


@event
class Paint:
    colour: Field[Colour]
    name: Field[str]


@event
class Wash:
    """Nothing more to say."""


@effect
class Painted:
    name: str


clean, painted = State("clean"), State("painted")
colour = choice("colour", Colour)
coats = integer("coats", 0, 5)
layers = integer("layers", 2, 9, initial=2)
dry = boolean("dry")
ready = boolean("ready")
name = carried("name", str, initial="")
WALL = Machine(
    "wall", (clean, painted), clean, (clean.on(Paint).to(painted), painted.on(Wash).to(clean)), (colour, coats, dry)
)
wall = one("wall", WALL)
walls = each("walls", WALL, key="name")
most = parameter("most", int, 3)


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda: dry and ready, "dry"),
        (lambda: (coats == 1) or dry, "coats = 1"),
        (lambda: not dry, "dry"),
        (lambda: 1 if dry else 2, "dry"),
        (lambda: 0 < coats < 5, "coats > 0"),
        (lambda: coats in (1, 2), "coats = 1"),
        (lambda: 1 in coats, "coats"),
        (lambda: list(coats), "coats"),
        (lambda: bool(coats + 1), "coats + 1"),
        (lambda: any([dry, ready]), "dry"),
    ],
)
def test_a_formula_has_no_truth_value(use: Any, said: str) -> None:
    """`and`, `or`, `not`, `if`, a chained comparison and `in` raise on their line and say what to write instead."""
    with pytest.raises(DefinitionError) as refused:
        use()
    assert refused.value.where == said
    assert str(refused.value) == (
        f"{said}: a formula has no truth value. Write & for and, | for or, ~ for not, (a < x) & (x < b) for a < x < b, "
        "(x == a) | (x == b) for x in (a, b), choose(...) for if."
    )


@pytest.mark.parametrize(
    ("built", "shape"),
    [
        (coats == 1, ("==", ("var", "coats"), ("const", "int", "1"))),
        (coats != 1, ("!=", ("var", "coats"), ("const", "int", "1"))),
        (coats < 1, ("<", ("var", "coats"), ("const", "int", "1"))),
        (coats <= 1, ("<=", ("var", "coats"), ("const", "int", "1"))),
        (1 < coats, (">", ("var", "coats"), ("const", "int", "1"))),
        (1 <= coats, (">=", ("var", "coats"), ("const", "int", "1"))),
        (coats + 1, ("+", ("var", "coats"), ("const", "int", "1"))),
        (1 + coats, ("+", ("const", "int", "1"), ("var", "coats"))),
        (coats - 1, ("-", ("var", "coats"), ("const", "int", "1"))),
        (1 - coats, ("-", ("const", "int", "1"), ("var", "coats"))),
        (coats * 2, ("*", ("var", "coats"), ("const", "int", "2"))),
        (2 * coats, ("*", ("const", "int", "2"), ("var", "coats"))),
        (dry & ready & dry, ("and", ("var", "dry"), ("var", "ready"), ("var", "dry"))),
        (True & dry, ("and", ("const", "bool", "True"), ("var", "dry"))),
        (dry | ready, ("or", ("var", "dry"), ("var", "ready"))),
        (False | dry, ("or", ("const", "bool", "False"), ("var", "dry"))),
        (dry >> ready, ("implies", ("var", "dry"), ("var", "ready"))),
        (True >> dry, ("implies", ("const", "bool", "True"), ("var", "dry"))),
        (~dry, ("not", ("var", "dry"))),
        (choose(dry, coats, 0), ("choose", ("var", "dry"), ("var", "coats"), ("const", "int", "0"))),
        (before(dry), ("before", ("var", "dry"))),
        (after(True), ("after", ("const", "bool", "True"))),
        (colour == Colour.RED, ("==", ("var", "colour"), ("const", "Colour", "RED"))),
        (Paint.colour == colour, ("==", ("field", "Paint", "colour"), ("var", "colour"))),
        (most > 1, (">", ("param", "most"), ("const", "int", "1"))),
        (ELAPSED > 5, (">", ("elapsed", ""), ("const", "int", "5"))),
        (lift(KEY), ("stamp", "key")),
        (lift(NOW), ("stamp", "now")),
        (lift(SINCE), ("stamp", "since")),
        (inside(painted, clean), ("in", "", ("clean", "painted"))),
        (wall.inside(clean), ("in", "wall", ("clean",))),
        (wall[coats] == 1, ("==", ("var of", "wall", "coats"), ("const", "int", "1"))),
        (walls.count(painted), ("count", "walls", ("in", "", ("painted",)))),
        (for_each(walls, dry), ("for each", "walls", ("var", "dry"))),
        (emitted(Painted), ("emitted", "Painted")),
        (happens(Wash, Paint), ("happens", ("Paint", "Wash"))),
    ],
)
def test_operators_build_trees(built: Expr[Any], shape: Any) -> None:
    """What the nodes of a tree say says everything about it."""
    assert shape_of(built) == shape


def shape_of(expr: Expr[Any]) -> tuple[Any, ...]:
    """What every node says, as nested tuples; events and effects by name."""
    said = bottom_up(expr, lambda node, below: (*map(plain, node.head()), *below))
    assert isinstance(said, tuple)
    return said


def plain(said: object) -> object:
    return (
        said.__name__
        if isinstance(said, type)
        else tuple(sorted(map(str, map(plain, said))))
        if isinstance(said, tuple)
        else said
    )


def test_structures_are_equal_for_trees_that_differ_only_in_the_order_of_names() -> None:
    """The states of `inside` and the events of `happens` have no order."""
    assert structure(inside(clean, painted)) == structure(inside(painted, clean))
    assert structure(happens(Paint, Wash)) == structure(happens(Wash, Paint))
    assert structure(dry & ready) != structure(ready & dry)
    assert structure(lift(1)) != structure(lift(True))


@pytest.mark.parametrize(
    ("expr", "domain"),
    [
        (dry & ready, Booleans()),
        (dry >> ready, Booleans()),
        (coats + 1, Integers()),
        (choose(dry, coats, layers), Integers(0, 9)),
        (choose(dry, coats, most), Integers()),
        (choose(dry, colour, Colour.RED), Enumeration(Colour)),
        (choose(dry, name, "x"), Opaque(str)),
        (choose(dry, name, NOW), Opaque()),
        (before(coats), Integers(0, 5)),
        (wall[coats], Integers(0, 5)),
        (walls.count(), Integers(0, None)),
        (emitted(Painted), Integers(0, None)),
        (lift(ELAPSED), Integers(0, None)),
        (lift(NOW), Opaque(int)),
        (lift(KEY), Opaque(object)),
    ],
)
def test_an_expression_knows_its_values(expr: Expr[Any], domain: object) -> None:
    """What is computed or chosen lies where its operands say."""
    assert expr.domain == domain


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: coats == "1", "coats == '1': '1' is opaque: keys and carried data cannot be compared or ordered. " + COMPARED),
        (lambda: coats == dry, "coats == dry: compares an integer from 0 to 5 with true or false."),
        (lambda: coats == Rank.LOW, "coats == low: compares an integer from 0 to 5 with one of low."),
        (lambda: coats == 6, "coats == 6: 6 is out of range: coats is an integer from 0 to 5."),
        (lambda: 6 != coats, "coats != 6: 6 is out of range: coats is an integer from 0 to 5."),
        (lambda: colour < Colour.RED, "colour < red: only integers have an order."),
        (lambda: name == "x", "name == 'x': name is opaque: keys and carried data cannot be compared or ordered. " + COMPARED_VARIABLE),
        (lambda: KEY == Paint.name, "key == name: key is opaque: keys and carried data cannot be compared or ordered. " + COMPARED),
        (lambda: Paint.name < Paint.name, "name < name: name is opaque: keys and carried data cannot be compared or ordered. " + COMPARED),
        (lambda: len(name), "name: is looked into, and no condition knows what is inside of a value. " + INSIDE),  # type: ignore[arg-type]
        (lambda: Paint.name[0], "name: is looked into, and no condition knows what is inside of a value. " + INSIDE),  # type: ignore[index]
        (lambda: formula(lambda: True, "when"), "when: needs a formula, not <function <lambda>.<locals>.<lambda>>, which is a value of type function. Write the formula itself, not a function: coins < 9."),
        (lambda: Paint.name + 1, "name + 1: cannot compute with name, which is a value of type str."),
        (lambda: KEY + 1, "key + 1: cannot compute with key, which is a value of type object."),
        (lambda: NOW - SINCE, "now - since: cannot compute with now, which is a value of type int."),
        (lambda: 1 + dry, "1 + dry: cannot compute with dry, which is true or false."),
        (lambda: coats * layers, "coats * layers: multiplies two expressions. One side must be a constant, or nothing could be proved."),
        (lambda: dry & coats, "and: needs a formula, not coats, which is an integer from 0 to 5. & | >> bind more tightly than == and <: write (a == b) & (c < d)."),
        (lambda: 1 | dry, "or: needs a formula, not 1, which is the number 1. & | >> bind more tightly than == and <: write (a == b) & (c < d)."),
        (lambda: dry & before(State("wet")), "and: needs a formula, not <State wet> before, which is a value of type State. Of a state, write inside(...)."),
        (lambda: dry >> "x", ">>: needs a formula, not 'x', which is a value of type str. & | >> bind more tightly than == and <: write (a == b) & (c < d)."),
        (lambda: ~coats, "~: needs a formula, not coats, which is an integer from 0 to 5. ~ binds more tightly than == and <: write ~(a == b)."),
        (lambda: choose(coats, 1, 2), "choose: needs a formula, not coats, which is an integer from 0 to 5."),
        (lambda: choose(dry, 1, Colour.RED), "choose(): one branch is the number 1, the other one of red, blue."),
        (lambda: inside(), "inside(): names no state. Name at least one."),
        (lambda: inside("clean"), "inside(): 'clean' is not a state. Give the State itself, not its name."),
        (lambda: happens(), "happens(): names no event. Name at least one."),
        (lambda: happens("Wash"), "happens(): 'Wash' is not an event. Give the class itself, without quotes."),
        (lambda: emitted(Wash), "Wash: is not an effect. It is an event: a transition emits effects, whose classes stand under @effect."),
        (lambda: lift([1]), "[1]: a list can change. Use a tuple, a frozenset or a frozen class."),
        (lambda: integer("coats", 0, 5, initial=7), "variable coats: its initial value 7 is not an integer from 0 to 5."),
        (lambda: integer("coats", 5, 0), "range from 5 to 0: is empty. Write the smaller bound first."),
        (lambda: boolean("dry", initial=1), "variable dry: its initial value 1 is not true or false."),
        (lambda: boolean("is dry"), "variable 'is dry': is not a name. Use letters, digits and underscores, starting with a letter."),
        (lambda: choice("colour", Colour, initial="red"), "variable colour: its initial value 'red' is not one of red, blue."),
        (lambda: choice("colour", int), "<class 'int'>: is no enumeration. Give a class made with enum.Enum."),
        (lambda: carried("name", str, initial=1), "variable name: its initial value 1 is not a value of type str."),
        (lambda: carried("lines", list, initial=[]), "variable lines: a list can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class."),
        (lambda: carried("lines", object, initial=[]), "[]: a list can change. Use a tuple, a frozenset or a frozen class."),
        (lambda: carried("name", object, initial=NOW), "now: is an expression where a value is wanted."),
    ],
)  # fmt: skip
def test_a_wrong_expression_is_refused_on_its_line(build: Any, message: str) -> None:
    """Wrong types and ranges, keys that are ordered or computed with, carried data that is compared."""
    with pytest.raises(DefinitionError) as refused:
        build()
    assert str(refused.value) == message


def test_a_tree_is_walked_in_the_order_it_was_written() -> None:
    """Each node once, where it stands first."""
    tree = (coats + 1 == layers) & ~dry & dry
    assert [type(node).__name__ for node in walk(tree)] == [
        "Junction",
        "Compare",
        "Arithmetic",
        "Var",
        "Const",
        "Var",
        "Not",
        "Var",
    ]
    assert lift(1).below() == ()


EVERY_OPERATOR = for_each(
    walls,
    before(choose(dry, coats + 1, coats * 2) == 3) & ((~dry | ready) >> (walls.count(painted, coats == 1) < 2)),
)


def test_substitution_reaches_every_place() -> None:
    """A variable is replaced wherever it stands, and everything else stays as it was."""
    swapped = substitute(EVERY_OPERATOR, lambda node: layers if node is coats else None)
    assert repr(shape_of(swapped)) == repr(shape_of(EVERY_OPERATOR)).replace("'coats'", "'layers'")
    assert substitute(EVERY_OPERATOR, lambda node: None) is EVERY_OPERATOR
    assert {Arithmetic, Choose, Compare, Const, Implies, Junction, Moment, Not, Var} <= {
        type(node) for node in walk(swapped)
    }


def test_an_expression_without_a_class_of_its_own_has_no_domain() -> None:
    """Every node says its values; the base class stands for none."""
    bare: Expr[int] = Expr()
    with pytest.raises(NotImplementedError):
        _ = bare.domain
