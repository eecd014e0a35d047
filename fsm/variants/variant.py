"""Variants: a machine or a system made from another by what is added, replaced and left out (Schaefer et al., Delta-Oriented
Programming, SPLC 2010).

    HOLD = Variant("hold", TILE, adds=(held, connected.on(Hold).to(held), held.on(Resume).to(connected)))
    varied(TILE, HOLD)    # a machine like any other
    varied(DESK, HOLD)    # the desk, each of whose tiles can be held

Nothing of the base is copied, and what comes out is a declaration like any other.
"""

from __future__ import annotations

from typing import Any

import attrs

from fsm.checks.kinds import check_tuple, shown
from fsm.errors import BadVariant
from fsm.language.machine import Machine, by_state_left
from fsm.language.source.origin import Faults, Origin, written_here
from fsm.language.system import System
from fsm.variants.naming import Named, field_of, named

__all__ = ["Replaced", "Retracted", "Variant", "replaced", "retracted"]


@attrs.frozen(eq=False)
class Replaced:
    """Something of the base, and what stands in its place. Made by `replaced`."""

    what: Named
    by: tuple[Any, ...]


def replaced(what: Any, *by: Any) -> Replaced:
    """In the place of this there is that.

    Args:
        what: a state, variable, parameter or part of the base, or what `line`, `wiring`, `rule`, `claim`, `assumption` name.
        by: what takes its place: of the same kind; several only for a line, a wire or a rule.

    Raises:
        DefinitionError: nothing takes its place, or something of another kind.
    """
    meant = named(what)
    if not by:
        raise BadVariant(f"replaced({meant.words})", "nothing takes its place", "To take it away write leaves_out=.")
    if any(field_of(one) != meant.field for one in by):
        raise BadVariant(f"replaced({meant.words})", "something of another kind would take its place")
    if len(by) > 1 and meant.field not in ("transitions", "wires", "rules"):
        raise BadVariant(f"replaced({meant.words})", "several things would take its place", "Add the others.")
    return Replaced(meant, by_state_left(by))


@attrs.frozen(eq=False)
class Retracted:
    """A claim of the base that is expected not to hold any more. Made by `retracted`."""

    sentence: str
    because: str


def retracted(sentence: str, *, because: str) -> Retracted:
    """The claim of this sentence does not hold here, for this reason: `fsm verify` shows the run that breaks it.

    Raises:
        DefinitionError: no reason is given.
    """
    if not because.strip():
        raise BadVariant(f"retracted({sentence!r})", "is given no reason", "Say in words why it does not hold here.")
    return Retracted(sentence, because)


@attrs.frozen(eq=False)
class Variant:
    """What is different in a machine or a system.

    Attributes:
        name: in a few words; each variant of a declaration has another.
        base: the machine or system of which it is one. Whatever has the same name and what is named here can be varied.
        doc: a sentence.
        adds: states, variables, lines, properties, assumptions, profiles; for a system also parts, wires, rules and parameters.
            They stand behind what the base has.
        replaces: each made by `replaced`.
        leaves_out: things of the base, or what `line`, `wiring`, `rule`, `claim`, `assumption` name.
        retracts: claims that are expected to be broken, each made by `retracted`; they stay so in whatever is built on it.
        restores: sentences of claims that hold again.
        machines: for a system, variants of its machines that belong to it; each is made once.

    Raises:
        DefinitionError: it is none; what it says of its base is checked by `varied`.
    """

    name: str
    base: Machine | System
    doc: str = ""
    adds: tuple[Any, ...] = attrs.field(default=(), converter=by_state_left)
    replaces: tuple[Replaced, ...] = ()
    leaves_out: tuple[Any, ...] = ()
    retracts: tuple[Retracted, ...] = ()
    restores: tuple[str, ...] = ()
    machines: tuple[Variant, ...] = ()
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        where = f"variant {self.name!r}"
        faults = Faults()
        with faults.of(self):
            if not isinstance(self.base, Machine | System):
                raise BadVariant(where, f"{shown(self.base)} is no machine or system")
            if not self.name.strip():
                raise BadVariant("variant", "has no name", "Say what is different, in a few words.")
            for field, kind in (
                ("replaces", Replaced),
                ("retracts", Retracted),
                ("restores", str),
                ("machines", Variant),
            ):
                check_tuple(where, field, getattr(self, field), kind)
            if self.machines and self.of_a_machine:
                raise BadVariant(where, "is one of a machine, and names variants of machines")
            if any(not one.of_a_machine for one in self.machines):
                raise BadVariant(where, "names a variant of a system among those of its machines")
        faults.tell()

    def __repr__(self) -> str:
        return f"<Variant {self.name} of {self.base.name}>"

    @property
    def of_a_machine(self) -> bool:
        """Whether it varies a machine."""
        return isinstance(self.base, Machine)

    @property
    def brought(self) -> tuple[Any, ...]:
        """What it adds, and what it puts in the place of something."""
        return (*self.adds, *(new for one in self.replaces for new in one.by))

    @property
    def left_out(self) -> tuple[Named, ...]:
        """What it takes away."""
        return tuple(named(one) for one in self.leaves_out)
