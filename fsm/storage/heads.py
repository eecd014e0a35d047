"""Whose a document is: the first fields of a snapshot, read before its content, since another declaration has another form."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fsm.errors import OtherDeclaration
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.runtime.inputs import Accepts
from fsm.storage.codec import difference, kind_of_domain
from fsm.storage.migration import Migration, Migrations
from fsm.storage.misfit import Misfit, told
from fsm.storage.reading import Reader, read_record, reader_of
from fsm.storage.schema import VERSION
from fsm.storage.writing import Writer, writer_of
from fsm.strict_json import DOCUMENT

__all__ = ["check_head", "profile_in", "profile_out"]


def check_head(engine: Accepts, tree: Any, migrations: Migrations | None) -> tuple[Migration, ...]:
    """Whose snapshot it is: of this version, system and declaration, and made under these parameters.

    Returns:
        the migrations that it needs; an older declaration may have had another name.

    Raises:
        BadSnapshot: it is somebody else's, and no migration leads here; with what to do.
    """
    if type(tree) is not dict or not all(type(name) is str for name in tree):
        raise OtherDeclaration(DOCUMENT, f"{brief(tree)} is not an object")
    layout = engine.layout
    way = migrations.way(tree.get("fingerprint"), layout.fingerprint) if migrations is not None else ()
    older = ("system", "fingerprint") if way else ()
    for name, wanted in (("version", VERSION), ("system", layout.system), ("fingerprint", layout.fingerprint)):
        if name not in tree:
            raise OtherDeclaration(name, "is missing")
        given = tree[name]
        if name not in older and (type(given) is not type(wanted) or given != wanted):
            known = (
                migrations.leading_to(layout.fingerprint) if migrations is not None and name == "fingerprint" else ()
            )
            raise OtherDeclaration(name, f"{brief(given)} is not {wanted!r}", WAY_OUT[name] + _ways(known))
    _check_profile(engine, tree, older=bool(way))
    return way


def _ways(known: tuple[str, ...]) -> str:
    return f" The migrations that were given lead here from {', '.join(known)}." if known else ""


def _check_profile(engine: Accepts, tree: dict[str, Any], *, older: bool) -> None:
    """Raise BadSnapshot unless it was made under the engine's parameters; of an older declaration those are compared that both have."""
    if "profile" not in tree:
        raise OtherDeclaration("profile", "is missing")
    given, mine = tree["profile"], profile_out(engine.system, engine.params)
    if older and type(given) is dict:
        mine = {name: value for name, value in mine.items() if name in given}
        given = {name: given[name] for name in mine}
    differs = difference(given, mine, "profile")
    if differs is not None:
        where, one, other = differs
        raise OtherDeclaration(where, f"{brief(one)} is not {brief(other)}", WAY_OUT["profile"])


@lru_cache(maxsize=64)
def _forms(system: System) -> tuple[dict[str, Reader], dict[str, Writer]]:
    kinds = {param.name: kind_of_domain(param.domain) for param in system.parameters}
    return (
        {name: reader_of(kind) for name, kind in kinds.items()},
        {name: writer_of(kind) for name, kind in kinds.items()},
    )


def profile_out(system: System, values: Any) -> dict[str, Any]:
    """The value of every parameter as a document has it."""
    _, writers = _forms(system)
    return {name: write(values[name]) for name, write in writers.items()}


def profile_in(system: System, tree: Any) -> dict[str, Any]:
    """The value of every parameter that a document says it was made under.

    Raises:
        BadSnapshot: one is missing, too much, or not of its type and range.
    """
    readers, _ = _forms(system)
    try:
        return dict(zip(readers, read_record(tree, readers), strict=True))
    except Misfit as wrong:
        raise told(wrong, "profile") from None


WAY_OUT = {
    "version": "Load it with the release that wrote it, or write it again with this one.",
    "system": "Load it with the system that wrote it.",
    "fingerprint": (
        "The declaration has changed since. Load it with the declaration that wrote it; to bring it over, a migration "
        "must say what becomes of every state, variable and timer that is no longer the same (fsm.storage.Migration)."
    ),
    "profile": (
        "It was made under other parameters. Load it under those, or take it over with take_over(), which checks "
        "what must always hold."
    ),
}
