"""Which machine a command is about: the desk, or one that the caller names.

Whatever is wrong with the name or with the file behind it becomes one line that says what,
where and what next, with exit status 2: a broken target must not look like a verdict.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from sysconfig import get_paths
from types import ModuleType, TracebackType

import fsm
from fsm.command.invocation.endings import WrongUsage
from fsm.errors import DefinitionError
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["resolve"]

FORMS = "Write package.module:NAME or path/to/machine.py:NAME."


def resolve(text: str | None) -> Machine | System:
    """The machine or system that TARGET names; without one, the agent desk.

    Raises:
        WrongUsage: no such module, file or name; not a machine; a file that cannot be imported.
    """
    if text is None:
        from fsm.desk import DESK

        return DESK
    place, colon, name = text.rpartition(":")
    if not colon or not place or not name:
        raise WrongUsage(f"{text!r} names no machine. {FORMS}")
    module = _from_file(Path(place)) if place.endswith(".py") else _from_name(place)
    found = getattr(module, name, None)
    if isinstance(found, Machine | System):
        return found
    what = f"is {_article(found)}, not a machine or system" if hasattr(module, name) else "does not exist"
    raise WrongUsage(f"{name} in {place} {what}. It has {', '.join(_machines(module)) or 'no machine or system'}.")


def _article(found: object) -> str:
    kind = type(found).__name__
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


def _machines(module: ModuleType) -> list[str]:
    return [name for name, value in vars(module).items() if isinstance(value, Machine | System)]


def _from_name(place: str) -> ModuleType:
    with _importable(Path.cwd()), Importing(place):
        return import_module(place)


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise WrongUsage(f"there is no file {path}. {FORMS}")
    path = path.resolve()
    known = sys.modules.get(path.stem)
    name = (
        path.stem
        if known is None or getattr(known, "__file__", None) == str(path)
        else f"{path.stem}_at_{path.parent.name}"
    )
    spec = spec_from_file_location(name, path)
    assert spec is not None, path
    assert spec.loader is not None, path
    module = module_from_spec(spec)
    sys.modules[name] = module  # events look up the types of their fields in the module that declares them
    with _importable(path.parent), Importing(str(path)):
        spec.loader.exec_module(module)
    return module


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """The folder is searched for modules, inside this block only."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


class Importing:
    """A block that imports somebody's module; whatever that raises becomes one line.

    It foresees every exception because the code is not ours: a target that raises at import is
    wrong usage, whatever it raises, `sys.exit()` included.
    """

    def __init__(self, place: str) -> None:
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        if isinstance(fault, Exception | SystemExit):
            raise WrongUsage(self._line(fault)) from fault

    def _line(self, fault: BaseException) -> str:
        match fault:
            case ModuleNotFoundError(name=str(name)) if self.place == name or self.place.startswith(f"{name}."):
                return f"there is no module {name}. {FORMS} Modules are searched in this folder and among what is installed."
            case ModuleNotFoundError(name=str(name)):
                return f"{self._last(fault)} imports {name}, which is not installed."
            case DefinitionError():
                return f"{self._last(fault)} declares something that cannot be: {_one_line(fault)}"
            case SyntaxError(filename=filename, lineno=line, msg=message):
                return f"{filename}, line {line} is not Python: {message}."
            case _:
                return f"{self._last(fault)} raised {type(fault).__name__} while it was imported: {_one_line(fault)}"

    def _last(self, fault: BaseException) -> str:
        """Where the caller's own file stood when it happened, as well as that can be told."""
        frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if _is_callers(frame.filename)]
        return f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else self.place


def _is_callers(filename: str) -> bool:
    """True for a file that belongs neither to Python, nor to an installed library, nor to fsm."""
    others = [Path(get_paths()[kind]) for kind in ("stdlib", "purelib", "platlib")]
    ours = [Path(fsm.__file__).parent, Path(__file__).parents[1]]
    return not filename.startswith("<") and not any(
        Path(filename).is_relative_to(folder) for folder in (*others, *ours)
    )


def _one_line(fault: BaseException) -> str:
    return " ".join(str(fault).split()) or "no message"
