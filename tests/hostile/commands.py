"""The command as a door: what is typed, which files lie there, and signals while it is at work.

Two doors are declared in the folder: what is claimed of one is true and of the other false, as anybody sees. Whatever else is typed, that
decides which status may be left with; a hostile word anywhere allows no other than wrong usage.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from random import Random

from fsm.command import main
from fsm.command.invocation import program

from .door import Ending, Outcome

__all__ = ["lines", "signals"]

assert program, "what every process needs is loaded once, here"
FSM = Path(sys.executable).with_name("fsm")
DOOR = """
from fsm import Machine, State, always, event, inside, parameter

@event
class Push:
    pass

shut, ajar = State("shut"), State("ajar")
wide = parameter("wide", int, 1, low=1, high=3)
DOOR = Machine("door", (shut, ajar), shut, (shut.on(Push).when(wide >= 1).to(ajar), ajar.on(Push).to(shut)), properties=(always("it stays so", inside({states})),))
"""
PATIENCE = 60.0
"""Seconds after which a command has no end."""
HOSTILE_FILES = {
    "broken.py": "import os, sys\nos._exit(0)",
    "raises.py": "raise BaseException('\\x1b[2J')",
    "leaves.py": "raise SystemExit(1)",
    "odd.py": "class Odd:\n    __class__ = property(lambda self: 1 / 0)\nDOOR = Odd()",
    "getattr.py": "def __getattr__(name):\n    raise ValueError(name)",
    "syntax.py": "def (",
    "bytes.py": "\udcff\x00",
    "nothing.py": "",
    "loops.py": "def f(): f()\nf()",
    "fields.py": "from fsm import *\n@event\nclass E:\n    x: int\nDOOR = Machine('d', (), None, ())",
    "text.json": "[" * 100_000,
    "nan.json": '{"steps": NaN}',
    "empty.json": "",
}
TARGETS = (
    *(f"{name}:DOOR" for name in HOSTILE_FILES),
    "door.py:NONE", "door.py:", ":DOOR", "door.py:Push", "door.py:shut", "door.py:__builtins__", "door.py:DOOR.name", "door.py:DOOR:DOOR", "/dev/null:DOOR", "/etc/passwd:root", "..:DOOR", ".", "", " ",
    "os:system", "fsm", "fsm.desk:NONE", "fsm..desk:DESK", "no.such:DOOR", "\u202e", "a" * 5_000, "-", "--", "door.py:DOOR\n", "%s%n", "$(reboot):X", "\udcff:DOOR",
)  # fmt: skip
"""Words that name no machine and no system."""
WORDS = ("inf", "nan", "-1", "0", "1e400", "9" * 5_000, "soon", "", " ", "\u0661", "\udcff", "1_0", "0x10", "None", "wide=0", "wide=4", "wide=", "wide", "=1", "wide=1=1", "wide=true", "tall=1", f"wide={'9' * 5_000}")  # fmt: skip
"""Words that are no number of seconds, no value of the parameter, no profile."""
COMMANDS = ("count", "count", "show", "draw", "verify", "cover", "why", "mutate", "check-certificate")
OPTIONS = {
    "count": ("--set", "--profile", "--keys", "--budget", "--by"),
    "verify": ("--timeout", "--total-timeout", "--profile"),
    "draw": ("--set", "--profile", "--width", "--format", "--detail", "--trace", "--snapshot", "--direction", "--theme"),
    "cover": ("--rounds",),
    "why": ("--profile",),
    "mutate": ("--profile", "--reasons"),
    "check-certificate": ("--solver",),
    "show": (),
}  # fmt: skip
"""Of each command those options for which none of the words is a value."""
ALLOWED = {"--rounds": ("0",)}
"""Words that are numbers after all where whole numbers are read."""


@cache
def folder() -> tempfile.TemporaryDirectory[str]:
    """Where the command is called."""
    made = tempfile.TemporaryDirectory(prefix="hostile-")
    files = {"door.py": DOOR.format(states="shut"), "true.py": DOOR.format(states="shut, ajar"), **HOSTILE_FILES}
    for name, text in files.items():
        (Path(made.name) / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    return made


def called(arguments: list[str]) -> tuple[int, str]:
    """The status that a command leaves with in a process of its own, and what it said; -1 where it has no end."""
    said = Path(folder().name) / ".said"
    child = os.fork()
    if child == 0:
        status = 71
        try:
            with said.open("wb") as file:
                os.dup2(file.fileno(), 1)
                os.dup2(file.fileno(), 2)
            os.chdir(folder().name)
            sys.argv = ["fsm", *arguments]
            sys.stdout, sys.stderr = (open(one, "w", encoding="utf-8", closefd=False) for one in (1, 2))  # noqa: SIM115  # the process ends with them
            main()
            status = 0
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(status)
    deadline = time.monotonic() + PATIENCE
    while True:
        pid, ended = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(ended), said.read_text("utf-8", errors="replace")
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return -1, said.read_text("utf-8", errors="replace")
        time.sleep(0.003)


def lines(random: Random) -> Outcome:
    """A command line, with something hostile in it or with nothing."""
    command = random.choice(COMMANDS)
    truly = random.random() < 0.5
    target, hostile = f"{'true' if truly else 'door'}.py:DOOR", random.random() < 0.85
    options: list[str] = []
    if hostile:
        kind = random.randrange(3)
        if kind == 0 or (kind == 1 and not OPTIONS[command]):
            target = random.choice(TARGETS)
        elif kind == 1:
            option = random.choice(OPTIONS[command])
            options = [option, random.choice([one for one in WORDS if one not in ALLOWED.get(option, ())])]
        else:
            options = [random.choice(["--no-such", "--json=x", "-Z", "--timeout"])]
    if command == "check-certificate":
        target, hostile = random.choice(["no-folder", ".", "/dev/null", target]), True
    arguments = [command, *options, *(["--"] if target.startswith("-") else []), target]
    if command == "verify" and not hostile:
        arguments.append("--fast")
    if command == "draw" and not hostile:
        arguments += ["--format", "md", "--out", "-"]
    status, said = called(arguments)
    wanted = {2} if hostile else statuses(command, truly=truly)
    if status not in (0, 1, 2, 3) or "Traceback" in said:
        return Outcome(Ending.UNDOCUMENTED, f"{arguments!r:.300}: status {status}: {said[-300:]}")
    if status in wanted:
        return Outcome(Ending.REFUSED if hostile else Ending.ACCEPTED)
    wrong = Ending.WRONGLY_ACCEPTED if hostile or status == 0 else Ending.WRONGLY_REFUSED
    return Outcome(wrong, f"{arguments!r:.300}: status {status} is none of {wanted}: {said[-300:]}")


def statuses(command: str, *, truly: bool) -> set[int]:
    """With which a command may leave that is asked about the door of which the claim is true, or about the other one."""
    if command in ("verify", "count"):
        return {0 if truly else 1}
    return {0, 1, 3} if command in ("cover", "why", "mutate") else {0}


def signals(random: Random) -> Outcome:
    """A proof that takes long, interrupted at some moment: it ends within two seconds, and no process is left behind."""
    which = random.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
    arguments = ["verify", "fsm.desk:DESK", *random.choice([[], ["--fast"], ["--json"], ["--timeout", "9"]])]
    running = subprocess.Popen(
        [FSM, *arguments], cwd=folder().name, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=obedient
    )  # fmt: skip
    try:
        while not obeys(running.pid) and running.poll() is None:
            time.sleep(0.005)
        time.sleep(random.random() * random.choice([0.3, 3.0]))
        running.send_signal(which)
        deadline = time.monotonic() + 2.0
        while alive(running.pid) and time.monotonic() < deadline:
            running.poll()
            time.sleep(0.02)
        left = alive(running.pid)
    finally:
        for pid in alive(running.pid):
            os.kill(pid, signal.SIGKILL)
        _, said = running.communicate()
    # loky says so of a process that it was about to tell what to do, and no owner that is killed can keep it from that
    orphaned = which is signal.SIGKILL and said.count("Traceback") == said.count("EOFError: Ran out of input")
    if "Traceback" in said and not orphaned:
        return Outcome(Ending.UNDOCUMENTED, f"{arguments} after {which.name}: {said[-300:]}")
    ended = {0, -which, 128 + which}
    if left or running.returncode not in ended:
        return Outcome(
            Ending.UNDOCUMENTED, f"{arguments} after {which.name}: {len(left)} left, status {running.returncode}"
        )
    return Outcome(Ending.ACCEPTED if running.returncode == 0 else Ending.REFUSED)


def obedient() -> None:
    """A process hears what is sent to it, also where the campaign runs in the background and ignores it itself."""
    for which in (signal.SIGINT, signal.SIGHUP):
        signal.signal(which, signal.SIG_DFL)


def obeys(pid: int) -> bool:
    """Whether a process has said what it does when it is terminated: before, Python itself is being loaded."""
    try:
        caught = re.search(r"^SigCgt:\s*([0-9a-f]+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return False
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


def alive(session: int) -> list[int]:
    """The processes of a session that are not over."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            state, _, _, other = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if other == str(session) and state != "Z":
            found.append(int(entry.name))
    return found
