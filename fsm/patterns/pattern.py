"""Patterns as data: what a sentence is about, and what must be remembered for it."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from fsm.errors import CannotBeRead, WrongKind
from fsm.language.events import check_event
from fsm.language.expressions import Const, Expr, Formula, formula
from fsm.language.formulas import happens
from fsm.language.leaves import Applied, Clock, Emitted, FieldRef, Happens, Moment, Stamp
from fsm.language.properties import Property
from fsm.language.source.origin import Origin, written_here
from fsm.language.traversal import walk
from fsm.language.values.brief import brief

__all__ = ["NEVER", "Memory", "Occasion", "Pattern", "occasion"]

PASSING = (Clock, Stamp, Moment, Happens, Emitted, FieldRef, Applied)
"""What is not of a snapshot alone, or changes while nothing happens."""


@attrs.frozen(eq=False)
class Occasion:
    """What a pattern speaks of: snapshots of which a formula holds, or steps on an event.

    Attributes:
        level: the formula; false of every snapshot for an event.
        event: None for a formula.
    """

    level: Formula
    event: type | None = None

    def on(self, event: type) -> bool:
        """Whether every step on this event is one."""
        return self.event is event

    @property
    def step(self) -> Formula | None:
        """Of a step, that it is one; None for a formula."""
        return None if self.event is None else happens(self.event)


NEVER = Occasion(Const(False))
"""What nothing is: the end of a scope that has none."""


def occasion(where: str, given: object) -> Occasion:
    """What was given, a formula or an event, as an occasion.

    Raises:
        DefinitionError: it is neither, or the formula reads more than a snapshot of one machine.
    """
    if isinstance(given, type):
        check_event(where, given)
        return Occasion(Const(False), given)
    if not isinstance(given, Expr):
        what = f"{brief(given)} is neither a formula nor an event"
        raise WrongKind(where, what, "Write inside(state), a condition on variables, or the class of an event.")
    level = formula(given, where)
    for node in walk(level):
        if isinstance(node, PASSING):
            what = f"a pattern reads {node.kind or 'a function of carried data'}"
            raise CannotBeRead(where, what, "Write formulas over one snapshot, and an event as its class alone: Login.")
    return Occasion(level)


@attrs.frozen(eq=False)
class Memory:
    """The stretches of a run that a pattern is about, and whether something was in the one that is open.

    What is kept at the end of a step knows nothing yet of the snapshot that comes; `inside` and `met` take it in.

    Attributes:
        opens: None for a stretch from the start of the run, of which there is one.
        closes: where it ends, itself outside.
        seen: what is looked for in it.
    """

    opens: Occasion | None
    closes: Occasion = NEVER
    seen: Occasion | None = None

    def inside(self, kept: Formula) -> Formula:
        """Whether a snapshot is in a stretch."""
        began = kept if self.opens is None else kept | self.opens.level
        return began & ~self.closes.level

    def met(self, kept: Formula, seen: Formula) -> Formula:
        """Whether a snapshot is in a stretch in which it was by now."""
        looked = NEVER if self.seen is None else self.seen
        return self.inside(kept) & ((kept & seen) | looked.level)

    def kept_after(self, event: type, kept: Formula) -> Formula:
        """Whether a stretch is open after a step on the event, of the snapshot before it."""
        if self.closes.on(event):
            return Const(False)
        return Const(True) if self.opens is not None and self.opens.on(event) else self.inside(kept)

    def seen_after(self, event: type, kept: Formula, seen: Formula) -> Formula:
        """Whether it was in the stretch that is open after a step on the event."""
        if self.closes.on(event):
            return Const(False)
        return self.inside(kept) if self.seen is not None and self.seen.on(event) else self.met(kept, seen)


@attrs.frozen(eq=False)
class Pattern:
    """A sentence after a pattern. Made by `absence`, `universality`, `existence`, `precedence`, `response`; claimed by `observed`.

    Attributes:
        sentence: the claim in the domain's words.
        claim: makes it, of what is kept of the stretch and of what was seen in it.
        memory: None where nothing needs to be remembered; what is kept is then true.
    """

    sentence: str
    claim: Callable[[Formula, Formula], Property] = attrs.field(repr=False)
    memory: Memory | None = attrs.field(default=None, repr=False)
    written: Origin | None = attrs.field(factory=written_here, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        self.claimed(Const(True), Const(False))

    def claimed(self, kept: Formula, seen: Formula) -> Property:
        """The claim, of the line where the pattern is written.

        Raises:
            DefinitionError: it has no sentence, or names as fair what is no event.
        """
        return attrs.evolve(self.claim(kept, seen), written=self.written)
