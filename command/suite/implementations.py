"""A derived test of somebody's own code, as an item of pytest's: Hypothesis is loaded when one is run."""

from __future__ import annotations

import inspect
from os.path import isfile
from pathlib import Path
from typing import Any

from fsm.command.invocation.endings import NoTarget, WrongUsage
from fsm.command.invocation.importing import module_from_file, module_from_name
from fsm.command.invocation.output import printable
from fsm.command.invocation.versions import version_of
from fsm.command.project.configuration import Configuration, Implementation
from fsm.command.project.discovery import relative
from fsm.command.project.fixing import fixed
from fsm.errors import BadAdapter
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.verification.testing import RunFailed
from fsm.verification.testing.running import run

__all__ = ["compare", "told"]

FORMS = "Write module:NAME or path/to/file.py:NAME."


def compare(target: Machine | System, code: Implementation, project: Configuration) -> None:
    """Draw runs, under the version and the values that the configuration proves, and compare after each step.

    Raises:
        RunFailed: it does something else than is declared.
        WrongUsage: the adapter is not there or cannot be imported.
    """
    run(target, _params(target, project), implementation=adapter_of(code), examples=code.examples)


def told(failure: BaseException, code: Implementation, name: str) -> str | None:
    """A failure in words, with the place of the code that is tested; None where it is an error of that code, whose own lines say more."""
    match failure:
        case RunFailed():
            lines = [*str(failure).split("\n"), f"{_place(code)}{name}"]
            return "\n".join(map(printable, lines))
        case BadAdapter():
            return f"{printable(str(failure))}\n{_place(code)}{name}"
        case WrongUsage():
            return printable(failure.format_message())
    return None


def adapter_of(code: Implementation) -> Any:
    """What the configuration names.

    Raises:
        NoTarget: nothing has that name, or what has it cannot be called.
    """
    place, _, name = code.adapter.rpartition(":")
    if place.endswith(".py") and not isfile(place):
        raise NoTarget(f"there is no file {place}. {FORMS}")
    module = module_from_file(Path(place)) if place.endswith(".py") else module_from_name(place, FORMS)
    found = vars(module).get(name)
    if not callable(found):
        raise NoTarget(f"{place} has no class or function {name} that makes an adapter.")
    return found


def _params(target: Machine | System, project: Configuration) -> dict[str, Any]:
    first = target.profiles[0] if target.profiles else None
    profile = version_of(target, project.profile) if project.profile is not None and target.profiles else first
    version = fixed(target, profile, project.values)
    return {} if version is None else dict(version.within(as_system(target).parameters).values)


def _place(code: Implementation) -> str:
    """Where it stands, as a pipeline reads it: `shop/vault.py:12: `."""
    try:
        found = adapter_of(code)
        return f"{relative(inspect.getsourcefile(found) or '')}:{inspect.getsourcelines(found)[1]}: "
    except (WrongUsage, OSError, TypeError):
        return ""
