"""The doors at which JSON comes in: snapshots, events, traces, what migrations give, canonical declarations."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from fsm import BadDeclaration, BadInput, BadSnapshot, EventRefused, TimeStopped, compile
from fsm.canonical import read, write
from fsm.storage import Migration, Migrations, dump, event_in, event_out, load, trace_in, trace_out
from fsm.traces import replay

from . import plain_json, plain_store
from .door import Ending, Outcome, judged
from .plain_json import NotPlain
from .store import ENGINE, STORE, Bang, Move, Put, Size, Take
from .texts import as_text, changed, odd_value

__all__ = ["canonical", "events", "migrations", "runs", "snapshots"]

FINGERPRINT = ENGINE.layout.fingerprint
OLDER = "0" * 64


def some_event(random: Random) -> Any:
    """An event of the store."""
    keys = random.choices(["a", "b", "c"], k=2)
    return random.choice(
        [
            Put(keys[0], random.choice(list(Size)), random.choice([None, "x", ""])),
            Put(keys[0], Size.SMALL, None),
            Take(keys[0]),
            Move(*keys),
            Bang(),
            Bang(),
        ]
    )


def some_run(random: Random) -> tuple[Any, list[tuple[Any, int]]]:
    """A start, and events with their instants that are all taken."""
    at = random.choice([0, 0, 5, -7])
    first = here = ENGINE.start(at)
    taken = []
    for _ in range(random.randrange(9)):
        at += random.choice([0, 0, 1, 4, 10, 25])
        event = some_event(random) if random.random() < 0.85 else None
        try:
            here = (ENGINE.advance(here, at) if event is None else ENGINE.step(here, event, at)).after
        except EventRefused as refused:
            here = refused.snapshot
            continue
        taken.append((event, at))
    return first, taken


@cache
def known_snapshots() -> list[Any]:
    """Snapshots that the store comes to."""
    random, found = Random(1), []
    for _ in range(400):
        first, taken = some_run(random)
        found.append(replay(ENGINE, taken, start=first).last)
    return found


@cache
def written_snapshots() -> list[str]:
    return [dump(ENGINE, one) for one in known_snapshots()]


@cache
def written_runs() -> list[str]:
    random = Random(2)
    runs = [some_run(random) for _ in range(300)]
    return [json.dumps(trace_out(ENGINE, replay(ENGINE, taken, start=first))) for first, taken in runs]


def plainly(text: str | bytes) -> tuple[bool, Any]:
    """Whether a text is JSON, and what it says."""
    try:
        return True, plain_json.read(text)
    except NotPlain:
        return False, None


def snapshots(random: Random) -> Outcome:
    """A snapshot, loaded."""
    text = as_text(changed(json.loads(random.choice(written_snapshots())), random), random)
    latest = random.choice([0, 30, 10**6])
    is_json, tree = plainly(text)
    allowed = is_json and plain_store.is_snapshot(tree, FINGERPRINT, latest)

    def run() -> None:
        loaded = load(ENGINE, text, latest)
        assert _sorted(tree) == _sorted(json.loads(dump(ENGINE, loaded))), "what was loaded is not what was written"

    return judged(allowed, run, (BadSnapshot,), text)


def _sorted(document: Any) -> Any:
    boxes = sorted(document["parts"]["boxes"], key=lambda one: json.dumps(one["key"]))
    return {**document, "parts": {**document["parts"], "boxes": boxes}}


def events(random: Random) -> Outcome:
    """An event as JSON, read and taken by the store; what it comes to is what the store written by hand says."""
    tree = changed(event_out(some_event(random)), random)
    text = as_text(tree, random)
    is_json, tree = plainly(text)
    if not is_json:
        tree = odd_value(random)
    snapshot = random.choice(known_snapshots())
    at = snapshot.now + random.choice([0, 1, 10, 30])
    before = plain_store.advance(json.loads(dump(ENGINE, snapshot)), at)[0]
    moved = plain_store.step(before, tree, at) if plain_store.is_event(tree) else None

    def run() -> None:
        after = ENGINE.step(snapshot, event_in(ENGINE, tree), at).after
        assert moved is None or _sorted(moved[0]) == _sorted(json.loads(dump(ENGINE, after))), "it led elsewhere"

    return judged(moved is not None, run, (BadInput, EventRefused), tree)


def runs(random: Random) -> Outcome:
    """A run, replayed: the store written by hand takes the same steps. What they change in words is known of steps as they were written."""
    given = json.loads(random.choice(written_runs()))
    tree = changed(deepcopy(given), random)
    same = plain_store.same(tree, given)
    allowed = same or (_is_run(tree) and _has_its_words(tree, given))
    outcome = judged(allowed, lambda: trace_in(ENGINE, tree), (BadInput, EventRefused, TimeStopped), tree)
    return Outcome(Ending.REFUSED) if outcome.ending is Ending.WRONGLY_REFUSED and not same else outcome


def _is_run(tree: Any) -> bool:
    """Whether a document is a run of the store, but for its words."""
    names = {*plain_store.HEAD, "fingerprint", "start", "steps"}
    if type(tree) is not dict or set(tree) != names or tree["fingerprint"] != FINGERPRINT:
        return False
    if not plain_store.same({name: tree[name] for name in plain_store.HEAD}, plain_store.HEAD):
        return False
    if not plain_store.is_snapshot(tree["start"], FINGERPRINT, None, claims=False) or type(tree["steps"]) is not list:
        return False
    return plain_store.traced(tree["start"], tree["steps"])


def _has_its_words(tree: Any, given: Any) -> bool:
    """Whether its words are those that were written, as far as its steps are."""
    for one, other in zip(tree["steps"], given["steps"], strict=False):
        if not plain_store.same({**one, "changes": []}, {**other, "changes": []}):
            break
        if not plain_store.same(tree["start"], given["start"]):
            break
        if not plain_store.same(one["changes"], other["changes"]):
            return False
    words = [one["changes"] for one in tree["steps"]]
    return all(type(some) is list and all(type(word) is str for word in some) for some in words)


def migrations(random: Random) -> Outcome:
    """What a migration makes of an older snapshot: its own author may be wrong, and what it gives is distrusted."""
    tree = json.loads(random.choice(written_snapshots()))
    then = tree["now"]
    parts = changed(tree["parts"], random)
    odd = random.random()
    given: Any = parts
    if odd < 0.1:
        given = random.choice(
            [{1: parts}, (parts,), {"boxes": (), "door": {}}, float("nan"), object(), b"", {"boxes": {1, 2}}]
        )

    def change(old: Any, now: int) -> Any:
        if odd > 0.95:
            raise random.choice([ValueError, KeyError, RecursionError, ZeroDivisionError, EventRefused])
        return given

    way = Migrations(Migration("by hand", OLDER, FINGERPRINT, change))
    text = json.dumps({**tree, "fingerprint": OLDER, "parts": json.loads(random.choice(written_snapshots()))["parts"]})
    allowed = odd <= 0.95 and given is parts and plain_store.is_parts(parts, then)
    return judged(allowed, lambda: load(ENGINE, text, 10**6, way), (BadSnapshot,), given)


@cache
def declared() -> str:
    return write(STORE)


def canonical(random: Random) -> Outcome:
    """A declaration: one that is read says, written again, what the text said, and runs."""
    text = as_text(changed(json.loads(declared()), random), random)
    is_json, tree = plainly(text)

    def run() -> None:
        again = read(text, stand_ins=True)
        compile(again).start(0)
        said.append(plain_json.read(write(again)))

    said: list[Any] = []
    outcome = judged(True, run, (BadDeclaration,), text)
    if outcome.ending is Ending.WRONGLY_REFUSED:
        return judged(False, run, (BadDeclaration,), text)
    wrong = bool(said) and not (is_json and plain_store.same(tree, said[0]))
    return judged(not wrong, lambda: None, (), text) if said else outcome
