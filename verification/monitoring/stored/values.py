"""Values of a stored state: keys, what fields and variables hold, intervals, lists with an end.

A value of its declared type stands as `fsm.storage` writes it, in brackets of its own where that is an object or a list; what a record had in
place of one, as any object with a tag.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

import attrs

from fsm.language.domains import Domain, Opaque
from fsm.language.values.brief import brief
from fsm.language.values.types import Anything, Kind
from fsm.storage.codec import kind_of_domain
from fsm.storage.misfit import Misfit, misfit
from fsm.storage.reading import Reader, read_integer, read_record, reader_of
from fsm.storage.writing import Writer, writer_of
from fsm.verification.monitoring.declared.intervals import FAR, Interval
from fsm.verification.monitoring.explaining.explanation import Nobody

__all__ = [
    "ANY_VALUE", "Form", "among", "as_it_is", "count", "distinct", "form_of", "form_of_domain", "interval", "optional", "read_interval", "read_text", "read_truth", "several",
    "written_in",
]  # fmt: skip

P = ParamSpec("P")
T = TypeVar("T")

LONGEST = 1 << 16
"""More characters are no text of a state."""

NUMBERED = 1_000_000
"""So many instances that nobody named are told apart at most."""


def as_it_is(tree: Any, room: int = 0) -> Any:
    return tree


def read_text(tree: Any, room: int = 0) -> Any:
    if type(tree) is not str:
        raise misfit(tree, "a string")
    if len(tree) > LONGEST:
        raise Misfit(f"has {len(tree):,} characters; at most {LONGEST:,} are read")
    return tree


def read_truth(tree: Any, room: int = 0) -> Any:
    if type(tree) is not bool:
        raise misfit(tree, "true or false")
    return tree


def count(tree: Any, room: int = 0) -> Any:
    """A whole number, 0 or more."""
    if read_integer(tree) < 0:
        raise misfit(tree, "a number of 0 or more")
    return tree


def optional(reader: Reader) -> Reader:
    return lambda tree, room=0: None if tree is None else reader(tree)


def among(known: Mapping[str, Any], what: str) -> Reader:
    """What a name stands for."""

    def reader(tree: Any, room: int = 0) -> Any:
        if type(tree) is not str or tree not in known:
            raise misfit(tree, what)
        return known[tree]

    return reader


def several(item: Reader, most: int) -> Reader:
    """A list of these."""

    def reader(tree: Any, room: int = 0) -> Any:
        if type(tree) is not list:
            raise misfit(tree, "a list")
        if len(tree) > most:
            raise Misfit(f"holds {len(tree):,}; at most {most:,} are read")
        values: list[Any] = []
        try:
            for one in tree:
                values.append(item(one))  # how far it came is where the misfit is
        except Misfit as wrong:
            raise wrong.inside(len(values)) from None
        return values

    return reader


def distinct(item: Reader, most: int, known_by: Callable[[Any], Hashable] = lambda value: value) -> Reader:
    """A list in which nothing stands twice.

    Args:
        known_by: what makes a value the same as another.
    """
    listed = several(item, most)

    def reader(tree: Any, room: int = 0) -> Any:
        values = listed(tree)
        seen: set[Hashable] = set()
        for place, value in enumerate(values):
            if known_by(value) in seen:
                raise Misfit("stands there already").inside(place)
            seen.add(known_by(value))
        return values

    return reader


def written_in(place: str | int, form: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """What a reader or writer makes of what stands there; what it cannot take is told with the place."""
    try:
        return form(*given, **named)
    except Misfit as wrong:
        raise wrong.inside(place) from None


# Intervals


def interval(one: Interval) -> list[int | None]:
    low, high = one
    return [None if low <= -FAR else low, None if high >= FAR else high]


def read_interval(tree: Any, room: int = 0) -> Any:
    if type(tree) is not list or len(tree) != 2:
        raise misfit(tree, "an interval: a list of two instants")
    for end in tree:
        if end is not None and (type(end) is not int or not -FAR < end < FAR):
            raise misfit(end, "an instant, or null for one that nobody knows")
    low, high = -FAR if tree[0] is None else tree[0], FAR if tree[1] is None else tree[1]
    if low > high:
        raise misfit(tree, "an interval: it ends before it begins")
    return (low, high)


# Values and keys


@attrs.frozen(eq=False)
class Form:
    """How values of one kind look: what writes them, what reads them."""

    write: Writer
    read: Reader


@lru_cache(maxsize=1024)
def form_of(kind: Kind, *, keys: bool = False, strict: bool = False) -> Form:
    """The form of the values of a kind, and of what stood in their place.

    Args:
        keys: instances that nobody named are among them.
        strict: nothing else stands in their place.
    """
    declared, reader, anything = writer_of(kind), reader_of(kind), reader_of(Anything())

    def write(value: Any, room: int = 0) -> Any:
        if keys and value.__class__ is Nobody:
            return {"unnamed": value.number}
        try:
            tree = declared(value)
        except Misfit:
            if strict:
                raise
            return {"other": writer_of(Anything())(value)}
        return {"value": tree} if type(tree) is dict or type(tree) is list else tree

    tagged: dict[str, Reader] = {"value": reader, **({} if strict else {"other": anything})}
    if keys:
        tagged["unnamed"] = _read_nobody

    def read(tree: Any, room: int = 0) -> Any:
        if type(tree) is not dict:
            return reader(tree)
        name = next(iter(tree), None)
        if type(name) is not str or name not in tagged:
            raise misfit(tree, f"a value, or an object whose one field is {' or '.join(tagged)}")
        (value,) = read_record(tree, {name: tagged[name]})
        return value

    return Form(write, read)


def form_of_domain(domain: Domain, *, strict: bool = True) -> Form:
    """Of the values of a domain.

    Args:
        strict: conditions read them, unless they are carried.
    """
    return form_of(kind_of_domain(domain), strict=strict and not isinstance(domain, Opaque))


def _read_nobody(tree: Any, room: int = 0) -> Hashable:
    if count(tree) > NUMBERED:
        raise Misfit(f"{brief(tree)} is more than the {NUMBERED:,} that are told apart")
    return Nobody(tree)


ANY_VALUE = form_of(Anything())
"""Of keys of machines, and of what is named nowhere."""
