"""The form of the corpus: a case says what is so, what comes, and what follows, by places of the canonical form.

`answer` is how the plain meaning answers a case; `tests/corpus/README.md` says what the fields mean.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .plain_step import Here, Instance, Json, Move, Parts, Plain, Rejected, Step, Stopped, Value, decoded, within

__all__ = ["FOLDER", "Json", "answer", "encoded", "read_parts", "written_parts"]

FOLDER = Path(__file__).parent


def encoded(value: Value) -> Json:
    """A value as the form has it."""
    if isinstance(value, tuple):
        return {"member": list(value)}
    great = isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53 - 1
    return {"integer": hex(value)} if great else value


def read_parts(rows: list[Json], several: list[bool]) -> Parts:
    """The parts of a case."""
    return tuple(
        {row[0]: _instance(row[1:]) for row in part} if many else _instance(part)
        for part, many in zip(rows, several, strict=True)
    )


def _instance(row: Json) -> Instance:
    state, since, fired, values = row
    return Instance(state, since, frozenset(fired), tuple(decoded(value) for value in values))


def written_parts(parts: Parts) -> list[Json]:
    """The parts as a case has them, instances in the order of their keys."""
    return [
        _row(part) if isinstance(part, Instance) else [[key, *_row(part[key])] for key in sorted(part)]
        for part in parts
    ]


def _row(one: Instance) -> list[Json]:
    return [one.state, one.since, sorted(one.fired), [encoded(value) for value in one.values]]


# The plain meaning


def answer(form: Json, case: Json, functions: Any) -> Json:
    """What follows in a case, by the plain meaning."""
    try:
        parameters = [decoded(value) for value in case["parameters"]]
        return _Walk(Plain(form, parameters, functions), case).outcome()
    except Rejected:
        return {"kind": "rejected"}
    except Stopped as stopped:
        return {"kind": "stopped", "why": [list(stopped.args)]}


class _Walk:
    """One case, walked from what is so to what follows; claims are looked at on the way."""

    def __init__(self, plain: Plain, case: Json) -> None:
        self.plain, self.case, self.at = plain, case, case["now"]
        self.parts = read_parts(case["parts"], [each is not None for _, each in plain.parts])
        self.tally: dict[int, int] = {}
        self.timed: list[Json] = []
        self.effects: list[Json] = []
        self.broken: set[int] = set()

    def outcome(self) -> Json:
        at, event = self.case["at"], self.case["event"]
        if at < self.case["now"]:
            raise Rejected
        if event is not None:
            self._check_event(*event)
        self._look(self.at)
        self._advance(at)
        why: list[Json] = []
        if event is not None:
            found = self.plain.judged(self.parts, event[0], tuple(decoded(value) for value in event[1]), at)
            why = [one for one in found if isinstance(one, list)]
            if not why:
                self._step(event[0], found, at)
        kind = "passed" if event is None else "refused" if why else "taken"
        parts = written_parts(self.parts)
        followed: Json = {"kind": kind, "now": at, **({"parts": parts} if parts != self.case["parts"] else {})}
        told = {
            "timed": self.timed,
            "effects": self.effects,
            "why": sorted(why, key=json.dumps),
            "broken": sorted(self.broken),
        }
        return followed | {name: said for name, said in told.items() if said}

    def _check_event(self, event: int, values: list[Json]) -> None:
        known = any(wire["event"] == event and wire["sender"] is None for wire in self.plain.system["wires"])
        fields = self.plain.form["events"][event]["fields"]
        if not known or not all(
            within(field["domain"], decoded(value), self.plain.form)
            for field, value in zip(fields, values, strict=True)
        ):
            raise Rejected

    def _advance(self, to: int) -> None:
        while (timer := self.plain.next_timer(self.parts)) is not None and timer[0] <= to:
            at, part, _, place, key = timer
            self._look(at)
            found = self.plain.fired(self.parts, part, place, key, at)
            if isinstance(found, tuple):
                self.parts = found
            else:
                self._step(found[0].action, found, at)
                self.timed.append([at, part, key, found[0].action])
        self._look(to)

    def _step(self, event: int, moves: list[Move], at: int) -> None:
        before = Here(self.parts, at, tally=dict(self.tally))
        self.parts = self.plain.put(self.parts, moves)
        emitted = [effect for move in moves for effect in move.effects]
        for effect, _ in emitted:
            self.tally[effect] = self.tally.get(effect, 0) + 1
        after = Here(self.parts, at, tally=dict(self.tally))
        step = Step(
            event, {(move.part, move.key): move.action for move in moves}, self._alone(before), self._alone(after)
        )
        for place, claim in enumerate(self.plain.system["properties"]):
            if claim["modality"] == "each step" and not self.plain._of_step(claim["formula"], step):
                self.broken.add(place)
        self._look(at)
        self.effects += [[effect, [encoded(value) for value in values]] for effect, values in emitted]

    def _look(self, at: int) -> None:
        here = self._alone(Here(self.parts, at, tally=self.tally))
        for place, claim in enumerate(self.plain.system["properties"]):
            if claim["modality"] == "always" and not self.plain.value(claim["formula"], here):
                self.broken.add(place)

    def _alone(self, here: Here) -> Here:
        """What a machine's own claims speak of is its only instance."""
        own = None if self.plain.form["system"] is not None else here.parts[0]
        return Here(here.parts, here.at, here.fields, own, None, here.tally)
