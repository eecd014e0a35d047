"""The plain meaning of a declaration, read off its canonical form alone: docs/reference/semantics.md, sentence by sentence.

Nothing here is of `fsm`: no class of the language, no compiled step, no interpreter of its trees. It is slow, and
meant to be read beside the page. A value is a truth value, an integer, a text, None, or (enumeration, member).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

__all__ = ["Plain", "Rejected", "Stopped"]

Json = Any
Value = Any
Key = Any
Emitted = tuple[int, tuple[Value, ...]]
"""An effect and the values of its fields."""


class Rejected(Exception):
    """What is no event, no instant or no profile; nothing is judged."""


class Stopped(Exception):
    """Time cannot pass: the part, the key and the event of the timer that something stands in the way of."""


@attrs.frozen
class Instance:
    state: int
    since: int
    fired: frozenset[int]
    values: tuple[Value, ...]


Parts = tuple[Any, ...]
"""For each part its instance, or a mapping from key to instance."""


@attrs.frozen(eq=False)
class Here:
    """What an expression is evaluated in; `own` is the instance that it speaks of, with its key."""

    parts: Parts
    at: int
    fields: tuple[Value, ...] = ()
    own: Instance | None = None
    key: Key = None
    tally: Mapping[int, int] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class Step:
    """One step, as claims see it: the event, what each instance took as its action, and what was so around it."""

    event: int
    actions: Mapping[tuple[int, Key], int]
    before: Here
    after: Here
    own: tuple[int, Key] | None = None
    """The part and the key of the instance that a `for_each` speaks of."""


@attrs.frozen(eq=False)
class Move:
    """One instance, with what becomes of it and what it emits."""

    part: int
    key: Key
    action: int
    before: Instance
    after: Instance
    effects: tuple[Emitted, ...]


class Plain:
    """A declaration under one profile.

    Args:
        form: the canonical form.
        parameters: the value of every parameter, in their order; None for the default.
        functions: what `applied` applies, by the last part of its name.
    """

    def __init__(self, form: Json, parameters: list[Value], functions: Mapping[str, Callable[..., Value]]) -> None:
        self.form, self.nodes, self.machines = form, form["expressions"], form["machines"]
        self.functions = [functions.get(name.rpartition(".")[2]) for _, name, _ in form["functions"]]
        self.parameters = parameters
        alone = {
            "parts": [{"machine": 0, "each": None}],
            "wires": _own_wires(form),
            "rules": [],
            **_claims(form["machines"][0]),
        }
        self.system = form["system"] or alone
        self.parts = [(part["machine"], part["each"]) for part in self.system["parts"]]
        self._check_profile()

    def _check_profile(self) -> None:
        for row, value in zip(self.form["parameters"], self.parameters, strict=True):
            if not within(row["domain"], value, self.form):
                raise Rejected
        for one in (*self.system["assumptions"], *(one for row in self.machines for one in row["assumptions"])):
            if not self.value(one["that"], Here((), 0)):
                raise Rejected

    # Expressions

    def value(self, place: int, here: Here) -> Value:
        ((tag, said),) = self.nodes[place].items()
        match tag:
            case "constant":
                return decoded(said)
            case "parameter":
                return self.parameters[said]
            case "field":
                return here.fields[said[1]]
            case "stamp":
                return {"now": here.at, "key": here.key, "since": here.own.since if here.own else None}[said]
            case "variable":
                return here.own.values[said[1]]
            case "inside":
                return here.own.state in said[1]
            case "elapsed":
                return here.at - here.own.since
            case "part_variable":
                return here.parts[said[0]].values[said[1]]
            case "part_inside":
                return here.parts[said[0]].state in said[1]
            case "part_elapsed":
                return here.at - here.parts[said].since
            case "count":
                return sum(self._fits(said[1], here, key, one) for key, one in here.parts[said[0]].items())
            case "for_each":
                return all(self._fits(said[1], here, key, one) for key, one in here.parts[said[0]].items())
            case "emitted":
                return here.tally.get(said, 0)
            case "applied":
                return self.functions[said[0]](*[self.value(one, here) for one in said[1]])
            case "named":
                return self.value(said[1], here)
            case _:
                return self._operator(tag, said, lambda one: self.value(one, here))

    def _fits(self, place: int, here: Here, key: Key, one: Instance) -> bool:
        return bool(self.value(place, attrs.evolve(here, own=one, key=key)))

    def _operator(self, tag: str, said: Any, value: Callable[[int], Value]) -> Value:
        if tag == "not":
            return not value(said)
        if tag in ("and", "or"):
            return (all if tag == "and" else any)([value(one) for one in said])
        if tag == "choose":
            return value(said[1] if value(said[0]) else said[2])
        one, other = (value(place) for place in said)
        match tag:
            case "implies":
                return other or not one
            case "==":
                return one == other
            case "!=":
                return one != other
            case "<":
                return one < other
            case "<=":
                return one < other or one == other
            case ">":
                return other < one
            case ">=":
                return not one < other
            case "+":
                return one + other
            case "-":
                return one - other
            case "*":
                return one * other
        raise AssertionError(tag)

    def _of_step(self, place: int, step: Step) -> Value:
        """The value of a node that speaks of a step."""
        ((tag, said),) = self.nodes[place].items()
        match tag:
            case "before" | "after":
                return self.value(said, getattr(step, tag))
            case "happens":
                own = None if step.own is None else step.own[0]
                if own is not None and any(event in self._events_of(self.parts[own][0]) for event in said):
                    return step.actions.get(step.own) in said
                return step.event in said or any(action in said for action in step.actions.values())
            case "for_each":
                keys = {**step.before.parts[said[0]], **step.after.parts[said[0]]}
                return all(self._of_step(said[1], self._seen_by(step, said[0], key)) for key in keys)
            case "constant" | "parameter":
                return self.value(place, step.before)
            case "named":
                return self._of_step(said[1], step)
            case _:
                return self._operator(tag, said, lambda one: self._of_step(one, step))

    def _seen_by(self, step: Step, part: int, key: Key) -> Step:
        absent = self.initial(self.parts[part][0], step.before.at)
        around = [
            attrs.evolve(here, own=here.parts[part].get(key, absent), key=key) for here in (step.before, step.after)
        ]
        return attrs.evolve(step, before=around[0], after=around[1], own=(part, key))

    def _events_of(self, machine: int) -> set[int]:
        return {line["event"] for line in self.machines[machine]["transitions"]}

    # Machines

    def initial(self, machine: int, at: int) -> Instance:
        row = self.machines[machine]
        return Instance(row["initial"], at, frozenset(), tuple(decoded(one["initial"]) for one in row["variables"]))

    def leaving(self, machine: int, state: int) -> list[Json]:
        return [line for line in self.machines[machine]["transitions"] if state in line["sources"]]

    def timers(self, machine: int, state: int) -> list[Json]:
        return [line for line in self.leaving(machine, state) if line["after"] is not None]

    def _taken(self, part: int, action: int, here: Here) -> Move | None:
        """What the instance does on an action: the first transition whose guard holds."""
        for line in self.leaving(self.parts[part][0], here.own.state):
            if line["event"] == action and line["after"] is None and self._holds(line["guard"], here):
                return self._moved(part, line, here)
        return None

    def _moved(self, part: int, line: Json, here: Here) -> Move:
        one = here.own
        values = list(one.values)
        for variable, place in line["updates"]:
            values[variable] = self.value(place, here)
        effects = tuple(
            (emit["effect"], tuple(self.value(place, here) for place in emit["fields"])) for emit in line["effects"]
        )
        if line["target"] is not None:
            after = Instance(line["target"], here.at, frozenset(), tuple(values))
        else:
            timers = self.timers(self.parts[part][0], one.state)
            fired = {place for place, timer in enumerate(timers) if timer is line}
            after = Instance(one.state, one.since, one.fired | fired, tuple(values))
        return Move(part, here.key, line["event"], one, after, effects)

    def _holds(self, place: int | None, here: Here) -> bool:
        return place is None or bool(self.value(place, here))

    # Systems

    def judged(self, parts: Parts, event: int, fields: tuple[Value, ...], at: int) -> list[Move] | list[Json]:
        """Who moves on an event that a caller sends; or, as lists, what stands in the way."""
        here = Here(parts, at, fields)
        rules = [
            ["rule", place]
            for place, rule in enumerate(self.system["rules"])
            if event in rule["on"] and not self.value(rule["when"], here)
        ]
        wires = [wire for wire in self.system["wires"] if wire["event"] == event and wire["sender"] is None]
        moves, why = self._together(wires, here)
        return [*rules, *why] if rules or why else moves

    def _together(self, wires: list[Json], here: Here) -> tuple[list[Move], list[Json]]:
        applied = [wire for wire in wires if self._holds(wire["when"], here)]
        if len(applied) != 1:
            assert not applied, "two wires apply"
            return [], [["wire"]]
        moves: list[Move] = []
        why: list[Json] = []
        named: set[tuple[int, Key]] = set()
        for row in applied[0]["moves"]:
            for key, one in self._named(row, here):
                fields = self._fields(row, here)
                move = self._taken(row["part"], row["action"], Here(here.parts, here.at, fields, one, key))
                if (row["part"], key) in named:
                    why.append(["twice", row["part"], key])
                elif move is None:
                    why.append(["cannot", row["part"], key])
                else:
                    moves.append(move)
                named.add((row["part"], key))
        return moves, why or self._overfull(moves, here.parts)

    def _fields(self, row: Json, here: Here) -> tuple[Value, ...]:
        if row["fields"] == "own":
            return here.fields
        given = {field: self.value(place, here) for field, place in row["fields"]}
        return tuple(given[place] for place in range(len(given)))

    def _named(self, row: Json, here: Here) -> list[tuple[Key, Instance]]:
        held = here.parts[row["part"]]
        if row["every"] is not None:
            return [(key, held[key]) for key in sorted(held) if self._fits(row["every"], here, key, held[key])]
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
                None if each[limit] is None else self.value(each[limit], Here((), 0))
                for limit in ("at_most", "population")
            )
            too_many = most is not None and begin > end and held + begin - end > most
            nobody = size is not None and begin > 0 and held + begin > size
            why += [["full", part]] if too_many or nobody else []
        return why

    def put(self, parts: Parts, moves: list[Move]) -> Parts:
        """The parts when all of them have moved; who is in the initial state of a part with many is forgotten."""
        made = [one if isinstance(one, Instance) else dict(one) for one in parts]
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
        for part, (machine, _) in enumerate(self.parts):
            for key, one in (
                ((None, parts[part]),) if isinstance(parts[part], Instance) else sorted(parts[part].items())
            ):
                lengths = [self.value(timer["after"], Here((), 0)) for timer in self.timers(machine, one.state)]
                order = sorted(range(len(lengths)), key=lambda place, lengths=lengths: lengths[place])
                left = [
                    (one.since + lengths[place], part, rank, place, key)
                    for rank, place in enumerate(order)
                    if place not in one.fired
                ]
                running += left[:1]
        return min(running, key=lambda timer: timer[:3]) if running else None

    def fired(self, parts: Parts, part: int, place: int, key: Key, at: int) -> list[Move] | Parts:
        """Who moves when a timer fires; where its guard says no, the parts in which it has lapsed."""
        machine, each = self.parts[part]
        one = parts[part] if each is None else parts[part][key]
        line = self.timers(machine, one.state)[place]
        here = Here(parts, at, (), one, key)
        if not self._holds(line["guard"], here):
            lapsed = attrs.evolve(one, fired=one.fired | {place})
            return tuple(
                held if other != part else lapsed if each is None else {**held, key: lapsed}
                for other, held in enumerate(parts)
            )
        wires = [wire for wire in self.system["wires"] if (wire["event"], wire["sender"]) == (line["event"], part)]
        others, why = self._together(wires, Here(parts, at, (), None, key)) if wires else ([], [])
        if why:
            raise Stopped(part, key, line["event"])
        return [self._moved(part, line, here), *others]


def within(domain: Json, value: Value, form: Json) -> bool:
    """Whether a value is of a domain."""
    if domain == "boolean":
        return isinstance(value, bool)
    ((tag, said),) = domain.items()
    if tag == "enumeration":
        return isinstance(value, tuple) and value[0] == said
    if tag == "integer":
        low, high = (decoded(end) for end in said)
        return (
            isinstance(value, int)
            and not isinstance(value, bool)
            and (low is None or low <= value)
            and (high is None or value <= high)
        )
    return True


def decoded(row: Json) -> Value:
    """A value of the form, of those kinds that the corpus has."""
    if not isinstance(row, dict):
        return row
    ((tag, said),) = row.items()
    return int(said, 16) if tag == "integer" else tuple(said) if tag == "member" else row


def _own_wires(form: Json) -> list[Json]:
    """What moves a machine that stands alone: each of its events, by itself."""
    called = dict.fromkeys(line["event"] for line in form["machines"][0]["transitions"] if line["after"] is None)
    move = {"part": 0, "key": None, "every": None, "fields": "own"}
    return [{"event": event, "sender": None, "when": None, "moves": [{**move, "action": event}]} for event in called]


def _claims(row: Json) -> Json:
    return {"assumptions": [], "properties": row["properties"]}
