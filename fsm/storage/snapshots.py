"""Snapshots that travel as JSON, and the boundary at which one that comes back is distrusted.

    text = engine.dump(snapshot)
    snapshot = engine.load(text, now)

Loading refuses what is not of its declared type, state or range, timers that cannot stand as
they do, and whatever breaks a property that must always hold, and says where in the document it
stands. It never repairs, and stops at the first thing that is wrong. Properties that count effects or compare two
snapshots speak of the past, which a snapshot does not hold: they are left out.

Dumping holds a snapshot to the same, so that nothing is written that would be refused.

A snapshot of an older declaration is refused, unless a migration brings it over (`fsm.storage.migration`); what
came out of it is distrusted like everything else.

The form is in `fsm.storage.schema`, the reading of text in `fsm.storage.strict_json`, of instances in
`fsm.storage.instances` and of values in `fsm.storage.codec`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import attrs

from fsm.errors import BadSnapshot
from fsm.language.snapshot import Snapshot
from fsm.language.values.brief import brief
from fsm.language.values.limits import is_short
from fsm.language.values.types import Plain
from fsm.runtime.compiled_claims import Claim, compile_claims
from fsm.runtime.inputs import Accepts, check_instant
from fsm.storage.instances import PartForm
from fsm.storage.migration import Migration, Migrations, migrated
from fsm.storage.misfit import Misfit, misfit, told
from fsm.storage.reading import Reader, read_integer, read_record, reader_of
from fsm.storage.schema import VERSION
from fsm.storage.strict_json import DOCUMENT, LIMITS, ByKey, Limits, below, parse, write

__all__ = ["dump", "load", "load_start", "start_out"]


@attrs.frozen(eq=False)
class Form:
    """What is known of the documents of one engine; made once.

    Attributes:
        parts: the form of each part, by name.
        claims: what must always hold.
    """

    parts: dict[str, PartForm]
    claims: tuple[Claim, ...]


def form_of(engine: Accepts) -> Form:
    """The form of an engine's documents."""
    return _form_of(engine)  # type: ignore[arg-type]  # engines are told apart by their identity


@lru_cache(maxsize=64)
def _form_of(engine: Any) -> Form:
    return Form({part.name: PartForm.of(engine, part) for part in engine.system.parts}, compile_claims(engine))


# Out


def dump(engine: Accepts, snapshot: Snapshot) -> str:
    """A snapshot as JSON, equal for equal snapshots.

    Raises:
        BadInput: a snapshot of another system.
        BadSnapshot: it would be refused when it is loaded: a carried value or a key that is not of its declared type, more
            than the limits of a document, or a property that must always hold and does not.
    """
    engine.arguments.check_snapshot(snapshot)
    check_claims(form_of(engine), snapshot, lambda part, key: ByKey(brief(key)))
    return write(start_out(engine, snapshot))


