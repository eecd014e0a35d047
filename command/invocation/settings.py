"""Values of parameters from the command line: a version of the declaration, then `--set name=value`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.numbers import shortened
from fsm.command.invocation.versions import version_of
from fsm.language.domains import Booleans, Enumeration
from fsm.language.expressions import Param
from fsm.language.system import System

__all__ = ["settings"]

TRUTHS = {"true": True, "false": False}


def settings(system: System, profile: str | None, given: Iterable[str]) -> dict[str, Any]:
    """The values that a profile names, and those that are set.

    Raises:
        WrongUsage: no such profile or parameter, or a text that is no value of it.
    """
    known = {param.name: param for param in system.parameters}
    values = {} if profile is None else dict(version_of(system, profile).within(system.parameters).values)
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name not in known:
            raise WrongUsage(
                f"--set {shortened(text)}: write name=value; {system.name} has the parameters {', '.join(known) or 'none'}."
            )
        values[name] = _value(known[name], value, text)
    return values


def _value(param: Param[Any], text: str, given: str) -> Any:
    match param.domain:
        case Booleans():
            found: Any = TRUTHS.get(text.lower())
        case Enumeration(members=members):
            found = next((member for member in members if member.name.lower() == text.lower()), None)
        case _:
            found = _integer(text)
    if found is None or not param.domain.contains(found):
        raise WrongUsage(f"--set {param.name}: {shortened(text)} is not {param.domain}.")
    return found


def _integer(text: str) -> int | None:
    """None where it is none, or has more digits than Python reads (`sys.set_int_max_str_digits`)."""
    digits = text.removeprefix("-")
    try:
        return int(text) if digits.isascii() and digits.isdigit() else None
    except ValueError:
        return None
