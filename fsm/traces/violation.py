"""A property that a run breaks: after which step, which part of its formula is false, and what it saw.

    broken = breach(engine, claim, trace)      # None where the run keeps the claim
    print(broken)

Proofs, derived tests and saved tests all show what they found as such a breach, so that it reads
the same wherever it comes from. What it can never say is that a claim holds of other runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from textwrap import wrap
from typing import Any

import attrs

from fsm.errors import BadInput, BadRun, WiresOverlap
from fsm.language.composition import localized
from fsm.language.expressions import Const, Formula
from fsm.language.machine import Machine
from fsm.language.parameters import Profile
from fsm.language.parts import One, Part
from fsm.language.printing import duration_in_words
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Snapshot, initial_instance
from fsm.language.system import System
from fsm.runtime.engine import Engine, prepare
from fsm.runtime.refusal import EventRefused
from fsm.semantics.evaluation import fold
from fsm.semantics.satisfaction import Tally, read_state, read_step, seen_step, tallied
from fsm.semantics.simplification import with_values
from fsm.semantics.situation import Read
from fsm.semantics.stopwatch import Watch
from fsm.traces.blame import Blame, Own, Scene, blame
from fsm.traces.causes import let_by
from fsm.traces.printing import WIDTH
from fsm.traces.replay import replay
from fsm.traces.trace import Trace

__all__ = ["Breach", "assert_holds", "breach", "claimed", "saved_run"]


@attrs.frozen(eq=False)
class Breach:
    """Where and why a run breaks a property.

    Attributes:
        claim: the property.
        trace: the run, up to where it is broken.
        wanted: the formula in words, with the values of the profile.
        blame: what of it is false, and the values it saw.
        let_by: what let the last step happen: the transitions taken with their guards, the wire's condition, the rules.
    """

    claim: Property
    trace: Trace
    wanted: str
    blame: Blame
    let_by: tuple[str, ...]

    def lines(self) -> list[str]:
        """Why it is broken, in words: what stands below the run in a report."""
        parts = " and ".join(self.blame.parts)
        rows = [("wanted", self.wanted)] if self.wanted != parts else []
        rows += [("false", parts)]
        rows += [("seen", ", ".join(f"{name} = {value}" for name, value in self.blame.seen))] if self.blame.seen else []
        rows += [("let by", one) for one in self.let_by]
        return [line for name, text in rows for line in wrap(f"{name:<6}  {text}", WIDTH, subsequent_indent=" " * 8)]

    def plain(self) -> dict[str, Any]:
        """The same as plain values, for JSON; the run stands beside it."""
        return {
            "wanted": self.wanted,
            "false": list(self.blame.parts),
            "seen": dict(self.blame.seen),
            "let_by": list(self.let_by),
        }

    def __str__(self) -> str:
        cited = f" ({', '.join(self.claim.cites)})" if self.claim.cites else ""
        many = len(self.trace.steps)
        after = "at the start" if not many else f"after {many} step{'s' * (many > 1)}"
        head = [f"{self.claim.modality.value}: {self.claim.sentence}{cited}", f"does not hold {after}"]
        return "\n".join([*head, str(self.trace), *self.lines()])


def breach(engine: Engine, claim: Property, trace: Trace) -> Breach | None:
    """How a run breaks an `always`, `each_step` or `within`; None where it does not, and for what speaks of all runs.

    Args:
        engine: under which the trace was made.
        claim: of the system, or of the machine of one of its parts.
    """
    match claim.modality:
        case Modality.ALWAYS:
            return _in_a_snapshot(engine, claim, trace)
        case Modality.EACH_STEP:
            return _in_a_step(engine, claim, trace)
        case Modality.WITHIN:
            return _too_late(engine, claim, trace)
        case _:
            return None


def assert_holds(
    target: Machine | System, sentence: str, events: Sequence[tuple[object | None, int]], profile: Profile | None = None
) -> None:
    """That a run keeps a claim: what a saved counterexample asserts (`fsm verify --save-test`).

    A run that cannot happen any more, since an event of it is refused or the profile is ruled out, keeps it.

    Args:
        target: the machine or system.
        sentence: of the claim, as the declaration says it.
        events: each with its instant (milliseconds); None lets time alone pass.
        profile: values of parameters by name; those not named have their defaults.

    Raises:
        AssertionError: the run breaks the claim; with the run and what is false.
        BadInput: there is no such claim any more, or the profile, an event or an instant is none of this target.
    """
    __tracebackhide__ = True  # pytest shows the test and the message
    run = saved_run(target, events, profile)
    if run is None:
        return
    engine, trace = run
    found = breach(engine, claimed(engine, sentence), trace)
    if found is not None:
        raise AssertionError(str(found))


def saved_run(
    target: Machine | System, events: Sequence[tuple[object | None, int]], profile: Profile | None
) -> tuple[Engine, Trace] | None:
    """The run of a saved counterexample, taken again; None where it cannot happen any more.

    Raises:
        BadInput: the profile, an event or an instant is none of this target.
    """
    try:
        engine = prepare(target, profile)
        return engine, replay(engine, events)
    except BadInput as bad:
        if bad.where == "profile":  # an assumption rules it out
            return None
        raise
    except (EventRefused, WiresOverlap):
        return None


def claimed(engine: Engine, sentence: str) -> Property:
    """The property of this sentence.

    Raises:
        BadInput: there is none.
    """
    for claim in engine.system.properties:
        if claim.sentence == sentence:
            return claim
    raise BadRun(
        "sentence",
        f"{engine.system.name} has no property {sentence!r}",
        "Where the declaration says it in other words now, say these; else drop the test.",
    )


def _found(
    engine: Engine, claim: Property, trace: Trace, count: int, formula: Formula, scene: Scene, of: Own = None
) -> Breach:
    wanted = _under(engine, formula)
    last = trace.steps[count - 1] if count else None
    cut = attrs.evolve(trace, steps=trace.steps[:count])
    return Breach(claim, cut, str(wanted), blame(wanted, scene, of), () if last is None else let_by(engine, last))


def _under(engine: Engine, formula: Formula) -> Formula:
    """The formula with the profile's values; as declared where these alone decide it."""
    under = with_values(formula, engine.params)
    return formula if isinstance(under, Const) else under


