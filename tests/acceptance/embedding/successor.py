"""A log that goes on under a newer declaration or under other parameters: what happened is kept, the desk is taken over.

Positions, keys and effects go on, so that who sends again is answered as before and who carries
effects out asks on from where they were. Older rows are never judged again: the new log restarts
from the desk that was brought over, which stands behind the last of them.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from fsm import Engine
from fsm.storage import Migrations, dump, take_over

from .log import Log, Row, row_of

__all__ = ["Unfinished", "bring_over"]


class Unfinished(Exception):
    """The older log has rows after its last snapshot, which only the declaration that judged them can replay."""


def bring_over(old: Path, new: Path, engine: Engine, migrations: Migrations) -> None:
    """Begin a new log with what is in an older one; nobody may be writing the older one, which stays as it is.

    Args:
        old, new: files; the new one comes to be whole or not at all.
        engine: of the newer declaration, under the newer parameters; they hold from the last row on.

    Raises:
        Unfinished: start the older service once more and let it stop: it keeps its last desk.
        FileExistsError: the new log has begun already.
        BadSnapshot: no migration leads here, or what must always hold would not, under the newer parameters.
    """
    if new.exists():
        raise FileExistsError(new)
    rows, position, text = _read(old)
    if position != len(rows):
        raise Unfinished(
            f"{len(rows) - position} rows came after the last snapshot: start the service that wrote them once more and let it stop"
        )
    taken_over = take_over(engine, text, json.loads(text)["now"], migrations)
    unborn = new.with_name(new.name + ".unborn")
    unborn.unlink(missing_ok=True)  # of an attempt that died
    with closing(Log(unborn, engine)) as log:
        log.begin_with(rows, dump(engine, taken_over.after))
    unborn.replace(new)


def _read(old: Path) -> tuple[list[Row], int, str]:
    """Every row, and the last snapshot with its position; whichever declaration wrote them."""
    with closing(sqlite3.connect(old)) as reading:
        rows = [
            row_of(one)
            for one in reading.execute("SELECT position, key, at, event, effects FROM log ORDER BY position")
        ]
        kept = reading.execute("SELECT position, text FROM snapshots ORDER BY position DESC LIMIT 1").fetchone()
    if kept is None:
        raise Unfinished("the service that wrote it has not kept any desk: start it once more and let it stop")
    return rows, *kept
