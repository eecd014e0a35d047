"""A record as an observation: the readers that a mapping came to, put together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from fsm.language.domains import Domain
from fsm.verification.monitoring.mapped.columns import ABSENT, Misread, converted, getter, is_same
from fsm.verification.monitoring.observations import Observation, Seen, Sight, Since

__all__ = ["EventReader", "Form", "Head", "PartReader", "Read", "condition", "reading"]

Read = Callable[[Any, str], Sequence[Observation]]
"""The observations of a record, from it and its position; none where it says nothing."""


@attrs.frozen(eq=False)
class Head:
    """What every record of a source has."""

    source: str
    at: Callable[[Any], int | None] | None
    key: Callable[[Any], Any] | None
    id: Callable[[Any], Any] | None
    number: Callable[[Any], int | None] | None


@attrs.frozen(eq=False)
class EventReader:
    which: Callable[[Any], type]
    fields: Mapping[type, tuple[tuple[str, Callable[[Any], Any]], ...]]


@attrs.frozen(eq=False)
class PartReader:
    """What a record shows of a part."""

    name: str
    each: Callable[[Any], Any] | None
    complete: bool
    key: Callable[[Any], Any] | None
    state: Callable[[Any], tuple[str, ...] | None] | None
    variables: tuple[tuple[str, Callable[[Any], tuple[Any, ...] | None]], ...]
    since: Callable[[Any], int | None] | None
    meaning: Since
    kind: Domain

    def sights(self, record: Any, trouble: list[str]) -> tuple[list[Sight], bool]:
        """What is seen of its instances, and whether that is all there are."""
        if self.each is None:
            one = self.sight(record, ABSENT, trouble)
            return ([] if one is None else [one]), False
        found = self.each(record)
        if found is ABSENT:
            return [], False
        pairs = (
            list(found.items())
            if isinstance(found, dict)
            else [(ABSENT, one) for one in found]
            if isinstance(found, list)
            else None
        )
        if pairs is None:
            trouble.append(f"{self.name}: {str(found)[:80]!r} is no list of instances")
            return [], False
        sights = [one for name, inner in pairs if (one := self.sight(inner, name, trouble)) is not None]
        doubled = len({one.key for one in sights}) < len(sights)
        if doubled:
            trouble.append(f"{self.name}: one instance stands twice in one record")
            return [], False
        return sights, self.complete and len(sights) == len(pairs)

    def sight(self, record: Any, name: Any, trouble: list[str]) -> Sight | None:
        try:
            key = None
            if self.key is not None:
                key = self.key(record)
                if key is ABSENT:
                    raise Misread(f"{self.name}: the key of an instance is missing")
            elif name is not ABSENT:
                key = converted(name, self.kind)
        except Misread as wrong:
            trouble.append(str(wrong))
            return None
        states = _tried(self.state, record, trouble)
        values = tuple(
            (known, seen) for known, read in self.variables if (seen := _tried(read, record, trouble)) is not None
        )
        since = _tried(self.since, record, trouble)
        if states is None and not values and since is None and self.each is None:
            return None
        return Sight(self.name, key, states, values, since, self.meaning)


def _tried(read: Callable[[Any], Any] | None, record: Any, trouble: list[str]) -> Any:
    if read is None:
        return None
    try:
        return read(record)
    except Misread as wrong:
        trouble.append(str(wrong))
        return None


@attrs.frozen(eq=False)
class Form:
    """Records of one kind, ready to be read."""

    when: Callable[[Any], bool]
    event: EventReader | None
    before: tuple[PartReader, ...]
    state: tuple[PartReader, ...]
    parameters: tuple[tuple[str, Callable[[Any], Any]], ...]
    lost: bool


def condition(when: Mapping[str, tuple[Any, ...]]) -> Callable[[Any], bool]:
    tests = [(getter(path), wanted) for path, wanted in when.items()]
    if not tests:
        return lambda record: True
    if len(tests) == 1:
        ((get, wanted),) = tests
        return lambda record: _stands(get(record), wanted)
    return lambda record: all(_stands(get(record), wanted) for get, wanted in tests)


def _stands(found: Any, wanted: tuple[Any, ...]) -> bool:
    return any(is_same(found, one) for one in wanted)


def reading(head: Head, ignored: tuple[Callable[[Any], bool], ...], forms: tuple[Form, ...]) -> Read:
    source = head.source

    def read(record: Any, position: str) -> Sequence[Observation]:
        for one in ignored:
            if one(record):
                return ()
        trouble: list[str] = []
        at, key, id_, number = _of_record(head, record, trouble)
        for form in forms:
            if form.when(record):
                break
        else:
            form = None
        if form is None:
            trouble.append("the mapping has no form for such a record")
        if trouble:
            return (
                Observation(
                    at,
                    source=source,
                    key=key,
                    id=id_,
                    number=number,
                    position=position,
                    trouble=tuple(trouble),
                    lost=True,
                ),
            )
        assert form is not None
        return (_observed(form, record, at, (source, key, id_, number, position)),)

    return read


def _of_record(head: Head, record: Any, trouble: list[str]) -> tuple[int | None, Any, str | None, int | None]:
    """The instant, key, id and number of a record, and what of them could not be read."""
    try:
        at = None if head.at is None else head.at(record)
        key = None if head.key is None else head.key(record)
        id_ = None if head.id is None else head.id(record)
        number = None if head.number is None else head.number(record)
    except Misread:
        return _one_by_one(head, record, trouble)
    if (at is None and head.at is not None) or (key is None and head.key is not None):
        return _one_by_one(head, record, trouble)
    return at, key, None if id_ is None else str(id_), number


def _one_by_one(head: Head, record: Any, trouble: list[str]) -> tuple[int | None, Any, str | None, int | None]:
    at = _tried(head.at, record, trouble)
    if at is None and head.at is not None and not trouble:
        trouble.append("the record has no instant")
    key = _tried(head.key, record, trouble)
    if key is None and head.key is not None:
        trouble.append("the record does not say of which machine it speaks")
    id_ = _tried(head.id, record, trouble)
    return at, key, None if id_ is None else str(id_), _tried(head.number, record, trouble)


Who = tuple[str, Any, str | None, int | None, str]
"""The source, key, id, number and position of a record."""


def _observed(form: Form, record: Any, at: int | None, who: Who) -> Observation:
    trouble: list[str] = []
    event: type | None = None
    fields: dict[str, Any] = {}
    if form.event is not None:
        try:
            event = form.event.which(record)
            for name, read in form.event.fields[event]:
                value = read(record)
                if value is not ABSENT:
                    fields[name] = value
        except Misread as wrong:
            trouble.append(str(wrong))
            event = None
    parameters = {}
    for name, read in form.parameters:
        value = _tried(read, record, trouble)
        if value is not None and value is not ABSENT:
            parameters[name] = value
    return Observation(
        at,
        event,
        fields,
        _seen(form.before, record, trouble) if form.before else None,
        _seen(form.state, record, trouble) if form.state else None,
        parameters,
        *who,
        tuple(trouble),
        form.lost or (bool(trouble) and form.event is not None),
    )


def _seen(parts: tuple[PartReader, ...], record: Any, trouble: list[str]) -> Seen | None:
    sights: list[Sight] = []
    complete = []
    for one in parts:
        found, every = one.sights(record, trouble)
        sights += found
        if every:
            complete.append(one.name)
    return Seen(tuple(sights), tuple(complete)) if sights or complete else None
