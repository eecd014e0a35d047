"""Commands and what machines answer, as rows: in a task, and in the driver only to say what is wrong with a declaration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import attrs

import fsm
from fsm import BadInput, Engine, EventRefused, Snapshot, TimeStopped, TooManyFirings
from fsm.errors import BadEvent
from fsm.language.events import event_in_words, field_refs
from fsm.language.printing import label
from fsm.runtime.inputs import check_instant
from fsm.storage import dump, effect_out, event_in, load
from fsm.strict_json import write
from fsm.verification.decide.elsewhere.packing import packed, unpacked

__all__ = ["ANSWERS", "Machines", "Runner"]

ANSWERS = "machine string, at bigint, answer string, name string, told string"
"""An event with what became of it (`taken`, `refused`, `rejected`, `stopped`) and why; or an `effect` with its JSON."""

Answer = tuple[Any, ...]
LATER = 2**62
"""Milliseconds; no stored snapshot is younger."""


@attrs.frozen
class Machines:
    """A declaration and a profile, in a form that travels.

    Attributes:
        begins: the instant at which every machine starts; None for that of its first command.
    """

    packed: bytes
    begins: int | None

    @classmethod
    def of(cls, target: Any, profile: Any, begins: int | None) -> Machines:
        """Raises:
        BadInput: the profile does not fit.
        """
        fsm.compile(target, profile)  # what does not fit is told here, and not by every task
        return cls(packed((target, profile)), begins)

    def begin(self) -> Runner:
        """In a task."""
        target, profile = unpacked(self.packed)
        return Runner(fsm.compile(target, profile), self.begins)


class Runner:
    """Machines that take commands and answer with rows. Holds no state of theirs."""

    def __init__(self, engine: Engine, begins: int | None) -> None:
        self.engine, self.begins = engine, begins
        self._events = {name: event for event in engine.system.events for name in (event.__name__, label(event))}

    def event(self, name: str, fields: str | None) -> object:
        """The event of a command; of its fields those that the event has.

        Raises:
            BadInput: what is none.
        """
        kind = self._events.get(name)
        try:
            given = json.loads(fields) if fields else {}
        except ValueError as wrong:
            raise BadEvent("fields", f"is not JSON: {wrong}") from wrong
        known = field_refs(kind) if kind is not None and isinstance(given, dict) else {}
        return event_in(
            self.engine,
            {
                "name": name if kind is None else label(kind),
                "fields": {one: given[one] for one in known if one in given},
            },
        )

    def send(
        self, machine: str | None, stored: str | None, at: Any, name: Any, fields: str | None
    ) -> tuple[str | None, list[Answer]]:
        """A command to a machine: what is then stored of it, and the answers."""
        try:
            check_instant("at", at)
            before = self._read(stored, at)
            sent = self.event(name, fields)
        except BadInput as wrong:
            return stored, [(machine, at, "rejected", name, str(wrong))]
        answers: list[Answer] = []
        while True:
            try:
                step = self.engine.step(before, sent, at)
            except TooManyFirings as many:
                answers += _timed(machine, many.timed)
                before = many.snapshot
                continue
            except EventRefused as refused:
                answers += _timed(machine, refused.timed)
                answers.append((machine, at, "refused", name, str(refused.refusal)))
                return dump(self.engine, refused.snapshot), answers
            except TimeStopped as stopped:
                return dump(self.engine, before), [*answers, (machine, at, "stopped", name, str(stopped))]
            except BadInput as wrong:
                return dump(self.engine, before), [*answers, (machine, at, "rejected", name, str(wrong))]
            answers += _timed(machine, step.timed)
            answers.append((machine, at, "taken", name, None))
            own = step.effects[sum(len(one.effects) for one in step.timed) :]
            answers += [_effect(machine, at, one) for one in own]
            return dump(self.engine, step.after), answers

    def pass_to(self, machine: str | None, stored: str, at: int) -> tuple[str, list[Answer]]:
        """What falls due up to an instant: time alone moves the machine, to its last deadline by then."""
        snapshot = load(self.engine, stored, LATER)
        answers: list[Answer] = []
        while snapshot.due is not None and snapshot.due <= at:
            try:
                step = self.engine.advance(snapshot, snapshot.due)
            except TimeStopped as stopped:
                answers.append((machine, snapshot.due, "stopped", event_in_words(stopped.refusal.event), str(stopped)))
                break
            answers += _timed(machine, step.timed)
            snapshot = step.after
        return dump(self.engine, snapshot), answers

    def due(self, stored: str) -> int | None:
        """When time will move the machine."""
        return load(self.engine, stored, LATER).due

    def _read(self, stored: str | None, at: int) -> Snapshot:
        if stored is not None:
            return load(self.engine, stored, LATER)
        return self.engine.start(at if self.begins is None else self.begins)


def _timed(machine: str | None, timed: Any) -> Iterator[Answer]:
    """The events that time sent, with what they emitted."""
    for one in timed:
        yield (machine, one.at, "timed", label(one.event), None)
        yield from (_effect(machine, one.at, effect) for effect in one.effects)


def _effect(machine: str | None, at: int, effect: object) -> Answer:
    told = effect_out(effect)
    return (machine, at, "effect", told["name"], write(told["fields"]))
