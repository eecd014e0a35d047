"""Which variants touch the same things, and the one order in which the others are made.

Variants that do not touch commute. A row of them is then a trace (Mazurkiewicz 1977), and of all its orders the
lexicographic normal form is made: whoever varies a declaration by the same variants gets the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Sequence

from fsm.language.parts import Each, One
from fsm.variants.naming import Mark, marks_of
from fsm.variants.variant import Variant

__all__ = ["in_order", "touch"]

COMMON = ("parameter", "part")
"""What is known by its name alone, wherever it stands."""


def touch(one: Variant, other: Variant) -> bool:
    """Whether the order of two variants matters.

    They add, replace or leave out lines of one state and event, timers of one state, wires of one event, or things of one name; or
    one varies a machine and the other puts a part with this machine in the place of another. What their formulas name does not
    matter: formulas are read when everything is there. But where one replaces a parameter that its machine has not, another may bring
    it, and the order does.
    """
    either = ((one, other), (other, one))
    return bool(_written(one) & _written(other)) or any(_brings(*both) or _awaits(*both) for both in either)


def in_order(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """The variants in the order in which they are made: those that touch as given, else by their names."""
    waiting, ordered = list(variants), []
    while waiting:
        free = [place for place, one in enumerate(waiting) if not any(touch(other, one) for other in waiting[:place])]
        ordered.append(waiting.pop(min(free, key=lambda place: waiting[place].name)))
    return tuple(ordered)


def _written(variant: Variant) -> frozenset[Mark]:
    """What it adds, replaces, leaves out, retracts or restores."""
    home = variant.base.name
    named = [*variant.left_out, *(one.what for one in variant.replaces)]
    marks = [mark for one in variant.brought for mark in marks_of(one)] + [mark for one in named for mark in one.marks]
    marks += [("claim", sentence) for sentence in (*(one.sentence for one in variant.retracts), *variant.restores)]
    return frozenset(mark if mark[0] in COMMON else (mark[0], home, *mark[1:]) for mark in marks)


def _brings(one: Variant, other: Variant) -> bool:
    """Whether one brings a part with the machine that the other varies."""
    return other.of_a_machine and any(
        isinstance(part, One | Each) and part.machine.name == other.base.name for part in one.brought
    )


def _awaits(one: Variant, other: Variant) -> bool:
    """Whether one replaces a parameter of a machine that only what the other brings can mention."""
    if not (one.of_a_machine and other.of_a_machine and one.base.name == other.base.name):
        return False
    known = {param.name for param in one.base.parameters}
    named = [mark for what in (*one.left_out, *(each.what for each in one.replaces)) for mark in what.marks]
    return any(mark[0] == "parameter" and mark[1] not in known for mark in named)
