"""The law over every recorded stream: sources that promise nothing may lose records, send them twice and out of order.

A stream that conforms so is varied as its sources admit; whatever is left of it is never called a violation. `make soak` varies each of all streams forty times.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from fsm.verification.monitoring import Observation, Verdict

from .random_streams import SOAK
from .recordings import Recorded, followed, loosened, recorded

FILES = ("machines.toml", "operations.toml", "desk.toml", "desk_seen.toml", "connect.toml")
BUFFER = 2_000
"""Milliseconds by which a record comes late."""

STREAMS = [one for file in FILES for one in recorded(file)] if SOAK else [*recorded("operations.toml")][::9]
TIMES = 40 if SOAK else 2

pytestmark = [pytest.mark.soak] if SOAK else []


@pytest.mark.parametrize("one", STREAMS, ids=str)
def test_what_is_left_of_a_stream_that_conforms_does_not_violate(one: Recorded) -> None:
    """Each draw is the same on every machine."""
    monitor, seen = loosened(one, disorder=BUFFER)
    if seen is None or followed(monitor, seen).verdict is not Verdict.CONFORMS:
        return
    for number in range(TIMES):
        left = list(varied(seen, random.Random(number)))
        assert followed(monitor, left).verdict is not Verdict.VIOLATES, left


def varied(seen: list[Observation], drawn: random.Random) -> Iterator[Observation]:
    """Some are lost, some come twice, some late."""
    kept = drawn.choice([1.0, 0.9, 0.6, 0.3])
    twice = drawn.choice([0.0, 0.3])
    several = [one for one in seen if drawn.random() < kept for _ in range(1 + (drawn.random() < twice))]
    if all(one.at is not None for one in several):
        late = drawn.choice([0.0, 0.5])
        delays = [drawn.randrange(BUFFER + 1) if drawn.random() < late else 0 for _ in several]
        order = sorted(range(len(several)), key=lambda place: ((several[place].at or 0) + delays[place], place))
        several = [several[place] for place in order]
    yield from several