def start_out(engine: Accepts, snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot where a run begins as a document, whatever the properties say of it.

    A run shows what they are worth: it may begin where one of them does not hold, be it the first snapshot of the system.

    Raises:
        BadInput, BadSnapshot: as `dump` does, but for properties.
    """
    engine.arguments.check_snapshot(snapshot)
    try:
        return _written(engine, form_of(engine), snapshot)
    except Misfit as wrong:
        raise told(wrong) from None


def _written(engine: Accepts, form: Form, snapshot: Snapshot) -> dict[str, Any]:
    if not is_short(snapshot.now):
        raise misfit(snapshot.now, "an instant that could be read back").inside("now")
    parts: dict[str, Any] = {}
    for (name, part), held in zip(form.parts.items(), snapshot.parts, strict=True):
        try:
            parts[name] = part.write(held, snapshot.now)
        except Misfit as wrong:
            raise wrong.inside(name).inside("parts") from None
    layout = engine.layout
    return {
        "version": VERSION,
        "system": layout.system,
        "fingerprint": layout.fingerprint,
        "now": snapshot.now,
        "parts": parts,
    }


# In


def load(
    engine: Accepts,
    text: str | bytes,
    now: int,
    migrations: Migrations | None = None,
    *,
    limits: Limits = LIMITS,
) -> Snapshot:
    """A snapshot that was dumped, distrusted.

    Timers that fell due since it was dumped are no fault: the next step or advance lets them fire.

    Args:
        text: what `dump` wrote.
        now: the instant of loading, milliseconds; the snapshot may not be younger.
        migrations: ways from older declarations to this one; without them only its own snapshots are read.
        limits: how much of a stranger's text is read.

    Raises:
        BadInput: `text` is neither str nor bytes, or `now` is no instant.
        BadSnapshot: everything else; `where` is the path of the bad value, in the document as it is after the
            migrations where some were needed; these are named.
    """
    check_instant("now", now)
    tree = parse(text, limits)
    way = _check_head(engine, tree, migrations)
    if not way:
        return believed(engine, tree, now, limits)
    brought = _brought(engine, tree, way, limits)
    try:
        return believed(engine, brought, now, limits)
    except BadSnapshot as bad:
        names = ", then ".join(repr(one.name) for one in way)
        raise BadSnapshot(bad.where, f"{bad.what}, after the migration {names}", bad.instead) from bad


def load_start(engine: Accepts, text: str | bytes, now: int) -> Snapshot:
    """The snapshot where a run begins, as `start_out` wrote it: distrusted as by `load`, whatever the properties say of it.

    Raises:
        BadInput, BadSnapshot: as `load` does, but for properties.
    """
    check_instant("now", now)
    tree = parse(text, LIMITS)
    _check_head(engine, tree, None)
    return _formed(engine, form_of(engine), tree, now, LIMITS)


def _formed(engine: Accepts, form: Form, tree: Any, now: int, limits: Limits) -> Snapshot:
    try:
        return _read(engine, form, tree, now, limits)
    except Misfit as wrong:
        raise told(wrong) from None


def believed(engine: Accepts, tree: Any, now: int, limits: Limits) -> Snapshot:
    """The snapshot that a document is whose head is known to be right."""
    form = form_of(engine)
    snapshot = _formed(engine, form, tree, now, limits)
    places = {
        name: {key: place for place, key in enumerate(held)}
        for name, held in zip(form.parts, snapshot.parts, strict=True)
        if form.parts[name].key is not None
    }
    check_claims(form, snapshot, lambda part, key: places[part][key])
    return snapshot


def _read(engine: Accepts, form: Form, tree: Any, now: int, limits: Limits) -> Snapshot:
    *_, then, parts = read_record(tree, FIELDS)
    if then > now:
        raise Misfit(f"{brief(then)} lies after the instant of loading, {brief(now)}").inside("now")
    due: list[int] = []

    def reads(part: PartForm) -> Reader:
        def reader(given: Any, room: int = 0) -> Any:
            held, earliest = part.read(given, then, limits)
            due.extend(() if earliest is None else (earliest,))
            return held

        return reader

    try:
        made = read_record(parts, {name: reads(part) for name, part in form.parts.items()})
    except Misfit as wrong:
        raise wrong.inside("parts") from None
    return Snapshot(engine.layout, then, min(due, default=None), tuple(made))


def _as_checked(tree: Any, room: int = 0) -> Any:
    return tree


FIELDS: dict[str, Reader] = {
    "version": _as_checked,
    "system": _as_checked,
    "fingerprint": _as_checked,
    "now": read_integer,
    "parts": _as_checked,
}
"""Of a document; what it says of itself is read before its content, and that part by part."""


def check_claims(form: Form, snapshot: Snapshot, place: Callable[[str, Hashable], str | int]) -> None:
    """Raise BadSnapshot for the first claim that must hold of every snapshot and does not hold of this one.

    Args:
        place: what stands in the path for the instance with a key.
    """
    parts, now = snapshot.parts, snapshot.now
    for claim in form.claims:
        if claim.each is not None:
            for key, one in snapshot[claim.each.name].items():
                if not claim.holds(one, parts, now, key):
                    raise _broken(below(below("parts", claim.each.name), place(claim.each.name, key)), claim)
        elif not claim.holds(parts, None, now, None):
            raise _broken("parts" if claim.part is None else below("parts", claim.part.name), claim)


def _broken(path: str, claim: Claim) -> BadSnapshot:
    return BadSnapshot(path, f"breaks what must always hold: {claim.said}")


# The head of a document


def _check_head(engine: Accepts, tree: Any, migrations: Migrations | None) -> tuple[Migration, ...]:
    """Whose snapshot it is, before its content is read: another version or system has another form.

    Returns:
        the migrations that it needs; an older declaration may have had another name.
    """
    if type(tree) is not dict:
        raise BadSnapshot(DOCUMENT, f"{brief(tree)} is not an object")
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
            raise BadSnapshot(name, f"{brief(given)} is not {wanted!r}", WAY_OUT[name] + _ways(known))
    return way


def _ways(known: tuple[str, ...]) -> str:
    return f" The migrations that were given lead here from {', '.join(known)}." if known else ""


def _brought(engine: Accepts, tree: dict[str, Any], way: tuple[Migration, ...], limits: Limits) -> dict[str, Any]:
    """The document as this declaration would have written it. What a migration may not change is checked before it runs."""
    try:
        *_, then, parts = read_record(tree, {**FIELDS, "system": reader_of(Plain(str))})
    except Misfit as wrong:
        raise told(wrong) from None
    parts = migrated(parts, then, way, limits)
    return {**tree, "system": engine.layout.system, "fingerprint": engine.layout.fingerprint, "parts": parts}


WAY_OUT = {
    "version": "Load it with the release that wrote it, or write it again with this one.",
    "system": "Load it with the system that wrote it.",
    "fingerprint": (
        "The declaration has changed since. Load it with the declaration that wrote it; to bring it over, a migration "
        "must say what becomes of every state, variable and timer that is no longer the same (fsm.storage.migration)."
    ),
}
