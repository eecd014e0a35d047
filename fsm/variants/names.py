"""What the formulas of a declaration name: whether a variant took it away is asked by these names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import Clock, Count, Emitted, ForEach, Happens, InState, PartVar
from fsm.language.traversal import walk

__all__ = ["Name", "names_in"]

Name = tuple[Any, ...]
"""What a declaration names: `("state", machine, state)`, `("variable", machine, name)`, `("parameter", name)`, `("part", name)`,
`("event", class)`, `("effect", class)`."""


def names_in(expr: Expr[Any] | None, machine: str) -> Iterator[Name]:
    """What an expression names, read in the place of this machine; empty for what a system says."""
    for node in () if expr is None else walk(expr):
        match node:
            case InState(part=part, states=states) if not node.everyone:
                home = machine if part is None else part.machine.name
                yield from (("state", home, one.name) for one in states)
                yield from () if part is None else (("part", part.name),)
            case Clock(part=part) if part is not None:
                yield "part", part.name
            case PartVar(part=part, var=var):
                yield from (("part", part.name), ("variable", part.machine.name, var.name))
            case Count(part=part, where=inner) | ForEach(part=part, formula=inner):
                yield "part", part.name
                yield from names_in(inner, part.machine.name)
            case Var():
                yield "variable", machine, node.name
            case Param():
                yield "parameter", node.name
            case Happens(events=events):
                yield from (("event", event) for event in events)
            case Emitted(effect=effect):
                yield "effect", effect
            case _:
                pass
