"""Claims that hold for want of cases: an `if` whose premise can never hold, an event that never happens, a part that is always empty.

Each claim is taken apart into its cases. A case that some run meets is fine: runs that are known are
looked at, a short search is made, then longer ones. Only where none is found are the invariants asked whether
it can never be met, for every value of the parameters, whichever version is being proved.

What it can never say: that a claim is worth anything. A case that no run is found for and nothing
excludes is named as open, and fails nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property, partial
from typing import Any

import attrs

from fsm.language.expressions import Not
from fsm.language.properties import Property
from fsm.traces.trace import Trace
from fsm.verification.cases import Case, cases_of, is_met
from fsm.verification.decide.prover import Prover
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.engines.induction import Induction, Kept
from fsm.verification.search.clocks import reads_clock
from fsm.verification.search.goal import Goal
from fsm.verification.solver import No
from fsm.verification.verdict import Proved

__all__ = ["Cases"]

QUICK = 200
"""How many snapshots the search for all cases meets."""
LONG = 4_000
"""How many one for a single case meets."""


class Cases:
    """The cases of some claims.

    Args:
        prover: which proves them, in one version.
        everywhere: the engines for every value of every parameter.

    Attributes:
        runs: for each claim that was judged, a run for each of its cases that one meets, by its words.
    """

    def __init__(self, claims: Iterable[Property], prover: Prover, everywhere: Prover) -> None:
        self.prover, self.everywhere = prover, everywhere
        self.of = {claim: cases_of(claim) for claim in claims}
        self.runs: dict[Property, dict[str, Trace]] = {}

    @cached_property
    def _near(self) -> dict[Case, Trace]:
        """Those that one short search for all meets, each with a run."""
        asked = {str(place): one for place, one in enumerate(case for cases in self.of.values() for case in cases)}
        return {asked[name]: run for name, run in _by_search(self.prover, asked).items()}

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
            met = meet(by, asked) if asked else {}
            self.runs.setdefault(verdict.claim, {}).update({asked[name].words: run for name, run in met.items()})
            asked = {name: one for name, one in asked.items() if name not in met}
        if not asked:
            return verdict
        excluded = {name for name, one in asked.items() if _excluded(self.everywhere, one)}
        return attrs.evolve(
            verdict,
            never=tuple(one.words for name, one in asked.items() if name in excluded),
            unmet=tuple(one.words for name, one in asked.items() if name not in excluded),
        )

    def _met_nearby(self, prover: Prover, asked: Mapping[str, Case]) -> dict[str, Trace]:
        return {name: self._near[one] for name, one in asked.items() if one in self._near}


def _on_runs(prover: Prover, asked: Mapping[str, Case]) -> dict[str, Trace]:
    """Cases that runs meet which show what is reachable."""
    prover.seek_all()
    return _on_known_runs(prover, asked)


def _on_known_runs(prover: Prover, asked: Mapping[str, Case]) -> dict[str, Trace]:
    """The same, as far as such runs were looked for."""
    met: dict[str, Trace] = {}
    for trace in prover.met.values():
        engine = prover.engine(dict(trace.profile))
        met |= {name: trace for name, one in asked.items() if name not in met and is_met(engine, trace, one)}
    return met


def _goal(one: Case) -> Goal:
    return Goal(one.never, wanted=False, of_steps=one.of_steps)


def _by_search(prover: Prover, asked: Mapping[str, Case]) -> Mapping[str, Trace]:
    return prover.search({}, {name: _goal(one) for name, one in asked.items()}, QUICK).traces


def _by_suggestion(prover: Prover, asked: Mapping[str, Case]) -> dict[str, Trace]:
    """Under the profile that the solver suggests for each."""
    met: dict[str, Trace] = {}
    for name, one in asked.items():
        profile = _suggested(prover, one)
        if isinstance(profile, dict):
            met |= prover.search(profile, {name: _goal(one)}, LONG).traces
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
