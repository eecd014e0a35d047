"""The doors of a monitor: records of a log, what it knew when it was stored, and the mapping that says what columns mean."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from io import StringIO
from random import Random
from typing import Any

from fsm import BadInput, BadSnapshot, DefinitionError
from fsm.storage import event_out
from fsm.verification.monitoring import Monitor, Report, Verdict
from fsm.verification.monitoring.mapped.binding import BoundSource, bound
from fsm.verification.monitoring.mapped.files import Unreadable, json_records
from fsm.verification.monitoring.mapped.mapping import mapping_of, parsed

from . import plain_json, plain_store
from .documents import FINGERPRINT, plainly, some_event
from .door import Ending, Outcome, judged
from .plain_json import NotPlain
from .store import STORE
from .texts import as_text, changed

__all__ = ["mappings", "records", "states_of_monitors"]

EVENTS = ("put", "take", "move", "bang")
MAPPING = {
    "begins": 0,
    "parameters": {"most": 2},
    "source": [
        {
            "name": "log",
            "at": "t",
            "number": "n",
            "shows": dict.fromkeys(EVENTS, "always"),
            "record": [
                {"when": {"name": "put"}, "event": "put", "fields": {"key": "key", "size": {"column": "size", "values": {"S": "SMALL", "L": "LARGE"}}, "note": "note"}},
                {"when": {"name": "take"}, "event": "take", "fields": {"key": "key"}},
                {"when": {"name": ["move"]}, "event": "move", "inside": "of"},
                {"when": {"name": "bang"}, "event": "bang"},
            ],
        }
    ],
}  # fmt: skip
"""Every event of the store is written, with its instant; nothing is hidden but its timers."""
LETTERS = {"SMALL": "S", "LARGE": "L"}
NAMES = {"S": "SMALL", "L": "LARGE"}


@cache
def reader() -> tuple[Monitor, BoundSource]:
    monitor, (source,) = bound(mapping_of(deepcopy(MAPPING)), STORE)
    return monitor, source


def as_record(number: int, event: Any, at: int) -> dict[str, Any]:
    """An event of the store as its log writes it."""
    written = event_out(event)
    fields = written["fields"]
    if written["name"] == "move":
        fields = {"of": fields}
    if "size" in fields:
        fields = {**fields, "size": LETTERS[fields["size"]]}
    return {"n": number, "t": at, "name": written["name"], **fields}


def as_event(record: Any) -> Any:
    """The event of a record that is written just so, as the store written by hand knows it; None for any other, and where a text says nothing."""
    if type(record) is not dict or type(record.get("name")) is not str:
        return None
    given = {name: value for name, value in record.items() if name not in ("n", "t", "name")}
    if record["name"] == "move":
        if set(given) != {"of"} or type(given["of"]) is not dict:
            return None
        given = given["of"]
    elif record["name"] == "put":
        if type(given.get("size")) is not str or given["size"] not in NAMES:
            return None
        given = {**given, "size": NAMES[given["size"]]}
    event = {"name": record["name"], "fields": given}
    says_nothing = any(value in ("", "null", "None") for value in given.values() if type(value) is str)
    return event if plain_store.is_event(event) and not says_nothing else None


def some_records(random: Random) -> list[dict[str, Any]]:
    """What a log has of a run; now and then something in it could not be."""
    at, found = 0, []
    here: Any = plain_store.start(FINGERPRINT, 0)
    for _ in range(random.randrange(1, 9)):
        at += random.choice([0, 1, 4, 10, 25])
        event = some_event(random)
        moved = plain_store.step(plain_store.advance(here, at)[0], event_out(event), at)
        if moved is None and random.random() < 0.9:
            continue
        here = here if moved is None else moved[0]
        found.append(as_record(len(found), event, at))
    return found or [as_record(0, some_event(random), 1)]


def said_by_hand(lines: list[str]) -> Verdict | None:
    """What the store written by hand says of a log; None where a record is not written just so, or comes out of turn."""
    here: Any = plain_store.start(FINGERPRINT, 0)
    last = 0
    for number, line in enumerate(lines):
        try:
            record = plain_json.read(line)
        except NotPlain:
            return None
        event = as_event(record)
        at = None if event is None else record.get("t")
        if type(at) is not int or at < last or at > 10**9 or type(record.get("n")) is not int or record["n"] != number:
            return None
        moved = plain_store.step(plain_store.advance(here, at)[0], event, at)
        if moved is None:
            return Verdict.VIOLATES
        here, last = moved[0], at
    return Verdict.CONFORMS


def watched(monitor: Monitor, source: BoundSource, text: str) -> Report:
    watch = monitor.watch()
    for position, record in json_records(StringIO(text), "log"):
        if isinstance(record, Unreadable):
            watch.unreadable("log", position, str(record))
        else:
            for observation in source.read(record, position):
                watch.feed(observation)
    watch.end()
    return watch.report()


def records(random: Random) -> Outcome:
    """A log of which a line was changed: what it comes to is what the store written by hand says, and no line stops the reading."""
    lines = [json.dumps(one) for one in some_records(random)]
    if random.random() < 0.7:
        place = random.randrange(len(lines))
        text = as_text(changed(json.loads(lines[place]), random), random)
        lines[place] = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    text = "\n".join(lines)
    known = said_by_hand(text.split("\n"))
    report: list[Report] = []
    outcome = judged(True, lambda: report.append(watched(*reader(), text)), (), text)
    if not report:
        return outcome
    if known is not None and report[0].verdict is not known:
        right = known is Verdict.CONFORMS
        said = f"{report[0].verdict} is said, {known} is right: {text!r:.600}"
        return Outcome(Ending.WRONGLY_REFUSED if right else Ending.WRONGLY_ACCEPTED, said)
    return Outcome(Ending.ACCEPTED if report[0].verdict is Verdict.CONFORMS else Ending.REFUSED)


@cache
def stored() -> list[tuple[str, list[dict[str, Any]], str]]:
    """What monitors knew in the middle of a log, what was read after that, and what they knew then."""
    random, found = Random(4), []
    monitor, source = reader()
    for _ in range(120):
        log = some_records(random)
        half = random.randrange(len(log) + 1)
        watch = monitor.watch()
        before = ""
        for number, record in enumerate([*log, None]):
            before = watch.state() if number == half else before
            for observation in [] if record is None else source.read(record, f"log:{number}"):
                watch.feed(observation)
        found.append((before, log[half:], watch.state()))
    return found


def states_of_monitors(random: Random) -> Outcome:
    """What a monitor knew: one that takes it up says the same again, and reads on; as it was written, to the same end."""
    before, rest, after = random.choice(stored())
    given = json.loads(before)
    text = as_text(changed(json.loads(before), random), random)
    is_json, tree = plainly(text)
    same = is_json and plain_store.same(tree, given)
    monitor, source = reader()

    def run() -> None:
        watch = monitor.resume(text)
        assert is_json and plain_store.same(tree, plain_json.read(watch.state())), "it was not taken up as it stands"
        for number, record in enumerate(rest):
            for observation in source.read(record, f"log:{number}"):
                watch.feed(observation)
        watch.end()
        assert watch.report().verdict in Verdict
        assert not same or _machines(watch.state()) == _machines(after), "it went on otherwise"

    outcome = judged(True, run, (BadSnapshot,), text)
    return judged(same, run, (BadSnapshot,), text) if outcome.ending is Ending.WRONGLY_REFUSED else outcome


def _machines(state: str) -> Any:
    """What is known of each machine, but for the positions of its records."""
    return [{**one, "trail": {**one["trail"], "memory": None}} for one in json.loads(state)["machines"]]


def mappings(random: Random) -> Outcome:
    """A mapping: what is no mapping of this declaration is refused; with what is one, a log is read to its end."""
    text = as_text(changed(deepcopy(MAPPING), random), random)
    read_as = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    is_json, tree = plainly(read_as)
    log = "\n".join(json.dumps(one) for one in some_records(random))

    def run() -> None:
        monitor, (source, *_) = bound(parsed(read_as, form="json"), STORE)
        taken.append(source)
        watched(monitor, source, log)

    taken: list[BoundSource] = []
    same = is_json and plain_store.same(tree, MAPPING)
    outcome = judged(True, run, (BadInput, DefinitionError), read_as)
    if outcome.ending is Ending.WRONGLY_REFUSED:
        ending = Ending.WRONGLY_REFUSED if same or taken else Ending.REFUSED
        return Outcome(ending, "" if ending is Ending.REFUSED else outcome.said)
    if outcome.ending is Ending.ACCEPTED and not is_json:
        return Outcome(Ending.WRONGLY_ACCEPTED, f"no JSON: {read_as!r:.600}")
    return outcome
