"""A running system goes over to other parameters: an explicit act that checks everything that must always hold.

    step = take_over(engine, snapshot, at)

Proofs are of runs under one profile: that what must always hold is true of the snapshot that is taken over says
that nothing is broken now, and no more. Where parameters change while a system runs and that is to be proved, the
change is an event of the declaration.
"""

from __future__ import annotations

from typing import Any

import attrs

from fsm.errors import BadInput, OtherDeclaration
from fsm.language.snapshot import Snapshot, Step
from fsm.runtime.engine import Engine
from fsm.runtime.inputs import Accepts, check_instant, is_whole
from fsm.runtime.profile import complete
from fsm.storage.heads import profile_in, profile_out
from fsm.storage.migration import Migrations
from fsm.storage.snapshots import distrusted, document_of
from fsm.strict_json import LIMITS, Limits, parse

__all__ = ["take_over"]


def take_over(
    engine: Engine,
    given: Snapshot | str | bytes,
    at: int,
    migrations: Migrations | None = None,
    limits: Limits = LIMITS,
) -> Step:
    """A snapshot that was made under other parameters, gone over to the engine's at an instant.

    Args:
        given: the snapshot, or what `dump` wrote of it.
        at: milliseconds; what falls due by then does so under the parameters that it was made under.
        migrations: ways from older declarations.
        limits: how much of a stranger's text is read.

    Returns:
        what `advance` gives; `after` is the snapshot under the engine's parameters.

    Raises:
        BadInput: a snapshot of another system, or an instant that lies before it.
        BadSnapshot: something that must always hold would not, under the engine's parameters: a claim, a range, the room of
            a part, a timer that must or cannot have fired. It tells which; nothing has happened.
        TimeStopped: a timer fell due that something stands in the way of.
    """
    check_instant("at", at)
    if isinstance(given, str | bytes):
        tree = parse(given, limits)
        before = Engine(engine.system, _profile_of(engine, tree))
        given = distrusted(before, tree, at, migrations, limits)
    else:
        _check_declaration(engine, given)
        before = Engine(engine.system, dict(given.layout.profile))
    step = before.advance(given, at)
    tree = document_of(before, step.after)
    tree["profile"] = profile_out(engine.system, engine.params)
    after = distrusted(engine, tree, at, by_key=True)
    return Step(after, step.effects, step.timed)


def _check_declaration(engine: Accepts, snapshot: object) -> None:
    """Raise BadInput unless it is a snapshot of the engine's declaration, under whatever parameters."""
    if not is_whole(snapshot) or attrs.evolve(snapshot.layout, profile=engine.layout.profile) != engine.layout:
        engine.arguments.check_snapshot(snapshot)


def _profile_of(engine: Accepts, tree: Any) -> dict[str, Any]:
    """The parameters that a document was made under; those that an older declaration did not have are the engine's.

    Raises:
        BadSnapshot: it names none, or such as are no profile of this system.
    """
    given = tree.get("profile") if type(tree) is dict else None
    if type(given) is dict and tree.get("fingerprint") != engine.layout.fingerprint:
        mine = profile_out(engine.system, engine.params)
        given = {name: given.get(name, value) for name, value in mine.items()}
    values = profile_in(engine.system, given)
    try:
        return complete(engine.system, values)
    except BadInput as bad:
        raise OtherDeclaration(bad.where, bad.what, bad.instead) from bad
