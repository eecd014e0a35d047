"""What a monitor is given: observations, each from a source, and what each source shows.

An observation is an event with its instant, or what was seen of the state, or both; partial. What was not seen is
left open: a field, a variable, a part, whether somebody else is there. Everything here is data.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import Enum
from typing import Any

import attrs

from fsm.errors import BadObservation

__all__ = ["Observation", "Seen", "Shows", "Sight", "Since", "Source"]


class Shows(Enum):
    """How far a source can be relied on for an event, or for changes of a part."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"


class Since(Enum):
    """What the instant says that stands beside a state: it was entered then, or then at the latest."""

    ENTERED = "entered"
    AT_LATEST = "at latest"


@attrs.frozen
class Sight:
    """What was seen of one instance.

    Attributes:
        part: the name of its part.
        key: its key; None for a part made by `one`.
        states: one of these, by name; empty where it was seen that there is no such instance; None where that was not seen.
        values: variables by name, each with the values that it may have.
        since: when it entered its state, milliseconds.
        meaning: whether it was entered then, or then at the latest.
        by: events, one of which made the instance; empty where that was not seen.
    """

    part: str
    key: Hashable = None
    states: tuple[str, ...] | None = None
    values: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    since: int | None = None
    meaning: Since = Since.ENTERED
    by: tuple[type, ...] = ()


@attrs.frozen
class Seen:
    """What was seen of a state.

    Attributes:
        sights: instances, each once.
        complete: parts of which every instance there is was seen.
    """

    sights: tuple[Sight, ...] = ()
    complete: tuple[str, ...] = ()


@attrs.frozen(slots=False)  # made for every record, and made in half the time so
class Observation:
    """One record of a source.

    Attributes:
        at: the instant, milliseconds; None where the source knows none.
        event: the class of the event that was seen; one that time sends may be seen too.
        fields: what was seen of its fields. For an event that time sends, the key of its instance stands under the key's name.
        before: what was seen of the state just before.
        after: what was seen of the state then.
        parameters: values of parameters, which hold from now on.
        source: the name of the source.
        key: which machine of many it speaks of.
        id: of the record, by which a doubled one is known.
        number: of the record among those of its source and key, each one more than the one before.
        position: where it stands, in words: a file and a line.
        trouble: what of the record could not be read, in words: nothing is concluded from that, and it is told.
        lost: the source says that records before this one were lost.
    """

    at: int | None
    event: type | None = None
    fields: Mapping[str, Any] = attrs.field(factory=dict)
    before: Seen | None = None
    after: Seen | None = None
    parameters: Mapping[str, Any] = attrs.field(factory=dict)
    source: str = "log"
    key: Hashable = None
    id: str | None = None
    number: int | None = None
    position: str = ""
    trouble: tuple[str, ...] = ()
    lost: bool = False


def _milliseconds(instance: Source, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is not None and (type(value) is not int or value < 0):
        raise BadObservation(
            f"source {instance.name!r}: {attribute.name}", f"{value!r} is no number of milliseconds, 0 or more"
        )


def _shows(instance: Source, attribute: attrs.Attribute[Any], value: Mapping[Any, Any]) -> None:
    for what, how in value.items():
        if not isinstance(what, type | str) or not isinstance(how, Shows):
            raise BadObservation(
                f"source {instance.name!r}: shows",
                f"{what!r}: {how!r}",
                "Give event classes or names of parts, each with a Shows.",
            )


@attrs.frozen
class Source:
    """Where records come from, and what they are worth.

    Attributes:
        name: as observations have it.
        shows: for events by class and parts by name how far they are shown. An event that is always shown happens unseen only
            where records were lost; of a part that is always shown each change is told by a record, at its instant.
            What is not named is shown sometimes, and an event for which the source has no word is in effect never shown.
        tolerance: by how much its instants can be wrong, milliseconds, in both directions.
        disorder: how late a record can come after younger ones, milliseconds.
        heartbeat: after how long a silence the source sends a record anyway, milliseconds; a longer one means that records were lost.
        doubles: a record can come twice: without ids and numbers, one that is equal to an earlier one may be the same. Left out, this is
            admitted where the source always shows nothing.
    """

    name: str = "log"
    shows: Mapping[Any, Shows] = attrs.field(factory=dict, validator=_shows)
    tolerance: int = attrs.field(default=0, validator=_milliseconds)
    disorder: int = attrs.field(default=0, validator=_milliseconds)
    heartbeat: int | None = attrs.field(default=None, validator=_milliseconds)
    doubles: bool | None = None
