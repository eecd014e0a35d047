"""What one call costs where many instances are held, and what reading them costs beside `json.loads`, in processor time.

Bars: a snapshot that is taken costs at most 40 times its JSON, one that is refused at its end at most 10 times.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from time import process_time

import pytest
from report import Crowd, Report

import fsm
from fsm import BadSnapshot, EventRefused, Field, Machine, Snapshot, State, System, each, event, wire
from fsm.storage import dump, load

SPOILS = 5_000


@event
class Put:
    pass


@event
class Spoil:
    """Sent by time."""


@event
class Bring:
    key: Field[str]


absent, fresh, spoiled = State("absent"), State("fresh"), State("spoiled")
BOX = Machine(
    "box", (absent, fresh, spoiled), absent, (absent.on(Put).to(fresh), fresh.after(SPOILS, Spoil).to(spoiled))
)
boxes = each("boxes", BOX, key="key")
ENGINE = fsm.compile(System("shelf", (boxes,), wires=(wire(Bring, boxes[Bring.key].by(Put)),)))


def seconds(run: Callable[[], object], times: int) -> float:
    """The least of so many."""
    came = []
    for _ in range(times):
        begun = process_time()
        run()
        came.append(process_time() - begun)
    return min(came)


def refused(snapshot: Snapshot) -> str:
    with pytest.raises(EventRefused) as one:
        ENGINE.step(snapshot, Bring("0"), 1)
    return str(one.value)


def unread(text: str) -> None:
    with suppress(BadSnapshot):
        load(ENGINE, text, 1)


@pytest.mark.parametrize("many", [10, 100, 1_000, 10_000])
def test_crowd(many: int, report: Report) -> None:
    """Each is put there at the same instant, so that all of them spoil together."""
    snapshot = ENGINE.start(0)
    for number in range(many):
        snapshot = ENGINE.step(snapshot, Bring(str(number)), 0).after
    assert many == len(ENGINE.advance(snapshot, SPOILS).timed)
    text = dump(ENGINE, snapshot)
    wrong = text[:-1]
    assert snapshot == load(ENGINE, text, 0)
    json_alone = seconds(lambda: json.loads(text), 15)
    report.crowds.append(
        Crowd(
            many,
            step=seconds(lambda: [ENGINE.step(snapshot, Bring("new"), 1) for _ in range(20)], 5) / 20,
            refusal=seconds(lambda: refused(snapshot), 5),
            timer=seconds(lambda: ENGINE.advance(snapshot, SPOILS), 1) / many,
            taken=seconds(lambda: load(ENGINE, text, 1), 5) / json_alone,
            refused=seconds(lambda: unread(wrong), 5) / json_alone,
        )
    )
