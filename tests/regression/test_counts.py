"""Numbers that come from elsewhere: how many snapshots the machines of these folders have, published or counted by hand.

A file says them in `SNAPSHOTS`: a number, or one for each size of its part, where its first parameter is
the size. Counted here by the plainest search there is, through the public step, without renaming of keys.
"""

from __future__ import annotations

import sys
from collections.abc import Hashable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from fsm import Engine, EventRefused, Snapshot, as_system, compile
from fsm.command.invocation.target import resolve
from fsm.language.domains import is_finite
from fsm.language.events import field_refs

FOLDER = Path(__file__).parent


def counted() -> list[Any]:
    """Every file that says how many snapshots there are, with each of its sizes."""
    found = []
    for file in sorted(FOLDER.glob("*/*.py")):
        if "SNAPSHOTS" in file.read_text():
            resolve(f"{file}:SUBJECT")
            said = next(
                module for module in sys.modules.values() if getattr(module, "__file__", None) == str(file)
            ).SNAPSHOTS
            sizes: Mapping[int, int] = said if isinstance(said, Mapping) else {0: said}
            found += [
                pytest.param(file, size, many, id=f"{file.stem}-{size}" if size else file.stem)
                for size, many in sizes.items()
            ]
    assert found
    return found


def snapshots(engine: Engine, size: int) -> int:
    """How many different snapshots are met when everything is sent everywhere, with as many keys as the size says."""
    events = list(all_events(engine, [f"k-{number}" for number in range(size)]))
    start = engine.start(0)
    seen = {what(start)}
    queue = [start]
    for snapshot in queue:
        for event in events:
            try:
                after = engine.step(snapshot, event, 0).after
            except EventRefused:
                continue
            if (told := what(after)) not in seen:
                seen.add(told)
                queue.append(after)
    return len(seen)


def all_events(engine: Engine, keys: list[str]) -> Iterator[object]:
    for event in engine.system.events:
        choices = [ref.domain.values() if is_finite(ref.domain) else keys for ref in field_refs(event).values()]  # type: ignore[union-attr]  # finite
        yield from (event(*values) for values in product(*choices))


def what(snapshot: Snapshot) -> Hashable:
    """What is compared: no time passes in these machines."""
    return tuple(frozenset(part.items()) if isinstance(part, Mapping) else part for part in snapshot.parts)


@pytest.mark.parametrize(("file", "size", "many"), counted())
def test_there_are_as_many_snapshots_as_was_said(file: Path, size: int, many: int) -> None:
    """Among them 288 for two-phase commit with three resource managers."""
    system = as_system(resolve(f"{file}:SUBJECT"))
    profile = {system.parameters[0].name: size} if size else {}

    assert many == snapshots(compile(system, profile), size)
