"""Events and effects as JSON has them: for logs, outboxes and traces.

    data = event_out(Accept("c-1"))            # {"name": "accept", "fields": {"contact": "c-1"}}
    event = event_in(engine, data)             # read as strictly as a snapshot

An effect leaves and is never read back: it is made again by replaying the events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsm.errors import BadInput
from fsm.language.domains import type_of
from fsm.language.events import effect_fields, field_refs
from fsm.language.printing import label
from fsm.storage.codec import read, shown, written
from fsm.storage.schema import EventDocument, fields_type
from fsm.storage.strict_json import DOCUMENT, below

if TYPE_CHECKING:
    from fsm.runtime.engine import Engine

__all__ = ["effect_out", "event_in", "event_out"]


def event_out(event: object, path: str = DOCUMENT) -> dict[str, Any]:
    """An event as dicts, strings, numbers, booleans and None; `path` is where it stands, for errors.

    Raises:
        BadSnapshot: a field that is not of its declared type, or whose type has no JSON form.
    """
    refs = field_refs(type(event))
    fields = {
        name: written(getattr(event, name), type_of(ref.domain), below(below(path, "fields"), name))
        for name, ref in refs.items()
    }
    return {"name": label(type(event)), "fields": fields}


def event_in(engine: Engine, data: Any, path: str = DOCUMENT) -> object:
    """The event that `event_out` wrote, distrusted.

    Raises:
        BadInput: it is of another form, no event of this system that callers send, or a field has another type; with its path.
    """
    given: EventDocument = data if isinstance(data, EventDocument) else read(data, EventDocument, path)
    named = [event for event in engine.system.events if label(event) == given.name]
    if len(named) != 1:
        raise BadInput(
            below(path, "name"), f"{shown(given.name)} is the name of {len(named)} events of {engine.system.name}"
        )
    fields = read(given.fields, fields_type(named[0]), below(path, "fields"))
    sent: object = named[0](*[getattr(fields, name) for name in field_refs(named[0])])
    return sent


def effect_out(effect: object, path: str = DOCUMENT) -> dict[str, Any]:
    """An effect as JSON. What it declares as any object goes by its own class: a key, as a rule.

    Raises:
        BadSnapshot: as `event_out` does.
    """
    fields = {}
    for name, domain in effect_fields(type(effect)).items():
        value, kind = getattr(effect, name), type_of(domain)
        where = below(below(path, "fields"), name)
        fields[name] = written(value, type(value) if kind is object and value is not None else kind, where)
    return {"name": label(type(effect)), "fields": fields}
