"""What a formula can read: states, fields, clocks, counts, what a step does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from fsm.language.domains import Booleans, Domain, Integers, Opaque
from fsm.language.expressions import Expr, Formula, T, Var

if TYPE_CHECKING:
    from fsm.language.machine import State
    from fsm.language.parts import Part

__all__ = [
    "ELAPSED",
    "KEY",
    "NOW",
    "SINCE",
    "Applied",
    "Clock",
    "Count",
    "Emitted",
    "FieldRef",
    "ForEach",
    "Happens",
    "InState",
    "Moment",
    "PartVar",
    "Stamp",
]


@attrs.frozen(eq=False)
class FieldRef(Expr[T]):
    """A field of an event, read as `Offer.channel` on the class."""

    event: type
    name: str
    of: Domain

    @property
    def domain(self) -> Domain:
        return self.of


@attrs.frozen(eq=False)
class Clock(Expr[int]):
    """Elapsed: how long the machine itself (part None) or a part has been in its state, milliseconds."""

    part: Part | None = None

    @property
    def domain(self) -> Domain:
        return Integers(0, None)


@attrs.frozen(eq=False)
class Stamp(Expr[Any]):
    """What a move knows of itself, to be stored or emitted: `key`, `now` or `since`."""

    what: str

    @property
    def domain(self) -> Domain:
        return Opaque(object if self.what == "key" else int)


ELAPSED: Expr[int] = Clock()
"""How long the machine has been in its state, in milliseconds; guards and properties may read it."""


KEY: Expr[Any] = Stamp("key")
"""The key of the instance that moves; carried data."""


NOW: Expr[int] = Stamp("now")
"""The instant of the step, in milliseconds; carried data."""


SINCE: Expr[int] = Stamp("since")
"""The instant at which the machine entered the state it leaves, in milliseconds; carried data."""


@attrs.frozen(eq=False)
class InState(Expr[bool]):
    """In one of these states: the machine itself (part None) or a part made by `one`."""

    part: Part | None
    states: tuple[State, ...]

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class PartVar(Expr[T]):
    """A variable of a part made by `one`: `agent[calls]`."""

    part: Part
    var: Var[T]

    @property
    def domain(self) -> Domain:
        return self.var.domain


@attrs.frozen(eq=False)
class Count(Expr[int]):
    """How many instances of a part satisfy a formula over their own state and variables."""

    part: Part
    where: Formula

    @property
    def domain(self) -> Domain:
        return Integers(0, None)


@attrs.frozen(eq=False)
class Emitted(Expr[int]):
    """How many effects of a class were emitted since the start. For properties only."""

    effect: type

    @property
    def domain(self) -> Domain:
        return Integers(0, None)


@attrs.frozen(eq=False)
class Happens(Expr[bool]):
    """The step in question is taken on one of these events. For `each_step` only."""

    events: tuple[type, ...]

    @property
    def domain(self) -> Domain:
        return Booleans()


@attrs.frozen(eq=False)
class Applied(Expr[T]):
    """A pure function of carried data, for updates and effects. No condition reads what it gives. Made by `applied`."""

    function: Callable[..., T]
    arguments: tuple[Expr[Any], ...]
    of: Domain

    @property
    def domain(self) -> Domain:
        return self.of


@attrs.frozen(eq=False)
class Moment(Expr[T]):
    """The value of an expression just before or just after a step. For `each_step` only."""

    when: str
    of: Expr[T]

    @property
    def domain(self) -> Domain:
        return self.of.domain


@attrs.frozen(eq=False)
class ForEach(Expr[bool]):
    """The formula holds of every instance of a part, which its own names then mean. For properties only."""

    part: Part
    formula: Formula

    @property
    def domain(self) -> Domain:
        return Booleans()
