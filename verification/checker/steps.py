"""What a declaration does, as one relation for each kind of step. Follows docs/reference/semantics.md, "Machines", "Systems", "Time".

Each named instance is an unknown one: state, variables and timers before and after. A counter changes by (it was
here) and (it is here now); everything else stands still, which is said. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from fsm.verification.checker.cells import CannotSay, Cell, Timer, first_cell, literal, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.meaning import Instance, Moment, Mover, Situation, known, term_of
from fsm.verification.checker.reached import cells_of
from fsm.verification.checker.terms import FALSE, TRUE, Script, conj, disj, equal, if_then, negation, number, total

__all__ = [
    "Kind", "Step", "StepMaker", "Unknowns", "any_instance", "anywhere", "kinds_of_steps", "start", "typed", "unknown",
]  # fmt: skip

Json = Any
MANY = 8
"""Beyond so many things that a value can become, it is an unknown of which it is said what it is: solvers do not like so deep a choice."""


@dataclass(frozen=True)
class Kind:
    """A kind of step: a wire on what a caller sends; a timer with a wire, or alone; a timer that lapses."""

    wire: Json | None = None
    timer: tuple[int, int, int] | None = None
    lapses: bool = False

    def __str__(self) -> str:
        if self.timer is None:
            return f"event {self.wire['event']}" if self.wire else ""
        part, line, state = self.timer
        return f"timer of part {part}, line {line}, state {state}" + (" lapses" if self.lapses else "")


@dataclass(frozen=True)
class Step:
    """A relation between two moments; no claim speaks of a timer that lapses.

    Attributes:
        possible: all that is so where the step is taken.
        situation: that of formulas over the step.
        assuming: what was assumed of the moment before, and the relation from there; the last that was asked for.
    """

    name: str
    script: Script
    possible: str
    situation: Situation
    lapses: bool
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


class Unknowns:
    """The parameters and cells of a declaration, shared by all its questions.

    Args:
        fixed: the value of each parameter that a profile gives.
        general: those of any values of the parameters, of which these are some.

    Attributes:
        remembered: what was asked, so that it is not asked again.
    """

    def __init__(self, declaration: Declaration, fixed: Mapping[int, Json], general: Unknowns | None = None) -> None:
        self.declaration = declaration
        self._fixed, self._general = fixed, general
        self.remembered: dict[str, Any] = {}
        self.cells: dict[int, tuple[Cell, ...]] = _cells_of_all(declaration) if general is None else general.cells

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The relation of each kind of step, taken from any moment."""
        if self._general is None:
            return tuple(StepMaker(self, kind).made() for kind in kinds_of_steps(self.declaration))
        return tuple(step.where(self._given(step.situation.params)) for step in self._general.steps)

    def _given(self, params: Sequence[str]) -> list[str]:
        """That the parameters have the values of the profile."""
        given = [(params[place], literal(value)) for place, value in self._fixed.items()]
        if any(value is None for _, value in given):
            raise CannotSay("a profile gives a value that is none")
        return [equal(term, value) for term, value in given if value is not None]

    def params(self, script: Script) -> tuple[str, ...]:
        """The parameters, within their domains, as the profile and the assumptions say."""
        made = []
        for parameter in self.declaration.json["parameters"]:
            term = unknown(script, self.declaration, parameter["domain"])
            if term is None:
                raise CannotSay("a parameter is carried data")
            made.append(term)
        for term in self._given(made):
            script.require(term)
        nowhere = Moment({}, {}, ())
        situation = Situation(self.declaration, script, tuple(made), nowhere, nowhere)
        for assumption in self.declaration.assumptions:
            script.require(term_of(assumption, situation))
        return tuple(made)

    def moment(self, script: Script, params: Sequence[str]) -> Moment:
        """Any moment: values within their domains, counts not below zero, timers as far as time in state says."""
        only, counted = {}, {}
        for place, part in enumerate(self.declaration.parts):
            if part["each"] is None:
                only[place] = any_instance(script, self.declaration, self.declaration.machine(place))
                script.require(typed(self.declaration, self.declaration.machine(place), only[place]))
            else:
                counted[place] = {cell: script.declare("Int") for cell in self.cells[place]}
                script.require(conj(f"(>= {many} 0)" for many in counted[place].values()))
        emitted = tuple(script.declare("Int") for _ in self.declaration.json["effects"])
        script.require(conj(f"(>= {many} 0)" for many in emitted))
        return Moment(only, counted, emitted)


