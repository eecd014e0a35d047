"""What callers owe events: whom, and whether a step or a run answers it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

import attrs

from fsm.language.properties import Fairness
from fsm.language.snapshot import Snapshot
from fsm.runtime.enabled import key_fields
from fsm.runtime.engine import Engine
from fsm.traces.steps import TraceStep
from fsm.traces.trace import Trace
from fsm.verification.search.fair.named import NamedSearch
from fsm.verification.search.positions import is_between

__all__ = ["Owed", "owed_in", "put_off"]


@attrs.frozen
class Owed:
    """What is owed to one: to an event of a class, or to one that names this key.

    Attributes:
        event: the class.
        field, key: by which field it names whom; no field where it may name anybody.
        strong: compassion; else justice.
    """

    event: type
    field: str
    key: Hashable
    strong: bool

    def is_answered_by(self, event: object | None) -> bool:
        """Whether an event is such a one."""
        return type(event) is self.event and (not self.field or getattr(event, self.field) == self.key)


def owed_in(search: NamedSearch, fair: Sequence[Fairness]) -> tuple[Owed, ...]:
    """What is owed in a search, as far as it tells keys apart; where it does not, there are more runs and never fewer."""
    return tuple(
        Owed(one.event, one.key, key, one.strong)
        for one in fair
        for key in (search.names(one.event, one.key) if one.key else [None])
    )


def put_off(engine: Engine, trace: Trace, fair: Sequence[Fairness]) -> Fairness | None:
    """What a run that goes round for ever does not give to somebody to whom it is owed: of those on the run, and of all others, who are alike."""
    assert trace.loop is not None
    round_ = trace.steps[trace.loop :]
    for one in fair:
        for owed in _to_whom(engine, one, round_):
            if not any(owed.is_answered_by(step.given) for step in round_) and not _is_excused(engine, owed, round_):
                return one
    return None


def _to_whom(engine: Engine, one: Fairness, round_: Sequence[TraceStep]) -> Iterator[Owed]:
    """Everybody who is owed something: the keys of the way round, and one that is none of them, as all others are."""
    if not one.key:
        yield Owed(one.event, "", None, one.strong)
        return
    parts = key_fields(engine.system, one.event)[one.key]
    keys = dict.fromkeys(key for step in round_ for part in parts for key in step.before[part])
    keys |= dict.fromkeys(getattr(step.given, one.key) for step in round_ if type(step.given) is one.event)
    yield from (Owed(one.event, one.key, key, one.strong) for key in (*keys, NOBODY))


def _is_excused(engine: Engine, owed: Owed, round_: Iterable[TraceStep]) -> bool:
    """Whether an event that is never taken is somewhere not possible; of one that is owed compassion, nowhere possible."""
    settled = [step.before for step in round_ if not is_between(step.before)]
    enough = all if owed.strong else any
    return enough(not _is_possible(engine, owed, one) for one in settled)


def _is_possible(engine: Engine, owed: Owed, snapshot: Snapshot) -> bool:
    """Whether a caller can have such an event taken now."""
    found = [one for one in engine.possible(snapshot, snapshot.now) if one.event is owed.event]
    if not owed.field:
        return bool(found)
    parts = key_fields(engine.system, owed.event)[owed.field]
    if any(owed.key in snapshot[part] for part in parts):
        return any(dict(one.keys).get(owed.field, NOBODY) == owed.key for one in found)
    return any(owed.field in one.fresh for one in found)


NOBODY: Hashable = object()
"""A key that no instance has."""
