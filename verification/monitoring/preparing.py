"""An observation by the places of a declaration, and what its source admits: the border between what is handed in and what is explained.

What does not fit the declaration is an error of the caller's (`BadObservation`). What a record holds is none: a field whose value its type
has not is an event that the declaration does not know; and where a key is missing, or a parameter has a value that is none, nothing
can be concluded.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import attrs

from fsm.errors import BadObservation
from fsm.language.domains import Opaque
from fsm.language.events import field_refs
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.values.brief import brief
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import FAR, Interval
from fsm.verification.monitoring.explaining.matching import Look, Looked
from fsm.verification.monitoring.explaining.passing import Expected
from fsm.verification.monitoring.explaining.reading import Item
from fsm.verification.monitoring.explaining.run import Permit
from fsm.verification.monitoring.observations import Observation, Seen, Shows, Sight, Since, Source

__all__ = ["SourceTrail", "Unfitting", "Unusable", "items_of"]


NOBODY: frozenset[int] = frozenset()


@attrs.define(eq=False)
class SourceTrail:
    """What is known of one source for one machine.

    Attributes:
        at: its latest instant.
        number: its latest number.
        lost: a record of it was lost, or could not wholly be read, and none that could has come since.
        tells: places of parameters of which it told a value: a record that was lost may have told another.
    """

    at: int | None = None
    number: int | None = None
    lost: bool = False
    tells: frozenset[int] = frozenset()


class Unusable(Exception):
    """What a record does not say, so that nothing can be concluded from it."""


class Unfitting(Exception):
    """A field whose value its type has not: what it should be, and what it is."""

    def __init__(self, wanted: str, seen: str) -> None:
        super().__init__(wanted, seen)
        self.wanted = wanted
        self.seen = seen


def items_of(declaration: Declaration, sources: dict[str, SourceTrail], observation: Observation) -> list[Item]:
    """The observation as one item, or two: what was seen just before, then the rest.

    Raises:
        BadObservation: it does not fit the declaration.
        Unfitting: a field has a value that its type has not.
        Unusable: it does not say whom it speaks of, or a parameter has a value that is none.
    """
    source = declaration.sources[observation.source]
    known = sources.get(source.name)
    if known is None:
        known = sources[source.name] = SourceTrail()
    at = _instant(observation, source)
    looked = None if observation.after is None else _looked(declaration, observation.after, source.tolerance)
    footprint, fields, sent = _event(declaration, observation)
    parameters = _parameters(declaration, observation.parameters) if observation.parameters else ()
    own = _gap(known, source, observation)
    gap = own or (len(sources) > 1 and any(one.lost for one in sources.values()))
    retold = _retold(sources, known if own else None) if gap else ()
    items = []
    if observation.before is not None:
        before = _looked(declaration, observation.before, source.tolerance)
        items.append(Item((-FAR, at[1]), Permit(gap=True), looked=before, glimpse=True))
    if observation.event is not None or looked is not None or parameters:
        telling = NOBODY
        if looked is not None and observation.event is None:
            seen = {look.place for look in looked.looks} | set(looked.complete)
            telling = frozenset(
                place for place in seen if source.shows.get(declaration.parts[place].name) is Shows.ALWAYS
            )
        items.append(Item(at, Permit(gap, telling, at[0]), footprint, fields, sent, looked, (*retold, *parameters)))
    known.lost = bool(observation.trouble) or (own and not items)
    if parameters:
        known.tells |= {place for place, _ in parameters}
    return items


def _retold(sources: Mapping[str, SourceTrail], own: SourceTrail | None) -> tuple[tuple[int, Any], ...]:
    """Parameters that may have another value since: a record that was lost may have told it."""
    lost = [one for one in sources.values() if one.lost or one is own]
    return tuple((place, UNKNOWN) for place in sorted(frozenset().union(*(one.tells for one in lost))))


def _instant(observation: Observation, source: Source) -> Interval:
    at = observation.at
    if at is None:
        return (-FAR, FAR)
    if type(at) is not int or not -FAR < at < FAR:
        raise BadObservation("at", f"{at!r} is not an instant", "Instants are whole milliseconds, as int.")
    return (at - source.tolerance, at + source.tolerance)


def _gap(known: SourceTrail, source: Source, observation: Observation) -> bool:
    """Whether records of this source were lost before this one, as far as the source lets that be known."""
    gap = observation.lost or known.lost
    if observation.number is not None:
        gap = gap or (known.number is not None and observation.number > known.number + 1)
        known.number = observation.number if known.number is None else max(known.number, observation.number)
    if observation.at is not None:
        if source.heartbeat is not None and known.at is not None:
            gap = gap or observation.at - known.at > source.heartbeat + 2 * source.tolerance
        known.at = observation.at if known.at is None else max(known.at, observation.at)
    return gap


# Events


def _event(
    declaration: Declaration, observation: Observation
) -> tuple[Footprint | None, Mapping[str, Any], Expected | None]:
    event = observation.event
    if event is None:
        return None, {}, None
    footprint = declaration.footprints.get(event)
    if footprint is None:
        return None, {}, _sent(declaration, observation, event)
    refs = field_refs(event) if observation.fields else {}
    for name, value in observation.fields.items():
        if name not in refs:
            raise BadObservation(
                f"{label(event)}.{name}", "is no field of the event", f"It has {', '.join(refs) or 'none'}."
            )
        domain = refs[name].domain
        if not isinstance(domain, Opaque) and not domain.contains(value):
            raise Unfitting(f"{name} of {label(event)} is {domain}", f"{name} is {brief(value)}")
    for name in footprint.keys:
        if name not in observation.fields:
            raise Unusable(f"{name} is missing: which instance {label(event)} speaks of is not said")
    return footprint, dict(observation.fields), None


def _sent(declaration: Declaration, observation: Observation, event: type) -> Expected:
    places = tuple(place for place, part in enumerate(declaration.parts) if event in part.machine.timed_events)
    if not places:
        known = ", ".join(declaration.labels)
        raise BadObservation(
            "event",
            f"{getattr(event, '__name__', event)} is no event of {declaration.system.name}",
            f"Its events: {known}.",
        )
    whom: list[tuple[int, Hashable]] = []
    for place in places:
        part = declaration.parts[place]
        if not isinstance(part, Each):
            whom.append((place, None))
        elif part.key in observation.fields:
            whom.append((place, observation.fields[part.key]))
    if not whom:
        keys = " or ".join(dict.fromkeys(part.key for part in declaration.parts if isinstance(part, Each)))
        raise Unusable(f"{keys} is missing: which instance time sent {label(event)} to is not said")
    return Expected(event, tuple(whom), (0, 0))


# States


def _looked(declaration: Declaration, seen: Seen, tolerance: int) -> Looked:
    complete = []
    for name in seen.complete:
        place = _place(declaration, name)
        if declaration.initial[place] is None:
            raise BadObservation(f"complete.{name}", "is a part of one instance", "Name a part made by each().")
        complete.append(place)
    return Looked(tuple(_look(declaration, sight, tolerance) for sight in seen.sights), tuple(complete))


def _place(declaration: Declaration, name: str) -> int:
    place = declaration.places.get(name)
    if place is None:
        raise BadObservation(
            "part", f"{name!r} is no part of {declaration.system.name}", f"It has {', '.join(declaration.places)}."
        )
    return place


def _look(declaration: Declaration, sight: Sight, tolerance: int) -> Look:
    place = _place(declaration, sight.part)
    machine = declaration.machines[place]
    known = [state.name for state in machine.states]
    for state in sight.states or ():
        if state not in known:
            raise BadObservation(
                f"{sight.part}.state", f"{state!r} is no state of {machine.name}", f"It has {', '.join(known)}."
            )
    states = sight.states
    if states is not None and declaration.initial[place] is not None and set(states) == {declaration.initial[place]}:
        states = ()
    values = tuple(_value(declaration, place, sight, name, wanted) for name, wanted in sight.values)
    since: Interval | None = None
    if sight.since is not None:
        if place not in declaration.lasting:
            raise BadObservation(
                f"{sight.part}.since", "is not among what the sources show", f"Name it: dates=[{sight.part!r}]."
            )
        since = (-FAR if sight.meaning is Since.AT_LATEST else sight.since - tolerance, sight.since + tolerance)
    return Look(place, sight.key, states, tuple(one for one in values if one is not None), since, sight.by)


def _value(
    declaration: Declaration, place: int, sight: Sight, name: str, wanted: tuple[Any, ...]
) -> tuple[int, tuple[Any, ...]] | None:
    """The place of a variable and the values that it may have; None for carried data, which is not compared."""
    variables = declaration.machines[place].variables
    slot = next((slot for slot, one in enumerate(variables) if one.name == name), None)
    if slot is None:
        raise BadObservation(
            f"{sight.part}.{name}",
            f"is no variable of {declaration.machines[place].name}",
            f"It has {', '.join(one.name for one in variables) or 'none'}.",
        )
    if slot not in declaration.shown[place]:
        raise BadObservation(
            f"{sight.part}.{name}",
            "is not among what the sources show",
            f"Name it: shown={{{sight.part!r}: [{name!r}]}}.",
        )
    domain = variables[slot].domain
    if isinstance(domain, Opaque):
        return None
    known = tuple(value for value in wanted if domain.contains(value))
    if not known:
        raise Unfitting(f"{name} of {sight.part} is {domain}", f"{name} is {' or '.join(map(brief, wanted))}")
    return slot, known


def _parameters(declaration: Declaration, given: Mapping[str, Any]) -> tuple[tuple[int, Any], ...]:
    places = {param.name: place for place, param in enumerate(declaration.system.parameters)}
    for name, value in given.items():
        if name not in places:
            raise BadObservation(
                "parameters",
                f"{name!r} is no parameter of {declaration.system.name}",
                f"It has {', '.join(places) or 'none'}.",
            )
        domain = declaration.system.parameters[places[name]].domain
        if isinstance(domain, Opaque) or not domain.contains(value):
            raise Unusable(f"{name} is {brief(value)}, and not {domain}")
    return tuple((places[name], value) for name, value in given.items())
