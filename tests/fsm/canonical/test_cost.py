"""A stranger's declaration costs what it is long: deep, shared and wide ones are read, and what is too long is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from fsm import BadDeclaration, Machine, State, System, always, boolean, carried, choose, integer, one, wire
from fsm.canonical import Sizes, document, read, write
from fsm.language.expressions import Expr, Formula, junction
from tests.calls import calls

from .workshop import Look, Mend, Open


@attrs.frozen
class Thing:
    """Holds whatever Python has."""

    of: object


only = State("only")
number, truth = integer("number"), boolean("truth")
small = integer("small", 0, 9)


def alone(guard: Formula, claim: Formula) -> Machine:
    """A machine with one guard and one claim."""
    variables = (number, truth, small)
    return Machine("m", (only,), only, (only.on(Open).when(guard).stay(),), variables, properties=(always("c", claim),))


def deep(size: int) -> Machine:
    """Each sum stands in the next one."""
    expr: Expr[int] = number
    for _ in range(size):
        expr = expr + 1
    return alone(expr < 5, expr < 7)


def shared(size: int) -> Machine:
    """Written out, it would have two to the power of `size` places."""
    expr: Expr[int] = number
    for _ in range(size):
        expr = expr + expr
    return alone(expr < 5, expr < 7)


def chosen(size: int) -> Machine:
    """The same with choices."""
    expr: Expr[int] = small
    for _ in range(size):
        expr = choose(truth & (expr < 3), expr, expr)
    return alone(expr < 5, expr < 7)


def wide(size: int) -> Machine:
    """One condition with many parts."""
    return alone(junction("and", *(number != place for place in range(size))), truth)


def branching(size: int) -> System:
    """Wires of one event, any two of which could be compared."""
    a, b = (one(name, Machine(name, (only,), only, (only.on(Mend).stay(),), (number,))) for name in ("a", "b"))
    return System("s", (a, b), wires=tuple(wire(Look, a.by(Mend), when=b[number] == place) for place in range(size)))


LONG: dict[str, tuple[Callable[[int], Any], int]] = {
    "deep": (deep, 8_000), "shared": (shared, 1_000), "chosen": (chosen, 1_000), "wide": (wide, 3_000), "branching": (branching, 960),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_a_long_declaration_is_read_in_time_that_grows_with_its_length(name: str) -> None:
    """No recursion that ends, no tree that is walked as often as it is shared, no pairs of everything: for each row not twice the calls that an eighth takes."""
    make, size = LONG[name]
    cost = {}
    for rows in (size // 8, size):
        text = write(make(rows))
        again, cost[rows] = calls(lambda text=text: read(text))
        assert text == write(again)

    assert cost[size] < 2 * 8 * cost[size // 8]


def test_the_length_of_the_text_grows_with_what_was_written() -> None:
    """What is shared is written once."""
    assert len(document(shared(1_000))["expressions"]) < 1_010


@pytest.mark.parametrize(
    ("sizes", "where"),
    [(Sizes(characters=500), "document"), (Sizes(things=2), "machines[0].variables"), (Sizes(nodes=5), "expressions")],
)
def test_what_is_longer_than_is_wanted_is_refused(sizes: Sizes, where: str) -> None:
    """Before anything is made of it."""
    with pytest.raises(BadDeclaration, match="at most") as refused:
        read(write(deep(10)), sizes=sizes)

    assert where == refused.value.where


def nested(table: str, row: Callable[[Any], Any], levels: int) -> str:
    """A declaration whose field is of a type, or whose variable begins with a value, in which the same stands twice, and so on."""
    things = Machine("m", (only,), only, (only.on(Open).stay(),), (carried("thing", object, initial=(1, 2)),))
    tree = json.loads(write(things))
    tree["types"][0] = {"class": ["elsewhere", "Thing"]}
    first = len(tree[table]) - 1
    for level in range(levels):
        tree[table].append(row(first + level))
    if table == "values":
        tree["machines"][0]["variables"][0]["initial"] = {"value": first + levels}
    else:
        tree["machines"][0]["variables"][0]["domain"] = {"opaque": first + levels}
    return json.dumps(tree)


NESTED: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "tuples": ("values", lambda of: {"tuple": [{"value": of}, {"value": of}]}),
    "mappings": ("values", lambda of: {"mapping": [[1, {"value": of}], [2, {"value": of}]]}),
    "records": ("values", lambda of: {"record": [0, [["x", {"value": of}], ["y", {"value": of}]]]}),
    "types": ("types", lambda of: {"generic": [0, [of, of]]}),
    "unions": ("types", lambda of: {"union": [of, of]}),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_few_rows_that_would_fill_the_memory_are_refused_where_they_stand(name: str) -> None:
    """Sixty rows, each of which names the one before it twice: before Python makes, hashes or compares what they say."""
    table, row = NESTED[name]

    def refused() -> BadDeclaration:
        with pytest.raises(BadDeclaration, match="more than 1,000,000 types and values are named") as found:
            read(nested(table, row, 60), stand_ins=True)
        return found.value

    fault, cost = calls(refused)
    assert fault.where.startswith(f"{table}[")
    assert cost < 50_000


def test_sets_inside_one_another_are_put_in_order_in_time_that_grows_with_their_number() -> None:
    """What a set says to the one in which it stands is not quoted again at each level."""

    def inside(levels: int) -> Machine:
        value: Any = frozenset((0,))
        for level in range(levels):
            value = frozenset((value, level))
        return Machine("m", (only,), only, (only.on(Open).stay(),), (carried("thing", Thing, initial=Thing(value)),))

    few, many = (write(inside(levels)) for levels in (5, 30))
    assert write(read(many, types={f"{__name__}:Thing": Thing})) == many
    assert len(many) < 8 * len(few)


@pytest.mark.parametrize("size", [10, 2_000])
def test_a_text_that_is_wrong_at_its_end_costs_no_more_than_a_good_one(size: int) -> None:
    """However much was read before."""
    tree = json.loads(write(deep(size)))
    tree["machines"][0]["properties"][0]["modality"] = "never"

    def refused() -> None:
        with pytest.raises(BadDeclaration, match="is none of always"):
            read(json.dumps(tree))

    _, good = calls(lambda: read(write(deep(size))))
    _, wrong = calls(refused)

    assert wrong < 2 * good
