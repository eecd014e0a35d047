"""Events and effects as JSON has them: for logs, outboxes and traces.

    data = event_out(Accept("c-1"))            # {"name": "accept", "fields": {"contact": "c-1"}}
    event = event_in(engine, data)             # read as strictly as a snapshot

An effect leaves and is never read back: it is made again by replaying the events.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fsm.errors import BadEvent
from fsm.language.domains import Opaque
from fsm.language.events import effect_defaults, effect_fields, field_refs, is_event, is_left_out, left_out
from fsm.language.printing import label
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.runtime.inputs import Accepts
from fsm.storage.codec import kind_of_domain, written
from fsm.storage.misfit import Misfit, misfit, told
from fsm.storage.reading import Reader, read_record, reader_of
from fsm.storage.schema import EventDocument
from fsm.storage.writing import MISSING, Writer, writer_of
from fsm.strict_json import DOCUMENT, below

__all__ = ["effect_out", "event_in", "event_out"]


def event_out(event: object, path: str = DOCUMENT) -> dict[str, Any]:
    """An event as dicts, strings, numbers, booleans and None; `path` is where it stands, for errors.

    Raises:
        BadInput: it is no event.
        BadSnapshot: a field that is not of its declared type and range.
    """
    kind: type = type(event)
    if not is_event(kind):
        raise BadEvent(path, f"{brief(event)} is no event", "Give an object of a class made with @event.")
    fields: dict[str, Any] = {}
    optional = left_out(kind)
    try:
        for name, write in _writers(kind).items():
            given = vars(event).get(name, MISSING)
            if is_left_out(optional, name, given):
                continue
            try:
                fields[name] = write(given)
            except Misfit as wrong:
                raise wrong.inside(name).inside("fields") from None
    except Misfit as wrong:
        raise told(wrong, path) from None
    return {"name": label(kind), "fields": fields}


def event_in(engine: Accepts, data: Any, path: str = DOCUMENT) -> object:
    """The event that `event_out` wrote, distrusted.

    Raises:
        BadInput: it is of another form, no event of this system that callers send, or a field has another type or
            lies out of its range; with its path.
    """
    try:
        return _read(engine, data)
    except Misfit as wrong:
        raise told(wrong, path) from None


def _read(engine: Accepts, data: Any) -> object:
    if isinstance(data, EventDocument):  # of a trace, whose form has been read
        data = {"name": data.name, "fields": data.fields}
    name, fields = read_record(data, HEAD)
    kind = _named(engine.system).get(name)
    if kind is None:
        raise Misfit(f"{brief(name)} is no event of {engine.system.name}").inside("name")
    readers = _readers(kind)
    if type(fields) is dict and not readers.keys() <= fields.keys():
        readers = {name: one for name, one in readers.items() if name in fields or name not in left_out(kind)}
    try:
        values = read_record(fields, readers)
    except Misfit as wrong:
        raise wrong.inside("fields") from None
    sent: object = kind(**dict(zip(readers, values, strict=True)))
    return sent


def _as_it_is(tree: Any, room: int = 0) -> Any:
    return tree


def _read_name(tree: Any, room: int = 0) -> Any:
    if type(tree) is not str:
        raise misfit(tree, "a string")
    return tree


HEAD: dict[str, Reader] = {"name": _read_name, "fields": _as_it_is}


@lru_cache(maxsize=64)
def _named(system: System) -> dict[str, type]:
    """The events that callers send, by name; no two of a system have the same."""
    return {label(event): event for event in system.events}


@lru_cache(maxsize=1024)
def _readers(event: type) -> dict[str, Reader]:
    return {name: reader_of(kind_of_domain(ref.domain)) for name, ref in field_refs(event).items()}


@lru_cache(maxsize=1024)
def _writers(event: type) -> dict[str, Writer]:
    return {name: writer_of(kind_of_domain(ref.domain)) for name, ref in field_refs(event).items()}


def effect_out(effect: object, path: str = DOCUMENT) -> dict[str, Any]:
    """An effect as JSON. What it declares as any object goes by its own class: a key, as a rule.

    The key of what has none, a machine alone or a part with one instance, is null whatever its type.

    Raises:
        BadSnapshot: as `event_out` does.
    """
    fields, optional = {}, effect_defaults(type(effect))
    for name, domain in effect_fields(type(effect)).items():
        value = getattr(effect, name, MISSING)
        if is_left_out(optional, name, value):
            continue
        anything = isinstance(domain, Opaque) and domain.type is object
        kind = type(value) if anything or value is None else kind_of_domain(domain)
        fields[name] = written(value, kind, below(below(path, "fields"), name))
    return {"name": label(type(effect)), "fields": fields}
