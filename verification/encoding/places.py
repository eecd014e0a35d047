"""Where things stand in a declaration, and the symbols of those that every encoding speaks of: parameters, fields.

Things are looked up by what they are, never by what they are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import attrs

from fsm.language.domains import Booleans, Domain, Enumeration, Integers, Opaque
from fsm.language.events import field_refs
from fsm.language.expressions import Param
from fsm.language.leaves import FieldRef
from fsm.language.parts import Part
from fsm.language.system import Rule, System
from fsm.verification.encoding.symbols import SymbolKind, of_domain
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.encoding.translation import of_value, within
from fsm.verification.facts import FactId, Of

__all__ = ["Places", "place_of_field", "place_of_value", "worth_naming"]

Term = Any


@attrs.frozen(eq=False)
class Places:
    """The places of a system's parts, parameters and events.

    Attributes:
        before: events that are counted first, of a system that is compared with this one.
    """

    system: System
    before: Iterable[type] = ()

    @cached_property
    def parts(self) -> dict[Part, int]:
        return {part: place for place, part in enumerate(self.system.parts)}

    @cached_property
    def events(self) -> dict[type, int]:
        """What callers send, then what else machines know, in the order of the declaration."""
        known = (
            *self.before,
            *self.system.events,
            *(event for part in self.system.parts for event in part.machine.events),
        )
        return {event: place for place, event in enumerate(dict.fromkeys(known))}

    @cached_property
    def rules(self) -> dict[Rule, int]:
        return {rule: place for place, rule in enumerate(self.system.rules)}

    def parameters(self, fixed: Mapping[str, Any]) -> dict[Param[Any], Term]:
        """For each parameter its symbol, or its value where a profile fixes it."""
        return {
            param: of_value(fixed[param.name])
            if param.name in fixed
            else of_domain(param.domain, SymbolKind.PARAMETER, place)
            for place, param in enumerate(self.system.parameters)
        }

    def happening(self, event: type, sender: Part | None) -> FactId:
        """An event that callers send, or that time sends to a part."""
        if sender is None:
            return FactId(Of.EVENT, (self.events[event],))
        return FactId(Of.TIMER, (self.parts[sender], sender.machine.timed_events.index(event)))

    def field(self, event: type, ref: FieldRef[Any]) -> Term:
        """The symbol of a field of an event; of a key, a number that stands for it."""
        return of_domain(ref.domain, SymbolKind.FIELD, self.events[event], place_of_field(event, ref))

    def field_bounds(self, event: type) -> list[Term]:
        """The ranges of the fields of an event."""
        if event not in self._bounds:
            refs = [ref for ref in field_refs(event).values() if not isinstance(ref.domain, Opaque)]
            self._bounds[event] = [bound for ref in refs for bound in within(self.field(event, ref), ref.domain)]
        return self._bounds[event]

    @cached_property
    def _bounds(self) -> dict[type, list[Term]]:
        """Each way of an event asks for them."""
        return {}


def place_of_field(event: type, ref: FieldRef[Any]) -> int:
    """The place of a field among those of its event."""
    return list(field_refs(event)).index(ref.name)


def worth_naming(domain: Domain, few: int = 64) -> tuple[Any, ...]:
    """Which values are worth a guess each: all of a few; of many numbers those at the ends, where guards stop counting.

    To the solver a wide number is a symbol like any other, and what is guessed about it must not grow with its range.
    """
    if isinstance(domain, Integers):
        if domain.low is None or domain.high is None:
            return ()
        if domain.high - domain.low >= few:
            return domain.low, domain.high
    return () if isinstance(domain, Opaque) else tuple(domain.values())


def place_of_value(domain: Domain, value: Any) -> int:
    """The place of a value among those of a finite domain."""
    match domain:
        case Enumeration(members=members):
            return next(place for place, member in enumerate(members) if member is value)
        case Integers(low=int(low)):
            return int(value) - low
        case Booleans():
            return int(value)
    raise Unencodable(f"a value of {domain}")
