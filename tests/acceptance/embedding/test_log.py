"""The log of a desk is append-only, in one order, and belongs to one declaration under one profile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import fsm
from fsm.desk import DESK

from .log import Behind, Log, OtherDesk, Row

ENGINE = fsm.compile(DESK)
FIRST = Row(1, "k-1", 5, {"name": "clear", "fields": {"contact": "ann"}}, [])
TIME = Row(2, None, 6, None, [{"name": "missed", "fields": {}}])


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path / "desk.db", ENGINE)
    made.append(FIRST)
    made.append(TIME)
    yield made
    made.close()


def test_what_was_appended_is_read_in_order(log: Log) -> None:
    """And found by its key."""
    assert [FIRST, TIME] == log.after(0)
    assert [TIME] == log.after(1)
    assert (FIRST, None) == (log.find("k-1"), log.find("k-2"))


@pytest.mark.parametrize(
    "row",
    [Row(2, "k-2", 7, {}, []), Row(4, "k-2", 7, {}, []), Row(3, "k-1", 7, {}, [])],
    ids=["a position that is taken", "a position too far", "a key that is taken"],
)
def test_a_row_that_is_not_the_next_one_is_not_written(log: Log, row: Row) -> None:
    """Somebody else was quicker."""
    with pytest.raises(Behind):
        log.append(row)

    assert [FIRST, TIME] == log.after(0)


@pytest.mark.parametrize(
    "order", ["UPDATE log SET at = 0", "DELETE FROM log", "INSERT OR REPLACE INTO log VALUES (1, 'k-9', 0, '{}', '[]')"]
)
def test_no_row_is_changed_or_removed(tmp_path: Path, log: Log, order: str) -> None:
    """The file itself refuses, whoever asks."""
    other = sqlite3.connect(tmp_path / "desk.db")
    other.execute("PRAGMA recursive_triggers = ON")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        other.execute(order)
    other.close()


@pytest.mark.parametrize(
    "other",
    [fsm.compile(DESK, {"max_chats": 3}), fsm.compile(fsm.desk.TILE)],
    ids=["another profile", "another declaration"],
)
def test_a_log_belongs_to_one_declaration_under_one_profile(tmp_path: Path, log: Log, other: fsm.Engine) -> None:
    """Replayed under another, it would say something else."""
    with pytest.raises(OtherDesk, match="bring its last snapshot over"):
        Log(tmp_path / "desk.db", other)


def test_the_last_snapshot_is_the_one_to_start_from(log: Log) -> None:
    """Keeping the same one again changes nothing."""
    assert log.kept() is None
    for position, text in ((20, "a"), (40, "b"), (20, "c")):
        log.keep(position, text)

    assert (40, "b") == log.kept()
