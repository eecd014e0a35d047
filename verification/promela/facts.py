"""The tables of the canonical form with values for its parameters, and what the model calls what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from fsm.canonical import document
from fsm.language.domains import Enumeration
from fsm.language.expressions import Formula, Param
from fsm.language.leaves import Emitted
from fsm.language.properties import RESPONSES, Property
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.semantics.evaluation import interpret
from fsm.verification.search.successors import ages_of

__all__ = ["BOUND", "Facts", "PartFacts", "Unsayable"]

BOUND = 1000
"""How far from zero the model follows what has no end."""

LARGEST = 2**31 - 1
"""Of an int of SPIN's."""


class Unsayable(Exception):
    """Something that no model for SPIN says."""


@attrs.frozen(eq=False)
class PartFacts:
    """A part: its row, its machine, and where the time in state matters.

    Attributes:
        keys: how many instances there can be.
        aging: the states in which it matters how long an instance has been there.
        cap: milliseconds after which nothing measures how much longer.
        durations: of the timed transitions, by place, in milliseconds.
        timeless: some claim compares the time in state with what has no end, so that no claim can read it.
    """

    place: int
    row: Mapping[str, Any]
    machine: Mapping[str, Any]
    machine_place: int
    keys: int
    aging: frozenset[int]
    cap: int
    durations: Mapping[int, int]
    timeless: bool

    @property
    def many(self) -> bool:
        return self.row["each"] is not None

    @property
    def indices(self) -> list[str]:
        """How its instances are picked out of its arrays."""
        return [f"[{key}]" for key in range(self.keys)] if self.many else [""]

    @cached_property
    def variables(self) -> list[int]:
        """Those that conditions may read: carried data is left out."""
        return [
            place for place, one in enumerate(self.machine["variables"]) if "opaque" not in _of_domain(one["domain"])
        ]

    def timers(self, state: int) -> list[int]:
        """The places of the timed transitions of a state, as declared."""
        return [
            place
            for place, one in enumerate(self.machine["transitions"])
            if one["after"] is not None and state in one["sources"]
        ]

    @cached_property
    def timed(self) -> bool:
        return any(one["after"] is not None for one in self.machine["transitions"])


def _of_domain(domain: Any) -> Mapping[str, Any]:
    return domain if isinstance(domain, dict) else {}


