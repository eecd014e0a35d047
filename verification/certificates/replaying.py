"""What a solver is not asked about: runs, taken again by the runtime, and enumerations, gone through again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsm.errors import BadInput, BadSnapshot, WiresOverlap
from fsm.language.domains import type_of
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.runtime.profile import complete
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.storage.codec import read
from fsm.storage.traces import trace_in
from fsm.strict_json import below
from fsm.traces.trace import Trace
from fsm.verification.certificates.reading import BadCertificate
from fsm.verification.search.breadth_first import search
from fsm.verification.search.fair_cycles import find_cycle
from fsm.verification.search.goal import Goal, breach_of, is_exact
from fsm.verification.search.traps import find_trap
from fsm.verification.search.witness import meets

__all__ = ["counted_again", "replayed", "shows"]


def replayed(system: System, fixed: Mapping[str, Any], tree: Any, name: str) -> Trace:
    """The run that a document is, from the start, under values that the version allows.

    Raises:
        BadCertificate: it is none, or it cannot happen.
    """
    try:
        given = tree["profile"] if isinstance(tree, dict) and isinstance(tree.get("profile"), dict) else {}
        profile = {
            param.name: read(given[param.name], type_of(param.domain), below("profile", param.name))
            for param in system.parameters
            if param.name in given
        }
        engine = prepare(system, complete(system, profile))
        trace = trace_in(engine, tree)
        other = [one for one, value in fixed.items() if engine.params[one] != value]
    except (BadInput, BadSnapshot, EventRefused, TimeStopped, WiresOverlap) as wrong:
        raise BadCertificate(name, f"is no run: {wrong}") from wrong
    if other:
        raise BadCertificate(name, f"is a run of another version: {other[0]} is {engine.params[other[0]]!r}")
    if trace.start != engine.start(0):
        raise BadCertificate(name, "does not begin at the start")
    return trace


def shows(system: System, trace: Trace, goal: Goal) -> bool:
    """Whether some snapshot or step of a run is what the goal looks for."""
    return meets(prepare(system, dict(trace.profile)), trace, goal)


def counted_again(system: System, claim: Property, fixed: Mapping[str, Any]) -> int | str:
    """How many snapshots there are, where all of them satisfy the claim; else what is wrong, in words."""
    read_ = [one for one in (claim.formula, claim.premise) if one is not None]
    if not is_exact(system, *read_, fixed=fixed):
        return "it is not finite"
    engine = prepare(system, dict(fixed))
    if claim.modality is Modality.RECOVERABLE:
        trap = find_trap(engine, claim.formula, claim.premise)
        return (
            "there are too many snapshots"
            if trap is None
            else "the goal cannot be reached from everywhere"
            if trap.trace is not None
            else trap.snapshots
        )
    if claim.modality is Modality.LEADS_TO:
        return _comes(engine, claim)
    found = search(engine, {"": breach_of(claim, engine.params)})
    return "a run breaks it" if found.traces else found.snapshots if found.complete else "there are too many snapshots"


def _comes(engine: Engine, claim: Property) -> int | str:
    """How many snapshots there are, where no fair run keeps away from the goal; else what is wrong, in words."""
    assert claim.premise is not None, "leads_to(...) has a premise"
    found = find_cycle(engine, claim.premise, claim.formula, claim.fair)
    return (
        "a fair run keeps away from the goal"
        if found.trace is not None
        else found.snapshots
        if found.complete
        else "there are too many snapshots"
    )
