"""A line that somebody types: an event with its fields, or a command, which begins with a point.

    offer_chat c-1 Ann 0        the fields in their order
    offer_chat contact=c-1 name='Ann Lee' arrived_at=0
    .wait 15 s                  time passes; without a duration, until the next timer
    .possible  .where  .back  .help  .quit

What stands in quotes is one word, as in a shell. A value is written as in JSON where its field is no text; members
of an enumeration go by name, whatever the case. The event itself is read by `fsm.storage`, as strictly as any.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection
from typing import Any

import attrs

from fsm.errors import BadInput, BadSnapshot
from fsm.language.domains import Domain, Enumeration, Opaque
from fsm.language.events import field_refs, left_out
from fsm.language.printing import label
from fsm.runtime.engine import Engine
from fsm.storage import event_in
from fsm.strict_json import parse

__all__ = ["COMMANDS", "Command", "Unreadable", "read_line"]

COMMANDS = {
    "wait": "time passes: .wait 15 s; without a duration, until the next timer",
    "possible": "what would be taken now",
    "where": "every instance, with its state and values",
    "back": "take the last line back",
    "help": "this",
    "quit": "the end, as the end of the input is",
}
UNITS = {"ms": 1, "s": 1_000, "min": 60_000, "h": 3_600_000}


class Unreadable(Exception):
    """A line that says nothing; the text is what is wrong with it."""


@attrs.frozen
class Command:
    """A command; with `wait`, the milliseconds, or None until the next timer."""

    name: str
    duration: int | None = None


def read_line(engine: Engine, line: str) -> Command | object | None:
    """A command, an event, or None for a line without words.

    Raises:
        Unreadable: it is neither.
    """
    try:
        words = shlex.split(line, comments=True)
    except ValueError as wrong:
        raise Unreadable(f"{str(wrong).lower()}: what stands in quotes ends with one") from None
    if not words:
        return None
    if words[0].startswith("."):
        return _command(words[0].removeprefix("."), words[1:])
    return _event(engine, words[0], words[1:])


def _command(name: str, words: list[str]) -> Command:
    if name not in COMMANDS or (words and name != "wait"):
        raise Unreadable(
            f"there is no {' '.join(['.' + name, *words])!r}; there are {', '.join('.' + one for one in COMMANDS)}"
        )
    return Command(name, _duration("".join(words)) if words else None)


def _duration(text: str) -> int:
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    size = UNITS.get(text.removeprefix(digits))
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 12 or size is None:
        raise Unreadable(
            f"{text!r} is no duration; write a whole number of at most 12 digits and one of {', '.join(UNITS)}"
        )
    return int(digits) * size


def _event(engine: Engine, name: str, words: list[str]) -> object:
    known = {label(event): event for event in engine.system.events}
    if name not in known:
        raise Unreadable(f"{engine.system.name} has no event {name!r}; it has {', '.join(known)}, and .help")
    domains = {field: ref.domain for field, ref in field_refs(known[name]).items()}
    fields = {
        field: _value(domains[field], text)
        for field, text in _fields(name, domains, words, left_out(known[name])).items()
    }
    try:
        return event_in(engine, {"name": name, "fields": fields})
    except (BadInput, BadSnapshot) as wrong:
        raise Unreadable(str(wrong)) from None


def _fields(name: str, domains: dict[str, Domain], words: list[str], optional: Collection[str] = ()) -> dict[str, str]:
    """The text of each field, by name or by place."""
    given: dict[str, str] = {}
    for word in words:
        field, equals, value = word.partition("=")
        if not equals or field not in domains:
            field, value = next((one for one in domains if one not in given), ""), word
        if not field or field in given:
            raise Unreadable(f"{_usage(name, domains)}: {word!r} is too much")
        given[field] = value
    missing = [one for one in domains if one not in given and one not in optional]
    if missing:
        raise Unreadable(f"{_usage(name, domains)}: {missing[0]} is missing")
    return given


def _usage(name: str, domains: dict[str, Domain]) -> str:
    return " ".join([name, *(f"{field}=({domain})" for field, domain in domains.items())])


def _value(domain: Domain, text: str) -> Any:
    """The text as JSON has it; whether it fits is for who reads the event to say."""
    if isinstance(domain, Enumeration):
        return next((one.name for one in domain.members if one.name.lower() == text.lower()), text)
    if isinstance(domain, Opaque) and domain.type is str:
        return text
    try:
        return parse(text)
    except BadSnapshot:
        return text
