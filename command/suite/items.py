"""Files, subjects and claims as pytest collects them.

    models/door.py::door::it is shut or ajar

A claim that is known to be open is a strict expected failure, of being unknown alone: that it is refuted fails, and so
does that it is proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm.command.invocation.output import printable
from fsm.command.project.configuration import Configuration, Implementation
from fsm.command.project.discovery import absolute
from fsm.command.project.discovery import relative as seen_from_here
from fsm.command.suite.claims import Claim, Subject
from fsm.command.suite.deciding import Deciding, Outcome
from fsm.verification.report import FAILS

__all__ = ["DECIDING", "PROJECT", "ClaimItem", "ImplementationItem", "ModelFile"]

DECIDING = pytest.StashKey[Deciding]()
PROJECT = pytest.StashKey[Configuration]()


class NotProved(Exception):
    """A claim is not as it should be."""


class Open(NotProved):
    """Nobody knows."""


class ModelFile(pytest.File):
    """A file that declares machines or systems."""

    subjects: list[Subject]

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, subjects: list[Subject]) -> ModelFile:
        made: ModelFile = cls.from_parent(parent, path=path)
        made.subjects = subjects
        return made

    def collect(self) -> Iterator[pytest.Collector]:
        for one in self.subjects:
            yield ModelSubject.of(self, one)


class ModelSubject(pytest.Collector):
    """A machine or system."""

    subject: Subject

    @classmethod
    def of(cls, parent: ModelFile, subject: Subject) -> ModelSubject:
        made: ModelSubject = cls.from_parent(parent, name=printable(subject.name))
        made.subject = subject
        return made

    def collect(self) -> Iterator[pytest.Item]:
        for claim in self.subject.claims:
            yield ClaimItem.of(self, self.subject, claim)
        for code in self.subject.implementations:
            yield ImplementationItem.of(self, self.subject, code)


class ClaimItem(pytest.Item):
    """A claim or a check of a definition."""

    subject: Subject
    claim: Claim

    @classmethod
    def of(cls, parent: ModelSubject, subject: Subject, claim: Claim) -> ClaimItem:
        made: ClaimItem = cls.from_parent(parent, name=printable(claim.sentence))
        made.subject, made.claim = subject, claim
        made.add_marker(pytest.mark.fsm)
        made.extra_keyword_matches.update({claim.words, subject.target.name})
        if claim.known is not None:
            made.add_marker(pytest.mark.xfail(reason=printable(claim.known.reason), raises=Open, strict=True))
        return made

    @property
    def place(self) -> tuple[int, int]:
        return self.subject.place, self.claim.place

    def runtest(self) -> None:
        outcome: Outcome = self.config.stash[DECIDING].outcome(self.place)
        text = "\n".join(map(printable, outcome.lines))
        if outcome.kind == "unknown":
            raise Open(text)
        if outcome.kind in FAILS:
            raise NotProved(text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, NotProved):
            place = (
                ""
                if self.claim.written is None
                else f"\n{seen_from_here(self.claim.written[0])}:{self.claim.written[1]}: {printable(self.claim.sentence)}"
            )
            return f"{excinfo.value}{place}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        if self.claim.written is None:
            return self.path, None, f"{self.subject.name}: {self.name}"
        return Path(self.claim.written[0]), self.claim.written[1] - 1, f"{self.subject.name}: {self.name}"


class ImplementationItem(pytest.Item):
    """Somebody's own code: runs are drawn, and it must do what is declared."""

    subject: Subject
    code: Implementation

    @classmethod
    def of(cls, parent: ModelSubject, subject: Subject, code: Implementation) -> ImplementationItem:
        made: ImplementationItem = cls.from_parent(parent, name=f"implementation {printable(code.adapter)}")
        made.subject, made.code = subject, attrs.evolve(code, adapter=absolute(code.adapter))
        made.add_marker(pytest.mark.fsm)
        made.extra_keyword_matches.update({"implementation", subject.target.name})
        return made

    def runtest(self) -> None:
        from fsm.command.suite.implementations import compare

        compare(self.subject.target, self.code, self.config.stash[PROJECT])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from fsm.command.suite.implementations import told

        return told(excinfo.value, self.code, self.name) or super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        written = self.subject.target.written
        line = None if written is None else written[1] - 1
        return self.path, line, f"{self.subject.name}: {self.name}"
