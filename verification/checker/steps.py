"""What a declaration does, as one relation for each kind of step. Follows docs/reference/semantics.md, "Machines", "Systems", "Time".

Each named instance is an unknown one: state, variables and timers before and after. A counter changes by (it was
here) and (it is here now); everything else stands still, which is said. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fsm.verification.checker.cells import Cell, Timer, first_cell, timers_of
from fsm.verification.checker.declaration import Declaration, rows
from fsm.verification.checker.meaning import Instance, Moment, Mover, Situation, holds, known, term_of
from fsm.verification.checker.terms import (
    FALSE,
    TRUE,
    Script,
    calculated,
    conj,
    disj,
    equal,
    if_then,
    negation,
    total,
)
from fsm.verification.checker.unknowns import Unknowns, any_instance, anywhere, unknown

__all__ = ["Kind", "Step", "StepMaker", "kinds_of_steps", "steps_of"]

Json = Any
Ways = Sequence[tuple[str, Json]]
"""Lines of a machine, each with the condition on which it is the one that is taken."""
MANY = 8
"""Beyond so many things that a value can become, it is an unknown of which it is said what it is: solvers do not like so deep a choice."""


@dataclass(frozen=True)
class Kind:
    """A kind of step: a wire on what a caller sends; a timer of a part with a wire, or alone; a timer that lapses."""

    event: int
    wire: Json | None = None
    timer: tuple[int, Timer] | None = None
    lapses: bool = False

    def __str__(self) -> str:
        if self.timer is None:
            return f"event {self.event}"
        part, timer = self.timer
        return f"timer of part {part}, line {timer.line}, state {timer.state}" + (" lapses" if self.lapses else "")


def kinds_of_steps(declaration: Declaration) -> Iterator[Kind]:
    """Every kind of step there is."""
    yield from (Kind(wire["event"], wire) for wire in declaration.wires if wire["sender"] is None)
    for part in range(len(declaration.parts)):
        machine = declaration.machine(part)
        for timer in timers_of(machine):
            line = machine["transitions"][timer.line]
            sent = (part, line["event"])
            wires = [wire for wire in declaration.wires if (wire["sender"], wire["event"]) == sent]
            yield from (Kind(line["event"], wire, (part, timer)) for wire in wires or [None])
            if line["guard"] is not None:
                yield Kind(line["event"], None, (part, timer), lapses=True)


@dataclass(frozen=True)
class Step:
    """A relation between two moments.

    Attributes:
        possible: all that is so where the step is taken.
        situation: that of formulas over the step; on no event where a timer lapses, of which no claim speaks.
        assuming: what was assumed of the moment before, and the relation from there; the last that was asked for.
    """

    name: str
    script: Script
    possible: str
    situation: Situation
    assuming: list[tuple[tuple[object, ...], Script]] = field(default_factory=list, compare=False)

    @property
    def after(self) -> Situation:
        """That of formulas about the moment to which it leads."""
        return self.situation.at(self.situation.after, 1)

    def where(self, terms: Sequence[str]) -> Step:
        """The same where all of these terms hold."""
        narrowed = [(assumed, script.copy()) for assumed, script in [((), self.script), *self.assuming]]
        for _, script in narrowed:
            for term in terms:
                script.require(term)
        [(_, script), *assuming] = narrowed
        return replace(self.told_in(script), assuming=assuming)

    def told_in(self, script: Script) -> Step:
        """The same in another script, in which all is said that is said in its own."""
        return replace(self, script=script, situation=replace(self.situation, script=script), assuming=[])


def steps_of(unknowns: Unknowns) -> tuple[Step, ...]:
    """The relation of each kind of step, taken from any moment; under a profile, that of any values where its values are given."""
    if "steps" not in unknowns.remembered:
        if unknowns.general is None:
            made = [StepMaker(unknowns, kind).made() for kind in kinds_of_steps(unknowns.declaration)]
        else:
            made = [step.where(unknowns.given(step.situation.params)) for step in steps_of(unknowns.general)]
        unknowns.remembered["steps"] = tuple(made)
    steps: tuple[Step, ...] = unknowns.remembered["steps"]
    return steps


class StepMaker:
    """The relation of one kind of step, whoever moves in it.

    Args:
        base: the moment from which it is taken; any moment of a script of its own where there is none.
    """

    def __init__(self, unknowns: Unknowns, kind: Kind, base: Situation | None = None) -> None:
        self.declaration, self.kind = unknowns.declaration, kind
        self.base = base or anywhere(unknowns)
        self.script = self.base.script
        self.conditions: list[str] = []
        self.movers: list[Mover] = []
        self.rest = {part: dict(cells) for part, cells in self.base.before.counted.items()}
        self._is_taken = False

    def made(self) -> Step:
        """The relation, taken."""
        self._is_taken = True
        step = self.relation()
        for condition in self.conditions:
            self.script.require(condition)
        return step

    def relation(self) -> Step:
        """The relation, of which nothing is said yet."""
        kind = self.kind
        if kind.timer is None:
            self._judge(kind.event)
        else:
            self._fire(*kind.timer)
        if kind.wire is not None:
            self._wire(kind.wire)
        self.timers_allow()
        self._limits()
        after, event = self._after(), None if kind.lapses else kind.event
        whole = replace(self.base, after=after, event=event, movers=tuple(self.movers), rest=self.rest, whole=True)
        return Step(str(kind), self.script, conj(self.conditions), whole)

    def anyone(self, part: int) -> Instance:
        """The instance of a part with many that is the next to move."""
        return any_instance(self.script, self.declaration, self.declaration.machine(part))

    def any_field(self, place: int, domain: Json) -> str | None:
        """The value of a field of a caller's event."""
        return unknown(self.script, self.declaration, domain)

    def guard(self, line: Json, about: Situation) -> str | None:
        """The guard of a line; None where it shall not be taken."""
        return holds(line["guard"], about)

    # What is taken

    def _judge(self, event: int) -> None:
        """An event of a caller: any values of its fields, and every rule on it holds."""
        fields = enumerate(self.declaration.json["events"][event]["fields"])
        given = {(event, place): self.any_field(place, row["domain"]) for place, row in fields}
        self.base = replace(self.base, fields=given)
        rules = (rule for rule in self.declaration.rules if event in rule["on"])
        self.conditions += [term_of(rule["when"], self.base) for rule in rules]

    def _fire(self, part: int, timer: Timer) -> None:
        """A timer is due: its instance takes the timed line; or the timer lapses, as by a line that changes nothing else."""
        one = self._someone(part)
        about, line = self._about(part, one), self.declaration.machine(part)["transitions"][timer.line]
        guard = holds(line["guard"], about)
        if self.kind.lapses:
            guard, line = negation(guard), {**line, "target": None, "updates": [], "effects": []}
        due = equal(known(one.elapsed), term_of(timer.after, self.base))
        self.conditions += [equal(one.state, str(timer.state)), due, negation(one.fired(timer)), guard]
        self._move(about, (part, line["event"]), [(TRUE, line)], fired=timer.mark)

    def _wire(self, wire: Json) -> None:
        """Exactly one wire applies, this one; whoever it names moves, and then all of each cell that it means."""
        for other in self.declaration.wires:
            if (other["event"], other["sender"]) == (wire["event"], wire["sender"]):
                applies = holds(other["when"], self.base)
                self.conditions.append(applies if other is wire else negation(applies))
        for move in wire["moves"]:
            if move["every"] is None:
                self._act(move, self._someone(move["part"]), self._action_fields(move))
        for move in wire["moves"]:
            if move["every"] is not None:
                self._act_all(move, self._action_fields(move))

    def _act_all(self, move: Json, fields: Mapping[tuple[int, int], str | None]) -> None:
        """All of each cell for which the formula holds; by cells, as the meaning of the line in that cell says."""
        rest = self.rest[move["part"]]
        for cell, many in list(rest.items()):
            one = Instance.of(cell)
            chosen = term_of(move["every"], self._about(move["part"], one))
            if chosen != FALSE:
                for age, share in self._groups(move, one, many):
                    takes = self.script.define("Bool", conj([chosen, f"(> {share} 0)"]))
                    self._act(move, one, fields, share, takes, age)
                rest[cell] = self.script.define("Int", if_then(chosen, "0", many))

    def _groups(self, move: Json, one: Instance, many: str) -> list[tuple[str | None, str]]:
        """All of a cell; where a caller's event moves them by guards that read the time in state, as many groups as there are lines, each of some time of its own.

        Those who take one line are a group: the line reads nothing else of how long each has been there.
        """
        lines = [
            line
            for line in self.declaration.machine(move["part"])["transitions"]
            if (line["event"], line["after"]) == (move["action"], None) and one.is_in(line["sources"]) == TRUE
        ]
        guards = [rows(self.declaration, line["guard"]) for line in lines if line["guard"] is not None]
        if self.kind.timer is not None or all(name != "elapsed" for guard in guards for _, name, _, _ in guard):
            return [(None, many)]
        made = [(self.script.declare("Int"), self.script.declare("Int")) for _ in lines]
        self.conditions += [f"(>= {term} 0)" for pair in made for term in pair] + [
            equal(total(share for _, share in made), many)
        ]
        return [*made]

    def _act(
        self,
        move: Json,
        one: Instance,
        fields: Mapping[tuple[int, int], str | None],
        many: str = "1",
        takes: str = TRUE,
        age: str | None = None,
    ) -> None:
        """An instance, or so many of a cell, takes an action by one of its lines; by guards that read this time in state, which nothing else does."""
        about = replace(self._about(move["part"], one), fields=fields)
        ways = self._ways(move, about if age is None else replace(about, instance=(replace(one, elapsed=age),) * 2))
        self.conditions.append(disj([negation(takes), *(condition for condition, _ in ways)]))
        self._move(about, (move["part"], move["action"]), ways, many, takes)

    def _someone(self, part: int) -> Instance:
        """The only instance of a part; or any one, which is in a cell then, or does not exist."""
        if part in self.base.before.only:
            return self.base.before.only[part]
        one, rest = self.anyone(part), self.rest[part]
        here = {cell: one.at(cell) for cell in rest}
        self.conditions.append(disj([one.at(first_cell(self.declaration.machine(part))), *here.values()]))
        for cell, is_here in here.items():
            if is_here != FALSE:
                self.conditions.append(disj([negation(is_here), f"(>= {rest[cell]} 1)"]))
                rest[cell] = f"(- {rest[cell]} {if_then(is_here, '1', '0')})"
        return one

    def _about(self, part: int, one: Instance) -> Situation:
        return replace(self.base, instance=(one, one), of_machine=self.declaration.parts[part]["machine"])

    def _action_fields(self, move: Json) -> Mapping[tuple[int, int], str | None]:
        """What the action carries; a machine alone is called by the event itself."""
        if move["fields"] is None:
            return self.base.fields
        action = move["action"]
        domains = [field["domain"] for field in self.declaration.json["events"][action]["fields"]]
        told = {place for place, domain in enumerate(domains) if domain == "boolean" or "opaque" not in domain}
        given = {
            (action, place): term_of(value, self.base) if place in told else None for place, value in move["fields"]
        }
        return {**(self.base.fields if action != self.kind.event else {}), **given}

    def _ways(self, move: Json, about: Situation) -> Ways:
        """The lines that the action can take, each where it is the first whose guard holds of those that leave a state that it leaves."""
        ways: list[tuple[str, Json]] = []
        earlier: list[tuple[set[int], str]] = []
        for line in self.declaration.machine(move["part"])["transitions"]:
            sources = set(line["sources"])
            there = about.one.is_in(sources) if (line["event"], line["after"]) == (move["action"], None) else FALSE
            if there == FALSE:
                continue
            guard = self.guard(line, about)
            possible = self.script.define("Bool", conj([there, TRUE if guard is None else guard]))
            if guard is not None:
                others = [negation(other) for left, other in earlier if not left.isdisjoint(sources)]
                ways.append((self.script.define("Bool", conj([possible, *others])), line))
            earlier.append((sources, possible))
        return ways

    # What becomes of it

    def _move(
        self,
        about: Situation,
        by: tuple[int, int],
        ways: Ways,
        many: str = "1",
        takes: str = TRUE,
        fired: int | None = None,
    ) -> None:
        """The instance of a part that a situation is about, or so many like it, is where an action leads by one of these ways."""
        (part, action), before = by, about.one
        variables = self.declaration.machine(part)["variables"]
        leaving = [(condition, str(line["target"])) for condition, line in ways if line["target"] is not None]
        leaves = disj(condition for condition, _ in leaving)
        state = self._by_ways("Int", before.state, leaving)
        marks = [if_then(leaves, FALSE, TRUE if mark == fired else was) for mark, was in enumerate(before.marks)]
        elapsed = None if before.elapsed is None else if_then(leaves, "0", before.elapsed)
        values = [
            None if old is None else self._by_ways(_sort(variables[place]), old, _updates(place, ways, about))
            for place, old in enumerate(before.values)
        ]
        marked = tuple(self.script.define("Bool", mark) for mark in marks)
        after = Instance(state, tuple(values), marked, elapsed)
        effects = range(len(self.declaration.json["effects"]))
        emitted = tuple(if_then(takes, _emitted(effect, ways, many), "0") for effect in effects)
        there, comes = (self._exists(part, one) for one in (before, after))
        self.movers.append(Mover(part, action, before, after, many, there, comes, takes, emitted))

    def _exists(self, part: int, one: Instance) -> str:
        """Whether it is there: of a part with many, whoever is not in the initial state."""
        if part in self.base.before.only:
            return TRUE
        return self.script.define("Bool", negation(one.is_in([self.declaration.machine(part)["initial"]])))

    def _by_ways(self, sort: str, old: str, ways: Sequence[tuple[str, str]]) -> str:
        """What something is after the way that is taken, of which there is at most one, or as it was: asked once of all ways that make the same of it."""
        made: dict[str, list[str]] = {}
        for condition, term in ways:
            made.setdefault(term, []).append(condition)
        conditions = {term: disj(those) for term, those in made.items()}
        if self._is_taken and len(conditions) > MANY:
            new = self.script.declare(sort)
            for term, condition in conditions.items():
                self.script.require(disj([negation(condition), equal(new, term)]))
            self.script.require(disj([*conditions.values(), equal(new, old)]))
            return new
        for term, condition in conditions.items():
            old = if_then(condition, term, old)
        return self.script.define(sort, old)

    # What must be so besides

    def timers_allow(self) -> None:
        """The two facts about time: the timers of a stay fire in their order, and none is due when a caller's event is judged.

        A timer that has fired was due. One that has not is not overdue, and not due either where an event is judged, or where
        it would go before the one that fires: that of an earlier part, or of this instance and declared earlier.
        """
        moved = [(mover.part, mover.before) for mover in self.movers if mover.before.elapsed is not None]
        for part, one in dict.fromkeys([*self.base.before.only.items(), *moved]):
            for timer in timers_of(self.declaration.machine(part)):
                after, elapsed = term_of(timer.after, self.base), known(one.elapsed)
                waits = f"({'<' if self._goes_first(part, timer, one) else '<='} {elapsed} {after})"
                fits = if_then(one.fired(timer), f"(>= {elapsed} {after})", waits)
                self.conditions.append(disj([negation(one.is_in([timer.state])), fits]))

    def _goes_first(self, part: int, timer: Timer, one: Instance) -> bool:
        """Whether this timer would fire before what happens in this step, were both due."""
        if self.kind.timer is None:
            return True
        firing, due = self.kind.timer
        return part < firing or (one is self.movers[0].before and timer.line < due.line)

    def _limits(self) -> None:
        """What `at_most` and `population` allow where an instance begins."""
        for part, counted in self.base.before.counted.items():
            limits = self.declaration.parts[part]["each"]
            movers = [mover for mover in self.movers if mover.part == part]
            begin = total(if_then(conj([negation(one.there), one.comes]), "1", "0") for one in movers)
            end = total(if_then(conj([one.there, one.takes, negation(one.comes)]), one.many, "0") for one in movers)
            held = total(counted.values())
            if limits["at_most"] is not None:
                most = term_of(limits["at_most"], self.base)
                self.conditions.append(disj([f"(<= {begin} {end})", f"(<= (- (+ {held} {begin}) {end}) {most})"]))
            if limits["population"] is not None:
                most = term_of(limits["population"], self.base)
                self.conditions.append(disj([equal(begin, "0"), f"(<= (+ {held} {begin}) {most})"]))

    def _after(self) -> Moment:
        """The moment after the step: who moved is where the line leads, whoever did not stands still."""
        before, moved = self.base.before, {mover.part: mover.after for mover in self.movers}
        only = {part: moved.get(part, one) for part, one in before.only.items()}
        counted, since = {}, {}
        for part, standing in self.rest.items():
            movers = [mover for mover in self.movers if mover.part == part]
            counted[part], since[part] = _counted(standing, movers), (before.counted[part], movers)
        gone = [
            total([many, *(mover.emitted[effect] for mover in self.movers)])
            for effect, many in enumerate(before.emitted)
        ]
        return Moment(only, counted, tuple(self.script.define("Int", many) for many in gone), since)


def _sort(variable: Json) -> str:
    return "Bool" if variable["domain"] == "boolean" else "Int"


def _updates(variable: int, ways: Ways, about: Situation) -> list[tuple[str, str]]:
    """What each way makes of a variable."""
    lines = ((condition, update) for condition, line in ways for place, update in line["updates"] if place == variable)
    return [(condition, term_of(update, about)) for condition, update in lines]


def _emitted(effect: int, ways: Ways, many: str) -> str:
    """How many of an effect so many instances emit."""
    times = [(condition, sum(one["effect"] == effect for one in line["effects"])) for condition, line in ways]
    return total(if_then(condition, calculated("*", str(often), many), "0") for condition, often in times if often)


def _counted(standing: Mapping[Cell, str], movers: Sequence[Mover]) -> dict[Cell, str]:
    """How many are in each cell after a step: who stood still, and who came."""
    return {
        cell: total([many, *(if_then(conj([one.takes, one.after.at(cell)]), one.many, "0") for one in movers)])
        for cell, many in standing.items()
    }
