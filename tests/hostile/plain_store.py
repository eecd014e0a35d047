"""The store of `store.py` once more, written by hand on plain dicts: the oracle of what a document may say and of what happens.

Nothing of the library is used here, neither its reader nor its step. A document is what `plain_json` read, or
Python's own values; what is no document of the store is `None`, and what is refused too.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

__all__ = ["HEAD", "advance", "is_event", "is_instant", "is_parts", "is_snapshot", "same", "start", "step", "traced"]

Document = dict[str, Any]
MOST = 2
TIMERS = (("warn", 10), ("spoil", 20))
SIZES = ("SMALL", "LARGE")
HEAD: Document = {"version": 2, "system": "store", "profile": {"most": MOST}}
"""What every document says of itself, with the fingerprint of the declaration, which is handed in."""
FIELDS = {
    "put": {
        "key": lambda one: type(one) is str,
        "size": lambda one: type(one) is str and one in SIZES,
        "note": lambda one: one is None or type(one) is str,
    },
    "take": {"key": lambda one: type(one) is str},
    "move": {"giver": lambda one: type(one) is str, "taker": lambda one: type(one) is str},
    "bang": {},
}  # fmt: skip


def is_instant(given: Any) -> bool:
    """Whole milliseconds of no more than 4,300 digits."""
    return type(given) is int and abs(given) < 10**4300


def _has(given: Any, *names: str) -> bool:
    return type(given) is dict and set(given) == set(names)


# What a snapshot is


def is_snapshot(given: Any, fingerprint: str, latest: int | None, *, claims: bool = True) -> bool:
    """Whether a document is a snapshot of the store, no younger than `latest`."""
    if not _has(given, "version", "system", "fingerprint", "profile", "now", "parts"):
        return False
    head = {name: given[name] for name in HEAD}
    if not (same(head, HEAD) and given["fingerprint"] == fingerprint and is_instant(given["now"])):
        return False
    return (latest is None or given["now"] <= latest) and is_parts(given["parts"], given["now"], claims=claims)


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types: true is no number here."""
    if type(one) is not type(other):
        return False
    if type(one) is dict:
        return set(one) == set(other) and all(same(one[name], other[name]) for name in one)
    if type(one) is list:
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def is_parts(given: Any, now: int, *, claims: bool = True) -> bool:
    """Whether the parts of a document are those of the store at an instant."""
    if not _has(given, "boxes", "door") or type(given["boxes"]) is not list:
        return False
    boxes = given["boxes"]
    if len(boxes) > MOST or not all(_is_box(one, now, claims=claims) for one in boxes):
        return False
    keys = [one["key"] for one in boxes]
    large = sum(one["variables"]["size"] == "LARGE" for one in boxes)
    return len(set(keys)) == len(keys) and (not claims or large <= 1) and _is_door(given["door"], now)


def _is_box(given: Any, now: int, *, claims: bool) -> bool:
    if not _has(given, "key", "state", "since", "spent", "variables") or type(given["key"]) is not str:
        return False
    if given["state"] not in ("fresh", "spoiled") or not is_instant(given["since"]) or given["since"] > now:
        return False
    held = given["variables"]
    if not _has(held, "size", "note", "puts") or type(held["puts"]) is not int or not 0 <= held["puts"] <= 3:
        return False
    if not FIELDS["put"]["size"](held["size"]) or not FIELDS["put"]["note"](held["note"]):
        return False
    fired = [name for name, length in TIMERS if given["state"] == "fresh" and given["since"] + length <= now]
    return (
        given["spent"] == fired and "spoil" not in fired and not (claims and held["size"] == "LARGE" and held["puts"])
    )


def _is_door(given: Any, now: int) -> bool:
    return (
        _has(given, "state", "since", "spent", "variables")
        and given["state"] in ("shut", "open")
        and is_instant(given["since"])
        and given["since"] <= now
        and given["spent"] == []
        and _has(given["variables"], "tired")
        and type(given["variables"]["tired"]) is bool
    )


def is_event(given: Any) -> bool:
    """Whether a document is an event that callers send."""
    if not _has(given, "name", "fields") or type(given["name"]) is not str or given["name"] not in FIELDS:
        return False
    fields = FIELDS[given["name"]]
    return _has(given["fields"], *fields) and all(fits(given["fields"][name]) for name, fits in fields.items())


# What happens


def start(fingerprint: str, now: int) -> Document:
    """The store at its opening."""
    shut = {"state": "shut", "since": now, "spent": [], "variables": {"tired": False}}
    return {**deepcopy(HEAD), "fingerprint": fingerprint, "now": now, "parts": {"boxes": [], "door": shut}}


Taken = tuple[int, str, Any, list[Any]]
"""The instant of a timer, its event, the key of its box, and what it emits."""


