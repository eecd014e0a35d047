"""The plain meaning of a declaration, value by value: docs/reference/semantics.md, sentence by sentence. Standard library only.

It is slow, and meant to be read beside the page. A value is a truth value, an integer, a pair (enumeration, member),
or whatever stands for what is carried: that is handed on, and compared where it is a key.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration, integer_of, rows

__all__ = [
    "MOST",
    "NOWHERE",
    "Here",
    "Instance",
    "Move",
    "Plain",
    "Refused",
    "Rejected",
    "Seen",
    "Step",
    "Stopped",
    "Walk",
    "decoded",
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


class Refused(Exception):
    """The event changes nothing: what stood in the way."""

    def __init__(self, why: list[Json]) -> None:
        super().__init__(why)
        self.why = why


class Stopped(Exception):
    """Time cannot pass: the part, the key and the event of the timer that something stands in the way of."""


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


class Plain:
    """A declaration under one profile.

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
        self.timers = cache(self._timers_of)
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
        absent = self.initial(self.parts[part][0], step.before.at)
        before, after = (
            self._about(here, part, key, here.parts[part].get(key, absent)) for here in (step.before, step.after)
        )
        return replace(step, before=before, after=after, own=(part, key))

    def _events_of(self, part: int) -> set[int]:
        return {line["event"] for line in self.machines[self.parts[part][0]]["transitions"]}

    # Machines

    def initial(self, machine: int, at: int) -> Instance:
        """An instance as it begins."""
        row = self.machines[machine]
        return Instance(row["initial"], at, frozenset(), tuple(decoded(one["initial"]) for one in row["variables"]))

    def start(self) -> Parts:
        """All parts as they begin, at 0."""
        return tuple(self.initial(machine, 0) if each is None else {} for machine, each in self.parts)

    def leaving(self, machine: int, state: int) -> list[tuple[int, Json]]:
        """The lines that start in a state, with their places."""
        return [
            (place, line)
            for place, line in enumerate(self.machines[machine]["transitions"])
            if state in line["sources"]
        ]

    def _timers_of(self, machine: int, state: int) -> tuple[tuple[int, Json, int], ...]:
        """The timed lines of a state: place, line, and length."""
        leaving = self.leaving(machine, state)
        return tuple(
            (place, line, self.value(line["after"], NOWHERE)) for place, line in leaving if line["after"] is not None
        )

    def _taken(self, part: int, action: int, here: Here) -> Move | None:
        """What the instance does on an action: the first transition whose guard holds."""
        assert here.own is not None
        for place, line in self.leaving(self.parts[part][0], here.own.state):
            if line["event"] == action and line["after"] is None and self._holds(line["guard"], here):
                return self._moved(part, place, line, here)
        return None

    def _moved(self, part: int, place: int, line: Json, here: Here) -> Move:
        one = here.own
        assert one is not None
        values = list(one.values)
        for variable, update in line["updates"]:
            values[variable] = self.value(update, here)
        effects = tuple(
            (emit["effect"], tuple(self.value(given, here) for given in emit["fields"])) for emit in line["effects"]
        )
        if line["target"] is not None:
            after = Instance(line["target"], here.at, frozenset(), tuple(values))
        else:
            timers = self.timers(self.parts[part][0], one.state)
            fired = {order for order, timer in enumerate(timers) if timer[0] == place}
            after = Instance(one.state, one.since, one.fired | fired, tuple(values))
        self._check_domains(part, after)
        return Move(part, here.key, line["event"], place, one, after, effects)

    def _check_domains(self, part: int, one: Instance) -> None:
        variables = self.machines[self.parts[part][0]]["variables"]
        if not all(within(variable["domain"], value) for variable, value in zip(variables, one.values, strict=True)):
            raise CannotSay("a variable leaves its domain")

    def _holds(self, place: int | None, here: Here) -> bool:
        return place is None or bool(self.value(place, here))

    # Systems

    def judged(self, parts: Parts, event: int, fields: tuple[Value, ...], at: int) -> list[Move]:
        """Who moves on an event that a caller sends.

        Raises:
            Refused: with what stands in the way.
        """
        here = Here(parts, at, {(event, place): value for place, value in enumerate(fields)})
        rules = [
            ["rule", place]
            for place, rule in enumerate(self.declaration.rules)
            if event in rule["on"] and not self.value(rule["when"], here)
        ]
        wires = [wire for wire in self.declaration.wires if wire["event"] == event and wire["sender"] is None]
        moves, why = self._together(wires, here)
        if rules or why:
            raise Refused([*rules, *why])
        return moves

    def _together(self, wires: list[Json], here: Here) -> tuple[list[Move], list[Json]]:
        applied = [wire for wire in wires if self._holds(wire["when"], here)]
        if len(applied) > 1:
            raise CannotSay("two wires of one event apply")
        if not applied:
            return [], [["wire"]]
        moves: list[Move] = []
        why: list[Json] = []
        named: set[tuple[int, Key]] = set()
        for row in applied[0]["moves"]:
            for key, one in self._named(row, here):
                given = self._fields(row, here)
                own = Here(here.parts, here.at, given, one, self.parts[row["part"]][0], key)
                move = self._taken(row["part"], row["action"], own)
                if (row["part"], key) in named:
                    why.append(["twice", row["part"], key])
                elif move is None:
                    why.append(["cannot", row["part"], key])
                else:
                    moves.append(move)
                named.add((row["part"], key))
        return moves, why or self._overfull(moves, here.parts)

    def _fields(self, row: Json, here: Here) -> Mapping[tuple[int, int], Value]:
        """Those of the action; a machine alone takes the event itself."""
        return (
            here.fields
            if row["fields"] is None
            else {(row["action"], place): self.value(given, here) for place, given in row["fields"]}
        )

    def _named(self, row: Json, here: Here) -> list[tuple[Key, Instance]]:
        held = here.parts[row["part"]]
        if row["every"] is not None:
            return [(key, held[key]) for key in sorted(held) if self._fits(row["every"], here, row["part"], key)]
        if row["key"] is None:
            return [(None, held)]
        key = self.value(row["key"], here)
        return [(key, held.get(key, self.initial(self.parts[row["part"]][0], here.at)))]

    def _overfull(self, moves: list[Move], parts: Parts) -> list[Json]:
        why = []
        for part, (machine, each) in enumerate(self.parts):
            mine = [move for move in moves if move.part == part]
            if each is None or not mine:
                continue
            start = self.machines[machine]["initial"]
            begin = sum(move.key not in parts[part] and move.after.state != start for move in mine)
            end = sum(move.key in parts[part] and move.after.state == start for move in mine)
            held = len(parts[part])
            most, size = (
                None if each[limit] is None else self.value(each[limit], NOWHERE) for limit in ("at_most", "population")
            )
            too_many = most is not None and begin > end and held + begin - end > most
            nobody = size is not None and begin > 0 and held + begin > size
            why += [["full", part]] if too_many or nobody else []
        return why

    def put(self, parts: Parts, moves: Sequence[Move]) -> Parts:
        """The parts when all of them have moved; who is in the initial state of a part with many is forgotten."""
        made: list[Any] = [one if isinstance(one, Instance) else dict(one) for one in parts]
        for move in moves:
            machine, each = self.parts[move.part]
            if each is None:
                made[move.part] = move.after
            elif move.after.state == self.machines[machine]["initial"]:
                made[move.part].pop(move.key, None)
            else:
                made[move.part][move.key] = move.after
        return tuple(made)

    # Time

    def next_timer(self, parts: Parts) -> tuple[int, int, int, int, Key] | None:
        """The next timer: its deadline, the part, its order among those of the state, its place there, and the key."""
        running = []
        self.spend(sum(len(one) if isinstance(one, dict) else 1 for one in parts))
        for part, (machine, _) in enumerate(self.parts):
            for key, one in (
                ((None, parts[part]),) if isinstance(parts[part], Instance) else sorted(parts[part].items(), key=_first)
            ):
                lengths = [length for _, _, length in self.timers(machine, one.state)]
                order = sorted(range(len(lengths)), key=lengths.__getitem__)
                left = [
                    (one.since + lengths[place], part, rank, place, key)
                    for rank, place in enumerate(order)
                    if place not in one.fired
                ]
                running += left[:1]
        return min(running, key=lambda timer: timer[:3]) if running else None

    def fired(self, parts: Parts, part: int, place: int, key: Key, at: int) -> list[Move] | Parts:
        """Who moves when a timer fires; where its guard says no, the parts in which it has lapsed.

        Raises:
            Stopped: somebody cannot.
        """
        machine, each = self.parts[part]
        one = parts[part] if each is None else parts[part][key]
        number, line, _ = self.timers(machine, one.state)[place]
        here = Here(parts, at, {}, one, machine, key)
        if not self._holds(line["guard"], here):
            lapsed = replace(one, fired=one.fired | {place})
            return tuple(
                held if other != part else lapsed if each is None else {**held, key: lapsed}
                for other, held in enumerate(parts)
            )
        wires = [wire for wire in self.declaration.wires if (wire["event"], wire["sender"]) == (line["event"], part)]
        others, why = self._together(wires, Here(parts, at, {}, None, None, key)) if wires else ([], [])
        if why:
            raise Stopped(part, key, line["event"])
        return [self._moved(part, number, line, here), *others]


