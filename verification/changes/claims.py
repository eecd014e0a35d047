"""Each claim of a newer declaration against the claim of the same sentence in an older one, by the solver.

A claim is at least as strong as another if whatever meets it meets the other, for every state and step that the types of both
allow, reachable or not: two claims that are both true are not the same for that. Where a claim has several formulas they
are compared one by one (a premise is stronger where it asks for more cases), so what is told of such a claim is sufficient, and where the
formulas go different ways the claims are incomparable.

What it can never say: whether either claim holds, and anything about rules and transitions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import Enum
from itertools import product
from math import prod
from typing import Any

import attrs

from fsm.canonical.listing import formula_in_words
from fsm.language.composition import as_system
from fsm.language.domains import Booleans, Enumeration, Integers, Opaque
from fsm.language.expressions import Compare, Const, Expr, Formula, Param, junction
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.parts import Each
from fsm.language.printing import label
from fsm.language.properties import Modality, Property
from fsm.language.rewriting import structure, substitute
from fsm.language.system import System
from fsm.verification.changes.vocabulary import SOON, CannotSay, Vocabulary
from fsm.verification.encoding.cells import Cell, Cells
from fsm.verification.encoding.counting import Counting
from fsm.verification.encoding.terms import Unencodable, conj, negated
from fsm.verification.solver import Asker, No, Yes

__all__ = ["Change", "ClaimChange", "added", "changes_of", "removed", "unchanged"]


class Change(Enum):
    """What became of a claim."""

    EQUIVALENT = "equivalent"
    STRENGTHENED = "strengthened"
    ADDED = "added"
    WEAKENED = "weakened"
    REMOVED = "removed"
    INCOMPARABLE = "incomparable"
    NOT_DECIDED = "not decided"


@attrs.frozen
class ClaimChange:
    """A claim, before and after.

    Attributes:
        old, new: what it says, with its kind; empty where there is none.
        why: what is weaker or stronger, or why nothing is known; empty where the formulas say it.
    """

    change: Change
    sentence: str
    old: str
    new: str
    why: str = ""


@attrs.frozen
class _Order:
    """Whether one side implies the other, as far as that is known."""

    what: str
    old_to_new: bool | None
    new_to_old: bool | None


def changes_of(
    old: Machine | System,
    new: Machine | System,
    *,
    old_profile: NamedProfile | None = None,
    new_profile: NamedProfile | None = None,
) -> list[ClaimChange]:
    """What became of every claim of the older one, in its order, then what the newer one adds; last what both assume of parameters.

    Args:
        old_profile, new_profile: versions in which they are compared: what both fix has its value, and a claim that is said not to hold
            there is none.
    """
    before, after = _in_versions(as_system(old), as_system(new), old_profile, new_profile)
    try:
        compared: _Comparison | CannotSay = _Comparison(before, after)
    except CannotSay as refused:
        compared = refused
    except Unencodable as refused:
        compared = CannotSay(refused.what)
    known = {claim.sentence: claim for claim in after.properties}
    sentences = {claim.sentence for claim in before.properties}
    others = [claim for claim in after.properties if claim.sentence not in sentences]
    told: list[ClaimChange] = []
    for claim in before.properties:
        reworded = (
            None if claim.sentence in known else next((one for one in others if _same(claim, one, compared)), None)
        )
        if reworded is None:
            told.append(_change(claim, known.get(claim.sentence), compared))
        else:
            others.remove(reworded)
            why = f"said in other words: {reworded.sentence}"
            told.append(ClaimChange(Change.EQUIVALENT, claim.sentence, _words(claim), _words(reworded), why))
    told += [ClaimChange(Change.ADDED, claim.sentence, "", _words(claim)) for claim in others]
    return [*told, *_assumed(before, after, compared)]


def unchanged(one: Machine | System) -> list[ClaimChange]:
    """What became of the claims of a declaration that is as it was."""
    claims = as_system(one).properties
    return [ClaimChange(Change.EQUIVALENT, claim.sentence, _words(claim), _words(claim)) for claim in claims]


def _in_versions(
    old: System, new: System, old_profile: NamedProfile | None, new_profile: NamedProfile | None
) -> tuple[System, System]:
    """Both with the claims as they are in a version."""
    if old_profile is None and new_profile is None:
        return old, new
    values = [
        {} if profile is None else dict(profile.within(system.parameters).values)
        for system, profile in ((old, old_profile), (new, new_profile))
    ]
    both = values[0].keys() & values[1].keys()
    made = []
    for system, profile, fixed in ((old, old_profile, values[0]), (new, new_profile, values[1])):
        known = {name: value for name, value in fixed.items() if name in both}
        claims = tuple(_in_version(claim, profile, known) for claim in system.properties)
        made.append(attrs.evolve(system, properties=claims, profiles=()))
    return made[0], made[1]


def _in_version(claim: Property, profile: NamedProfile | None, values: Mapping[str, Any]) -> Property:
    premise = None if claim.premise is None else _given(claim.premise, values)
    duration = None if claim.duration is None else _given(claim.duration, values)
    retracted = claim.retracted
    if not retracted and claim.fails_in(None if profile is None else profile.name):
        retracted = f"it is said not to hold in {'' if profile is None else profile.name}"
    formula = _given(claim.formula, values)
    return attrs.evolve(claim, formula=formula, premise=premise, duration=duration, refuted_in=(), retracted=retracted)


def _given(expr: Expr[Any], values: Mapping[str, Any]) -> Any:
    """An expression with the values of the parameters that have one."""
    return substitute(
        expr, lambda node: Const(values[node.name]) if isinstance(node, Param) and node.name in values else None
    )


def added(new: Machine | System) -> list[ClaimChange]:
    """What became of the claims of a declaration that was not there."""
    return [ClaimChange(Change.ADDED, claim.sentence, "", _words(claim)) for claim in as_system(new).properties]


def removed(old: Machine | System) -> list[ClaimChange]:
    """What became of the claims of a declaration that is not there any more."""
    return [ClaimChange(Change.REMOVED, claim.sentence, _words(claim), "") for claim in as_system(old).properties]


def _same(old: Property, new: Property, compared: _Comparison | CannotSay) -> bool:
    """Whether two claims say the same, whatever their sentences."""
    return old.modality is new.modality and _judged(list(_ordered(old, new, compared)))[0] is Change.EQUIVALENT


def _words(claim: Property) -> str:
    refuted = f", refuted in {', '.join(claim.refuted_in)}" if claim.refuted_in else ""
    retracted = f", retracted: {claim.retracted}" if claim.retracted else ""
    return f"{claim.modality.value}: {formula_in_words(claim)}{refuted}{retracted}"


def _change(old: Property, new: Property | None, compared: _Comparison | CannotSay) -> ClaimChange:
    if new is None:
        return ClaimChange(Change.REMOVED, old.sentence, _words(old), "")
    if old.modality is not new.modality:
        return ClaimChange(Change.INCOMPARABLE, old.sentence, _words(old), _words(new), "it is of another kind")
    change, why = _judged(list(_ordered(old, new, compared)))
    return ClaimChange(change, old.sentence, _words(old), _words(new), why)


def _judged(orders: Sequence[_Order]) -> tuple[Change, str]:
    """What the parts of a claim amount to."""
    changed = [one for one in orders if (one.old_to_new, one.new_to_old) != (True, True)]
    why = ", ".join(one.what for one in changed if one.what)
    if not changed:
        return Change.EQUIVALENT, ""
    if any(one.new_to_old is False for one in changed) and any(one.old_to_new is False for one in changed):
        return Change.INCOMPARABLE, why
    if any(None in (one.old_to_new, one.new_to_old) for one in changed):
        return Change.NOT_DECIDED, why
    return (Change.STRENGTHENED if all(one.new_to_old for one in changed) else Change.WEAKENED), why


def _ordered(old: Property, new: Property, compared: _Comparison | CannotSay) -> Iterator[_Order]:
    """The parts of two claims of one kind, each with which side is at least as strong."""
    if (
        new.modality is Modality.EACH_LEADS_TO
    ):  # that one holds of all instances where the other does says nothing of each
        compared = CannotSay("what is said of each instance by itself")
    yield _of_formulas("", old.formula, new.formula, compared)
    if old.premise is not None or new.premise is not None:
        everywhere: Formula = Const(True)
        wider = _of_formulas(
            "where it is claimed",
            everywhere if old.premise is None else old.premise,
            everywhere if new.premise is None else new.premise,
            compared,
        )
        yield _Order(wider.what, wider.new_to_old, wider.old_to_new)
    if old.duration is not None and new.duration is not None:
        yield _of_formulas("how soon", Compare("<=", SOON, old.duration), Compare("<=", SOON, new.duration), compared)
    fair, now = (_owed(one) for one in (old, new))
    yield _Order("which events are fair", fair <= now, now <= fair)
    before, after = ({*one.refuted_in, *(["retracted"] if one.retracted else [])} for one in (old, new))
    yield _Order("where it is said not to hold", before <= after, after <= before)


def _owed(claim: Property) -> set[tuple[str, str, bool]]:
    """What callers owe events; who owes compassion owes justice."""
    return {(label(one.event), one.key, strong) for one in claim.fair for strong in {False, one.strong}}


def _of_formulas(what: str, old: Any, new: Any, compared: _Comparison | CannotSay) -> _Order:
    try:
        if isinstance(compared, CannotSay):
            raise compared
        return _Order(what, *compared.implications(old, new))
    except (CannotSay, Unencodable) as refused:
        if structure(old, label) == structure(new, label):  # by the names of things, which both declarations share
            return _Order(what, True, True)
        said = f"nothing compares {refused.what if isinstance(refused, Unencodable) else refused}"
        return _Order(f"{what}: {said}" if what else said, None, None)


def _assumed(old: System, new: System, compared: _Comparison | CannotSay) -> Iterator[ClaimChange]:
    """What is assumed of the parameters: where that is more, every claim says less."""
    shared = {param.name for param in old.parameters} & {param.name for param in new.parameters}
    said = [_assumption(one, shared) for one in (old, new)]
    order = _of_formulas("", said[0], said[1], compared)
    change, why = _judged([_Order(order.what, order.new_to_old, order.old_to_new)])
    if change is not Change.EQUIVALENT:
        before, after = (
            ", ".join(str(one.that) for one in system.all_assumptions) or "nothing" for system in (old, new)
        )
        yield ClaimChange(
            change, ASSUMED, before, after, why or "of every claim, since parameters are assumed to be others"
        )


ASSUMED = "what is assumed of the parameters"


def _assumption(system: System, shared: Collection[str]) -> Formula:
    """The assumptions, and the ranges of the parameters that both declarations have."""
    everything: Formula = Const(True)
    for one in system.all_assumptions:
        everything = junction("and", everything, one.that)
    for param in system.parameters:
        if param.name in shared and isinstance(param.domain, Integers):
            ends = (("<=", param.domain.high), (">=", param.domain.low))
            for op, end in ends:
                if end is not None:
                    everything = junction("and", everything, Compare(op, param, Const(end)))
    return everything


class _Comparison:
    """Two declarations whose formulas are compared.

    Raises:
        CannotSay: they have no vocabulary in common.
    """

    def __init__(self, old: System, new: System) -> None:
        self.vocabulary = Vocabulary(old, new)
        self.counting = Counting(self.vocabulary.system, live=_every_cell(self.vocabulary.system))
        self.asker = Asker(self.counting.typing)

    def implications(self, old: Any, new: Any) -> tuple[bool | None, bool | None]:
        """Whether the older formula implies the newer, and the newer the older."""
        said = [self.vocabulary.formula(one) for one in (old, new)]
        if structure(said[0]) == structure(said[1]):
            return True, True
        first, second = (self.counting.state(one) for one in said)
        return self._implies(first, second), self._implies(second, first)

    def _implies(self, one: Any, other: Any) -> bool | None:
        match self.asker.ask(conj((one, negated(other)))):
            case No():
                return True
            case Yes():
                return False
            case _:
                return None


MOST = 10_000
"""So many different instances of a part are told apart."""


def _every_cell(system: System) -> dict[int, tuple[Cell, ...]]:
    """Everything that an instance of each part can be: nothing moves here, so that no transition tells."""
    found: dict[int, tuple[Cell, ...]] = {}
    for place, part in enumerate(system.parts):
        if isinstance(part, Each):
            cells = Cells(part.machine, {})
            domains = [variable.domain for variable in cells.variables if not isinstance(variable.domain, Opaque)]
            if prod(map(_size, domains)) * len(part.machine.states) > MOST:
                raise CannotSay("instances with so many values")
            values = [domain.values() for domain in domains]
            states = [state for state in part.machine.states if state is not part.machine.initial]
            found[place] = tuple(cells.cell(state, chosen, ()) for state, chosen in product(states, product(*values)))
    return found


def _size(domain: Booleans | Enumeration | Integers) -> int:
    """How many values there are; `Cells` has refused what has no end."""
    if isinstance(domain, Integers) and domain.low is not None and domain.high is not None:
        return domain.high - domain.low + 1
    return len(domain.values())