class Facts:
    """What the model is made of.

    Args:
        system: what is said.
        params: a value for every parameter.
        keys: how many keys there are in the world, of every kind.
    """

    def __init__(self, system: System, params: Mapping[str, Any], keys: int) -> None:
        self.form: Any = document(system)
        self.keys = keys
        self._ranges: dict[int, tuple[int, int]] = {}
        self.rows: list[Any] = self.form["expressions"]
        self.events: list[Any] = self.form["events"]
        self.params = [_number(one, params[one.name]) for one in system.parameters]
        read = [one for claim in system.properties if _counted(claim) for one in _formulas(claim)]
        self.parts = [self._part(place, part, params, read) for place, part in enumerate(system.parts)]
        self.wires: list[Any] = self.form["system"]["wires"]
        self.rules: list[Any] = self.form["system"]["rules"]
        self.claims: list[Any] = self.form["system"]["properties"]

    def _part(self, place: int, part: Any, params: Mapping[str, Any], read: list[Formula]) -> PartFacts:
        row = self.form["system"]["parts"][place]
        machine = self.form["machines"][row["machine"]]
        ages = ages_of(part, params, read)
        timeless = ages.endless
        if timeless:
            ages = ages_of(part, params, ())
        if ages.endless:
            raise Unsayable(f"a time in state of {part.name} is compared with what has no end")
        if ages.cap > LARGEST:
            raise Unsayable(f"a time in state of {part.name} is measured for longer than {LARGEST} ms")
        states = [state["name"] for state in machine["states"]]
        nowhere = {machine["initial"]} if row["each"] is not None else set()
        aging = frozenset(states.index(name) for name in ages.states) - nowhere
        durations = {
            line: interpret(one.duration, params=params)
            for line, one in enumerate(part.machine.transitions)
            if one.duration is not None
        }
        return PartFacts(place, row, machine, row["machine"], self.keys, aging, ages.cap, durations, timeless)

    @cached_property
    def timed(self) -> bool:
        """Whether time matters; it passes by milliseconds then."""
        return any(one.aging for one in self.parts)

    def children(self, place: int) -> Iterator[int]:
        """The places right below an expression."""
        ((name, value),) = self.rows[place].items()
        if name in ("count", "for_each"):
            yield value[1]
        elif name in ("named", "applied"):
            yield from value[1] if name == "applied" else [value[1]]
        elif name in ("before", "after", "not"):
            yield value
        elif name in OPERATORS:
            yield from value

    def below(self, place: int | None) -> Iterator[Mapping[str, Any]]:
        """Every node of an expression, each once."""
        todo, seen = [] if place is None else [place], set()
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                yield self.rows[one]
                todo += self.children(one)

    def reads(self, place: int | None, *names: str) -> bool:
        """Whether an expression has a node of this kind."""
        return any(next(iter(row)) in names for row in self.below(place))

    def fields_read(self, place: int) -> set[tuple[int, int]]:
        """The fields of events that an expression reads."""
        return {tuple(row["field"]) for row in self.below(place) if "field" in row}

    def range_of(self, place: int) -> tuple[int, int]:
        """Between which numbers a whole number of the model lies."""
        if place not in self._ranges:
            ((name, value),) = self.rows[place].items()
            self._ranges[place] = self._range(name, value)
        return self._ranges[place]

    def _range(self, name: str, value: Any) -> tuple[int, int]:
        match name:
            case "+" | "-" | "*":
                return self.sum_of(name, value)
            case "choose":
                (a, b), (c, d) = (self.range_of(one) for one in value[1:])
                return min(a, c), max(b, d)
            case "before" | "after" | "named":
                return self.range_of(value[1] if name == "named" else value)
            case "constant" if isinstance(value, int):
                return value, value
            case "parameter":
                return self.params[value], self.params[value]
            case "variable" | "part_variable":
                machine = value[0] if name == "variable" else self.parts[value[0]].machine_place
                return self.ends(self.form["machines"][machine]["variables"][value[1]]["domain"])[:2]
            case "field":
                return self.ends(self.events[value[0]]["fields"][value[1]]["domain"])[:2]
            case "count":
                return 0, self.keys
            case "elapsed" | "part_elapsed":
                return 0, max(one.cap for one in self.parts)
        raise Unsayable(f"a sum reads {name}")

    def sum_of(self, name: str, value: list[int]) -> tuple[int, int]:
        """Between which numbers a sum, a difference or a product lies."""
        (a, b), (c, d) = (self.range_of(one) for one in value)
        if name == "*":
            corners = [one * other for one in (a, b) for other in (c, d)]
            return min(corners), max(corners)
        return (a + c, b + d) if name == "+" else (a - d, b - c)

    def ends(self, domain: Any) -> tuple[int, int, bool]:
        """The least and the greatest number of a domain that conditions may read, and whether the model cuts it off.

        Raises:
            Unsayable: they are carried data, or beyond an int of SPIN's.
        """
        if domain == "boolean":
            return 0, 1, False
        if "enumeration" in domain:
            return 0, len(self.form["enumerations"][domain["enumeration"]]["members"]) - 1, False
        if "opaque" in domain:
            raise Unsayable("a condition reads carried data")
        low, high = (None if end is None else _whole(end) for end in domain["integer"])
        least = min(-BOUND, high or 0) if low is None else low
        greatest = max(BOUND, low or 0) if high is None else high
        return least, greatest, low is None or high is None

    def sent(self) -> list[int]:
        """The events that callers send, in their order."""
        return sorted({wire["event"] for wire in self.wires if wire["sender"] is None})


OPERATORS = frozenset(("and", "or", "implies", "choose", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*"))


def _number(param: Param[Any], value: Any) -> int:
    """A value of a parameter as the model has it."""
    domain = param.domain
    number = list(domain.members).index(value) if isinstance(domain, Enumeration) else int(value)
    if abs(number) > LARGEST:
        raise Unsayable(f"{param.name} is beyond {LARGEST}")
    return number


def _whole(end: Any) -> int:
    number = end if isinstance(end, int) else int(end["integer"], 16)
    if abs(number) > LARGEST:
        raise Unsayable(f"a whole number is beyond {LARGEST}")
    return number


def _counted(claim: Property) -> bool:
    """Whether an enumeration judges the claim, so that what it reads tells snapshots apart."""
    return claim.modality not in RESPONSES and not any(
        isinstance(node, Emitted) for formula in _formulas(claim) for node in walk(formula)
    )


def _formulas(claim: Property) -> list[Formula]:
    return [one for one in (claim.formula, claim.premise) if one is not None]
