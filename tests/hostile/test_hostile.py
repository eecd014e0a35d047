"""Whatever a stranger hands in is taken where it is right, and refused in the documented way where it is not.

The suite throws a few thousand inputs; `make hostile` throws a million new ones and prints the table.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any

import numpy as np
import pytest

import fsm.batch.events as events_of_batches
import fsm.desk.floor.floor as floor_module
from fsm.runtime import engine as engine_module
from fsm.storage import instances, reading, snapshots, traces
from fsm.verification.checker.solver import InProcess
from fsm.verification.encoding import formula_text
from fsm.verification.monitoring.mapped import mapping
from fsm.verification.monitoring.mapped import records as mapped_records
from fsm.verification.monitoring.stored.state import Store

from . import plain_json
from .campaign import DOORS, MILLION
from .door import Door, Ending, Row, attacked
from .plain_json import NotPlain

MANY = int(os.environ.get("HOSTILE", "0"))
"""Set by `make hostile`: so many inputs in all, new ones each time unless HOSTILE_SEED says which."""
SEED = int(os.environ.get("HOSTILE_SEED", str(time.time_ns() if MANY else 0)))


def door(name: str) -> Door:
    return next(one for one in DOORS if one.name == name)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_nothing_wrong_comes_in_and_nothing_right_is_kept_out(door: Door, rows: list[Row]) -> None:
    """And nothing but the documented refusal gets out."""
    row = attacked(door, max(door.share * MANY // MILLION, door.least), SEED)
    rows.append(row)

    assert [] == row.wrong, f"seed {SEED}"
    assert row.counts[Ending.REFUSED]
    assert row.counts[Ending.ACCEPTED] or door.name in ("folders of certificates", "signals")


def test_the_shares_make_a_million() -> None:
    assert sum(one.share for one in DOORS) == MILLION


# Who looks, finds


def nothing(*_: object, **__: object) -> None:
    """A check that was forgotten."""


def agrees(_: InProcess, common: object, questions: list[list[str]]) -> list[str]:
    """What a proof needs, whatever is asked."""
    return ["sat" if one == ["(assert true)"] else "unsat" for one in questions]


FORGOTTEN = {
    "when timers have fired": ("snapshots", instances.StateTimers, "deadline", nothing),
    "how many there may be": ("snapshots", instances.PartForm, "_check_room", nothing),
    "what must always hold": ("snapshots", snapshots, "check_claims", nothing),
    "which fields there are": ("snapshots", reading, "_check_names", nothing),
    "what a migration gave": ("migrations", snapshots, "check_claims", nothing),
    "what happens": ("runs", traces, "difference", nothing),
    "what an event lacks": ("events in Python", engine_module, "check_fields", nothing),
    "what a floor is told": ("floors", floor_module, "check_fields", nothing),
    "what kind a column is of": ("batches", events_of_batches, "as_array", np.asarray),
    "whose it is": ("states of monitors", Store, "_check_head", nothing),
    "what is written twice": ("mappings", mapping, "parse", lambda text, within: json.loads(text)),
    "what a record may say": ("records of a log", mapped_records, "_observed", lambda form, record, observation: observation),
    "what the solver says": ("folders of certificates", InProcess, "ask", agrees),
    "what is deep": ("formulas of certificates", formula_text, "_short", lambda token: 1 // 0),
}  # fmt: skip


@pytest.mark.parametrize(("name", "where", "what", "instead"), FORGOTTEN.values(), ids=FORGOTTEN)
def test_a_check_that_is_forgotten_is_found(
    name: str, where: Any, what: str, instead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the few inputs of the suite."""
    monkeypatch.setattr(where, what, instead)
    found = door(name)

    assert attacked(found, found.least, 0).faults


# The oracle


@pytest.mark.parametrize("text", ["", "01", "1.", ".5", "+1", "-", "1e", "{1:2}", '{"a":1,"a":1}', "[1,]", '"\n"', '"\\x"', "NaN", "\ufeff1", "1 2", "'a'", "\u00a01", "tru", "1e999", "[" * 101 + "]" * 101, b"\xff"])  # fmt: skip
def test_what_is_no_json_is_none_for_the_oracle(text: str | bytes) -> None:
    with pytest.raises(NotPlain):
        plain_json.read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [(" [ 1 , -0 , 1.5e1 ] ", [1, 0, 15.0]), ('{"a":{"b":[]},"c":null}', {"a": {"b": []}, "c": None}), ('"\\ud83d\\ude00\\ud800\\/"', "\U0001f600\ud800/"), (b'"\xc3\xa4"', "ä")],
)  # fmt: skip
def test_what_is_json_says_the_same_to_the_oracle(text: str | bytes, value: Any) -> None:
    assert value == plain_json.read(text)
