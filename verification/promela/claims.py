"""A claim as a never claim, with the variables that watch for it: what of it can be said to SPIN, and how.

| claim | never claim |
|---|---|
| always | accepts a state in which it does not hold: an error refutes it |
| reachable | accepts a state in which it holds: an error shows it |
| each step, can happen | a bit, kept with `-DCLAIM_n`, is set by a step that breaks it, or shows it |
| within | a stopwatch, kept with `-DCLAIM_n`, says how long the oldest premise has waited |
| leads to | accepts a run on which a premise waits for ever although time passes and no fair event is put off |
| recoverable | nothing: no claim about single runs says that another run goes on from here |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from fsm.verification.comments import in_comment
from fsm.verification.promela.facts import LARGEST, Facts, Unsayable
from fsm.verification.promela.fairness import Fairness
from fsm.verification.promela.formulas import NOW, Formulas, Scope
from fsm.verification.promela.steps import Steps

__all__ = ["Said", "claims_of"]


@attrs.frozen
class Said:
    """A claim in the model.

    Attributes:
        place: of the claim.
        sentence: what it says, as it may stand in a comment.
        means: what an error that SPIN finds means.
        cells: variables with which it watches, kept with `-DCLAIM_n`.
        before, after: what is done just before and just after a step takes its place.
        start: what is done first of all.
        never: the never claim.
    """

    place: int
    sentence: str
    means: str
    never: tuple[str, ...]
    cells: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    start: tuple[str, ...] = ()

    @property
    def watched(self) -> bool:
        """Whether it must be asked for when the model is translated."""
        return bool(self.cells)


def claims_of(facts: Facts, formulas: Formulas, steps: Steps) -> tuple[list[Said], list[tuple[str, str]]]:
    """What can be said, and of the others the sentence with the reason."""
    found, left = [], []
    for place, claim in enumerate(facts.claims):
        try:
            found.append(_Claim(facts, formulas, steps, place, claim).said())
        except Unsayable as why:
            left.append((claim["sentence"], str(why)))
    return found, left


@attrs.frozen(eq=False)
class _Claim:
    facts: Facts
    formulas: Formulas
    steps: Steps
    place: int
    row: Any

    def said(self) -> Said:
        match self.row["modality"]:
            case "always":
                return self._made("refutes it", _bad(f"!{self._state('formula')}"))
            case "reachable":
                return self._made("shows it", _bad(self._state("formula")))
            case "each step":
                return self._step("refutes it", "!")
            case "can happen":
                return self._step("shows it", "")
            case "within":
                return self._within()
            case "leads to":
                return self._leads_to()
            case "each leads to":
                raise Unsayable("it follows one of many instances")
        raise Unsayable("no claim about single runs says that another run goes on from where one is")

    def _made(self, means: str, never: Iterator[str], **more: tuple[str, ...]) -> Said:
        return Said(self.place, in_comment(self.row["sentence"]), means, tuple(never), **more)

    def _state(self, which: str) -> str:
        return self.formulas.text(self.row[which], Scope(NOW, claim=True))

    def _step(self, means: str, sign: str) -> Said:
        fields = {
            (event, field): f"f{field}"
            for event in self.facts.sent()
            for field in range(len(self.facts.events[event]["fields"]))
            if (event, field) in self.steps.choices(event)[1]
        }
        formula = self.formulas.text(self.row["formula"], Scope(NOW, fields=fields, claim=True, step=True))
        met = f"met{self.place}"
        return self._made(
            means,
            _bad(met),
            cells=(f"bit {met};",),
            before=(f"if :: ev != 0 && {sign}{formula} -> {met} = 1 :: else fi;",),
        )

    def _within(self) -> Said:
        limit = self.formulas.text(self.row["duration"], Scope())
        p, q, w = self._state("premise"), self._state("formula"), f"waits{self.place}"
        looked = f"if :: {q} -> {w} = 0 :: else -> if :: {p} && {w} == 0 -> {w} = 1 :: else fi fi"
        after = (
            f"if :: passed && {w} > 0 && {w} <= {limit} + 1 -> {w}++ :: else fi;",
            f"if :: {w} > {limit} + 1 -> skip :: else -> {looked} fi;",
        )
        return self._made(
            "refutes it",
            _bad(f"({w} > {limit} + 1)"),
            cells=(f"int {w};",),
            after=after,
            start=(f"d_step {{ {looked} }}",),
        )

    def _leads_to(self) -> Said:
        for which in ("premise", "formula"):
            if self.facts.reads(self.row[which], "part_elapsed", "elapsed"):
                raise Unsayable("it reads a time in state, which an endless run would have to count for ever")
        p, q, last = self._state("premise"), self._state("formula"), f"last{self.place}"
        fair = [f"({last} == {TIME})"]
        for event in self.row["fair"]:
            if isinstance(event, dict):
                raise Unsayable("what is owed an event by compassion, or by each instance, is not written")
            fair.append(f"({last} == {event + 1} || !{Fairness(self.steps).possible(event)})")
        return self._made(
            "refutes it",
            _waits(f"({p} && !{q})", f"!{q}", fair),
            cells=(f"int {last};",),
            after=(f"{last} = (ev != 0 -> ev : (passed -> {TIME} : 0));",),
        )


TIME = LARGEST
"""What the last step was, where time passed and nothing else."""


def _bad(condition: str) -> Iterator[str]:
    yield "  do"
    yield f"  :: {condition} -> break"
    yield "  :: else"
    yield "  od"


def _waits(begins: str, goes_on: str, fair: list[str]) -> Iterator[str]:
    """From somewhere on the goal is never met, and each condition holds again and again."""
    yield "  do"
    yield "  :: true"
    yield f"  :: {begins} -> break"
    yield "  od;"
    for place, condition in enumerate(fair):
        following = "accept" if place == len(fair) - 1 else f"wait_{place + 1}"
        yield f"wait_{place}:"
        yield "  do"
        yield f"  :: {goes_on} && {condition} -> goto {following}"
        yield f"  :: {goes_on}"
        yield "  od;"
    yield "accept:"
    yield f"  {goes_on} -> goto wait_0"
