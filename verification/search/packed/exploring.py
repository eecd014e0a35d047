"""Every snapshot of a system without clocks, packed; and a verdict on each of its properties."""

from __future__ import annotations

from collections.abc import Sequence

from fsm.language.composition import as_system
from fsm.language.expressions import Const
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.properties import OF_STEPS, Property
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.verification.search.packed.named import NamedSpace
from fsm.verification.search.packed.plans import Plans, Question
from fsm.verification.search.packed.shape import Shape
from fsm.verification.search.packed.tallies import Tallies
from fsm.verification.search.packed.traces import Space
from fsm.verification.search.packed.walk import Walk, why_not
from fsm.verification.search.results import BUDGET, Explored, Progress, kept_by_steps, of_snapshots

__all__ = ["explore", "question_of", "space_of"]


def quiet(snapshots: int, depth: int) -> None:
    """Tells nobody."""


def explore(
    target: Machine | System,
    profile: Profile | None = None,
    *,
    keys: int | None = None,
    named: bool = False,
    budget: int = BUDGET,
    progress: Progress = quiet,
) -> Explored:
    """Every snapshot of a system without clocks, under one profile, and a verdict on each of its properties.

    Args:
        profile: values of parameters by name; those not named have their defaults.
        keys: how many names of keys there are in the world; None for as many as are ever needed, with names: as many as are ever
            held at once, or named by one event.
        named: tell snapshots apart by names.
        budget: how many snapshots to meet at most; a walk that is ended by it proves nothing.
        progress: told how far the walk is.

    Raises:
        Unpackable: timers, time in state that is read, data without end; see `fsm.verification.search.packed`.
        BadInput: the profile is none of this system.
    """
    system = as_system(target)
    engine = prepare(system, profile)
    if named and keys is None:
        counted = Walk(engine, space_of(engine, Question()), (), budget, progress)
        if not counted.complete:
            return counted.explored(None, named=False)
        keys = max(counted.most_keys(), counted.space.shape.at_once)
    claims = tuple(claim for claim in system.properties if not why_not(claim))
    return Walk(engine, space_of(engine, question_of(claims), keys, named=named), claims, budget, progress).explored(
        keys, named=named
    )


def space_of(engine: Engine, question: Question, keys: int | None = None, *, named: bool = False) -> Space:
    """The packed snapshots of a compiled system, none of them met yet."""
    plans = Plans(Shape(engine.system, engine.params, keys), question)
    return NamedSpace(plans) if named else Tallies(plans)


def question_of(claims: Sequence[Property]) -> Question:
    """What the claims ask: of snapshots first their formulas, then where recoverability is wanted; of steps their formulas."""
    states = tuple(of_snapshots(claim) if claim.modality not in OF_STEPS else Const(True) for claim in claims)
    regions = tuple(Const(True) if claim.premise is None else claim.premise for claim in claims)
    return Question(
        (*states, *regions),
        tuple(kept_by_steps(claim) if claim.modality in OF_STEPS else Const(True) for claim in claims),
    )
