"""What a declaration does, value by value: lines, wires, rules, limits, timers. Standard library only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.plain.values import (
    NOWHERE,
    Here,
    Instance,
    Json,
    Key,
    Move,
    Parts,
    Value,
    Values,
    within,
)

__all__ = ["Plain", "Refused", "Stopped"]


class Refused(Exception):
    """The event changes nothing: what stood in the way."""

    def __init__(self, why: list[Json]) -> None:
        super().__init__(why)
        self.why = why


class Stopped(Exception):
    """Time cannot pass: the part, the key and the event of the timer that something stands in the way of."""


class Plain(Values):
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
        super().__init__(declaration, parameters, functions)
        self.timers = cache(self._timers_of)

    # Machines

    def start(self) -> Parts:
        """All parts as they begin, at 0."""
        return tuple(self.initial(machine, 0) if each is None else {} for machine, each in self.parts)

    def leaving(self, machine: int, state: int) -> list[tuple[int, Json]]:
        """The lines that start in a state, with their places."""
        known = self.declaration.remembered
        if (
            "leaving",
            machine,
        ) not in known:  # once for all runs: to look through all lines at each step costs their square
            table = known["leaving", machine] = defaultdict(list)
            for place, line in enumerate(self.machines[machine]["transitions"]):
                for source in dict.fromkeys(line["sources"]):
                    table[source].append((place, line))
        lines: list[tuple[int, Json]] = known["leaving", machine].get(state, [])
        return lines

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


def _first(row: tuple[Key, Instance]) -> Key:
    return row[0]
