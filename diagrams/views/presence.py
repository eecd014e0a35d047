"""Where a system is: what a snapshot says of the states of a part, in words."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import Enum

from fsm.diagrams.views.wording import listed
from fsm.language.printing import value_in_words
from fsm.language.snapshot import Instance, Snapshot

__all__ = ["key_in_words", "present"]

FEW = 3
"""So many keys are named; of more, how many there are besides."""
LONGEST = 24
HERE = "here"


def present(snapshot: Snapshot, part: str) -> Mapping[str, str]:
    """By the name of a state, which instances of the part are in it: `c-1 and c-4`; of a part with one instance, `here`."""
    held = snapshot[part]
    if isinstance(held, Instance):
        return {held.state: HERE}
    states: dict[str, list[str]] = {}
    for key, one in sorted(held.items(), key=lambda pair: repr(pair[0])):
        states.setdefault(one.state, []).append(key_in_words(key))
    return {state: _few(keys) for state, keys in states.items()}


def _few(keys: list[str]) -> str:
    more = len(keys) - FEW
    return listed([*keys[:FEW], f"{more} more"] if more > 0 else keys)


def key_in_words(key: Hashable) -> str:
    """A key bare where that is clear: `c-1`; cut short where it is long."""
    bare = isinstance(key, str) and not isinstance(key, Enum) and key.isprintable() and key and " " not in key
    text = str(key) if bare else value_in_words(key)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
