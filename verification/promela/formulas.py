"""A formula as an expression of Promela.

What is read of an instance is called `st` (its state), `v` (a variable), `age` (milliseconds in state), with the place of its part, and
its key in brackets where the part has many: `v1_0[2]`. In front of that stands nothing for what is, `b_` for what is just before a step
at its instant, `n_` for what will be after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.verification.promela.facts import LARGEST, Facts, PartFacts, Unsayable

__all__ = ["AFTER", "BEFORE", "NOW", "Formulas", "Scope", "literal"]

NOW, BEFORE, AFTER = "", "b_", "n_"
LONGEST = 100_000
"""Characters of one expression."""
BINARY = frozenset(("==", "!=", "<", "<=", ">", ">=", "+", "-", "*"))


@attrs.frozen
class Scope:
    """Where an expression is read.

    Attributes:
        when: NOW, BEFORE or AFTER.
        part, index: the instance that it speaks of.
        fields: what stands for the fields of events.
        claim: whether it is part of a claim.
        step: whether it is a claim about a step: whether events happen may be asked.
    """

    when: str = NOW
    part: int | None = None
    index: str = ""
    fields: Mapping[tuple[int, int], str] = attrs.field(factory=dict, hash=False)
    claim: bool = False
    step: bool = False


def literal(value: Any) -> str:
    """A value of a row as a number: a member of an enumeration by its place."""
    match value:
        case bool():
            return str(int(value))
        case int() if abs(value) <= LARGEST:
            return str(value) if value >= 0 else f"({value})"
        case {"member": [_, place]}:
            return str(place)
        case int() | {"integer": _}:
            raise Unsayable(f"a whole number is beyond {LARGEST}")
    raise Unsayable("a condition reads carried data")


@attrs.frozen(eq=False)
class Formulas:
    """Writes expressions of a form."""

    facts: Facts

    def text(self, place: int, scope: Scope) -> str:
        """The expression, in brackets where it is not one word.

        Raises:
            Unsayable: it reads what the model does not have.
        """
        ((name, value),) = self.facts.rows[place].items()
        written = self._written(name, value, scope)
        if len(written) > LONGEST:
            raise Unsayable(f"a formula is longer than {LONGEST:,} characters")
        return written

    def _written(self, name: str, value: Any, scope: Scope) -> str:
        match name:
            case "constant":
                return literal(value)
            case "named":
                return self.text(value[1], scope)
            case "not":
                return f"(!{self.text(value, scope)})"
            case "and" | "or":
                return f"({(' && ' if name == 'and' else ' || ').join(self.text(one, scope) for one in value)})"
            case "implies":
                premise, conclusion = (self.text(one, scope) for one in value)
                return f"(!{premise} || {conclusion})"
            case "choose":
                condition, then, other = (self.text(one, scope) for one in value)
                return f"({condition} -> {then} : {other})"
            case _ if name in BINARY:
                if name in "+-*":
                    self._fits(name, value)
                left, right = (self.text(one, scope) for one in value)
                return f"({left} {name} {right})"
            case "before" | "after":
                return self.text(value, attrs.evolve(scope, when=BEFORE if name == "before" else AFTER))
            case "count" | "for_each":
                return self._over(name, self.facts.parts[value[0]], value[1], scope)
            case "happens":
                return self._happens(value, scope)
            case _:
                return self._leaf(name, value, scope)

    def _fits(self, name: str, value: list[int]) -> None:
        low, high = self.facts.sum_of(name, value)
        if max(-low, high) > LARGEST:
            raise Unsayable(f"a sum or a product may be beyond {LARGEST}")

    def _leaf(self, name: str, value: Any, scope: Scope) -> str:
        match name:
            case "parameter":
                return f"P{value}"
            case "field":
                if tuple(value) not in scope.fields:
                    raise Unsayable("a field of an event is read that the model does not have")
                return scope.fields[value[0], value[1]]
            case "variable" | "inside" | "elapsed":
                part = self.facts.parts[self._own(scope)]
                of = value[1] if name != "elapsed" else None
                return self._of(name, part, scope.index, of, scope)
            case "part_variable" | "part_inside" | "part_elapsed":
                part = self.facts.parts[value if name == "part_elapsed" else value[0]]
                return self._of(
                    name.removeprefix("part_"), part, "", None if name == "part_elapsed" else value[1], scope
                )
        raise Unsayable(NOT_SAID.get(name, f"{name} is read"))

    def _own(self, scope: Scope) -> int:
        assert scope.part is not None, "it speaks of an instance"
        return scope.part

    def _of(self, name: str, part: PartFacts, index: str, what: Any, scope: Scope) -> str:
        if name == "elapsed":
            if part.timeless and scope.claim:
                raise Unsayable("a time in state is compared with what has no end")
            if not part.aging:
                raise Unsayable("a time in state is read that nothing else measures")
            return f"{scope.when}age{part.place}{index}"
        when = "" if scope.when == BEFORE else scope.when
        if name == "inside":
            cell = f"{when}st{part.place}{index}"
            inside = [f"{cell} == {state}" for state in what]
            return f"({' || '.join(inside)})"
        if "opaque" in str(part.machine["variables"][what]["domain"]):
            raise Unsayable("a condition reads carried data")
        return f"{when}v{part.place}_{what}{index}"

    def _over(self, name: str, part: PartFacts, formula: int, scope: Scope) -> str:
        """What is said of the instances of a part: a sum, or that it holds of each."""
        initial = part.machine["initial"]
        said = []
        for index in part.indices:
            inner = attrs.evolve(scope, part=part.place, index=index)
            holds = self.text(formula, inner)
            there = f"{'' if scope.when == BEFORE else scope.when}st{part.place}{index} != {initial}"
            if name == "count":
                said.append(f"({there} && {holds})")
            else:
                if scope.step and scope.when == NOW:
                    there = f"(st{part.place}{index} != {initial} || n_st{part.place}{index} != {initial})"
                said.append(f"(!({there}) || {holds})")
        return f"({(' + ' if name == 'count' else ' && ').join(said)})"

    def _happens(self, events: list[int], scope: Scope) -> str:
        if not scope.step:
            raise Unsayable("what happens is read outside a step")
        if scope.part is not None:
            own = {one["event"] for one in self.facts.parts[scope.part].machine["transitions"]}
            if own & set(events):
                return f"({' || '.join(f'did{scope.part}{scope.index} == {one + 1}' for one in events)})"
        cells = ["ev", *(f"did{part.place}{index}" for part in self.facts.parts for index in part.indices)]
        return f"({' || '.join(f'{cell} == {one + 1}' for one in events for cell in cells)})"


NOT_SAID = {
    "emitted": "how often something was emitted since the start is not counted in the model",
    "stamp": "the instant is not known in the model, only times in state",
    "applied": "a condition reads carried data",
}
