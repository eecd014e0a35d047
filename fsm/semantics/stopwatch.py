"""`within`, watched on a run: until when the goal may come, and whether it came in time.

What `within(sentence, duration, premise, goal)` means is bounded response in metric temporal logic, G(premise -> F<=duration goal)
(Koymans 1990), over the positions of a run: its snapshots in order, each with its instant, those between two timers of one instant
among them. For each position at which the premise holds, the goal holds there, or at a later position whose instant is at most
`duration` later. A level and not an edge: a premise that goes on holding after the goal has gone asks for it again. It is broken only
once time has passed beyond that instant; the end of a run breaks nothing.

Premise and goal do not read the time in state, so nothing of them changes while time alone passes, and of the positions that wait for
one goal the first has the earliest deadline: one deadline says it all.

Searches, reports, derived tests and mutants watch runs with this; the proofs say the same in symbols
(`fsm.verification.engines.clocks.timed_induction`). You may not write that rule a second time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import attrs

from fsm.language.parts import Each, Part
from fsm.language.properties import Modality, Property
from fsm.language.snapshot import Instance, Snapshot, initial_instance
from fsm.semantics.evaluation import fold, interpret
from fsm.semantics.satisfaction import Tally, counts_effects, read_state
from fsm.semantics.situation import Configured, Read

__all__ = ["Stopwatch", "Watch", "bounded_responses"]


@attrs.frozen
class Stopwatch:
    """What a bounded response waits for at a position of a run.

    Attributes:
        duration: how long the goal may take, milliseconds.
        deadline: the last instant, milliseconds, at which the goal may still come; None where nothing is waited for.
        late: time has passed beyond the deadline, and the goal did not come.
    """

    duration: int
    deadline: int | None = None
    late: bool = False

    def at(self, instant: int, *, premise: bool, goal: bool) -> Stopwatch:
        """The stopwatch at the next position: its instant, and whether premise and goal hold there."""
        if self.deadline is not None and instant > self.deadline:
            return self if self.late else attrs.evolve(self, late=True)
        if goal:
            return self if self.deadline is None else Stopwatch(self.duration)
        if premise and self.deadline is None:
            return Stopwatch(self.duration, instant + self.duration)
        return self


class Watch:
    """One bounded response on one run of a system, from its start: a stopwatch, or one for each instance of a part.

    Attributes:
        duration: how long the goal may take under the profile, milliseconds.
        stopwatches: by the key of the instance; None for a claim of the system, or of the machine of a `one` part.

    Args:
        claim: a `within` of the system, or of the machine of one of its parts.
        part: the part whose machine says it; None for a claim of the system.
    """

    def __init__(self, engine: Configured, claim: Property, part: Part | None = None) -> None:
        assert claim.premise is not None, "a bounded response has its premise"
        assert claim.duration is not None, "and its duration"
        self.engine, self.claim, self.part = engine, claim, part
        self._premise, self._goal = claim.premise, claim.formula
        self.duration: int = interpret(claim.duration, params=engine.params)
        self.stopwatches: dict[Hashable, Stopwatch] = {}

    def look(self, snapshot: Snapshot, tally: Tally) -> bool:
        """Look at the next position of the run; whether it is too late there for some instance.

        Args:
            tally: the effects emitted since the start.
        """
        stopped = Stopwatch(self.duration)
        for key, there, read in self._instances(snapshot, tally):
            premise, goal = bool(fold(self._premise, read)), bool(fold(self._goal, read))
            watch = self.stopwatches.get(key, stopped).at(snapshot.now, premise=premise, goal=goal)
            self.stopwatches[key] = watch
            if not there and watch.deadline is None:
                del self.stopwatches[key]  # forgotten: nothing of it changes until it comes to be again
        return self.late is not None

    @property
    def late(self) -> tuple[Hashable, int] | None:
        """The key of the first instance for which it is too late, and since when its goal was waited for (milliseconds)."""
        for key, watch in self.stopwatches.items():
            if watch.late and watch.deadline is not None:
                return key, watch.deadline - watch.duration
        return None

    def _instances(self, snapshot: Snapshot, tally: Tally) -> Iterator[tuple[Hashable, bool, Read]]:
        """Whom the claim speaks of: whether it is there, and what its leaves are worth; one that is forgotten is as at the start."""
        if self.part is None:
            yield None, True, read_state(self.engine, snapshot, snapshot.now, tally, None)
            return
        held = snapshot[self.part.name]
        instances: dict[Hashable, Instance] = dict(held) if isinstance(self.part, Each) else {None: held}
        absent = initial_instance(self.part.machine, snapshot.now)
        for key in dict.fromkeys([*instances, *self.stopwatches]):
            own = (self.part, key, instances.get(key, absent))
            yield key, key in instances, read_state(self.engine, snapshot, snapshot.now, tally, own)


def bounded_responses(claims: tuple[Property, ...], parts: tuple[Part, ...]) -> list[tuple[Property, Part | None]]:
    """The `within` properties among the claims of a system and those of the machines of these parts, each with its part.

    Not among those of parts is one that counts effects: those of all parts and instances are counted together.
    """
    own: list[tuple[Property, Part | None]] = [(claim, None) for claim in claims if claim.modality is Modality.WITHIN]
    return own + [
        (claim, part)
        for part in parts
        for claim in part.machine.properties
        if claim.modality is Modality.WITHIN and not _counts(claim)
    ]


def _counts(claim: Property) -> bool:
    return any(counts_effects(formula) for formula in (claim.premise, claim.formula) if formula is not None)
