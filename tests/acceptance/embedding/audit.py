"""What must be true of a log, whatever happened to those who wrote it: read from the file, judged by the engine alone."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import fsm
from fsm import Engine, Snapshot
from fsm.desk import DESK
from fsm.storage import dump, effect_out, event_in

from .log import Row, row_of
from .shop import PROFILE, Command, Service

ENGINE = fsm.compile(DESK, PROFILE)


def rows(base: Path) -> list[Row]:
    """The log, read as anybody can who has the file."""
    with closing(sqlite3.connect(base)) as reading:
        return [row_of(one) for one in reading.execute("SELECT * FROM log ORDER BY position")]


def replay(log: list[Row], engine: Engine = ENGINE, start: Snapshot | None = None) -> tuple[Snapshot, list[Any]]:
    """What the engine alone makes of the log from the very start: the desk, and the effects of each row."""
    snapshot, effects = start or engine.start(), []
    for row in log:
        step = (
            engine.advance(snapshot, row.at)
            if row.event is None
            else engine.step(snapshot, event_in(engine, row.event), row.at)
        )
        snapshot = step.after
        effects.append([effect_out(one) for one in step.effects])
    return snapshot, effects


def nothing_is_lost_or_done_twice(
    base: Path, engine: Engine, service: Service, commands: list[Command], answered: dict[str, Any]
) -> None:
    """Sends every command once more, stops the service, and reads the log: what was answered is there, each key once, the desk is its replay."""
    before = {row.key: row.position for row in rows(base) if row.key is not None}
    for key, answer in answered.items():
        assert "taken" not in answer or before.get(key) == answer["taken"]
    for command in commands:
        answer = service.ask(command)
        if command["key"] in before:
            assert {"key": command["key"], "taken": before[command["key"]], "again": True} == answer
    shown = service.ask({"show": True})
    effects = service.ask({"after": 0})["effects"]
    assert 0 == service.stop()

    log = rows(base)
    desk, _ = replay(log[: shown["position"]], engine)  # time may have gone on since it was shown
    _, replayed = replay(log, engine)
    said = {command["key"]: {"name": command["name"], "fields": command["fields"]} for command in commands}
    assert list(range(1, len(log) + 1)) == [row.position for row in log]
    assert {1} == set(Counter(row.key for row in log if row.key is not None).values())
    assert all(row.event == said[row.key] for row in log if row.key is not None)
    assert dump(engine, desk) == shown["desk"]
    assert [row.effects for row in log] == replayed
    assert [[row.position, row.effects] for row in log if row.effects][: len(effects)] == effects
