"""Snapshots that travel as JSON, and the boundary at which one that comes back is distrusted.

    text = dump(engine, snapshot)
    snapshot = load(engine, text, now)

Loading refuses what is not of its declared type, state or range, timers that cannot stand as
they do, other parameters than those it was made under, and whatever breaks a property that must always hold, and
says where in the document it stands. It never repairs, and stops at the first thing that is wrong. Properties that count effects or compare two
snapshots speak of the past, which a snapshot does not hold: they are left out.

Dumping holds a snapshot to the same, so that nothing is written that would be refused.

A snapshot of an older declaration is refused, unless a migration brings it over (`fsm.storage.migration`); what
came out of it is distrusted like everything else.

The form is in `fsm.storage.schema`, the reading of text in `fsm.strict_json`, of instances in
`fsm.storage.instances` and of values in `fsm.storage.codec`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

import attrs

from fsm.errors import BadInstant, BadSnapshot, BreaksClaim
from fsm.language.snapshot import Snapshot
from fsm.language.values.brief import brief
from fsm.language.values.limits import is_short
from fsm.language.values.types import Plain
from fsm.runtime.compiled_claims import Claim, compile_claims
from fsm.runtime.inputs import Accepts, check_instant
from fsm.storage.heads import check_head, profile_out
from fsm.storage.instances import PartForm
from fsm.storage.migration import Migration, Migrations, migrated
from fsm.storage.misfit import Misfit, misfit, told
from fsm.storage.reading import Reader, read_integer, read_record, reader_of
from fsm.storage.schema import VERSION
from fsm.strict_json import LIMITS, ByKey, Limits, below, parse, write

__all__ = ["distrusted", "document_of", "dump", "load"]


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
        BadInput: a snapshot of another system, or made under other parameters.
        BadSnapshot: it would be refused when it is loaded: a carried value or a key that is not of its declared type, more
            than the limits of a document, or a property that must always hold and does not.
    """
    engine.arguments.check_snapshot(snapshot)
    check_claims(form_of(engine), snapshot, lambda part, key: ByKey(brief(key)))
    return write(document_of(engine, snapshot))


def document_of(engine: Accepts, snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as dicts, lists, strings, numbers, booleans and None, whatever must always hold of it.

    Raises:
        BadSnapshot: a value that is not of its declared type, or more than can be stored.
    """
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
            parts[name] = part.write(held)
        except Misfit as wrong:
            raise wrong.inside(name).inside("parts") from None
    return {
        "version": VERSION,
        "system": engine.layout.system,
        "fingerprint": engine.layout.fingerprint,
        "profile": profile_out(engine.system, engine.params),
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
    skew: int = 0,
    limits: Limits = LIMITS,
) -> Snapshot:
    """A snapshot that was dumped, distrusted.

    Timers that fell due since it was dumped are no fault: the next step or advance lets them fire.

    Args:
        text: what `dump` wrote.
        now: the instant of loading, milliseconds; the snapshot may not be younger.
        migrations: ways from older declarations to this one; without them only its own snapshots are read.
        skew: by how many milliseconds the clock that wrote it may be ahead of the one that `now` comes from. Time does not
            run backwards: the next step is taken at the snapshot's own `now` or later.
        limits: how much of a stranger's text is read.

    Raises:
        BadInput: `text` is neither str nor bytes, `now` is no instant, or `skew` no duration.
        BadSnapshot: everything else; `where` is the path of the bad value, in the document as it is after the
            migrations where some were needed; these are named.
    """
    check_instant("now", now)
    if type(skew) is not int or skew < 0:
        raise BadInstant("skew", f"{brief(skew)} is not a number of milliseconds", "Give 0 or more.")
    return distrusted(engine, parse(text, limits), now + skew, migrations, limits)


def distrusted(
    engine: Accepts,
    tree: Any,
    latest: int | None,
    migrations: Migrations | None = None,
    limits: Limits = LIMITS,
    *,
    claims: bool = True,
    by_key: bool = False,
) -> Snapshot:
    """The snapshot that a document is.

    Args:
        tree: JSON as Python has it.
        latest: the youngest that it may be, milliseconds; None for any age.
        claims: hold it to what must always hold; a run begins where it began.
        by_key: tell an instance by its key and not by its place, for who holds no document.
    """
    way = check_head(engine, tree, migrations)
    if way:
        tree = _brought(engine, tree, way, limits)
    try:
        return _believed(engine, tree, latest, limits, claims=claims, by_key=by_key)
    except BadSnapshot as bad:
        if not way:
            raise
        names = ", then ".join(repr(one.name) for one in way)
        raise type(bad)(bad.where, f"{bad.what}, after the migration {names}", bad.instead) from bad


def _believed(
    engine: Accepts, tree: Any, latest: int | None, limits: Limits, *, claims: bool, by_key: bool
) -> Snapshot:
    form = form_of(engine)
    try:
        snapshot = _read(engine, form, tree, latest, limits, by_key=by_key)
    except Misfit as wrong:
        raise told(wrong) from None
    if claims:
        places = {
            name: {key: place for place, key in enumerate(held)}
            for name, held in zip(form.parts, snapshot.parts, strict=True)
            if form.parts[name].key is not None
        }
        check_claims(form, snapshot, lambda part, key: ByKey(brief(key)) if by_key else places[part][key])
    return snapshot


def _read(engine: Accepts, form: Form, tree: Any, latest: int | None, limits: Limits, *, by_key: bool) -> Snapshot:
    *_, then, parts = read_record(tree, FIELDS)
    if latest is not None and then > latest:
        raise Misfit(f"{brief(then)} lies after the instant of loading, {brief(latest)}").inside("now")
    due: list[int] = []

    def reads(part: PartForm) -> Reader:
        def reader(given: Any, room: int = 0) -> Any:
            held, earliest = part.read(given, then, limits, by_key=by_key)
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
    "profile": _as_checked,
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
    return BreaksClaim(path, f"breaks what must always hold: {claim.claim.said}")


def _brought(engine: Accepts, tree: dict[str, Any], way: tuple[Migration, ...], limits: Limits) -> dict[str, Any]:
    """The document as this declaration would have written it. What a migration may not change is checked before it runs."""
    try:
        *_, then, parts = read_record(tree, {**FIELDS, "system": reader_of(Plain(str))})
    except Misfit as wrong:
        raise told(wrong) from None
    parts = migrated(parts, then, way, limits)
    return {**tree, "system": engine.layout.system, "fingerprint": engine.layout.fingerprint, "parts": parts}
