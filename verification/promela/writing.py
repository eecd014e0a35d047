"""The model as a file: what it does not say, what there is, what happens, and what is claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fsm.errors import BadProfile
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parts import Each
from fsm.language.system import System
from fsm.runtime.profile import complete
from fsm.verification.comments import in_comment
from fsm.verification.promela.claims import Said, claims_of
from fsm.verification.promela.facts import BOUND, Facts, PartFacts
from fsm.verification.promela.formulas import Formulas
from fsm.verification.promela.steps import Steps, cells
from fsm.verification.promela.timers import due, lapsing, passing

__all__ = ["BadProfile", "promela"]

NONE = "#define NONE (-1)"


def promela(target: Machine | System, profile: Mapping[str, Any] | None = None, *, keys: int = 2) -> str:
    """A machine or system under one profile, as a model for SPIN, in ASCII: the same bytes in every process.

    Args:
        profile: values of parameters by name; those not named have their defaults.
        keys: how many keys there are in the world, where parts have many instances.

    Raises:
        Unsayable: something that no model says, such as a number beyond 2^31 in a guard.
        BadInput: the profile is none of this system.
    """
    system = as_system(target)
    facts = Facts(system, complete(system, profile or {}), keys)
    return "\n".join([*_Model(system, facts).lines(), ""])


class _Model:
    def __init__(self, system: System, facts: Facts) -> None:
        self.system, self.facts = system, facts
        formulas = Formulas(facts)
        self.steps = Steps(facts, formulas)
        self.claims, self.left = claims_of(facts, formulas, self.steps)

    def lines(self) -> Iterator[str]:
        yield from self._note()
        yield ""
        yield from self._held()
        yield ""
        yield from self._steps()
        yield ""
        yield from self._process()
        for claim in self.claims:
            yield ""
            yield from _never(claim)

    # What is not said

    def _note(self) -> Iterator[str]:
        facts, system = self.facts, self.system
        yield f"/* {in_comment(system.name)}: a model for SPIN, written by fsm export --to promela."
        yield " *"
        yield " * What it does not say:"
        for line in self._not_said():
            yield f" *   {in_comment(line)}"
        yield " *"
        yield " * spin -a FILE, with -DCLAIM_n for a claim that says so; gcc -O2 -DNOREDUCE -o pan pan.c; then ./pan -E -a -N claim_n,"
        yield " * or with gcc -DNOCLAIM ./pan -E for a count: one state stored for each snapshot"
        between = ", those between two timers of one instant among them" if facts.timed else ""
        names = ", keys told apart by their names" if any(isinstance(part, Each) for part in system.parts) else ""
        yield f" * (as fsm count --named-keys{between}{names})." if names else f" * (as fsm count{between})."
        yield " * An assertion that fails is a fault of the declaration: two wires at once, a variable out of its range, time that stops."
        yield " */"

    def _not_said(self) -> Iterator[str]:
        facts = self.facts
        if facts.params:
            yield "other values of its parameters than those below."
        if any(part.many for part in facts.parts):
            yield f"more than {facts.keys} keys of a kind: keys are the numbers from 0 to {facts.keys - 1}."
        if facts.timed:
            yield "instants: time passes by milliseconds, and a time in state is counted up to the longest that something compares it with."
        for part in facts.parts:
            yield from self._of_part(part)
        for event in facts.sent():
            row = facts.events[event]
            _, fields, cut = self.steps.choices(event)
            for place, field in enumerate(row["fields"]):
                if (event, place) not in fields:
                    yield f"{row['name']}.{field['name']}: carried, no condition reads it."
            for name in cut:
                yield f"{row['name']}.{name} beyond {BOUND}: it has no end."
        yield "effects: they are emitted, and nothing here reads them."
        for sentence, why in self.left:
            yield f"the claim {sentence!r}: {why}."

    def _of_part(self, part: PartFacts) -> Iterator[str]:
        for place, variable in enumerate(part.machine["variables"]):
            name = f"{part.row['name']}.{variable['name']}"
            if place not in part.variables:
                yield f"{name}: carried data, no condition reads it."
            elif self.facts.ends(variable["domain"])[2]:
                yield f"{name} beyond {BOUND}: it has no end, and a step that leads beyond is not taken here."
        if part.many and any(
            one["after"] is not None and one["guard"] is not None for one in part.machine["transitions"]
        ):
            yield f"{part.row['name']}: every order in which timers of several instances lapse at one instant."

    # What there is

    def _held(self) -> Iterator[str]:
        facts = self.facts
        yield NONE
        for place, param in enumerate(facts.form["parameters"]):
            yield f"#define P{place} {_bracketed(facts.params[place])} /* {in_comment(param['name'])} */"
        for part in facts.parts:
            yield f"/* part {part.place}: {in_comment(part.row['name'])}; {self._states(part)} */"
            for place in part.variables:
                yield f"/* v{part.place}_{place}: {in_comment(part.machine['variables'][place]['name'])} */"
            size = f"[{facts.keys}]" if part.many else ""
            for name, start in cells(part):
                kind = self._kind(part, name)
                yield f"{kind} {name}{size} = {start};"
                yield f"hidden int n_{name}{size};"
            yield f"hidden int did{part.place}{size};"
            if part.aging:
                yield f"hidden int b_age{part.place}{size};"
        fields = max((len(facts.events[one]["fields"]) for one in facts.sent()), default=0)
        for name in ("ok", "far", "ev", "passed", "first", "who", "pick", "taken", "count", "held", "ended"):
            yield f"hidden int {name};"
        yield from (f"hidden int f{place};" for place in range(fields))
        yield from self._watching("cells")

    def _states(self, part: PartFacts) -> str:
        return ", ".join(f"{place} {in_comment(state['name'])}" for place, state in enumerate(part.machine["states"]))

    def _kind(self, part: PartFacts, name: str) -> str:
        if name.startswith("st"):
            return "byte" if len(part.machine["states"]) <= 256 else "int"
        if name.startswith("v"):
            low, high, _ = self.facts.ends(part.machine["variables"][int(name.split("_")[1])]["domain"])
            return "byte" if 0 <= low and high < 256 else "int"
        return "int"

    # What happens

    def _watching(self, what: str) -> Iterator[str]:
        for claim in self.claims:
            lines: Iterable[str] = getattr(claim, what)
            if lines:
                yield f"#ifdef CLAIM_{claim.place}"
                yield from (f"  {line}" if what != "cells" else line for line in lines)
                yield "#endif"

    def _steps(self) -> Iterator[str]:
        steps = self.steps
        yield from steps.begin()
        yield from steps.commit(self._watching("before"), self._watching("after"))
        yield "inline missed() {"
        yield "  skip;"
        for claim in self.claims:
            if any(cell.startswith("int last") for cell in claim.cells):
                yield f"#ifdef CLAIM_{claim.place}"
                yield f"  last{claim.place} = 0;"
                yield "#endif"
        yield "}"
        if self.facts.timed:
            yield from due(steps)
            if any(part.timed for part in self.facts.parts):
                yield from lapsing(steps)
        for event in self.facts.sent():
            yield from steps.event(event)
        yield from passing(steps) if self.facts.timed else PASSING

    def _process(self) -> Iterator[str]:
        yield "active proctype model() {"
        yield from self._watching("start")
        yield "end:"
        yield "  do"
        for event in self.facts.sent():
            lines, _, _ = self.steps.choices(event)
            yield f"  :: atomic {{ {' '.join(lines)} event{event}() }}"
        pick = any(part.many and part.timed for part in self.facts.parts)
        chosen = f"select(pick : 0 .. {self.facts.keys - 1}); " if pick else ""
        yield f"  :: atomic {{ {chosen}passing() }}"
        yield "  od"
        yield "}"


PASSING = (
    "inline passing() { /* nothing measures it, but a claim may */",
    "  d_step { begin(); passed = 1; commit() }",
    "}",
)


def _bracketed(number: int) -> str:
    return str(number) if number >= 0 else f"({number})"


def _never(claim: Said) -> Iterator[str]:
    yield f"/* claim {claim.place}: {claim.sentence}"
    yield f"   An error {claim.means}. */"
    if claim.watched:
        yield f"#ifdef CLAIM_{claim.place}"
    yield f"never claim_{claim.place} {{"
    yield from claim.never
    yield "}"
    if claim.watched:
        yield "#endif"
