"""A declaration, read from its canonical form and from nothing else.

What each construct means stands in docs/reference/semantics.md. Every place is checked against its table, every operator
against the sorts of what it is applied to; names are never looked at. Standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fsm.verification.checker.shapes import Malformed, either, match, one_of, optional, row, strict_json

__all__ = [
    "BINDERS",
    "MODALITIES",
    "OPERATORS",
    "Declaration",
    "integer_of",
    "read_declaration",
    "sort_of_domain",
    "value_of",
]

MODALITIES = ("always", "each step", "reachable", "recoverable", "within", "leads to", "can happen")
OPERATORS = (
    "not",
    "and",
    "or",
    "implies",
    "choose",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "+",
    "-",
    "*",
    "named",
    "applied",
)
BINDERS = ("count", "for_each", "before", "after")
"""Nodes whose operand is evaluated elsewhere than they are."""

Json = Any
Sort = Any
"""`"bool"`, `"int"`, `"opaque"`, or the place of an enumeration."""


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
    document = strict_json(text)
    match(document, dict, "declaration")
    for table in (
        "enumerations",
        "types",
        "values",
        "functions",
        "events",
        "effects",
        "parameters",
        "expressions",
        "machines",
    ):
        match(document.get(table), list, table)
    match(document, _shape(document), "declaration")
    if document["form"] != "verified-fsm declaration" or document["version"] != 1:
        raise Malformed("declaration: is of another form or version")
    made = _declaration(document)
    _check_places(made)
    return made


def _declaration(document: Json) -> Declaration:
    """The tables of a document whose shape is right; a machine alone as a system of one part."""
    sorts = _sorts(document)
    system = document["system"]
    if system is None and len(document["machines"]) != 1:
        raise Malformed("machines: one machine alone is one")
    parts = [{"name": "", "machine": 0, "each": None}] if system is None else system["parts"]
    whole = document["machines"][0] if system is None else system
    declarations = [*document["machines"], *([] if system is None else [system])]
    return Declaration(
        document,
        sorts,
        tuple(parts),
        tuple(_own_wires(document["machines"][0]) if system is None else system["wires"]),
        tuple([] if system is None else system["rules"]),
        tuple(one["that"] for declared in declarations for one in declared["assumptions"]),
        tuple(whole["properties"]),
        tuple(whole["profiles"]),
    )


def _own_wires(machine: Json) -> list[Json]:
    """A machine alone is called by its own events."""
    events = dict.fromkeys(line["event"] for line in machine["transitions"] if line["after"] is None)
    move = {"part": 0, "key": None, "every": None, "fields": None}
    return [{"event": event, "sender": None, "when": None, "moves": [{**move, "action": event}]} for event in events]


def _shape(document: Json) -> Json:
    """The form of a document whose tables are so long."""
    expression, machine = row(len(document["expressions"])), row(len(document["machines"]))
    integer = (_bound, _bound)
    domain = _or_word(
        "boolean",
        either({
            "enumeration": row(len(document["enumerations"])), "integer": integer, "opaque": row(len(document["types"])),
        }),
    )  # fmt: skip
    record = {"name": str, "doc": str, "fields": [_maybe_left_out({"name": str, "domain": domain})]}
    parameter = {"name": str, "domain": domain, "doc": str, "cites": [str], "default": _anything}
    common = _shape_of_both(expression, row(len(document["events"])))
    return {
        "form": str, "version": int, "enumerations": [{"name": str, "members": [str]}],
        "types": [_anything], "values": [_anything], "functions": [_anything],
        "events": [record], "effects": [record], "parameters": [parameter], "expressions": [dict],
        "machines": [common | _shape_of_machine(document, domain)],
        "system": optional(common | _shape_of_system(document, machine)),
    }  # fmt: skip


def _shape_of_both(expression: Json, event: Json) -> Json:
    """What a machine and a system have."""
    claim = {
        "sentence": str, "modality": one_of(*MODALITIES), "premise": optional(expression), "formula": expression,
        "duration": optional(expression), "fair": [event], "cites": [str], "refuted_in": [int], "retracted": str,
    }  # fmt: skip
    assumption = {"name": str, "that": expression, "cites": [str]}
    profile = {"name": str, "doc": str, "since": str, "values": [(_anything, _anything)]}
    return {"name": str, "doc": str, "assumptions": [assumption], "profiles": [profile], "properties": [claim]}


def _shape_of_machine(document: Json, domain: Json) -> Json:
    event, effect, expression = (row(len(document[table])) for table in ("events", "effects", "expressions"))
    transition = {
        "sources": [int], "event": event, "after": optional(expression), "guard": optional(expression), "target": optional(int),
        "updates": [(int, expression)], "effects": [{"effect": effect, "fields": [expression]}], "happy": bool,
    }  # fmt: skip
    state = {"name": str, "doc": str, "kind": str}
    variable = {"name": str, "domain": domain, "initial": _anything, "doc": str}
    return {"states": [state], "initial": int, "variables": [variable], "transitions": [transition]}


def _shape_of_system(document: Json, machine: Json) -> Json:
    event, expression = row(len(document["events"])), row(len(document["expressions"]))
    limits = {"key": str, "at_most": optional(expression), "population": optional(expression)}
    part = {"name": str, "machine": machine, "each": optional(limits)}
    move = {
        "part": int, "key": optional(expression), "every": optional(expression), "action": event, "fields": [(int, expression)],
    }  # fmt: skip
    wire = {"event": event, "sender": optional(int), "when": optional(expression), "moves": [move], "written": bool}
    rule = {"name": str, "on": [event], "when": expression, "cites": [str]}
    return {"parts": [part], "wires": [wire], "rules": [rule]}


def _anything(value: Json, path: str) -> None:
    """Carried data and words: nothing reads them here, or whoever does looks first."""


def _maybe_left_out(field: dict[str, Json]) -> Json:
    """A field of an event; its default decides nothing that is proved, since a move has a value for each field."""

    def look(value: Json, path: str) -> None:
        match(value, {**field, "default": _anything} if type(value) is dict and "default" in value else field, path)

    return look


def _or_word(word: str, shape: Json) -> Json:
    return lambda value, path: None if value == word else match(value, shape, path)


def _bound(value: Json, path: str) -> None:
    if value is not None and integer_of(value) is None:
        raise Malformed(f"{path}: is no whole number and not null")


def integer_of(value: Json) -> int | None:
    """The whole number that a value is; None where it is none."""
    if type(value) is int:
        return value
    if type(value) is dict and list(value) == ["integer"] and type(value["integer"]) is str:
        digits = value["integer"].removeprefix("-").removeprefix("0x")
        if digits and len(digits) < 5_000 and set(digits) <= set("0123456789abcdef"):
            return int(value["integer"], 16)
    return None


def value_of(declaration: Declaration, domain: Json, value: int) -> Json:
    """The value of a domain that a certificate writes as a number; of carried data the number stands for it.

    Raises:
        Malformed: it stands for none.
    """
    if domain == "boolean":
        match(value, row(2), "value")
        return value == 1
    if "enumeration" in domain:
        members = declaration.json["enumerations"][domain["enumeration"]]["members"]
        match(value, row(len(members)), "value")
        return {"member": [domain["enumeration"], value]}
    return value


def sort_of_domain(domain: Json) -> Sort:
    """The sort of what has this domain."""
    if domain == "boolean":
        return "bool"
    return domain.get("enumeration", "int" if "integer" in domain else "opaque")


def _sorts(document: Json) -> tuple[Sort, ...]:
    """The sort of each expression, in the order of the table: a row names only rows above it."""
    sorts: list[Sort] = []
    for place, node in enumerate(document["expressions"]):
        path = f"expressions[{place}]"
        if len(node) != 1:
            raise Malformed(f"{path}: is not one node")
        [(name, value)] = node.items()
        try:
            sorts.append(_sort(document, name, value, sorts))
        except (LookupError, TypeError, ValueError, AttributeError):
            raise Malformed(f"{path}: {name[:30]} is not applied to what it is for") from None
    return tuple(sorts)


def _sort(document: Json, name: str, value: Json, sorts: list[Sort]) -> Sort:
    if name in OPERATORS:
        return _sort_of_operator(name, value, sorts)
    if name in BINDERS:
        return _sort_of_binder(document, name, value, sorts)
    return _sort_of_leaf(document, name, value)


def _operand(sorts: list[Sort], place: Json) -> Sort:
    if type(place) is not int or not 0 <= place < len(sorts):
        raise ValueError
    return sorts[place]


def _need(holds: bool) -> None:
    if not holds:
        raise ValueError


def _sort_of_operator(name: str, value: Json, sorts: list[Sort]) -> Sort:
    if name == "applied":
        return "opaque"
    if name == "named":
        return _operand(sorts, value[1])
    operands = [_operand(sorts, value)] if name == "not" else [_operand(sorts, one) for one in value]
    _need(
        len(operands)
        == {
            "not": 1,
            "choose": 3,
            "and": len(value) if name == "and" else 0,
            "or": len(value) if name == "or" else 0,
        }.get(name, 2)
    )
    if name in ("not", "and", "or", "implies"):
        _need(all(one == "bool" for one in operands) and bool(operands))
        return "bool"
    if name == "choose":
        _need(operands[0] == "bool" and (operands[1] == operands[2] or "opaque" in operands[1:]))
        return "opaque" if "opaque" in operands[1:] else operands[1]
    if name in ("==", "!="):
        _need(operands[0] == operands[1] != "opaque")
        return "bool"
    _need(operands == ["int", "int"])
    return "int" if name in "+-*" else "bool"


def _sort_of_binder(document: Json, name: str, value: Json, sorts: list[Sort]) -> Sort:
    if name in ("before", "after"):
        return _operand(sorts, value)
    part, formula = value
    _need(_part(document, part)["each"] is not None and _operand(sorts, formula) == "bool")
    return "int" if name == "count" else "bool"


def _part(document: Json, place: Json) -> Json:
    match(place, row(len(document["system"]["parts"])), "part")
    return document["system"]["parts"][place]


def _sort_of_leaf(document: Json, name: str, value: Json) -> Sort:
    if name == "constant":
        return _sort_of_constant(document, value)
    if name == "parameter":
        match(value, row(len(document["parameters"])), "parameter")
        return sort_of_domain(document["parameters"][value]["domain"])
    if name == "stamp":
        _need(value in ("key", "now", "since"))
        return "opaque"
    if name == "happens":
        match(value, [row(len(document["events"]))], "events")
        return "bool"
    if name == "emitted":
        match(value, row(len(document["effects"])), "effect")
        return "int"
    if name == "field":
        match(value, (row(len(document["events"])), int), "field")
        fields = document["events"][value[0]]["fields"]
        match(value[1], row(len(fields)), "field")
        return sort_of_domain(fields[value[1]]["domain"])
    return _sort_of_instance(document, name, value)


def _sort_of_constant(document: Json, value: Json) -> Sort:
    if type(value) is bool:
        return "bool"
    if integer_of(value) is not None:
        return "int"
    if type(value) is dict and list(value) == ["member"]:
        match(value["member"], (row(len(document["enumerations"])), int), "member")
        enumeration, member = value["member"]
        match(member, row(len(document["enumerations"][enumeration]["members"])), "member")
        return enumeration
    return "opaque"


def _sort_of_instance(document: Json, name: str, value: Json) -> Sort:
    kind = name.removeprefix("part_")
    place = value if kind == "elapsed" else value[0]
    if name == kind:
        match(place, row(len(document["machines"])), "machine")
        machine = document["machines"][place]
    else:
        part = _part(document, place)
        _need(part["each"] is None)
        machine = document["machines"][part["machine"]]
    if kind == "elapsed":
        return "int"
    if kind == "inside":
        match(value[1], [row(len(machine["states"]))], "states")
        return "bool"
    _need(kind == "variable")
    match(value[1], row(len(machine["variables"])), "variable")
    return sort_of_domain(machine["variables"][value[1]]["domain"])


def _check_places(declaration: Declaration) -> None:
    """Places that depend on a machine or part, and the sorts of what stands somewhere."""
    for place, machine in enumerate(declaration.json["machines"]):
        path = f"machines[{place}]"
        match(machine["initial"], row(len(machine["states"])), path)
        for line in machine["transitions"]:
            match(line["sources"], [row(len(machine["states"]))], path)
            match(line["target"], optional(row(len(machine["states"]))), path)
            _of_sort(declaration, line["guard"], "bool", path)
            _of_sort(declaration, line["after"], "int", path)
            for variable, update in line["updates"]:
                match(variable, row(len(machine["variables"])), path)
                _of_sort(declaration, update, sort_of_domain(machine["variables"][variable]["domain"]), path)
        for claim in machine["properties"]:
            _of_sort(declaration, claim["formula"], "bool", path)
    for place in declaration.assumptions:
        _of_sort(declaration, place, "bool", "assumptions")
    if not declaration.alone:
        _check_system(declaration)


def _check_system(declaration: Declaration) -> None:
    parts = row(len(declaration.parts))
    for part in declaration.parts:
        for limit in ("at_most", "population"):
            _of_sort(declaration, part["each"] and part["each"][limit], "int", "system.parts")
    for place, wire in enumerate(declaration.wires):
        path = f"system.wires[{place}]"
        match(wire["sender"], optional(parts), path)
        _of_sort(declaration, wire["when"], "bool", path)
        for move in wire["moves"]:
            match(move["part"], parts, path)
            if declaration.parts[move["part"]]["each"] is None:
                match((move["key"], move["every"]) == (None, None), _true, path)
            else:
                match((move["key"] is None) != (move["every"] is None), _true, path)
            _of_sort(declaration, move["every"], "bool", path)
            fields = declaration.json["events"][move["action"]]["fields"]
            match(sorted(field for field, _ in move["fields"]) == list(range(len(fields))), _true, path)
            for carried, given in move["fields"]:
                _of_sort(declaration, given, sort_of_domain(fields[carried]["domain"]), path)
    for rule in declaration.rules:
        _of_sort(declaration, rule["when"], "bool", "system.rules")
    for claim in declaration.properties:
        _of_sort(declaration, claim["formula"], "bool", "system.properties")


def _true(value: Json, path: str) -> None:
    if value is not True:
        raise Malformed(f"{path}: does not fit together")


def _of_sort(declaration: Declaration, expression: int | None, sort: Sort, path: str) -> None:
    """An expression that stands where a value of this sort is meant. Carried data may be anything."""
    if expression is not None and sort != "opaque" and declaration.sorts[expression] != sort:
        raise Malformed(f"{path}: expression {expression} is not of the sort that is meant")
