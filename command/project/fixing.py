"""Values of parameters that the configuration fixes, as part of the version that is proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fsm.command.invocation.endings import BadSettings
from fsm.language.composition import as_system
from fsm.language.domains import Booleans, Enumeration
from fsm.language.expressions import Param
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System

__all__ = ["CONFIGURED", "check_values", "fixed"]

CONFIGURED = "as-configured"
"""What a version is called that is none of the declaration's, but only values of the configuration."""


def check_values(targets: Sequence[Machine | System], values: Mapping[str, Any]) -> None:
    """Refuse a value of a parameter that none of these has.

    Raises:
        BadSettings: there is none.
    """
    known = {param.name for target in targets for param in as_system(target).parameters}
    for name in values:
        if name not in known:
            raise BadSettings(
                f"[tool.fsm.values] fixes {name!r}; there is no such parameter: there are {', '.join(sorted(known)) or 'none'}."
            )


def fixed(target: Machine | System, profile: NamedProfile | None, values: Mapping[str, Any]) -> NamedProfile | None:
    """The version with what the configuration fixes besides; as it is where that is nothing of this target.

    Raises:
        BadSettings: a value is none of the parameter, or the version says another.
    """
    params = {param.name: param for param in as_system(target).parameters}
    own = {name: _value(params[name], value) for name, value in values.items() if name in params}
    if not own:
        return profile
    told = ", ".join(f"{name} = {values[name]}" for name in own)
    if profile is None:
        return NamedProfile(CONFIGURED, own, doc=f"{told} by configuration")
    for name, value in own.items():
        if profile.values.get(name, value) != value:
            raise BadSettings(
                f"[tool.fsm.values] fixes {name} = {values[name]}, and version {profile.name} of {target.name} has another."
            )
    doc = f"{profile.doc}; {told} by configuration" if profile.doc else f"{told} by configuration"
    return NamedProfile(profile.name, {**profile.values, **own}, profile.since, doc)


def _value(param: Param[Any], value: Any) -> Any:
    """A value as TOML has it, as one of the parameter."""
    found: Any = None
    match param.domain:
        case Booleans():
            found = value if type(value) is bool else None
        case Enumeration(members=members):
            found = next((one for one in members if type(value) is str and one.name.lower() == value.lower()), None)
        case _:
            found = value if type(value) is int else None
    if found is None or not param.domain.contains(found):
        raise BadSettings(f"[tool.fsm.values] {param.name}: {value!r} is not {param.domain}.")
    return found
