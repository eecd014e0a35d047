"""Whether the assumptions on parameters leave anything to choose: what every claim rests on.

Most is settled when a machine or system is declared, and contradictions are refused there (`fsm.checks.assumptions`). What is not
settled so cheaply a solver is asked; what it refutes is refuted, and claims that hold only so are marked.

What it can never say: that the assumptions are those that somebody meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from fsm.checks.assumptions import Assumed
from fsm.language.expressions import Const, Param
from fsm.language.printing import value_in_words
from fsm.language.properties import Modality, Property
from fsm.language.traversal import walk
from fsm.verification.decide.prover import Prover
from fsm.verification.definition import SATISFIED, satisfies
from fsm.verification.encoding.terms import conj, equal
from fsm.verification.encoding.translation import of_value
from fsm.verification.engines.induction import Induction
from fsm.verification.solver import No, Yes
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["DEFAULTS", "NOTHING", "assumption_checks", "marked", "satisfied"]

DEFAULTS = "the defaults satisfy the assumptions"
NOTHING = "a profile that the assumptions allow"
"""What never happens where nothing satisfies them."""


def assumption_checks(prover: Prover) -> Iterator[Verdict]:
    """What is wrong with the assumptions, or not known to be right; nothing where all is well."""
    assumed = _assumed(prover, {})
    everything = satisfied(prover, {})
    if everything is not True:
        yield _told(SATISFIED, everything, "for no value of the parameters")
    for profile in prover.system.profiles if everything else ():
        known = satisfied(prover, profile.values)
        if known is not True:
            yield _told(satisfies(profile.name), known, "whatever it leaves open")
    if everything and assumed.by_default:
        yield Refuted(_claim(DEFAULTS), "; ".join(_broken(one, assumed.usual) for one in assumed.by_default))


def marked(verdict: Verdict, known: bool | None) -> Verdict:
    """The verdict; what is proved is told to hold for want of cases where no profile is allowed, and that this is open where it is.

    Args:
        known: whether something satisfies the assumptions, as far as anybody knows (`satisfied`).
    """
    if known or not isinstance(verdict, Proved):
        return verdict
    if known is None:
        return attrs.evolve(verdict, unmet=(NOTHING,))
    return attrs.evolve(verdict, never=(NOTHING,), unmet=())


def _assumed(prover: Prover, values: Mapping[str, Any]) -> Assumed:
    return Assumed(prover.system.all_assumptions, prover.system.parameters, values)


def satisfied(prover: Prover, values: Mapping[str, Any]) -> bool | None:
    """Whether something satisfies the assumptions where these parameters have these values; None where nobody knows."""
    known = _assumed(prover, values).satisfied
    if known is not None:
        return known
    induction = prover.induction
    if not isinstance(induction, Induction):
        return None
    params = induction.counting.params
    fixed = conj(equal(term, of_value(values[param.name])) for param, term in params.items() if param.name in values)
    answer = induction.asker.ask(fixed, list(induction.assumptions))
    return True if isinstance(answer, Yes) else False if isinstance(answer, No) else None


def _told(sentence: str, known: bool | None, never: str) -> Verdict:
    if known is None:
        return Unknown(_claim(sentence), "the solver gave up", "Bound the parameters, or write simpler assumptions.")
    return Refuted(_claim(sentence), f"{never}; so nothing can be configured, and every claim would hold")


def _claim(sentence: str) -> Property:
    return Property(sentence, Modality.REACHABLE, Const(True))


def _broken(one: Any, usual: Mapping[str, Any]) -> str:
    names = dict.fromkeys(node.name for node in walk(one.that) if isinstance(node, Param))
    given = ", ".join(f"{name} = {value_in_words(usual[name])}" for name in names)
    return f"they break {one.name!r}: {one.that}; given {given}"
