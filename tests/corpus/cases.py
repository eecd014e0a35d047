"""The form of the corpus: a case says what is so, what comes, and what follows, by places of the canonical form.

`answer` is how the plain meaning answers a case; `tests/corpus/README.md` says what the fields mean.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fsm.verification.checker.declaration import Declaration, read_declaration
from fsm.verification.checker.plain.machines import Plain, Refused, Stopped
from fsm.verification.checker.plain.values import Instance, Parts, Rejected, Seen, Step, decoded
from fsm.verification.checker.plain.walk import Walk

__all__ = ["FOLDER", "Json", "answer", "declared", "encoded", "read_parts", "written_parts"]

Json = Any

FOLDER = Path(__file__).parent


def encoded(value: Any) -> Json:
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


def declared(form: Json) -> Declaration:
    """The declaration that a form is, as the checker reads it."""
    return _read(json.dumps(form))


_read = lru_cache(maxsize=200)(read_declaration)


def answer(form: Json, case: Json, functions: Any) -> Json:
    """What follows in a case, by the plain meaning."""
    try:
        plain = Plain(declared(form), [decoded(value) for value in case["parameters"]], functions)
        return _Looking(plain, case).outcome()
    except Rejected:
        return {"kind": "rejected"}
    except Stopped as stopped:
        return {"kind": "stopped", "why": [list(stopped.args)]}


class _Looking:
    """One case, walked from what is so to what follows; claims are looked at on the way."""

    def __init__(self, plain: Plain, case: Json) -> None:
        self.plain, self.case = plain, case
        parts = read_parts(case["parts"], [each is not None for _, each in plain.parts])
        self.walk = Walk(plain, parts, case["now"])
        self.steps: list[Step] = []
        self.broken: set[int] = set()

    def outcome(self) -> Json:
        at, event = self.case["at"], self.case["event"]
        kind, why = "passed" if event is None else "taken", []
        self._look(self.walk.here(self.case["now"]))
        try:
            for seen in (
                self.walk.pass_to(at)
                if event is None
                else self.walk.send(event[0], tuple(decoded(value) for value in event[1]), at)
            ):
                self._look(seen)
        except Refused as refused:
            kind, why = "refused", refused.why
        parts = written_parts(self.walk.parts)
        followed: Json = {"kind": kind, "now": at, **({"parts": parts} if parts != self.case["parts"] else {})}
        by_time = self.steps[:-1] if kind == "taken" else self.steps
        emitted = [effect for step in self.steps for move in step.moves for effect in move.effects]
        told = {
            "timed": [[one.before.at, one.moves[0].part, one.moves[0].key, one.event] for one in by_time],
            "effects": [[effect, [encoded(value) for value in values]] for effect, values in emitted],
            "why": sorted(why, key=json.dumps),
            "broken": sorted(self.broken),
        }
        return followed | {name: said for name, said in told.items() if said}

    def _look(self, seen: Seen) -> None:
        of_step = isinstance(seen, Step)
        if of_step:
            self.steps.append(seen)
        for place, claim in enumerate(self.plain.declaration.properties):
            if claim["modality"] == ("each step" if of_step else "always") and not self.plain.value(
                claim["formula"], seen
            ):
                self.broken.add(place)
