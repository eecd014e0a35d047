"""One machine of many under a monitor: what it may be now, and enough of what was seen to look again.

Where an explanation reads the next observation that is all. Else a search looks for what happened unseen: before this
observation, then before earlier ones, from where the memory begins; and where something was forgotten, from anything that
could have been there. Only where nothing is left, and nothing was left out, is it a violation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from fsm.verification.monitoring.arrival import Buffer
from fsm.verification.monitoring.beginning import anything, initial, resumed
from fsm.verification.monitoring.declared.boxes import Box
from fsm.verification.monitoring.declared.declaration import Declaration
from fsm.verification.monitoring.declared.intervals import up_to
from fsm.verification.monitoring.evidence import in_words, violation
from fsm.verification.monitoring.explaining.claims import Claims
from fsm.verification.monitoring.explaining.explanation import Explanation, merged
from fsm.verification.monitoring.explaining.helping import Wanted, wanted
from fsm.verification.monitoring.explaining.reading import Item, numbers_of, read
from fsm.verification.monitoring.explaining.run import Broken, Run
from fsm.verification.monitoring.explaining.search import search
from fsm.verification.monitoring.lane.exact import Exact
from fsm.verification.monitoring.lane.lane import Lane
from fsm.verification.monitoring.observations import Observation
from fsm.verification.monitoring.preparing import SourceTrail, Unfitting, Unusable, items_of
from fsm.verification.monitoring.relaxed.reach import impossible, impossible_from_anything
from fsm.verification.monitoring.verdicts import Because, Conforms, Inconclusive, Judgement, Kind, Violates, Where

__all__ = ["Setting", "Trail", "judge"]


FEW = 2
"""So many records are looked at by themselves before all that are kept."""


@attrs.frozen(eq=False)
class Setting:
    """What all machines under one monitor have in common.

    Attributes:
        late: a machine may have run before its first record; else it was then as it starts.
        begins: the instant at which every machine starts, milliseconds; None where that is not known.
        explanations: how many are kept at most.
        memory: how many observations are kept at most, to look again.
        budget: how many steps of the runtime are tried at most for one observation.
        buffer: how much is kept of what arrives.
        lane: where streams in which nothing is hidden are judged at once; None for never.
    """

    declaration: Declaration
    claims: Claims
    late: bool
    begins: int | None
    explanations: int
    memory: int
    budget: int
    buffer: Buffer
    lane: Lane | None


@attrs.define(eq=False)
class Trail:
    """What is known of one machine.

    Attributes:
        beliefs: what it may be; None before anything was seen.
        base: what it may have been before the first of the items.
        items: what was seen since, where another run might show it as well.
        forgot: something was seen before the base that another run might show as well.
        older: the last of it, just before the base: what nothing can show with it is impossible, whatever was forgotten.
        overlooked: why not every explanation was looked at.
        suspended: claims that were told broken and do not hold again yet.
        sources: by name.
        gaps: records were lost since the base.
        exact: the only belief, where it is wholly known; it is written down among the beliefs where somebody asks.
    """

    _beliefs: list[Explanation] | None = None
    _base: list[Explanation] | None = attrs.field(factory=list)
    items: list[Item] = attrs.field(factory=list)
    forgot: bool = False
    older: list[Item] = attrs.field(factory=list)
    overlooked: dict[str, None] = attrs.field(factory=dict)
    suspended: frozenset[int] = frozenset()
    sources: dict[str, SourceTrail] = attrs.field(factory=dict)
    gaps: bool = False
    exact: Exact | None = None

    @property
    def beliefs(self) -> list[Explanation] | None:
        if self._beliefs is None and self.exact is not None:
            self._beliefs = [self.exact.belief()]
        return self._beliefs

    @beliefs.setter
    def beliefs(self, several: list[Explanation]) -> None:
        self._base = self.base
        self._beliefs, self.exact = several, None

    @property
    def base(self) -> list[Explanation]:
        return self._base if self._base is not None else self.beliefs or []

    @base.setter
    def base(self, several: list[Explanation]) -> None:
        self._base = several

    @property
    def boxes(self) -> list[Box]:
        """What each of the beliefs leaves of parameters."""
        return [one.box for one in self._beliefs or ()] if self.exact is None else [self.exact.under.box]

    def begin(self, one: Explanation, exact: Exact) -> None:
        """Believe what is wholly known, of a machine as it starts."""
        self._beliefs = self._base = [one]
        self.exact = exact

    def follow(self, exact: Exact, *, based: bool) -> None:
        """Believe what is wholly known; the base stays where it is, or is the same."""
        self._base = self.base if based else None
        self._beliefs, self.exact = None, exact

    def doubt(self, why: str) -> None:
        """A record was overlooked that belongs before some that were read: these are not looked at again, and what they seem to exclude may be."""
        self.base, self.items, self.older, self.forgot = list(self.beliefs or ()), [], [], True
        self.overlooked[why] = None

    def copy(self) -> Trail:
        """A trail that can be gone without this one being changed."""
        sources = {name: attrs.evolve(one) for name, one in self.sources.items()}
        return attrs.evolve(self, items=list(self.items), overlooked=dict(self.overlooked), sources=sources)


def judge(
    setting: Setting, trail: Trail, observation: Observation, *, repeated: bool = False, patient: bool = True
) -> Judgement | None:
    """What an observation says of the machine, after all before it.

    Args:
        repeated: it may be one that was read before.
        patient: look for what happened unseen; else the answer is None where only that could explain it.

    Raises:
        BadObservation: it does not fit the declaration.
    """
    where = Where(observation.source, observation.key, observation.at, observation.position)
    unaware = len(trail.sources) > 1 and not any(one.lost for one in trail.sources.values())
    try:
        items = items_of(setting.declaration, trail.sources, observation)
    except Unfitting as wrong:
        trail.sources[observation.source].lost = True
        return Violates(where, wrong.seen, (Because(Kind.FIELD, wrong.wanted),), f"{wrong.seen}; {wrong.wanted}")
    except Unusable as wrong:
        trail.sources[observation.source].lost = True
        return Inconclusive(where, "a record", str(wrong))
    if unaware and any(one.permit.gap and not one.glimpse for one in items):
        trail.doubt("records of a source were lost before those of another that were read")
    worst: Judgement | None = None
    if observation.trouble:
        worst = Inconclusive(where, "a record", "; ".join(observation.trouble))
    for item in items:
        said = _judged(setting, trail, item._replace(repeated=True) if repeated else item, where, patient=patient)
        if said is None:
            return None
        if (
            worst is None
            or isinstance(said, Violates)
            or (isinstance(said, Inconclusive) and isinstance(worst, Conforms))
        ):
            worst = said
    if isinstance(worst, Violates) and observation.trouble:
        return attrs.evolve(worst, refusal="\n".join([worst.refusal, f"not read: {'; '.join(observation.trouble)}"]))
    return worst if worst is not None else Conforms(where)


def _judged(setting: Setting, trail: Trail, item: Item, where: Where, *, patient: bool) -> Judgement | None:
    if trail.exact is None and trail.beliefs is None:
        _start(setting, trail, item)
    if _at_once(setting, trail, item):
        return Conforms(where)
    assert trail.beliefs is not None
    run = _run(setting, trail)
    found = [made for one in trail.beliefs for made in read(run, one, item)]
    if found:
        _keep(setting, trail, item, found, run)
        return Conforms(where)
    if patient:
        return _searched(setting, trail, item, where)
    trail.overlooked.update(run.overlooked)
    return None


def _at_once(setting: Setting, trail: Trail, item: Item) -> bool:
    """Whether the only explanation is wholly known and simply shows the observation."""
    if setting.lane is None or trail.suspended:
        return False
    exact = trail.exact
    if exact is None:
        several = trail.beliefs
        exact = setting.lane.enter(several[0]) if several is not None and len(several) == 1 else None
    after = None if exact is None else setting.lane.taken(exact, item)
    if after is None:
        return False
    trail.follow(after, based=_looks_again(setting, trail))
    _remember(setting, trail, item)
    return True


def _run(setting: Setting, trail: Trail) -> Run:
    return Run(setting.declaration, setting.claims, trail.suspended)


def _start(setting: Setting, trail: Trail, item: Item) -> None:
    high, begins = item.at[1], setting.begins
    known = setting.lane is not None and not setting.late and not trail.suspended
    if known and setting.lane is not None:
        started = setting.lane.started(up_to(high) if begins is None else (begins, begins))
        if started is not None:
            trail.begin(*started)
            return
    run = _run(setting, trail)
    beliefs = anything(run, high) if setting.late else setting.claims.start(run, initial(run, high, begins))
    _believe(setting, trail, beliefs, run)
    if known and setting.lane is not None and len(beliefs) == 1 and not run.overlooked:
        setting.lane.starts(beliefs[0])


# What is kept


def _keep(setting: Setting, trail: Trail, item: Item, found: Sequence[Explanation], run: Run) -> None:
    """The explanations after an observation, and the observation itself where one may have to look again."""
    kept = [attrs.evolve(one, changed=frozenset(), story=None) for one in found]
    kept = merged(setting.declaration, kept)
    if len(kept) > setting.explanations:
        run.overlook(f"more than {setting.explanations} explanations: bound reached")
        kept = kept[: setting.explanations]
    trail.beliefs = kept
    trail.overlooked.update(run.overlooked)
    suspended = frozenset(
        number for number in trail.suspended if not any(setting.claims.holds_now(number, one) for one in kept)
    )
    if suspended != trail.suspended:
        trail.suspended, trail.older = suspended, []  # which were seen while the claim was broken
    trail.gaps = trail.gaps or item.permit.gap
    if not _looks_again(setting, trail):
        trail.base = kept
    _remember(setting, trail, item)


def _looks_again(setting: Setting, trail: Trail) -> bool:
    """Whether another run may show what was seen: something went unseen, or not every explanation was looked at."""
    return setting.declaration.lossy or trail.gaps or bool(trail.overlooked)


def _remember(setting: Setting, trail: Trail, item: Item) -> None:
    """The observation is kept where one may have to look again; else what was before it is of no account."""
    if not _looks_again(setting, trail):
        return
    trail.items.append(item)
    if len(trail.items) > setting.memory:
        trail.older = trail.items[-(setting.memory // 2) :]
        if any(one.parameters for one in trail.items):
            trail.older = []  # what is left of the parameters now may be other than it was then
        trail.base, trail.items, trail.forgot = trail.beliefs or [], [], True


def _anew(setting: Setting, trail: Trail, beliefs: list[Explanation], run: Run) -> None:
    """Nothing before these is looked at again, and what was left out before this run is of no account."""
    trail.items, trail.older = [], []
    trail.forgot = False
    trail.gaps = False
    trail.overlooked = {}
    _believe(setting, trail, [attrs.evolve(one, changed=frozenset(), story=None) for one in beliefs], run)


def _believe(setting: Setting, trail: Trail, beliefs: list[Explanation], run: Run) -> None:
    """These, as far as so many are kept; where not everything was looked at, it may have been otherwise."""
    if len(beliefs) > setting.explanations:
        run.overlook(f"more than {setting.explanations} explanations: bound reached")
    trail.overlooked.update(run.overlooked)
    trail.forgot = trail.forgot or bool(run.overlooked)
    trail.beliefs = beliefs[: setting.explanations]
    trail.base = beliefs[: setting.explanations]


# What happened unseen


def _searched(setting: Setting, trail: Trail, item: Item, where: Where) -> Judgement:
    assert trail.beliefs is not None
    several = [*trail.items, item]
    run = attrs.evolve(_run(setting, trail), near=numbers_of(several))
    if _impossible(setting, trail, several):
        return _failed(setting, trail, item, where, None)
    ended = True
    for starts, items, share, guided in _places(run, trail, item, several):
        sought = search(run, starts, items, budget=setting.budget // share, keep=setting.explanations, guided=guided)
        if sought.found:
            _keep(setting, trail, item, sought.found, run)
            return Conforms(where)
        ended = sought.ended
    overlooked = {**trail.overlooked, **run.overlooked}
    if not ended:
        overlooked[f"more than {setting.budget:,} steps were tried: bound reached"] = None
    if not overlooked and not trail.forgot:
        return _failed(setting, trail, item, where, None)
    several = [*trail.older, *several]
    for items in (several[-2:], several) if len(several) > 2 else (several,):
        found, certain = _from_anything(setting, trail, items)
        if not found and certain:
            return _failed(setting, trail, item, where, None)
    if not overlooked:
        overlooked[
            f"an explanation would need something from before the last {len(several)} observations: bound reached"
        ] = None
    return _failed(setting, trail, item, where, "; ".join(overlooked))


def _places(
    run: Run, trail: Trail, item: Item, several: list[Item]
) -> Iterator[tuple[list[Explanation], list[Item], int, Wanted | None]]:
    """Where to look, and which share of the budget: first before this observation, then before earlier ones; first for what could help, then for all."""
    assert trail.beliefs is not None
    for one in trail.beliefs:
        read(run, one, item)
    missing = wanted(run, run.troubles)
    yield trail.beliefs, [item], 4, missing
    if trail.items:
        yield trail.base, several, 2, missing
        yield trail.beliefs, [item], 4, None
    yield trail.base, several, 1, None


def _impossible(setting: Setting, trail: Trail, several: Sequence[Item]) -> bool:
    """Whether, without a search, nothing can show these: the last few of them whatever was before, or all."""
    declaration = setting.declaration
    boxes = _boxes(trail)
    every = [*trail.older, *several] if trail.forgot else several
    told = any(one.parameters for one in every)  # before these, parameters may have been others than now
    last = 1
    while last < len(every) and (last == 1 or not told) and (last <= FEW or trail.forgot):
        if impossible_from_anything(declaration, boxes, every[-last:]):
            return True
        last *= 2
    if trail.forgot:
        return impossible_from_anything(declaration, boxes, every)
    return impossible(declaration, trail.base, several) or (
        last == 1 and impossible_from_anything(declaration, boxes, several)
    )


def _boxes(trail: Trail) -> list[Box]:
    """Values of parameters that were believed, now or before the first of what is kept."""
    return list(dict.fromkeys(one.box for one in (*(trail.beliefs or ()), *trail.base)))


def _from_anything(setting: Setting, trail: Trail, items: Sequence[Item]) -> tuple[list[Explanation], bool]:
    """What shows the observations, whatever was before them; and whether, where nothing does, nothing was left out."""
    run = _run(setting, trail)
    starts = anything(run, items[0].at[1], _boxes(trail))
    sought = search(run, starts, items, budget=setting.budget, keep=setting.explanations, first=False)
    return sought.found, sought.ended and not run.overlooked


def _failed(setting: Setting, trail: Trail, item: Item, where: Where, why: str | None) -> Judgement:
    """Nothing shows it: a violation, or, where something was left out, nothing can be said. From what was seen it goes on."""
    assert trail.beliefs is not None
    run = _run(setting, trail)
    words = in_words(setting.declaration, item)
    said: Judgement
    said = (
        Inconclusive(where, words, why)
        if why is not None
        else violation(setting.declaration, run, trail.beliefs, item, where)
    )
    broken = {one.number for one in run.troubles if isinstance(one, Broken)}
    trail.suspended = trail.suspended | broken
    anew = _run(setting, trail)
    after = resumed(anew, trail.beliefs, item) if why is None else _whatever(setting, anew, trail.boxes, item)
    trail.suspended |= {
        number for number in setting.claims.numbers if not any(setting.claims.holds_now(number, one) for one in after)
    }
    _anew(setting, trail, after, anew)
    return said


def _whatever(setting: Setting, run: Run, boxes: list[Box], item: Item) -> list[Explanation]:
    """Everything that shows the observation, whatever was before: so that what could not be said once is not held against the next."""
    starts = anything(run, item.at[1], boxes)
    reading = Run(setting.declaration, setting.claims, run.suspended)
    found = merged(setting.declaration, [made for one in starts for made in read(reading, one, item)])
    return found if found and len(found) <= setting.explanations and not reading.overlooked else starts
