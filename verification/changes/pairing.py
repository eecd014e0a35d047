"""Two declarations with one class for each event, effect and enumeration that both have: what is sent to one can be sent to the other.

What has one name and says the same in both is one thing; a doc is nothing that runs, and neither is the module of a class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fsm.canonical.reading import read_document
from fsm.canonical.renaming import Name, renamed
from fsm.canonical.writing import classes, document
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["NoSuchName", "names_of", "paired", "with_names"]

NAMED = frozenset({
    "enumeration", "member", "event", "event field", "effect", "effect field", "parameter", "machine", "state", "variable", "system", "part", "key",
})  # fmt: skip
"""What is called otherwise where that is said: what a run, a snapshot or a profile names."""


class NoSuchName(Exception):
    """Nothing of the older declaration is called so; its text is the name."""


def names_of(one: Machine | System) -> frozenset[str]:
    """What can be called otherwise."""
    met: set[str] = set()

    def name(said: Name) -> str:
        met.update([said.text] if said.kind in NAMED else [])
        return said.text

    renamed(document(one), name)
    return frozenset(met)


def with_names(old: Machine | System, names: Mapping[str, str]) -> Machine | System:
    """The older declaration with what is called otherwise since then.

    Raises:
        NoSuchName: nothing is called so.
        BadInput: under these names it would be no declaration.
    """
    if not names:
        return old
    met: set[str] = set()

    def name(one: Name) -> str:
        if one.kind not in NAMED or one.text not in names:
            return one.text
        met.add(one.text)
        return names[one.text]

    made = renamed(document(old), name)
    for wanted in names:
        if wanted not in met:
            raise NoSuchName(wanted)
    return read_document(made, stand_ins=True)


def paired(old: Machine | System, new: Machine | System) -> tuple[System, System]:
    """Both as systems that share classes: as they are where they do so already, else read back without docs.

    Raises:
        BadInput: a declaration cannot be read back, since a name of it is no Python.
    """
    before, after = as_system(old), as_system(new)
    if _share(before, after):
        return before, after
    first = _read(old, None)
    return as_system(first), as_system(_read(new, first))


def _share(old: System, new: System) -> bool:
    """Whether what has one name in both is the same classes in both."""
    known, other = classes(old), classes(new)
    pairs = ((known.events, other.events), (known.effects, other.effects), (known.enumerations, other.enumerations))
    return all(
        _named(mine, one.__name__) == _named(theirs, one.__name__)
        for mine, theirs in pairs
        for one in mine
        if _named(theirs, one.__name__)
    )


def _named(known: Sequence[type], name: str) -> set[type]:
    return {one for one in known if one.__name__ == name}


def _read(declaration: Machine | System, known: Machine | System | None) -> Machine | System:
    """A declaration from its canonical form, with the classes of another where they say the same."""
    tree = renamed(document(declaration), lambda one: "" if one.kind == "doc" else one.text)
    tree["types"] = [_anywhere(row) for row in tree["types"]]
    if known is None:
        return read_document(tree, stand_ins=True)
    shared = classes(known)
    records = (*shared.events, *shared.effects)
    return read_document(tree, stand_ins=True, enumerations=shared.enumerations, records=records)


def _anywhere(row: Any) -> Any:
    """A type of carried data by its name alone, wherever it is declared; values of it are taken for what they are called."""
    match row:
        case {"class": [module, name]} if module != "builtins":
            return {"class": ["", name]}
        case {"new": [_, name, _]}:
            return {"class": ["", name]}
        case _:
            return row
