"""A desk as a service: killed in mid-shift and started again, it has lost nothing and done nothing twice."""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import fsm
from fsm import Snapshot
from fsm.desk import DESK, Accept, Clear, OfferChat, SetStatus, Status
from fsm.event_json import effect_out, event_in, event_out

from .log import Row
from .shift import Shift, Taken
from .shop import PROFILE, Command, Service, shift

ENGINE = fsm.compile(DESK, PROFILE)
KILLS = 6


def rows(base: Path) -> list[Row]:
    """The log, read as anybody can who has the file."""
    with sqlite3.connect(base) as reading:
        found = reading.execute("SELECT * FROM log ORDER BY position").fetchall()
    reading.close()
    return [Row(position, key, at, None if event is None else json.loads(event), json.loads(effects)) for position, key, at, event, effects in found]


def replay(log: list[Row]) -> tuple[Snapshot, list[Any]]:
    """What the engine alone makes of the log from the very start: the desk, and the effects of each row."""
    snapshot, effects = ENGINE.start(), []
    for row in log:
        step = ENGINE.advance(snapshot, row.at) if row.event is None else ENGINE.step(snapshot, event_in(ENGINE, row.event), row.at)
        snapshot = step.after
        effects.append([effect_out(one) for one in step.effects])
    return snapshot, effects


def killed_in_mid_shift(base: Path, commands: list[Command], chance: random.Random) -> dict[str, Any]:
    """Sends all commands without waiting, and kills the service at some instant; gives what it had answered."""
    service = Service(base)
    death = threading.Timer(chance.uniform(0, 0.15), service.process.kill)
    death.start()
    with suppress(BrokenPipeError):  # it may die while we are talking
        service.say(*commands)
    death.join()
    return {answer["key"]: answer for answer in service.kill()}


def test_a_shift_survives_being_killed_at_any_instant(tmp_path: Path) -> None:
    """Every answered event is in the log, every key at most once, and the desk is the replay of the log."""
    base, chance = tmp_path / "desk.db", random.Random(20_191_122)
    commands = list(shift(chance, 250))
    answered: dict[str, Any] = {}
    waiting = commands
    for _ in range(KILLS):
        answered |= killed_in_mid_shift(base, waiting, chance)
        waiting = [one for one in commands if one["key"] not in answered]
    assert 0 < len(answered)

    service = Service(base)
    before = {row.key: row.position for row in rows(base) if row.key is not None}
    for command in commands:  # all of them once more: whatever came before is not done again
        answer = service.ask(command)
        known = answered.get(command["key"])
        if known is not None and "taken" in known:
            assert {"key": command["key"], "taken": known["taken"], "again": True} == answer
        if command["key"] in before:
            assert (before[command["key"]], True) == (answer["taken"], answer["again"])
    shown = service.ask({"show": True})
    effects = service.ask({"after": 0})["effects"]
    assert 0 == service.stop()

    log = rows(base)
    desk, _ = replay(log[: shown["position"]])  # time may have gone on since it was shown
    _, replayed = replay(log)
    assert list(range(1, len(log) + 1)) == [row.position for row in log]
    assert {1} == set(Counter(row.key for row in log if row.key is not None).values())
    assert all(row.event == {"name": command["name"], "fields": command["fields"]} for row in log for command in commands if command["key"] == row.key)
    assert ENGINE.dump(desk) == shown["desk"]
    assert [row.effects for row in log] == replayed
    assert [[row.position, row.effects] for row in log if row.effects][: len(effects)] == effects


def test_time_goes_on_while_nobody_speaks(tmp_path: Path) -> None:
    """An offer that nobody answers is counted and missed by the desk itself, at its deadline, and both are in the log."""
    service = Service(tmp_path / "desk.db")
    service.ask({"key": "1", **event_out(SetStatus(Status.AVAILABLE))})
    service.ask({"key": "2", **event_out(OfferChat("ann", "Ann", 0))})
    heard: list[str] = []
    while "missed" not in heard:
        heard = [one["name"] for _, effects in service.ask({"after": 2})["effects"] for one in effects]
    service.stop()

    missed = rows(tmp_path / "desk.db")
    assert ["non_response_counted", "missed"] == heard
    assert all(row.key is None for row in missed[2:])
    offered = missed[1].at
    assert [offered + 60, offered + 120] == [effect["fields"]["at"] for row in missed[2:] for effect in row.effects]


def test_what_fell_due_while_the_service_was_down_happens_when_it_starts(tmp_path: Path) -> None:
    """At the instant it was due, not at the instant of the restart."""
    base, now = tmp_path / "desk.db", [1_000]
    one = Shift(ENGINE, base, lambda: now[0])
    one.send("1", SetStatus(Status.AVAILABLE))
    one.send("2", OfferChat("ann", "Ann", 0))
    one.log.close()

    now[0] = 60_000
    other = Shift(ENGINE, base, lambda: now[0])
    other.pass_time()

    assert ("missed", 1_120) == (other.snapshot["tiles"]["ann"].state, other.snapshot["tiles"]["ann"].since)
    other.log.close()


def test_a_clock_that_is_set_back_does_not_turn_time_back(tmp_path: Path) -> None:
    """The desk stands still until the clock has caught up."""
    base, now = tmp_path / "desk.db", [50_000]
    desk = Shift(ENGINE, base, lambda: now[0])
    desk.send("1", SetStatus(Status.AVAILABLE))
    now[0] = 10_000
    desk.send("2", OfferChat("ann", "Ann", 0))

    assert [50_000, 50_000] == [row.at for row in desk.log.after(0)]
    desk.log.close()


def test_two_services_on_one_log_agree(tmp_path: Path) -> None:
    """Whoever is behind is not written, reads what the other did, and judges again."""
    base, now = tmp_path / "desk.db", [1_000]
    one, other = (Shift(ENGINE, base, lambda: now[0]) for _ in range(2))
    one.send("1", SetStatus(Status.AVAILABLE))
    assert Taken(2, again=False) == other.send("2", OfferChat("ann", "Ann", 0))
    assert Taken(2, again=True) == one.send("2", OfferChat("ann", "Ann", 0))
    one.send("3", Accept("ann"))
    now[0] = 5_000
    other.pass_time()
    other.catch_up()

    assert one.snapshot == other.snapshot
    assert ["1", "2", "3"] == [row.key for row in one.log.after(0)]
    for desk in (one, other):
        desk.log.close()


def test_a_refused_event_is_not_in_the_log(tmp_path: Path) -> None:
    """The refusal says who stood in the way; the same key may be sent again later."""
    service = Service(tmp_path / "desk.db")
    refused = service.ask({"key": "1", **event_out(Clear("ann"))})
    unknown = service.ask({"key": "2", "name": "close_browser", "fields": {}})
    nonsense = service.ask({"say": "hello"})
    taken = service.ask({"key": "1", **event_out(SetStatus(Status.AWAY))})
    reused = service.ask({"key": "1", **event_out(SetStatus(Status.OFFLINE))})
    service.stop()

    assert refused["refused"].startswith("clear(contact='ann') is refused.")
    assert "name: 'close_browser' is the name of 0 events of desk." == unknown["wrong"]
    assert "is no command" in nonsense["wrong"]
    assert {"key": "1", "taken": 1, "again": False} == taken
    assert "1 was used for set_status" == reused["wrong"]
