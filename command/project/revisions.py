"""What the configuration of an older revision names: its files in a folder of their own, its models in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType, ModuleType
from typing import Any

import attrs
import click

from fsm.canonical.reading import read
from fsm.canonical.writing import write
from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.output import echo, outsiders_print_to_stderr
from fsm.command.project.configuration import configuration
from fsm.command.project.scope import Scope, scope_of
from fsm.command.prove import named_targets
from fsm.language.machine import Machine
from fsm.language.system import System

__all__ = ["Revision", "declared_at", "tell"]

HERE = "from fsm.command.project.revisions import tell; tell()"


@attrs.frozen
class Revision:
    """What `[tool.fsm]` named in a revision.

    Attributes:
        targets: each by the name of it alone, read back from its canonical form.
        scope: what was proved of them where nobody said more.
    """

    targets: Mapping[str, Machine | System]
    scope: Scope


def declared_at(revision: str) -> Revision:
    """What `[tool.fsm]` named in a revision of the repository around this folder.

    Raises:
        WrongUsage: there is no such revision, or its targets cannot be imported, or what is imported is that of today.
    """
    commit = _git(
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        f"{revision}^{{commit}}",
        said=f"there is no revision {revision!r}",
    )
    top = Path(_git("rev-parse", "--show-toplevel", said="this is no git repository").decode().strip()).resolve()
    with TemporaryDirectory() as name:
        files = Path(name).resolve() / (top.name or "files")  # a module may be called after its folder
        _unpack(commit.decode().strip(), top, files, said=f"{revision} cannot be read")
        folder = files / Path.cwd().resolve().relative_to(top)
        if not folder.is_dir():
            raise WrongUsage(f"{revision} has no folder {folder.relative_to(files)}.")
        said = [sys.executable, "-P", "-c", HERE, str(top), str(files)]
        done = subprocess.run(said, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise WrongUsage(f"at {revision}: {' '.join(done.stderr.replace(f'{files}/', '').split()[-60:])}")
    found = json.loads(done.stdout)
    targets = {alone: read(text, stand_ins=True) for alone, text in found["targets"].items()}
    return Revision(targets, Scope.from_plain(found["scope"]))


def _unpack(commit: str, top: Path, folder: Path, *, said: str) -> None:
    """Every file of a commit, links as they are and what archives leave out included; the repository's own index stays as it is."""
    folder.mkdir()
    index = {"GIT_INDEX_FILE": str(folder.with_name(f"{folder.name}.index"))}
    _git("-C", str(top), *PLAIN, "read-tree", commit, said=said, more=index)
    _git("-C", str(top), *PLAIN, "checkout-index", "--all", f"--prefix={folder}/", said=said, more=index)


PLAIN = ("-c", "core.sparseCheckout=false", "-c", "core.hooksPath=/dev/null")
"""All of the files, and nothing of the user's run beside."""


def tell() -> None:
    """In the folder of a revision: print what its configuration names, each in its canonical form; what its models print is no part of it."""
    top, files = map(Path, sys.argv[1:])
    before = set(sys.modules)
    try:
        with outsiders_print_to_stderr():
            project = configuration(Path.cwd())
            targets = named_targets(project.targets)
            _check_theirs([sys.modules[name] for name in list(sys.modules) if name not in before], top, files)
            found: dict[str, Any] = {alone: write(target) for alone, target in targets}
            scope = scope_of(project, targets).to_plain()
    except click.ClickException as wrong:
        echo(wrong.format_message(), err=True)
        raise SystemExit(2) from None
    echo(json.dumps({"targets": found, "scope": scope}))


def _check_theirs(modules: Iterable[ModuleType], top: Path, files: Path) -> None:
    """Refuse what was imported from the folder of today: it would be compared with itself."""
    for module in modules:
        file = Path(getattr(module, "__file__", None) or sys.executable).resolve()
        theirs = (
            file.is_relative_to(files) or "site-packages" in file.parts or module.__name__.partition(".")[0] == "fsm"
        )
        if file.is_relative_to(top) and not theirs:
            raise WrongUsage(
                f"{module.__name__} is imported from {file.relative_to(top)} as it is today, and not from that revision."
                ' Say in pyproject.toml where packages stand, as for pytest: [tool.pytest.ini_options] pythonpath = ["lib"].'
            )


def _git(*arguments: str, said: str, more: Mapping[str, str] = MappingProxyType({})) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, env={**os.environ, **more})
    except FileNotFoundError:
        raise WrongUsage("a revision is compared with the help of git, which is not installed.") from None
    if done.returncode != 0:
        raise WrongUsage(f"{said}. Name two TARGETs, or a revision of the git repository around this folder.")
    return done.stdout