class Walk:
    """A run as it goes on, from what is so: what claims speak of comes out on the way."""

    def __init__(self, plain: Plain, parts: Parts, now: int) -> None:
        self.plain, self.parts, self.now = plain, parts, now
        self.tally: dict[int, int] = {}

    def here(self, at: int) -> Here:
        """What is so; what a machine's own claims speak of is its only instance."""
        own = self.parts[0] if self.plain.declaration.alone else None
        return Here(self.parts, at, {}, own, None if own is None else 0, None, dict(self.tally))

    def pass_to(self, to: int) -> Iterator[Seen]:
        """Time passes: each snapshot that is met, and the step of each timer that fires.

        Raises:
            Rejected: time would run backwards.
            Stopped: a timer is in the way.
        """
        if to < self.now:
            raise Rejected
        while (timer := self.plain.next_timer(self.parts)) is not None and timer[0] <= to:
            at, part, _, place, key = timer
            self.plain.spend(500)
            yield self.here(at)
            found = self.plain.fired(self.parts, part, place, key, at)
            if isinstance(found, tuple):
                self.parts = found
            else:
                yield from self._step(found[0].action, found, at)
        yield self.here(to)
        self.now = to

    def send(self, event: int, values: tuple[Value, ...], at: int) -> Iterator[Seen]:
        """A caller's event is judged when time has passed.

        Raises:
            Rejected: it is no event of callers.
            Refused: nothing changed but time.
        """
        wires = [wire for wire in self.plain.declaration.wires if wire["event"] == event and wire["sender"] is None]
        fields = self.plain.declaration.json["events"][event]["fields"]
        if (
            not wires
            or len(fields) != len(values)
            or not all(within(one["domain"], value) for one, value in zip(fields, values, strict=True))
        ):
            raise Rejected
        yield from self.pass_to(at)
        yield from self._step(event, self.plain.judged(self.parts, event, values, at), at)

    def _step(self, event: int, moves: list[Move], at: int) -> Iterator[Seen]:
        before = self.here(at)
        self.parts = self.plain.put(self.parts, moves)
        for move in moves:
            for effect, _ in move.effects:
                self.tally[effect] = self.tally.get(effect, 0) + 1
        after = self.here(at)
        yield Step(event, tuple(moves), before, after)
        yield after


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


def _first(row: tuple[Key, Instance]) -> Key:
    return row[0]


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
