"""A mapping bound to a declaration: a monitor, and a reader of records for each source.

What a mapping says of the declaration is checked here (`BadObservation`, with the place in the mapping). What a record holds that
the mapping has no word for is no error: it is told with the observation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatch
from typing import Any

import attrs

from fsm.errors import BadObservation
from fsm.language.composition import as_system
from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.leaves import FieldRef
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.printing import label
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.verification.monitoring.connect.agent_events import AgentEvents
from fsm.verification.monitoring.connect.contact_events import ContactEvents
from fsm.verification.monitoring.connect.user_data import UserData
from fsm.verification.monitoring.mapped.columns import (
    ABSENT,
    Misread,
    as_text,
    converted,
    getter,
    instant,
    instant_reader,
    name_in,
    value_reader,
)
from fsm.verification.monitoring.mapped.mapping import (
    FORMATS,
    Column,
    EventForm,
    MappingData,
    PartForm,
    RecordForm,
    SourceForm,
)
from fsm.verification.monitoring.mapped.records import EventReader, Form, Head, PartReader, Read, condition, reading
from fsm.verification.monitoring.observations import Shows, Since, Source
from fsm.verification.monitoring.watching import Monitor

__all__ = ["BoundSource", "bound", "source_for"]


@attrs.frozen(eq=False)
class BoundSource:
    """A source, ready to read its records.

    Attributes:
        form: as it was written.
        source: what it is worth.
        read: the observations of a record.
        keyed: a record says of which machine it speaks.
    """

    form: SourceForm
    source: Source
    read: Read
    keyed: bool


def bound(
    data: MappingData,
    target: Machine | System,
    *,
    parameters: Mapping[str, Any] | None = None,
    profile: str | None = None,
    **limits: Any,
) -> tuple[Monitor, tuple[BoundSource, ...]]:
    """A monitor of the target, and its sources.

    Args:
        parameters: values that are known, beside those of the mapping, and before them.
        profile: the version, in place of the mapping's.
        limits: what `Monitor` takes: explanations, memory, budget.

    Raises:
        BadObservation: what of the mapping does not fit the declaration.
    """
    system = as_system(target)
    binding = _Binding(system)
    sources = tuple(binding.source(form) for form in data.sources)
    known = {**{name: binding.parameter(name, value) for name, value in data.parameters.items()}, **(parameters or {})}
    monitor = Monitor(
        target,
        sources=[one.source for one in sources],
        parameters=known,
        profile=profile if profile is not None else data.profile,
        late=data.late,
        begins=None if data.begins is None else _begins(data.begins),
        shown={part: frozenset(names) for part, names in binding.shown.items()},
        dates=frozenset(binding.dates),
        **limits,
    )
    return monitor, sources


def _begins(value: int | str) -> int:
    try:
        return instant(value, None)
    except Misread as wrong:
        raise BadObservation("mapping.begins", str(wrong)) from wrong


def source_for(sources: tuple[BoundSource, ...], name: str) -> BoundSource | None:
    """The first source whose patterns fit a file's name."""
    return next(
        (one for one in sources if not one.form.files or any(fnmatch(name, pattern) for pattern in one.form.files)),
        None,
    )


