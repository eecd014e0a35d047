"""What a declaration remembers of how it was made from another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from fsm.language.expressions import Expr
from fsm.language.machine import Machine, State
from fsm.language.system import System
from fsm.variants.variant import Variant

__all__ = ["Derivation", "Withdrawn", "derivation"]


@attrs.frozen
class Withdrawn:
    """A claim of the base that says something of what is gone.

    Attributes:
        what: what is gone, in words.
        by: the name of the variant that takes it away.
    """

    sentence: str
    what: str
    by: str


@attrs.frozen(eq=False)
class Derivation:
    """A base, and the variants by which something was made from it.

    Attributes:
        base: a machine or a system.
        variants: in the order in which they are made.
        added: what variants brought, as the result has it: the objects themselves.
        withdrawn: claims of the base that are not in the result.
        states: what was put in the place of a state, by the names of the machine and the state.
        leaves: what was put in the place of a variable or a parameter, by identity.
        gone: what was taken away, with the name of the variant that did; the names are those of `names_in`.
        contents: what the result was made of.
    """

    base: Machine | System
    variants: tuple[Variant, ...]
    added: tuple[Any, ...]
    withdrawn: tuple[Withdrawn, ...]
    states: Mapping[tuple[str, str], State]
    leaves: Mapping[int, Expr[Any]]
    gone: Mapping[tuple[Any, ...], str]
    contents: Mapping[str, Any] = attrs.field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the variants."""
        return tuple(one.name for one in self.variants)


def derivation(declaration: Machine | System) -> Derivation | None:
    """How a declaration was made from another; None for one that was not, or was changed since in another way."""
    made = declaration.derived
    if isinstance(made, Derivation) and all(getattr(declaration, name) is one for name, one in made.contents.items()):
        return made
    return None
