"""What callers may put into the fields of an event: every value of those that take few, and of a wide whole number what conditions compare it with.

That some number will do is shown by one that does. What is not tried is not said to be impossible. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell
from fsm.verification.checker.declaration import Declaration, integer_of, operands
from fsm.verification.checker.meaning import Instance, Situation, term_of
from fsm.verification.checker.reached import values_of
from fsm.verification.checker.terms import number, total

__all__ = ["payloads"]

Json = Any
Field = tuple[int, int]
FEW = 64
"""Of how many choices of values every one is tried."""
MOST = 24
"""Of how many wide numbers at most; beyond, what a field carries is any value, and each must do."""
MOST_PAYLOADS = 400
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def payloads(base: Situation, wire: Json, picked: Sequence[Cell]) -> list[dict[int, str]]:
    """Choices of values for the fields; one that is in none of them may have any value.

    Args:
        picked: where the instances are that the wire names by their keys.
    """
    declaration, event = base.declaration, wire["event"]
    fields = declaration.json["events"][event]["fields"]
    made: list[dict[int, str]] = [{}]
    wide = []
    for place, field in enumerate(fields):
        values = _few(declaration, field["domain"])
        if values and len(made) * len(values) <= FEW:
            made = [{**one, place: value} for one in made for value in values]
        elif field["domain"] != "boolean" and "integer" in field["domain"]:
            wide.append(place)
    for place in wide:
        made = (
            [
                {**one, place: value}
                for one in made
                for value in _worth_trying(
                    _Asked(base, wire, tuple(picked), one), (event, place), fields[place]["domain"]
                )
            ]
            if len(made) <= MOST_PAYLOADS // MOST
            else made
        )
    return made


def _few(declaration: Declaration, domain: Json) -> list[str]:
    try:
        return values_of(declaration, domain)
    except CannotSay:
        return []


def _worth_trying(asked: _Asked, field: Field, domain: Json) -> list[str]:
    """Where conditions turn, and the ends of the range."""
    ends = [integer_of(end) for end in domain["integer"] if end is not None]
    found: dict[str, None] = {}
    for turn in asked.turns(field):
        found |= dict.fromkeys(asked.about.script.define("Int", total([turn, more])) for more in ("0", "(- 1)", "1"))
    known = list(found)[: MOST - 2]
    return list(dict.fromkeys([*known, *([number(end) for end in ends if end is not None] or ["0"])]))


@dataclass(frozen=True)
class _Asked:
    """An event whose payload is known in part."""

    base: Situation
    wire: Json
    picked: tuple[Cell, ...]
    payload: Mapping[int, str]

    @property
    def about(self) -> Situation:
        """Where conditions on the event are evaluated; what is not known yet cannot be said."""
        event = self.wire["event"]
        return replace(self.base, fields={(event, place): value for place, value in self.payload.items()})

    def turns(self, field: Field) -> Iterator[str]:
        """For which values both sides of a comparison are the same."""
        declaration, event = self.base.declaration, self.wire["event"]
        wires = [one for one in declaration.wires if (one["event"], one["sender"]) == (event, self.wire["sender"])]
        asked = [one["when"] for one in wires] + [rule["when"] for rule in declaration.rules if event in rule["on"]]
        for condition in asked:
            yield from () if condition is None else self._turns(condition, {field: None}, self.about)
        cells = iter(self.picked)
        for move in self.wire["moves"]:
            if move["every"] is None:
                yield from self._of_move(move, field, cells)

    def _of_move(self, move: Json, field: Field, cells: Iterator[Cell]) -> Iterator[str]:
        """The same of the guards of the lines that an action can take."""
        declaration, part = self.base.declaration, move["part"]
        one = self.base.before.only.get(part) or Instance.of(next(cells))
        named: dict[Field, int | None] = {field: None}
        given = dict(self.about.fields)
        for place, value in move["fields"] or ():
            named[move["action"], place] = value
            try:
                given[move["action"], place] = term_of(value, self.about)
            except CannotSay:  # it is what is looked for
                continue
        about = replace(self.about, fields=given, instance=(one, one), of_machine=declaration.parts[part]["machine"])
        for line in declaration.machine(part)["transitions"]:
            if line["event"] == move["action"] and line["after"] is None and line["guard"] is not None:
                yield from self._turns(line["guard"], named, about)

    def _turns(self, condition: int, named: Mapping[Field, int | None], about: Situation) -> Iterator[str]:
        table = self.base.declaration.json["expressions"]
        waiting = [condition]
        for place in waiting:
            waiting += [below for below in operands(table[place]) if below not in waiting]
            [(name, value)] = table[place].items()
            for side, other in ((value[0], value[1]), (value[1], value[0])) if name in COMPARISONS else ():
                try:
                    yield self._solved(side, term_of(other, about), named, about)
                except CannotSay:  # that side needs the event itself, or this one does not
                    continue

    def _solved(self, side: int, wanted: str, named: Mapping[Field, int | None], about: Situation) -> str:
        """The value of the field with which a side is what is wanted.

        Raises:
            CannotSay: that is not plain.
        """
        table = self.base.declaration.json["expressions"]
        while True:
            [(name, value)] = table[side].items()
            if name == "field" and tuple(value) in named:
                below = named[value[0], value[1]]
                if below is None:
                    return wanted
                side, about, named = below, self.about, {key: to for key, to in named.items() if to is None}
                continue
            if name not in ("+", "-", "*"):
                raise CannotSay("no plain equation")
            try:
                known, place = term_of(value[1], about), 0
            except CannotSay:
                known, place = term_of(value[0], about), 1
            side = value[place]
            if name == "+":
                wanted = f"(- {wanted} {known})"
            elif name == "-":
                wanted = f"(+ {wanted} {known})" if place == 0 else f"(- {known} {wanted})"
            elif known.isdigit() and known.strip("0"):
                wanted = f"(div {wanted} {known})"
            else:
                raise CannotSay("no plain equation")