def _cells_of_all(declaration: Declaration) -> dict[int, tuple[Cell, ...]]:
    """Of each part with many instances."""
    parts = enumerate(declaration.parts)
    return {place: cells_of(declaration, part["machine"]) for place, part in parts if part["each"] is not None}


def unknown(script: Script, declaration: Declaration, domain: Json) -> str | None:
    """Any value of a domain; None for carried data."""
    if domain == "boolean":
        return script.declare("Bool")
    if "opaque" in domain:
        return None
    term = script.declare("Int")
    script.require(within(declaration, domain, term))
    return term


def within(declaration: Declaration, domain: Json, term: str) -> str:
    """Whether a term has a value of a domain."""
    if domain == "boolean" or "opaque" in domain:
        return TRUE
    low: int | None
    high: int | None
    if "enumeration" in domain:
        low, high = 0, len(declaration.json["enumerations"][domain["enumeration"]]["members"]) - 1
    else:
        low, high = (None if bound is None else integer_of(bound) for bound in domain["integer"])
    below = TRUE if low is None else f"(<= {number(low)} {term})"
    return conj([below, TRUE if high is None else f"(<= {term} {number(high)})"])


def any_instance(script: Script, declaration: Declaration, machine: Json) -> Instance:
    """Any instance of a machine."""
    state = script.declare("Int")
    values = tuple(unknown(script, declaration, variable["domain"]) for variable in machine["variables"])
    marks = tuple(script.declare("Bool") for timer in timers_of(machine) if timer.mark is not None)
    elapsed = script.declare("Int")
    script.require(f"(>= {elapsed} 0)")
    return Instance(state, values, marks, elapsed)


def typed(declaration: Declaration, machine: Json, instance: Instance) -> str:
    """Whether an instance has a state, values of its domains, and marks of its own state alone."""
    last = len(machine["states"]) - 1
    parts = [f"(<= 0 {instance.state})", f"(<= {instance.state} {last})"]
    for variable, term in zip(machine["variables"], instance.values, strict=True):
        parts.append(TRUE if term is None else within(declaration, variable["domain"], term))
    for timer in timers_of(machine):
        if timer.mark is not None:
            parts.append(disj([negation(instance.marks[timer.mark]), equal(instance.state, str(timer.state))]))
    return conj(parts)


def anywhere(unknowns: Unknowns) -> Situation:
    """Any moment, in a script of its own."""
    script = Script()
    params = unknowns.params(script)
    moment = unknowns.moment(script, params)
    return Situation(unknowns.declaration, script, params, moment, moment)


def start(unknowns: Unknowns, script: Script, params: Sequence[str]) -> Situation:
    """The first snapshot."""
    declaration = unknowns.declaration
    only = {}
    for place, part in enumerate(declaration.parts):
        if part["each"] is None:
            only[place] = Instance.of(first_cell(declaration.machine(place)))
    counted = {place: dict.fromkeys(cells, "0") for place, cells in unknowns.cells.items()}
    first = Moment(only, counted, ("0",) * len(declaration.json["effects"]))
    return Situation(declaration, script, tuple(params), first, first)


def kinds_of_steps(declaration: Declaration) -> Iterator[Kind]:
    """Every kind of step there is."""
    for wire in declaration.wires:
        if wire["sender"] is None:
            yield Kind(wire)
    for part in range(len(declaration.parts)):
        machine = declaration.machine(part)
        for timer in timers_of(machine):
            line = machine["transitions"][timer.line]
            at = (part, timer.line, timer.state)
            wires = [wire for wire in declaration.wires if (wire["sender"], wire["event"]) == (part, line["event"])]
            for wire in wires or [None]:
                yield Kind(wire, at)
            if line["guard"] is not None:
                yield Kind(None, at, lapses=True)


