"""A declaration, read from its canonical form and from nothing else.

What each construct means stands in docs/reference/semantics.md. Every place is checked against its table, every operator
against the sorts of what it is applied to; names are never looked at. Standard library only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fsm.verification.checker.shapes import (
    Look,
    Malformed,
    anything,
    either,
    match,
    must,
    one_of,
    optional,
    row,
    strict_json,
)

__all__ = [
    "MODALITIES",
    "OPERATORS",
    "Declaration",
    "integer_of",
    "operands",
    "own_wires",
    "read_declaration",
    "rows",
    "sort_of_domain",
]

MODALITIES = ("always", "each step", "reachable", "recoverable", "within", "leads to", "each leads to", "can happen")

Json = Any
Sort = Any
"""`"bool"`, `"int"`, `"opaque"`, or the place of an enumeration."""
Row = tuple[int, str, Any, Sequence[int]]
"""A place of the table of expressions, its node, and its operands."""
SIGNATURES = {
    **dict.fromkeys(("not", "and", "or", "implies"), ("bool", "bool")),
    **dict.fromkeys(("<", "<=", ">", ">="), ("int", "bool")),
    **dict.fromkeys(("+", "-", "*"), ("int", "int")),
}
"""Of operators that are applied to one sort alone: to which, and what comes out."""
OPERATORS = (*SIGNATURES, "choose", "==", "!=", "named", "applied")
"""Nodes whose operands are evaluated where they are."""
NODES = {
    "not": int, "and": [int], "or": [int], "choose": (int, int, int), "named": (str, int), "applied": (int, [int]),
    **dict.fromkeys(("implies", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*"), (int, int)),
    "before": int, "after": int, "count": (int, int), "for_each": (int, int), "constant": anything, "parameter": int,
    "field": (int, int), "happens": [int], "emitted": int, "stamp": one_of("key", "now", "since"),
    "variable": (int, int), "inside": (int, [int]), "elapsed": int,
    "part_variable": (int, int), "part_inside": (int, [int]), "part_elapsed": int,
}  # fmt: skip
"""What each node holds, before its places are looked up."""
CLAIM = {
    "sentence": str, "modality": one_of(*MODALITIES), "cites": [str], "refuted_in": [int], "retracted": str,
}  # fmt: skip
PROFILE = {"name": str, "doc": str, "since": str, "values": [(anything, anything)]}


@dataclass(frozen=True)
class Declaration:
    """A declaration whose shape, places and sorts are right.

    Attributes:
        json: the document.
        sorts: of each expression.
        parts: machine, and None or the limits of a part with many instances.
        wires, rules: those of the system; of a machine alone, one wire for each event of callers.
        assumptions: expressions over the parameters.
        properties: those of the system or machine.
        remembered: what was found out about its expressions, so that it is not found out again.
    """

    json: Json
    sorts: tuple[Sort, ...]
    parts: tuple[Json, ...]
    wires: tuple[Json, ...]
    rules: tuple[Json, ...]
    assumptions: tuple[int, ...]
    properties: tuple[Json, ...]
    profiles: tuple[Json, ...]
    remembered: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def alone(self) -> bool:
        """Whether it is one machine without a system."""
        return self.json["system"] is None

    def machine(self, part: int) -> Json:
        """The machine of a part."""
        return self.json["machines"][self.parts[part]["machine"]]


def read_declaration(text: str) -> Declaration:
    """Read the canonical form.

    Raises:
        Malformed: it is none; with the path of what is wrong.
    """
    form = strict_json(text, "declaration.json")
    try:
        sorts: list[Sort] = []
        for node in form["expressions"]:
            sorts.append(_sort(form, node, sorts))
        shape = _shape(form, sorts)
    except (LookupError, TypeError, AttributeError):  # of tables that nobody has looked at yet
        raise Malformed("declaration: a table is missing, or not what a table is") from None
    match(form, shape, "declaration")
    must((form["form"], form["version"]) == ("verified-fsm declaration", 1), "declaration", "is of another form")
    must(form["system"] is not None or len(form["machines"]) == 1, "machines", "one machine alone is one")
    made = _declaration(form, tuple(sorts))
    for place in _fixed(made):
        alone = all(name in (*OPERATORS, "constant", "parameter") for _, name, _, _ in rows(made, place))
        must(alone, f"expressions[{place}]", "reads more than parameters where nothing else is known")
    return made


def _declaration(form: Json, sorts: tuple[Sort, ...]) -> Declaration:
    """The tables of a document that is right; a machine alone as a system of one part."""
    alone, machines = form["system"] is None, form["machines"]
    whole = machines[0] if alone else form["system"]
    parts = [{"name": "", "machine": 0, "each": None}] if alone else whole["parts"]
    wires, rules = (own_wires(whole), ()) if alone else (whole["wires"], whole["rules"])
    declared = machines if alone else [*machines, whole]
    assumptions = tuple(one["that"] for each in declared for one in each["assumptions"])
    own = tuple(whole["properties"]), tuple(whole["profiles"])
    return Declaration(form, sorts, tuple(parts), tuple(wires), tuple(rules), assumptions, *own)


def _fixed(declaration: Declaration) -> Iterator[int]:
    """What is the same at every moment of a run: assumptions, durations, limits."""
    yield from declaration.assumptions
    lines = (line for machine in declaration.json["machines"] for line in machine["transitions"])
    limits = (one for part in declaration.parts for one in (part["each"] or {}).values() if type(one) is int)
    lengths = [*(line["after"] for line in lines), *(claim["duration"] for claim in declaration.properties)]
    yield from (one for one in (*lengths, *limits) if one is not None)


def own_wires(machine: Json) -> list[Json]:
    """A machine alone is called by its own events."""
    events = dict.fromkeys(line["event"] for line in machine["transitions"] if line["after"] is None)
    move = {"part": 0, "key": None, "every": None, "fields": None}
    return [{"event": event, "sender": None, "when": None, "moves": [{**move, "action": event}]} for event in events]


# What the form is: its tables, and what stands in each


def _shape(form: Json, sorts: Sequence[Sort]) -> Json:
    """The form of a document whose tables are so long, and whose expressions are of these sorts."""
    enumerations, types = row(len(form["enumerations"])), row(len(form["types"]))
    domain = optional(either({"enumeration": enumerations, "integer": (_bound, _bound), "opaque": types}), "boolean")
    record = {"name": str, "doc": str, "fields": [_maybe_with({"name": str, "domain": domain}, "default", anything)]}
    parameter = {"name": str, "domain": domain, "doc": str, "cites": [str], "default": anything}
    machines = tuple(_shape_of_machine(form, sorts, domain, one) for one in form["machines"])
    return {
        "form": str, "version": int, "enumerations": [{"name": str, "members": [str]}],
        "types": [anything], "values": [anything], "functions": [anything],
        "events": [record], "effects": [record], "parameters": [parameter], "expressions": [dict],
        "machines": machines, "system": anything if form["system"] is None else _shape_of_system(form, sorts),
    }  # fmt: skip


def _shape_of_both(form: Json, sorts: Sequence[Sort]) -> dict[str, Json]:
    """What a machine and a system have."""
    truth, number = _expression(sorts, "bool"), _expression(sorts, "int")
    claim = {
        "premise": optional(truth),
        "formula": truth,
        "duration": optional(number),
        "fair": [_owed(form)],
    }
    assumption = {"name": str, "that": truth, "cites": [str]}
    return {"name": str, "doc": str, "assumptions": [assumption], "profiles": [PROFILE], "properties": [CLAIM | claim]}


def _shape_of_machine(form: Json, sorts: Sequence[Sort], domain: Look, machine: Json) -> Json:
    """That of a machine with so many states and such variables."""
    event, effect, state = row(len(form["events"])), row(len(form["effects"])), row(len(machine["states"]))
    transition = {
        "sources": [state], "event": event, "after": optional(_expression(sorts, "int")),
        "guard": optional(_expression(sorts, "bool")), "target": optional(state),
        "updates": [_given(machine["variables"], sorts)],
        "effects": [{"effect": effect, "fields": [_expression(sorts)]}], "happy": bool,
    }  # fmt: skip
    variable = {"name": str, "domain": domain, "initial": anything, "doc": str}
    return _shape_of_both(form, sorts) | {
        "states": [{"name": str, "doc": str, "kind": str}], "initial": state, "variables": [variable],
        "transitions": [_maybe_with(transition, "meant", transition["guard"])],
    }  # fmt: skip


def _shape_of_system(form: Json, sorts: Sequence[Sort]) -> Json:
    event, part = row(len(form["events"])), row(len(form["system"]["parts"]))
    number, truth = optional(_expression(sorts, "int")), optional(_expression(sorts, "bool"))
    limits = {"key": str, "at_most": number, "population": number}
    move = _move(form, {"part": part, "key": optional(_expression(sorts)), "every": truth, "action": event}, sorts)
    return _shape_of_both(form, sorts) | {
        "parts": [{"name": str, "machine": row(len(form["machines"])), "each": optional(limits)}],
        "wires": [{"event": event, "sender": optional(part), "when": truth, "moves": [move], "written": bool}],
        "rules": [{"name": str, "on": [event], "when": _expression(sorts, "bool"), "cites": [str]}],
    }  # fmt: skip


def _expression(sorts: Sequence[Sort], sort: Sort = "opaque") -> Look:
    """An expression that stands where a value of this sort is meant. Carried data may be anything."""

    def look(value: Json, path: str) -> None:
        match(value, row(len(sorts)), path)
        must(sort in ("opaque", sorts[value]), path, f"expression {value} is not of the sort that is meant")

    return look


def _given(rows: Json, sorts: Sequence[Sort]) -> Look:
    """The place of a variable or field, and an expression of its sort."""

    def look(value: Json, path: str) -> None:
        match(value, (row(len(rows)), int), path)
        match(value[1], _expression(sorts, sort_of_domain(rows[value[0]]["domain"])), path)

    return look


def _move(form: Json, shape: dict[str, Json], sorts: Sequence[Sort]) -> Look:
    """What a wire has one instance do, or every one: a value for each field of the action."""

    def look(value: Json, path: str) -> None:
        match(value, shape | {"fields": [(int, int)]}, path)
        fields = form["events"][value["action"]]["fields"]
        match(value["fields"], [_given(fields, sorts)], path)
        of_one = form["system"]["parts"][value["part"]]["each"] is None
        must((value["key"], value["every"]).count(None) == 1 + of_one, path, "names not the instances that it moves")
        must(sorted(place for place, _ in value["fields"]) == [*range(len(fields))], path, "leaves out a field")

    return look


def _owed(form: Json) -> Look:
    """What callers owe an event, to whomever it names; or to each that one of its fields names by itself."""
    event = row(len(form["events"]))

    def look(value: Json, path: str) -> None:
        match(value, {"event": event, "key": optional(int), "strong": bool} if type(value) is dict else event, path)
        fields = form["events"][value["event"]]["fields"] if type(value) is dict else ()
        match(value["key"] if fields else None, optional(row(len(fields))), path)

    return look


def _maybe_with(shape: dict[str, Json], name: str, more: Json) -> Look:
    """A row that may say one thing more: the default of a field, which decides nothing that is proved, since a move has a value for each; what a guard was meant to be."""
    whole = shape | {name: more}
    return lambda value, path: match(value, whole if type(value) is dict and name in value else shape, path)


def _bound(value: Json, path: str) -> None:
    must(value is None or integer_of(value) is not None, path, "is no whole number and not null")


def integer_of(value: Json) -> int | None:
    """The whole number that a value is; None where it is none."""
    if type(value) is int:
        return value
    if type(value) is dict and list(value) == ["integer"] and type(value["integer"]) is str:
        digits = value["integer"].removeprefix("-").removeprefix("0x")
        if digits and len(digits) < 5_000 and set(digits) <= set("0123456789abcdef"):
            return int(value["integer"], 16)
    return None


def sort_of_domain(domain: Json) -> Sort:
    """The sort of what has this domain."""
    if domain == "boolean":
        return "bool"
    return domain.get("enumeration", "int" if "integer" in domain else "opaque")


# Expressions


def operands(node: Json) -> Sequence[int]:
    """Those that are evaluated where a node is."""
    [(name, value)] = node.items()
    if name not in OPERATORS:
        return ()
    return [value] if name == "not" else value[1:] if name == "named" else value[1] if name == "applied" else value


def rows(declaration: Declaration, expression: int) -> tuple[Row, ...]:
    """All that is evaluated where an expression is, itself last, in an order in which operands come first."""
    known: dict[int, tuple[Row, ...]] = declaration.remembered.setdefault("rows", {})
    if expression not in known:
        table = declaration.json["expressions"]
        needed, waiting = {expression}, [expression]
        while waiting:
            new = set(operands(table[waiting.pop()])) - needed
            needed |= new
            waiting += new
        known[expression] = tuple(
            (place, *next(iter(table[place].items())), operands(table[place])) for place in sorted(needed)
        )
    return known[expression]


def _sort(form: Json, node: Json, above: Sequence[Sort]) -> Sort:
    """The sort of a row, which names rows above it alone."""
    path = f"expressions[{len(above)}]"
    match(node, either(NODES), path)
    [(name, value)] = node.items()
    if name in OPERATORS:
        found = _sort_of_operator(name, [_at(above, place) for place in operands(node)])
        must(
            name != "*" or any("constant" in form["expressions"][place] for place in value),
            path,
            "multiplies two expressions, of which neither is a constant",
        )
    elif name in ("before", "after"):
        found = _at(above, value)
    elif name in ("count", "for_each"):
        fits = _at(form["system"]["parts"], value[0])["each"] is not None and _at(above, value[1]) == "bool"
        found = {"count": "int", "for_each": "bool"}[name] if fits else None
    else:
        found = _sort_of_leaf(form, name, value)
    must(found is not None, path, f"{name} is not applied to what it is for")
    return found


def _at(table: Sequence[Any], place: int) -> Any:
    """What stands at a place of a table."""
    must(type(table) is list and 0 <= place < len(table), "expressions", f"{place} is no place there")
    return table[place]


def _sort_of_operator(name: str, of: Sequence[Sort]) -> Sort | None:
    """The sort of what it makes of operands of these sorts; None where it is not for such."""
    if name in SIGNATURES:
        taken, made = SIGNATURES[name]
        return made if {*of} == {taken} else None
    if name in ("==", "!="):
        return "bool" if of[0] == of[1] != "opaque" else None
    if name == "choose":
        chosen = "opaque" if "opaque" in of[1:] else of[1] if of[1] == of[2] else None
        return chosen if of[0] == "bool" else None
    return "opaque" if name == "applied" else of[0]


def _sort_of_leaf(form: Json, name: str, value: Json) -> Sort | None:
    kind = name.removeprefix("part_")
    if kind not in ("variable", "inside", "elapsed"):
        return LEAVES[name](form, value)
    place = value if kind == "elapsed" else value[0]
    if name != kind:
        part = _at(form["system"]["parts"], place)
        must(part["each"] is None, "expressions", f"part {place} has more than one instance")
        place = part["machine"]
    machine = _at(form["machines"], place)
    if kind == "inside":
        return _of_all(machine["states"], value[1], "bool")
    return "int" if kind == "elapsed" else _sort_at(machine["variables"], value[1])


def _sort_of_constant(form: Json, value: Json) -> Sort:
    if type(value) is dict and list(value) == ["member"]:
        match(value["member"], (int, int), "member")
        enumeration, member = value["member"]
        return _of_all(_at(form["enumerations"], enumeration)["members"], [member], enumeration)
    return "bool" if type(value) is bool else "opaque" if integer_of(value) is None else "int"


def _sort_at(table: Sequence[Json], place: int) -> Sort:
    """Of what stands in a table with its domain."""
    return sort_of_domain(_at(table, place)["domain"])


def _of_all(table: Sequence[Json], places: Sequence[int], sort: Sort) -> Sort:
    """This sort, where all of these are places of a table."""
    for place in places:
        _at(table, place)
    return sort


LEAVES: dict[str, Callable[[Json, Json], Sort]] = {
    "constant": _sort_of_constant,
    "parameter": lambda form, place: _sort_at(form["parameters"], place),
    "field": lambda form, places: _sort_at(_at(form["events"], places[0])["fields"], places[1]),
    "happens": lambda form, places: _of_all(form["events"], places, "bool"),
    "emitted": lambda form, place: _of_all(form["effects"], [place], "int"),
    "stamp": lambda form, word: "opaque",
}
