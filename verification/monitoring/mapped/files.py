"""Records from files: JSON Lines, CSV and Parquet, each with where it stands. What is no record is told, and the reading goes on."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from fsm.errors import BadObservation

__all__ = ["Unreadable", "csv_records", "format_of", "json_records", "parquet_records", "records_of"]

FORMAT_OF = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".log": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
}
"""The format of a file, by the end of its name."""

ROWS = 4_096
"""So many rows of Parquet are read at a time."""

LONGEST = 4 << 20
"""More characters are no record."""


ENCODING = "utf-8-sig"
"""UTF-8, of which some tools mark the beginning."""


class Unreadable(str):
    """In the place of a record: why it could not be read."""

    __slots__ = ()


def records_of(file: Path, form: str) -> Iterator[tuple[str, Any]]:
    """Every record of a file with its position; `Unreadable` in the place of one that is none.

    Raises:
        OSError: the file cannot be read.
        BadObservation: it is not of its format at all.
    """
    if form == "parquet":
        yield from parquet_records(file)
        return
    with file.open(encoding=ENCODING, errors="replace", newline="" if form == "csv" else None) as lines:
        yield from (csv_records if form == "csv" else json_records)(lines, file.name)


def json_records(lines: IO[str], name: str, first: int = 1, *, kept: bool = False) -> Iterator[tuple[str, Any]]:
    """A record a line; empty lines are none.

    Args:
        first: the number of the first line.
        kept: a last line that has no end and is no record is left for later.
    """
    number = first - 1
    while line := lines.readline(LONGEST):
        number += 1
        if not line.strip():
            continue
        if len(line) == LONGEST and not line.endswith("\n"):
            yield f"{name}:{number}", Unreadable(f"a line of more than {LONGEST} characters")
            while line and not line.endswith("\n"):
                line = lines.readline(LONGEST)
            continue
        record = json_record(line)
        if not (kept and isinstance(record, Unreadable) and not line.endswith("\n")):
            yield f"{name}:{number}", record


def json_record(line: str) -> Any:
    """The record of a line; `Unreadable` where it is none."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError as wrong:
        return Unreadable(f"is not JSON: {wrong.msg} at character {wrong.pos + 1}")
    except (ValueError, RecursionError) as wrong:
        return Unreadable(f"is not JSON: {wrong}")
    return found if isinstance(found, dict) else Unreadable("is no object of JSON")


def csv_records(lines: IO[str], name: str, after: int = 0) -> Iterator[tuple[str, Any]]:
    """A record a row, by the names of the first row.

    Args:
        after: rows up to this line were read before.
    """
    rows = csv.DictReader(lines)
    try:
        names = rows.fieldnames
        if names is None:
            return
        if len(set(names)) < len(names):
            raise BadObservation(name, f"names a column twice: {', '.join(names)}")
        for row in rows:
            if rows.line_num <= after:
                continue
            position = f"{name}:{rows.line_num}"
            if None in row:
                yield position, Unreadable("has more columns than the first row names")
            else:
                yield position, {column: value for column, value in row.items() if value is not None}
    except csv.Error as wrong:
        yield f"{name}:{rows.line_num}", Unreadable(f"is not CSV: {wrong}")


def format_of(name: str) -> str | None:
    """The format of a file by the end of its name, however that is written; None for another end."""
    return FORMAT_OF.get(Path(name).suffix.lower())


def _whole(value: Any) -> Any:
    """A decimal number as warehouses write integers, as one."""
    return int(value) if isinstance(value, Decimal) and value == value.to_integral_value() else value


def parquet_records(file: Path) -> Iterator[tuple[str, Any]]:
    """A record a row, by the names of the columns; some thousand rows at a time.

    Raises:
        BadObservation: it is no Parquet, or pyarrow is not installed.
    """
    try:
        from pyarrow.parquet import ParquetFile
        from pyarrow.types import is_decimal
    except ImportError as missing:
        raise BadObservation(
            file.name, "is Parquet, which pyarrow reads", "Run: pip install 'verified-fsm[parquet]'"
        ) from missing
    number = 0
    try:
        with ParquetFile(file) as table:
            decimals = [column.name for column in table.schema_arrow if is_decimal(column.type)]
            for batch in table.iter_batches(batch_size=ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{file.name}:{number}", row | {name: _whole(row[name]) for name in decimals}
    except (ValueError, OSError) as wrong:  # what pyarrow says of a file that is none, or is cut off
        raise BadObservation(f"{file.name}:{number}", f"is not Parquet: {wrong}") from wrong
