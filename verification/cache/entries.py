"""A file for each verdict, called by everything that it follows from: another declaration, claim, version of this program or solver has another.

A file is written whole or not at all, and read as a stranger's: what is no plain file of sound size with exactly this key in it is
no entry. You may not make an entry serve two keys.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs

from fsm.errors import BadInput
from fsm.files import write_whole
from fsm.strict_json import Limits, parse

__all__ = ["Folder", "Key"]

FORM = 1
LARGEST = 2_000_000
"""Bytes of an entry; what is larger is not kept, and not read."""


@attrs.frozen
class Key:
    """What a verdict follows from.

    Attributes:
        declaration: its canonical form.
        claim: which claim or check, by place.
        says: what it says: its fingerprint, with its sentence.
        values: of the parameters that are fixed, by place.
        engine: how it is decided, where that could make a difference.
    """

    declaration: str
    claim: str
    says: str
    values: tuple[tuple[int, int], ...]
    engine: str

    @property
    def plain(self) -> dict[str, Any]:
        """As it stands in the file."""
        digest = sha256(self.declaration.encode("utf-8")).hexdigest()
        return {
            "form": FORM,
            "program": program(),
            "declaration": digest,
            "claim": self.claim,
            "says": self.says,
            "values": [list(pair) for pair in self.values],
            "engine": self.engine,
        }


def own_files() -> list[Path]:
    """The Python files of this program, wherever its rooms stand; in a checkout they are links."""
    found: set[Path] = set()
    for room in ("fsm", "fsm.verification", "fsm.command", "fsm.files"):
        spec = find_spec(room)
        for folder in () if spec is None else spec.submodule_search_locations or ():
            for place, _, names in os.walk(folder, followlinks=True):
                found |= {Path(place, name).resolve() for name in names if name.endswith(".py")}
    return sorted(found)


@cache
def program() -> dict[str, str]:
    """What decides: this program to the byte, Python, and the solvers."""
    digest = sha256()
    for file in own_files():
        digest.update(b"\0".join([str(file.name).encode(), file.read_bytes(), b""]))
    solvers = {name: _installed(name) for name in ("z3-solver", "cvc5")}
    return {"files": digest.hexdigest(), "python": sys.version, **solvers}


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@attrs.frozen
class Folder:
    """Where entries are kept."""

    place: Path

    def has(self, key: Key) -> bool:
        """Whether there is a file under a key, whatever stands in it."""
        try:
            return self._file(key).is_file()
        except OSError:
            return False

    def read(self, key: Key) -> Mapping[str, Any] | None:
        """What is kept under a key; None where there is nothing, or nothing of a sound form."""
        file = self._file(key)
        try:
            if file.is_symlink() or not file.is_file() or file.stat().st_size > LARGEST:
                return None
            tree = parse(file.read_bytes(), Limits(characters=LARGEST))
        except (OSError, BadInput):
            return None
        if not isinstance(tree, dict) or set(tree) != {"key", "verdict"} or tree["key"] != key.plain:
            return None
        return tree["verdict"] if isinstance(tree["verdict"], dict) else None

    def write(self, key: Key, verdict: Mapping[str, Any]) -> None:
        """Keep something under a key; where nothing can be written nothing is kept."""
        text = json.dumps({"key": key.plain, "verdict": verdict})
        file = self._file(key)
        with suppress(OSError):
            if len(text) <= LARGEST and not file.is_symlink() and (file.is_file() or not file.exists()):
                write_whole(file, text)

    def _file(self, key: Key) -> Path:
        digest = sha256(json.dumps(key.plain, sort_keys=True).encode("ascii")).hexdigest()
        return self.place / digest[:2] / f"{digest}.json"
