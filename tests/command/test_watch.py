"""`fsm verify --watch` in a real process: what a saved file changed is proved again, and nothing else; and `--jobs`."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.verify import verify

FSM = Path(sys.executable).with_name("fsm")
SHARED = "LIMIT = 3\n"
MODEL = """\
from fsm import Machine, State, always, event, integer
{imports}

ready = State("ready")
wrong = integer("wrong", 0, 3)

@event
class Enter:
    pass

{name} = Machine(
    "{name}", (ready,), ready, (ready.on(Enter).when(wrong < 3).stay().set(wrong, wrong + 1), ready.on(Enter).when(wrong == 3).stay()), (wrong,),
    properties=(always("little is wrong", wrong <= {limit}),),
)
"""
PATIENCE = 120.0
AS_USUAL = ("env", "--default-signal=INT,TERM,HUP")


class Watching:
    """The command at work, its lines as they come."""

    def __init__(self, folder: Path, *arguments: str, beside: int = subprocess.STDOUT) -> None:
        command = [*AS_USUAL, FSM, "verify", "--watch", "-q", "--fast", *arguments]
        environment = os.environ | {"PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True, stdout=subprocess.PIPE, stderr=beside, start_new_session=True
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)

    def end(self) -> None:
        """Nothing of it is left."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def until(self, text: str) -> str:
        """What is printed until a line with this text is there."""
        found = ""
        while text not in found:
            found += self.lines.get(timeout=PATIENCE)
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two models, one of which imports what stands beside it."""
    (tmp_path / "a_shared_limit.py").write_text(SHARED, encoding="utf-8")
    first = MODEL.format(imports="from a_shared_limit import LIMIT", name="FIRST", limit="LIMIT")
    (tmp_path / "first_watched.py").write_text(first, encoding="utf-8")
    (tmp_path / "second_watched.py").write_text(MODEL.format(imports="", name="SECOND", limit=3), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[tool.fsm]\ntargets = ["first_watched.py", "second_watched.py"]\n', encoding="utf-8"
    )
    return tmp_path


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    one = Watching(folder)
    yield one
    one.end()


def test_what_a_saved_file_changed_is_proved_again(watching: Watching, folder: Path) -> None:
    """A file that a model imports is part of it; one that cannot be read is told, and gone on from; an interrupt ends it with 130."""
    first = watching.until("watching")
    assert "machine FIRST" in first and "machine SECOND" in first and "10 proved, 0 refuted" in first

    (folder / "a_shared_limit.py").write_text("LIMIT = 2  # less\n", encoding="utf-8")
    changed = watching.until("watching")
    assert "a_shared_limit.py changed" in changed
    assert "machine FIRST" in changed and "1 refuted" in changed and "SECOND" not in changed

    (folder / "second_watched.py").write_text("no Python\n", encoding="utf-8")
    assert "is not Python" in watching.until("watching")
    (folder / "second_watched.py").write_text(MODEL.format(imports="", name="SECOND", limit=3), encoding="utf-8")
    assert "machine SECOND" in watching.until("watching")

    os.killpg(watching.process.pid, signal.SIGINT)
    assert 130 == watching.process.wait(PATIENCE)


def test_whoever_ends_it_ends_the_run_too(folder: Path) -> None:
    """SIGTERM to the command alone: 143, and nothing is left at work. Its reports are on standard output, wherever the rest is told."""
    watching = Watching(folder, beside=subprocess.DEVNULL)
    try:
        watching.until("machine FIRST")

        watching.process.terminate()

        assert 143 == watching.process.wait(PATIENCE)
    finally:
        watching.end()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(verify, list(arguments))


def test_so_many_jobs_work_at_once_and_say_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One, two or any number; none is wrong usage, and so are certificates of what is watched."""
    monkeypatch.chdir(folder)
    said = {run("--fast", "-q", *jobs).output for jobs in ([], ["--jobs", "1"], ["--jobs", "2"])}

    assert 1 == len(said) and "10 proved" in said.pop()
    assert [2, 2] == [run(*one).exit_code for one in (["--jobs", "0"], ["--watch", "--certificates", "folder"])]