def advance(snapshot: Document, to: int) -> tuple[Document, list[Taken]]:
    """The store when time has passed, and the timers that fired, in order."""
    after = deepcopy(snapshot)
    taken: list[Taken] = []
    while True:
        due = [
            (box["since"] + length, order, place)
            for place, box in enumerate(_sorted(after))
            for order, (name, length) in enumerate(TIMERS)
            if box["state"] == "fresh" and name not in box["spent"] and box["since"] + length <= to
        ]
        if not due:
            after["now"] = to
            return after, taken
        at, order, place = min(due)
        box = _sorted(after)[place]
        if TIMERS[order][0] == "warn":
            box["spent"].append("warn")
            taken.append((at, "warn", box["key"], []))
        else:
            box.update(state="spoiled", since=at, spent=[])
            taken.append((at, "spoil", box["key"], [_gone(box["key"], at)]))


def _sorted(snapshot: Document) -> list[Any]:
    boxes: list[Any] = snapshot["parts"]["boxes"]
    return boxes


def _gone(key: str, at: int) -> Document:
    return {"name": "gone", "fields": {"key": key, "at": at}}


def step(snapshot: Document, event: Document, at: int) -> tuple[Document, list[Any]] | None:
    """The store after an event, at whose instant no timer is left that is due, and what it emits; None where it is refused."""
    after = deepcopy(snapshot)
    boxes, door = after["parts"]["boxes"], after["parts"]["door"]
    held = {one["key"]: one for one in boxes}
    fields = event["fields"]
    match event["name"]:
        case "put" if fields["size"] == "LARGE" and any(one["variables"]["size"] == "LARGE" for one in boxes):
            return None
        case "put" if fields["key"] not in held:
            made = {"size": fields["size"], "note": fields["note"], "puts": 0}
            boxes.append({"key": fields["key"], "state": "fresh", "since": at, "spent": [], "variables": made})
            return (after, []) if len(boxes) <= MOST else None
        case "put":
            box = held[fields["key"]]
            box["variables"]["note"] = fields["note"]
            return (after, []) if _filled(box) else None
        case "take":
            if door["state"] != "open" or fields["key"] not in held:
                return None
            boxes.remove(held[fields["key"]])
            return after, [_gone(fields["key"], at)]
        case "move":
            giver, taker = held.get(fields["giver"]), held.get(fields["taker"])
            if giver is None or taker is None or giver is taker or giver["state"] != "fresh":
                return None
            giver["variables"]["puts"] -= 1
            return (after, []) if giver["variables"]["puts"] >= 0 and _filled(taker) else None
        case _:
            if door["state"] == "open" and at - door["since"] < 5:
                return None
            tired = door["variables"]["tired"] != (door["state"] == "open")
            door.update(state="shut" if door["state"] == "open" else "open", since=at, variables={"tired": tired})
            return after, []


def _filled(box: Document) -> bool:
    held = box["variables"]
    held["puts"] += 1
    return box["state"] == "fresh" and held["size"] == "SMALL" and bool(held["puts"] <= 3)


# What a run says


def traced(snapshot: Document, steps: list[Any]) -> bool:
    """Whether these steps are what happens from a snapshot on, but for their words: every timer in its place, and no event refused."""
    left = list(steps)
    while left:
        one = left.pop(0)
        if not _has(one, "at", "event", "sent", "part", "key", "effects", "changes") or not is_instant(one["at"]):
            return False
        if one["at"] < snapshot["now"]:
            return False
        fired = _told(one) if one["sent"] is not None else None
        ahead, taken = advance(snapshot, one["at"])
        if fired is not None:
            if not any(other[0] == taken[0][0] and same(list(other), list(fired)) for other in taken):
                return False
            snapshot = advanced_by_one(snapshot, fired)
            continue
        if taken or (one["part"], one["key"]) != (None, None):
            return False
        if one["event"] is None:
            if one["effects"] != [] or ahead["now"] == snapshot["now"]:
                return False
            snapshot = ahead
            continue
        moved = step(ahead, one["event"], one["at"]) if is_event(one["event"]) else None
        if moved is None or not same(moved[1], one["effects"]):
            return False
        snapshot = moved[0]
    return True


def _told(one: Any) -> Taken | None:
    """The timer that a step tells of; one that no box has where it tells of none."""
    if one["event"] is not None or one["part"] != "boxes":
        return one["at"], "", None, []
    return one["at"], one["sent"], one["key"], one["effects"]


def advanced_by_one(snapshot: Document, taken: Taken) -> Document:
    """The store when one timer has fired, and no other of its instant."""
    at, name, key, _ = taken
    after = deepcopy(snapshot)
    box = next(one for one in after["parts"]["boxes"] if one["key"] == key)
    if name == "warn":
        box["spent"].append("warn")
    else:
        box.update(state="spoiled", since=at, spent=[])
    after["now"] = at
    return after
