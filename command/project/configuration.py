"""`[tool.fsm]` of the nearest pyproject.toml: which targets are this repository's own, and what is known of them.

    [tool.fsm]
    targets = ["src/shop/machines", "shop.desk:DESK"]
    timeout = 60

    [tool.fsm.values]
    max_chats = 3

    [[tool.fsm.unknown]]
    claim = "every order is sent in the end"
    reason = "needs a ranking function over two counters; the carrier's own watchdog ends it"

    [[tool.fsm.implementation]]
    of = "safe"
    adapter = "shop.vault:OurSafe"

Whatever is not known here is refused with its line: a misspelt key must not turn a check off.
"""

from __future__ import annotations

import math
import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import attrs

from fsm.command.invocation.endings import BadSettings
from fsm.command.project.places import line_of

__all__ = ["BREAKING", "NOTHING", "Configuration", "Implementation", "KnownUnknown", "configuration", "project_of"]

FILE = "pyproject.toml"
LARGEST = 1_000_000
"""Bytes of a file that is read."""


@attrs.frozen
class KnownUnknown:
    """A claim that is known to be open; that it is decided is a mistake like a claim that fails.

    Attributes:
        claim: its sentence.
        reason: why it is open, and why that may be.
        of: the name of the machine or system, where more than one says the sentence.
        line: where it stands.
    """

    claim: str
    reason: str
    of: str | None
    line: int


@attrs.frozen
class Implementation:
    """Somebody's own code that must do what a declaration says.

    Attributes:
        of: the name of the machine or system.
        adapter: what shows it to a derived test, as module:NAME or path.py:NAME.
        examples: how many runs are drawn; None for as many as Hypothesis is told.
        line: where it stands.
    """

    of: str
    adapter: str
    examples: int | None
    line: int


@attrs.frozen
class Configuration:
    """What pyproject.toml says; nothing where it says nothing.

    Attributes:
        file: where it stands; None where there is none.
        targets: as they are written, but for paths, which are told from the folder where the command is called.
        profile: the version that is proved.
        values: of parameters, by name.
        timeout, total_timeout: seconds, for each check and claim, and for all.
        unknown: what is known to be open.
        catalogue: the file of the repository's own requirements.
        implementations: what pytest runs derived tests against.
        cache: where `fsm verify` keeps verdicts; None for nowhere.
        breaking: which changes `fsm diff` fails on; None for those that it fails on anyway.
    """

    file: Path | None = None
    targets: tuple[str, ...] = ()
    profile: str | None = None
    values: Mapping[str, Any] = attrs.field(factory=dict)
    timeout: float | None = None
    total_timeout: float | None = None
    unknown: tuple[KnownUnknown, ...] = ()
    catalogue: Path | None = None
    implementations: tuple[Implementation, ...] = ()
    breaking: tuple[str, ...] | None = None
    cache: Path | None = None


NOTHING = Configuration()


def project_of(folder: Path) -> Path | None:
    """The nearest pyproject.toml, in this folder or above it."""
    return next((file for above in (folder, *folder.parents) if (file := above / FILE).is_file()), None)


def configuration(folder: Path) -> Configuration:
    """What the nearest pyproject.toml says that has a `[tool.fsm]`.

    Raises:
        BadSettings: it cannot be read, or says what is not known here, with the line.
    """
    for above in (folder, *folder.parents):
        file = above / FILE
        if file.is_file() and (text := _text(file)) is not None:
            table = _parsed(file, text).get("tool", {})
            if isinstance(table, dict) and "fsm" in table:
                return _Reader(file, text).read(table["fsm"])
    return NOTHING


def _text(file: Path) -> str | None:
    """The text of a file that may speak of fsm."""
    if file.stat().st_size > LARGEST:
        raise BadSettings(f"{file} is larger than {LARGEST:,} bytes.")
    content = file.read_bytes()
    if b"fsm" not in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        raise BadSettings(f"{file}, line {line} is not UTF-8.") from None


