"""Whoever runs the service of the tests: starts it, talks to it, kills it without warning, starts it again."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from fsm.desk import Accept, Clear, End, OfferChat, Reject, SetStatus, Speaker, Status, Text
from fsm.storage import event_out

ACCEPTANCE = Path(__file__).parents[1]
PROFILE = {"accept_window": 120, "non_response_after": 60}
"""Milliseconds: short, so that time has something to do in a short test."""

Command = dict[str, Any]


class Service:
    """The process, from outside. `dying`: where it dies by itself, and at which row (`mortal`)."""

    def __init__(self, base: Path, profile: dict[str, int] | None = None, *dying: object) -> None:
        paths = os.pathsep.join([str(ACCEPTANCE), *filter(None, [os.environ.get("PYTHONPATH")])])
        module = "embedding.mortal" if dying else "embedding.service"
        command = [
            sys.executable,
            "-m",
            module,
            str(base),
            json.dumps(PROFILE if profile is None else profile),
            *map(str, dying),
        ]
        environment = os.environ | {"PYTHONPATH": paths}
        self.process = subprocess.Popen(
            command, env=environment, cwd=base.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.ready = self.hear()

    def say(self, *commands: Command) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(json.dumps(one).encode() + b"\n" for one in commands))
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, command: Command) -> Any:
        self.say(command)
        return self.hear()

    def kill(self) -> list[Any]:
        """SIGKILL; what it had answered by then."""
        self.process.kill()
        return self.last_words()

    def last_words(self) -> list[Any]:
        """Whatever it answered before it died. A line that it could not finish is no answer."""
        left, _ = self.process.communicate()
        return [json.loads(line) for line in left.splitlines(keepends=True) if line.endswith(b"\n")]

    def stop(self) -> int:
        """The end of its input; its exit status."""
        self.process.communicate(timeout=30)
        return self.process.returncode


def orders(chance: random.Random) -> Iterator[Command]:
    """Commands without end, as they come to a desk, each with a key of its own; some will be refused."""
    yield {"key": "open", **event_out(SetStatus(Status.AVAILABLE))}
    for number in count():
        contact = f"c-{chance.randrange(8)}"
        event = chance.choice([
            OfferChat(contact, contact.upper(), 0), OfferChat(contact, contact.upper(), 0), Accept(contact), Text(contact, Speaker.AGENT),
            Reject(contact), End(contact), Clear(contact), Clear(contact), SetStatus(chance.choice([Status.AVAILABLE, Status.AVAILABLE, Status.AWAY])),
        ])  # fmt: skip
        yield {"key": f"k-{number}", **event_out(event)}
