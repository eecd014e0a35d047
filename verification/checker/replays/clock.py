"""The time in state where all there is is gone through: that of the only instance that keeps time, from change to change. Standard library only.

Between two neighbours of the numbers with which it is compared, and at which a timer falls due, no guard, no timer and no claim tells two times in
state apart, and from each of them time goes on to the next: so the first of them stands for all, and after the last one time changes nothing.
Instants themselves are handed on, and nothing may be asked of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import operands
from fsm.verification.checker.plain.machines import Plain, Stopped
from fsm.verification.checker.plain.values import NOWHERE, Here, Instance, Move, Parts
from fsm.verification.checker.proofs.reads import below

__all__ = ["UNTOLD", "Clock", "NoClock", "WithoutInstants", "clock_of", "since_then"]

Json = Any
Passed = tuple[int | None, Sequence[Move], Parts, Parts]
"""What time does: the event that it sends, who moves, and the parts at that instant, before and afterwards; no event where nothing was sent."""
COMPARED = ("==", "!=", "<", "<=", ">", ">=")
TIMES = ("elapsed", "part_elapsed")


class _Untold:
    """An instant, or carried data: it is handed on, and nothing may be asked of it."""

    def _refuse(self, *_: object) -> Any:
        raise CannotSay("something reads the time in state, or what has no end")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __hash__ = __bool__ = _refuse


UNTOLD: Any = _Untold()


def clock_of(plain: Plain, asked: Sequence[int]) -> NoClock:
    """How time goes on where these formulas are asked.

    Raises:
        CannotSay: several keep time, or the time in state is not just compared with numbers.
    """
    table = plain.declaration.json["expressions"]
    read = any(next(iter(table[row])) in TIMES for row in below(plain.declaration, [*_deciding(plain), *asked]))
    return Clock(plain, asked) if read or {*_with_timers(plain)} else NoClock()


def since_then(here: Here) -> Parts:
    """The parts of a moment, at instant 0."""

    def earlier(one: Instance) -> Instance:
        return replace(one, since=one.since - here.at)

    return tuple(
        earlier(held) if isinstance(held, Instance) else {key: earlier(one) for key, one in held.items()}
        for held in here.parts
    )


def _with_timers(plain: Plain) -> Iterator[int]:
    """The parts that have timers."""
    return (part for part, (machine, _) in enumerate(plain.parts) if timers_of(plain.machines[machine]))


def _deciding(plain: Plain) -> Iterator[int]:
    """The expressions on which it depends what happens."""
    lines = [line for machine in plain.machines for line in machine["transitions"]]
    moves = [move for wire in plain.declaration.wires for move in wire["moves"]]
    conditions = [
        *(line["guard"] for line in lines),
        *(one["when"] for one in (*plain.declaration.rules, *plain.declaration.wires)),
        *(move[what] for move in moves for what in ("key", "every")),
    ]
    yield from (one for one in conditions if one is not None)
    yield from (value for line in lines for _, value in line["updates"])
    yield from (value for move in moves for _, value in move["fields"] or ())


class NoClock:
    """No time passes."""

    now: Any = UNTOLD

    def told(self, part: int, one: Instance) -> tuple[Any, ...]:
        """What tells two times in state apart."""
        return ()

    def is_due(self, parts: Parts) -> bool:
        """Whether a timer has to fire before anything else happens."""
        return False

    def passed(self, parts: Parts) -> Iterator[Passed]:
        """What time does next, if it does anything."""
        return iter(())


class WithoutInstants(Plain):
    """A declaration under one profile, of which no instant is told."""

    def _at_moment(self, tag: str, said: Any, here: Here) -> Any:
        return UNTOLD if tag == "stamp" and said != "key" else super()._at_moment(tag, said, here)


class Clock(NoClock):
    """The time in state of the one instance that keeps time. Every snapshot is at instant 0: who has been in a state for so long is there since so long before.

    Args:
        asked: the formulas that are evaluated.

    Raises:
        CannotSay: several keep time, or the time in state is not just compared with numbers.
    """

    now = 0

    def __init__(self, plain: Plain, asked: Sequence[int]) -> None:
        self.plain = plain
        read = self._read([*_deciding(plain), *asked])
        parts = {part for part, _ in read} | {*_with_timers(plain)}
        if len(parts) != 1:
            raise CannotSay("more than one part keeps time")
        [self.part] = parts
        machine, each = plain.parts[self.part]
        if each is not None:
            raise CannotSay("each of many instances keeps time")
        self.points = sorted({number + step for _, number in read for step in (-1, 0, 1)})  # one of a span would do
        lines = plain.machines[machine]["transitions"]
        measured = (line for line in lines if line["after"] is not None or self._read([line["guard"]]))
        every = range(len(plain.machines[machine]["states"]))
        self.states = {*every} if self._read(asked) else {one for line in measured for one in line["sources"]}

    def _read(self, expressions: Sequence[int | None]) -> list[tuple[int, int]]:
        """Where the time in state is read: of which part, and with which number it is compared.

        Raises:
            CannotSay: it is read in another way.
        """
        table, asked = self.plain.declaration.json["expressions"], {one for one in expressions if one is not None}
        rows = below(self.plain.declaration, asked)
        times = {row for row in rows if next(iter(table[row])) in TIMES}
        if times & asked:
            raise CannotSay("the time in state is written down")
        found: list[tuple[int, int]] = []
        for row in rows:
            [(tag, said)] = table[row].items()
            read = [one for one in operands(table[row]) if one in times]
            read += [said] if tag in ("before", "after") and said in times else []
            if not read:
                continue
            others = [one for one in operands(table[row]) if one not in times]
            if tag not in COMPARED or len(others) != 1 or next(iter(table[others[0]])) not in ("constant", "parameter"):
                raise CannotSay("the time in state is not just compared with a number")
            number = self.plain.value(others[0], NOWHERE)
            found += [(part, number) for one in read for part in self._parts_of(table[one])]
        return found

    def _parts_of(self, node: Json) -> list[int]:
        [(tag, said)] = node.items()
        if tag == "part_elapsed":
            return [said]
        return [part for part, (machine, _) in enumerate(self.plain.parts) if machine == said]

    # What time does

    def told(self, part: int, one: Instance) -> tuple[Any, ...]:
        if part != self.part:
            return ()
        return (-one.since if one.state in self.states else None, tuple(sorted(one.fired)))

    def is_due(self, parts: Parts) -> bool:
        timer = self.plain.next_timer(parts)
        return timer is not None and timer[0] <= 0

    def passed(self, parts: Parts) -> Iterator[Passed]:
        """As in a run: of the timers of an instant one fires, and those before it that lapse have lapsed.

        Raises:
            CannotSay: something stands in the way of a timer.
        """
        one = parts[self.part]
        timer = self.plain.next_timer(parts)
        waits = [point + one.since for point in self.points if one.state in self.states and point + one.since > 0]
        if timer is not None and (not waits or timer[0] <= min(waits)):
            yield self._fired(self._later(parts, max(timer[0], 0)))
        elif waits:
            yield None, (), parts, self._later(parts, min(waits))

    def _later(self, parts: Parts, delay: int) -> Parts:
        one = parts[self.part]
        return tuple(
            replace(one, since=one.since - delay) if place == self.part else held for place, held in enumerate(parts)
        )

    def _fired(self, parts: Parts) -> Passed:
        while (timer := self.plain.next_timer(parts)) is not None and timer[0] <= 0:
            _, part, _, place, key = timer
            try:
                found = self.plain.fired(parts, part, place, key, 0)
            except Stopped:
                raise CannotSay("something stands in the way of a timer") from None
            if not isinstance(found, tuple):
                return found[0].action, found, parts, self.plain.put(parts, found)
            parts = found
        return None, (), parts, parts
