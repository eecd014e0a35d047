"""A desk as a service that dies in mid-shift: started again, it has lost nothing and done nothing twice.

At chosen instants of a write, each in a process that dies there by itself, and at any instant by SIGKILL.
"""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import fsm
from fsm.desk import DESK

from .audit import ENGINE, nothing_is_lost_or_done_twice, rows
from .mortal import BEFORE_THE_ANSWER, BEFORE_THE_SNAPSHOT, EXIT, NEVER_COMMITS, POINTS
from .shop import Command, Service, orders

PATIENT = fsm.compile(DESK)
"""Nothing falls due while these tests run: the rows are those of the commands."""
KILLS = 3


def died(base: Path, waiting: list[Command], point: str, row: int) -> dict[str, Any]:
    """Sends all commands without waiting to a service that dies at a point of its `row`-th append; gives what it had answered."""
    service = Service(base, {}, point, row)
    service.say(*waiting)
    answered = {answer["key"]: answer for answer in service.last_words()}
    assert EXIT == service.process.returncode
    return answered


def written(base: Path) -> set[str]:
    return {row.key for row in rows(base) if row.key is not None}


@pytest.mark.parametrize("point", POINTS)
def test_a_service_that_dies_in_a_write_loses_nothing_and_does_nothing_twice(tmp_path: Path, point: str) -> None:
    """Twice, each time with some commands answered and others waiting; after the commit, one key is in the log that nobody was told of."""
    base, source = tmp_path / "desk.db", orders(random.Random(20_191_122))
    commands: list[Command] = []
    answered: dict[str, Any] = {}
    for row in (9, 5):
        commands += islice(source, 90)
        waiting = [one for one in commands if one["key"] not in answered]
        unheard = written(base) - set(answered) if base.exists() else set()
        now = died(base, waiting, point, row)
        answered |= now

        assert 0 < len(now) < len(waiting)
        assert all(now[key]["again"] for key in unheard)
        assert (1 if point in (BEFORE_THE_ANSWER, BEFORE_THE_SNAPSHOT) else 0) == len(written(base) - set(answered))

    nothing_is_lost_or_done_twice(base, PATIENT, Service(base, {}), commands, answered)


def test_the_audit_sees_an_answer_to_what_was_never_committed(tmp_path: Path) -> None:
    """A planted fault: the log answers before it has written."""
    base, commands = tmp_path / "desk.db", list(islice(orders(random.Random(7)), 20))
    answered = died(base, commands, NEVER_COMMITS, 5)
    service = Service(base, {})

    with pytest.raises(AssertionError):
        nothing_is_lost_or_done_twice(base, PATIENT, service, commands, answered)
    service.kill()


def test_a_shift_survives_being_killed_at_any_instant(tmp_path: Path) -> None:
    """SIGKILL while it is writing, offers ringing and running out: a kill that finds nobody waiting does not count."""
    base, chance = tmp_path / "desk.db", random.Random(20_191_122)
    source = orders(chance)
    commands: list[Command] = []
    answered: dict[str, Any] = {}
    kills = 0
    while kills < KILLS:
        commands += islice(source, 60)
        waiting = [one for one in commands if one["key"] not in answered]
        service = Service(base)
        service.say(*waiting)
        heard = [service.hear() for _ in range(chance.randrange(1, 20))]
        now = {answer["key"]: answer for answer in heard + service.kill()}
        answered |= now
        kills += 0 < len(now) < len(waiting)

    nothing_is_lost_or_done_twice(base, ENGINE, Service(base), commands, answered)
