"""Several services on one log: whoever was overtaken is not written, reads what the other did, and judges again."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from fsm import Engine, EventRefused
from fsm.desk import Accept, OfferChat, SetStatus, Status

from .audit import ENGINE, nothing_is_lost_or_done_twice, rows
from .log import Log, Row
from .logged_desk import LoggedDesk, Taken
from .shop import Service, orders


class OvertakenLog(Log):
    """Somebody else does something between the judging of a row and its append: what is in `meanwhile`, each once."""

    def __init__(self, path: Path, engine: Engine) -> None:
        super().__init__(path, engine)
        self.meanwhile: list[Callable[[], object]] = []

    def append(self, row: Row) -> None:
        if self.meanwhile:
            self.meanwhile.pop(0)()
        super().append(row)


class Pair:
    """Two desks on one log, with one clock; the log of the first is the one that is overtaken."""

    def __init__(self, base: Path) -> None:
        self.now = 1_000
        self.slow_log = OvertakenLog(base, ENGINE)
        self.slow = LoggedDesk(ENGINE, self.slow_log, lambda: self.now)
        self.quick = LoggedDesk(ENGINE, Log(base, ENGINE), lambda: self.now)

    def keys(self) -> list[str | None]:
        """Of the log; and both desks are where it is."""
        for desk in (self.slow, self.quick):
            desk.catch_up()
        assert self.slow.snapshot == self.quick.snapshot
        return [row.key for row in self.slow.log.after(0)]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path / "desk.db")
    yield made
    made.slow.stop()
    made.quick.stop()


def test_who_is_overtaken_judges_again_and_is_written_behind(pair: Pair) -> None:
    """Twice in a row, and still once."""
    pair.slow_log.meanwhile = [
        lambda: pair.quick.send("1", SetStatus(Status.AVAILABLE)),
        lambda: pair.quick.send("2", OfferChat("ann", "Ann", 0)),
    ]

    assert Taken(3, again=False) == pair.slow.send("3", SetStatus(Status.AWAY))

    assert ["1", "2", "3"] == pair.keys()
    assert ("away", ["ann"]) == (pair.slow.snapshot["agent"].state, list(pair.slow.snapshot["tiles"]))


def test_who_is_overtaken_may_be_refused_for_what_the_other_did(pair: Pair) -> None:
    """The agent went away a moment before the offer: it is not written, and the key can be used again."""
    pair.slow.send("1", SetStatus(Status.AVAILABLE))
    pair.slow_log.meanwhile = [lambda: pair.quick.send("2", SetStatus(Status.AWAY))]

    with pytest.raises(EventRefused, match="only an available agent"):
        pair.slow.send("3", OfferChat("ann", "Ann", 0))

    assert ["1", "2"] == pair.keys()


def test_one_key_sent_to_both_at_once_happens_once(pair: Pair) -> None:
    """Also where the event can happen only once: the answer is its position, no refusal."""
    pair.slow.send("1", SetStatus(Status.AVAILABLE))
    pair.slow.send("2", OfferChat("ann", "Ann", 0))
    pair.slow_log.meanwhile = [lambda: pair.quick.send("3", Accept("ann"))]

    assert Taken(3, again=True) == pair.slow.send("3", Accept("ann"))
    assert ["1", "2", "3"] == pair.keys()


def test_one_key_sent_to_both_while_time_passes_happens_once(pair: Pair) -> None:
    """The other wrote what was due and the event; who was about to write what was due finds the key, and refuses nothing."""
    pair.slow.send("1", SetStatus(Status.AVAILABLE))
    pair.slow.send("2", OfferChat("ann", "Ann", 0))
    pair.now += 60
    pair.slow_log.meanwhile = [lambda: pair.quick.send("3", Accept("ann"))]

    assert Taken(4, again=True) == pair.slow.send("3", Accept("ann"))
    assert ["1", "2", None, "3"] == pair.keys()


def test_two_desks_on_one_log_agree(pair: Pair) -> None:
    """Each reads what the other did before it judges."""
    pair.slow.send("1", SetStatus(Status.AVAILABLE))
    assert Taken(2, again=False) == pair.quick.send("2", OfferChat("ann", "Ann", 0))
    assert Taken(2, again=True) == pair.slow.send("2", OfferChat("ann", "Ann", 0))
    pair.slow.send("3", Accept("ann"))
    pair.now = 5_000
    pair.quick.pass_time()

    assert ["1", "2", "3"] == pair.keys()


def test_two_processes_on_one_log_at_once(tmp_path: Path) -> None:
    """Each is sent every command, in another order, without waiting: both answer alike, and everything happened once."""
    base, chance = tmp_path / "desk.db", random.Random(2019)
    commands = list(islice(orders(chance), 60))
    one, other = Service(base), Service(base)
    shuffled = chance.sample(commands, len(commands))
    one.say(*commands)
    other.say(*shuffled)
    heard = {
        service: {answer["key"]: answer for answer in (service.hear() for _ in commands)} for service in (one, other)
    }
    assert 0 == other.stop()

    positions = [
        {key: answer["taken"] for key, answer in heard[service].items() if "taken" in answer}
        for service in (one, other)
    ]
    log = {row.key: row.position for row in rows(base)}
    for said in positions:
        assert said == {key: log[key] for key in said}
    for key in set(positions[0]) & set(positions[1]):
        assert [False, True] == sorted(heard[service][key]["again"] for service in (one, other))
    nothing_is_lost_or_done_twice(base, ENGINE, one, commands, positions[0] and heard[one])
