"""The table of a run: nanoseconds for an event, beside what they are compared with and the bars.

Minimums are compared: on a machine that does other things too they repeat best.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import attrs

COMMAND = "make bench"
PRODUCT = "verified-fsm, "
OURS = f"{PRODUCT}`engine.step`"


class Measure(Protocol):
    """Times a function and puts it into a table; gives what the function gave."""

    def __call__(self, table: str, name: str, run: Callable[[], Any], *, events: int, base: bool = False) -> Any: ...


@attrs.frozen
class Row:
    """One implementation: seconds for an event, at best and by the median. Tables compare with their base."""

    table: str
    name: str
    best: float
    median: float
    base: bool


@attrs.frozen
class Bar:
    """What we hold ourselves to: so many times the cost of another row, at most."""

    table: str
    other: str
    most: float
    words: str


@attrs.frozen
class Speed:
    """What we hold ourselves to: so many events (or effects) a second, at least."""

    table: str
    name: str
    least: float
    words: str


@attrs.frozen
class Command:
    """A command, whole process: seconds on the clock, seconds of processor time, and at most how many on the clock."""

    name: str
    wall: float
    processor: float
    most: float | None

    @property
    def said(self) -> str:
        bar = "" if self.most is None else f"at most {self.most:g} s, {'met' if self.wall <= self.most else 'MISSED'}"
        return f"| {self.name} | {self.wall:.1f} | {self.processor:.1f} | {bar} |"


@attrs.frozen
class Walked:
    """One process that walked through every snapshot of the published model with so many slots.

    Attributes:
        how: by what, in words.
        seconds: of processor time, of the whole process, and of the walk alone with its verdicts.
        bytes_each: what the process grew by while it walked, for each snapshot.
    """

    how: str
    slots: int
    snapshots: int
    seconds: tuple[float, float]
    bytes_each: float


CROWD = (
    "| instances | a step, µs | a refusal in words, µs | each timer due at once, µs | reading it | refusing it at its end |",
    "|---:|---:|---:|---:|---:|---:|",
)


@attrs.frozen
class Crew:
    """Many machines stepped at once: seconds of processor time for a machine and an event."""

    lanes: int
    each: float

    @property
    def said(self) -> str:
        most = CREW_BARS.get(self.lanes)
        bar = "" if most is None else f"at most {most} ns: {'met' if self.each * 1e9 <= most else 'MISSED'}"
        return f"| {self.lanes:,} | {self.each * 1e9:.0f} | {bar} |"


@attrs.frozen
class Log:
    """A log that one monitor reads in one process: seconds of processor time, and megabytes after half of it and after all of it."""

    records: int
    machines: int
    seconds: float
    memory: tuple[float, float]

    @property
    def said(self) -> str:
        each, second = self.seconds / self.records * 1e6, self.records / self.seconds
        half, whole = self.memory
        return f"| {self.records:,} | {self.machines:,} | {self.seconds:,.0f} | {each:.0f} | {second:,.0f} | {half:,.0f} | {whole:,.0f} |"


LOG = (
    "| records monitored | desks | s of processor | µs a record | records a second | MB after half | MB after all |",
    "|---:|---:|---:|---:|---:|---:|---:|",
)

CREW_BARS = {1_000: 80, 100_000: 20}
CREW = ["| machines stepped at once, mixed events | ns for a machine and event | bar |", "|---:|---:|---|"]


@attrs.frozen
class Crowd:
    """What so many instances cost: seconds of processor time for a step, a refusal with its words and each of the timers that fall due
    at once; reading a snapshot that is taken and one that is refused at its end, as many times `json.loads`."""

    many: int
    step: float
    refusal: float
    timer: float
    taken: float
    refused: float

    @property
    def said(self) -> str:
        times = " | ".join(f"{one * 1e6:,.0f}" for one in (self.step, self.refusal, self.timer))
        return f"| {self.many:,} | {times} | {self.taken:.1f} x | {self.refused:.1f} x |"


@attrs.define
class Report:
    """Everything measured in one run."""

    rows: list[Row] = attrs.field(factory=list)
    bars: list[Bar] = attrs.field(factory=list)
    speeds: list[Speed] = attrs.field(factory=list)
    imports: list[float] = attrs.field(factory=list)
    commands: list[Command] = attrs.field(factory=list)
    logs: list[Log] = attrs.field(factory=list)
    walks: list[Walked] = attrs.field(factory=list)
    crowds: list[Crowd] = attrs.field(factory=list)
    crews: list[Crew] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)

    def markdown(self) -> str:
        """The tables, the commands, then the bars."""
        parts = [_setting()]
        for table in dict.fromkeys(row.table for row in self.rows):
            parts.append(self._table(table))
        if self.commands:
            parts.append(
                "\n".join(
                    [
                        "| whole process | s | s of processor | bar |",
                        "|---|---:|---:|---|",
                        *(one.said for one in self.commands),
                    ]
                )
            )
        if self.logs:
            parts.append("\n".join([*LOG, *(one.said for one in self.logs)]))
        if self.crews:
            parts.append("\n".join([*CREW, *(one.said for one in self.crews)]))
        if self.crowds:
            parts.append("\n".join([*CROWD, *(one.said for one in self.crowds)]))
            taken, refused = (max(getattr(one, name) for one in self.crowds) for name in ("taken", "refused"))
            self.notes += [
                f"- a snapshot that is taken at most 40 x its JSON: {taken:.1f} x, {'met' if taken <= 40 else 'MISSED'}",
                f"- a snapshot that is refused at its end at most 10 x: {refused:.1f} x, {'met' if refused <= 10 else 'MISSED'}",
            ]
        said = [*(self._said(bar) for bar in self.bars), *(self._said_of_speed(one) for one in self.speeds)]
        if self.imports:
            least, middle = min(self.imports) * 1e3, sorted(self.imports)[len(self.imports) // 2] * 1e3
            said.append(
                f"- `import fsm` under 60 ms above `import attrs`: {least:.0f} ms of processor time, {middle:.0f} ms by the median, {'met' if least < 60 else 'MISSED'}"
            )
        return "\n\n".join([*parts, "\n".join([*said, *self.notes])])

    def curve(self) -> str:
        """Every walk through the snapshots of the published model, then the bars."""
        lines = [
            "| the published model | slots | snapshots | whole process, s | snapshots / s | bytes / snapshot |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for one in self.walks:
            lines.append(
                f"| {one.how} | {one.slots} | {one.snapshots:,} | {one.seconds[0]:.2f} | {one.snapshots / one.seconds[1]:,.0f} | {f'{one.bytes_each:,.0f}' if one.snapshots > 100_000 and one.bytes_each >= 1 else '–'} |"
            )
        return "\n".join([_setting(), "", *lines, "", *self._met()])

    def _met(self) -> list[str]:
        """The bars, at every size that is no mere start-up."""
        by_step = {
            one.slots: one.snapshots / one.seconds[1]
            for one in self.walks
            if "step" in one.how and one.snapshots > 1_000
        }
        packed = [one for one in self.walks if "step" not in one.how]
        quick = min((one.snapshots / one.seconds[1] for one in packed if one.snapshots > 10_000), default=0)
        large = max((one.bytes_each for one in packed if one.snapshots > 100_000), default=0)
        told = ", ".join(f"{came:,.0f} (N = {slots})" for slots, came in by_step.items())
        return [
            f"- at least 20,000 snapshots a second by the public step: {told}, {'met' if all(came >= 20_000 for came in by_step.values()) else 'MISSED'}",
            f"- at least 100,000 a second packed, where there are more than 10,000: {quick:,.0f}, {'met' if quick >= 100_000 else 'MISSED'}",
            f"- less than 200 bytes for a packed snapshot, where there are more than 100,000: {large:,.0f}, {'met' if 0 < large < 200 else 'MISSED'}",
        ]

    def _table(self, table: str) -> str:
        rows = sorted((row for row in self.rows if row.table == table), key=lambda row: row.best)
        base = next((row for row in rows if row.base), None)
        lines = [f"| {table} | ns / event | median | compared |", "|---|---:|---:|---:|"]
        for row in rows:
            times = "" if base is None else f"{row.best / base.best:.2f} x"
            strong = "**" if row.name.startswith(PRODUCT) else ""
            lines.append(f"| {strong}{row.name}{strong} | {row.best * 1e9:,.0f} | {row.median * 1e9:,.0f} | {times} |")
        return "\n".join(lines)

    def _said(self, bar: Bar) -> str:
        best = {row.name: row.best for row in self.rows if row.table == bar.table}
        times = best[OURS] / best[bar.other]
        came = f"{times:.2f} x" if bar.most >= 1 else f"{1 / times:.1f} x faster"
        return f"- {bar.words}: {came}, {'met' if times <= bar.most else 'MISSED'}"

    def _said_of_speed(self, bar: Speed) -> str:
        (came,) = (1 / row.best for row in self.rows if (row.table, row.name) == (bar.table, bar.name))
        return f"- {bar.words}: {came:,.0f}, {'met' if came >= bar.least else 'MISSED'}"


def _setting() -> str:
    peers = ", ".join(f"{name} {version(name)}" for name in ("attrs", "automat", "transitions", "python-statemachine"))
    return f"One run of `{COMMAND}` on {platform.machine()} with {os.cpu_count()} cores, {platform.python_implementation()} {platform.python_version()}, {peers}."


def write(path: Path, text: str, name: str = "benchmarks") -> None:
    """Put the text between the marks of this name on a page; a page without them is left alone."""
    page = path.read_text(encoding="utf-8")
    before, begin, rest = page.partition(f"<!-- {name} -->")
    _, end, after = rest.partition(f"<!-- /{name} -->")
    if begin and end:
        path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")
