"""What never is: refutations without a run, as proofs of the negation. Standard library only.

That nothing satisfies a formula over moments is a lemma like others, which each step must keep. That no step satisfies a formula, or
is taken on an event, is a claim over steps. That a line is never taken is asked of the moments of the lemmas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.lemma import Lemma, of_the_only, whole
from fsm.verification.checker.meaning import Situation, happens, term_of
from fsm.verification.checker.possible.events import callers, quiet
from fsm.verification.checker.possible.moments import excluded, moment_of
from fsm.verification.checker.proofs.definition import on_event
from fsm.verification.checker.proofs.induction import Say, Shown
from fsm.verification.checker.proofs.lemmas import formula_of, numbered
from fsm.verification.checker.proofs.named import lemma_of
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome
from fsm.verification.checker.solver import Asked
from fsm.verification.checker.steps import StepMaker, kinds_of_steps
from fsm.verification.checker.terms import FALSE, TRUE, conj, disj, equal, negation
from fsm.verification.checker.unknowns import Unknowns

__all__ = ["ASSUMPTIONS", "Never", "never", "nothing_allowed", "things"]

Json = Any
ASSUMPTIONS = "assumptions"
"""What is called so says of itself that no values of the parameters satisfy them."""
Places = tuple[int, ...]
Takes = Callable[[Unknowns, Situation], str]
"""That a step of some kind is taken from a moment."""


@dataclass(frozen=True)
class Never:
    """What must be shown for something never to be.

    Attributes:
        lemmas: that nothing is so.
        steps: that no step is such, by a name of its own.
        lines: where a line could be taken.
    """

    lemmas: tuple[Lemma, ...] = ()
    steps: Mapping[str, Say] = field(default_factory=dict)
    lines: Mapping[str, Takes] = field(default_factory=dict)

    def outcome(self, unknowns: Unknowns, held: Sequence[Lemma], shown: Shown, solver: Asked) -> Outcome:
        """What became of it, where these lemmas hold and this was shown."""
        made = CONFIRMED
        for lemma in self.lemmas:
            made = made if lemma in held else made.and_then(shown.lost[lemma.name])
        for name in self.steps:
            made = made.and_then(shown.over[name])
        if made.why or not self.lines:
            return made
        base = moment_of(unknowns, held)
        return excluded(base.script, {name: takes(unknowns, base) for name, takes in self.lines.items()}, solver)


def nothing_allowed(declaration: Declaration, fixed: Mapping[int, Json], solver: Asked) -> Outcome:
    """That no values of the parameters, of which some may be given, satisfy the assumptions."""
    try:
        script = Unknowns(declaration, fixed).nowhere().script
    except CannotSay as reason:
        return Outcome(str(reason))
    return excluded(script, {"some values satisfy the assumptions": TRUE}, solver)


def never(declaration: Declaration, name: str, pending: Sequence[str]) -> Never:
    """That a claim which says that something can be is wrong, or a check of the definition in these things.

    Raises:
        CannotSay: it is no such claim.
    """
    claim = formula_of(declaration, name, *CLAIMS)
    if claim is not None:
        return CLAIMS[claim["modality"]](f"not {name}", claim["formula"])
    named = things(declaration, name, pending)
    return CHECKS[name][2](declaration, named)


def things(declaration: Declaration, name: str, pending: Sequence[str]) -> list[Places]:
    """The states, lines with their states, or events that a check of the definition says never to be.

    Raises:
        CannotSay: there are none.
    """
    words, known, _ = CHECKS.get(name, ("", lambda declaration: {}, None))
    told = [numbered(one) for one in pending]
    found = known(declaration)
    if not told or any(one != words or at not in found for one, at in told) or (name == "check 2") == declaration.alone:
        raise CannotSay("nothing is named of which it is said that it never is")
    return [found[at] for _, at in told]


def _all_states(declaration: Declaration) -> dict[Places, Places]:
    return {(0, state): (state,) for state in range(len(declaration.machine(0)["states"]))}


def _all_lines(declaration: Declaration) -> dict[Places, Places]:
    lines = enumerate(declaration.machine(0)["transitions"])
    return {(place, state): (place, state) for place, line in lines for state in line["sources"]}


def _all_events(declaration: Declaration) -> dict[Places, Places]:
    return {(place,): (event,) for place, event in enumerate(callers(declaration))}


def _nowhere(formula: int) -> Say:
    return lambda situation: negation(whole(formula, situation))


def _no_step(formula: int) -> Say:
    return lambda situation: negation(term_of(formula, of_the_only(situation)))


def _none(event: int) -> Say:
    return lambda situation: negation(happens([event], situation))


def _taken(place: int, state: int) -> Takes:
    """The only instance of a machine alone is in the state, the line's guard holds, and of those before it on the event none; or its timer fires, in its turn."""

    def say(unknowns: Unknowns, base: Situation) -> str:
        machine, one = base.declaration.machine(0), base.before.only[0]
        line = machine["transitions"][place]
        if line["after"] is not None:
            kinds = [kind for kind in kinds_of_steps(base.declaration) if kind.timer is not None and not kind.lapses]
            mine = (
                kind for kind in kinds if kind.timer and (kind.timer[1].line, kind.timer[1].state) == (place, state)
            )
            return disj(StepMaker(unknowns, kind, base).relation().possible for kind in mine)
        about = replace(on_event(base, line["event"]), instance=(one, one), of_machine=0)
        before = [
            other
            for other in machine["transitions"][:place]
            if other["after"] is None and other["event"] == line["event"] and state in other["sources"]
        ]
        guards = [(FALSE if other["guard"] is None else negation(term_of(other["guard"], about))) for other in before]
        own = [] if line["guard"] is None else [term_of(line["guard"], about)]
        return conj([quiet(base), equal(one.state, str(state)), *own, *guards])

    return say


def _no_state(declaration: Declaration, named: Sequence[Places]) -> Never:
    states = [lemma_of(declaration, f"never 0 {state}") for (state,) in named]
    return Never(lemmas=tuple(one for one in states if one is not None))


CLAIMS: dict[str, Callable[[str, int], Never]] = {
    "reachable": lambda name, formula: Never(lemmas=(Lemma(name, _nowhere(formula)),)),
    "can happen": lambda name, formula: Never(steps={name: _no_step(formula)}),
}
"""For each modality of a claim that something can be, what must be shown for it never to be."""
Known = Callable[[Declaration], Mapping[Places, Places]]
CHECKS: dict[str, tuple[str, Known, Callable[[Declaration, Sequence[Places]], Never]]] = {
    "check 0": ("state", _all_states, _no_state),
    "check 1": (
        "line",
        _all_lines,
        lambda declaration, named: Never(lines={f"line {at[0]} from state {at[1]}": _taken(*at) for at in named}),
    ),
    "check 2": (
        "event",
        _all_events,
        lambda declaration, named: Never(steps={f"no event {event}": _none(event) for (event,) in named}),
    ),
}
"""For each check of the definition that something can be, what evidence calls such things, which there are, and what must be shown."""
