"""Snapshots of a base, brought over to a variant of it that only adds."""

from __future__ import annotations

from typing import Any

from fsm.canonical.fingerprint import fingerprint
from fsm.errors import BadVariant
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.system import System
from fsm.storage.codec import kind_of_domain, written
from fsm.storage.migration import Migration
from fsm.variants.derivation import derivation

__all__ = ["migration"]


def migration(declaration: Machine | System) -> Migration:
    """How snapshots of its base are read under a declaration that variants made: with what they add, as at the start.

    Raises:
        DefinitionError: it was made of no other; or its variants do not only add, or add a timer to a state of the base, in which an
            instance may have been for longer: then write a `Migration` that says what becomes of it.
    """
    made = derivation(declaration)
    where = f"migration to {declaration.name}"
    if made is None:
        raise BadVariant(where, "it was made by no variant")
    old, new = as_system(made.base), as_system(declaration)
    grown = [
        (part, _grown(where, next((one for one in old.parts if one.name == part.name), None), part))
        for part in new.parts
    ]

    def change(parts: dict[str, Any], now: int) -> dict[str, Any]:
        for part, added in grown:
            if added is None:
                parts[part.name] = [] if isinstance(part, Each) else _initial(part.machine, now)
            else:
                held = parts[part.name]
                for instance in held if isinstance(part, Each) else [held]:
                    instance["variables"] |= _initials(added)
        return parts

    return Migration(f"{made.base.name} varied: {', '.join(made.names)}", fingerprint(old), fingerprint(new), change)


def _grown(where: str, old: Part | None, new: Part) -> tuple[Any, ...] | None:
    """The variables that a part has and had not; None for a part that is new."""
    if old is None:
        return None
    was, now = old.machine, new.machine
    if type(old) is not type(new) or not set(was.states) <= set(now.states) or was.initial != now.initial:
        raise BadVariant(where, f"{new.name} does not only gain states", "Write a Migration.")
    kept = {id(one) for one in now.variables}
    if any(id(one) not in kept for one in was.variables):
        raise BadVariant(where, f"{new.name} does not only gain variables", "Write a Migration.")
    for state in was.states:
        if [one.event for one in was.timers(state)] != [one.event for one in now.timers(state)]:
            what = f"{new.name} has other timers in {state.name}, where an instance may have been for long"
            raise BadVariant(where, what, "Write a Migration that says which of them have fired.")
    had = {id(one) for one in was.variables}
    return tuple(one for one in now.variables if id(one) not in had)


def _initials(variables: tuple[Any, ...]) -> dict[str, Any]:
    return {one.name: written(one.initial, kind_of_domain(one.domain)) for one in variables}


def _initial(machine: Machine, now: int) -> dict[str, Any]:
    return {"state": machine.initial.name, "since": now, "spent": [], "variables": _initials(machine.variables)}
