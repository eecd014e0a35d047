"""Reading a declaration is a trust boundary: whatever is not its canonical form is refused, with the path of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from itertools import cycle
from typing import Any

import pytest

from fsm import BadDeclaration, BadInput, Machine, System
from fsm.canonical import document, read, read_document
from fsm.canonical.tables import compact

from .workshop import SYSTEM

Change = Callable[[Any], object]


@cache
def _workshop() -> str:
    return compact(document(SYSTEM))


def workshop() -> Any:
    """The canonical form of the workshop, to be changed."""
    return json.loads(_workshop())


def accepted(tree: Any) -> Machine | System:
    return read_document(tree, stand_ins=True)


def refusal(tree: Any) -> BadDeclaration:
    with pytest.raises(BadDeclaration) as bad:
        accepted(tree)
    return bad.value


def expression(tree: Any, tag: str, nth: int = 0) -> int:
    """The place of an expression with this tag."""
    return [place for place, row in enumerate(tree["expressions"]) if tag in row][nth]


def put(*path: Any) -> Change:
    """Put the last item where the path before it leads."""
    *steps, last, value = path

    def change(tree: Any) -> None:
        for step in steps:
            tree = tree[step]
        tree[last] = value

    return change


def drop(*path: Any) -> Change:
    def change(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        del tree[path[-1]]

    return change


BAD: dict[str, tuple[Change, str, str]] = {
    # The whole
    "another form": (put("form", "a declaration"), "form", "is not 'verified-fsm declaration'"),
    "a version that is true": (put("version", True), "version", "is not 1"),
    "no version": (drop("version"), "version", "is missing"),
    "a table less": (drop("values"), "values", "is missing"),
    "a table more": (put("more", []), "more", "is no field of this document"),
    "a table that is an object": (put("events", {}), "events", "an object is not a list"),
    "no machine": (put("machines", []), "machines", "has 0 items, not at least 1"),
    "machines without a system": (put("system", None), "expressions[", "speaks of a part, and there is no system"),
    # Names
    "a state that is no identifier": (put("machines", 0, "states", 0, "name", "a b"), "machines[0].states[0]", "is not a name"),
    "a keyword": (put("machines", 1, "variables", 0, "name", "class"), "machines[1].variables[0]", "is a word of Python itself"),
    "a hidden name": (put("machines", 1, "variables", 0, "name", "__class__"), "machines[1].variables[0]", "is not a name"),
    "a name that every machine uses": (put("machines", 1, "variables", 0, "name", "since"), "machines[1]", "has a name that every machine uses"),
    "two states of one name": (put("machines", 0, "states", 1, "name", "off"), "machines[0]", "declared twice"),
    "an event that is code": (put("events", 0, "name", "Go:\n import os"), "events[0]", "is not a name"),
    "an event with a zero in its name": (put("events", 0, "name", "Go\0"), "events[0]", "cannot be a class"),
    "a field that is code": (put("events", 1, "fields", 0, "name", "x=print()"), "events[1]", "is not a name"),
    "a field that Python would call otherwise": (put("events", 1, "fields", 0, "name", "\ufb01eld"), "events[1]", "cannot be the name of a field"),
    "a field called self": (put("events", 1, "fields", 0, "name", "self"), "events[1]", "cannot be the name of a field"),
    "two events of one name": (put("events", 1, "name", "Open"), "machines[0]", "two events are called 'open'"),
    "a member without a name": (put("enumerations", 0, "members", 0, ""), "enumerations[0].members[0]", "is no name of a member"),
    "a member that Python keeps for itself": (put("enumerations", 0, "members", 0, "__init__"), "enumerations[0].members[0]", "is no name of a member"),
    "a member called mro": (put("enumerations", 0, "members", 0, "mro"), "enumerations[0]", "is no enumeration"),
    "two members of one name": (put("enumerations", 0, "members", 0, "HIGH"), "enumerations[0]", "is no enumeration"),
    "no member": (put("enumerations", 0, "members", []), "enumerations[0].members", "has 0 items, not at least 1"),
    "a name that is a number": (put("system", "name", 7), "system.name", "a number is not a string"),
    "a lone surrogate for a name": (put("system", "parts", 0, "name", "\ud800"), "system.parts[0]", "is not a name"),
    # Places
    "a place beyond the table": (put("machines", 0, "initial", 2), "machines[0].initial", "there is no such place among the 2 states"),
    "a place before it": (put("machines", 0, "initial", -1), "machines[0].initial", "there is no such place"),
    "a place that is true": (put("machines", 0, "initial", True), "machines[0].initial", "True is not a place"),
    "a place that is no whole number": (put("machines", 0, "initial", 1.0), "machines[0].initial", "a number is not a place"),
    "an operand that is the node itself": (lambda tree: put("expressions", expression(tree, "not"), {"not": expression(tree, "not")})(tree), "expressions[", "there is no such place"),
    "an operand below": (lambda tree: put("expressions", expression(tree, "not"), {"not": len(tree["expressions"]) - 1})(tree), "expressions[", "there is no such place"),
    "a type made of itself": (put("types", 4, {"union": [4]}), "types[4].union[0]", "there is no such place"),
    "a value in itself": (put("values", 1, {"tuple": [{"value": 1}]}), "values[1].tuple[0].value", "there is no such place"),
    "a member that there is not": (put("parameters", 3, "default", {"member": [0, 2]}), "parameters[3].default.member[1]", "there is no such place"),
    "a part of a machine's": (lambda tree: put("machines", 0, "transitions", 0, "guard", expression(tree, "count"))(tree), "machines[0].transitions[0].guard", "speaks of a part"),
    # What the language does not take
    "a guard that is a number": (lambda tree: put("machines", 0, "transitions", 0, "guard", expression(tree, "+"))(tree), "machines[0].transitions[0]", "cannot be declared"),
    "an order of enumerations": (lambda tree: put("expressions", expression(tree, "=="), {"<": tree["expressions"][expression(tree, "==")]["=="]})(tree), "expressions[", "only integers have an order"),
    "a variable of another machine": (lambda tree: put("machines", 0, "transitions", 0, "updates", 0, 1, expression(tree, "field", 1))(tree), "machines[0]", "is a field of another event"),
    "a product of two expressions": (lambda tree: put("expressions", expression(tree, "+"), {"*": [expression(tree, "variable")] * 2})(tree), "expressions[", "multiplies two expressions"),
    "an initial value out of range": (put("machines", 1, "variables", 1, "initial", 19), "machines[1].variables[1].initial", "is not an integer from 0 to 18"),
    "an initial value of another kind": (put("machines", 1, "variables", 1, "initial", True), "machines[1].variables[1].initial", "is not an integer from 0 to 18"),
    "a default out of range": (put("parameters", 0, "default", 0), "parameters[0].default", "is not an integer from 1 to 99"),
    "an empty range": (put("machines", 1, "variables", 1, "domain", {"integer": [2, 1]}), "machines[1].variables[1].domain", "is empty"),
    "a timer whose event has fields": (put("machines", 1, "transitions", 3, "event", 3), "machines[1].transitions[3]", "an event that time sends has no fields"),
    "a transition from nowhere": (put("machines", 0, "transitions", 0, "sources", []), "machines[0].transitions[0].sources", "has 0 items, not at least 1"),
    "a state named twice": (put("machines", 0, "transitions", 0, "sources", [0, 0]), "machines[0].transitions[0]", "names off twice"),
    "a variable set twice": (lambda tree: put("machines", 1, "transitions", 0, "updates", 1, tree["machines"][1]["transitions"][0]["updates"][0])(tree), "machines[1].transitions[0]", "sets urgency twice"),
    "an effect with a field less": (drop("machines", 1, "transitions", 2, "effects", 0, "fields", 1), "machines[1].transitions[2].effects[0].fields", "has 1 items, not 2 items"),
    "a kind of state": (put("machines", 0, "states", 0, "kind", "lovely"), "machines[0].states[0].kind", "is none of idle, waiting"),
    "a kind of claim": (put("system", "properties", 0, "modality", "never"), "system.properties[0].modality", "is none of always, each step"),
    "a sentence that is blank": (put("system", "properties", 0, "sentence", " "), "system.properties[0]", "begins with no sentence"),
    "a sentence that stands twice": (put("system", "properties", 0, "sentence", "each is light"), "system", "two properties say"),
    "an answer to nothing": (put("machines", 1, "properties", 1, "premise", None), "machines[1].properties[1].premise", "has a premise"),
    "an answer without an end": (put("machines", 1, "properties", 1, "duration", None), "machines[1].properties[1].duration", "has a duration"),
    "a claim with a premise too many": (put("system", "properties", 0, "premise", 0), "system.properties[0].premise", "is not how this declaration is written"),
    "a profile that there is not": (put("system", "properties", 4, "refuted_in", [2]), "system.properties[4].refuted_in[0]", "there is no such place"),
    "a citation that is blank": (put("system", "rules", 0, "cites", [""]), "system.rules[0]", "are not ids of facts"),
    "a rule without events": (put("system", "rules", 0, "on", []), "system.rules[0].on", "has 0 items, not at least 1"),
    "a system without parts": (put("system", "parts", []), "system.parts", "has 0 items, not at least 1"),
    "one instance by key": (lambda tree: put("system", "wires", 1, "moves", 1, "key", expression(tree, "field"))(tree), "system.wires[1].moves[1]", "is moved without a key"),
    "many instances without a key": (put("system", "wires", 0, "moves", 0, "key", None), "system.wires[0].moves[0]", "one is named by key, or all that fit by every"),
    "a field given twice": (lambda tree: put("system", "wires", 0, "moves", 0, "fields", 1, tree["system"]["wires"][0]["moves"][0]["fields"][0])(tree), "system.wires[0].moves[0]", "is not given"),
    "a timer that callers send": (lambda tree: put("system", "wires", 2, "event", tree["machines"][1]["transitions"][3]["event"])(tree), "system", "cannot be declared"),
    # One text for a declaration
    "a row that nobody needs": (lambda tree: tree["types"].append({"class": ["a", "b"]}), "types", "is not how this declaration is written"),
    "an expression that stands twice": (lambda tree: tree["expressions"].append(tree["expressions"][0]), "expressions", "is not how this declaration is written"),
    "another order": (lambda tree: tree["effects"].reverse(), "machines[0].transitions[1].effects[0].fields", "has 3 items, not 4 items"),
    "a wire that was not left out": (put("system", "wires", 0, "written", False), "expressions[", "is not how this declaration is written"),
    "a state named twice where it is asked for": (lambda tree: tree["expressions"][expression(tree, "inside")]["inside"][1].append(0), "expressions[", ""),
    # Values
    "an integer in other digits": (put("machines", 0, "variables", 0, "initial", {"integer": "0x1"}), "machines[0].variables[0].initial", "is not how this declaration is written"),
    "an integer without digits": (put("machines", 0, "variables", 0, "initial", {"integer": "0x"}), "machines[0].variables[0].initial", "is not an integer in hexadecimal digits"),
    "an integer with an underscore": (put("machines", 0, "variables", 0, "initial", {"integer": "0x1_0"}), "machines[0].variables[0].initial", "is not an integer in hexadecimal digits"),
    "an integer of a million digits": (put("machines", 0, "variables", 0, "initial", {"integer": "0x" + "f" * 1_000_000}), "machines[0].variables[0].initial", "at most 1000 are read"),
    "an integer that some readers would round": (put("machines", 0, "variables", 0, "initial", 2**60), "machines[0].variables[0].initial", "too great for every reader"),
    "bytes that are none": (put("machines", 0, "variables", 8, "initial", {"bytes": "0"}), "machines[0].variables[8].initial.bytes", "is no bytes in hexadecimal digits"),
    "a real number that is none": (put("machines", 0, "variables", 6, "initial", {"float": "much"}), "machines[0].variables[6].initial.float", "is no float in hexadecimal digits"),
    "a set of what cannot be hashed": (put("values", 2, {"frozenset": [{"value": 0}, {"list": []}]}), "values[2].frozenset[1]", "is no kind of value"),
    "a value of two kinds": (put("machines", 0, "variables", 0, "initial", {"integer": "0x1", "value": 0}), "machines[0].variables[0].initial", ""),
    "a class that extends what it cannot": (lambda tree: put("values", 2, "instance", 1, True)(tree), "values[2]", "is no value: Name extends bool"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_told_with_its_path(name: str) -> None:
    """The place in the document, what is wrong there, and nothing that was built of it."""
    change, where, what = BAD[name]
    tree = workshop()
    change(tree)

    told = refusal(tree)

    assert told.where.startswith(where), told
    assert what in f"{told.what}. {told.instead}", told


def test_every_text_that_is_no_json_is_refused() -> None:
    """Also where Python's own reader would take it, or fail in a way of its own."""
    for text in (
        b"\xff",
        "",
        "{",
        "nul",
        "[1,]",
        '{"form": 1, "form": 1}',
        "[" * 100_000,
        "NaN",
        "1e999",
        "9" * 10_000,
        '"\ud800"',
    ):
        with pytest.raises(BadDeclaration):
            read(text)
    with pytest.raises(BadInput, match="neither str nor bytes"):
        read(7)  # type: ignore[arg-type]  # that is what is refused


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a document."""
    if path:
        yield path
    for step, below in enumerate(tree) if isinstance(tree, list) else tree.items() if isinstance(tree, dict) else ():
        yield from places(below, (*path, step))


ODD: tuple[Any, ...] = (
    None, True, -1, 0, 10**6, 1.5, "", "x", "\ud800", [], [[]], [0, 0], {}, {"x": 0}, {"value": 0}, {"and": [0, 0]}, {"integer": "0x0"}, {"class": ["os", "system"]},
)  # fmt: skip


def test_whatever_is_put_anywhere_is_refused_or_is_the_canonical_form_of_something() -> None:
    """Each place once or more, each with another odd value: never another error, never two texts for one declaration."""
    whole = workshop()
    refused = 0
    odd = cycle(ODD)
    for path in [path for path in places(whole) if len(path) < 7][::6]:
        value = next(odd)
        around = whole
        for step in path[:-1]:
            around = around[step]
        kept = around[path[-1]]
        around[path[-1]] = deepcopy(value)
        try:
            made = accepted(whole)
        except BadDeclaration:
            refused += 1
        else:
            assert json.loads(compact(document(made))) == whole
        around[path[-1]] = kept

    assert refused > 200
