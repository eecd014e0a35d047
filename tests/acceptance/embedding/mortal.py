"""The service with a log that makes it die at one instant of a write: what chance hits too rarely, once for each.

    python -m embedding.mortal DATABASE PROFILE POINT ROW

It dies at its ROW-th append, without a word: no buffer is flushed, nothing is closed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from fsm import Engine

from .log import Log, Row
from .service import run

BEFORE_THE_WRITE = "before the write"
BEFORE_THE_COMMIT = "before the commit"
BEFORE_THE_ANSWER = "before the answer"
BEFORE_THE_SNAPSHOT = "before the snapshot"
POINTS = (BEFORE_THE_WRITE, BEFORE_THE_COMMIT, BEFORE_THE_ANSWER, BEFORE_THE_SNAPSHOT)
NEVER_COMMITS = "never commits"
"""A planted fault: every row is answered, none is committed."""

EXIT = 70
"""By which one sees that it died where it should."""


class MortalLog(Log):
    """Dies at one point of the `row`-th append from now; at the next snapshot after it, where that is the point."""

    def __init__(self, path: Path, engine: Engine, point: str, row: int) -> None:
        super().__init__(path, engine)
        self._point, self._left = point, row

    def append(self, row: Row) -> None:
        self._left -= 1
        self._reach(BEFORE_THE_WRITE)
        if self._point == NEVER_COMMITS and not self._base.in_transaction:
            self._base.execute("BEGIN IMMEDIATE")
        if self._point == BEFORE_THE_COMMIT and self._left <= 0:
            self._base.execute("BEGIN IMMEDIATE")  # else the row is committed as soon as it is written
        super().append(row)
        for point in (BEFORE_THE_COMMIT, BEFORE_THE_ANSWER, NEVER_COMMITS):
            self._reach(point)

    def keep(self, position: int, text: str) -> None:
        self._reach(BEFORE_THE_SNAPSHOT)
        super().keep(position, text)

    def _reach(self, point: str) -> None:
        if point == self._point and self._left <= 0:
            os._exit(EXIT)


if __name__ == "__main__":
    asyncio.run(
        run(
            Path(sys.argv[1]),
            json.loads(sys.argv[2]),
            lambda path, engine: MortalLog(path, engine, sys.argv[3], int(sys.argv[4])),
        )
    )