def _in_a_snapshot(engine: Engine, claim: Property, trace: Trace) -> Breach | None:
    for count, snapshot, tally in _snapshots(trace):
        scene = _still(engine, snapshot, tally)
        if not fold(claim.formula, scene.read(None)):
            return _found(engine, claim, trace, count, claim.formula, scene)
    return None


def _in_a_step(engine: Engine, claim: Property, trace: Trace) -> Breach | None:
    tally: Tally = {}
    for count, step in enumerate(trace.steps, 1):
        if step.event is not None:
            seen = seen_step(engine, step, tally)
            scene = Scene(engine, partial(read_step, engine, seen), seen.before, seen.after, seen.kind, seen.at)
            if not fold(claim.formula, scene.read(None)):
                return _found(engine, claim, trace, count, claim.formula, scene)
            tally = seen.emitted_after
    return None


def _too_late(engine: Engine, claim: Property, trace: Trace) -> Breach | None:
    """The first that is late, of all parts whose machine says the claim."""
    saying = [part for part in engine.system.parts if claim in part.machine.properties]
    parts: list[Part | None] = [None] if claim in engine.system.properties or not saying else [*saying]
    found = [broken for part in parts if (broken := _late_in(engine, claim, part, trace)) is not None]
    return min(found, key=lambda broken: len(broken.trace.steps), default=None)


def _late_in(engine: Engine, claim: Property, part: Part | None, trace: Trace) -> Breach | None:
    """The goal has not come when more time has passed than may, since the premise held (`fsm.semantics.stopwatch`)."""
    if isinstance(part, One):
        claim, part = localized(claim, part), None
    watch = Watch(engine, claim, part)
    waiting = _still(engine, trace.start, {})
    for count, snapshot, tally in _snapshots(trace):
        if watch.look(snapshot, tally) and watch.late is not None:
            key, since = watch.late
            found = _found(engine, claim, trace, count, claim.formula, waiting, None if part is None else (part, key))
            return _waited(engine, watch, found, snapshot.now - since)
        waiting = _still(engine, snapshot, tally)
    return None


def _waited(engine: Engine, watch: Watch, found: Breach, waited: int) -> Breach:
    """What is false, said of a bounded response: from where on which goal was waited for, and how long."""
    assert watch.claim.premise is not None
    most, start = duration_in_words(watch.duration), str(_under(engine, watch.claim.premise))
    seen = (*found.blame.seen, ("waited", duration_in_words(waited)))
    return attrs.evolve(
        found,
        wanted=f"at most {most} after {start}: {found.wanted}",
        blame=attrs.evolve(found.blame, seen=seen),
        let_by=(),
    )


def _snapshots(trace: Trace) -> Iterator[tuple[int, Snapshot, Tally]]:
    """Every snapshot with the number of steps before it and the effects emitted until then."""
    tally: Tally = {}
    yield 0, trace.start, tally
    for count, step in enumerate(trace.steps, 1):
        tally = tallied(tally, step.effects)
        yield count, step.after, tally


def _still(engine: Engine, snapshot: Snapshot, tally: Tally) -> Scene:
    def read(own: Own) -> Read:
        if own is None:
            return read_state(engine, snapshot, snapshot.now, tally, None)
        part, key = own
        instance = snapshot[part.name].get(key) or initial_instance(part.machine, snapshot.now)
        return read_state(engine, snapshot, snapshot.now, tally, (part, key, instance))

    return Scene(engine, read, snapshot, snapshot, None, snapshot.now)
