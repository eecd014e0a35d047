"""`fsm verify --watch`: what a saved file changed is proved again, each time in a process of its own, so that no module is an old one.

Files are looked at every moment by their size and time of change. A target is proved again where a file changed that its module is made of: its own,
and those of the project that it imports. Where a configuration changed, or a file came or went, or nobody knows what a target is made of, all are.
"""

from __future__ import annotations

import ast
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from fsm.command.invocation.interrupts import Interrupted
from fsm.command.invocation.output import echo, outsiders_print_to_stderr
from fsm.command.project.configuration import project_of
from fsm.command.project.discovery import relative
from fsm.command.prove import named_targets

__all__ = ["tell", "watch"]

MOMENT = 0.3
"""Seconds between two looks."""
HERE = "from fsm.command.project.watching import tell; tell()"
AFTER_THE_SIGNAL = 10.0
"""Seconds in which a run that was told to end does so."""

State = Mapping[Path, tuple[int, int] | None]
"""Of each file its time of change and its size; None where there is none."""


def watch(targets: Sequence[str], options: Sequence[str]) -> None:
    """Prove the targets, and again what changes, until an interrupt.

    Args:
        targets: as the user names them.
        options: of `fsm verify`, as on the command line.

    Raises:
        Interrupted: somebody wants it to end.
    """
    made_of = _made_of(targets)
    wanted: Iterable[str] = made_of or targets
    while True:
        files = _files(targets, made_of)
        before = _state(files)
        _prove([*wanted], options)
        echo(f"fsm: watching {len(files)} files; interrupt to end", err=True)
        changed = _wait(before, partial(_files, targets, made_of))
        echo(f"fsm: {', '.join(relative(str(file)) for file in sorted(changed))} changed", err=True)
        known, made_of = made_of, _made_of(targets)
        wanted = _touched(changed, known, made_of) or made_of or targets


def _touched(changed: set[Path], known: Mapping[str, list[Path]], now: Mapping[str, list[Path]]) -> list[str]:
    """The targets that are made of a file that changed; none where that concerns all of them."""
    everywhere = {file for files in (*known.values(), *now.values()) for file in files}
    if not changed <= everywhere or known.keys() != now.keys():
        return []
    return [name for name in now if changed & {*now[name], *known[name]}]


def _prove(targets: Sequence[str], options: Sequence[str]) -> None:
    """One run, ended with this one."""
    command = [sys.executable, "-P", "-m", "fsm", "verify", *options, "--", *targets]
    run = subprocess.Popen(command, stdout=sys.stdout)  # where reports are printed; what others print goes elsewhere
    try:
        run.wait()
    except KeyboardInterrupt as stop:
        if run.poll() is None:
            run.send_signal(signal.SIGTERM if getattr(stop, "status", 130) != 130 else signal.SIGINT)
        _ended(run)
        raise


def _ended(run: subprocess.Popen[bytes]) -> None:
    try:
        run.wait(AFTER_THE_SIGNAL)
    except (subprocess.TimeoutExpired, Interrupted):
        run.kill()
        run.wait()


def _wait(before: State, files: Callable[[], Iterable[Path]]) -> set[Path]:
    """The files that are other than before, as soon as some are."""
    while True:
        now = _state(files())
        changed = {file for file in {*before, *now} if before.get(file) != now.get(file)}
        if changed:
            return changed
        time.sleep(MOMENT)


def _state(files: Iterable[Path]) -> State:
    return {file: _stat(file) for file in files}


def _stat(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _files(targets: Sequence[str], made_of: Mapping[str, list[Path]]) -> set[Path]:
    """All that may change something: what targets are made of, what stands in folders that are named, the configuration."""
    found = {file for files in made_of.values() for file in files}
    for name in targets:
        place = Path(name.rpartition(":")[0] if ".py:" in name else name)
        found |= (
            {place.resolve()}
            if place.is_file()
            else {one.resolve() for one in place.rglob("*.py")}
            if place.is_dir()
            else set()
        )
    project = project_of(Path.cwd())
    return found | ({project} if project is not None else set())


def _made_of(targets: Sequence[str]) -> dict[str, list[Path]]:
    """For each machine and system its files; nothing where they cannot be imported, which a run says."""
    done = subprocess.run([sys.executable, "-P", "-c", HERE, *targets], capture_output=True, text=True)
    if done.returncode != 0:
        return {}
    return {name: [Path(file) for file in files] for name, files in json.loads(done.stdout).items()}


# In a process of its own


def tell() -> None:
    """Print for each target the files of the project that its module is made of."""
    try:
        with outsiders_print_to_stderr():
            found = named_targets(sys.argv[1:])
            known = dict(_loaded())
            answer = {name: sorted(_below(_module_of(name, known), known)) for name, _ in found}
    except click.ClickException:
        raise SystemExit(2) from None
    echo(json.dumps(answer))


def _loaded() -> Iterator[tuple[str, str]]:
    """The modules of the project, by name, with their files: nothing of Python's, of this program or that is installed."""
    installed = (sys.prefix, sys.base_prefix)
    ours = str(Path(sys.modules["fsm"].__path__[0]).resolve())
    project = project_of(Path.cwd())
    root = (Path.cwd() if project is None else project.parent).resolve()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.endswith(".py"):
            place = Path(file).resolve()
            inside = place.is_relative_to(root) or not place.is_relative_to(Path(installed[0]))
            if inside and not any(place.is_relative_to(folder) for folder in (ours, *installed)):
                yield name, str(place)


def _module_of(name: str, known: Mapping[str, str]) -> str:
    """The file of a target: it names a file or a module."""
    place = name.rpartition(":")[0]
    return str(Path(place).resolve()) if place.endswith(".py") else known.get(place, "")


def _below(file: str, known: Mapping[str, str]) -> set[str]:
    """A file with those that it imports, and those that these import."""
    names = {path: name for name, path in known.items()}
    found: set[str] = set()
    queue = [file] if file else []
    while queue:
        one = queue.pop()
        if one not in found:
            found.add(one)
            queue += [known[name] for name in _imported(Path(one), names.get(one, "")) if name in known]
    return found


def _imported(file: Path, name: str) -> Iterator[str]:
    """What a module imports, with the packages around it."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_bytes())):
        match node:
            case ast.Import(names=names):
                yield from (above for one in names for above in _with_packages(one.name))
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package.split(".")[: len(package.split(".")) - level + 1] if level else []
                whole = ".".join([*filter(None, base), *filter(None, [module])])
                yield from _with_packages(whole)
                yield from (f"{whole}.{one.name}" for one in names)


def _with_packages(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[: many + 1]) for many in range(len(parts)))
