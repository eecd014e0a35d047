"""What an event does, and what time does, as text of Promela.

A step is judged in one `d_step`: what will be is written beside what is (`n_`), with `ok` as long as nothing stands in the way, and
takes its place at the end, or does not. Choices (fields, keys, whose timer goes first) are made just before, in the same `atomic`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import attrs

from fsm.verification.comments import in_comment
from fsm.verification.promela.facts import Facts, PartFacts, Unsayable
from fsm.verification.promela.formulas import BEFORE, Formulas, Scope, literal

__all__ = ["Fields", "Steps", "cells"]

Fields = Mapping[tuple[int, int], str]
COMMENT = re.compile(r"/\*.*?\*/")


def cells(part: PartFacts) -> Iterator[tuple[str, str]]:
    """What is held of an instance: the name of it, and its value at the start."""
    yield f"st{part.place}", str(part.machine["initial"])
    for place in part.variables:
        yield f"v{part.place}_{place}", literal(part.machine["variables"][place]["initial"])
    if part.aging:
        yield f"age{part.place}", "0"
    if part.timed:
        yield f"fired{part.place}", "0"


@attrs.frozen(eq=False)
class Steps:
    """Writes the steps of a form.

    Attributes:
        facts: the form.
        formulas: writes what is in it.
    """

    facts: Facts
    formulas: Formulas

    # What every step does

    def begin(self) -> Iterator[str]:
        """What will be is what is, until something moves."""
        yield "inline begin() {"
        yield "  ok = 1; far = 0; ev = 0; passed = 0;"
        for part in self.facts.parts:
            for index in part.indices:
                yield "  " + " ".join(f"n_{name}{index} = {name}{index};" for name, _ in cells(part))
                aged = f" b_age{part.place}{index} = age{part.place}{index};" if part.aging else ""
                yield f"  did{part.place}{index} = 0;{aged}"
        yield "}"

    def commit(self, before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
        """What will be takes the place of what is, with what watches for claims just before and just after that."""
        yield "inline commit() {"
        yield from before
        for part in self.facts.parts:
            for index in part.indices:
                yield "  " + " ".join(f"{name}{index} = n_{name}{index};" for name, _ in cells(part))
        yield from after
        yield "}"

    # What a caller sends

    def choices(self, event: int) -> tuple[list[str], dict[tuple[int, int], str], list[str]]:
        """For an event the choices of its fields, what stands for each, and the fields that are cut off."""
        lines, fields, cut = [], {}, []
        read = self._read(event)
        for place, field in enumerate(self.facts.events[event]["fields"]):
            opaque = isinstance(field["domain"], dict) and "opaque" in field["domain"]
            if place not in read:
                continue
            low, high, ended = (0, self.facts.keys - 1, False) if opaque else self.facts.ends(field["domain"])
            fields[event, place] = f"f{place}"
            lines.append(f"select(f{place} : {low} .. {high});")
            cut += [field["name"]] if ended else []
        return lines, fields, cut

    @cache  # noqa: B019  # as long as the model is written
    def _read(self, event: int) -> frozenset[int]:
        """The fields of an event that what it does reads, or a claim about steps."""
        every = {(event, place): f"f{place}" for place in range(len(self.facts.events[event]["fields"]))}
        text = COMMENT.sub("", "\n".join(self._judged(event, every)))
        claimed = {
            field
            for claim in self.facts.claims
            for of, field in self.facts.fields_read(claim["formula"])
            if of == event
        }
        return frozenset({int(one) for one in re.findall(r"\bf(\d+)\b", text)} | claimed)

    def event(self, event: int) -> Iterator[str]:
        """An event that callers send, judged."""
        yield f"inline event{event}() {{ /* {in_comment(self.facts.events[event]['name'])} */"
        yield "  d_step {"
        yield f"    begin(); ev = {event + 1};"
        yield from self._judged(event, self.choices(event)[1])
        yield "    if :: ok -> commit() :: else -> missed() fi"
        yield "  }"
        yield "}"

    def _judged(self, event: int, fields: Fields) -> Iterator[str]:
        """Whether something stands in the way, and what will be."""
        if self.facts.timed:
            yield "    due(); if :: first != NONE -> ok = 0 :: else fi;"
        for rule in self.facts.rules:
            if event in rule["on"]:
                holds = self.formulas.text(rule["when"], Scope(BEFORE, fields=fields))
                yield f"    if :: {holds} -> skip :: else -> ok = 0 fi; /* {in_comment(rule['name'])} */"
        wires = [one for one in self.facts.wires if one["event"] == event and one["sender"] is None]
        yield from (f"    {line}" for line in self.wired(wires, fields, ""))

    def wired(self, wires: Sequence[Any], fields: Fields, key: str) -> Iterator[str]:
        """Of these wires the one that applies."""
        scope = Scope(BEFORE, fields=fields)
        conditions = ["1" if one["when"] is None else self.formulas.text(one["when"], scope) for one in wires]
        yield f"count = {' + '.join(f'({one} -> 1 : 0)' for one in conditions)};"
        yield "assert(count <= 1); /* two wires never apply at once */"
        yield "if"
        for condition, wire in zip(conditions, wires, strict=True):
            yield f":: count == 1 && {condition} ->"
            for move in wire["moves"]:
                yield from (f"   {line}" for line in self._moved(move, wire["event"], fields, key))
        yield ":: else -> ok = 0"
        yield "fi;"
        yield from self._limits()

    def _moved(self, move: Any, event: int, fields: Fields, key: str) -> Iterator[str]:
        part = self.facts.parts[move["part"]]
        action = move["action"]
        given = self.given(move, event, fields)
        if move["key"] is None and move["every"] is None:
            yield from self.taken(part, "", action, given)
        elif move["every"] is not None:
            for index in part.indices:
                where = self.formulas.text(move["every"], Scope(BEFORE, part.place, index, fields))
                yield f"if :: st{part.place}{index} != {part.machine['initial']} && {where} ->"
                yield from (f"   {line}" for line in self.taken(part, index, action, given))
                yield ":: else fi;"
        else:
            yield from self.taken(part, f"[{self.key(move['key'], fields, key)}]", action, given)

    def given(self, move: Any, event: int, fields: Fields, when: str = BEFORE) -> Fields:
        """What stands for the fields of the action that a move sends."""
        action = move["action"]
        given = dict(fields) if action == event else {}
        for place, value in move["fields"]:
            try:
                given[action, place] = self.formulas.text(value, Scope(when, fields=fields))
            except Unsayable:
                continue  # carried data; or who reads the field says what cannot be said
        return given

    def key(self, place: int, fields: Fields, key: str) -> str:
        """What stands for the key that an expression names; `key` is that of the instance to which time sends."""
        ((name, value),) = self.facts.rows[place].items()
        if name == "field" and tuple(value) in fields:
            return fields[value[0], value[1]]
        if (name, value) == ("stamp", "key") and key:
            return key
        raise Unsayable("an instance is named by what is no field of the event")

    def taken(self, part: PartFacts, index: str, action: int, fields: Fields) -> Iterator[str]:
        """An instance takes an action, or stands in the way."""
        lines = part.machine["transitions"]
        fitting = [place for place, one in enumerate(lines) if one["event"] == action and one["after"] is None]
        chosen = "0"
        for place in reversed(fitting):
            guard = self.guard(part, index, place, fields)
            chosen = f"({self.inside(part, index, lines[place]['sources'])}{guard} -> {place + 1} : {chosen})"
        yield f"if :: did{part.place}{index} -> ok = 0 :: else fi; did{part.place}{index} = {action + 1};"
        yield f"taken = {chosen};"
        yield "if"
        for place in fitting:
            yield f":: taken == {place + 1} -> {' '.join(self.applied(part, index, place, fields))}"
        yield ":: else -> ok = 0"
        yield "fi;"

    def inside(self, part: PartFacts, index: str, states: Sequence[int]) -> str:
        """Whether an instance is in one of these states."""
        return f"({' || '.join(f'st{part.place}{index} == {state}' for state in states)})"

    def guard(self, part: PartFacts, index: str, place: int, fields: Fields, when: str = BEFORE) -> str:
        """The condition of a transition as what comes after a first one; nothing where it has none."""
        guard = part.machine["transitions"][place]["guard"]
        scope = Scope(when, part.place, index, fields)
        return "" if guard is None else f" && {self.formulas.text(guard, scope)}"

    def applied(self, part: PartFacts, index: str, place: int, fields: Fields) -> Iterator[str]:
        """What a transition makes of an instance."""
        line, machine = part.machine["transitions"][place], part.machine
        if part.many and line["target"] == machine["initial"]:
            yield from (f"n_{name}{index} = {value};" for name, value in cells(part))
            return
        scope = Scope(BEFORE, part.place, index, fields)
        for variable, value in line["updates"]:
            if variable in part.variables:
                name, new = f"v{part.place}_{variable}{index}", self.formulas.text(value, scope)
                low, high, cut = self.facts.ends(machine["variables"][variable]["domain"])
                yield f"n_{name} = {new};"
                within = f"{low} <= n_{name} && n_{name} <= {high}"
                yield f"if :: {within} -> skip :: else -> ok = 0; far = 1 fi;" if cut else f"assert({within});"
        if line["target"] is None:
            yield "skip;"
            return
        yield f"n_st{part.place}{index} = {line['target']};"
        yield f"n_age{part.place}{index} = 0;" if part.aging else ""
        yield f"n_fired{part.place}{index} = 0;" if part.timed else ""

    def _limits(self) -> Iterator[str]:
        """How many instances a part may hold, and how many keys there are for it."""
        for part in self.facts.parts:
            each = part.row["each"]
            if each is None or (each["at_most"] is None and each["population"] is None):
                continue
            name, initial = f"st{part.place}", part.machine["initial"]
            pairs = [(f"({name}{one} != {initial})", f"(n_{name}{one} != {initial})") for one in part.indices]
            yield f"held = {' + '.join(old for old, _ in pairs)};"
            yield f"count = {' + '.join(f'(!{old} && {new})' for old, new in pairs)};"
            yield f"ended = {' + '.join(f'({old} && !{new})' for old, new in pairs)};"
            if each["at_most"] is not None:
                limit = self.formulas.text(each["at_most"], Scope())
                yield f"if :: count > ended && held + count - ended > {limit} -> ok = 0 :: else fi;"
            if each["population"] is not None:
                limit = self.formulas.text(each["population"], Scope())
                yield f"if :: count > 0 && held + count > {limit} -> ok = 0 :: else fi;"
