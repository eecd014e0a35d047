"""A declaration that watches streams: the face of this room.

monitor = Monitor(DESK, sources=[Source("log", shows={Accept: Shows.ALWAYS})], parameters={"max_chats": 3})
report = monitor.check(observations)

watch = monitor.watch()
for observation in stream:
    for judgement in watch.feed(observation): ...
watch.end()

text = watch.state()          # stored; and later, in another process
watch = monitor.resume(text)
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs

from fsm.errors import BadObservation
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.strict_json import LIMITS, Limits
from fsm.verification.monitoring.arrival import Buffer, Group, Late, arrive, held_for, release
from fsm.verification.monitoring.declared.boxes import left_in_words
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.watchable import WATCHED, why_not
from fsm.verification.monitoring.explaining.claims import Claims
from fsm.verification.monitoring.judging import Setting, judge
from fsm.verification.monitoring.lane.lane import Lane
from fsm.verification.monitoring.observations import Observation, Source
from fsm.verification.monitoring.ordering import judged_in_any_order
from fsm.verification.monitoring.preparing import SourceTrail
from fsm.verification.monitoring.report import TOLD, Report
from fsm.verification.monitoring.stored.state import Store, StoredWatch
from fsm.verification.monitoring.verdicts import Inconclusive, Judgement, Where
from fsm.verification.monitoring.watched import Watched

__all__ = ["Monitor", "Watch"]


class Monitor:
    """A declaration made ready to watch any number of machines. Holds no state of theirs.

    Args:
        target: what was declared.
        sources: where records come from; one that is called log and promises nothing, unless given.
        parameters: values that are known; all others are quantified over, as far as the profile leaves them open.
        profile: the version of the business; the first of the declaration, unless given.
        late: a machine may have run before its first record, so that nothing is known of it then.
        begins: the instant at which every machine starts, milliseconds; None for when its first record was written, or before.
        shown: variables that sources show, by the name of their part; those of conditions and claims are known anyway.
        dates: parts of which sources show since when they are in their state.
        explanations: how many are kept of each machine.
        memory: how many observations are kept of each machine, to look again; and half as many older ones, by which a violation is told truly.
        budget: how many steps are tried at most to explain one observation.
        ids: how many ids of records are remembered of each machine and source, by which one that comes twice is known.
        waiting: how many records of each machine wait for older ones at most.
        told: how many judgements a report keeps one by one.

    Raises:
        BadObservation: something of this does not fit the declaration.
    """

    def __init__(
        self,
        target: Machine | System,
        *,
        sources: Iterable[Source] = (Source(),),
        parameters: Mapping[str, Any] | None = None,
        profile: str | None = None,
        late: bool = False,
        begins: int | None = None,
        shown: Mapping[str, Collection[str]] | None = None,
        dates: Collection[str] = (),
        explanations: int = 64,
        memory: int = 32,
        budget: int = 4_000,
        ids: int = 512,
        waiting: int = 10_000,
        told: int = TOLD,
    ) -> None:
        given = tuple(sources)
        if not given or len({one.name for one in given}) != len(given):
            raise BadObservation(
                "sources", "have no names of their own", "Give at least one source, each with its own name."
            )
        for name, value, least in (
            ("explanations", explanations, 1),
            ("memory", memory, 2),
            ("budget", budget, 1),
            ("ids", ids, 1),
            ("waiting", waiting, 1),
            ("told", told, 0),
        ):
            if type(value) is not int or value < least:
                raise BadObservation(name, f"{value!r} is no number of {least} or more")
        if late and begins is not None:
            raise BadObservation(
                "begins", "says when machines start that may have run before", "Leave out one of late and begins."
            )
        self.declaration = Declaration(
            target, given=parameters or {}, profile=profile, sources=given, shown=shown or {}, dated=dates
        )
        claims = Claims(self.declaration, alone=isinstance(target, Machine))
        self.setting = Setting(
            self.declaration,
            claims,
            late,
            begins,
            explanations,
            memory,
            budget,
            Buffer(ids, waiting, held_for(self.declaration.sources)),
            Lane(self.declaration, claims),
        )
        self.told = told
        self._declared = as_system(target)
        self.sources = self.declaration.sources
        said = (
            f"{claim.sentence}: {why}" for claim in _claims(target) if (why := why_not(claim, self.declaration.profile))
        )
        self.unwatched = tuple(dict.fromkeys(said))

    def watch(self) -> Watch:
        """A watch over machines of which nothing was seen yet."""
        return Watch(self)

    def resume(self, state: str | bytes, limits: Limits = LIMITS) -> Watch:
        """A watch that goes on where another one stopped: what comes next is judged as if it had never stopped.

        Args:
            state: what `Watch.state` gave, of a monitor with the same declaration, sources, parameters and options. It is distrusted.
            limits: how much of a stranger's text is read; `instances` also bounds the machines.

        Raises:
            BadInput: it is neither str nor bytes.
            BadSnapshot: everything else; `where` is the path of the bad value.
        """
        watch = Watch(self)
        stored = self.store.read(state, watch.counts, limits)
        watch.machines, watch.lost = stored.machines, stored.lost
        return watch

    @cached_property
    def store(self) -> Store:
        """How what is known is written and read."""
        return Store(self._declared, self.setting)

    def check(self, observations: Iterable[Observation]) -> Report:
        """All of a stream that ends.

        Raises:
            BadObservation: an observation that does not fit the declaration.
        """
        watch = self.watch()
        for one in observations:
            watch.feed(one)
        watch.end()
        return watch.report()


def _claims(target: Machine | System) -> Iterator[Property]:
    """Those of a machine or system that some run could break, those of its machines among them."""
    machines = () if isinstance(target, Machine) else dict.fromkeys(part.machine for part in target.parts)
    for claim in (*target.properties, *(claim for machine in machines for claim in machine.properties)):
        if claim.modality in WATCHED:
            yield claim


class Watch:
    """What is known of the machines of a stream, by key. Changes with every observation."""

    def __init__(self, monitor: Monitor) -> None:
        self.monitor = monitor
        self.machines: dict[Hashable, Watched] = {}
        self.counts = Report(monitor.declaration.system.name, unwatched=monitor.unwatched, keep=monitor.told)
        self.lost: dict[str, int] = {}

    def feed(self, observation: Observation) -> list[Judgement]:
        """One more record; what can be said by now, of this one or of some that waited.

        Raises:
            BadObservation: it does not fit the declaration.
        """
        sources = self.monitor.sources
        if observation.source not in sources:
            raise BadObservation(
                "source", f"{observation.source!r} is none of the monitor's", f"It knows {', '.join(sources)}."
            )
        machine = self.machines.get(observation.key)
        if machine is None:
            machine = self.machines[observation.key] = Watched()
        if machine.lost != self.lost:
            observation = attrs.evolve(observation, lost=True)
            if observation.source in self.lost:
                machine.lost[observation.source] = self.lost[observation.source]
        before = machine.lane.count
        late = arrive(machine.lane, sources, observation, self.monitor.setting.buffer)
        if late is not None:
            return [self._too_late(machine, late)]
        if machine.lane.count == before:
            self.counts.doubled += 1
            return []
        return self._read(machine, ended=False)

    def unreadable(self, source: str, position: str, why: str) -> Judgement:
        """A record of which nobody knows of which machine it speaks: any of them may have lost one."""
        if source not in self.monitor.sources:
            raise BadObservation(
                "source", f"{source!r} is none of the monitor's", f"It knows {', '.join(self.monitor.sources)}."
            )
        self.lost[source] = self.lost.get(source, 0) + 1
        said = Inconclusive(Where(source, None, None, position), "a record", why)
        self.counts.unreadable(said)
        return said

    def end(self) -> list[Judgement]:
        """The stream has ended, or pauses: what waited for older records is read."""
        return [said for machine in self.machines.values() for said in self._read(machine, ended=True)]

    def state(self, limits: Limits = LIMITS) -> str:
        """All that is known, as JSON, for `Monitor.resume`; equal for watches that know the same.

        Raises:
            BadSnapshot: a key or a value that has no form in JSON, or more than the limits allow.
        """
        return self.monitor.store.write(StoredWatch(self.machines, self.lost, self.counts), limits)

    def report(self) -> Report:
        """What was said so far, with the values of parameters that are left."""
        declaration = self.monitor.declaration
        for key, machine in self.machines.items():
            boxes = machine.trail.boxes
            if boxes:
                left = left_in_words(declaration.system, boxes, declaration.first_box)
                if left:
                    self.counts.left[key] = left
        return self.counts

    def _read(self, machine: Watched, *, ended: bool) -> list[Judgement]:
        monitor = self.monitor
        groups = release(machine.lane, monitor.sources, monitor.setting.buffer, ended=ended)
        said = (
            self._judged(machine, groups[0])
            if len(groups) == 1
            else [one for group in groups for one in self._judged(machine, group)]
        )
        for one in said:
            self.counts.add(one)
        return said

    def _judged(self, machine: Watched, group: Group) -> list[Judgement]:
        setting = self.monitor.setting
        if len(group.records) > 1 or group.cut:
            return judged_in_any_order(setting, machine.trail, group)
        (one,) = group.records
        said = judge(setting, machine.trail, one.observation, repeated=one.repeated)
        return [] if said is None else [said]

    def _too_late(self, machine: Watched, late: Late) -> Judgement:
        self.counts.late += 1
        one = late.observation
        machine.trail.sources.setdefault(one.source, SourceTrail()).lost = True
        machine.trail.doubt("a record came too late to be put in its place")
        why = f"it came after records that are {late.by} ms younger, more than the source admits"
        said = Inconclusive(Where(one.source, one.key, one.at, one.position), "a record", why)
        self.counts.add(said)
        return said
