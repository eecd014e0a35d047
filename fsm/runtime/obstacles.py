"""Who can stand in an event's way, each with the facts it saw; the text is made from them."""

from __future__ import annotations

from collections.abc import Hashable

import attrs

from fsm.language.printing import instance_in_words, label

__all__ = ["CannotMove", "Full", "NamedTwice", "NoWire", "Obstacle", "RuleForbids", "Values"]

Values = tuple[tuple[str, str], ...]
"""What was looked at and what it was, in words."""


@attrs.frozen
class RuleForbids:
    """A rule of the system that does not hold.

    Attributes:
        rule: its name.
        cites: the facts and decisions it comes from.
        wanted: its condition in words, with the profile's values for its parameters.
        seen: the values it saw.
    """

    rule: str
    cites: tuple[str, ...]
    wanted: str
    seen: Values

    def __str__(self) -> str:
        cited = f" ({', '.join(self.cites)})" if self.cites else ""
        return f"rule     {self.rule}{cited}: {self.wanted}{_now(self.seen)}"


@attrs.frozen
class CannotMove:
    """An instance named by the event that has no transition for it now.

    Attributes:
        part: the part's name.
        key: the instance's key; None for a part made by `one`.
        state: where it is.
        action: what it was asked to do.
        guards: the guards that said no, in words; empty when its state has no such transition.
        seen: the values they saw.
    """

    part: str
    key: Hashable
    state: str
    action: type
    guards: tuple[str, ...] = ()
    seen: Values = ()

    def __str__(self) -> str:
        who = f"{instance_in_words(self.part, self.key)} is {self.state}"
        if not self.guards:
            return f"part     {who}, where there is no {label(self.action)}"
        return f"guard    {who}, where {label(self.action)} needs {' or '.join(self.guards)}{_now(self.seen)}"


@attrs.frozen
class NoWire:
    """No wire of the event applies.

    Attributes:
        conditions: of its wires, in words.
        seen: the values they saw.
    """

    conditions: tuple[str, ...]
    seen: Values

    def __str__(self) -> str:
        return f"wire     none applies: {' or '.join(self.conditions)}{_now(self.seen)}"


@attrs.frozen
class Full:
    """A part that would hold more instances than it may.

    Attributes:
        part: its name.
        held: how many it holds.
        at_most: how many it may hold.
    """

    part: str
    held: int
    at_most: int

    def __str__(self) -> str:
        return f"part     {self.part} may hold {self.at_most} at most; now held: {self.held}"


@attrs.frozen
class NamedTwice:
    """An event that names the same instance in two places."""

    part: str
    key: Hashable

    def __str__(self) -> str:
        return f"part     {instance_in_words(self.part, self.key)} is named twice"


Obstacle = RuleForbids | CannotMove | NoWire | Full | NamedTwice


def _now(seen: Values) -> str:
    return "; now " + "; ".join(f"{what}: {value}" for what, value in seen) if seen else ""
