"""Planting a fault in a copy of the tool and seeing whether its tests fail; the checkout is never touched.

The tests run in a process of their own, on a copy of the sources that looks as if it were installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from compileall import compile_dir
from contextlib import contextmanager
from pathlib import Path
from py_compile import PycInvalidationMode
from xml.etree import ElementTree

from .faults import Fault

__all__ = ["Garden", "StaleFault"]

ROOT = Path(__file__).parents[2]
ROOMS = ("verification", "diagrams", "command", "files", "seeds")
OF_OUR_OWN = ("NameError", "SyntaxError", "ImportError", "ModuleNotFoundError", "UnboundLocalError", "IndentationError")
"""What a patch that makes no sense fails with: that catches nothing."""


class StaleFault(Exception):
    """The text that a fault replaces does not stand exactly once in its file."""


class Garden:
    """A copy of the sources and of the tests.

    Args:
        folder: where to make it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        left_out = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(
            ROOT / "fsm", self.site / "fsm", ignore=shutil.ignore_patterns("__pycache__", ".*", *ROOMS)
        )  # the rooms follow, not their links
        for room in ROOMS:
            shutil.copytree(ROOT / room, self.site / "fsm" / room, ignore=left_out)
        shutil.copytree(ROOT / "tests", folder / "tests", ignore=left_out)
        shutil.copy(ROOT / "pyproject.toml", folder)
        compile_dir(self.site, quiet=2, invalidation_mode=PycInvalidationMode.CHECKED_HASH)

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        """The copy with the fault.

        Raises:
            StaleFault: the text that it replaces stands there never, or more than once.
        """
        room, _, rest = fault.file.partition("/")
        file = self.site / "fsm" / rest if room == "fsm" else self.site / "fsm" / fault.file
        sound = file.read_text(encoding="utf-8")
        if (times := sound.count(fault.old)) != 1:
            raise StaleFault(f"{fault.name}: {fault.old!r} stands {times} times in {fault.file}")
        try:
            file.write_text(sound.replace(fault.old, fault.new), encoding="utf-8")
            yield
        finally:
            file.write_text(sound, encoding="utf-8")

    def outcomes(self, tests: Iterable[str]) -> dict[str, str]:
        """How each test came out: `passed`, `failed`, `broken` where it could not run at all, or `missing`.

        A name without its parameters stands for all tests of that name, of which one that fails is enough.
        """
        asked = list(dict.fromkeys(tests))
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        command = [
            sys.executable,
            "-P",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--assert=plain",  # nobody reads how an assertion failed
            f"--junitxml={report}",
            *(f"tests/{one}" for one in asked),
        ]
        done = subprocess.run(command, cwd=self.folder, env=self._environment(), capture_output=True, text=True)
        if done.returncode not in (0, 1) or not report.exists():
            return dict.fromkeys(asked, "broken")
        cases = list(_cases(report))
        return {
            one: _summed([how for name, how in cases if name == one or name.startswith((f"{one}[", f"{one}::"))])
            for one in asked
        }

    def _environment(self) -> Mapping[str, str]:
        """What is compiled is that of the sound text, by its hash: a patch may leave the size of a file and its second as they were."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("COV", "PYTEST", "SOAK", "PLANT"))
        }
        return {**kept, "PYTHONPATH": str(self.site), "PYTHONDONTWRITEBYTECODE": "1"}


def _cases(report: Path) -> Iterator[tuple[str, str]]:
    """The name of each test below `tests/`, and how it came out."""
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.attrib['classname'].removeprefix('tests.').replace('.', '/')}.py::{case.attrib['name']}"
        failure = case.find("failure")
        if failure is not None:
            text = f"{failure.attrib.get('message', '')}"
            yield name, "broken" if text.startswith(OF_OUR_OWN) else "failed"
        else:
            yield name, "passed" if case.find("error") is None and case.find("skipped") is None else "broken"


def _summed(found: list[str]) -> str:
    return next((how for how in ("broken", "failed", "passed") if how in found), "missing")
