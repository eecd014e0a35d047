"""Explanations, and what was seen since, as a stored state has them: by the names of the declaration."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import attrs

from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.properties import Modality
from fsm.language.values.brief import brief
from fsm.storage.misfit import Misfit, misfit
from fsm.storage.reading import Reader, read_integer, read_record
from fsm.storage.schema import key_kind
from fsm.strict_json import Limits
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.intervals import FAR
from fsm.verification.monitoring.explaining.claims import Claims
from fsm.verification.monitoring.explaining.explanation import Explanation, Held
from fsm.verification.monitoring.explaining.matching import Look, Looked
from fsm.verification.monitoring.explaining.passing import Expected
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.explaining.run import Permit
from fsm.verification.monitoring.stored.values import (
    Form,
    among,
    as_it_is,
    count,
    distinct,
    form_of,
    form_of_domain,
    interval,
    optional,
    read_interval,
    read_truth,
    several,
    written_in,
)

__all__ = ["Beliefs"]

NO_KEY = Form(as_it_is, lambda tree, room=0: _no_key(tree))


def _no_key(tree: Any) -> None:
    if tree is not None:
        raise misfit(tree, "null: there is one instance")


@attrs.frozen(eq=False)
class Place:
    """How the instances of one part look.

    Attributes:
        keyed: they are told apart by keys.
        states: their names; of keyed ones without the initial state, in which no instance exists.
        timers: by state, so many bits tell which of them have fired.
        values: of each variable its form; carried ones stand in a list.
    """

    name: str
    keyed: bool
    key: Form
    states: dict[str, str]
    timers: dict[str, int]
    values: tuple[tuple[str, Form], ...]


class Beliefs:
    """What of a declaration is in explanations and in what was seen: how it is written and read.

    Args:
        limits: how many instances of one part are read.
    """

    def __init__(self, declaration: Declaration, claims: Claims, limits: Limits) -> None:
        self._declaration, self._claims, self._limits = declaration, claims, limits
        self.system = declaration.system
        self._places = tuple(self._place(place) for place in range(len(declaration.parts)))
        self._parts = {place.name: number for number, place in enumerate(self._places)}
        self._part = among(self._parts, f"one of {', '.join(self._parts)}")
        self._keyed = {place.name: number for number, place in enumerate(self._places) if place.keyed}
        self._params = tuple((one.name, form_of_domain(one.domain)) for one in declaration.system.parameters)
        self.events = dict(declaration.labels)
        self.event = among(self.events, f"one of {', '.join(self.events)}")

    def _place(self, place: int) -> Place:
        declaration = self._declaration
        part, machine = declaration.parts[place], declaration.machines[place]
        keyed = isinstance(part, Each)
        start = declaration.initial[place]
        return Place(
            part.name,
            keyed,
            form_of(key_kind(declaration.system, part), keys=True) if isinstance(part, Each) else NO_KEY,
            {one.name: one.name for one in machine.states if one.name != start},
            {one.name: len(machine.timers(one)) for one in machine.states},
            tuple((one.name, _value_form(one.domain)) for one in machine.variables),
        )

    def key(self, part: object) -> Form | None:
        """The form of the keys of a part; None where there is no such part."""
        place = self._parts.get(part) if isinstance(part, str) else None
        return None if place is None else self._places[place].key

    # Explanations

    def explanation(self, one: Explanation) -> dict[str, Any]:
        box = [
            None if values == first else [form.write(value) for value in values]
            for (_, form), values, first in zip(self._params, one.box, self._declaration.first_box, strict=True)
        ]
        return {
            "now": interval(one.now),
            "parts": [self._instances(place, part) for place, part in zip(self._places, one.parts, strict=True)],
            "box": box,
            "open": [self._places[place].name for place in sorted(one.open)],
            "opened": interval((-FAR, one.opened)),
            "pending": [
                [number, self._pending_key(number).write(key), interval(since)] for number, key, since in one.pending
            ],
        }

    def _instances(self, place: Place, part: Any) -> Any:
        if part is None:
            return None
        if isinstance(part, Held):
            return _instance(place, part)
        return [{"key": place.key.write(key), **_instance(place, held)} for key, held in part.items()]

    def _pending_key(self, number: int) -> Form:
        part = self._claims.by_number[number].part
        return NO_KEY if part is None else self._places[self._parts[part.name]].key

    def read_explanation(self, tree: Any, room: int = 0) -> Explanation:
        fields: dict[str, Reader] = {
            "now": read_interval,
            "parts": as_it_is,
            "box": as_it_is,
            "open": distinct(among(self._keyed, "the name of a part whose instances have keys"), len(self._places)),
            "opened": read_interval,
            "pending": several(self._read_pending, self._limits.instances),
        }
        now, parts, box, places, opened, pending = read_record(tree, fields)
        made = written_in("parts", self._read_parts, parts, now)
        return Explanation(
            made, now, written_in("box", self._read_box, box), frozenset(places), tuple(pending), opened=opened[1]
        )

    def _read_parts(self, tree: Any, now: tuple[int, int]) -> tuple[Any, ...]:
        if type(tree) is not list or len(tree) != len(self._places):
            raise misfit(tree, f"a list of {len(self._places)} parts")
        return tuple(
            written_in(number, self._read_part, place, one, now[1])
            for number, (place, one) in enumerate(zip(self._places, tree, strict=True))
        )

    def _read_part(self, place: Place, tree: Any, latest: int) -> Any:
        if not place.keyed:
            return None if tree is None else _read_instance(place, tree, latest)[1]
        if type(tree) is not list:
            raise misfit(tree, "a list")
        if len(tree) > self._limits.instances:
            raise Misfit(f"holds {len(tree):,} instances; at most {self._limits.instances:,} are read")
        made: dict[Hashable, Held] = {}
        for number, one in enumerate(tree):
            try:
                key, held = _read_instance(place, one, latest)
                if made.setdefault(key, held) is not held:
                    raise Misfit(f"{brief(key)} is the key of another item already").inside("key")
            except Misfit as wrong:
                raise wrong.inside(number) from None
        return made

    def _read_box(self, tree: Any) -> tuple[Any, ...]:
        if type(tree) is not list or len(tree) != len(self._params):
            raise misfit(tree, f"a list of {len(self._params)}, one for each parameter")
        return tuple(
            first if one is None else written_in(number, _read_left, form, one)
            for number, ((_, form), one, first) in enumerate(
                zip(self._params, tree, self._declaration.first_box, strict=True)
            )
        )

    def _read_pending(self, tree: Any, room: int = 0) -> Any:
        if type(tree) is not list or len(tree) != 3:
            raise misfit(tree, "a list of three: a claim, a key, an interval")
        number, key, since = tree
        if (
            type(number) is not int
            or not 0 <= number < len(self._claims.by_number)
            or self._claims.by_number[number].claim.modality is not Modality.WITHIN
        ):
            raise misfit(number, "the number of a claim that something comes true in time").inside(0)
        key = written_in(1, self._pending_key(number).read, key)
        return number, key, written_in(2, read_interval, since)

    # What was seen

    def item(self, one: Item) -> dict[str, Any]:
        told = one.sent if one.footprint is None else one.footprint
        event = None if told is None else told.event
        fields: dict[str, Any] = {}
        if one.footprint is not None:
            refs = field_refs(one.footprint.event)
            names = [name for name in (*one.footprint.keys, *one.footprint.fields) if name in one.fields]
            fields = {name: form_of_domain(refs[name].domain).write(one.fields[name]) for name in names}
        whom = one.sent.whom if one.sent is not None else ()
        return {
            "at": interval(one.at),
            "gap": one.permit.gap,
            "telling": [self._places[place].name for place in sorted(one.permit.telling)],
            "low": interval((one.permit.low, FAR))[0],
            "event": None if event is None else label(event),
            "fields": fields,
            "whom": [[self._places[place].name, self._places[place].key.write(key)] for place, key in whom],
            "looked": None if one.looked is None else self._looked(one.looked),
            "parameters": [
                [place, None if value is UNKNOWN else [self._params[place][1].write(value)]]
                for place, value in one.parameters
            ],
            "glimpse": one.glimpse,
            "repeated": one.repeated,
        }

    def _looked(self, looked: Looked) -> dict[str, Any]:
        return {
            "looks": [self._look(one) for one in looked.looks],
            "complete": [self._places[place].name for place in looked.complete],
        }

    def _look(self, one: Look) -> dict[str, Any]:
        place = self._places[one.place]
        return {
            "part": place.name,
            "key": place.key.write(one.key),
            "states": None if one.states is None else list(one.states),
            "values": [[place.values[slot][0], [_wanted(place, slot, value) for value in wanted]] for slot, wanted in one.values],
            "since": None if one.since is None else interval(one.since),
            "by": [label(event) for event in one.by],
        }  # fmt: skip

    def read_item(self, tree: Any, room: int = 0) -> Item:
        parts = distinct(self._part, len(self._places))
        fields: dict[str, Reader] = {
            "at": read_interval,
            "gap": read_truth,
            "telling": parts,
            "low": optional(read_integer),
            "event": optional(self.event),
            "fields": as_it_is,
            "whom": several(self._read_whom, len(self._places)),
            "looked": optional(self._read_looked),
            "parameters": several(self._read_parameter, 2 * len(self._params)),
            "glimpse": read_truth,
            "repeated": read_truth,
        }
        at, gap, telling, low, event, seen, whom, looked, parameters, glimpse, repeated = read_record(tree, fields)
        footprint = None if event is None else self._declaration.footprints.get(event)
        sent = None
        if event is not None and footprint is None:
            if not whom:
                raise Misfit("names nobody to whom time sent the event").inside("whom")
            sent = Expected(event, tuple(whom), (0, 0))
        low = -FAR if low is None else max(-FAR, min(low, FAR))
        values = written_in("fields", _read_fields, footprint, seen)
        permit = Permit(gap, frozenset(telling), low)
        return Item(at, permit, footprint, values, sent, looked, tuple(parameters), glimpse, repeated)

    def _read_whom(self, tree: Any, room: int = 0) -> tuple[int, Hashable]:
        if type(tree) is not list or len(tree) != 2:
            raise misfit(tree, "a list of two: a part, a key")
        place = written_in(0, self._part, tree[0])
        return place, written_in(1, self._places[place].key.read, tree[1])

    def _read_parameter(self, tree: Any, room: int = 0) -> tuple[int, Any]:
        if type(tree) is not list or len(tree) != 2 or type(tree[0]) is not int or not 0 <= tree[0] < len(self._params):
            raise misfit(tree, "a list of two: the place of a parameter, its value in a list")
        told = written_in(1, optional(several(self._params[tree[0]][1].read, 1)), tree[1])
        return tree[0], told[0] if told else UNKNOWN

    def _read_looked(self, tree: Any, room: int = 0) -> Looked:
        keyed = among(self._keyed, "the name of a part whose instances have keys")
        fields: dict[str, Reader] = {
            "looks": several(self._read_look, self._limits.instances),
            "complete": several(keyed, len(self._places)),
        }
        looks, complete = read_record(tree, fields)
        return Looked(tuple(looks), tuple(complete))

    def _read_look(self, tree: Any, room: int = 0) -> Look:
        fields: dict[str, Reader] = {
            "part": self._part,
            "key": as_it_is,
            "states": as_it_is,
            "values": as_it_is,
            "since": optional(read_interval),
            "by": several(self.event, len(self.events)),
        }
        number, key, states, values, since, by = read_record(tree, fields)
        place, machine = self._places[number], self._declaration.machines[number]
        known = {one.name: one.name for one in machine.states}
        return Look(
            number,
            written_in("key", place.key.read, key),
            _tuple(written_in("states", optional(several(among(known, f"a state of {machine.name}"), len(known))), states)),
            tuple(written_in("values", several(lambda tree, room=0: _read_wanted(place, tree), len(place.values)), values)),
            since,
            tuple(by),
        )  # fmt: skip


def _tuple(values: list[Any] | None) -> tuple[Any, ...] | None:
    return None if values is None else tuple(values)


# Instances


def _value_form(domain: Any) -> Form:
    """Null for what nobody saw; carried data, which may be null itself, in a list."""
    form = form_of_domain(domain)
    if not isinstance(domain, Opaque):
        return form
    one = several(form.read, 1)

    def read(tree: Any, room: int = 0) -> Any:
        found = one(tree)
        if not found:
            raise misfit(tree, "a list of one value")
        return found[0]

    return Form(lambda value, room=0: [form.write(value)], read)


def _instance(place: Place, held: Held) -> dict[str, Any]:
    return {
        "state": held.state,
        "spent": held.spent,
        "values": [
            None if value is UNKNOWN else written_in(name, form.write, value)
            for (name, form), value in zip(place.values, held.values, strict=True)
        ],
        "since": interval(held.since),
    }


INSTANCE: dict[str, Reader] = {"state": as_it_is, "spent": count, "values": as_it_is, "since": read_interval}
KEYED: dict[str, Reader] = {"key": as_it_is, **INSTANCE}


def _read_instance(place: Place, tree: Any, latest: int) -> tuple[Hashable, Held]:
    values = read_record(tree, KEYED if place.keyed else INSTANCE)
    key = written_in("key", place.key.read, values.pop(0)) if place.keyed else None
    state, spent, given, since = values
    if type(state) is not str or state not in place.states:
        raise misfit(state, f"a state in which an instance of {place.name} can be").inside("state")
    if spent >> place.timers[state]:
        raise Misfit(f"{brief(spent)} says of more timers than {state} has that they have fired").inside("spent")
    if since[0] > latest:
        raise Misfit(f"{since[0]} lies after the latest instant of the explanation, {latest}").inside("since")
    return key, Held(state, spent, written_in("values", _read_values, place, given), since)


def _read_values(place: Place, tree: Any) -> tuple[Any, ...]:
    if type(tree) is not list or len(tree) != len(place.values):
        raise misfit(tree, f"a list of {len(place.values)}, one for each variable")
    return tuple(
        UNKNOWN if one is None else written_in(number, form.read, one)
        for number, ((_, form), one) in enumerate(zip(place.values, tree, strict=True))
    )


def _read_left(form: Form, tree: Any) -> tuple[Any, ...]:
    values = several(form.read, 1_000)(tree)
    if not values:
        raise Misfit("holds no value: none is left")
    return tuple(values)


def _wanted(place: Place, slot: int, value: Any) -> Any:
    return place.values[slot][1].write(value)


def _read_wanted(place: Place, tree: Any) -> tuple[int, tuple[Any, ...]]:
    if type(tree) is not list or len(tree) != 2:
        raise misfit(tree, "a list of two: a variable, the values that it may have")
    slots = {name: slot for slot, (name, _) in enumerate(place.values)}
    slot = written_in(0, among(slots, f"a variable of {place.name}"), tree[0])
    form = place.values[slot][1]
    return slot, tuple(written_in(1, several(form.read, 1_000), tree[1]))


def _read_fields(footprint: Any, tree: Any) -> dict[str, Any]:
    if footprint is None:
        read_record(tree, {})
        return {}
    refs = field_refs(footprint.event)
    if type(tree) is not dict:
        raise misfit(tree, "an object")
    for name in footprint.keys:
        if name not in tree:
            raise Misfit("is missing").inside(name)
    names = [name for name in (*footprint.keys, *footprint.fields) if name in tree]
    readers: dict[str, Reader] = {name: form_of_domain(refs[name].domain).read for name in names}
    return dict(zip(readers, read_record(tree, readers), strict=True))
