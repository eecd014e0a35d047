"""What may be chosen on the command line, as the options of a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from fsm.command.invocation.endings import BadFile, WrongUsage, message_of
from fsm.command.invocation.files import content_of
from fsm.command.invocation.settings import settings
from fsm.errors import BadInput, BadSnapshot
from fsm.language.composition import as_system
from fsm.language.machine import Machine, State, Transition
from fsm.language.system import Rule, System, Wire
from fsm.runtime.engine import compile
from fsm.storage.snapshots import load
from fsm.strict_json import parse
from fsm.variants import Derivation, derivation

if TYPE_CHECKING:
    from fsm.diagrams import Options

__all__ = ["with_changed", "with_snapshot", "with_values"]


def with_values(
    options: Options, target: Machine | System, profile: str | None, given: Iterable[str], *, whole: bool
) -> Options:
    """The options with the values that are taken for given: of a version, of the first one, or none; and those that are set.

    Raises:
        WrongUsage: no such version or parameter, or a text that is no value of it.
    """
    if whole and profile is not None:
        raise WrongUsage("--whole draws all versions, --profile one of them")
    chosen = attrs.evolve(options, values={}) if whole else options.of(target)
    if profile is not None:
        values = settings(as_system(target), profile, ())
        chosen = attrs.evolve(options, values=values, version=profile)
    more = settings(as_system(target), None, given)
    return attrs.evolve(chosen, values={**(chosen.values or {}), **more}, version="") if more else chosen


def with_changed(options: Options, target: Machine | System) -> Options:
    """The options, with what variants brought marked.

    Raises:
        WrongUsage: no variant made it, nor any machine of it.
    """
    declared: list[Machine | System] = (
        [target, *(part.machine for part in target.parts)] if isinstance(target, System) else [target]
    )
    made = [one for one in [derivation(each) for each in declared] if one is not None]
    if not made:
        raise WrongUsage(f"{target.name} was made by no variant: there is nothing to mark")
    return attrs.evolve(options, changed=tuple(dict.fromkeys(thing for one in made for thing in _marked(one))))


def _marked(made: Derivation) -> list[object]:
    return [one for one in made.added if isinstance(one, State | Transition | Wire | Rule)]


def with_snapshot(options: Options, target: Machine | System, document: Path) -> Options:
    """The options with a snapshot that `dump` wrote, read under the values that are taken for given.

    Raises:
        WrongUsage: the file is no snapshot of this target.
    """
    try:
        text = content_of(document)
        tree = parse(text)
        now = tree.get("now") if isinstance(tree, dict) else None
        engine = compile(target, options.values or {})
        snapshot = load(engine, text, now if type(now) is int else 0)
    except (BadInput, BadSnapshot) as wrong:
        raise BadFile(f"{document} is no snapshot of {target.name}: {message_of(wrong)}") from wrong
    return attrs.evolve(options, snapshot=snapshot)
