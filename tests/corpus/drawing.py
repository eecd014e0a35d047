"""Cases drawn from declarations by chance: walks through the plain meaning, of which the compiled step must say the same.

A case that the two do not answer alike is not written: it is a fault of one of them, and an error here. Chance is seeded,
so the same declarations give the same cases.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from fsm.verification.checker.plain.machines import Plain
from fsm.verification.checker.plain.values import Rejected, decoded

from .cases import Json, answer, declared, encoded
from .executions import PLAIN, Compiled, Subject

__all__ = ["Disagreement", "drawn"]

KEYS = ("a", "b", "c")
NAMES = ("", "x", "Ann")
WALKS = 2


class Disagreement(AssertionError):
    """The plain meaning and the compiled step answer a case differently."""


def drawn(form: Json, number: int, cases: int) -> Iterator[Json]:
    """So many cases of one declaration, each once.

    Args:
        form: its canonical form.
        number: its place among the declarations, which seeds chance.
        cases: how many.
    """
    chance = Random(f"corpus {number}")
    seen: set[str] = set()
    for _ in range(WALKS):
        walk = _Walk(form, chance)
        for case in walk.cases(cases * 2):
            text = json.dumps(case)
            if text not in seen and len(seen) < cases:
                seen.add(text)
                yield case


class _Walk:
    """One walk under values of the parameters drawn by chance."""

    def __init__(self, form: Json, chance: Random) -> None:
        self.form, self.chance = form, chance
        self.parameters = self._parameters()
        self.plain = Plain(declared(form), [decoded(value) for value in self.parameters], PLAIN)
        self.subject = Subject(form, self.parameters)
        self.compiled = Compiled()
        self.events = sorted({wire["event"] for wire in self.plain.declaration.wires if wire["sender"] is None})

    def _parameters(self) -> list[Json]:
        for _ in range(20):
            values = [self._value(row["domain"]) for row in self.form["parameters"]]
            try:
                Plain(declared(self.form), [decoded(value) for value in values], PLAIN)
            except Rejected:
                continue
            return values
        return [row["default"] for row in self.form["parameters"]]

    def _value(self, domain: Json) -> Json:
        if domain == "boolean":
            return self.chance.random() < 0.5
        ((tag, said),) = domain.items()
        if tag == "enumeration":
            return {"member": [said, self.chance.randrange(len(self.form["enumerations"][said]["members"]))]}
        if tag == "opaque":
            return self.chance.choice(KEYS)
        low, high = (decoded(end) for end in said)
        first = low if low is not None else (high - 6 if high is not None else -3)
        return encoded(self.chance.randint(first, min(first + 6, first + 6 if high is None else high)))

    def _event(self) -> Json:
        event = self.chance.choice(self.events)
        return [event, [self._field(field) for field in self.form["events"][event]["fields"]]]

    def _field(self, field: Json) -> Json:
        if "opaque" in field["domain"] and field["name"] == "name":
            return self.chance.choice(NAMES)
        value = self._value(field["domain"])
        odd = "integer" in field["domain"] and self.chance.random() < 0.03
        return encoded(decoded(value) + 100) if odd else value

    def cases(self, most: int) -> Iterator[Json]:
        """From the first snapshot on; a refusal is looked at and left behind more often than not."""
        now = self.chance.choice((0, 0, 1000))
        parts = self._first(now)
        for _ in range(most):
            case = self._drawn(now, parts)
            case["outcome"] = self._confirmed(case)
            yield case
            if "now" in case["outcome"]:
                now, parts = case["outcome"]["now"], case["outcome"].get("parts", parts)
            if self.chance.random() < 0.02:
                now, parts = 0, self._first(0)

    def _drawn(self, now: int, parts: list[Json]) -> Json:
        """What comes: time alone, any event, or, more often, one that is taken."""
        case: Json = {
            "parameters": self.parameters,
            "now": now,
            "parts": parts,
            "at": self._instant(now, parts),
            "event": None,
        }
        if self.events and self.chance.random() < 0.85:
            tries = 8 if self.chance.random() < 0.7 else 1
            for _ in range(tries):
                case["event"] = self._event()
                if answer(self.form, case, PLAIN)["kind"] == "taken":
                    break
        return case

    def _first(self, now: int) -> list[Json]:
        return [
            []
            if each is not None
            else [
                self.form["machines"][machine]["initial"],
                now,
                [],
                [one["initial"] for one in self.form["machines"][machine]["variables"]],
            ]
            for machine, each in self.plain.parts
        ]

    def _instant(self, now: int, parts: list[Json]) -> int:
        """Mostly at once; else around the next deadline, or somewhat later; now and then too early."""
        due = self.subject.snapshot({"now": now, "parts": parts}).due
        near = [] if due is None or due > now + 100_000 else [due, due, max(now, due - 1), due + 1]
        return self.chance.choice(
            [
                now,
                now,
                now,
                now + 1,
                now + self.chance.randint(0, 7),
                *near,
                *([now - 1] if self.chance.random() < 0.05 else []),
            ]
        )

    def _confirmed(self, case: Json) -> Json:
        """What follows, of which the plain meaning and the compiled step say the same."""
        outcome = json.loads(json.dumps(answer(self.form, case, PLAIN)))
        said = json.loads(json.dumps(self.compiled.says(self.subject, {**case, "outcome": outcome})))
        differs = {name: value for name, value in said.items() if value != told(outcome, case, name)}
        if differs:
            raise Disagreement(f"{json.dumps(case)}: {outcome} by its meaning, {differs} by the compiled step")
        return outcome


def told(outcome: Json, case: Json, name: str) -> Any:
    """A field of an outcome; one that is left out is as before, or empty."""
    if name == "event":
        return outcome["why"][0][2]
    return outcome.get(name, case["parts"] if name == "parts" else [])
