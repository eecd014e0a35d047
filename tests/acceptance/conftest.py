"""Fresh environments in which the package is installed as users do."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from sysconfig import get_paths
from typing import Any

import attrs
import pytest


@attrs.frozen
class Environment:
    """A virtual environment."""

    root: Path

    @property
    def bin(self) -> Path:
        return self.root / ("Scripts" if sys.platform == "win32" else "bin")

    def run(self, *command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment in a folder that has nothing to do with the checkout."""
        program, *arguments = command
        alone = os.environ | {"PATH": str(self.bin)}  # no `dot` or other program of this machine
        return subprocess.run(
            [self.bin / program, *arguments], cwd=cwd or self.root, env=alone, capture_output=True, text=True
        )

    def python(self, script: str, cwd: Path | None = None) -> str:
        """What a script prints; it must end well."""
        done = self.run("python", "-c", script, cwd=cwd)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def without_extras(once: Any, wheel: Path) -> Environment:
    """The wheel and what it depends on, nothing else; the pip that puts it there is that of this suite."""

    def install(folder: Path) -> None:
        venv.create(folder)
        pip = [sys.executable, "-m", "pip", "--python", Environment(folder).bin / "python"]
        installed = subprocess.run([*pip, "install", "--quiet", wheel], capture_output=True, text=True)
        assert installed.returncode == 0, installed.stderr

    return Environment(once("without-extras", install))


@pytest.fixture(scope="session")
def editable(once: Any, checkout: Path) -> Environment:
    """That copy, installed in editable mode beside the libraries that run this suite."""

    def install(folder: Path) -> None:
        venv.create(folder)
        environment = Environment(folder)
        site = Path(environment.python("import sysconfig; print(sysconfig.get_paths()['purelib'])").strip())
        (site / "libraries.pth").write_text(get_paths()["purelib"] + "\n", encoding="utf-8")
        installed = environment.run(
            "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", checkout
        )
        assert installed.returncode == 0, installed.stderr

    return Environment(once("editable", install))
