"""A run as it goes on, value by value: what claims speak of comes out on the way. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator

from fsm.verification.checker.plain.machines import Plain
from fsm.verification.checker.plain.values import Here, Move, Parts, Rejected, Seen, Step, Value, within

__all__ = ["Walk"]


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
