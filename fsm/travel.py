"""Snapshots that travel as JSON, and the boundary at which one that comes back is distrusted.

    text = engine.dump(snapshot)
    snapshot = engine.load(text, now)

Loading refuses what is not of its declared type, state or range, timers that cannot stand as
they do, and whatever breaks a property that must always hold, and says where in the document it
stands. It never repairs. Properties that count effects or compare two snapshots speak of the
past, which a snapshot does not hold: they are left out.

The form is in `fsm.documents`, the reading of text in `fsm.json_text` and of values in `fsm.typed_json`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fsm.arguments import check_instant
from fsm.distrust import Judging, check_properties
from fsm.documents import VERSION, SnapshotDocument, key_type, snapshot_type, timer_names
from fsm.domains import type_of
from fsm.errors import BadSnapshot
from fsm.json_text import DOCUMENT, below, parse, write
from fsm.machine import Machine
from fsm.snapshot import Instance, Snapshot
from fsm.system import Each, Part
from fsm.typed_json import read, shown, written

if TYPE_CHECKING:
    from fsm.engine import Engine

__all__ = ["dump", "load"]


# Out


def dump(engine: Engine, snapshot: Snapshot) -> str:
    """A snapshot as JSON, equal for equal snapshots.

    Raises:
        BadInput: a snapshot of another system.
        BadSnapshot: a carried value or a key that would not be read back as it is: it is not of its declared type,
            or that type has no JSON form.
    """
    engine.arguments.check_snapshot(snapshot)
    parts = {part.name: _part_out(engine, part, held) for part, held in zip(engine.system.parts, snapshot.parts, strict=True)}
    layout = snapshot.layout
    return write({"version": VERSION, "system": layout.system, "fingerprint": layout.fingerprint, "now": snapshot.now, "parts": parts})


def _part_out(engine: Engine, part: Part, held: Any) -> Any:
    path = below("parts", part.name)
    if not isinstance(part, Each):
        return _instance_out(part.machine, held, path)
    kind = key_type(engine.system, part)
    keyed = [(written(key, kind, f"{path}[{shown(key)}].key"), one) for key, one in held.items()]
    keyed.sort(key=lambda pair: json.dumps(pair[0]))
    return [{"key": key, **_instance_out(part.machine, one, below(path, place))} for place, (key, one) in enumerate(keyed)]


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


def load(engine: Engine, text: str | bytes, now: int) -> Snapshot:
    """A snapshot that was dumped, distrusted.

    Timers that fell due since it was dumped are no fault: the next step or advance lets them fire.

    Args:
        text: what `dump` wrote.
        now: the instant of loading, milliseconds; the snapshot may not be younger.

    Raises:
        BadInput: `text` is neither str nor bytes, or `now` is no instant.
        BadSnapshot: everything else; `where` is the path of the bad value.
    """
    check_instant("now", now)
    tree = parse(text)
    _check_head(engine, tree)
    document: SnapshotDocument[Any] = read(tree, snapshot_type(engine.system))
    if document.now > now:
        raise BadSnapshot("now", f"{document.now} lies after the instant of loading, {now}")
    snapshot = Judging(engine, document.now).snapshot(document.parts)
    check_properties(engine, snapshot, document.parts)
    return snapshot


def _check_head(engine: Engine, tree: Any) -> None:
    """Whose snapshot it is, before its content is read: another version or system has another form."""
    if not isinstance(tree, dict):
        raise BadSnapshot(DOCUMENT, f"{shown(tree)} is not an object")
    layout = engine.layout
    for name, wanted in (("version", VERSION), ("system", layout.system), ("fingerprint", layout.fingerprint)):
        if name not in tree:
            raise BadSnapshot(name, "is missing")
        given = tree[name]
        if given.__class__ is not wanted.__class__ or given != wanted:
            raise BadSnapshot(name, f"{shown(given)} is not {wanted!r}", WAY_OUT[name])


WAY_OUT = {
    "version": "Load it with the release that wrote it, or write it again with this one.",
    "system": "Load it with the system that wrote it.",
    "fingerprint": (
        "The declaration has changed since. Load it with the declaration that wrote it; to bring it over, a migration "
        "must say what becomes of every state, variable and timer that is no longer the same."
    ),
}