class _Binding:
    """The names of a mapping, looked up in a declaration; and which of them the sources show."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.events = {label(event): event for part in system.parts for event in part.machine.timed_events}
        self.events.update({label(event): event for event in system.events})
        self.parts = {part.name: part for part in system.parts}
        self.seen: set[type] = set()
        self.shown: dict[str, set[str]] = {}
        self.dates: set[str] = set()

    # Names

    def event(self, name: object, where: str) -> type:
        known = {event.__name__: event for event in self.events.values()} | self.events
        found = known.get(name) if isinstance(name, str) else None
        if found is None:
            raise BadObservation(
                where, f"{name!r} is no event of {self.system.name}", f"It has {', '.join(self.events)}."
            )
        self.seen.add(found)
        return found

    def part(self, name: str, where: str) -> Part:
        if name not in self.parts:
            raise BadObservation(
                where, f"{name!r} is no part of {self.system.name}", f"It has {', '.join(self.parts)}."
            )
        return self.parts[name]

    def parameter(self, name: str, value: Any) -> Any:
        known = {param.name: param for param in self.system.parameters}
        if name not in known:
            raise BadObservation(
                f"mapping.parameters.{name}",
                f"is no parameter of {self.system.name}",
                f"It has {', '.join(known) or 'none'}.",
            )
        return self.value(value, known[name].domain, f"mapping.parameters.{name}")

    def value(self, value: Any, domain: Domain, where: str) -> Any:
        try:
            return converted(value, domain)
        except Misread as wrong:
            raise BadObservation(where, str(wrong)) from wrong

    # Sources

    def source(self, form: SourceForm) -> BoundSource:
        where = f"source {form.name!r}"
        read = self.adapter(form, where) if form.format not in (None, *FORMATS) else self.reader(form, where)
        shows: dict[Any, Shows] = {}
        for name, how in form.shows.items():
            what: Any = name if name in self.parts else self.event(name, f"{where}: shows")
            shows[what] = Shows(how)
        source = Source(form.name, shows, form.tolerance or 0, form.disorder or 0, form.heartbeat, form.doubles)
        return BoundSource(form, source, read, form.key is not None or form.format not in (None, *FORMATS))

    def adapter(self, form: SourceForm, where: str) -> Read:
        """The reader that an adapter brings."""
        if form.records or form.ignore:
            raise BadObservation(
                where, f"is read by {form.format}, which knows its records", "Leave out what records mean."
            )
        adapters = {"connect-agent-events": AgentEvents, "connect-contact-events": ContactEvents}
        if form.format == "connect-user-data":
            made: Any = UserData(self.system, form.name, getter(form.at.path if form.at is not None else "at"))
        elif form.format in adapters:
            made = adapters[form.format](self.system, form.name)
        else:
            known = ", ".join((*FORMATS, *adapters, "connect-user-data"))
            raise BadObservation(f"{where}: format", f"{form.format!r} is unknown", f"It may be {known}.")
        words = getattr(made, "words", None)
        if words is not None:
            for part, names in words.shown().items():
                self.shown.setdefault(part, set()).update(names)
            self.dates.update(words.dates())
        read: Read = made.read
        return read

    def reader(self, form: SourceForm, where: str) -> Read:
        if not form.records:
            raise BadObservation(
                where, "says of no record what it means", "Write an event or a state, or [[source.record]]."
            )
        key = None if form.key is None else _name_reader(form.key)
        head = Head(
            form.name,
            None if form.at is None else instant_reader(form.at, form.clock),
            key,
            None if form.id is None else _name_reader(form.id),
            None if form.number is None else _number_reader(form.number),
        )
        ignored = tuple(condition(one) for one in form.ignore)
        records = tuple(
            self.record(one, form.clock, f"{where}: record {place + 1}") for place, one in enumerate(form.records)
        )
        return reading(head, ignored, records)

    def record(self, form: RecordForm, clock: str | None, where: str) -> Form:
        event = None if form.event is None else self.event_reader(form.event, where)
        before = {name: self.part_reader(name, one, clock, where) for name, one in form.before.items()}
        state = {name: self.part_reader(name, one, clock, where) for name, one in form.state.items()}
        known = {param.name: param for param in self.system.parameters}
        for name in form.parameters:
            if name not in known:
                raise BadObservation(
                    f"{where}: parameters",
                    f"{name!r} is no parameter of {self.system.name}",
                    f"It has {', '.join(known) or 'none'}.",
                )
        parameters = tuple(
            (name, self.column(column, known[name].domain, f"{where}: {name}"))
            for name, column in form.parameters.items()
        )
        if event is None and not before and not state and not parameters and not form.lost:
            raise BadObservation(where, "says nothing", "Write an event, a state, parameters, or lost = true.")
        return Form(condition(form.when), event, tuple(before.values()), tuple(state.values()), parameters, form.lost)

    def column(self, column: Column, domain: Domain, where: str) -> Callable[[Any], Any]:
        try:
            return value_reader(column, domain)
        except Misread as wrong:
            raise BadObservation(where, str(wrong)) from wrong

    # Events

    def event_reader(self, form: EventForm, where: str) -> EventReader:
        name = form.name
        if name.path == "" and name.constant is not None:
            event = self.event(name.constant, f"{where}: event")
            return EventReader(lambda record: event, {event: self.fields(event, form, where)})
        texts = {text: self.event(said, f"{where}: event") for text, said in name.values.items()}
        if not texts:
            self.seen.update(self.events.values())
        known = texts or {**{event.__name__: event for event in self.events.values()}, **self.events}
        get = getter(name.path)

        def which(record: Any) -> type:
            found = get(record)
            if found is ABSENT:
                raise Misread(f"{name.path} is empty, where the name of an event should be")
            event = known.get(found) if isinstance(found, str) else None
            if event is None:
                raise Misread(f"{name.path} is {brief(found)}, which is no event that the mapping knows")
            return event

        return EventReader(which, {event: self.fields(event, form, where) for event in dict.fromkeys(known.values())})

    def fields(self, event: type, form: EventForm, where: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """A reader for each field that the record may show; of an event that time sends, for the key of its instance."""
        domains: dict[str, Domain] = {name: ref.domain for name, ref in field_refs(event).items()}
        for part in self.system.parts:
            if isinstance(part, Each) and event in part.machine.timed_events:
                domains[part.key] = key_domain(self.system, part)
        made = []
        for name, column in form.fields.items():
            if name in domains:
                made.append((name, self.column(column, domains[name], f"{where}: {name}")))
            elif form.name.constant is not None:
                raise BadObservation(
                    f"{where}: {label(event)}.{name}",
                    "is no field of the event",
                    f"It has {', '.join(domains) or 'none'}.",
                )
        if form.inside is not None:
            prefix = f"{form.inside}." if form.inside else ""
            made += [
                (name, value_reader(Column(prefix + name), domain))
                for name, domain in domains.items()
                if name not in form.fields
            ]
        return tuple(made)

    # States

    def part_reader(self, name: str, form: PartForm, clock: str | None, where: str) -> PartReader:
        part = self.part(name, f"{where}: state")
        machine = part.machine
        variables = {variable.name: variable for variable in machine.variables}
        for known in form.variables:
            if known not in variables:
                raise BadObservation(
                    f"{where}: {name}.variables",
                    f"{known!r} is no variable of {machine.name}",
                    f"It has {', '.join(variables) or 'none'}.",
                )
        self.shown.setdefault(name, set()).update(form.variables)
        if form.since is not None:
            self.dates.add(name)
        if isinstance(part, Each) and form.key is None and form.each is None:
            raise BadObservation(f"{where}: {name}", "shows one of many instances, but not which", "Write key.")
        if not isinstance(part, Each) and (form.key is not None or form.each is not None):
            raise BadObservation(f"{where}: {name}", "is one instance, without a key")
        kind = key_domain(self.system, part) if isinstance(part, Each) else Opaque()
        return PartReader(
            name,
            None if form.each is None else getter(form.each),
            form.complete,
            None if form.key is None else self.column(form.key, kind, f"{where}: {name}.key"),
            self.state(part, form, f"{where}: {name}.states"),
            tuple(
                (known, self.several(column, variables[known].domain, f"{where}: {name}.{known}"))
                for known, column in form.variables.items()
            ),
            None if form.since is None else instant_reader(form.since, clock),
            Since.AT_LATEST if form.at_latest else Since.ENTERED,
            kind,
        )

    def state(self, part: Part, form: PartForm, where: str) -> Callable[[Any], tuple[str, ...] | None] | None:
        """Who stands in a list is there, in whichever state where none is written."""
        if form.state is not None:
            return self.states(part, form.state, where)
        there = tuple(state.name for state in part.machine.states if state is not part.machine.initial)
        return None if form.each is None else lambda record: there

    def states(self, part: Part, column: Column, where: str) -> Callable[[Any], tuple[str, ...] | None]:
        """The states that a text stands for; None where nothing is written."""
        names = [state.name for state in part.machine.states]
        known: dict[str, tuple[str, ...]] = {}
        for text, said in column.values.items():
            several = said if isinstance(said, list) else [said]
            for one in several:
                if one not in names:
                    raise BadObservation(
                        where, f"{one!r} is no state of {part.machine.name}", f"It has {', '.join(names)}."
                    )
            known[text] = tuple(several)
        if column.path == "" and column.constant is not None:
            if column.constant not in names:
                raise BadObservation(
                    where, f"{column.constant!r} is no state of {part.machine.name}", f"It has {', '.join(names)}."
                )
            constant = (column.constant,)
            return lambda record: constant
        plain: dict[str, tuple[str, ...]] = {}
        for name in () if known else names:
            plain[_plain(name)] = (*plain.get(_plain(name), ()), name)
        known.update({} if known else {name: (name,) for name in names})
        get = getter(column.path)

        def read(record: Any) -> tuple[str, ...] | None:
            found = get(record)
            if found is ABSENT:
                return None
            text = as_text(found)
            states = None if text is None else known.get(text) or plain.get(_plain(text))
            if states is None:
                raise Misread(
                    f"{column.path} of {part.name} is {brief(found)}, which is no state that the mapping knows"
                )
            return states

        return read

    def several(self, column: Column, domain: Domain, where: str) -> Callable[[Any], tuple[Any, ...] | None]:
        """The values that a text stands for: one, or those of a list."""
        lists = {
            text: tuple(self.value(one, domain, where) for one in said)
            for text, said in column.values.items()
            if isinstance(said, list)
        }
        single = self.column(
            attrs.evolve(
                column, values={text: said for text, said in column.values.items() if not isinstance(said, list)}
            ),
            domain,
            where,
        )
        get = getter(column.path)

        def read(record: Any) -> tuple[Any, ...] | None:
            if lists:
                found = get(record)
                if isinstance(found, str) and found in lists:
                    return lists[found]
            value = single(record)
            return None if value is ABSENT else (value,)

        return read


def key_domain(system: System, part: Part) -> Domain:
    """Of what the keys of a part are: what the events have that name its instances."""
    keys = (move.key for wire in system.all_wires for move in wire.moves if move.part is part)
    return next((key.domain for key in keys if isinstance(key, FieldRef)), Opaque())


def _plain(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum())


def _name_reader(column: Column) -> Callable[[Any], Any]:
    get = getter(column.path)

    def read(record: Any) -> Any:
        found = get(record)
        return found if found.__class__ is str else None if found is ABSENT else name_in(found)

    return read


def _number_reader(column: Column) -> Callable[[Any], int | None]:
    read = value_reader(column, Integers())

    def number(record: Any) -> int | None:
        found = read(record)
        return None if found is ABSENT else found

    return number
