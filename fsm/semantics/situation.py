"""Where something is judged, and what leaves of expressions are worth there: the slow twin of `fsm.runtime.compiled_expressions`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, Protocol

import attrs

from fsm.language.expressions import Expr, Param, Var
from fsm.language.leaves import AnyPart, Clock, Count, FieldRef, InState, PartVar, Stamp
from fsm.language.parts import Each, Move
from fsm.language.snapshot import VALUES, Instance, Snapshot, initial_instance
from fsm.language.system import System, Wire
from fsm.semantics.evaluation import fold, noted

__all__ = ["Configured", "Read", "Situation"]

Read = Callable[[Expr[Any]], Any]
"""The value of a leaf."""


class Configured(Protocol):
    """A system with a value for every parameter, as an `Engine` is one."""

    @property
    def system(self) -> System: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


@attrs.frozen(eq=False)
class Situation:
    """The parts of a system at an instant, and what arrives.

    Attributes:
        system: the declaration.
        params: the value of every parameter.
        parts: what its parts are, in order.
        at: the instant, milliseconds.
        event: what a caller sends; None where nobody does.
        key: of the instance to which time sends something.
    """

    system: System
    params: Mapping[str, Any]
    parts: tuple[Any, ...]
    at: int
    event: object = None
    key: Hashable = None

    @classmethod
    def of(
        cls, model: Configured, snapshot: Snapshot, at: int | None = None, event: object = None, key: Hashable = None
    ) -> Situation:
        """A snapshot, at its own instant unless another is given."""
        return cls(model.system, model.params, snapshot.parts, snapshot.now if at is None else at, event, key)

    def held(self, part: AnyPart) -> Any:
        """What a part is: an instance, or instances by key."""
        return self.parts[self.system.place(part)]

    def value(self, expr: Expr[Any]) -> Any:
        """The value of an expression that speaks of the system."""
        return fold(expr, self.read)

    def read(self, node: Expr[Any]) -> Any:
        """Leaves that conditions of a system may have."""
        match node:
            case InState(part=part, states=states) if part is not None:
                return self.held(part).state in [state.name for state in states]
            case PartVar(part=part, var=var):
                return _remembered(self.held(part), var.name)
            case Clock(part=part) if part is not None:
                return self.at - self.held(part).since
            case Count(part=part, where=where):
                return sum(1 for key, one in self.held(part).items() if fold(where, self.of_instance(one, key)))
            case Param(name=name):
                return self.params[name]
            case FieldRef(name=name):
                return getattr(self.event, name)
            case Stamp(what=what):
                return {"key": self.key, "now": self.at}[what]
            case _:
                raise AssertionError(node)

    def of_instance(self, instance: Instance, key: Hashable = None, fields: Mapping[str, Any] | None = None) -> Read:
        """Leaves that a machine's own expressions may have, read off one instance.

        Args:
            fields: the action's fields by name, where a wire gives them; else they are read off the event.
        """

        def read(node: Expr[Any]) -> Any:
            match node:
                case Var(name=name):
                    return _remembered(instance, name)
                case InState(states=states):
                    return instance.state in [state.name for state in states]
                case Clock():
                    return self.at - instance.since
                case Param(name=name):
                    return self.params[name]
                case FieldRef(name=name):
                    return getattr(self.event, name) if fields is None else fields[name]
                case Stamp(what=what):
                    return {"key": key, "now": self.at, "since": instance.since}[what]
                case _:
                    raise AssertionError(node)

        return read

    def matching(self, count: Count) -> dict[Hashable, Instance]:
        """The instances that a count counts, by key, in the order of their keys."""
        instances = sorted(self.held(count.part).items(), key=lambda item: repr(item[0]))
        return {key: one for key, one in instances if fold(count.where, self.of_instance(one, key))}

    def applied(self, wires: Iterable[Wire]) -> Wire | None:
        """The wire, of those of one event, whose condition holds; None when none does."""
        return next((one for one in wires if one.when is None or self.value(one.when)), None)

    def payload(self, move: Move) -> dict[str, Any]:
        """What a wire gives for the fields of an action, by name."""
        where = f"in {self.system.name}, where {move.part.name} is moved by {move.action.__name__} with its "
        return {name: noted(value, self.read, where + name) for name, value in move.payload}

    def named(self, move: Move) -> list[tuple[Hashable, Instance]]:
        """The instances that a move names, with their keys; one that does not exist yet is in its initial state."""
        held = self.held(move.part)
        if not isinstance(move.part, Each):
            return [(None, held)]
        if move.where is not None:
            return list(self.matching(Count(move.part, move.where)).items())
        which = getattr(self.event, move.key.name) if isinstance(move.key, FieldRef) else self.key
        return [(which, held.get(which, initial_instance(move.part.machine, self.at)))]


def _remembered(instance: Instance, name: str) -> Any:
    return instance[VALUES + instance.layout.variables.index(name)]
