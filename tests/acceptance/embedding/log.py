"""The log of a desk in SQLite: what happened, in order, once. Nothing in it is ever changed or removed.

Whoever appends says after which position; when somebody else was quicker the row is not written
(`Behind`) and has to be judged again. A key that is in the log already is not written again. The
effects of a row are committed with it, so that what the world should do is neither lost nor made up.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import attrs

from fsm import Engine

SCHEMA = """
CREATE TABLE IF NOT EXISTS desk (declaration TEXT NOT NULL, profile TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (
    position INTEGER PRIMARY KEY CHECK (position > 0),
    key TEXT UNIQUE,           -- the sender's; NULL where time alone passed
    at INTEGER NOT NULL,       -- milliseconds
    event TEXT,                -- JSON; NULL where time alone passed
    effects TEXT NOT NULL,     -- JSON
    CHECK ((key IS NULL) = (event IS NULL))
);
CREATE TABLE IF NOT EXISTS snapshots (position INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TRIGGER IF NOT EXISTS no_row_changes BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER IF NOT EXISTS no_row_goes BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


class Behind(Exception):
    """Somebody else has appended since: read the rows after yours, judge again."""


class OtherDesk(Exception):
    """The log was begun by another declaration or under another profile."""


@attrs.frozen
class Row:
    """One thing that happened. `key` and `event` are None where time alone passed; `at` in milliseconds."""

    position: int
    key: str | None
    at: int
    event: Any
    effects: Any


class Log:
    """The log in a file, for one declaration under one profile.

    Raises:
        OtherDesk: the file was begun with another.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self._base = sqlite3.connect(path, isolation_level=None, timeout=10)
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute(
            "PRAGMA synchronous = FULL"
        )  # what was answered survives the loss of power, not of the process alone
        self._base.execute("PRAGMA recursive_triggers = ON")  # INSERT OR REPLACE deletes: it is refused too
        self._base.executescript(SCHEMA)
        mine = (engine.layout.fingerprint, json.dumps(engine.params))
        self._base.execute("INSERT INTO desk SELECT ?, ? WHERE NOT EXISTS (SELECT * FROM desk)", mine)
        if self._base.execute("SELECT declaration, profile FROM desk").fetchall() != [mine]:
            self.close()
            raise OtherDesk(
                "the log was begun by another declaration or profile: bring its last snapshot over and begin a new log with it (successor.py)"
            )

    def close(self) -> None:
        self._base.close()

    def append(self, row: Row) -> None:
        """The row at its position, committed; all of it or nothing.

        Raises:
            Behind: its position, or its key, is taken.
        """
        event = None if row.event is None else json.dumps(row.event)
        try:
            done = self._base.execute("INSERT INTO log SELECT ?, ?, ?, ?, ? WHERE ? = (SELECT coalesce(max(position), 0) + 1 FROM log)",
                                      (row.position, row.key, row.at, event, json.dumps(row.effects), row.position))  # fmt: skip
        except sqlite3.IntegrityError as taken:
            raise Behind(str(taken)) from taken
        if done.rowcount != 1:
            raise Behind(f"position {row.position} is not the next one")

    def begin_with(self, rows: list[Row], text: str) -> None:
        """The rows of an older log and the desk after them, in one transaction: all of it or nothing."""
        self._base.execute("BEGIN IMMEDIATE")
        for row in rows:
            self.append(row)
        self.keep(len(rows), text)
        self._base.execute("COMMIT")

    def after(self, position: int) -> list[Row]:
        """Every row after a position, in order."""
        found = self._base.execute(
            "SELECT position, key, at, event, effects FROM log WHERE position > ? ORDER BY position", (position,)
        )
        return [row_of(one) for one in found.fetchall()]

    def find(self, key: str) -> Row | None:
        """The row with a key."""
        found = self._base.execute("SELECT position, key, at, event, effects FROM log WHERE key = ?", (key,)).fetchone()
        return None if found is None else row_of(found)

    def keep(self, position: int, text: str) -> None:
        """A snapshot after a position, to restart from; one that is there already says the same."""
        self._base.execute("INSERT OR IGNORE INTO snapshots VALUES (?, ?)", (position, text))

    def kept(self) -> tuple[int, str] | None:
        """The last snapshot that was kept, with its position."""
        found: tuple[int, str] | None = self._base.execute(
            "SELECT position, text FROM snapshots ORDER BY position DESC LIMIT 1"
        ).fetchone()
        return found


def row_of(found: tuple[int, str | None, int, str | None, str]) -> Row:
    position, key, at, event, effects = found
    return Row(position, key, at, None if event is None else json.loads(event), json.loads(effects))
