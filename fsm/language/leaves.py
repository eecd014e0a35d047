"""What a formula can read: states, fields, clocks, counts, what a step does.

Parts and states are declared above, of expressions; what a leaf knows of them is their shape.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, Self

import attrs

from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.expressions import Choose, Const, Expr, Formula, Junction, Not, T, Truth, Var
from fsm.language.printing import AMOUNTS, SIGNS, Words, duration_in_words, label

__all__ = [
    "ELAPSED", "KEY", "NOW", "SINCE", "AnyMachine", "AnyPart", "AnyState", "Applied", "Clock", "Count", "Emitted", "FieldRef", "ForEach", "Happens",
    "InState", "Left", "Moment", "PartVar", "Stamp",
]  # fmt: skip


class AnyState(Protocol):
    """A state, of which a leaf knows the name."""

    @property
    def name(self) -> str: ...


class AnyMachine(Protocol):
    """A machine, of which names can be looked up."""

    @property
    def name(self) -> str: ...
    @property
    def states(self) -> tuple[AnyState, ...]: ...
    @property
    def initial(self) -> AnyState: ...
    @property
    def variables(self) -> tuple[Var[Any], ...]: ...


class AnyPart(Protocol):
    """A part of a system, and the machine whose instances it has."""

    @property
    def name(self) -> str: ...
    @property
    def machine(self) -> AnyMachine: ...


class Needed:
    """What stands for the default of a field that has none; the same one in another process."""

    def __reduce__(self) -> str:
        return "NEEDED"


NEEDED = Needed()


@attrs.frozen(eq=False, repr=False)
class FieldRef(Expr[T]):
    """A field of an event, read as `Offer.channel` on the class.

    Attributes:
        default: what it is where it is left out; NEEDED where it cannot be.
    """

    kind = "a field of an event"

    event: type
    name: str
    of: Domain
    default: object = NEEDED

    @property
    def domain(self) -> Domain:
        return self.of

    def head(self) -> tuple[object, ...]:
        return ("field", self.event, self.name)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"{label(self.event)}.{self.name}" if self.name in write.unclear else self.name, 9


@attrs.frozen(eq=False, repr=False)
class Clock(Expr[int]):
    """Elapsed: how long the machine itself (part None) or a part has been in its state, milliseconds."""

    kind = "the time in state"

    part: AnyPart | None = None

    @property
    def domain(self) -> Domain:
        return Integers(0, None)

    def head(self) -> tuple[object, ...]:
        return ("elapsed", _name(self.part))

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"time in state of {self.part.name}" if self.part else "time in state", 9

    def compared(self, op: str, other: Expr[Any], write: Words) -> str:
        if isinstance(other, Const):
            return f"{write(self)} {SIGNS[op]} {duration_in_words(other.value)}"
        return super().compared(op, other, write)


@attrs.frozen(eq=False, repr=False)
class Stamp(Expr[Any]):
    """What a move knows of itself, to be stored or emitted: `key`, `now` or `since`."""

    kind = "an instant or a key"

    what: str

    @property
    def domain(self) -> Domain:
        return Opaque(object if self.what == "key" else int)

    def head(self) -> tuple[object, ...]:
        return ("stamp", self.what)

    def in_words(self, write: Words) -> tuple[str, int]:
        return self.what, 9


@attrs.frozen(eq=False, repr=False)
class Left(Expr[T]):
    """The state that a transition leaves, as a value. Made by `left`; a machine has its lines with the value itself."""

    kind = "the state that is left"

    of: Domain

    @property
    def domain(self) -> Domain:
        return self.of

    def head(self) -> tuple[object, ...]:
        return ("left",)

    def in_words(self, write: Words) -> tuple[str, int]:
        return "the state that is left", 9


ELAPSED: Expr[int] = Clock()
"""How long the machine has been in its state, in milliseconds; guards and properties may read it."""


KEY: Expr[Any] = Stamp("key")
"""The key of the instance that moves; carried data."""


NOW: Expr[int] = Stamp("now")
"""The instant of the step, in milliseconds; carried data."""


SINCE: Expr[int] = Stamp("since")
"""The instant at which the machine entered the state it leaves, in milliseconds; carried data."""


@attrs.frozen(eq=False, repr=False)
class InState(Truth):
    """In one of these states: the machine itself (part None) or a part made by `one`.

    Attributes:
        everyone: whether it was said of every instance that there is; in a variant, these are the states that there are then.
    """

    kind = "a state"

    part: AnyPart | None
    states: tuple[AnyState, ...]
    everyone: bool = False

    def head(self) -> tuple[object, ...]:
        return ("in", _name(self.part), tuple(state.name for state in self.states))

    def in_words(self, write: Words) -> tuple[str, int]:
        text = either(self.states)
        return f"{self.part.name} is {text}" if self.part else text, 9 if len(self.states) == 1 else 2

    def denied(self, write: Words) -> tuple[str, int]:
        text = f"{'neither' if len(self.states) > 1 else 'not'} {' nor '.join(state.name for state in self.states)}"
        return f"{self.part.name} is {text}" if self.part else text, 4


@attrs.frozen(eq=False, repr=False)
class PartVar(Expr[T]):
    """A variable of a part made by `one`: `agent[calls]`."""

    kind = "a variable of a part"

    part: AnyPart
    var: Var[T]

    @property
    def domain(self) -> Domain:
        return self.var.domain

    def head(self) -> tuple[object, ...]:
        return ("var of", self.part.name, self.var.name)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"{self.part.name}.{self.var.name}", 9


@attrs.frozen(eq=False, repr=False)
class Count(Expr[int]):
    """How many instances of a part satisfy a formula over their own state and variables."""

    kind = "a count of instances"

    part: AnyPart
    where: Formula

    @property
    def domain(self) -> Domain:
        return Integers(0, None)

    def below(self) -> tuple[Expr[Any], ...]:
        return (self.where,)

    def with_below(self, *below: Any) -> Self:
        return type(self)(self.part, *below)

    def head(self) -> tuple[object, ...]:
        return ("count", self.part.name)

    def in_words(self, write: Words) -> tuple[str, int]:
        selected = self.selected(self.where, write)
        return f"number of ({selected})" if " with " in selected else f"number of {selected}", 9

    def compared(self, op: str, other: Expr[Any], write: Words) -> str:
        zero = isinstance(other, Const) and other.value == 0
        if zero and op == "==" and isinstance(self.where, Not):
            return f"all {self.selected(self.where.part, write)}"
        if zero and op in ("==", ">"):
            return f"{'no' if op == '==' else 'some'} {self.selected(self.where, write)}"
        if isinstance(other, Count | Choose):
            return super().compared(op, other, write)
        return f"{AMOUNTS[op]} {write(other, 6)} {self.selected(self.where, write)}"

    def selected(self, where: Formula, write: Words) -> str:
        """The part, then its states bare, then everything else with `with`: `tiles offered with channel = chat`."""
        conditions = where.parts if isinstance(where, Junction) and where.op == "and" else (where,)
        states = ""
        if isinstance(conditions[0], InState):
            everyone = len(conditions[0].states) == len(self.part.machine.states) - 1
            states = "" if everyone else f" {either(conditions[0].states)}"
            conditions = conditions[1:]
        rest = " and".join(f" with {write(condition, 4)}" for condition in conditions)
        return f"{self.part.name}{states}{rest}"


@attrs.frozen(eq=False, repr=False)
class Emitted(Expr[int]):
    """How many effects of a class were emitted since the start. For properties only."""

    kind = "a count of effects"

    effect: type

    @property
    def domain(self) -> Domain:
        return Integers(0, None)

    def head(self) -> tuple[object, ...]:
        return ("emitted", self.effect)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"number of {label(self.effect)} ever", 9


@attrs.frozen(eq=False, repr=False)
class Happens(Truth):
    """The step in question is taken on one of these events. For `each_step` only."""

    kind = "the event of a step"

    events: tuple[type, ...]

    def head(self) -> tuple[object, ...]:
        return ("happens", self.events)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"on {' or '.join(label(event) for event in self.events)}", 9 if len(self.events) == 1 else 2


@attrs.frozen(eq=False, repr=False)
class Applied(Expr[T]):
    """A pure function of carried data, for updates and effects. No condition reads what it gives. Made by `applied`."""

    function: Callable[..., T]
    arguments: tuple[Expr[Any], ...]
    of: Domain

    @property
    def domain(self) -> Domain:
        return self.of

    def below(self) -> tuple[Expr[Any], ...]:
        return self.arguments

    def with_below(self, *below: Any) -> Self:
        return type(self)(self.function, below, self.of)

    def head(self) -> tuple[object, ...]:
        return ("applied", self.function.__module__, self.function.__qualname__)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"{self.function.__name__}({', '.join(write(argument) for argument in self.arguments)})", 9


@attrs.frozen(eq=False, repr=False)
class Moment(Expr[T]):
    """The value of an expression just before or just after a step. For `each_step` only."""

    kind = "before or after a step"

    when: str
    of: Expr[T]

    @property
    def domain(self) -> Domain:
        return self.of.domain

    def below(self) -> tuple[Expr[Any], ...]:
        return (self.of,)

    def with_below(self, *below: Any) -> Self:
        return type(self)(self.when, *below)

    def head(self) -> tuple[object, ...]:
        return (self.when,)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"{write(self.of, 9)} {self.when}", 8


@attrs.frozen(eq=False, repr=False)
class ForEach(Truth):
    """The formula holds of every instance of a part, which its own names then mean. For properties only."""

    kind = "every instance"

    part: AnyPart
    formula: Formula

    def below(self) -> tuple[Expr[Any], ...]:
        return (self.formula,)

    def with_below(self, *below: Any) -> Self:
        return type(self)(self.part, *below)

    def head(self) -> tuple[object, ...]:
        return ("for each", self.part.name)

    def in_words(self, write: Words) -> tuple[str, int]:
        return f"for each of {self.part.name}: {write(self.formula)}", 0


def _name(part: AnyPart | None) -> str:
    return part.name if part else ""


def either(states: tuple[AnyState, ...]) -> str:
    """`missed or rejected`."""
    return " or ".join(state.name for state in states)
