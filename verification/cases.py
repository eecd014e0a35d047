"""The cases that a claim speaks of: where none of them is ever met, it holds for want of cases.

Of a declaration and runs alone: no engine is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from fsm.language.expressions import Const, Formula, Implies, Junction, Not
from fsm.language.leaves import ForEach, Happens, Moment
from fsm.language.properties import Modality, Property
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import walk
from fsm.runtime.engine import Engine
from fsm.traces.trace import Trace
from fsm.traces.violation import breach

__all__ = ["Case", "cases_of", "is_met"]


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
        case Modality.EACH_LEADS_TO if isinstance(claim.premise, ForEach):
            begins = claim.premise.formula
            return [Case(ForEach(claim.premise.part, Not(begins)), False, str(begins))]
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


def is_met(engine: Engine, trace: Trace, one: Case) -> bool:
    """Whether a run meets a case."""
    modality = Modality.EACH_STEP if one.of_steps else Modality.ALWAYS
    return breach(engine, Property(one.words, modality, one.never), trace) is not None
