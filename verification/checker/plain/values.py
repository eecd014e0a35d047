"""What expressions are, value by value. A value is a truth value, an integer, a pair (enumeration, member),
or whatever stands for what is carried: that is handed on, and compared where it is a key. Standard library only.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration, integer_of, rows

__all__ = [
    "MOST",
    "NOWHERE",
    "Emitted",
    "Here",
    "Instance",
    "Json",
    "Key",
    "Move",
    "Parts",
    "Rejected",
    "Seen",
    "Step",
    "Value",
    "Values",
    "decoded",
    "within",
]

Json = Any
Value = Any
Key = Any
Emitted = tuple[int, tuple[Value, ...]]
"""An effect and the values of its fields."""
MOST = 50_000_000
"""How many nodes of expressions are evaluated: what takes more is beyond this program, on every machine."""
LARGEST = 100_000
"""How many bits a product may have."""
DEEPEST = 20
"""How often what binds may stand in what binds."""


class Rejected(Exception):
    """What is no event, no instant or no profile; nothing is judged."""


@dataclass(frozen=True)
class Instance:
    state: int
    since: int
    fired: frozenset[int]
    values: tuple[Value, ...]


Parts = tuple[Any, ...]
"""For each part its instance, or a mapping from key to instance."""


@dataclass(frozen=True)
class Here:
    """What an expression is evaluated in; `own` is the instance that it speaks of, with its machine and key."""

    parts: Parts
    at: int
    fields: Mapping[tuple[int, int], Value] = field(default_factory=dict)
    own: Instance | None = None
    machine: int | None = None
    key: Key = None
    tally: Mapping[int, int] = field(default_factory=dict)
    depth: int = 0


@dataclass(frozen=True)
class Step:
    """One step, as claims see it: the event, what each instance took as its action and by which line, and what was so around it."""

    event: int
    moves: tuple[Move, ...]
    before: Here
    after: Here
    own: tuple[int, Key] | None = None
    """The part and the key of the instance that a `for_each` speaks of."""

    @property
    def depth(self) -> int:
        """How deep what binds stands in what binds."""
        return self.before.depth


@dataclass(frozen=True)
class Move:
    """One instance, with what becomes of it by which line, and what it emits."""

    part: int
    key: Key
    action: int
    line: int
    before: Instance
    after: Instance
    effects: tuple[Emitted, ...]


Seen = Here | Step
"""What claims speak of: a snapshot with its instant, or a step."""


class Values:
    """What expressions of a declaration are, under one profile.

    Args:
        parameters: the value of every parameter, in their order.
        functions: what `applied` applies, by the last part of its name; of any other nothing is known of what it gives.

    Raises:
        Rejected: no such profile is allowed.
    """

    def __init__(
        self,
        declaration: Declaration,
        parameters: Sequence[Value],
        functions: Mapping[str, Callable[..., Value]] | None = None,
    ) -> None:
        self.declaration, self.parameters = declaration, parameters
        self.machines = declaration.json["machines"]
        self.nodes = [next(iter(node.items())) for node in declaration.json["expressions"]]
        names = [row[1] if type(row) is list and len(row) == 3 else "" for row in declaration.json["functions"]]
        self.functions = [(functions or {}).get(str(name).rpartition(".")[2]) for name in names]
        self.parts = [(part["machine"], part["each"]) for part in declaration.parts]
        self.left = MOST
        self._check_profile()

    def _check_profile(self) -> None:
        rows = self.declaration.json["parameters"]
        if len(rows) != len(self.parameters) or not all(
            within(row["domain"], value) for row, value in zip(rows, self.parameters, strict=True)
        ):
            raise Rejected
        lengths = [
            line["after"] for machine in self.machines for line in machine["transitions"] if line["after"] is not None
        ]
        holds = all(self.value(that, NOWHERE) for that in self.declaration.assumptions)
        if not holds or any(self.value(length, NOWHERE) <= 0 for length in lengths):
            raise Rejected

    # Expressions

    def value(self, place: int, seen: Seen) -> Value:
        """The value of an expression. Rows are evaluated in their order: no recursion but into what binds.

        Raises:
            CannotSay: it reads what there is not, or it takes too long.
        """
        evaluated = rows(self.declaration, place)
        self.spend(len(evaluated))
        values: dict[int, Value] = {}
        for row, tag, said, operands in evaluated:
            given = [values[one] for one in operands]
            if tag in OPERATIONS:
                values[row] = OPERATIONS[tag](*given)
            elif tag == "applied":
                function = self.functions[said[0]]
                values[row] = None if function is None else function(*given)
            else:
                values[row] = (
                    self._at_moment(tag, said, seen) if isinstance(seen, Here) else self._of_step(tag, said, seen)
                )
        return values[place]

    def spend(self, steps: int) -> None:
        """Count what has been done.

        Raises:
            CannotSay: it is too much.
        """
        self.left -= steps
        if self.left < 0:
            raise CannotSay(f"it takes more than {MOST:,} evaluations")

    def _at_moment(self, tag: str, said: Any, here: Here) -> Value:
        match tag:
            case "constant":
                return decoded(said)
            case "parameter":
                return self.parameters[said]
            case "field":
                if tuple(said) not in here.fields:
                    raise CannotSay("a condition reads a field of another event")
                return here.fields[tuple(said)]
            case "stamp":
                return {"now": here.at, "key": here.key, "since": here.own.since if here.own else None}[said]
            case "count" | "for_each":
                fits = [self._fits(said[1], here, said[0], key) for key in here.parts[said[0]]]
                return sum(fits) if tag == "count" else all(fits)
            case "emitted":
                return here.tally.get(said, 0)
            case "part_variable" | "part_inside" | "part_elapsed":
                part = said if tag == "part_elapsed" else said[0]
                return _of(here.parts[part], tag[5:], said, here.at)
            case "variable" | "inside" | "elapsed":
                if here.own is None or here.machine != (said if tag == "elapsed" else said[0]):
                    raise CannotSay("nothing says of which instance a formula speaks")
                return _of(here.own, tag, said, here.at)
        raise CannotSay("a formula over steps stands where a moment is meant")

    def about(self, here: Here, part: int, key: Key) -> Here:
        """What a claim about each instance speaks of: the one with this key, which is as at the start while there is none."""
        held, absent = here.parts[part], self.initial(self.parts[part][0], here.at)
        if isinstance(held, Instance):
            raise CannotSay("a part that has one instance has no key")
        return self._about(here, part, key, held.get(key, absent))

    def _fits(self, place: int, here: Here, part: int, key: Key) -> bool:
        return bool(self.value(place, self._about(here, part, key, here.parts[part][key])))

    def _about(self, here: Here, part: int, key: Key, own: Instance) -> Here:
        if here.depth >= DEEPEST:
            raise CannotSay("a formula is nested too deep")
        return replace(here, own=own, machine=self.parts[part][0], key=key, depth=here.depth + 1)

    def _of_step(self, tag: str, said: Any, step: Step) -> Value:
        """The value of a node that speaks of a step."""
        match tag:
            case "before" | "after":
                return self.value(said, step.before if tag == "before" else step.after)
            case "happens":
                taken = {(move.part, move.key): move.action for move in step.moves}
                if step.own is not None and self._events_of(step.own[0]) & set(said):
                    return taken.get(step.own) in said
                return step.event in said or any(action in said for action in taken.values())
            case "for_each":
                keys = {**step.before.parts[said[0]], **step.after.parts[said[0]]}
                return all(self.value(said[1], self._seen_by(step, said[0], key)) for key in keys)
            case "constant" | "parameter":
                return self._at_moment(tag, said, step.before)
        raise CannotSay("a formula over a step reads what is so without saying when")

    def _seen_by(self, step: Step, part: int, key: Key) -> Step:
        before, after = (self.about(here, part, key) for here in (step.before, step.after))
        return replace(step, before=before, after=after, own=(part, key))

    def _events_of(self, part: int) -> set[int]:
        return {line["event"] for line in self.machines[self.parts[part][0]]["transitions"]}

    def initial(self, machine: int, at: int) -> Instance:
        """An instance as it begins."""
        row = self.machines[machine]
        return Instance(row["initial"], at, frozenset(), tuple(decoded(one["initial"]) for one in row["variables"]))


NOWHERE = Here((), 0)
"""For what reads parameters alone."""


def _of(one: Instance, what: str, said: Any, at: int) -> Value:
    return at - one.since if what == "elapsed" else one.state in said[1] if what == "inside" else one.values[said[1]]


def _product(left: int, right: int) -> int:
    if left.bit_length() + right.bit_length() > LARGEST:
        raise CannotSay("a number is too large")
    return left * right


OPERATIONS: dict[str, Callable[..., Value]] = {
    "not": operator.not_,
    "and": lambda *values: all(values),
    "or": lambda *values: any(values),
    "implies": lambda premise, conclusion: conclusion or not premise,
    "choose": lambda condition, yes, no: yes if condition else no,
    "named": lambda value: value,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": _product,
}
"""What operators make of values."""


def within(domain: Json, value: Value) -> bool:
    """Whether a value is of a domain."""
    if domain == "boolean":
        return type(value) is bool
    if "enumeration" in domain:
        return type(value) is tuple and value[0] == domain["enumeration"]
    if "integer" in domain:
        low, high = map(integer_of, domain["integer"])
        return type(value) is int and (low is None or low <= value) and (high is None or value <= high)
    return True


def decoded(row: Json) -> Value:
    """A value of the form; of carried data what stands for it."""
    whole = integer_of(row)
    if whole is not None:
        return whole
    return tuple(row["member"]) if type(row) is dict and list(row) == ["member"] else row
