"""That one declaration refines another, by a solver: from every state that the older one can come to, what one takes the other takes alike.

The simulation is the identity: both are in the same state throughout, so that the invariants of one are true of the other too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fsm.language.system import System
from fsm.verification.decide.prover import Prover
from fsm.verification.decide.wellformedness import check
from fsm.verification.definition import WIRES, checks_of
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.engines.induction import Induction
from fsm.verification.mutants.equivalence import Same, simulated, wires_of
from fsm.verification.mutants.lemmas import stronger
from fsm.verification.verdict import Proved

__all__ = ["refined"]


def refined(
    old: System, new: System, fixed: Mapping[str, Any], other: Mapping[str, Any], *, first: bool, second: bool
) -> tuple[bool, str]:
    """Whether it is shown, and why not.

    Args:
        old, new: in one order (`alignment`).
        fixed, other: values of parameters of each; what one fixes the other does too.
        first: that the newer one takes what the older one takes; `second` the other way round.
    """
    invariants, is_single = _known(old, tuple(fixed.items()))
    if not isinstance(invariants, Induction):
        return False, f"the encoding cannot say {invariants.what}"
    alike = fixed == other and all(wires_of(old, event) == wires_of(new, event) for event in (*old.events, *new.events))
    if first is not second and not (is_single and (alike or _no_two_wires(Prover(new, other)))):
        return False, "two wires of an event may apply at once"
    asked = frozenset({"first"} if first else ()) | frozenset({"second"} if second else ())
    answer = simulated(invariants, new, other, asked)
    return isinstance(answer, Same), "" if isinstance(answer, Same) else f"no proof: they may differ in {answer.where}"


@lru_cache(maxsize=4)
def _known(system: System, fixed: tuple[tuple[str, Any], ...]) -> tuple[Induction | Unencodable, bool]:
    """What is proved of a declaration, and whether no two wires of an event apply at once; asked once for all that it is compared with."""
    prover = Prover(system, dict(fixed))
    induction = prover.induction
    return stronger(induction) if isinstance(induction, Induction) else induction, _no_two_wires(prover)


def _no_two_wires(prover: Prover) -> bool:
    system = prover.system
    events = [wire.event for wire in system.all_wires if isinstance(wire.event, type)]
    if len(set(events)) == len(events):
        return True
    claim = next(one for one in checks_of(system) if one.sentence == WIRES)
    return isinstance(check(prover, claim), Proved)
