"""Importing somebody's module as pytest does: by its package where it has one, and under no other module's name.

What the module prints goes to standard error; what it raises, `sys.exit()` included, becomes one line.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, NoReturn

import attrs

from fsm.command.invocation.endings import (
    BadFile,
    ModelFailed,
    WrongUsage,
    alone,
    callers_line,
    fault_in_words,
    message_of,
)
from fsm.command.invocation.files import content_of, toml_in
from fsm.command.invocation.interrupts import Interrupted, obeys_signals
from fsm.command.invocation.namesakes import loaded_from, namesakes_aside
from fsm.command.invocation.output import outsiders_print_to_stderr
from fsm.command.invocation.suggestions import near_module
from fsm.errors import DefinitionError

__all__ = ["Importing", "PackagePlace", "module_from_file", "module_from_name", "place_of"]


def module_from_name(name: str, forms: str) -> ModuleType:
    """The module of a dotted name, searched in this folder, in those of the project, and among what is installed."""
    with _searched(Path.cwd(), *source_folders(Path.cwd())), Importing(name, forms):
        return import_module(name)


def module_from_file(file: Path) -> ModuleType:
    """The module in a file: as part of its package where a file `__init__.py` stands beside it, else by itself.

    Where another module has its name already, `queue` or `json`, it gets one of its own. A file is run once: of two
    targets in it each is the object that the other knows.
    """
    file = file.resolve()
    place = place_of(file)
    name = place.first if _is_free(place.first, place.first_file) else place.alias
    dotted = ".".join([name, *place.names[1:]])
    with _searched(place.root, *source_folders(place.root)), Importing(str(file)):
        if (name == dotted or name != place.first) and not _is_loaded(name, place.first_file):
            _load(name, place.first_file)
        return import_module(dotted)


@attrs.frozen
class PackagePlace:
    """Where a file stands among packages.

    Attributes:
        root: the folder from which it is imported.
        names: its dotted name from there.
    """

    root: Path
    names: tuple[str, ...]
    in_package: bool

    @property
    def first(self) -> str:
        return self.names[0]

    @property
    def first_file(self) -> Path:
        """The file of the first name: the module itself, or its outermost package."""
        return self.root / self.first / "__init__.py" if self.in_package else self.root / f"{self.first}.py"

    @property
    def alias(self) -> str:
        """A name for what cannot have its own."""
        return re.sub(r"\W|^(?=\d)", "_", f"{self.first}_at_{self.root.name}", flags=re.ASCII)


def place_of(file: Path) -> PackagePlace:
    """The place of a file, whose path is absolute."""
    folder = file.parent
    names = [] if file.name == "__init__.py" else [file.stem]
    while (folder / "__init__.py").is_file() and folder.name.isidentifier() and folder != folder.parent:
        names.insert(0, folder.name)
        folder = folder.parent
    return PackagePlace(folder, tuple(names or [file.stem]), folder != file.parent)


def _is_free(name: str, file: Path) -> bool:
    """Whether no other module has this name: none of Python's, none that is imported, none that is installed."""
    if name in sys.stdlib_module_names or not name.isidentifier():
        return False
    known = sys.modules.get(name)
    if known is not None:
        return _is_loaded(name, file)
    spec = PathFinder.find_spec(name)
    return spec is None or spec.origin is None or Path(spec.origin).resolve() == file


def _is_loaded(name: str, file: Path) -> bool:
    return getattr(sys.modules.get(name), "__file__", None) == str(file)


def _load(name: str, file: Path) -> None:
    known = loaded_from(file)
    if known is not None and not hasattr(known, "__path__"):
        sys.modules[name] = known
        return
    folders = [str(file.parent)] if file.name == "__init__.py" else None
    spec = spec_from_file_location(name, file, submodule_search_locations=folders)
    assert spec is not None, file
    assert spec.loader is not None, file
    sys.modules[name] = module = module_from_spec(spec)  # events look up the types of their fields there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise


