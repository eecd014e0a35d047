"""The process in which claims are decided, for a run of pytest that asks for them one by one.

It is begun when the first is asked for, and ended with the run. Where one takes longer than it may, the process is ended,
that claim is unknown, and another process goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import attrs

from fsm.command.invocation.elsewhere import Stopped, guarded, numbers_of_any_length
from fsm.command.invocation.endings import WrongUsage
from fsm.command.invocation.versions import versions_of
from fsm.command.project.fixing import check_values
from fsm.command.prove import ProofOrder, named_targets, targets, version_in
from fsm.command.suite.claims import ASSUMPTIONS

if TYPE_CHECKING:
    from fsm.verification.certificates.confirming import Checker
    from fsm.verification.study import InVersion

__all__ = ["Deciding", "Outcome"]

Place = tuple[int, int]
"""A subject, and a claim of it."""


@attrs.frozen
class Outcome:
    """What became of a claim.

    Attributes:
        kind: one of the kinds of verdicts of a report.
        lines: the words of a report.
    """

    kind: str
    lines: tuple[str, ...]


class Deciding:
    """Asks for claims, and remembers what was told.

    Args:
        order: what is proved, and how.
        together: with a claim that is asked for, those that will be asked for too, so that they are decided in one go.
    """

    def __init__(self, order: ProofOrder, together: Callable[[Place], Sequence[Place]]) -> None:
        self.order, self.together = order, together
        self._known: dict[Place, Outcome] = {}
        self._asked: set[Place] = set()
        self._worker: Any = None

    def outcome(self, place: Place) -> Outcome:
        """What becomes of a claim; waits for it.

        Raises:
            WrongUsage: the targets cannot be imported there, or the configuration does not fit them.
            WorkFailed: the process ended by an error of its own, which is a defect of fsm.
        """
        from fsm.verification.decide.elsewhere.processes import Worker

        if place not in self._known and self._worker is None:
            self._worker, self._asked = Worker(guarded, _serve, self.order), set()
        if place not in self._known and place not in self._asked:
            wanted = [one for one in self.together(place) if one not in self._known]
            self._asked.update(wanted)
            self._worker.pipe.send_bytes(_packed(wanted))
        begun = time.monotonic()
        while place not in self._known:
            self._hear(place, begun)
        return self._known[place]

    def end(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _hear(self, place: Place, begun: float) -> None:
        from fsm.verification.decide.elsewhere.processes import Answered, Died, Told, WorkerFailed, WorkFailed, hear

        limit = self.order.timeout
        heard = hear([self._worker], None if limit is None else max(0.0, begun + limit - time.monotonic()))
        if not heard:
            self._give_up(place, f"time limit: no verdict after {limit:g} s")
        for _, message in heard:
            match message:
                case Told(value=(known, outcome)):
                    self._known[known] = outcome
                case Answered(value=Stopped(message=why, others=others)):
                    raise WrongUsage(why, others)
                case WorkerFailed(trace=trace):
                    raise WorkFailed(trace)
                case Died(how=how):
                    self._give_up(place, f"the process that looked at it ended ({how})")

    def _give_up(self, place: Place, why: str) -> None:
        self.end()
        self._known[place] = Outcome("unknown", (f"unknown: {why}",))


def _packed(value: Any) -> bytes:
    from fsm.verification.decide.elsewhere.packing import packed

    data: bytes = packed(value)
    return data


# In the process


def _serve(tell: Any, order: ProofOrder) -> None:
    """Decide what is asked for, until nobody asks any more."""
    from fsm.verification.certificates.confirming import checker
    from fsm.verification.decide.elsewhere.packing import unpacked

    numbers_of_any_length()
    subjects = _Subjects(order)
    with checker() as other:
        while True:
            try:
                wanted = unpacked(tell.pipe.recv_bytes())
            except EOFError:
                return
            for subject in dict.fromkeys(one for one, _ in wanted):
                subjects.decide(
                    subject, [claim for one, claim in wanted if one == subject], tell, None if order.fast else other
                )


@attrs.define(eq=False)
class _Subjects:
    """What is proved, each looked at when it is asked for first."""

    order: ProofOrder
    _looks: dict[int, InVersion] = attrs.field(factory=dict)

    def decide(self, subject: int, claims: Sequence[int], tell: Callable[[Any], None], other: Checker | None) -> None:
        from fsm.verification.messages import Decided
        from fsm.verification.report import entry_of
        from fsm.verification.stream import decide_some

        look = self._look(subject)
        before = len(look.study.assumed)
        if ASSUMPTIONS in claims:
            wrong = [entry_of(one, look.report(), self.order.width) for one in look.study.assumed.values()]
            kind = next((one.kind for one in wrong), "proved")
            tell(((subject, ASSUMPTIONS), Outcome(kind, tuple(line for one in wrong for line in one.lines))))

        def told(message: Any) -> None:
            if isinstance(message, Decided):
                tell(((subject, message.place[1] - before), Outcome(message.entry.kind, message.entry.lines)))

        wanted = {claim + before for claim in claims if claim != ASSUMPTIONS}
        if wanted:
            decide_some(look, wanted, told, other, width=self.order.width)

    def _look(self, subject: int) -> InVersion:
        from fsm.verification.study import Study

        if subject not in self._looks:
            target = self._targets[subject]
            study = Study(target, version=partial(version_in, self.order, self._named, target))
            self._looks[subject] = study.in_version(self._version)
        return self._looks[subject]

    @cached_property
    def _named(self) -> list[Any]:
        found = [target for _, target in named_targets(self.order.targets)]
        check_values(found, self.order.values)
        return found

    @cached_property
    def _targets(self) -> list[Any]:
        return targets(self.order.targets)

    @cached_property
    def _version(self) -> Any:
        (version,) = versions_of(self._named, self.order.profile, all_of_them=False)
        return version