def _parsed(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as wrong:
        raise BadSettings(f"{file} is not TOML: {wrong}.") from None


@attrs.frozen
class _Reader:
    """Reads one table, and says of what it refuses where that stands."""

    file: Path
    text: str

    def read(self, table: Any) -> Configuration:
        self._known(("tool", "fsm"), table, KEYS)
        names = self._names(table["targets"]) if "targets" in table else ()
        profile = table.get("profile")
        if "profile" in table and not _is_text(profile):
            self._refuse(("tool", "fsm", "profile"), "profile is no name of a version")
        return Configuration(
            self.file,
            tuple(map(self._from_here, names)),
            profile,
            self._values(table.get("values", {})),
            self._seconds(table, "timeout"),
            self._seconds(table, "total-timeout"),
            tuple(
                self._unknown(("tool", "fsm", "unknown"), one, place) for place, one in self._tables(table, "unknown")
            ),
            self._catalogue(table),
            tuple(self._implementation(one, place) for place, one in self._tables(table, "implementation")),
            self._breaking(table),
            self._cache(table),
        )

    def _cache(self, table: dict[str, Any]) -> Path | None:
        if "cache" not in table:
            return None
        name = table["cache"]
        if not _is_text(name) or "\0" in name:
            self._refuse(("tool", "fsm", "cache"), 'cache is no name of a folder: write cache = ".fsm-cache"')
        return self.file.parent / str(name)

    def _breaking(self, table: dict[str, Any]) -> tuple[str, ...] | None:
        if "breaking" not in table:
            return None
        kinds = table["breaking"]
        if not isinstance(kinds, list) or not all(isinstance(one, str) and one in BREAKING for one in kinds):
            self._refuse(
                ("tool", "fsm", "breaking"), f"breaking is no list of changes: there are {', '.join(BREAKING)}"
            )
        return tuple(kinds)

    def _names(self, names: Any) -> tuple[str, ...]:
        if not isinstance(names, list) or not all(_is_text(name) and "\0" not in name for name in names):
            self._refuse(
                ("tool", "fsm", "targets"), 'targets is no list of texts: write targets = ["path/to/machines"]'
            )
        if not names:
            self._refuse(("tool", "fsm", "targets"), "targets names nothing, so that nothing would be proved")
        return tuple(names)

    def _from_here(self, name: str) -> str:
        """A target whose path is from the folder of the file, as one from this folder."""
        path, colon, inside = name.rpartition(":") if ".py:" in name else (name, "", "")
        there = self.file.parent / path
        return f"{os.path.relpath(there)}{colon}{inside}" if os.path.exists(there) else name

    def _values(self, values: Any) -> dict[str, Any]:
        self._known(("tool", "fsm", "values"), values, None)
        for name, value in values.items():
            if type(value) not in (bool, int, str):
                self._refuse(
                    ("tool", "fsm", "values", name),
                    f"{name} is no truth value, integer or name of a member of an enumeration",
                )
        return dict(values)

    def _seconds(self, table: dict[str, Any], key: str) -> float | None:
        if key not in table:
            return None
        value = table[key]
        if type(value) not in (int, float) or not (0 < value <= 1_000_000_000) or math.isnan(value):
            self._refuse(
                ("tool", "fsm", key), f"{key} is no number of seconds: more than zero, and at most 1,000,000,000"
            )
        return float(value)

    def _catalogue(self, table: dict[str, Any]) -> Path | None:
        name = table.get("catalogue")
        if "catalogue" in table and (not _is_text(name) or "\0" in str(name)):
            self._refuse(("tool", "fsm", "catalogue"), "catalogue is no name of a file")
        return None if name is None else self.file.parent / name

    def _tables(self, table: dict[str, Any], key: str) -> Iterator[tuple[int, Any]]:
        """The tables of an array, each with its place."""
        tables = table.get(key, [])
        if not isinstance(tables, list):
            self._refuse(("tool", "fsm", key), f"{key} is no array of tables: write [[tool.fsm.{key}]]")
        return enumerate(tables)

    def _implementation(self, table: Any, place: int) -> Implementation:
        path = ("tool", "fsm", "implementation")
        self._known(path, table, IMPLEMENTATION, place)
        for key, what in (("of", "which machine or system it is of"), ("adapter", "what shows it, as module:NAME")):
            if not _is_text(table.get(key)):
                self._refuse((*path, key), f"[[tool.fsm.implementation]] has no {key}: say {what}", place)
        module, _, name = table["adapter"].rpartition(":")
        if not module or not name.isidentifier() or "\0" in module:
            self._refuse((*path, "adapter"), "adapter names no class: write module:NAME or path/to/file.py:NAME", place)
        examples = table.get("examples")
        if examples is not None and not (type(examples) is int and 0 < examples <= MOST_EXAMPLES):
            self._refuse((*path, "examples"), f"examples is no number of runs from 1 to {MOST_EXAMPLES:,}", place)
        line = line_of(self.text, (*path, "adapter"), place)
        return Implementation(table["of"], self._from_here(table["adapter"]), examples, line)

    def _unknown(self, path: tuple[str, ...], table: Any, place: int) -> KnownUnknown:
        self._known(path, table, UNKNOWN, place)
        for key in ("claim", "reason"):
            if not _is_text(table.get(key)):
                self._refuse(
                    (*path, key), f"[[tool.fsm.unknown]] has no {key}: say in words which claim is open, and why", place
                )
        if "of" in table and not _is_text(table["of"]):
            self._refuse((*path, "of"), "of is no name of a machine or system", place)
        line = line_of(self.text, (*path, "claim"), place)
        return KnownUnknown(table["claim"], table["reason"], table.get("of"), line)

    def _known(self, path: tuple[str, ...], table: Any, keys: tuple[str, ...] | None, place: int = 0) -> None:
        """Refuse what is no table, and every key that is not known."""
        called = f"[{'.'.join(path)}]"
        if not isinstance(table, dict):
            self._refuse(path, f"{called} is no table", place)
        for key in table:
            if keys is not None and key not in keys:
                self._refuse((*path, key), f"{called} has no key {key!r}; it knows {', '.join(keys)}", place)

    def _refuse(self, path: tuple[str, ...], what: str, place: int = 0) -> NoReturn:
        raise BadSettings(f"{self.file}, line {line_of(self.text, path, place)}: {what}.")


KEYS = (
    "targets",
    "profile",
    "values",
    "timeout",
    "total-timeout",
    "unknown",
    "catalogue",
    "implementation",
    "breaking",
    "cache",
)
IMPLEMENTATION = ("of", "adapter", "examples")
MOST_EXAMPLES = 1_000_000
BREAKING = (
    "weakened", "removed", "incomparable", "strengthened", "added", "run-lost", "run-gained", "effects", "verdict", "snapshots", "narrowed",
)  # fmt: skip
"""What can be called breaking."""
UNKNOWN = ("claim", "reason", "of")


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
