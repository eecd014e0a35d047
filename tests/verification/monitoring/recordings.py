"""Streams as somebody would record them, each judged by hand before any program read it: the verdict, which records, because of what, what is left."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from fsm.command.invocation.target import resolve
from fsm.verification.monitoring import Conforms, Judgement, Monitor, Observation, Report, Violates
from fsm.verification.monitoring.connect import MAPPINGS
from fsm.verification.monitoring.mapped.binding import BoundSource, bound, source_for
from fsm.verification.monitoring.mapped.files import Unreadable, csv_records, json_records
from fsm.verification.monitoring.mapped.mapping import MappingData, mapping_of, parsed

from . import models, operations

__all__ = ["Recorded", "differs", "followed", "loosened", "read", "recorded"]

FOLDER = Path(__file__).parent / "recorded"


@attrs.frozen
class Recorded:
    """One reading of one stream: with a mapping, and with parameters that are known.

    Attributes:
        mapping: the name of one, or its text.
        verdict: what a person says of it.
        at: the positions of the records that do not conform.
        because: what stands in the way: a word of it, or what it cites.
        left: which values of a parameter are left.
    """

    name: str
    declaration: str | None
    files: dict[str, str]
    mapping: str
    verdict: str
    at: tuple[str, ...]
    because: str
    left: str
    parameters: dict[str, Any]
    profile: str | None

    def __str__(self) -> str:
        known = "".join(f", {name} = {value}" for name, value in self.parameters.items())
        mapping = "" if "\n" in self.mapping else f", {self.mapping}"
        return f"{self.name}{mapping}{known}"


def recorded(file: str) -> Iterator[Recorded]:
    """The readings of a file of `recorded`."""
    for stream in tomllib.loads((FOLDER / file).read_text(encoding="utf-8"))["stream"]:
        files = stream.get("files") or {"log.jsonl": stream["records"]}
        for run in stream["run"]:
            at = tuple(one if isinstance(one, str) else f"log.jsonl:{one}" for one in run.get("at", ()))
            yield Recorded(
                stream["name"], stream.get("declaration"), files, run["mapping"], run["verdict"], at,
                run.get("because", ""), run.get("left", ""), run.get("parameters", {}), run.get("profile"),
            )  # fmt: skip


def read(one: Recorded) -> tuple[Report, list[Judgement]]:
    """What the monitor says."""
    monitor, sources = _bound(one, _mapping(one))
    watch, said, several = monitor.watch(), list[Judgement](), list[Observation]()
    for source, position, record in _records(one, sources):
        if isinstance(record, Unreadable):
            said.append(watch.unreadable(source.source.name, position, record))
        else:
            several += source.read(record, position)
            if len(one.files) == 1:
                said += [judgement for seen in several for judgement in watch.feed(seen)]
                several.clear()
    for seen in _in_order(several):
        said += watch.feed(seen)
    said += watch.end()
    return watch.report(), said


def loosened(one: Recorded, *, disorder: int) -> tuple[Monitor, list[Observation] | None]:
    """The monitor where no source always shows anything, and records come late; and what it is given, unless some line is no record."""
    data = _mapping(one)
    sources = tuple(
        attrs.evolve(source, shows={}, disorder=max(disorder, source.disorder or 0), doubles=None)
        for source in data.sources
    )
    monitor, bounds = _bound(one, attrs.evolve(data, sources=sources))
    seen = list[Observation]()
    for source, position, record in _records(one, bounds):
        if isinstance(record, Unreadable):
            return monitor, None
        seen += source.read(record, position)
    return monitor, _in_order(seen)


def followed(monitor: Monitor, seen: list[Observation]) -> Report:
    """What the monitor says of these."""
    watch = monitor.watch()
    for one in seen:
        watch.feed(one)
    watch.end()
    return watch.report()


def _mapping(one: Recorded) -> MappingData:
    if one.mapping in MAPPINGS:
        data = mapping_of(MAPPINGS[one.mapping])
    else:
        path = FOLDER / "mappings" / f"{one.mapping}.toml"
        data = parsed(one.mapping if "\n" in one.mapping else path.read_text(encoding="utf-8"), form="toml")
    return attrs.evolve(data, parameters={**data.parameters, **one.parameters})


BOUND: dict[str, tuple[Monitor, tuple[BoundSource, ...]]] = {}
"""What readings have in common that are read alike; each has a watch of its own."""


def _bound(one: Recorded, data: MappingData) -> tuple[Monitor, tuple[BoundSource, ...]]:
    name = one.declaration or data.declaration
    assert name is not None
    alike = repr((name, one.profile, data))
    if alike not in BOUND:
        target = resolve(name) if ":" in name else getattr(models, name, None) or getattr(operations, name)
        BOUND[alike] = bound(data, target, profile=one.profile)
    return BOUND[alike]


def _records(one: Recorded, sources: tuple[BoundSource, ...]) -> Iterator[tuple[BoundSource, str, Any]]:
    for file, text in one.files.items():
        source = source_for(sources, file)
        assert source is not None
        lines = io.StringIO(text.strip("\n"))
        for position, record in csv_records(lines, file) if file.endswith(".csv") else json_records(lines, file):
            yield source, position, record


def _in_order(several: list[Observation]) -> list[Observation]:
    """As the command reads several files."""
    return sorted(several, key=lambda seen: seen.at or 0)


def differs(one: Recorded) -> str:
    """In what the monitor differs from the person, in words; nothing where it does not."""
    report, said = read(one)
    if report.verdict.value != one.verdict:
        return f"says {report.verdict.value}: {[each for each in said if not isinstance(each, Conforms)]}"
    at = [each.where.position for each in said if type(each).__name__.lower() == one.verdict]
    if sorted(at) != sorted(one.at) and one.verdict != "conforms":
        return f"says it of {at}"
    because = [f"{each.name} {each.cites}" for told in said if isinstance(told, Violates) for each in told.because]
    if one.because and not any(one.because in each for each in because):
        return f"says it because of {because}"
    left = [each for values in report.left.values() for each in values]
    return f"leaves {left}" if one.left and one.left not in left else ""
