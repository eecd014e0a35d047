"""A system: machines that move together, by wires, under rules.

A part is `one(machine)` or `each(machine)`, any number of instances told apart by a key. A wire
says which instances move on an event and by which action; a rule forbids. All instances named
move in one step or none does. What can be wrong is checked by `fsm.checks.systems`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

import attrs

from fsm.checks.calls import told, told_of
from fsm.checks.kinds import check_kind
from fsm.errors import Incomplete
from fsm.language.by_values import by_values
from fsm.language.domains import Opaque
from fsm.language.events import check_event, field_refs
from fsm.language.expressions import Const, Expr, Formula, Not, Param, formula, junction
from fsm.language.leaves import AnyPart
from fsm.language.parameters import Assumption, NamedProfile
from fsm.language.parts import Move, One, Part, Selection, Sent
from fsm.language.properties import Property, cited
from fsm.language.source.origin import Origin, written_here
from fsm.notebook import Shown

__all__ = ["Rule", "System", "Wire", "wire"]


@attrs.frozen(eq=False)
class Wire:
    """On an event, where the condition holds, these moves are made together. Made by `wire`."""

    event: type | Sent
    moves: tuple[Move, ...]
    when: Formula | None = None
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)

    def __repr__(self) -> str:
        where = "" if self.when is None else f" where {self.when}"
        return f"<Wire {self.event_class.__name__}{where}: {', '.join(move.part.name for move in self.moves)}>"

    @property
    def event_class(self) -> type:
        return self.event.event if isinstance(self.event, Sent) else self.event

    @property
    def sender(self) -> Part | None:
        """The part whose timer sends the event; None for one that callers send."""
        return self.event.part if isinstance(self.event, Sent) else None


@told
def wire(event: type | Sent, *moves: Move, when: Formula | None = None) -> Wire:
    """On `event`, where `when` holds, make these moves in one step.

    Args:
        event: an event class, or `part.sends(Event)` for one that time sends.
        moves: `part.by(Action)`, `part[Event.key].by(Action)` or `part.every(...).by(Action)`.
        when: over parts, parameters and the event's fields; wires of one event must not overlap.
    """
    if not isinstance(event, Sent):
        check_event("wire()", event)
    for move in moves:
        if isinstance(move, Selection):
            raise Incomplete(f"wire({_event_name(event)})", f"{move.name} has no action", "Name one: .by(Action).")
        check_kind(f"wire({_event_name(event)})", move, Move, "a move")
    if not moves:
        raise Incomplete(f"wire({_event_name(event)})", "moves nothing", "Name at least one move.")
    return Wire(event, moves, None if when is None else by_values(f"wire({_event_name(event)})", formula(when, "wire")))


def _classes(on: type | Iterable[type]) -> tuple[type, ...]:
    """One event class or several, as a tuple."""
    return (on,) if isinstance(on, type) or not isinstance(on, Iterable) else tuple(on)


def _event_name(event: type | Sent) -> str:
    return event.event.__name__ if isinstance(event, Sent) else event.__name__


def _taken_apart(when: Any) -> Any:
    """The condition of a rule; what is none is told of when the rule is made."""
    return by_values("a rule", when) if isinstance(when, Expr) else when


@told_of()
@attrs.frozen(eq=False)
class Rule:
    """A named, cited condition of the system on events: where it does not hold they are refused."""

    name: str
    on: tuple[type, ...] = attrs.field(converter=_classes)
    when: Formula = attrs.field(converter=_taken_apart)
    cites: tuple[str, ...] = attrs.field(default=(), converter=cited)
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        where = f"rule {self.name!r}"
        name: object = self.name
        if not isinstance(name, str) or not name.strip():
            raise Incomplete(where, "has no name", "Say in words what it allows.")
        if not self.on:
            raise Incomplete(where, "forbids no event", "Name at least one: on=Event.")
        for event in self.on:
            check_event(where, event)
        formula(self.when, where)

    def __repr__(self) -> str:
        return f"<Rule {self.name}: {self.when}>"


@told_of(events="The events are those of its wires and parts, and are not listed.", states="Only machines have states.")
@attrs.frozen(eq=False)
class System(Shown):
    """Machines moving together; checked when it is made.

    Attributes:
        name: an identifier.
        parts: its machines, each made by `one` or `each`.
        wires: for each event, what moves. An event class that parts know needs none: all of them move, of those made by `each`
            the instance that the field named as the part's key says.
        rules: what forbids an event.
        parameters: what a profile sets.
        assumptions: what every profile must satisfy.
        properties: what must hold.
        profiles: named values of parameters, the default first: versions of the business.
        doc: a sentence.
        derived: how it was made from another one, where it was (`fsm.variants`); it is no part of what it means.

    Raises:
        DefinitionError: whatever can be wrong in a declaration.
    """

    name: str
    parts: tuple[Part, ...]
    wires: tuple[Wire, ...] = ()
    rules: tuple[Rule, ...] = ()
    parameters: tuple[Param[Any], ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    properties: tuple[Property, ...] = ()
    profiles: tuple[NamedProfile, ...] = ()
    doc: str = ""
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)
    derived: object = attrs.field(default=None, eq=False, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        from fsm.checks.systems import check_system

        check_system(self)

    def __repr__(self) -> str:
        return f"<System {self.name}: {', '.join(part.name for part in self.parts)}>"

    @cached_property
    def all_wires(self) -> tuple[Wire, ...]:
        """The wires written, then those that may be left out: events that parts share by class."""
        return self.wires + implied_wires(self.parts, self.wires)

    @cached_property
    def events(self) -> tuple[type, ...]:
        """Every event that callers may send, in the order of the wires."""
        return tuple(dict.fromkeys(one.event for one in self.all_wires if not isinstance(one.event, Sent)))

    def wires_on(self, event: type, sender: AnyPart | None = None) -> tuple[Wire, ...]:
        """The wires of an event that callers send, or that time sends to a part."""
        return tuple(one for one in self.all_wires if one.event_class is event and one.sender is sender)

    def applies(self, one: Wire) -> Formula | None:
        """When a wire is the one that applies; None where always.

        Its own condition holds, and none of another wire of its event that is not known to exclude it: where two apply at once
        nothing moves (`fsm.errors.WiresOverlap`).
        """
        others = [Not(Const(True) if other.when is None else other.when) for other in self.beside(one)]
        conditions = [*([] if one.when is None else [one.when]), *others]
        return None if not conditions else conditions[0] if len(conditions) == 1 else junction("and", *conditions)

    def beside(self, one: Wire) -> tuple[Wire, ...]:
        """The wires of the same event that may apply at once with a wire, as far as nobody knows better."""
        return self._beside[one]

    @cached_property
    def _beside(self) -> dict[Wire, tuple[Wire, ...]]:
        from fsm.checks.systems import apart

        return {
            one: tuple(
                other
                for other in self.wires_on(one.event_class, one.sender)
                if other is not one and not apart(self, one, other)
            )
            for one in self.all_wires
        }

    def place(self, part: AnyPart) -> int:
        """Where a part stands among the parts."""
        return next(place for place, one in enumerate(self.parts) if one is part)

    def part(self, name: str) -> Part:
        """The part of this name; KeyError when there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"{self.name} has no part {name!r}")

    def expressions(self) -> Iterator[Expr[Any]]:
        """Every expression of the system: those of its machines, then of its wires, rules, claims and assumptions."""
        yield from (expr for part in self.parts for _, expr in part.machine.expressions())
        for one in self.all_wires:
            moves = (expr for move in one.moves for expr in (move.where, *(value for _, value in move.payload)))
            yield from (expr for expr in (one.when, *moves) if expr is not None)
        yield from (rule.when for rule in self.rules)
        for claim in self.properties:
            yield from (expr for expr in (claim.premise, claim.formula, claim.duration) if expr is not None)
        yield from (assumption.that for assumption in self.assumptions)

    @property
    def all_assumptions(self) -> tuple[Assumption, ...]:
        """Its own assumptions, then those of its machines, each once."""
        return tuple(
            dict.fromkeys(self.assumptions + tuple(one for part in self.parts for one in part.machine.assumptions))
        )


def implied_wires(parts: Sequence[Part], wires: Sequence[Wire]) -> tuple[Wire, ...]:
    """Wires for the events that parts have and no written wire mentions: all parts that know the class move.

    Of a part made by `each` it is the instance that the field named as the part's key says; an event without such a field names none.
    """
    written = {one.event_class for one in wires} | {move.action for one in wires for move in one.moves}
    found: dict[type, list[Move]] = {}
    for part in parts:
        for event in part.machine.events:
            fields = field_refs(event)
            key = None if isinstance(part, One) else fields.get(part.key)
            named = isinstance(part, One) or (key is not None and isinstance(key.domain, Opaque))
            if named and event not in written and event not in part.machine.timed_events:
                found.setdefault(event, []).append(Move(part, key, None, event, tuple(fields.items())))
    return tuple(Wire(event, tuple(moves)) for event, moves in found.items())
