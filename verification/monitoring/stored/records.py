"""Observations that wait for older ones, as a stored state has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.errors import BadObservation
from fsm.language.events import field_refs
from fsm.language.printing import label
from fsm.storage.misfit import Misfit, misfit
from fsm.storage.reading import Reader, read_integer, read_record
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.observations import Observation, Seen, Sight, Since
from fsm.verification.monitoring.preparing import Unfitting, Unusable, items_of
from fsm.verification.monitoring.stored.beliefs import Beliefs
from fsm.verification.monitoring.stored.values import (
    ANY_VALUE,
    Form,
    among,
    as_it_is,
    form_of_domain,
    optional,
    read_text,
    read_truth,
    several,
    written_in,
)

__all__ = ["Records"]

MANY = 100_000
"""So many instances, or values, are read of one record."""

MEANINGS = {meaning.value: meaning for meaning in Since}


class Records:
    """How observations are written and read."""

    def __init__(self, declaration: Declaration, beliefs: Beliefs) -> None:
        self._declaration, self._beliefs = declaration, beliefs
        self._source = among({name: name for name in declaration.sources}, f"one of {', '.join(declaration.sources)}")
        self._system = declaration.system

    def write(self, one: Observation) -> dict[str, Any]:
        """All but its key, which is that of its machine."""
        if one.event is not None and self._beliefs.events.get(label(one.event)) is not one.event:
            raise misfit(one.event, f"an event of {self._system.name}").inside("event")
        return {
            "at": one.at,
            "event": None if one.event is None else label(one.event),
            "fields": self._values(one.fields, self._fields(one.event), "fields"),
            "before": None if one.before is None else self._seen(one.before),
            "after": None if one.after is None else self._seen(one.after),
            "parameters": self._values(one.parameters, self._parameters(), "parameters"),
            "source": one.source,
            "id": one.id,
            "number": one.number,
            "position": one.position,
            "trouble": list(one.trouble),
            "lost": one.lost,
        }

    def _fields(self, event: type | None) -> dict[str, Form]:
        refs = {} if event is None else field_refs(event)
        return {name: form_of_domain(ref.domain, strict=False) for name, ref in refs.items()}

    def _parameters(self) -> dict[str, Form]:
        return {one.name: form_of_domain(one.domain, strict=False) for one in self._system.parameters}

    def _variables(self, part: str) -> dict[str, Form]:
        machine = next((one.machine for one in self._system.parts if one.name == part), None)
        known = () if machine is None else machine.variables
        return {one.name: form_of_domain(one.domain, strict=False) for one in known}

    def _values(self, given: Mapping[str, Any], forms: Mapping[str, Form], where: str) -> dict[str, Any]:
        return {name: _written(where, name, forms.get(name, ANY_VALUE), value) for name, value in given.items()}

    def _seen(self, seen: Seen) -> dict[str, Any]:
        return {"sights": [self._sight(one) for one in seen.sights], "complete": list(seen.complete)}

    def _sight(self, one: Sight) -> dict[str, Any]:
        forms = self._variables(one.part)
        return {
            "part": one.part,
            "key": (self._beliefs.key(one.part) or ANY_VALUE).write(one.key),
            "states": None if one.states is None else list(one.states),
            "values": [
                [name, [_written("values", name, forms.get(name, ANY_VALUE), value) for value in wanted]]
                for name, wanted in one.values
            ],
            "since": one.since,
            "meaning": one.meaning.value,
            "by": [label(event) for event in one.by],
        }

    def read(self, tree: Any, room: int = 0) -> Observation:
        """The observation, without the key of its machine."""
        fields: dict[str, Reader] = {
            "at": optional(read_integer),
            "event": optional(self._beliefs.event),
            "fields": as_it_is,
            "before": optional(self._read_seen),
            "after": optional(self._read_seen),
            "parameters": as_it_is,
            "source": self._source,
            "id": optional(read_text),
            "number": optional(read_integer),
            "position": read_text,
            "trouble": several(read_text, MANY),
            "lost": read_truth,
        }
        at, event, seen, before, after, parameters, source, id_, number, position, trouble, lost = read_record(
            tree, fields
        )
        values = written_in("fields", _read_values, seen, self._fields(event))
        known = written_in("parameters", _read_values, parameters, self._parameters())
        made = Observation(at, event, values, before, after, known, source, None, id_, number, position, tuple(trouble), lost)  # fmt: skip
        try:
            items_of(self._declaration, {}, made)
        except BadObservation as bad:
            raise Misfit(f"{bad.where}: {bad.what}", bad.instead) from bad
        except (Unfitting, Unusable):
            pass  # that is for the monitor to tell
        return made

    def _read_seen(self, tree: Any, room: int = 0) -> Seen:
        fields: dict[str, Reader] = {"sights": several(self._read_sight, MANY), "complete": several(read_text, MANY)}
        sights, complete = read_record(tree, fields)
        return Seen(tuple(sights), tuple(complete))

    def _read_sight(self, tree: Any, room: int = 0) -> Sight:
        fields: dict[str, Reader] = {
            "part": read_text,
            "key": as_it_is,
            "states": optional(several(read_text, MANY)),
            "values": as_it_is,
            "since": optional(read_integer),
            "meaning": among(MEANINGS, f"one of {', '.join(MEANINGS)}"),
            "by": several(self._beliefs.event, MANY),
        }
        part, key, states, values, since, meaning, by = read_record(tree, fields)
        forms = self._variables(part)
        form = self._beliefs.key(part) or ANY_VALUE
        return Sight(
            part,
            written_in("key", form.read, key),
            None if states is None else tuple(states),
            tuple(written_in("values", several(lambda one, room=0: _read_wanted(one, forms), MANY), values)),
            since,
            meaning,
            tuple(by),
        )


def _written(where: str, name: str, form: Form, value: Any) -> Any:
    return written_in(where, written_in, name, form.write, value)


def _read_values(tree: Any, forms: Mapping[str, Form]) -> dict[str, Any]:
    if type(tree) is not dict:
        raise misfit(tree, "an object")
    if len(tree) > MANY:
        raise Misfit(f"holds {len(tree):,} values; at most {MANY:,} are read")
    made = {}
    for name, one in tree.items():
        if type(name) is not str:
            raise misfit(name, "the name of a field")
        form = forms.get(name, ANY_VALUE)
        made[name] = written_in(name, form.read, one)
    return made


def _read_wanted(tree: Any, forms: Mapping[str, Form]) -> tuple[str, tuple[Any, ...]]:
    if type(tree) is not list or len(tree) != 2:
        raise misfit(tree, "a list of two: a variable, the values that it may have")
    name = written_in(0, read_text, tree[0])
    form = forms.get(name, ANY_VALUE)
    return name, tuple(written_in(1, several(form.read, MANY), tree[1]))
