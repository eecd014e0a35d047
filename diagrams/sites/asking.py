"""Asking the command, in a process of its own: what a model file does when it is imported stays out of the one that builds the pages.

Nothing is kept from one page to the next: a server that builds them again shows what the file says then.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from fsm.diagrams.sites.request import BadRequest, Request

__all__ = ["Answers"]

DONE = (0,)
DECIDED = (0, 1, 3)
"""All proved; something refuted; something unknown: each is a report."""


@attrs.frozen(slots=False)
class Answers:
    """What the command says to a request; each raises BadRequest with the command's words where it refuses.

    Attributes:
        folder: from which the target is found.
    """

    request: Request
    folder: str

    def picture(self) -> str:
        """The picture as SVG."""
        return self._ask(DONE, "draw", "--out=-", "--format=svg", *self.request.drawing)

    def table(self) -> str:
        """The table as Markdown."""
        return self._ask(DONE, "draw", "--out=-", "--format=md", *self.request.drawing)

    @cached_property
    def report(self) -> str:
        """The report as JSON."""
        version = (f"--profile={self.request.profile}",) if self.request.profile else ()
        return self._ask(DECIDED, "verify", "--json", *version)

    def runs(self) -> list[str]:
        """The runs of the report as SVG: that of the claim that is named, or all that refute."""
        claim = [f"--claim={self.request.claim}"] if self.request.claim else []
        looks = [option for option in self.request.drawing if option.startswith(("--width=", "--theme="))]
        with TemporaryDirectory() as place:
            document, drawn = Path(place) / "report.json", Path(place) / "runs"
            document.write_text(self.report, encoding="utf-8")
            self._ask(DONE, "draw", f"--trace={document}", f"--out={drawn}", *claim, *looks)
            return [file.read_text(encoding="utf-8") for file in sorted(drawn.iterdir())]

    def _ask(self, fine: tuple[int, ...], command: str, *options: str) -> str:
        arguments = [sys.executable, "-P", "-m", "fsm", command, *options, "--", self.request.target]
        done = subprocess.run(
            arguments,
            cwd=self.folder,
            env=_environment(),
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode not in fine:
            told = " ".join(done.stderr.split()) or f"it ends with status {done.returncode}"
            raise BadRequest(f"fsm {command} {self.request.target}: {told}")
        return done.stdout


def _environment() -> dict[str, str]:
    """Modules are found where the one that builds the pages finds them, whatever its configuration added."""
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
