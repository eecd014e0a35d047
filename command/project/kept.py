"""What `fsm verify` kept of an earlier run, for one group of machines and systems: what holds today is told, what is decided now is kept.

Nothing here loads a prover, so that where everything holds today none is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import attrs

from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System
from fsm.verification.cache.answering import Subject
from fsm.verification.cache.entries import Folder
from fsm.verification.decide.elsewhere.transport import to_plain
from fsm.verification.messages import Decided, Place, StudyPlan
from fsm.verification.report import entry_of, heading_of
from fsm.verification.verdict import Verdict

if TYPE_CHECKING:
    from fsm.verification.study import InVersion

__all__ = ["Kept"]


@attrs.define(eq=False)
class Kept:
    """The cache as one group sees it.

    Attributes:
        sections: what is proved, in the order of the report, each in its version.
        trust: proofs are believed; otherwise the checker confirms each.
        confirm: whether the checker confirms what is proved now.
        alone: whether each claim is decided by itself.
        width: of the lines of the report.
    """

    folder: Folder
    sections: Sequence[tuple[Machine | System, NamedProfile | None]]
    trust: bool
    confirm: bool
    alone: bool
    width: int

    @cached_property
    def _subjects(self) -> list[Subject]:
        engine = "each claim by itself" if self.alone else "claims together"
        return [Subject(target, profile, engine) for target, profile in self.sections]

    def plan(self) -> StudyPlan:
        """What will be told, where the assumptions of all are well."""
        headings = [
            heading_of(
                one.report(),
                one.claims[: -len(one.system.properties) or None],
                one.system.properties,
                self.width,
                beside=[target for target, _ in self.sections],
            )
            for one in self._subjects
        ]
        return StudyPlan(tuple(headings))

    def known(self) -> dict[Place, Decided]:
        """The verdicts that hold today."""
        found: dict[Place, Decided] = {}
        for section, one in enumerate(self._subjects):
            answers = one.answers(self.folder, trust=self.trust, confirmed=self.confirm)
            report = one.report()
            for item, answer in sorted(answers.items()):
                entry = entry_of(answer.verdict, report, self.width)
                plain = to_plain(answer.verdict, one.system)
                found[section, item] = Decided((section, item), entry, plain, kept=answer.how)
        return found

    def is_on_file(self) -> bool:
        """Whether something is kept of every claim, whatever it is worth."""
        return all(one.is_on_file(self.folder) for one in self._subjects)

    def is_whole(self, known: dict[Place, Decided]) -> bool:
        """Whether nothing is left to decide."""
        return len(known) == sum(len(one.claims) for one in self._subjects)

    def keep(self, section: int, look: InVersion, item: int, verdict: Verdict) -> None:
        """Keep what was decided now."""
        from fsm.verification.cache.keeping import keep
        from fsm.verification.certificates.files import CertifiedSubject

        one = self._subjects[section]
        if one.is_plain:
            report = one.report()
            subject = CertifiedSubject(report.kind, report.name, look.study.system, look.profile)
            cases = look.study.case_runs.get(look.claims[item], {})
            keep(self.folder, one.key(one.claims[item]), subject, verdict, cases, confirmed=self.confirm)
