"""Modules of one name in different folders: each model file gets those of its own folders, whichever was read before it.

Two folders may each have a `rules.py`. Python knows modules by their names alone, so that the second model file would be made of
the first one's rules, and proved. Inside a block that reads one file, what comes from folders that are not searched for it is
set aside; what those folders have themselves comes in, once for all files that import it.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from importlib.machinery import PathFinder
from os.path import basename, dirname
from pathlib import Path
from types import ModuleType

__all__ = ["loaded_from", "namesakes_aside"]

_searched: set[str] = set()
"""Folders in which modules of somebody's model were searched so far."""
_aside: list[dict[str, ModuleType]] = []
"""Modules that another one of their name stands for at present, each a family: a module with those inside it."""


@contextmanager
def namesakes_aside(folders: Sequence[str]) -> Iterator[None]:
    """Inside this block, modules of other folders than are searched now stand for none of their name.

    Args:
        folders: those that are searched first, in this block; `sys.path` begins with them.
    """
    before: dict[str, dict[str, ModuleType]] = {}
    for name, family in _families({name for name in sys.modules if _is_of_another(name)}).items():
        before[name] = _taken_out(family)
        sys.modules.update(_kept_aside(name))
    _searched.update(folders)
    try:
        yield
    finally:
        own = _families(before)
        for name, modules in before.items():
            if name in own:
                _aside.append(_taken_out(own[name]))
            sys.modules.update(modules)


def loaded_from(file: Path) -> ModuleType | None:
    """The module of a file that is read already, under whatever name; its functions and events are those that others know."""
    known = [*sys.modules.values(), *(module for family in _aside for module in family.values())]
    return next((module for module in known if getattr(module, "__file__", None) == str(file)), None)


def _is_of_another(name: str) -> bool:
    """Whether a module comes from a folder that was searched for another file, and would not be found there now."""
    module = sys.modules[name]
    if "." in name or name in ("fsm", "__main__") or _home(module) not in _searched:
        return False
    return _home(module) not in sys.path or _place(name) not in (None, _where(module))


def _home(module: ModuleType) -> str | None:
    """The folder in which a module or package was found."""
    where = _where(module)
    if where is None:
        return None
    folder = dirname(where)
    return dirname(folder) if basename(where) == "__init__.py" else folder


def _where(module: ModuleType) -> str | None:
    """The file of a module; of a package without one its folder."""
    file = getattr(module, "__file__", None)
    if isinstance(file, str):
        return file
    return next(iter(getattr(module, "__path__", ())), None)


def _place(name: str) -> str | None:
    """Where a module of this name is found now."""
    spec = PathFinder.find_spec(name)
    if spec is None:
        return None
    return spec.origin if spec.has_location else next(iter(spec.submodule_search_locations or ()), None)


def _families(names: Container[str]) -> dict[str, list[str]]:
    """For each of these names that is known, the modules inside it, and itself: found by one look at all modules."""
    found: dict[str, list[str]] = {}
    for one in sys.modules:
        if (outermost := one.partition(".")[0]) in names:
            found.setdefault(outermost, []).append(one)
    return found


def _taken_out(family: list[str]) -> dict[str, ModuleType]:
    """Modules that are known by their names no longer."""
    return {one: sys.modules.pop(one) for one in family}


def _kept_aside(name: str) -> dict[str, ModuleType]:
    """What is found now under this name, where it was read before."""
    place = _place(name)
    if place is None:
        return {}
    for family in _aside:
        if name in family and _where(family[name]) == place:
            _aside.remove(family)
            return family
    known = loaded_from(Path(place))
    return {} if known is None or hasattr(known, "__path__") else {name: known}
