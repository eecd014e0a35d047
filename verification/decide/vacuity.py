"""Claims that hold for want of cases: an `if` whose premise can never hold, an event that never happens, a part that is always empty.

Each claim is taken apart into its cases. A case that some run meets is fine: runs that are known are
looked at, a short search is made, then longer ones. Only where none is found are the invariants asked whether
it can never be met, for every value of the parameters, whichever version is being proved.

What it can never say: that a claim is worth anything. A case that no run is found for and nothing
excludes is named as open, and fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any

import attrs

from fsm.language.expressions import Const, Formula, Implies, Junction, Not
from fsm.language.leaves import ForEach, Happens, Moment
from fsm.language.properties import Modality, Property
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import walk
from fsm.traces.trace import Trace
from fsm.traces.violation import breach
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.engines.induction import Induction, Kept
from fsm.verification.search.goal import Goal, reads_clock
from fsm.verification.solver import No
from fsm.verification.verdict import Proved

__all__ = ["Case", "Cases", "cases_of"]

QUICK = 200
"""How many snapshots the search for all cases meets."""
LONG = 4_000
"""How many one for a single case meets."""


@attrs.frozen(eq=False)
class Case:
    """One case that a claim speaks of.

    Attributes:
        never: the formula that says that it is never met; over steps or snapshots, as the claim.
        of_steps: whether it is over steps.
        words: the case in words.
    """

    never: Formula
    of_steps: bool
    words: str


def cases_of(claim: Property) -> list[Case]:
    """The cases of a claim that have a premise; of `within` and `recoverable`, from where they speak."""
    match claim.modality:
        case Modality.ALWAYS | Modality.EACH_STEP:
            steps = claim.modality is Modality.EACH_STEP
            found = {
                repr(structure(never)): _case(never, steps, words) for never, words in _cases(claim.formula) if words
            }
            return list(found.values())
        case Modality.WITHIN | Modality.RECOVERABLE | Modality.LEADS_TO if claim.premise is not None:
            return [Case(Not(claim.premise), False, str(claim.premise))]
        case _:
            return []


def _case(never: Formula, of_steps: bool, words: str) -> Case:
    """A case of steps that speaks only of what was before is met where a step might be taken: that none is may be what the claim says."""
    moments = {node.when for node in walk(never) if isinstance(node, Moment)}
    if of_steps and moments == {"before"} and not any(isinstance(node, Happens) for node in walk(never)):
        return Case(substitute(never, lambda node: node.of if isinstance(node, Moment) else None), False, words)
    return Case(never, of_steps, words)


def _cases(formula: Formula) -> Iterator[tuple[Formula, str]]:
    """For each case the formula that says that it is never met, and its words; none for what is always spoken of."""
    match formula:
        case Implies(premise=premise, conclusion=conclusion):
            for never, words in _cases(conclusion):
                yield Implies(premise, never), f"{premise}{' and ' if words else ''}{words}"
        case Junction(op="and", parts=parts):
            for part in parts:
                yield from _cases(part)
        case ForEach(part=part, formula=claim):
            for never, words in _cases(claim):
                yield ForEach(part, never), f"some of {part.name}{': ' if words else ''}{words}"
        case _:
            yield Const(False), ""


class Cases:
    """The cases of some claims.

    Args:
        prover: which proves them, in one version.
        everywhere: the engines for every value of every parameter.
    """

    def __init__(self, claims: Iterable[Property], prover: Prover, everywhere: Prover) -> None:
        self.prover, self.everywhere = prover, everywhere
        self.of = {claim: cases_of(claim) for claim in claims}

    @cached_property
    def _near(self) -> frozenset[Case]:
        """Those that one short search for all meets."""
        asked = {str(place): one for place, one in enumerate(case for cases in self.of.values() for case in cases)}
        return frozenset(asked[name] for name in _by_search(self.prover, asked))

    def judge(self, verdict: Proved) -> Proved:
        """The verdict with the cases that are never met, and those that nothing is known of."""
        asked = {str(place): one for place, one in enumerate(self.of[verdict.claim])}
        steps = (
            (_on_known_runs, self.prover),
            (self._met_nearby, self.prover),
            (_on_runs, self.prover),
            (_by_suggestion, self.everywhere),
        )
        for meet, by in steps:
            met = meet(by, asked) if asked else set()
            asked = {name: one for name, one in asked.items() if name not in met}
        if not asked:
            return verdict
        excluded = {name for name, one in asked.items() if _excluded(self.everywhere, one)}
        return attrs.evolve(
            verdict,
            never=tuple(one.words for name, one in asked.items() if name in excluded),
            unmet=tuple(one.words for name, one in asked.items() if name not in excluded),
        )

    def _met_nearby(self, prover: Prover, asked: Mapping[str, Case]) -> set[str]:
        return {name for name, one in asked.items() if one in self._near}


def _on_runs(prover: Prover, asked: Mapping[str, Case]) -> set[str]:
    """Cases that runs meet which show what is reachable."""
    prover.seek_all()
    return _on_known_runs(prover, asked)


def _on_known_runs(prover: Prover, asked: Mapping[str, Case]) -> set[str]:
    """The same, as far as such runs were looked for."""
    met: set[str] = set()
    for trace in prover.met.values():
        met |= {name for name, one in asked.items() if name not in met and _meets(prover, trace, one)}
    return met


def _meets(prover: Prover, trace: Trace, one: Case) -> bool:
    modality = Modality.EACH_STEP if one.of_steps else Modality.ALWAYS
    return breach(prover.engine(dict(trace.profile)), Property(one.words, modality, one.never), trace) is not None


def _goal(one: Case) -> Goal:
    return Goal(one.never, wanted=False, of_steps=one.of_steps)


def _by_search(prover: Prover, asked: Mapping[str, Case]) -> set[str]:
    return set(prover.search({}, {name: _goal(one) for name, one in asked.items()}, QUICK).traces)


def _by_suggestion(prover: Prover, asked: Mapping[str, Case]) -> set[str]:
    """Under the profile that the solver suggests for each."""
    met: set[str] = set()
    for name, one in asked.items():
        profile = _suggested(prover, one)
        if isinstance(profile, dict):
            met |= set(prover.search(profile, {name: _goal(one)}, LONG).traces)
    return met


def _suggested(prover: Prover, one: Case) -> dict[str, Any] | No:
    """A profile under which the case may be met."""
    return prover.suggested(Goal(one.never, of_steps=True) if one.of_steps else Goal(Not(one.never)))


def _excluded(prover: Prover, one: Case) -> bool:
    """Whether the invariants exclude the case, for every value of the parameters."""
    induction = prover.induction
    if not isinstance(induction, Induction) or reads_clock(one.never):
        return False
    try:
        shown = (
            induction.show_step(partial(induction.counting.step, one.never))
            if one.of_steps
            else induction.show_implied(induction.counting.state(one.never))
        )
    except Unencodable:
        return False
    return isinstance(shown, Kept)
