"""Whether an event is possible, as an expression over what is: what a fair run is told by.

What is judged in steps elsewhere stands here as one formula, as far as that can be said: how many instances there would be after
the step, and which timers are due, cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod
from typing import Any

import attrs

from fsm.verification.promela.facts import Unsayable
from fsm.verification.promela.formulas import NOW, Scope
from fsm.verification.promela.steps import Fields, Steps

__all__ = ["Fairness"]

CHOICES = 64
"""Of the fields of a fair event."""


@attrs.frozen(eq=False)
class Fairness:
    """Says of events whether they are possible."""

    steps: Steps

    def possible(self, event: int) -> str:
        """Whether the event is taken with some choice of its fields, as an expression of what is.

        Raises:
            Unsayable: it may begin instances of a part with a limit, or time is read, or there are too many choices.
        """
        if self.steps.facts.timed:
            raise Unsayable("that a fair event stays possible while time passes is no expression of the model")
        _, fields, _ = self.steps.choices(event)
        ranges = []
        for event_, place in fields:
            domain = self.steps.facts.events[event_]["fields"][place]["domain"]
            opaque = isinstance(domain, dict) and "opaque" in domain
            low, high = (0, self.steps.facts.keys - 1) if opaque else self.steps.facts.ends(domain)[:2]
            ranges.append(range(low, high + 1))
        if prod(map(len, ranges)) > CHOICES:
            raise Unsayable(f"a fair event has more than {CHOICES} choices of its fields")
        ways = [self._possible(event, dict(zip(fields, map(str, chosen), strict=True))) for chosen in product(*ranges)]
        return f"({' || '.join(ways)})"

    def _possible(self, event: int, fields: Fields) -> str:
        scope = Scope(NOW, fields=fields)
        rules = [
            self.steps.formulas.text(rule["when"], scope) for rule in self.steps.facts.rules if event in rule["on"]
        ]
        ways = []
        for wire in self.steps.facts.wires:
            if wire["event"] == event and wire["sender"] is None:
                when = [] if wire["when"] is None else [self.steps.formulas.text(wire["when"], scope)]
                able = [one for move in wire["moves"] for one in self._able(move, event, fields)]
                named = [(move["part"], self._index(move, fields)) for move in wire["moves"]]
                if len(set(named)) == len(named):
                    ways.append(f"({' && '.join([*when, *able])})")
        some = f"({' || '.join(ways) or '0'})"
        return f"({' && '.join([*rules, some])})"

    def _index(self, move: Any, fields: Fields) -> str:
        return "" if move["key"] is None else f"[{self.steps.key(move['key'], fields, '')}]"

    def _able(self, move: Any, event: int, fields: Fields) -> Iterator[str]:
        part = self.steps.facts.parts[move["part"]]
        each = part.row["each"]
        if move["every"] is not None or (each and (each["at_most"] is not None or each["population"] is not None)):
            raise Unsayable("that a fair event is possible depends on how many instances there are")
        given = self.steps.given(move, event, fields, NOW)
        index = self._index(move, fields)
        ways = [
            f"({self.steps.inside(part, index, one['sources'])}{self.steps.guard(part, index, place, given, NOW)})"
            for place, one in enumerate(part.machine["transitions"])
            if one["event"] == move["action"] and one["after"] is None
        ]
        yield f"({' || '.join(ways) or '0'})"
