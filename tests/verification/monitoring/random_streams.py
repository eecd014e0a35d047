"""Runs of systems drawn at random, and what sources would write of them: everything, or some of it, in any of many ways."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import attrs
from hypothesis import assume, reject
from hypothesis import strategies as st

from fsm.errors import DefinitionError, WiresOverlap
from fsm.language.events import field_refs
from fsm.language.parts import Each
from fsm.language.snapshot import Snapshot
from fsm.language.system import System
from fsm.runtime.engine import Engine, compile
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.verification.monitoring import Observation, Seen, Sight

from ...systems import profiles, systems  # noqa: TID252  # the suite is no installed package
from ..random_systems import all_events, lightened  # noqa: TID252  # the suite is no installed package
from .models import BREAKER, DOOR, LIGHT, NIGHT, ORDER, SAFE

__all__ = ["SOAK", "Happened", "Run", "runs", "sight_of"]

KEYS = ["k", "l"]


@attrs.frozen
class Happened:
    """One thing that happened, and the snapshot after it.

    Attributes:
        key: of the instance to which time sent it; None for a caller's event, and for a part made by `one`.
    """

    at: int
    event: type
    fields: Mapping[str, Any]
    after: Snapshot

    def observation(self, **given: Any) -> Observation:
        return Observation(self.at, self.event, self.fields, **given)


@attrs.frozen
class Run:
    """A run of a system under a profile, from instant 0."""

    engine: Engine
    happened: tuple[Happened, ...]

    @property
    def system(self) -> System:
        return self.engine.system


MODELS = tuple(compile(model) for model in (LIGHT, SAFE, BREAKER, ORDER, DOOR, NIGHT))
"""Made ready once."""

SOAK = "SOAK" in os.environ
"""Set by `make soak`: then there are many more runs, longer ones, drawn anew each time."""

LONGEST = 16 if SOAK else 6
"""Events of a run at most."""

PAUSES = (0, 1, 1_000, 10_000, 60_000, 900_000)
"""Between two events of a model, milliseconds."""


@st.composite
def runs(draw: st.DrawFn, longest: int = LONGEST) -> Run:
    """A run in which something happens, of a model or of a system drawn at random; every event of it is taken."""
    engine, pauses = draw(st.sampled_from(MODELS)), PAUSES
    if draw(st.integers(0, 2)) == 0:
        engine, pauses = draw(drawn()), (0, 1, 2, 3)
    events = list(all_events(engine.system, KEYS))
    snapshot, happened = engine.start(0), list[Happened]()
    for _ in range(draw(st.integers(1, longest))):
        snapshot, more = _next(engine, snapshot, draw(st.sampled_from([None, *events])), draw(st.sampled_from(pauses)))
        happened += more
    assume(happened)
    return Run(engine, tuple(happened))


@st.composite
def drawn(draw: st.DrawFn) -> Engine:
    """A system drawn at random, under values of its parameters."""
    try:
        system = lightened(draw(systems()))
        return compile(system, draw(profiles(system)))
    except DefinitionError:
        reject()


def _next(engine: Engine, snapshot: Snapshot, event: object | None, pause: int) -> tuple[Snapshot, list[Happened]]:
    """What happens next, where the event is taken; where it is refused, what time does by then."""
    at = snapshot.now + pause
    try:
        step = engine.advance(snapshot, at) if event is None else engine.step(snapshot, event, at)
        after, timed = step.after, step.timed
    except EventRefused as refused:
        after, timed, event = refused.snapshot, refused.timed, None
    except (TimeStopped, WiresOverlap):
        reject()
    happened = []
    for taken in timed:
        part = engine.system.part(taken.part)
        fields = {part.key: taken.key} if isinstance(part, Each) else {}
        happened.append(Happened(taken.at, taken.event, fields, taken.after))
    if event is not None:
        fields = {name: getattr(event, name) for name in field_refs(type(event))}
        happened.append(Happened(at, type(event), fields, after))
    return after, happened


def sight_of(system: System, snapshot: Snapshot) -> Seen:
    """Everything that can be seen of a snapshot."""
    sights = []
    for part in system.parts:
        held = snapshot[part.name]
        several = held.items() if isinstance(part, Each) else [(None, held)]
        for key, one in several:
            values = tuple((name, (value,)) for name, value in one.variables.items())
            sights.append(Sight(part.name, key, (one.state,), values))
    return Seen(tuple(sights), tuple(part.name for part in system.parts if isinstance(part, Each)))
