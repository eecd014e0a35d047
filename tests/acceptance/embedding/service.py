"""One agent's desk as a service: a process that reads commands line by line and answers each once its event is in the log.

    python -m embedding.service DATABASE [PROFILE]

    {"key": "k-1", "name": "offer_chat", "fields": {"contact": "c-1", ...}}   an event
    {"key": "k-1", "taken": 7, "again": false}                                its position in the log
    {"key": "k-1", "refused": "offer_chat(...) is refused. ..."}              nothing was written
    {"after": 5}                                                              what the world should do since position 5?
    {"show": true}                                                            the desk, as it travels

It waits for the next command or the next deadline, whichever comes first, and stops when its input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsm
from fsm import BadInput, Engine, EventRefused
from fsm.desk import DESK
from fsm.storage import dump, event_in

from .log import Log
from .logged_desk import KeyUsed, LoggedDesk


def clock() -> int:
    """Milliseconds since 1970: the only clock in the whole service."""
    return time.time_ns() // 1_000_000


def answer(desk: LoggedDesk, line: bytes) -> dict[str, Any]:
    """What a command is answered; a command that makes no sense is told so."""
    try:
        match json.loads(line):
            case {"key": str(key), "name": name, "fields": fields}:
                return {"key": key, **sent(desk, key, {"name": name, "fields": fields})}
            case {"after": int(position)}:
                desk.catch_up()
                return {"effects": [[row.position, row.effects] for row in desk.log.after(position) if row.effects]}
            case {"show": True}:
                desk.catch_up()
                return {"position": desk.position, "desk": dump(desk.engine, desk.snapshot)}
            case other:
                return {"wrong": f"{other!r} is no command"}
    except (ValueError, RecursionError) as wrong:
        return {"wrong": str(wrong)}


def sent(desk: LoggedDesk, key: str, said: dict[str, Any]) -> dict[str, Any]:
    try:
        taken = desk.send(key, event_in(desk.engine, said))
    except EventRefused as refused:
        return {"refused": str(refused)}
    except (BadInput, KeyUsed) as wrong:
        return {"wrong": str(wrong)}
    return {"taken": taken.position, "again": taken.again}


async def serve(desk: LoggedDesk, commands: asyncio.StreamReader) -> None:
    """Until the input ends. A deadline that passes while nobody speaks wakes the desk."""
    while True:
        due = desk.engine.due(desk.snapshot)
        patience = None if due is None else max(0, due - desk.now()) / 1_000
        try:
            line = await asyncio.wait_for(commands.readline(), patience)
        except TimeoutError:
            desk.pass_time()
            continue
        if not line:
            return
        print(json.dumps(answer(desk, line)), flush=True)


async def run(path: Path, profile: dict[str, Any], opened: Callable[[Path, Engine], Log] = Log) -> None:
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    engine = fsm.compile(DESK, profile)
    desk = LoggedDesk(engine, opened(path, engine), clock)
    print(json.dumps({"ready": desk.position}), flush=True)
    await serve(desk, commands)
    desk.stop()


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}))
