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
BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
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


@attrs.define
class Report:
    """Everything measured in one run."""

    rows: list[Row] = attrs.field(factory=list)
    bars: list[Bar] = attrs.field(factory=list)
    speeds: list[Speed] = attrs.field(factory=list)
    imports: list[float] = attrs.field(factory=list)
    notes: list[str] = attrs.field(factory=list)

    def markdown(self) -> str:
        """The tables, then the bars."""
        parts = [_setting()]
        for table in dict.fromkeys(row.table for row in self.rows):
            parts.append(self._table(table))
        said = [*(self._said(bar) for bar in self.bars), *(self._said_of_speed(one) for one in self.speeds)]
        if self.imports:
            least, middle = min(self.imports) * 1e3, sorted(self.imports)[len(self.imports) // 2] * 1e3
            said.append(f"- `import fsm` under 60 ms above `import attrs`: {least:.0f} ms of processor time, {middle:.0f} ms by the median, {'met' if least < 60 else 'MISSED'}")
        return "\n\n".join([*parts, "\n".join([*said, *self.notes])])

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


def write(path: Path, text: str) -> None:
    """Put the text between the marks of a page; a page without them is left alone."""
    page = path.read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        path.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")
