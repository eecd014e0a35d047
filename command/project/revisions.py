"""What the configuration of an older revision names: its files in a folder of their own, its models in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from fsm.canonical.reading import read
from fsm.canonical.writing import write
from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, outsiders_print_to_stderr
from fsm.command.project.configuration import configuration
from fsm.command.prove import named_targets
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["declared_at", "tell"]

HERE = "from fsm.command.project.revisions import tell; tell()"


def declared_at(revision: str) -> dict[str, Machine | System]:
    """What `[tool.fsm]` named in a revision of the repository around this folder, read back from its canonical form.

    Raises:
        WrongUsage: there is no such revision, or its targets cannot be imported.
    """
    commit = _git(
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{revision}^{{commit}}",
        said=f"there is no revision {revision!r}",
    )
    top = _git("rev-parse", "--show-toplevel", said="this is no git repository").decode().strip()
    content = _git("-C", top, "archive", "--format=tar", commit.decode().strip(), said=f"{revision} cannot be read")
    with TemporaryDirectory() as name:
        with tarfile.open(fileobj=BytesIO(content)) as archive:
            archive.extractall(name, filter="data")
        folder = Path(name) / Path.cwd().resolve().relative_to(Path(top).resolve())
        if not folder.is_dir():
            raise WrongUsage(f"{revision} has no folder {folder.relative_to(name)}.")
        done = subprocess.run([sys.executable, "-P", "-c", HERE], cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise WrongUsage(f"at {revision}: {' '.join(done.stderr.split()[-60:])}")
    return {alone: read(text, stand_ins=True) for alone, text in json.loads(done.stdout).items()}


def tell() -> None:
    """In the folder of a revision: print what its configuration names, each in its canonical form; what its models print is no part of it."""
    try:
        with outsiders_print_to_stderr():
            targets = named_targets(configuration(Path.cwd()).targets)
            found: dict[str, Any] = {alone: write(target) for alone, target in targets}
    except click.ClickException as wrong:
        echo(wrong.format_message(), err=True)
        raise SystemExit(2) from None
    echo(json.dumps(found))


def _git(*arguments: str, said: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True)
    except FileNotFoundError:
        raise WrongUsage("a revision is compared with the help of git, which is not installed.") from None
    if done.returncode != 0:
        raise WrongUsage(f"{said}. Name two TARGETs, or a revision of the git repository around this folder.")
    return done.stdout
