"""Documents made wrong, and right ones that look odd: in their tree, in their text, in their bytes."""

from __future__ import annotations

import json
from copy import deepcopy
from random import Random
from typing import Any

__all__ = ["as_text", "changed", "odd_value"]

ODD = (
    None, True, False, 0, 1, -1, 2, 3, 4, 9, 10, 12, 20, 0.0, 1.0, -0.0, 2.5, 1e16, 10**30, -(10**30), 10**4299, "", "a", "b", "fresh", "spoiled", "absent", "open", "shut",
    "warn", "spoil", "LARGE", "SMALL", "large", "put", "take", "move", "bang", "store", "1", "0", "true", "null", "\ud800", "\u0000", "\u202e", "a" * 300, "__class__", "__import__('os')",
    [], {}, [[]], {"": {}}, ["warn"], ["warn", "spoil"], ["spoil", "warn"], ["warn", "warn"], {"$tag": "float", "value": "nan"}, {"type": "str", "value": "a"},
)  # fmt: skip
"""Values where others are expected."""

FITTING: dict[object, tuple[object, ...]] = {
    "size": ("LARGE", "SMALL"), "puts": (0, 1, 2, 3, 4), "state": ("fresh", "spoiled", "open", "shut", "absent"), "spent": ([], ["warn"], ["warn", "spoil"]),
    "tired": (True, False), "note": (None, "", "x"), "now": (0, 5, 40), "since": (-5, 0, 5, 20), "key": ("a", "b", "c"), "at": (0, 10, 20, 25), "most": (1, 2, 3), "version": (1, 2, 3),
    "name": ("put", "take", "move", "bang", "warn", "spoil"), "sent": ("warn", "spoil", None), "part": ("boxes", "door", None),
}  # fmt: skip
"""By the name of a field, values that it may have somewhere."""


def odd_value(random: Random) -> Any:
    """One of them, or a number nearby."""
    return deepcopy(random.choice(ODD)) if random.random() < 0.7 else random.randint(-3, 40)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where something stands in a tree, the whole first."""
    found = [path]
    if isinstance(tree, dict):
        for name, below in tree.items():
            found += places(below, (*path, name))
    elif isinstance(tree, list):
        for number, below in enumerate(tree):
            found += places(below, (*path, number))
    return found


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def changed(tree: Any, random: Random) -> Any:
    """The tree with up to three changes, now and then with none; it is written over."""
    for _ in range(random.choice([0, 1, 1, 1, 1, 2, 2, 3])):
        tree = _changed_once(tree, random)
    return tree


def _changed_once(tree: Any, random: Random) -> Any:
    path = random.choice(places(tree))
    if not path:
        return odd_value(random) if random.random() < 0.3 else tree
    around, last = at(tree, path[:-1]), path[-1]
    what = random.randrange(9)
    if what <= 2:
        fitting = FITTING.get(last, ()) if random.random() < 0.5 else ()
        around[last] = deepcopy(random.choice(fitting)) if fitting else odd_value(random)
    elif what == 3:
        around[last] = deepcopy(at(tree, random.choice(places(tree))))
    elif what == 4:
        del around[last]
    elif what == 5 and type(around[last]) is int:
        around[last] += random.choice([-10, -1, 1, 10, 20])
    elif what == 8 and isinstance(around, dict):
        around[str(odd_value(random))[:400]] = odd_value(random)
    elif isinstance(around, dict):
        around[str(odd_value(random))[:400] if what == 6 else last] = around.pop(last)
    else:
        again = deepcopy(around[last])
        if isinstance(again, dict) and "key" in again and random.random() < 0.7:
            again["key"] = random.choice("defg")
        around.insert(random.randrange(len(around) + 1), again)
    return tree


def as_text(tree: Any, random: Random) -> str | bytes:
    """A text of a tree, in some layout, mostly the tree's own."""
    text = json.dumps(tree, separators=random.choice([(",", ":"), (" ,", " : ")]), ensure_ascii=random.random() < 0.7)
    if random.random() < 0.4:
        text = _changed_text(text, random)
    if random.random() < 0.2:
        return _changed_bytes(text.encode("utf-8", "surrogatepass"), random)
    return text


def _changed_text(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    names = [one for one in ('"now":', '"since":', '"key":', '"name":', '"state":', '"parts":') if one in text]
    match random.randrange(10):
        case 0:
            return text[:place]
        case 1:
            return text[:place] + random.choice('{}[]",:0\\\n\t \x00\x1f\ufeff\u2028') + text[place:]
        case 2 if place < len(text):
            return text[:place] + text[place + 1 :]
        case 3 if names:
            name = random.choice(names)
            return text.replace(name, f"{name}0,{name}", 1)
        case 4:
            return text.replace("0", random.choice(["NaN", "Infinity", "-Infinity", "1e999", "-0", "00", "0x1", "0.0", "1e0", "٣", "9" * 4301, "9" * 200_000]), 1)  # fmt: skip
        case 5:
            deep = random.choice([5, 99, 100, 101, 5_000, 200_000])
            return text.replace("null", "[" * deep + "]" * deep, 1)
        case 6:
            return (
                random.choice(["\ufeff", " ", "//\n", "", "'"]) + text + random.choice(["", "\n", "\x00", "{}", "//"])
            )
        case 7:
            return text.replace(
                '"a"', random.choice(['"\\u0061"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\x61"', '"\\a"', "'a'"]), 1
            )
        case 8:
            return text.replace('"', '"' + random.choice(["x" * 10, "\\u0000", "\n"]), 1)
        case _:
            return text


def _changed_bytes(text: bytes, random: Random) -> bytes:
    place = random.randrange(len(text) + 1)
    return (
        text[:place]
        + random.choice([b"", b"", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\x00", b"\xef\xbb\xbf"])
        + text[place:]
    )