@contextmanager
def _searched(*folders: Path) -> Iterator[None]:
    """The folders are searched for modules first, inside this block only; but a file there replaces none of Python's own."""
    before = list(sys.path)
    finder = _StandardLibrary(before)
    sys.path[:0] = dict.fromkeys(map(str, folders))
    sys.meta_path.insert(0, finder)
    try:
        with namesakes_aside([str(folder) for folder in folders]):
            yield
    finally:
        sys.meta_path.remove(finder)
        sys.path[:] = before


def source_folders(folder: Path) -> list[Path]:
    """Where the project around a folder keeps its packages: `src`, and what pytest is told to search (`pythonpath`)."""
    file = next((file for above in (folder, *folder.parents) if (file := above / "pyproject.toml").is_file()), None)
    if file is None:
        return []
    return [file.parent / one for one in ("src", *_pythonpath(file)) if os.path.isdir(file.parent / one)]


def _pythonpath(file: Path) -> list[str]:
    """What pytest is told; nothing where that cannot be read, which is pytest's to say."""
    try:
        told: Any = toml_in(file, content_of(file))["tool"]["pytest"]["ini_options"]["pythonpath"]
    except (BadFile, KeyError, TypeError):
        return []
    names = told.split() if isinstance(told, str) else told if isinstance(told, list) else []
    return [name for name in names if isinstance(name, str) and "\0" not in name]


def _installed(name: str) -> list[Path]:
    """The folder around a package that is imported already: others that are installed are not looked through."""
    package = sys.modules.get(name.partition(".")[0])
    return [Path(folder).parent for folder in getattr(package, "__path__", ())]


class _StandardLibrary:
    """Finds Python's own modules where they are, whatever stands in the folder of a model file."""

    def __init__(self, path: Sequence[str]) -> None:
        self.path = path

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        standard = path is None and name in sys.stdlib_module_names and name not in sys.builtin_module_names
        return PathFinder.find_spec(name, self.path) if standard else None


class Importing:
    """A block that runs somebody's module; whatever that raises becomes one line.

    It foresees every exception because the code is not ours: a target that raises at import is
    wrong usage, whatever it raises. `os._exit` is refused there as `sys.exit` is: it would leave with the status
    of a verdict.
    """

    def __init__(self, place: str, forms: str = "") -> None:
        self.place, self.forms = place, forms

    def __enter__(self) -> None:
        self._exit, os._exit = os._exit, _no_exit
        self._quiet = outsiders_print_to_stderr()
        self._quiet.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        os._exit = self._exit
        self._quiet.__exit__(None, None, None)
        if fault is None or isinstance(fault, WrongUsage | Interrupted):
            return
        if isinstance(fault, KeyboardInterrupt) and not obeys_signals():
            return  # a key, as far as anybody can tell
        others = fault.others if isinstance(fault, DefinitionError) else ()
        raise ModelFailed(self._line(fault), map(fault_in_words, others), getattr(fault, "code", None)) from fault

    def _line(self, fault: BaseException) -> str:
        match fault:
            case ModuleNotFoundError(name=str(name)) if self.place == name or self.place.startswith(f"{name}."):
                near = near_module(self.place, [Path.cwd(), *source_folders(Path.cwd()), *_installed(self.place)])
                return f"there is no module {name}. {near}{self.forms} Modules are searched in this folder and among what is installed."
            case ModuleNotFoundError(name=str(name)):
                return f"{self._last(fault)} imports {name}, which is not installed."
            case DefinitionError():
                place = f"{fault.written[0]}, line {fault.written[1]}" if fault.written else self._last(fault)
                return f"{place} declares something that cannot be: {message_of(alone(fault))}"
            case SyntaxError(filename=filename, lineno=line, msg=message):
                return f"{filename}, line {line} is not Python: {message}."
            case _:
                return f"{self._last(fault)} raised {type(fault).__name__} while it was imported: {message_of(fault)}"

    def _last(self, fault: BaseException) -> str:
        """Where the caller's own file stood when it happened, as well as that can be told."""
        return callers_line(fault, or_below=True) or self.place


def _no_exit(status: int) -> NoReturn:
    raise SystemExit(status)