class StepMaker:
    """The relation of one kind of step.

    Args:
        base: the moment from which it is taken; any moment of a script of its own where there is none.
        picked: instead of unknown instances, for each named instance of a part with many, the cell in which it is.
        payload: values of fields of the event, where they are not any values; by place. With it a line whose guard cannot be said is
            not taken: it is asked in which ways a step is possible, not what every step does.
        fires: the instance whose timer fires, where it is not any.
    """

    def __init__(
        self,
        unknowns: Unknowns,
        kind: Kind,
        base: Situation | None = None,
        picked: Sequence[Cell] | None = None,
        payload: Mapping[int, str] | None = None,
        fires: Instance | None = None,
    ) -> None:
        self.declaration = unknowns.declaration
        self.kind = kind
        self.base = base or anywhere(unknowns)
        self.script = self.base.script
        self.conditions: list[str] = []
        self.movers: list[Mover] = []
        self._fires = fires
        self._picked = None if picked is None else iter(picked)
        self._payload, self._some = payload or {}, payload is not None
        self._is_taken = False
        self.rest = {part: dict(cells) for part, cells in self.base.before.counted.items()}

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
            self._judge()
        else:
            self._fire(*kind.timer)
        for part, instance in self.base.before.only.items():
            self._timers_allow(part, instance)
        if kind.wire is not None:
            self._wire(kind.wire)
        self._limits()
        after = self._after()
        event = None if kind.lapses else self._event()
        whole = replace(self.base, after=after, event=event, movers=tuple(self.movers), rest=self.rest, whole=True)
        return Step(str(kind), self.script, conj(self.conditions), whole, kind.lapses)

    def _event(self) -> int:
        """What the step is taken on."""
        if self.kind.timer is None:
            return int((self.kind.wire or {})["event"])
        part, line, _ = self.kind.timer
        return int(self.declaration.machine(part)["transitions"][line]["event"])

    def _judge(self) -> None:
        """An event of a caller: any values of its fields, and every rule on it holds."""
        event = self._event()
        fields = {}
        for place, row in enumerate(self.declaration.json["events"][event]["fields"]):
            given = self._payload.get(place)
            fields[event, place] = given or unknown(self.script, self.declaration, row["domain"])
            self.conditions.append(TRUE if given is None else within(self.declaration, row["domain"], given))
        self.base = replace(self.base, fields=fields)
        for rule in self.declaration.rules:
            if event in rule["on"]:
                self.conditions.append(term_of(rule["when"], self.base))

    def _fire(self, part: int, line: int, state: int) -> None:
        """A timer is due: its instance takes the timed line, or the timer lapses."""
        machine = self.declaration.machine(part)
        [timer] = [one for one in timers_of(machine) if (one.line, one.state) == (line, state)]
        before, there = self._someone(part, self._fires)
        self._fires = before
        if part in self.rest:
            self._timers_allow(part, before)
        self.conditions.append(equal(before.state, str(state)))
        self.conditions.append(equal(known(before.elapsed), term_of(timer.after, self.base)))
        if timer.mark is not None:
            self.conditions.append(negation(before.marks[timer.mark]))
        taken = machine["transitions"][line]
        about = self._about(part, before)
        guard = TRUE if taken["guard"] is None else term_of(taken["guard"], about)
        if self.kind.lapses:
            self.conditions.append(negation(guard))
            marks = tuple("true" if mark == timer.mark else term for mark, term in enumerate(before.marks))
            after, emitted = replace(before, marks=marks), ("0",) * len(self.declaration.json["effects"])
        else:
            self.conditions.append(guard)
            after, emitted = self._moved(part, before, [(TRUE, taken)], about, timer.mark)
        self._add(part, taken["event"], before, after, there, emitted)

    def _wire(self, wire: Json) -> None:
        """Exactly one wire applies: this one."""
        if wire["when"] is not None:
            self.conditions.append(term_of(wire["when"], self.base))
        for other in self.declaration.wires:
            if other is not wire and (other["event"], other["sender"]) == (wire["event"], wire["sender"]):
                applies = TRUE if other["when"] is None else term_of(other["when"], self.base)
                self.conditions.append(negation(applies))
        named = [move for move in wire["moves"] if move["every"] is None]
        for move in named:
            before, there = self._someone(move["part"])
            if move["part"] in self.rest:
                self._timers_allow(move["part"], before)
            fields = self._action_fields(move)
            about = replace(self._about(move["part"], before), fields=fields)
            ways = self._ways(move, about)
            self.conditions.append(disj(condition for condition, _ in ways))
            after, emitted = self._moved(move["part"], before, ways, about, None)
            self._add(move["part"], move["action"], before, after, there, emitted)
        for move in wire["moves"]:
            if move["every"] is not None:
                self._move_every(move)

    def _someone(self, part: int, given: Instance | None = None) -> tuple[Instance, str]:
        """The only instance of a part; or any one, with whether it exists, which is in a cell then."""
        if part in self.base.before.only:
            return self.base.before.only[part], TRUE
        machine = self.declaration.machine(part)
        one = given or self._next_cell() or any_instance(self.script, self.declaration, machine)
        there = self.script.define("Bool", negation(equal(one.state, str(machine["initial"]))))
        here = {cell: one.at(cell) for cell in self.rest[part]}
        self.conditions.append(disj([one.at(first_cell(machine)), *here.values()]))
        for cell, is_here in here.items():
            if is_here != FALSE:
                many = self.rest[part][cell]
                self.conditions.append(disj([negation(is_here), f"(>= {many} 1)"]))
                self.rest[part][cell] = f"(- {many} {if_then(is_here, '1', '0')})"
        return one, there

    def _next_cell(self) -> Instance | None:
        return None if self._picked is None else Instance.of(next(self._picked))

    def _about(self, part: int, instance: Instance) -> Situation:
        machine = self.declaration.parts[part]["machine"]
        return replace(self.base, instance=(instance, instance), of_machine=machine)

    def _action_fields(self, move: Json) -> dict[tuple[int, int], str | None]:
        """What the action carries; a machine alone is called by the event itself."""
        if move["fields"] is None:
            return dict(self.base.fields)
        domains = [field["domain"] for field in self.declaration.json["events"][move["action"]]["fields"]]
        carried = {place for place, domain in enumerate(domains) if domain != "boolean" and "opaque" in domain}
        given = {
            (move["action"], place): None if place in carried else term_of(value, self.base)
            for place, value in move["fields"]
        }
        return {**self.base.fields, **given} if move["action"] != self._event() else given

    def _ways(self, move: Json, about: Situation) -> list[tuple[str, Json]]:
        """The lines that the action can take, each where it is the first whose guard holds of those that leave a state that it leaves."""
        ways: list[tuple[str, Json]] = []
        instance = about.instance[0] if about.instance else None
        earlier: list[tuple[set[int], str]] = []
        for line in self.declaration.machine(move["part"])["transitions"]:
            if line["event"] != move["action"] or line["after"] is not None or instance is None:
                continue
            sources = set(line["sources"])
            there = disj(equal(instance.state, str(state)) for state in sorted(sources))
            if there == "false":
                continue
            try:
                guard = TRUE if line["guard"] is None else term_of(line["guard"], about)
            except CannotSay:
                if not self._some:
                    raise
                earlier.append((sources, there))
                continue
            possible = self.script.define("Bool", conj([there, guard]))
            others = [negation(other) for left, other in earlier if not left.isdisjoint(sources)]
            ways.append((self.script.define("Bool", conj([possible, *others])), line))
            earlier.append((sources, possible))
        return ways

    def _moved(
        self,
        part: int,
        before: Instance,
        ways: Sequence[tuple[str, Json]],
        about: Situation,
        fired: int | None,
        many: str = "1",
    ) -> tuple[Instance, tuple[str, ...]]:
        """The instance after the line that it takes, and how many of each effect so many of it emit."""
        leaving = [(condition, line) for condition, line in ways if line["target"] is not None]
        leaves = disj(condition for condition, _ in leaving)
        state = self._by_ways("Int", before.state, [(condition, str(line["target"])) for condition, line in leaving])
        marks = [if_then(leaves, "false", mark) for mark in before.marks]
        if fired is not None and not leaving:
            marks[fired] = TRUE
        elapsed = None if before.elapsed is None else if_then(leaves, "0", before.elapsed)
        updates: dict[int, list[tuple[str, str]]] = {}
        emitted: dict[int, list[str]] = {}
        for condition, line in ways:
            for variable, update in line["updates"]:
                if before.values[variable] is not None:
                    updates.setdefault(variable, []).append((condition, term_of(update, about)))
            for effect in {one["effect"] for one in line["effects"]}:
                times = sum(one["effect"] == effect for one in line["effects"])
                emits = str(times) if many == "1" else f"(* {times} {many})"
                emitted.setdefault(effect, []).append(if_then(condition, emits, "0"))
        domains = [variable["domain"] for variable in self.declaration.machine(part)["variables"]]
        values = tuple(
            None
            if old is None
            else self._by_ways("Bool" if domains[place] == "boolean" else "Int", old, updates.get(place, []))
            for place, old in enumerate(before.values)
        )
        marked = tuple(self.script.define("Bool", mark) for mark in marks)
        effects = range(len(self.declaration.json["effects"]))
        return Instance(state, values, marked, elapsed), tuple(total(emitted.get(effect, ())) for effect in effects)

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

    def _add(
        self, part: int, action: int, before: Instance, after: Instance, there: str, emitted: tuple[str, ...]
    ) -> None:
        initial = str(self.declaration.machine(part)["initial"])
        comes = TRUE if part in self.base.before.only else negation(equal(after.state, initial))
        self.movers.append(Mover(part, action, before, after, "1", there, comes, TRUE, emitted))

    def _move_every(self, move: Json) -> None:
        """All of each cell for which the formula holds; by cells, as the meaning of the line in that cell says."""
        part = move["part"]
        fields = self._action_fields(move)
        initial = str(self.declaration.machine(part)["initial"])
        for cell, many in list(self.rest[part].items()):
            one = Instance.of(cell)
            about = self._about(part, one)
            chosen = term_of(move["every"], about)
            if chosen == "false":
                continue
            about = replace(about, fields=fields)
            ways = self._ways(move, about)
            moves = self.script.define("Bool", conj([chosen, f"(> {many} 0)"]))
            self.conditions.append(disj([negation(moves), *(condition for condition, _ in ways)]))
            after, emitted = self._moved(part, one, ways, about, None, many)
            comes = negation(equal(after.state, initial))
            each = tuple(if_then(moves, one, "0") for one in emitted)
            self.movers.append(Mover(part, move["action"], one, after, many, TRUE, comes, moves, each))
            self.rest[part][cell] = self.script.define("Int", if_then(chosen, "0", many))

    def _timers_allow(self, part: int, one: Instance) -> None:
        """The two facts about time: the timers of a stay fire in their order, and none is due when a caller's event is judged.

        A timer that has fired was due. One that has not is not overdue, and not due either where an event is judged, or where
        it would go before the one that fires: that of an earlier part, or of this instance and declared earlier.
        """
        if self._picked is not None:  # what is so of time is said of the moment, not of a way that is picked
            return
        elapsed = known(one.elapsed)
        for timer in timers_of(self.declaration.machine(part)):
            after = term_of(timer.after, self.base)
            here = equal(one.state, str(timer.state))
            fired = "false" if timer.mark is None else one.marks[timer.mark]
            waits = f"({'<' if self._goes_first(part, timer, one) else '<='} {elapsed} {after})"
            self.conditions.append(disj([negation(here), if_then(fired, f"(>= {elapsed} {after})", waits)]))

    def _goes_first(self, part: int, timer: Timer, one: Instance) -> bool:
        """Whether this timer would fire before what happens in this step, were both due."""
        if self.kind.timer is None:
            return True
        firing, line, _ = self.kind.timer
        return part < firing or (one is self._fires and timer.line < line)

    def _limits(self) -> None:
        """What `at_most` and `population` allow where an instance begins."""
        for part, counted in self.base.before.counted.items():
            limits = self.declaration.parts[part]["each"]
            movers = [mover for mover in self.movers if mover.part == part]
            begin = total(if_then(conj([negation(mover.there), mover.comes]), "1", "0") for mover in movers)
            end = total(
                if_then(conj([mover.there, mover.takes, negation(mover.comes)]), mover.many, "0") for mover in movers
            )
            held = total(counted.values())
            if limits["at_most"] is not None:
                most = term_of(limits["at_most"], self.base)
                self.conditions.append(disj([f"(<= {begin} {end})", f"(<= (- (+ {held} {begin}) {end}) {most})"]))
            if limits["population"] is not None:
                most = term_of(limits["population"], self.base)
                self.conditions.append(disj([equal(begin, "0"), f"(<= (+ {held} {begin}) {most})"]))

    def _after(self) -> Moment:
        """The moment after the step: who moved is where the line leads, whoever did not stands still."""
        before = self.base.before
        only = dict(before.only)
        for mover in self.movers:
            if mover.part in only:
                only[mover.part] = mover.after
        counted = {
            part: _Counted(cells, [one for one in self.movers if one.part == part]) for part, cells in self.rest.items()
        }
        emitted = tuple(
            self.script.define("Int", total([many, *(mover.emitted[effect] for mover in self.movers)]))
            for effect, many in enumerate(before.emitted)
        )
        return Moment(only, counted, emitted, self._single())

    def _single(self) -> dict[int, tuple[Mapping[Cell, str], tuple[Mover, ...]]]:
        """Of each part of which single instances move and no other, who."""
        made = {}
        for part, counted in self.base.before.counted.items():
            movers = tuple(mover for mover in self.movers if mover.part == part)
            if all(mover.many == "1" and mover.takes == TRUE for mover in movers):
                made[part] = counted, movers
        return made


class _Counted(Mapping[Cell, str]):
    """How many are in each cell after a step: who stood still, and who came. Put together where it is asked."""

    def __init__(self, standing: Mapping[Cell, str], movers: Sequence[Mover]) -> None:
        self._standing, self._movers = standing, movers

    def __getitem__(self, cell: Cell) -> str:
        come = (if_then(conj([one.takes, one.after.at(cell)]), one.many, "0") for one in self._movers)
        return total([self._standing[cell], *come])

    def __iter__(self) -> Iterator[Cell]:
        return iter(self._standing)

    def __len__(self) -> int:
        return len(self._standing)
