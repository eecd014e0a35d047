"""Verdicts as plain values, so that one process can tell another: what a run did is replayed, never believed.

Events and parameters are told by where they stand in the declaration, since a class that a test or a
script declares cannot be sent. Where an answer comes back, the runtime takes every step of its run anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.domains import Domain, Enumeration, Opaque
from fsm.language.events import field_refs
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.traces.lasso import for_ever
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.search.samples import sample
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["from_plain", "is_unknown", "run_from_plain", "run_to_plain", "to_plain"]

Plain = Any
KINDS = {"proved": Proved, "refuted": Refuted, "unknown": Unknown}
SAMPLE = ("sample",)


def to_plain(verdict: Verdict, system: System) -> Plain:
    """A verdict without the objects of the declaration."""
    said = {field.name: getattr(verdict, field.name) for field in attrs.fields(type(verdict)) if field.name != "claim"}
    runs = {name: run_to_plain(value, system) for name, value in said.items() if isinstance(value, Trace)}
    evidence: Any = said.get("evidence")
    shown = [] if evidence is None else [(name, run_to_plain(run, system)) for name, run in evidence.runs.items()]
    if shown:
        said["evidence"] = attrs.evolve(evidence, runs={})
    return (
        type(verdict).__name__.lower(),
        {name: value for name, value in said.items() if name not in runs},
        runs,
        shown,
    )


def is_unknown(plain: Plain) -> bool:
    """Whether the verdict that was told is no answer."""
    return bool(plain[0] == "unknown")


def from_plain(plain: Plain, claim: Property, system: System) -> Verdict:
    """The verdict on a claim that was told, its run replayed."""
    kind, said, runs, shown = plain
    traces = {name: run_from_plain(run, system) for name, run in runs.items()}
    if shown:
        again = {name: run_from_plain(run, system) for name, run in shown}
        said = said | {"evidence": attrs.evolve(said["evidence"], runs=again)}
    made: Verdict = KINDS[kind](claim, **said, **traces)
    return made


def run_to_plain(trace: Trace, system: System) -> Plain:
    """A run as its profile, its events and where it goes round."""
    values = dict(trace.profile)
    profile = {param.name: _out(param.domain, param.name, values[param.name]) for param in system.parameters}
    return (
        profile,
        [(None if event is None else _event_out(system, event), at) for event, at in trace.events],
        trace.loop,
    )


def run_from_plain(plain: Plain, system: System) -> Trace:
    """The run that was told, as the runtime takes it.

    Raises:
        EventRefused, TimeStopped, BadInput: the runtime does not take it.
    """
    profile, events, loop = plain
    engine = prepare(
        system, {param.name: _in(param.domain, param.name, profile[param.name]) for param in system.parameters}
    )
    trace = replay(engine, [(None if event is None else _event_in(engine, event), at) for event, at in events])
    return trace if loop is None else for_ever(engine, trace, loop)


def _event_out(system: System, event: object) -> Plain:
    refs = field_refs(type(event))
    return system.events.index(type(event)), {
        name: _out(ref.domain, name, getattr(event, name)) for name, ref in refs.items()
    }


def _event_in(engine: Engine, plain: tuple[int, Mapping[str, Plain]]) -> object:
    place, values = plain
    kind = engine.system.events[place]
    refs = field_refs(kind)
    return kind(**{name: _in(refs[name].domain, name, value) for name, value in values.items()})


def _out(domain: Domain, name: str, value: Any) -> Plain:
    if isinstance(domain, Enumeration):
        return list(domain.members).index(value)
    if isinstance(domain, Opaque) and type(value) is type(sample(domain, name)) and value == sample(domain, name):
        return SAMPLE
    return value


def _in(domain: Domain, name: str, plain: Plain) -> Any:
    if isinstance(domain, Enumeration):
        return list(domain.members)[plain]
    return sample(domain, name) if isinstance(domain, Opaque) and plain == SAMPLE else plain
