"""What TARGET names where it is more than one machine: a file, a folder or a package.

Of a file: every machine and system that it declares, not those that it imports. Of a folder or a package: of each
of its files that imports `fsm` or makes a machine with what another module hands on of it; other files are not run, nor are tests, which fsm does not collect.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from os.path import exists, isdir, isfile  # a name that no file can have is that of none
from pathlib import Path
from types import ModuleType
from typing import Any

from fsm.command.invocation.endings import NoTarget
from fsm.command.invocation.importing import module_from_file, module_from_name
from fsm.command.invocation.suggestions import near_file
from fsm.command.invocation.target import resolve
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["FORMS", "absolute", "place_in_words", "relative", "targets_in"]

FORMS = "Write package.module:NAME or path/to/machine.py:NAME; or name a package, a file or a folder for all that it declares."
NEVER = frozenset({"node_modules", "build", "dist", "venv", "env", "site-packages", "__pycache__"})
"""Folders that are not one's own; nor are those that begin with a dot."""
MAKERS = frozenset({"Machine", "System", "varied"})
"""What makes a machine or system, by whatever module it is handed on."""
LARGEST = 1_000_000
"""Bytes of a file that is read; a declaration is no larger."""

Target = Machine | System


def targets_in(name: str) -> list[tuple[str, Target]]:
    """The machines and systems that a TARGET names, each with the name of it alone.

    Raises:
        NoTarget: there is nothing of that name, or nothing is declared there, or it cannot be imported.
    """
    if "\0" in name or not name:
        raise NoTarget(f"{name!r} names no machine. {FORMS}")
    if isdir(name):
        return _some(name, [one for file in _files(Path(name)) for one in _of_file(file)])
    if name.endswith(".py"):
        if not isfile(name):
            raise NoTarget(f"there is no file {name}. {near_file(Path(name))}{FORMS}")
        return _some(name, _of_file(Path(name)))
    if ":" in name:
        return [(name, resolve(name))]
    if "/" in name or "\\" in name:
        raise NoTarget(f"there is no file or folder {name}. {near_file(Path(name))}{FORMS}")
    return _some(name, _of_package(name))


def place_in_words(written: tuple[str, int] | None) -> str:
    """Where something is declared: `models/door.py, line 7`; nothing where nobody knows."""
    return "" if written is None else f"{relative(written[0])}, line {written[1]}"


def relative(file: str) -> str:
    """A file as seen from this folder, where it stands below it."""
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def absolute(name: str) -> str:
    """What a TARGET or another name of something in a file names, wherever one may have gone by then."""
    path, colon, inside = name.rpartition(":") if ".py:" in name else (name, "", "")
    return f"{Path(path).resolve()}{colon}{inside}" if exists(path) else name


def _some(name: str, found: list[tuple[str, Target]]) -> list[tuple[str, Target]]:
    if not found:
        raise NoTarget(f"{name} declares no machine or system. {FORMS}")
    return found


def _of_file(file: Path) -> list[tuple[str, Target]]:
    """What a file declares, imported."""
    return [(f"{file.as_posix()}:{name}", value) for name, value in _declared(module_from_file(file), file)]


def _of_package(name: str) -> list[tuple[str, Target]]:
    """What a module declares; of a package each of its modules, imported by their own names."""
    module = module_from_name(name, FORMS)
    folders = [Path(folder) for folder in getattr(module, "__path__", ())]
    if not folders:
        return [(f"{name}:{one}", value) for one, value in _declared(module, Path(str(module.__file__)))]
    found = []
    for folder in folders:
        for file in _files(folder):
            inner = [part for part in file.relative_to(folder).with_suffix("").parts if part != "__init__"]
            dotted = ".".join([name, *inner])
            found += [(f"{dotted}:{one}", value) for one, value in _declared(module_from_name(dotted, FORMS), file)]
    return found


def _files(folder: Path, around: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """The files of a folder that may declare something, by name; a link to a folder around it is not followed."""
    around |= {folder.resolve()}
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if (
                path.resolve() not in around
                and not path.name.startswith(".")
                and path.name not in NEVER
                and not (path / "pyvenv.cfg").exists()
            ):
                yield from _files(path, around)
        elif path.suffix == ".py" and not _is_test(path.name) and _may_declare(path):
            yield path


def _is_test(name: str) -> bool:
    return name.startswith("test_") or name.endswith("_test.py") or name in ("conftest.py", "setup.py", "__main__.py")


def _tree(file: Path) -> ast.Module | None:
    """A file that may be Python; nothing of it is run."""
    try:
        return None if file.stat().st_size > LARGEST else ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _may_declare(file: Path) -> bool:
    """Whether it imports `fsm`, or makes a machine with what another module hands on of it.

    What cannot be read as Python but speaks of it is imported, which says what is wrong there.
    """
    tree = _tree(file)
    if tree is None:
        return b"fsm" in file.read_bytes()
    return "fsm" in {name.partition(".")[0] for name in _modules_imported(tree)} or not MAKERS.isdisjoint(_called(tree))


def _called(tree: ast.Module) -> Iterator[str]:
    """The last names of what is called: `Machine` of `prelude.Machine(...)`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                yield name


def _modules_imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(name), level=0):
                yield name
            case ast.Import(names=names):
                yield from (alias.name for alias in names)


def _declared(module: ModuleType, file: Path) -> list[tuple[str, Target]]:
    """The machines and systems of a module that it does not import from elsewhere, each under its first name."""
    imported = _imported_names(file)
    found: list[tuple[str, Target]] = []
    for name, value in list(vars(module).items()):
        if issubclass(type(value), Machine | System) and name not in imported and not _is_in(value, found):
            found.append((name, value))
    _check_named(module, file, [value for _, value in found])
    return found


def _check_named(module: ModuleType, file: Path, named: Sequence[Target]) -> None:
    """Refuse a machine or system that stands in a list, a mapping or a class alone: without a name it would be passed over."""
    known = [*named, *(part.machine for one in named if isinstance(one, System) for part in one.parts)]
    for name, value in list(vars(module).items()):
        for one in _held(value) if not name.startswith("__") else ():
            if not any(one is other for other in known) and not _has_name_elsewhere(one, module):
                raise NoTarget(
                    f"{place_in_words(one.written) or file.as_posix()}: {one.name} stands in {name} of {file.as_posix()} and has no name of its own in a module; "
                    "what has none is not proved. Give it one."
                )


def _held(value: Any, depth: int = 3) -> Iterator[Target]:
    """The machines and systems inside what a module names; nothing of the author's is called for it."""
    inside: Sequence[Any] = ()
    if type(value) in (list, tuple, set, frozenset):
        inside = list(value)
    elif type(value) is dict:
        inside = list(value.values())
    elif type(value) is type:
        inside = list(vars(value).values())
    for one in inside if depth else ():
        if issubclass(type(one), Machine | System):
            yield one
        else:
            yield from _held(one, depth - 1)


def _has_name_elsewhere(target: Target, module: ModuleType) -> bool:
    """Whether another module names it, and answers for it."""
    others = [one for one in list(sys.modules.values()) if one is not module and issubclass(type(one), ModuleType)]
    return any(value is target for one in others for value in list(vars(one).values()))


def _imported_names(file: Path) -> frozenset[str]:
    """The names that a file has from others and gives to nothing of its own."""
    nodes: Sequence[Any] = list(ast.walk(tree)) if (tree := _tree(file)) is not None else []
    names = {alias.asname or alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    return frozenset(
        names - {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    )


def _is_in(value: Target, found: Sequence[tuple[str, Target]]) -> bool:
    return any(value is known for _, known in found)
