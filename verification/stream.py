"""A study as it goes: what will be decided, what is being looked at, and each verdict as soon as it is there.

It is run in another process by `limits` and by the command, so that whoever listens may end it at any
moment. What it tells is words and plain values; a verdict that was told before is taken over.

You may not decide here how long anything may take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any

import attrs

from fsm.language.parameters import NamedProfile
from fsm.verification.certificates.confirming import (
    Checker,
    begin,
    checker,
)
from fsm.verification.decide.elsewhere.transport import from_plain, to_plain
from fsm.verification.decide.explaining import explained, is_asked
from fsm.verification.messages import Begun, Decided, Place, StudyPlan, confirmation
from fsm.verification.report import WIDTH, VerdictInWords, entry_of, heading_of, with_more
from fsm.verification.study import InVersion, Study
from fsm.verification.verdict import Report, Verdict

__all__ = ["decide_some", "study_on"]

MOST_TOGETHER = 16
"""Of how many verdicts the checker is asked in one go."""

Tell = Callable[[Any], None]
Keep = Callable[[int, InVersion, int, Verdict], None]


def study_on(
    studies: Sequence[Study],
    versions: Sequence[NamedProfile | None],
    tell: Tell,
    *,
    confirm: bool = False,
    known: Mapping[Place, Decided] | None = None,
    width: int = WIDTH,
    keep: Keep | None = None,
    explain: str | None = None,
) -> list[list[Report]]:
    """Decide every item of every section, tell each, and give the reports of each version at the end.

    Args:
        confirm: the checker confirms every proof.
        known: what was told before, by a process that was ended.
        keep: is given each verdict that is decided here, with its section and its place there.
        explain: of claims in whose sentence this stands more is told.
    """
    sections = [(study, version) for version in versions for study in studies]
    looks = [study.in_version(version) for study, version in sections]
    beside = [study.target for study in studies]
    headings = (
        heading_of(one.report(), one.checks, one.study.system.properties, width, beside=beside) for one in looks
    )
    tell(StudyPlan(tuple(headings)))
    with _confirming(confirm) as other:
        reports = [
            _Section(place, look, other, tell, known or {}, width, keep, explain).report()
            for place, look in enumerate(looks)
        ]
    return [reports[start : start + len(studies)] for start in range(0, len(reports), len(studies))]


def decide_some(
    look: InVersion, wanted: Collection[int], tell: Tell, other: Checker | None, *, width: int = WIDTH
) -> None:
    """Decide some items of a machine or system in one version, in their order, and tell each.

    Args:
        wanted: places among its claims; the others are left alone.
        other: confirms the proofs; None where nobody is to.
    """
    left: Any = ("unknown", {"why": "", "hint": ""}, {}, [])
    nothing = VerdictInWords("", "unknown", (), {})
    known = {(0, item): Decided((0, item), nothing, left) for item in range(len(look.claims)) if item not in wanted}
    _Section(0, look, other, tell, known, width).report()


@contextmanager
def _confirming(confirm: bool) -> Iterator[Checker | None]:
    if not confirm:
        yield None
        return
    with checker() as other:
        yield other


@attrs.define(eq=False)
class _Section:
    """One section while it is made."""

    place: int
    look: InVersion
    checker: Checker | None
    tell: Tell
    known: Mapping[Place, Decided]
    width: int
    keep: Keep | None = None
    explain: str | None = None
    _more: dict[int, list[str]] = attrs.field(factory=dict)
    """What is told below a verdict."""
    _seconds: dict[int, float] = attrs.field(factory=dict)
    _verdicts: dict[int, Verdict] = attrs.field(factory=dict)

    def report(self) -> Report:
        """The section, everything on it decided."""
        claims, system = self.look.claims, self.look.study.system
        waiting: list[Future[list[Decided]]] = []
        decided: list[tuple[int, Verdict]] = []
        prepared = False
        with ThreadPoolExecutor(1) as courier:  # tells what is confirmed while the next is decided
            for item, claim in enumerate(claims):
                before = self.known.get((self.place, item))
                if before is not None:
                    self._verdicts[item] = from_plain(before.plain, claim, system)
                    continue
                if not prepared:
                    self.tell(Begun(self.place, None, "what all claims share"))
                    self.look.prepare()
                    prepared = True
                self.tell(Begun(self.place, item, claim.sentence))
                begun = time.monotonic()
                verdict = self.look.decide(claim)
                self._seconds[item] = time.monotonic() - begun
                if is_asked(self.explain, claim):
                    self._more[item] = explained(self.look.study.whole, verdict)
                decided.append((item, verdict))
                if len(decided) >= self._together(len(waiting)):
                    waiting.append(courier.submit(self._tell_decided, decided))
                    decided = []
                if self.look.study.alone:
                    wait(waiting)  # its time is the time until it is confirmed
                for one in waiting:
                    if one.done():
                        one.result()
            waiting.append(courier.submit(self._tell_decided, decided))
            for one in waiting:
                one.result()
        self.look.close()
        verdicts = [self._verdicts[item] for item in range(len(claims))]
        report = self.look.report(verdicts[: len(self.look.checks)], verdicts[len(self.look.checks) :])
        return attrs.evolve(report, confirmed=confirmation(confirm=self.checker is not None))

    def _together(self, asked: int) -> int:
        """With how many others a verdict goes to the checker: few at first, so that something is told soon. No clock has a say: a proof at the border is the same in every run."""
        return 1 if self.checker is None or self.look.study.alone else min(2**asked, MOST_TOGETHER)

    def _tell_decided(self, items: Sequence[tuple[int, Verdict]]) -> list[Decided]:
        """Tell what is decided, once it is confirmed, all of it together. Of terms of the encoding nothing is made here: the next claim is being decided."""
        if self.checker is None or not items:
            return [self._told(item, verdict) for item, verdict in items]
        many = len(self.look.checks)
        checks = [verdict for item, verdict in items if item < many]
        report = self.look.report(checks, [verdict for item, verdict in items if item >= many])
        confirmed = begin(report, self.checker).finish()
        of_checks, of_properties = iter(confirmed.definition), iter(confirmed.verdicts)
        return [self._told(item, next(of_checks if item < many else of_properties)) for item, _ in items]

    def _told(self, item: int, verdict: Verdict) -> Decided:
        """Tell a verdict."""
        self._verdicts[item] = verdict
        entry = with_more(entry_of(verdict, self.look.report(), self.width), self._more.get(item, ()), self.width)
        plain = to_plain(verdict, self.look.study.system)
        decided = Decided((self.place, item), entry, plain, self._seconds[item])
        if self.keep is not None:
            self.keep(self.place, self.look, item, verdict)
        self.tell(decided)
        return decided
