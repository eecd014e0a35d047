"""Whether every value stays in its range, of lines whose machine had to say so in their guards: else something that was meant to happen does not.

Proved where what always holds excludes it, with clocks where there are any; refuted by a run to a snapshot in which an event that is meant
to be taken is not, or to a timer that lapses. What it can never say: that some other run does not come there, where it found none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product
from typing import Any

from fsm.language.domains import Domain, Integers, Opaque
from fsm.language.expressions import Const, Formula
from fsm.language.leaves import FieldRef
from fsm.language.parts import One
from fsm.language.properties import Property
from fsm.language.rewriting import substitute
from fsm.language.snapshot import Instance
from fsm.language.traversal import walk
from fsm.runtime.compiled_transitions import timers_of
from fsm.runtime.engine import Engine
from fsm.semantics.evaluation import fold
from fsm.semantics.satisfaction import read_state
from fsm.traces.replay import replay
from fsm.traces.trace import Trace
from fsm.verification.decide.prover import Prover, steps_of
from fsm.verification.definition import CLAIMS, RANGES
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.translation import value_in, value_of
from fsm.verification.engines.clocks.timed_induction import TimedProof, Timing
from fsm.verification.engines.in_range import Leaving, leavings
from fsm.verification.engines.induction import Induction
from fsm.verification.evidence import How
from fsm.verification.facts import FactId
from fsm.verification.search.goal import Goal
from fsm.verification.solver import GaveUp, No, Yes
from fsm.verification.verdict import Proved, Refuted, Unknown, Verdict

__all__ = ["in_range", "with_fields"]

MOST_PAYLOADS = 8
"""With how many payloads an event is looked for that would leave a range: that of a model, and those of the ends of the fields."""


def in_range(prover: Prover, induction: Induction) -> Verdict:
    """The verdict on the check."""
    claim = CLAIMS[RANGES]
    (part,) = prover.system.parts
    assert isinstance(part, One)
    asked = leavings(induction.counting, part)
    used: set[FactId] = set()
    clock: dict[FactId, None] = {}
    open_: list[str] = []
    for fact, one in asked.items():
        answer = induction.asker.ask(one.pair.both, [*induction.assumptions, *induction.invariants])
        if isinstance(answer, No):
            used |= answer.used
        elif (timed := _with_clocks(prover, one)) is not None:
            used |= timed.used
            clock |= dict.fromkeys(timed.lemmas)
        elif (refuted := _refuted(prover, claim, fact, one, answer)) is not None:
            return refuted
        else:
            open_.append(f"{one.pair.words}{_why(answer)}")
    if open_:
        return Unknown(
            claim,
            f"what is written may have no room: {'; '.join(open_)}",
            "Claim by always(...) what sees to it, or say it in the guard.",
        )
    lemmas = induction.with_lemmas(used)
    how = "induction with the clock" if clock else "induction"
    evidence = prover.evidence(How.IMPLIED, lemmas, clock=tuple(clock))
    lines = "one line" if len(asked) == 1 else f"{len(asked)} lines"
    return Proved(claim, f"{how}, of {lines} that intervals leave open", prover.covers, evidence=evidence)


def _why(answer: Yes | GaveUp) -> str:
    return f": {answer.reason}" if isinstance(answer, GaveUp) else ", in a state that may be unreachable"


def _with_clocks(prover: Prover, one: Leaving) -> TimedProof | None:
    """By what is known of clocks, where a machine has timers."""
    (part,) = prover.system.parts
    if not part.machine.timed_events or not isinstance(prover.timing, Timing):
        return None
    shown = prover.timing.exclude(one.pair.both, "some state")
    return shown if isinstance(shown, TimedProof) else None


def _refuted(prover: Prover, claim: Property, fact: FactId, one: Leaving, answer: Yes | GaveUp) -> Refuted | None:
    """By a run to where the line is meant to be taken, with some payload."""
    said = list(_payloads(one.sought, answer, prover))
    traces = prover.find({f"{fact} {number}": Goal(formula) for number, formula in enumerate(said)})
    for number in range(len(said)):
        trace = traces.get(f"{fact} {number}")
        if trace is not None and one.line.duration is not None:
            trace = _lapsed(prover.engine(dict(trace.profile)), trace, one)
        if trace is not None:
            return Refuted(claim, f"after {steps_of(trace)} the values of {one.pair.words} have no room", trace)
    return None


def _lapsed(engine: Engine, trace: Trace, leaving: Leaving) -> Trace | None:
    """The run up to where the timer is the next, is meant to be taken and lapses; None where it is not so."""
    (machine,) = (part.machine for part in engine.system.parts)
    bit = 1 << machine.timers(leaving.state).index(leaving.line)
    timers = timers_of(machine, engine.params)[leaving.state.name]
    due = _only(trace).since + next(timer.offset for timer in timers if timer.bit == bit)
    before = [(event, at) for event, at in trace.events if at < due]
    for events in (before, [*before, (None, due - 1)]):  # at once, or past the timers before it
        run = replay(engine, events)
        stays = (_only(run).state, _only(run).since) == (_only(trace).state, _only(trace).since)
        following = next((timer.bit for timer in timers if not _only(run).spent & timer.bit), 0)
        if stays and following == bit and fold(leaving.pair.said, read_state(engine, run.last, due, {}, None)):
            return run
    return None


def _only(trace: Trace) -> Instance:
    """The instance of a machine alone where a run ends."""
    (one,) = trace.last.parts
    assert isinstance(one, Instance)
    return one


def _payloads(formula: Formula, answer: Yes | GaveUp, prover: Prover) -> Iterator[Formula]:
    """The formula for the payload of a model, and for those at the ends of whole numbers, where it reads fields."""
    induction = prover.induction
    assert isinstance(induction, Induction)
    if isinstance(answer, Yes):
        yield with_fields(formula, answer.model, induction.counting.places)
    fields = {node.name: node for node in walk(formula) if isinstance(node, FieldRef)}  # of one event
    ends = [_ends(one.domain) for one in fields.values()]
    for values in islice(product(*ends), MOST_PAYLOADS) if fields else ():
        given = dict(zip(fields, values, strict=True))
        yield _instead(formula, lambda node, given=given: given[node.name])  # type: ignore[misc]  # each has its own


def _ends(domain: Domain) -> list[Any]:
    if isinstance(domain, Integers):
        return list(dict.fromkeys(end for end in (domain.low, domain.high) if end is not None)) or [0]
    return [] if isinstance(domain, Opaque) else list(domain.values())


def with_fields(formula: Formula, model: Any, places: Places) -> Formula:
    """The formula for the payload of a model."""
    return _instead(formula, lambda node: value_of(node.domain, value_in(model, places.field(node.event, node))))


def _instead(formula: Formula, given: Callable[[FieldRef[Any]], Any]) -> Formula:
    return substitute(formula, lambda node: Const(given(node)) if isinstance(node, FieldRef) else None)
