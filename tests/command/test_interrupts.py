"""A command that is interrupted, terminated or killed: it obeys, prints what it knows, and leaves no process behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from fsm.command.terminal import progress
from fsm.command.verify import verify

FSM = Path(sys.executable).with_name("fsm")
ODD = """
from fsm import Machine, State, always, event, integer

@event
class Push:
    pass

shut = State("shut")
turns, force = integer("turns", 0), integer("force", 0)
ODD = Machine(
    "odd", (shut,), shut, (shut.on(Push).stay().set(turns, turns + 2 * force + 1).set(force, force + 1),), variables=(turns, force),
    properties=(
        always("nothing is negative", turns >= 0),
        always("never ninety-nine", turns != 99),
        *(always(f"never {1_000 * some + 999}", turns != 1_000 * some + 999) for some in range(1, 17)),
        always("never nine hundred and ninety-nine", turns != 999),
    ),
)
"""
"""Quick to read and to begin, and long to end."""
ALL = 19 + 4
"""Its claims, and the checks of its definition."""
PATIENCE = 60.0
DOOR = """
from fsm import Machine, State, always, event, inside

@event
class Push:
    pass

shut, ajar = State("shut"), State("ajar")
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Push).to(ajar), ajar.on(Push).to(shut)), properties=(always("shut or ajar", inside(shut, ajar)),))
"""


AS_USUAL = ("env", "--default-signal=INT,TERM,HUP")
"""Whoever runs the tests in the background, or by nohup, ignores some signals; what is ignored stays so in programs that are begun."""


class Command:
    """A command at work, in a session of its own; with every process that it began."""

    def __init__(self, folder: Path, *arguments: str, signals: tuple[str, ...] = AS_USUAL) -> None:
        (folder / "odd.py").write_text(ODD, encoding="utf-8")
        self.program = subprocess.Popen(
            [*signals, FSM, *arguments],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.seen: set[int] = set()

    def __enter__(self) -> Command:
        return self

    def __exit__(self, *of: object) -> None:
        for pid in self.living():
            os.kill(pid, signal.SIGKILL)
        self.program.communicate()

    def living(self) -> list[int]:
        """The processes of the session that are not over."""
        pids = []
        for entry in Path("/proc").iterdir():
            try:
                state, _, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except (OSError, ValueError):
                continue
            if session == str(self.program.pid) and state != "Z":
                pids.append(int(entry.name))
        self.seen.update(pids)
        return pids

    def until_at_work(self, many: int = 4) -> None:
        """Wait until so many processes are at work, the command and its guard among them."""
        deadline = time.monotonic() + PATIENCE
        while len(self.living()) < many:
            assert time.monotonic() < deadline and self.program.poll() is None, self.program.stderr
            time.sleep(0.05)

    def until_printed(self, words: str) -> str:
        """What it prints up to a line with these words."""
        assert self.program.stdout is not None
        printed = ""
        for line in self.program.stdout:
            printed += line
            if words in line:
                return printed
        raise AssertionError(printed)

    def rest(self) -> tuple[str, str]:
        """What it still prints, and what it said on standard error; it has ended then."""
        assert self.program.stdout is not None
        assert self.program.stderr is not None
        printed = self.program.stdout.read(), self.program.stderr.read()
        self.program.wait(PATIENCE)
        return printed

    def is_gone(self) -> None:
        """Two seconds later nothing is left."""
        deadline = time.monotonic() + 2
        while self.living() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [] == self.living(), f"left of {sorted(self.seen)}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_to_the_command_alone_is_obeyed(number: signal.Signals, tmp_path: Path) -> None:
    """A key press, a kill, a window that is closed: what is decided was printed, the rest is told as missing, nothing goes on."""
    with Command(tmp_path, "verify", "odd.py:ODD") as command:
        printed = command.until_printed("no two guards of an event overlap")
        command.until_at_work()
        command.program.send_signal(number)
        rest, errors = command.rest()
        command.is_gone()

    assert 128 + number == command.program.returncode
    assert "✓ every state can be reached" in printed
    told = re.fullmatch(r"(?:fsm: \d+ s: .*\n)*fsm: interrupted; (\d+) verdicts are missing\n", errors)
    counted = re.search(r"(\d+) proved, 0 refuted, (\d+) unknown", rest)
    assert told is not None and counted is not None
    proved, unknown = map(int, counted.groups())
    verdicts = re.findall(r"^  [✓?] ", printed + rest, flags=re.MULTILINE)
    assert int(told[1]) == ALL - len(verdicts), "what was not printed is missing, however quick the machine"
    assert proved == verdicts.count("  ✓ ") and ALL == proved + unknown, "what is missing is unknown"
    assert "never nine hundred and ninety-nine" not in rest


def test_a_signal_that_was_ignored_when_it_was_started_stays_ignored_and_the_limit_of_the_whole_run_ends_it(
    tmp_path: Path,
) -> None:
    """As under nohup: the window is closed, and the work goes on; status 3, and each claim that is left says why."""
    as_nohup = ("env", "--ignore-signal=HUP")
    with Command(tmp_path, "verify", "odd.py:ODD", "--fast", "--total-timeout", "6", signals=as_nohup) as command:
        command.until_printed("every state can be reached")
        command.program.send_signal(signal.SIGHUP)
        rest, errors = command.rest()
        command.is_gone()

    assert 3 == command.program.returncode
    assert "interrupted" not in errors
    assert (
        "? never nine hundred and ninety-nine\n      unknown: time limit: no verdict when 6 s had passed for all"
        in rest
    )


def test_a_key_press_in_the_terminal_reaches_all_and_is_obeyed_once(tmp_path: Path) -> None:
    """The whole group gets it, as from a terminal; the document says what is known, and that the rest is not."""
    with Command(tmp_path, "verify", "odd.py:ODD", "--json", "-q") as command:
        command.until_at_work(6)
        time.sleep(1.0)
        os.killpg(command.program.pid, signal.SIGINT)
        text, errors = command.program.communicate(timeout=PATIENCE)
        command.is_gone()

    assert 130 == command.program.returncode
    assert "Traceback" not in errors
    document = json.loads(text)
    assert 130 == document["exit_status"]
    claims = [claim for report in document["reports"] for claim in report["properties"]]
    assert "interrupted before a verdict" == claims[-1]["why"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "odd.py:ODD"),
        ("verify", "odd.py:ODD", "--timeout", "300"),
        ("mutate", "odd.py:ODD"),
        ("why", "odd.py:ODD"),
    ],
    ids=["verify", "verify within limits", "mutate", "why"],
)
def test_a_command_that_is_killed_leaves_nothing_behind(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """It could not even see it coming."""
    with Command(tmp_path, *arguments) as command:
        command.until_at_work()
        command.program.kill()
        command.program.wait()
        command.is_gone()


FRAME = re.compile(r'File "([^"]+)"')
NOT_OURS = ("<frozen ", "site-packages", "/lib/python")
"""Files of Python, and of what begins a process."""


@pytest.mark.parametrize("after", [0.0, 0.1, 0.2, 0.3, 0.4, 0.6])
def test_a_key_press_at_any_moment_ends_the_command_without_a_traceback(after: float, tmp_path: Path) -> None:
    """Also while it reads the command line, imports and begins its processes."""
    with Command(tmp_path, "why", "odd.py:ODD") as command:
        time.sleep(0.15 + after)
        os.killpg(command.program.pid, signal.SIGINT)
        _, errors = command.program.communicate(timeout=PATIENCE)
        command.is_gone()

    # Before a line of ours was run, in the command or in a process that it begins, it is Python that tells.
    early = command.program.returncode == -signal.SIGINT or "init_import_site" in errors
    assert early or 130 == command.program.returncode
    ours = [one for one in FRAME.findall(errors) if not any(other in one for other in NOT_OURS)]
    early = early or ("_run_module_as_main" in errors and not ours)
    assert early or "Traceback" not in errors, errors


def test_a_solver_that_was_named_ends_with_the_command(tmp_path: Path) -> None:
    """A program of somebody else's, which would never end by itself."""
    (tmp_path / "door.py").write_text(DOOR, encoding="utf-8")
    subprocess.run(
        [FSM, "verify", "door.py:DOOR", "--fast", "--certificates", "proof"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    with Command(tmp_path, "check-certificate", "proof", "--solver", "sh -c 'exec sleep 600'") as command:
        deadline = time.monotonic() + PATIENCE
        while not any(
            b"sleep" in Path(f"/proc/{pid}/cmdline").read_bytes()
            for pid in command.living()
            if Path(f"/proc/{pid}").exists()
        ):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        command.program.kill()
        command.program.wait()
        command.is_gone()


def test_a_count_that_is_interrupted_ends(tmp_path: Path) -> None:
    """Whatever it is doing."""
    with Command(tmp_path, "count", "odd.py:ODD") as command:
        command.until_at_work(3)
        command.program.send_signal(signal.SIGINT)
        command.program.communicate(timeout=PATIENCE)
        command.is_gone()

    assert 130 == command.program.returncode


def test_it_says_how_far_it_has_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where standard error is no terminal, a line as often as it is time to; with --quiet, none."""
    monkeypatch.setattr(progress, "EVERY", 0.0)
    (tmp_path / "door.py").write_text(DOOR, encoding="utf-8")
    loud, quiet = (
        CliRunner().invoke(verify, [f"{tmp_path / 'door.py'}:DOOR", "--fast", *more]) for more in ([], ["--quiet"])
    )

    assert re.search(r"^fsm: \d+ s: \d of 5 decided; machine door: ", loud.stderr, flags=re.MULTILINE)
    assert "" == quiet.stderr


def test_it_is_time_to_every_ten_seconds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """However often something happens."""
    clock = iter((0.0, 0.0, 3.0, 9.9, 10.0, 12.0, 20.5, 29.0))
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=clock.__next__))
    with progress.Progress() as told:
        for place in range(6):
            told.say(f"step {place}")

    assert "fsm: 10 s: step 2\nfsm: 20 s: step 4\n" == capsys.readouterr().err
