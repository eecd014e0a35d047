"""A trace as JSON has it: for reports and files. A trace that is read back is replayed, never believed.

data = trace_out(engine, trace)
trace = trace_in(engine, data)
"""

from __future__ import annotations

from typing import Any

from fsm.errors import BadRun, BadSnapshot
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.printing import label
from fsm.language.snapshot import Snapshot
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.runtime.engine import Engine, prepare
from fsm.storage.codec import difference, read, written
from fsm.storage.events import effect_out, event_in, event_out
from fsm.storage.heads import profile_in, profile_out
from fsm.storage.schema import VERSION, EndlessDocument, TraceDocument, key_kind
from fsm.storage.snapshots import distrusted, document_of
from fsm.strict_json import DOCUMENT, below
from fsm.traces.lasso import for_ever
from fsm.traces.printing import changes
from fsm.traces.replay import replay
from fsm.traces.steps import TraceStep
from fsm.traces.trace import Trace

__all__ = ["engine_for", "trace_in", "trace_out"]


def trace_out(engine: Engine, trace: Trace) -> dict[str, Any]:
    """A trace as dicts, lists, strings, numbers, booleans and None.

    Raises:
        BadInput: a trace of another system.
        BadSnapshot: a value that is not of its declared type, or whose type has no JSON form.
    """
    return {
        "version": VERSION,
        "system": trace.system,
        "fingerprint": trace.start.layout.fingerprint,
        "profile": profile_out(engine.system, dict(trace.profile)),
        "start": document_of(engine, trace.start),
        "steps": [_step(engine, step, below("steps", place)) for place, step in enumerate(trace.steps)],
        **({} if trace.loop is None else {"loop": trace.loop}),
    }


def _step(engine: Engine, step: TraceStep, path: str) -> dict[str, Any]:
    key = None if step.part is None else _key(engine, step, path)
    return {
        "at": step.at,
        "event": None if step.given is None else event_out(step.given, below(path, "event")),
        "sent": None if step.part is None or step.kind is None else label(step.kind),
        "part": step.part,
        "key": key,
        "effects": [effect_out(one, f"{path}.effects[{place}]") for place, one in enumerate(step.effects)],
        "changes": list(changes(step)),
    }


def _key(engine: Engine, step: TraceStep, path: str) -> Any:
    return written(step.key, key_kind(engine.system, engine.system.part(str(step.part))), below(path, "key"))


def engine_for(target: Machine | System, data: Any) -> Engine:
    """The engine under the profile in which a trace was written.

    Raises:
        BadInput: it is no trace, or its profile is none of this machine or system.
    """
    given = data.get("profile") if type(data) is dict else None
    try:
        return prepare(target, profile_in(as_system(target), given))
    except BadSnapshot as bad:
        raise BadRun(bad.where, f"{bad.what}", "Replay it with the declaration that made it.") from bad


def trace_in(engine: Engine, data: Any) -> Trace:
    """The trace that `trace_out` wrote, replayed: what the data says of its steps must be what happens.

    Raises:
        BadInput: it is of another form, system or profile, or what happens is not what it says.
        EventRefused, TimeStopped: it cannot happen.
    """
    endless = type(data) is dict and "loop" in data
    document: TraceDocument = read(data, EndlessDocument if endless else TraceDocument)
    mine = {
        "version": VERSION,
        "system": engine.system.name,
        "fingerprint": engine.layout.fingerprint,
        "profile": profile_out(engine.system, engine.params),
    }
    differs = difference({name: data[name] for name in mine}, mine, DOCUMENT)
    if differs is not None:
        raise BadRun(
            differs[0],
            f"{brief(differs[1])} is not {brief(differs[2])}",
            "Replay it with the declaration and the profile that made it.",
        )
    events = [
        (None if step.event is None else event_in(engine, step.event, f"steps[{place}].event"), step.at)
        for place, step in enumerate(document.steps)
    ]
    trace = replay(engine, events, start=_start(engine, document.start))
    if isinstance(document, EndlessDocument):
        trace = for_ever(engine, trace, document.loop)
    differs = difference(data, trace_out(engine, trace), DOCUMENT)
    if differs is not None:
        raise BadRun(differs[0], f"{brief(differs[1])} is not what happens, which is {brief(differs[2])}")
    return trace


def _start(engine: Engine, given: Any) -> Snapshot:
    """The snapshot where it begins, distrusted like every other; it is as old as it says, and may show what is wrong."""
    try:
        return distrusted(engine, given, None, claims=False)
    except BadSnapshot as bad:
        raise type(bad)("start" if bad.where == DOCUMENT else f"start.{bad.where}", bad.what, bad.instead) from bad
