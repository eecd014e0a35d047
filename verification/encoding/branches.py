"""An event with every way it can go."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import attrs

from fsm.language.leaves import Clock
from fsm.language.machine import Transition
from fsm.language.parts import Part
from fsm.language.printing import label
from fsm.language.system import Rule
from fsm.language.traversal import walk
from fsm.verification.encoding.cells import Cell
from fsm.verification.encoding.symbols import SymbolKind, symbol_of
from fsm.verification.encoding.terms import Swap, number, some_symbol

__all__ = ["ONE", "Branch", "Movers", "Occurrence", "Term"]


Term = Any


ONE = number(1)
CLOCKS = (SymbolKind.AGE, SymbolKind.MOVED_AGE, SymbolKind.SHARE, SymbolKind.SHARE_AGE, SymbolKind.ANY_AGE)


@attrs.frozen(eq=False)
class Movers:
    """Instances that take an action in a branch.

    Attributes:
        before, after: their cells; None for a part made by `one`.
        many: how many they are; 1 unless a wire moves every one.
        anew: whether a stay of the only instance of a part begins.
    """

    part: Part
    action: type
    before: Cell | None = None
    after: Cell | None = None
    many: Term = ONE
    anew: bool = False

    @property
    def alone(self) -> bool:
        """Whether it is one instance, named by its key or the only one."""
        return self.many is ONE


@attrs.frozen(eq=False)
class Branch:
    """One way an event can go.

    Attributes:
        conditions: when it goes this way, rules left out.
        clock: what the timers say of the time in state of those that move.
        next: the term of every state variable that changes.
        moved: which instances took which action.
        transitions: the lines of the declaration that were used.
        lasts: for how long the only instance of a part has been where it is when a timer of its own sends this; None where none does.
    """

    conditions: tuple[Term, ...]
    clock: tuple[Term, ...]
    next: Mapping[Any, Term]
    moved: tuple[Movers, ...]
    transitions: tuple[Transition, ...]
    lasts: Term | None = None

    @cached_property
    def reads_clock(self) -> bool:
        """Whether the time in state decides that it goes this way, or what it leads to."""
        return some_symbol((*self.conditions, *self.next.values()), lambda one: symbol_of(one).kind in CLOCKS)

    def after(self, term: Term) -> Term:
        """A term over the state before, said of the state after."""
        return self.swap(term)

    @cached_property
    def swap(self) -> Swap:
        """Each variable that changes with what it becomes."""
        return Swap.of(self.next.items())


@attrs.frozen(eq=False)
class Occurrence:
    """An event with every way it can go.

    Attributes:
        event: its class; `sender` the part whose timer sends it, None for one that callers send.
        rules: those that forbid it, with their terms.
        quiet: true when no timer is due; a caller's event is judged only then.
    """

    event: type
    sender: Part | None
    rules: tuple[tuple[Rule, Term], ...]
    quiet: Term
    branches: tuple[Branch, ...]

    @property
    def name(self) -> str:
        return label(self.event)

    def lapses(self, branch: Branch) -> bool:
        """Whether it goes this way because a timer's guard says no: nothing happens then, and no claim on steps speaks of it."""
        return self.sender is not None and not branch.transitions


def _reads_clock(transition: Transition | None) -> bool:
    return (
        transition is not None
        and transition.guard is not None
        and any(isinstance(node, Clock) for node in walk(transition.guard))
    )
