"""Several engines on one question, at once: the answer is that of a fixed order, never that of the fastest.

The cheap engines have been asked before; one that takes less than a process to begin is asked here, before any begins. Of those that show a claim, the first in order that does
counts; of those that refute it, likewise; an engine is ended as soon as nothing it can say matters.
Two that disagree are a defect of fsm, told with both answers.

What it can never do: turn an engine that did not come back into an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from fsm.language.properties import Property
from fsm.verification.decide.elsewhere import processes as workers
from fsm.verification.decide.elsewhere import transport as sent
from fsm.verification.decide.prover import Prover
from fsm.verification.verdict import Proved, Refuted, Verdict

__all__ = ["EnginesDisagree", "Work", "first_of"]

Work = Callable[[], Verdict | None]
"""An engine on a question; None where it cannot say, unknown where it can say how far it came."""


class EnginesDisagree(Exception):
    """One engine proves what another refutes: one of them is wrong, and no verdict is given.

    Attributes:
        sentence: the claim.
        proved, refuted: which engine said so, and by which argument; of the refutation with its run.
    """

    def __init__(self, sentence: str, proved: str, refuted: str) -> None:
        super().__init__(sentence, proved, refuted)
        self.sentence, self.proved, self.refuted = sentence, proved, refuted

    def __str__(self) -> str:
        return f"two engines disagree on {self.sentence!r}\n  proved by {self.proved}\n  refuted by {self.refuted}"


def first_of(
    prover: Prover, claim: Property, works: Mapping[str, Work], proves: Collection[str], here: Collection[str] = ()
) -> Verdict | None:
    """The verdict of the first engine, in order, that has one; else what the first of them said that only knows how far it came, or None.

    Args:
        works: the engines by name, begun in this order.
        proves: which of them show the claim; the others refute it.
        here: which of them are asked in this process, before any other is begun.

    Raises:
        EnginesDisagree: one showed what another refuted, as far as both were heard; all are where `prover.every` says so.
    """
    provers, refuters = ([name for name in works if (name in proves) is wanted] for wanted in (True, False))

    def decided(answers: Mapping[str, Any]) -> bool:
        return not prover.every and any(_first(names, answers) is not None for names in (provers, refuters))

    told = {name: partial(_told, work, prover) for name, work in works.items()}
    quick: Mapping[str, Any] = workers.run({name: told[name] for name in works if name in here}, decided, processes=1)
    slow = {name: work for name, work in told.items() if name not in here}
    rest = workers.run(slow, lambda more: decided({**quick, **more}), processes=prover.processes)
    answers = {**quick, **rest}
    said = {
        name: sent.from_plain(answer, claim, prover.system) for name, answer in answers.items() if answer is not None
    }
    _agree(claim, said)
    names = [name for name in (_first(provers, answers), _first(refuters, answers)) if name is not None]
    return said[names[0]] if names else next((said[name] for name in works if name in said), None)


def _told(work: Work, prover: Prover) -> Any:
    """What an engine says, as it is sent from one process to another; the same where there is only one."""
    verdict = work()
    return None if verdict is None else sent.to_plain(verdict, prover.system)


def _first(names: Sequence[str], answers: Mapping[str, Any]) -> str | None:
    """The first that has an answer, if all before it have come back without one."""
    for name in names:
        if name not in answers:
            return None
        if answers[name] is not None and not sent.is_unknown(answers[name]):
            return name
    return None


def _agree(claim: Property, said: Mapping[str, Verdict]) -> None:
    proved = [f"{name}: {one.argument}" for name, one in said.items() if isinstance(one, Proved)]
    refuted = [f"{name}: {one.argument}\n{one.trace or ''}" for name, one in said.items() if isinstance(one, Refuted)]
    if proved and refuted:
        raise EnginesDisagree(claim.sentence, proved[0], refuted[0].rstrip())
