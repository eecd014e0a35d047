"""TARGET: which machine or system a command is about.

Whatever is wrong with the name or with the file behind it becomes one line that says what,
where and what next, with exit status 2: a broken target must not look like a verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from os.path import isfile  # a name that no file can have is that of none
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from fsm.command.invocation.endings import NoTarget
from fsm.command.invocation.here import declared_in, machines_here
from fsm.command.invocation.importing import Importing, module_from_file, module_from_name
from fsm.command.invocation.suggestions import near_file, near_name
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["module_of", "resolve", "target_argument", "targets_argument"]

FORMS = "Write package.module:NAME or path/to/machine.py:NAME."

Decorator = Callable[[Any], Any]


def target_argument() -> Decorator:
    """The TARGET of a command; without one it says what could be named: a forgotten target is not well."""
    return click.argument("target", metavar="TARGET", required=False, callback=_given)


def targets_argument() -> Decorator:
    """As `target_argument`, for a command that takes several."""
    return click.argument("targets", metavar="TARGET...", nargs=-1, callback=_given)


def _given(context: click.Context, parameter: click.Parameter, value: Any) -> Any:
    if not value:
        raise click.UsageError(f"name a TARGET. {FORMS}\n{machines_here(Path.cwd())}")
    return value


def resolve(text: str) -> Machine | System:
    """The machine or system that TARGET names.

    Raises:
        WrongUsage: no such module, file or name; not a machine; a file that cannot be imported.
    """
    _, _, name = text.rpartition(":")
    module = module_of(text)
    value = _attribute(module, name)
    if issubclass(type(value), Machine | System):  # of its class, since `__class__` may be anybody's code
        return value  # type: ignore[no-any-return]
    what = "does not exist" if value is ABSENT else f"is {_article(value)}, not a machine or system"
    place = text.rpartition(":")[0]
    near = near_name(name, _machines(module), f"{place}:")
    raise NoTarget(f"{name} in {place} {what}. {near}It has {', '.join(_machines(module)) or 'no machine or system'}.")


def module_of(text: str) -> Any:
    """The module in which TARGET stands, imported.

    Raises:
        WrongUsage: as `resolve`.
    """
    place, colon, name = text.rpartition(":")
    if not colon or not place or not name or "\0" in text:
        raise NoTarget(f"{text!r} names no machine. {_known(text)}")
    if not place.endswith(".py"):
        return module_from_name(place, FORMS)
    if not isfile(place):
        raise NoTarget(f"there is no file {place}. {near_file(Path(place))}{FORMS}")
    return module_from_file(Path(place))


def _known(text: str) -> str:
    """What to write instead: the machines of a file, where that is what was named."""
    names = declared_in(Path(text)) if text.endswith(".py") and "\0" not in text else []
    return f"Write {' or '.join(f'{text}:{name}' for name in names)}." if names else FORMS


ABSENT = object()


def _attribute(module: Any, name: str) -> Any:
    """What stands in a module under a name; a module may make its attributes when they are asked for."""
    if name in _namespace(module):
        return _namespace(module)[name]
    with Importing(str(getattr(module, "__name__", name))):
        return getattr(module, name, ABSENT)


def _namespace(module: Any) -> dict[str, Any]:
    return vars(module) if isinstance(module, ModuleType) else {}


def _article(value: object) -> str:
    kind = type(value).__name__
    return f"{'an' if kind[:1] in 'AEIOUaeiou' else 'a'} {kind}"


def _machines(module: Any) -> list[str]:
    return [name for name, value in _namespace(module).items() if issubclass(type(value), Machine | System)]
