"""A study as it goes: what will be decided, what is being looked at, and each verdict as soon as it is there.

It is run in another process by `limits` and by the command, so that whoever listens may end it at any
moment. What it tells is words and plain values; a verdict that was told before is taken over.

You may not decide here how long anything may take.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import attrs

from fsm.language.parameters import NamedProfile
from fsm.verification.certificates.confirming import (
    Confirmation,
    SecondSolver,
    begin,
    is_counted,
    second_solver,
)
from fsm.verification.decide.transport import from_plain, to_plain
from fsm.verification.messages import Begun, Decided, Place, StudyPlan, confirmation
from fsm.verification.report import WIDTH, entry_of, heading_of
from fsm.verification.study import InVersion, Study
from fsm.verification.verdict import Report, Verdict

__all__ = ["study_on"]

Tell = Callable[[Any], None]


def study_on(
    studies: Sequence[Study],
    versions: Sequence[NamedProfile | None],
    tell: Tell,
    *,
    confirm: bool = False,
    known: Mapping[Place, Decided] | None = None,
    width: int = WIDTH,
) -> list[list[Report]]:
    """Decide every item of every section, tell each, and give the reports of each version at the end.

    Args:
        confirm: a second solver confirms every proof.
        known: what was told before, by a process that was ended.
    """
    sections = [(study, version) for version in versions for study in studies]
    looks = [study.in_version(version) for study, version in sections]
    tell(StudyPlan(tuple(heading_of(one.report(), one.checks, one.study.system.properties, width) for one in looks)))
    with _confirming(confirm) as solver:
        reports = [_Section(place, look, solver, tell, known or {}, width).report() for place, look in enumerate(looks)]
    return [reports[start : start + len(studies)] for start in range(0, len(reports), len(studies))]


@contextmanager
def _confirming(confirm: bool) -> Iterator[SecondSolver | None]:
    if not confirm:
        yield None
        return
    with second_solver() as solver:
        yield solver


@attrs.define(eq=False)
class _Section:
    """One section while it is made."""

    place: int
    look: InVersion
    solver: SecondSolver | None
    tell: Tell
    known: Mapping[Place, Decided]
    width: int
    _verdicts: dict[int, Verdict] = attrs.field(factory=dict)

    def report(self) -> Report:
        """The section, everything on it decided."""
        claims, system = self.look.claims, self.look.study.system
        told: list[Decided] = []
        waiting: list[Future[Decided]] = []
        prepared = False
        with ThreadPoolExecutor(1) as courier:  # tells what is confirmed while the next is decided
            for item, claim in enumerate(claims):
                before = self.known.get((self.place, item))
                if before is not None:
                    self._verdicts[item] = from_plain(before.plain, claim, system)
                    told.append(before)
                    continue
                if not prepared:
                    self.tell(Begun(self.place, None, "what all claims share"))
                    self.look.prepare()
                    prepared = True
                self.tell(Begun(self.place, item, claim.sentence))
                waiting.append(courier.submit(self._told, item, self._asked(item, self.look.decide(claim))))
                if self.look.study.alone:
                    wait(waiting)  # its time is the time until it is confirmed
                for one in waiting:
                    if one.done():
                        one.result()
            told += [one.result() for one in waiting]
        self.look.close()
        verdicts = [self._verdicts[item] for item in range(len(claims))]
        report = self.look.report(verdicts[: len(self.look.checks)], verdicts[len(self.look.checks) :])
        return attrs.evolve(report, confirmed=confirmation(told, confirm=self.solver is not None))

    def _asked(self, item: int, verdict: Verdict) -> Verdict | Confirmation:
        """A verdict about which the second solver is being asked, where there is one."""
        if self.solver is None:
            return verdict
        check = item < len(self.look.checks)
        return begin(self.look.report([verdict] if check else (), () if check else [verdict]), self.solver)

    def _told(self, item: int, asked: Verdict | Confirmation) -> Decided:
        """Tell a verdict, once it is confirmed. Of terms of the encoding nothing is made here: the next claim is being decided."""
        questions: frozenset[bytes] = frozenset()
        if isinstance(asked, Confirmation):
            questions = frozenset(hashlib.sha256(text.encode()).digest() for text in asked.questions)
            (asked,) = asked.finish().all
        self._verdicts[item] = asked
        entry = entry_of(asked, self.look.report(), self.width)
        plain = to_plain(asked, self.look.study.system)
        decided = Decided((self.place, item), entry, plain, questions, is_counted(asked))
        self.tell(decided)
        return decided
