"""Snapshots that travel as JSON, and the boundary at which one that comes back is distrusted.

    text = engine.dump(snapshot)
    snapshot = engine.load(text, now)

Loading refuses what is not of its declared type, state or range, timers that cannot stand as
they do, and whatever breaks a property that must always hold, and says where in the document it
stands. It never repairs. Properties that count effects or compare two snapshots speak of the
past, which a snapshot does not hold: they are left out.

A snapshot of an older declaration is refused, unless a migration brings it over (`fsm.storage.migration`); what
came out of it is distrusted like everything else.

The form is in `fsm.storage.schema`, the reading of text in `fsm.storage.strict_json` and of values in `fsm.storage.codec`.
"""

from __future__ import annotations

import json
from typing import Any

from fsm.errors import BadSnapshot
from fsm.language.domains import type_of
from fsm.language.machine import Machine
from fsm.language.parts import Each, Part
from fsm.language.snapshot import Instance, Snapshot
from fsm.runtime.inputs import Accepts, check_instant
from fsm.storage.codec import read, shown, written
from fsm.storage.migration import Migration, Migrations, migrated
from fsm.storage.schema import VERSION, SnapshotDocument, key_type, snapshot_type, timer_names
from fsm.storage.strict_json import DOCUMENT, below, parse, write
from fsm.storage.validation import Judging, check_properties

__all__ = ["dump", "load"]


# Out


def dump(engine: Accepts, snapshot: Snapshot) -> str:
    """A snapshot as JSON, equal for equal snapshots.

    Raises:
        BadInput: a snapshot of another system.
        BadSnapshot: a carried value or a key that would not be read back as it is: it is not of its declared type,
            or that type has no JSON form.
    """
    engine.arguments.check_snapshot(snapshot)
    parts = {
        part.name: _part_out(engine, part, held) for part, held in zip(engine.system.parts, snapshot.parts, strict=True)
    }
    layout = snapshot.layout
    return write(
        {
            "version": VERSION,
            "system": layout.system,
            "fingerprint": layout.fingerprint,
            "now": snapshot.now,
            "parts": parts,
        }
    )


def _part_out(engine: Accepts, part: Part, held: Any) -> Any:
    path = below("parts", part.name)
    if not isinstance(part, Each):
        return _instance_out(part.machine, held, path)
    kind = key_type(engine.system, part)
    keyed = [(written(key, kind, f"{path}[{shown(key)}].key"), one) for key, one in held.items()]
    keyed.sort(key=lambda pair: json.dumps(pair[0]))
    return [
        {"key": key, **_instance_out(part.machine, one, below(path, place))} for place, (key, one) in enumerate(keyed)
    ]


def _instance_out(machine: Machine, one: Instance, path: str) -> dict[str, Any]:
    names = timer_names(machine, one.state)
    values = one.variables
    variables = {
        variable.name: written(values[variable.name], type_of(variable.domain), f"{path}.variables.{variable.name}")
        for variable in machine.variables
    }
    spent = [name for place, name in enumerate(names) if one.spent >> place & 1]
    return {"state": one.state, "since": one.since, "spent": spent, "variables": variables}


# In


def load(engine: Accepts, text: str | bytes, now: int, migrations: Migrations | None = None) -> Snapshot:
    """A snapshot that was dumped, distrusted.

    Timers that fell due since it was dumped are no fault: the next step or advance lets them fire.

    Args:
        text: what `dump` wrote.
        now: the instant of loading, milliseconds; the snapshot may not be younger.
        migrations: ways from older declarations to this one; without them only its own snapshots are read.

    Raises:
        BadInput: `text` is neither str nor bytes, or `now` is no instant.
        BadSnapshot: everything else; `where` is the path of the bad value, in the document as it is after the
            migrations where some were needed; these are named.
    """
    check_instant("now", now)
    tree = parse(text)
    way = _check_head(engine, tree, migrations)
    if not way:
        return _believed(engine, tree, now)
    brought = _brought(engine, tree, way)
    try:
        return _believed(engine, brought, now)
    except BadSnapshot as bad:
        names = ", then ".join(repr(one.name) for one in way)
        raise BadSnapshot(bad.where, f"{bad.what}, after the migration {names}", bad.instead) from bad


def _believed(engine: Accepts, tree: Any, now: int) -> Snapshot:
    document: SnapshotDocument[Any] = read(tree, snapshot_type(engine.system))
    if document.now > now:
        raise BadSnapshot("now", f"{document.now} lies after the instant of loading, {now}")
    snapshot = Judging(engine, document.now).snapshot(document.parts)
    check_properties(engine, snapshot, document.parts)
    return snapshot


def _check_head(engine: Accepts, tree: Any, migrations: Migrations | None) -> tuple[Migration, ...]:
    """Whose snapshot it is, before its content is read: another version or system has another form.

    Returns:
        the migrations that it needs; an older declaration may have had another name.
    """
    if not isinstance(tree, dict):
        raise BadSnapshot(DOCUMENT, f"{shown(tree)} is not an object")
    layout = engine.layout
    way = migrations.way(tree.get("fingerprint"), layout.fingerprint) if migrations is not None else ()
    older = ("system", "fingerprint") if way else ()
    for name, wanted in (("version", VERSION), ("system", layout.system), ("fingerprint", layout.fingerprint)):
        if name not in tree:
            raise BadSnapshot(name, "is missing")
        given = tree[name]
        if name not in older and (given.__class__ is not wanted.__class__ or given != wanted):
            known = (
                migrations.leading_to(layout.fingerprint) if migrations is not None and name == "fingerprint" else ()
            )
            raise BadSnapshot(name, f"{shown(given)} is not {wanted!r}", WAY_OUT[name] + _ways(known))
    return way


def _ways(known: tuple[str, ...]) -> str:
    return f" The migrations that were given lead here from {', '.join(known)}." if known else ""


def _brought(engine: Accepts, tree: dict[str, Any], way: tuple[Migration, ...]) -> dict[str, Any]:
    """The document as this declaration would have written it. What a migration may not change is checked before it runs."""
    head: SnapshotDocument[object] = read(
        {name: None if name == "parts" else value for name, value in tree.items()}, SnapshotDocument[object]
    )
    parts = migrated(tree["parts"], head.now, way)
    return {**tree, "system": engine.layout.system, "fingerprint": engine.layout.fingerprint, "parts": parts}


WAY_OUT = {
    "version": "Load it with the release that wrote it, or write it again with this one.",
    "system": "Load it with the system that wrote it.",
    "fingerprint": (
        "The declaration has changed since. Load it with the declaration that wrote it; to bring it over, a migration "
        "must say what becomes of every state, variable and timer that is no longer the same (fsm.storage.migration)."
    ),
}
