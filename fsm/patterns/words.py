"""The five patterns, each with its scopes and with the claim that is built.

Scopes, of which `inside` is what a snapshot or the one before a step is in: from the start (none given), `until=R` and `before=R` from
the start, `after=Q`, both. With `until=` what is said holds whether or not R ever comes; with `before=` of stretches that R ends, so
that nothing is broken before R.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from fsm.checks.calls import told
from fsm.errors import CannotBeRead, Incomplete
from fsm.language.expressions import Formula
from fsm.language.formulas import before as earlier
from fsm.language.properties import Cites, Fair, Property, always, each_step, leads_to
from fsm.patterns.pattern import NEVER, Memory, Occasion, Pattern, occasion

__all__ = ["absence", "existence", "precedence", "response", "universality"]

What = Formula | type
"""A formula over one snapshot, or an event."""


@told
def absence(
    sentence: str,
    what: What,
    *,
    after: What | None = None,
    before: What | None = None,
    until: What | None = None,
    cites: Cites = (),
) -> Pattern:
    """It is never so in the scope: `always(~what)`, `always(inside >> ~what)`; of an event, `each_step(happens(what) >> before(~inside))`.

    With `before=R`: where R comes, it was not so in the stretch that R ends.

    Args:
        after: the scope opens here, and again wherever it is closed; None for the start of the run.
        before: it closes here, and nothing is said of a stretch that never closes.
        until: it closes here, if ever.

    Raises:
        DefinitionError: what is neither a formula over one snapshot nor an event; both ends.
    """
    where = f"absence {sentence!r}"
    wanted, memory = occasion(where, what), _scope(where, after, before, until)
    if before is not None:
        return _judged_at_the_end(sentence, attrs.evolve(memory, seen=wanted), cites, lambda met: ~met)
    if memory.opens is None and memory.closes is NEVER:
        return Pattern(sentence, lambda kept, seen: _never(sentence, wanted, None, cites))
    return Pattern(sentence, lambda kept, seen: _never(sentence, wanted, memory.inside(kept), cites), memory)


@told
def universality(
    sentence: str,
    what: Formula,
    *,
    after: What | None = None,
    before: What | None = None,
    until: What | None = None,
    cites: Cites = (),
) -> Pattern:
    """It is always so in the scope: the absence of its contrary.

    Raises:
        DefinitionError: as of `absence`; what is an event.
    """
    level = _level(f"universality {sentence!r}", what, "of an event write absence(...) of every other one")
    return absence(sentence, ~level, after=after, before=before, until=until, cites=cites)


@told
def existence(
    sentence: str,
    what: What,
    *,
    after: What | None = None,
    before: What | None = None,
    fair: Fair = (),
    cites: Cites = (),
) -> Pattern:
    """It is so once in the scope.

    From the start: every fair run comes to it, `leads_to(not yet, once)`. With `after=Q`: every fair run in which Q was comes to
    it, then or later. With `before=R`: where R comes, it was so in the stretch that R ends; that one run can break.

    Args:
        fair: as of `leads_to`; without `before=` only.

    Raises:
        DefinitionError: what is neither a formula over one snapshot nor an event; `fair` beside `before=`.
    """
    where = f"existence {sentence!r}"
    wanted, memory = occasion(where, what), _scope(where, after, before, None)
    if before is None:
        return _comes(sentence, memory, wanted, fair, cites)
    if fair != ():
        raise CannotBeRead(where, "before=... asks for nothing to come", "Leave out fair=.")
    return _judged_at_the_end(sentence, attrs.evolve(memory, seen=wanted), cites, lambda met: met)


@told
def precedence(sentence: str, what: What, *, first: What, cites: Cites = ()) -> Pattern:
    """It is not so before `first` was so: the absence of it until then, and nothing is said of what comes after.

    A snapshot of which both hold is allowed; a step on an event counts from the snapshot after it.

    Raises:
        DefinitionError: one of them is neither a formula over one snapshot nor an event.
    """
    where = f"precedence {sentence!r}"
    occasion(where, what), occasion(where, first)
    return absence(sentence, what, until=first, cites=cites)


@told
def response(
    sentence: str,
    start: What,
    goal: What,
    *,
    after: What | None = None,
    fair: Fair = (),
    cites: Cites = (),
) -> Pattern:
    """Whenever it begins, every fair run comes to the goal, then or later: `leads_to(start, goal)`.

    Where one of them is an event, or with `after=`, it is remembered what waits for the goal: `leads_to(waiting, not waiting)`.

    Args:
        after: only what begins once this was.
        fair: as of `leads_to`.

    Raises:
        DefinitionError: one of them is neither a formula over one snapshot nor an event; `after=` beside an event.
    """
    where = f"response {sentence!r}"
    begun, ended = occasion(where, start), occasion(where, goal)
    if after is not None:
        return _comes_after(where, sentence, begun, ended, occasion(where, after), fair, cites)
    if begun.event is None and ended.event is None:
        return Pattern(
            sentence, lambda kept, seen: leads_to(sentence, begun.level, ended.level, fair=fair, cites=cites)
        )
    memory = Memory(begun, ended)
    return Pattern(
        sentence,
        lambda kept, seen: leads_to(sentence, memory.inside(kept), ~memory.inside(kept), fair=fair, cites=cites),
        memory,
    )


def _comes_after(
    where: str, sentence: str, begun: Occasion, ended: Occasion, after: Occasion, fair: Any, cites: Cites
) -> Pattern:
    if begun.event is not None or ended.event is not None:
        what = "after=... beside an event would need two memories"
        raise CannotBeRead(where, what, "Write formulas: the state that the event leads to.")
    memory = Memory(after)
    return Pattern(
        sentence,
        lambda kept, seen: leads_to(sentence, begun.level & memory.inside(kept), ended.level, fair=fair, cites=cites),
        memory,
    )


def _scope(where: str, after: What | None, before: What | None, until: What | None) -> Memory:
    if before is not None and until is not None:
        raise Incomplete(
            where, "has two ends", "Write before= where its end must come for the claim to be broken, until= where not."
        )
    end = until if before is None else before
    opens = None if after is None else occasion(f"{where}: after", after)
    return Memory(opens, NEVER if end is None else occasion(f"{where}: {'until' if before is None else 'before'}", end))


def _level(where: str, given: object, instead: str) -> Formula:
    made = occasion(where, given)
    if made.event is not None:
        raise CannotBeRead(where, "speaks of an event", f"Say it of a formula; {instead}.")
    return made.level


def _never(sentence: str, wanted: Occasion, inside: Formula | None, cites: Cites) -> Property:
    if wanted.step is None:
        return always(sentence, ~wanted.level if inside is None else inside >> ~wanted.level, cites=cites)
    return each_step(sentence, ~wanted.step if inside is None else wanted.step >> ~earlier(inside), cites=cites)


def _judged_at_the_end(sentence: str, memory: Memory, cites: Cites, wanted: Callable[[Formula], Formula]) -> Pattern:
    """Of a stretch, when it ends: what is kept at the end of a step is of before the snapshot that closes it."""

    def claim(kept: Formula, seen: Formula) -> Property:
        closing = memory.closes.step
        if closing is None:
            return always(sentence, (kept & memory.closes.level) >> wanted(seen), cites=cites)
        judged = memory.inside(kept) >> wanted(memory.met(kept, seen))
        return each_step(sentence, closing >> earlier(judged), cites=cites)

    return Pattern(sentence, claim, memory)


def _comes(sentence: str, scope: Memory, wanted: Occasion, fair: Any, cites: Cites) -> Pattern:
    """From the start, until it was so nothing else is to be remembered."""
    memory = Memory(None, wanted) if scope.opens is None else attrs.evolve(scope, seen=wanted)

    def claim(kept: Formula, seen: Formula) -> Property:
        waiting = memory.inside(kept)
        come = ~waiting if memory.seen is None else memory.met(kept, seen)
        return leads_to(sentence, waiting & ~come, come, fair=fair, cites=cites)

    return Pattern(sentence, claim, memory)
