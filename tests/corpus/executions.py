"""Every execution that this repository has, asked about a case of the corpus.

Each answers with what follows, in the form of the corpus and as far as it can say it; `None` where it can say nothing. What one
cannot say is written in its class.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import attrs

from fsm import BadInput, EventRefused, Machine, Modality, Snapshot, TimeStopped, as_system, compile
from fsm.canonical import classes, read_document
from fsm.canonical.standins import full_name
from fsm.language.domains import Enumeration, Opaque, is_finite
from fsm.language.events import field_refs, label
from fsm.language.parts import Each, Sent
from fsm.language.snapshot import Instance
from fsm.live import Live
from fsm.runtime.obstacles import CannotMove, Full, NamedTwice, NoWire, RuleForbids
from fsm.semantics.satisfaction import holds, holds_of_step, seen_steps
from fsm.storage import dump, load
from fsm.verification.encoding.clocked import Clocked
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.search.packed import Unpackable
from fsm.verification.search.packed.exploring import space_of
from fsm.verification.search.packed.named import NamedSpace
from fsm.verification.search.packed.plans import Question

from ..verification.agreement.by_counts import ByCounts  # noqa: TID252  # the suite is no installed package
from ..verification.agreement.by_keys import ByKeys  # noqa: TID252  # the suite is no installed package
from ..verification.agreement.reachable import key_fields  # noqa: TID252  # the suite is no installed package
from .cases import Json, answer, encoded
from .declarations import FUNCTIONS

__all__ = ["EXECUTIONS", "Subject"]

APPLIED = {full_name(one.__module__, one.__qualname__): one for one in FUNCTIONS}
PLAIN = {one.__name__: one for one in FUNCTIONS}


class Subject:
    """A declaration of the corpus, read back, under one profile.

    Args:
        form: its canonical form.
        parameters: the value of every parameter, in the corpus's own form.

    Raises:
        BadInput: a profile that cannot be.
    """

    def __init__(self, form: Json, parameters: list[Json]) -> None:
        self.form = form
        declaration = read_document(form, functions=APPLIED)
        self.classes = classes(declaration)
        self.system = as_system(declaration)
        self.claims = self.system.properties
        self.profile = {
            one.name: self.value(one.of, value) for one, value in zip(self.system.parameters, parameters, strict=True)
        }
        silent = attrs.evolve(self.system, properties=())  # a stored snapshot may not break what must always hold
        self.engine = compile(silent, self.profile)
        self.live = Live(silent, self.profile)
        self._template = json.loads(dump(self.engine, self.engine.start()))

    # From the corpus

    def value(self, domain: Any, value: Json) -> Any:
        """A value of a domain; for carried data whatever JSON has."""
        if isinstance(value, dict) and "integer" in value:
            return int(value["integer"], 16)
        if isinstance(value, dict):
            enumeration, place = value["member"]
            return tuple(self.classes.enumerations[enumeration])[place]
        return value

    def event(self, said: Json) -> object:
        kind = self.classes.events[said[0]]
        refs = field_refs(kind).values()
        return kind(*(self.value(ref.domain, value) for ref, value in zip(refs, said[1], strict=True)))

    def snapshot(self, case: Json) -> Snapshot:
        """What is so in a case, by the door that stored snapshots come through."""
        parts = {
            part.name: [{"key": row[0], **self._stored(part.machine, row[1:])} for row in rows]
            if isinstance(part, Each)
            else self._stored(part.machine, rows)
            for part, rows in zip(self.system.parts, case["parts"], strict=True)
        }
        return load(self.engine, json.dumps({**self._template, "now": case["now"], "parts": parts}), case["now"])

    def _stored(self, machine: Machine, row: Json) -> Json:
        state, since, fired, values = row
        names = [label(timer.event) for timer in machine.timers(machine.states[state])]
        told = [
            f"{name}#{names[: place + 1].count(name)}" if name in names[:place] else name
            for place, name in enumerate(names)
        ]
        variables = {
            variable.name: self._stored_value(variable.of, value)
            for variable, value in zip(machine.variables, values, strict=True)
        }
        return {
            "state": machine.states[state].name,
            "since": since,
            "spent": [told[place] for place in fired],
            "variables": variables,
        }

    def _stored_value(self, domain: Any, value: Json) -> Json:
        found = self.value(domain, value)
        return found.name if isinstance(domain, Enumeration) else found

    # Into the corpus

    def parts(self, snapshot: Snapshot) -> list[Json]:
        return [
            [[key, *self._row(part.machine, held[key])] for key in sorted(held)]
            if isinstance(part, Each)
            else self._row(part.machine, held)
            for part, held in zip(self.system.parts, snapshot.parts, strict=True)
        ]

    def _row(self, machine: Machine, one: Instance) -> list[Json]:
        state = [known.name for known in machine.states].index(one.state)
        fired = [place for place in range(len(machine.timers(machine.states[state]))) if one.spent >> place & 1]
        return [state, one.since, fired, [self.written(value) for value in one.variables.values()]]

    def written(self, value: Any) -> Json:
        for place, members in enumerate(self.classes.enumerations):
            if isinstance(value, members):
                return {"member": [place, list(members).index(value)]}
        return encoded(value)

    def effects(self, effects: tuple[object, ...]) -> list[Json]:
        known = self.classes.effects
        return [
            [known.index(type(one)), [self.written(getattr(one, name)) for name in type(one).__fsm_effect__]]  # type: ignore[attr-defined]  # effects have it
            for one in effects
        ]

    def place(self, part: str) -> int:
        return [one.name for one in self.system.parts].index(part)

    def events_place(self, kind: type) -> int:
        return self.classes.events.index(kind)


class Execution:
    """One execution, with what it was asked so far.

    Attributes:
        name: in the tests.
        seen: how many cases it could say something of.
    """

    name = ""

    def says(self, subject: Subject, case: Json) -> Json | None:
        """What follows in the case, with as many of the fields of an outcome as it can say; None where it can say nothing."""
        raise NotImplementedError


class Reference(Execution):
    """The plain meaning, read off the canonical form alone, which the checker replays runs by."""

    name = "plain meaning"

    def says(self, subject: Subject, case: Json) -> Json:
        found = answer(subject.form, case, PLAIN)
        told = {"parts": case["parts"], "timed": [], "effects": [], "why": [], "broken": []} if "now" in found else {}
        return {**told, **found}


class Compiled(Execution):
    """The compiled step, with the reasons that the slow walk of the declaration gives for a refusal."""

    name = "compiled step"

    def says(self, subject: Subject, case: Json) -> Json:
        engine, at = subject.engine, case["at"]
        before = subject.snapshot(case)
        try:
            if case["event"] is None:
                step = engine.advance(before, at)
                return self.told(subject, "passed", step.after, step.timed, step.effects)
            step = engine.step(before, subject.event(case["event"]), at)
            return self.told(subject, "taken", step.after, step.timed, step.effects)
        except EventRefused as refused:
            why = [_reason(subject, one) for one in refused.refusal.obstacles]
            made = self.told(subject, "refused", refused.snapshot, refused.timed, refused.effects)
            return {**made, "why": [json.loads(one) for one in sorted({json.dumps(one) for one in why})]}
        except TimeStopped as stopped:
            return {"kind": "stopped", "event": subject.events_place(stopped.refusal.event)}  # type: ignore[arg-type]  # its class
        except BadInput:
            return {"kind": "rejected"}

    def told(self, subject: Subject, kind: str, after: Snapshot, timed: Any, effects: Any) -> Json:
        steps = [[one.at, subject.place(one.part), one.key, subject.events_place(one.event)] for one in timed]
        return {
            "kind": kind,
            "now": after.now,
            "parts": subject.parts(after),
            "timed": steps,
            "effects": subject.effects(effects),
        }


def _reason(subject: Subject, obstacle: Any) -> Json:
    match obstacle:
        case RuleForbids(rule=rule):
            return ["rule", [one.name for one in subject.system.rules].index(rule)]
        case NoWire():
            return ["wire"]
        case CannotMove(part=part, key=key):
            return ["cannot", subject.place(part), key]
        case NamedTwice(part=part, key=key):
            return ["twice", subject.place(part), key]
        case Full(part=part):
            return ["full", subject.place(part)]
    raise AssertionError(obstacle)


class Transitions(Execution):
    """`fsm.live` on the engine of `transitions`. Which steps time took it tells its callbacks alone."""

    name = "transitions"

    def says(self, subject: Subject, case: Json) -> Json:
        live = subject.live
        live.resume(subject.snapshot(case))
        try:
            if case["event"] is None:
                kind, effects = "passed", live.advance(case["at"])
            else:
                kind, effects = "taken", live.send(subject.event(case["event"]), case["at"])
        except EventRefused as refused:
            kind, effects = "refused", refused.effects
        except TimeStopped as stopped:
            return {"kind": "stopped", "event": subject.events_place(stopped.refusal.event)}  # type: ignore[arg-type]  # its class
        except BadInput:
            return {"kind": "rejected"}
        after = live.snapshot
        return {"kind": kind, "now": after.now, "parts": subject.parts(after), "effects": subject.effects(effects)}


class Claims(Execution):
    """Which claims are broken on the way, by walking their formulas (`fsm.semantics.satisfaction`). It says nothing else."""

    name = "claims"

    def says(self, subject: Subject, case: Json) -> Json | None:
        engine = subject.engine
        if not subject.claims or case["outcome"]["kind"] in ("rejected", "stopped"):
            return None
        before = subject.snapshot(case)
        event = None if case["event"] is None else subject.event(case["event"])
        try:
            step = engine.advance(before, case["at"]) if event is None else engine.step(before, event, case["at"])
        except EventRefused:
            event, step = None, engine.advance(before, case["at"])
        broken: set[int] = set()
        looked = [(before, {}), (step.after, {})]
        for seen in seen_steps(engine, before, event, case["at"], step, {}):
            broken |= {
                place
                for place, claim in self._of(subject, Modality.EACH_STEP)
                if not holds_of_step(engine, claim.formula, seen)
            }
            looked += [(seen.before._replace(now=seen.at), seen.emitted_before), (seen.after, seen.emitted_after)]
            looked[1] = (step.after, seen.emitted_after)
        for place, claim in self._of(subject, Modality.ALWAYS):
            broken |= {place for snapshot, tally in looked if not holds(engine, claim.formula, snapshot, tally)}
        return {"broken": sorted(broken)}

    def _of(self, subject: Subject, modality: Modality) -> Iterator[tuple[int, Any]]:
        return ((place, claim) for place, claim in enumerate(subject.claims) if claim.modality is modality)


class Packed(Execution):
    """The packed enumeration: which events lead from which number to which. It says nothing of time, and of a refused
    event only where its class has no field; a snapshot that nothing leads to may have no number.
    """

    name = "packed enumeration"

    def __init__(self) -> None:
        self._spaces: dict[tuple[int, int], NamedSpace | None] = {}

    def says(self, subject: Subject, case: Json) -> Json | None:
        outcome = case["outcome"]
        if case["event"] is None or outcome["kind"] not in ("taken", "refused"):
            return None
        keys = _keys(subject, case) or ["nobody"]
        space, kind = self._space(subject, len(keys)), type(subject.event(case["event"]))
        if space is None or (outcome["kind"] == "refused" and field_refs(kind)):
            return None
        try:
            number = space.packed(subject.snapshot(case), keys)
            wanted = space.packed(subject.snapshot({**case, **outcome}), keys)
        except KeyError:
            return None
        reached = {after for event, after in space.steps(number) if event is kind}
        return {"kind": "taken" if wanted in reached else f"leads to {sorted(reached)}" if reached else "refused"}

    def _space(self, subject: Subject, keys: int) -> NamedSpace | None:
        if (id(subject), keys) not in self._spaces:
            try:
                space: Any = space_of(subject.engine, Question(), keys, named=True)
            except Unpackable:
                space = None
            self._spaces[id(subject), keys] = space
        return self._spaces[id(subject), keys]


def _keys(subject: Subject, case: Json) -> list[str]:
    """The keys of a case: those that are there, before and after, and those that the event names."""
    held = [parts for parts in (case["parts"], case["outcome"].get("parts")) if parts is not None]
    several = [place for place, part in enumerate(subject.system.parts) if isinstance(part, Each)]
    keys = {row[0] for parts in held for place in several for row in parts[place]}
    if case["event"] is not None:
        event = subject.event(case["event"])
        keys |= {getattr(event, name) for name in key_fields(subject.system, type(event))}
    return sorted(keys)


class ClockedEncoding(Execution):
    """The encoding with keys and clocks: the successors of a step, and where time can end. Emitted and carried data are no part of it."""

    name = "clocked encoding"

    def __init__(self) -> None:
        self._made: dict[tuple[int, int], ByKeys] = {}

    def says(self, subject: Subject, case: Json) -> Json | None:
        outcome = case["outcome"]
        if outcome["kind"] == "rejected":
            return None
        before = subject.snapshot(case)
        keys = _keys(subject, case) or ["nobody"]
        by_keys, delay = self._by_keys(subject, len(keys)), case["at"] - case["now"]
        numbers = {key: number for number, key in enumerate(keys)}
        position = by_keys.position(before, numbers)
        after = (
            None if outcome["kind"] == "stopped" else by_keys.position(subject.snapshot({**case, **outcome}), numbers)
        )
        if case["event"] is not None and outcome["kind"] != "stopped":
            if before.due is not None and before.due <= case["at"]:
                return None  # time first: that is asked of the cases in which time alone passes
            call = by_keys.call(subject.event(case["event"]), numbers)
            answers = by_keys.answers(position, (call,), delay)[call]
            return {
                "kind": "refused" if not answers else "taken" if answers == [after] else f"another successor: {answers}"
            }
        return self._passed(subject, by_keys, position, case["at"] - case["now"], after)

    def _passed(self, subject: Subject, by_keys: ByKeys, position: Any, delay: int, after: Any) -> Json | None:
        if delay > 20:
            return None  # each lapse and firing in between is asked of the solver
        ends, blocked = by_keys.settled(position, delay) if delay <= 1 else self._ticks(by_keys, position, delay)
        alone = not any(isinstance(one.event, Sent) for one in subject.system.wires)
        if after is None:
            return {"kind": "stopped" if blocked else "passed"}
        return {"kind": "passed" if after in ends and (not alone or ends == {after}) else f"ends elsewhere: {ends}"}

    def _ticks(self, by_keys: ByKeys, position: Any, delay: int) -> tuple[set[Any], bool]:
        """Millisecond by millisecond, so that each timer fires at its deadline."""
        ends, blocked = {position}, False
        for _ in range(delay):
            settled = [by_keys.settled(one, 1) for one in ends]
            ends, blocked = {end for found, _ in settled for end in found}, blocked or any(stop for _, stop in settled)
        return ends, blocked

    def _by_keys(self, subject: Subject, keys: int) -> ByKeys:
        if (id(subject), keys) not in self._made:
            named = {part.name: keys for part in subject.system.parts}
            self._made[id(subject), keys] = ByKeys(Clocked(subject.system, named), subject.engine.params)
        return self._made[id(subject), keys]


class CountingEncoding(Execution):
    """The encoding that counts instances and forgets clocks: where an event leads when no timer is due by its instant.

    It says nothing of what nothing leads to, for which it has no counter, nor of events with an integer without end.
    """

    name = "counting encoding"

    def __init__(self) -> None:
        self._made: dict[int, ByCounts | None] = {}

    def says(self, subject: Subject, case: Json) -> Json | None:
        outcome = case["outcome"]
        if case["event"] is None or outcome["kind"] not in ("taken", "refused"):
            return None
        by_counts = self._by_counts(subject)
        due = subject.snapshot(case).due
        event = subject.event(case["event"])
        endless = any(
            not isinstance(ref.of, Opaque) and not is_finite(ref.of) for ref in field_refs(type(event)).values()
        )
        if by_counts is None or endless or (due is not None and due <= case["at"]):
            return None
        before = subject.snapshot({**case, "now": case["at"]})
        try:
            found = by_counts.called(before, by_counts.tally(before), event)
            after = by_counts.tally(subject.snapshot({**case, **outcome}))
        except (KeyError, Unencodable):
            return None
        return {"kind": "refused" if not found else "taken" if found == {after} else f"another successor: {found}"}

    def _by_counts(self, subject: Subject) -> ByCounts | None:
        if id(subject) not in self._made:
            try:
                self._made[id(subject)] = ByCounts(Counting(subject.system), subject.engine.params)
            except Unencodable:
                self._made[id(subject)] = None
        return self._made[id(subject)]


EXECUTIONS: tuple[type[Execution], ...] = (
    Reference, Compiled, Transitions, Claims, Packed, ClockedEncoding, CountingEncoding,
)  # fmt: skip
