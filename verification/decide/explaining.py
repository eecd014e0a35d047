"""Why a verdict is what it is, for whoever asks (`fsm verify --explain`): what a proof rests on that nobody wrote, as claims that can be pasted; where
an induction fails, whether that state is reached, and what would close the step.

You may not change a verdict here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fsm.language.domains import Booleans, Enumeration
from fsm.language.expressions import Const, Formula
from fsm.language.parts import One, Part
from fsm.language.properties import Modality, Property
from fsm.verification.certificates.wording import Wording
from fsm.verification.decide.prover import Prover, steps_of
from fsm.verification.encoding.bounds import BOUNDS, OF_PARAMETERS, Bound, constant_of
from fsm.verification.encoding.instance import readable
from fsm.verification.encoding.quantities import CountOf, Quantity, StateOf, VariableOf, state_in_words
from fsm.verification.encoding.relations import INDICATOR, NUMBER
from fsm.verification.engines.induction import Induction
from fsm.verification.engines.strengthening import closing
from fsm.verification.facts import FactId, Of
from fsm.verification.search.goal import Goal
from fsm.verification.verdict import Proved, Unknown, Verdict

__all__ = ["explained", "is_asked"]


def is_asked(asked: str | None, claim: Property) -> bool:
    """Whether somebody asked about a claim, by a part of its sentence."""
    return bool(asked) and asked.lower() in claim.sentence.lower()  # type: ignore[union-attr]  # it is there


def explained(prover: Prover, verdict: Verdict) -> list[str]:
    """What stands below a verdict, line by line; nothing where no more is known."""
    induction = prover.induction
    if not isinstance(induction, Induction):
        return []
    if isinstance(verdict, Proved):
        return [*_resting(prover, verdict)]
    return [*_failing(prover, induction, verdict.claim)] if isinstance(verdict, Unknown) else []


def _resting(prover: Prover, verdict: Proved) -> Iterator[str]:
    """The lemmas of a proof."""
    if verdict.evidence is None:
        return
    named = dict.fromkeys((*verdict.evidence.lemmas, *verdict.evidence.proofs, *verdict.evidence.clock))
    own = None if verdict.claim not in prover.system.properties else prover.fact(verdict.claim)
    facts = [fact for fact in named if fact != own]
    yield "it rests on what it says itself" if not facts else "it rests on"
    wording = Wording(prover.theory.counting)
    for fact in facts:
        words = pasted(prover, fact)
        yield f"  {words}" if words else f"  {wording.fact(fact)}"


def pasted(prover: Prover, fact: FactId) -> str:
    """A lemma that nobody wrote, as a claim; empty where it is one that cannot be written."""
    formula = _formula(prover, fact)
    return f'always("{Wording(prover.theory.counting).fact(fact)}", {formula})' if formula else ""


def _formula(prover: Prover, fact: FactId) -> str:
    system, at = prover.system, fact.at
    alone = len(system.parts) == 1 and isinstance(system.parts[0], One) and not system.wires

    def inside(part: Part, place: int) -> str:
        state = part.machine.states[place].name
        return f"inside({state})" if alone else f"{part.name}.inside({state})"

    def number(part: Part, place: int) -> str:
        name = readable(part.machine)[place].name
        return name if alone else f"{part.name}[{name}]"

    def bounded(part: Part, place: int, bound: int, what: int) -> str:
        variable = readable(part.machine)[place]
        parameter = bound in OF_PARAMETERS
        other = system.parameters[what].name if parameter else str(constant_of(variable, Bound(bound), what))
        return f"{number(part, place)} {BOUNDS[Bound(bound)]} {other}"

    part = system.parts[at[0]] if at else None
    match fact.of:
        case Of.BOUND if part is not None:
            return bounded(part, *at[1:])
        case Of.BOUND_IN if part is not None:
            return f"{inside(part, at[1])} >> ({bounded(part, *at[2:])})"
        case Of.WITHOUT if part is not None:
            return f"{inside(part, at[1])} >> {_other(number(part, at[2]), part, at[2], at[3])}"
        case Of.NOT_ABOVE if part is not None:
            return f"{number(part, at[1])} <= {number(system.parts[at[2]], at[3])}"
        case Of.NEVER if part is not None:
            return f"~{inside(part, at[1])}"
        case Of.APART if part is not None:
            return f"~({inside(part, at[1])} & {inside(system.parts[at[2]], at[3])})"
        case Of.SUM:
            return _sum(prover, at, inside, number)
        case _:
            return ""


def _other(name: str, part: Part, which: int, value: int) -> str:
    """That a variable has another value: `~armed`, `(mode != Mode.OPEN)`."""
    domain = readable(part.machine)[which].domain
    if isinstance(domain, Booleans):
        return f"~{name}" if value else name
    assert isinstance(domain, Enumeration), "of what has few values"
    member = list(domain.members)[value]
    return f"({name} != {domain.members.__name__}.{member.name})"


def _sum(prover: Prover, at: tuple[int, ...], inside: Any, number: Any) -> str:
    """`2 * coins + people == 3`."""
    said, first = [], 0
    for start in range(0, len(at), 4):
        kind, place, what, coded = at[start : start + 4]
        weight, part = coded // 2 * (-1 if coded % 2 else 1), prover.system.parts[place]
        if kind == NUMBER:
            words = number(part, what)
            first += weight * int(readable(part.machine)[what].initial)
        elif kind == INDICATOR:
            words = f"choose({inside(part, what)}, 1, 0)"
            first += weight * int(part.machine.states[what] == part.machine.initial)
        else:
            words = f"{part.name}.count({part.machine.states[what].name})"
        said.append(words if weight == 1 else f"{weight} * {words}")
    return f"{' + '.join(said)} == {first}"


def _failing(prover: Prover, induction: Induction, claim: Property) -> Iterator[str]:
    """Where an `always` is not kept: the state, whether it is reached, what would close the step."""
    fact = prover.fact(claim) if claim in prover.system.properties else None
    failed = None if claim.modality is not Modality.ALWAYS or fact is None else induction.failures.get(fact)
    if failed is None or fact is None or failed.reason:
        return
    yield f"the induction fails on {failed.where}, from {state_in_words(failed.state)}"
    wanted = _state(failed.state)
    run = None if wanted is None else prover.search({}, {"there": Goal(wanted)}).traces.get("there")
    if run is not None:
        yield f"that state is reached by {steps_of(run)}: the claim is broken from there, or nearly so"
    else:
        yield "no run to that state was found: it may be one that is never reached"
        yield (
            closing(induction, fact, failed) or "no simple fact that excludes it was found: add the property that does"
        )


def _state(state: Mapping[Quantity, object]) -> Formula | None:
    """That parts with one instance are so; None where there are others, which are not told apart by it."""
    wanted: Formula = Const(True)
    for quantity, value in state.items():
        match quantity:
            case StateOf(part=One() as part):
                wanted = wanted & part.inside(value)  # type: ignore[arg-type]  # a state of it
            case VariableOf(part=One() as part, variable=variable):
                wanted = wanted & (part[variable] == value)
            case CountOf():
                return None
            case _:
                continue
    return wanted
