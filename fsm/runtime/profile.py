"""A value for every parameter, checked."""

from __future__ import annotations

from typing import Any

from fsm.errors import BadInput
from fsm.language.expressions import Param
from fsm.language.parameters import Profile
from fsm.language.printing import value_in_words
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.semantics.evaluation import interpret

__all__ = ["complete"]


def complete(system: System, profile: Profile) -> dict[str, Any]:
    """A value for every parameter of the system.

    Raises:
        BadInput: an unknown name, a value out of range, or a profile that breaks an assumption.
    """
    known = {param.name: param for param in system.parameters}
    for name, value in profile.items():
        if name not in known:
            raise BadInput(
                f"profile.{name}", f"{system.name} has no such parameter", f"It has {', '.join(known) or 'none'}."
            )
        if not known[name].domain.contains(value):
            raise BadInput(f"profile.{name}", f"{value!r} is not {known[name].domain}")
    values = {name: profile.get(name, param.default) for name, param in known.items()}
    for assumption in system.all_assumptions:
        if not interpret(assumption.that, params=values):
            named = dict.fromkeys(node.name for node in walk(assumption.that) if isinstance(node, Param))
            given = ", ".join(f"{name} = {value_in_words(values[name])}" for name in named)
            raise BadInput("profile", f"breaks the assumption {assumption.name!r}: {assumption.that}; given {given}")
    return values
