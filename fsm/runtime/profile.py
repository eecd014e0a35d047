"""A value for every parameter, checked."""

from __future__ import annotations

from typing import Any

import attrs

from fsm.errors import BadProfile
from fsm.language.composition import inherited
from fsm.language.expressions import Param
from fsm.language.parameters import Profile
from fsm.language.printing import value_in_words
from fsm.language.properties import Modality
from fsm.language.snapshot import Snapshot
from fsm.language.system import System
from fsm.language.traversal import walk
from fsm.language.values.brief import brief
from fsm.semantics.evaluation import interpret
from fsm.semantics.satisfaction import expected, holds
from fsm.semantics.situation import Configured

__all__ = ["broken_by_profile", "complete"]


def complete(system: System, profile: Profile) -> dict[str, Any]:
    """A value for every parameter of the system.

    Raises:
        BadInput: an unknown name, a value out of range, or a profile that breaks an assumption.
    """
    known = {param.name: param for param in system.parameters}
    for name, value in profile.items():
        if name not in known:
            raise BadProfile(
                f"profile.{name}", f"{system.name} has no such parameter", f"It has {', '.join(known) or 'none'}."
            )
        if not known[name].domain.contains(value):
            raise BadProfile(f"profile.{name}", f"{brief(value)} is not {known[name].domain}")
    values = {name: profile.get(name, param.default) for name, param in known.items()}
    for assumption in system.all_assumptions:
        if not interpret(assumption.that, params=values):
            named = dict.fromkeys(node.name for node in walk(assumption.that) if isinstance(node, Param))
            given = ", ".join(f"{name} = {value_in_words(values[name])}" for name in named)
            raise BadProfile("profile", f"breaks the assumption {assumption.name!r}: {assumption.that}; given {given}")
    return values


@attrs.frozen
class _Usual:
    """A system under the defaults of its parameters."""

    system: System
    params: dict[str, Any]


def broken_by_profile(engine: Configured, start: Snapshot) -> str | None:
    """The first claim that must hold of every snapshot and that the profile makes false of the first one, in words; None when there is none.

    One that is false under the defaults too is no fault of the profile, but of the declaration, which `fsm verify` tells.
    """
    system = engine.system
    usual = _Usual(system, {param.name: param.default for param in system.parameters})
    claims = [(claim, part.machine.profiles) for part in system.parts for claim in inherited(part)]
    for claim, profiles in (*claims, *((claim, system.profiles) for claim in system.properties)):
        if (
            claim.modality is Modality.ALWAYS
            and expected(claim, profiles, engine.params)
            and not holds(engine, claim.formula, start, {})
            and holds(usual, claim.formula, start, {})
        ):
            return claim.said
    return None
