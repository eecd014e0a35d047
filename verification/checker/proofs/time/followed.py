"""One instance of a part, followed by itself: a declaration of its machine alone, of which what is claimed of each is claimed. Standard library only.

Each instance takes lines of its machine, by whatever moves it; to a machine alone anything may be sent at any time at which none of its timers is due.
So each run of the one is a run of the other, as long as no timer of somebody else moves the instance: that may be when its own is due.
One that returns to its initial state is forgotten, so the lines that lead there make everything as it was at first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration, own_wires, sort_of_domain
from fsm.verification.checker.proofs.lemmas import readable

__all__ = ["followed"]

Json = Any


def followed(declaration: Declaration, claim: Json) -> Declaration:
    """The machine alone, with the claim as its first.

    Raises:
        CannotSay: an instance is more than its machine alone.
    """
    table = declaration.json["expressions"]
    (part, premise), (other, goal) = (
        table[claim[name]].get("for_each", (None, None)) for name in ("premise", "formula")
    )
    if part is None or part != other or declaration.parts[part]["each"] is None:
        raise CannotSay("what is claimed of each instance of no part")
    if any(move["part"] == part for wire in declaration.wires if wire["sender"] is not None for move in wire["moves"]):
        raise CannotSay("an instance that timers of others move is followed by itself")
    place = declaration.parts[part]["machine"]
    machine = declaration.json["machines"][place]
    constants = [(at, machine["variables"][at]) for at in readable(machine)]
    first = [[at, len(table) + more] for more, (at, _) in enumerate(constants)]
    lines = [*_lines(machine, first)]
    alone = {**machine, "transitions": lines}
    machines = [alone if at == place else one for at, one in enumerate(declaration.json["machines"])]
    expressions = [*table, *({"constant": one["initial"]} for _, one in constants)]
    said = {**claim, "modality": "leads to", "premise": premise, "formula": goal, "fair": []}
    return replace(
        declaration,
        json={**declaration.json, "machines": machines, "expressions": expressions, "system": None},
        sorts=(*declaration.sorts, *(sort_of_domain(one["domain"]) for _, one in constants)),
        parts=({"name": "", "machine": place, "each": None},),
        wires=tuple(own_wires(alone)),
        rules=(),
        properties=(said, *machine["properties"]),
        profiles=(),
        remembered={},
    )


def _lines(machine: Json, first: Json) -> Iterator[Json]:
    """The lines; those that lead to the initial state make everything as it was at first."""
    initial = machine["initial"]
    for line in machine["transitions"]:
        if line["target"] is None and line["updates"] and initial in line["sources"]:
            raise CannotSay("an instance that does not exist is written to")
        yield {**line, "updates": first} if line["target"] == initial else line
