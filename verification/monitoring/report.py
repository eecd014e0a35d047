"""What was said of a stream, counted: by machine, and by what was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

import attrs

from fsm.verification.monitoring.verdicts import Because, Conforms, Inconclusive, Judgement, Verdict, Violates

__all__ = ["TOLD", "KeyCount", "Report"]

TOLD = 10_000
"""So many judgements are kept one by one, unless somebody says otherwise."""

NAMES = 1_000
"""So many facts and reasons are counted by name; the others together."""

OTHERS = "other reasons"


@attrs.define
class KeyCount:
    """How many observations of one machine conform, violate, and say nothing."""

    conforms: int = 0
    violates: int = 0
    inconclusive: int = 0

    @property
    def verdict(self) -> Verdict:
        """The worst of them; nothing seen is inconclusive."""
        if self.violates:
            return Verdict.VIOLATES
        return Verdict.INCONCLUSIVE if self.inconclusive or not self.conforms else Verdict.CONFORMS


@attrs.define
class Report:
    """What was said so far.

    Attributes:
        system: the name of the declaration.
        keys: by machine.
        broken: what was broken, the first thing that stood in the way of each observation, and how often.
        why: why nothing could be said, and how often.
        told: violations and what was inconclusive, in the order of the stream, as far as they are kept.
        left: by machine, which values of parameters that nobody saw are left.
        unread: records that could not be read, of whichever machine.
        doubled: records that came twice.
        late: records that came too late to be put in their place.
        unwatched: claims that no stream can be held against, by sentence.
        keep: so many judgements are kept one by one; of more only the number is known.
    """

    system: str
    keys: dict[Hashable, KeyCount] = attrs.field(factory=dict)
    broken: Counter[Because] = attrs.field(factory=Counter)
    why: Counter[str] = attrs.field(factory=Counter)
    told: list[Violates | Inconclusive] = attrs.field(factory=list)
    left: dict[Hashable, tuple[str, ...]] = attrs.field(factory=dict)
    unread: int = 0
    doubled: int = 0
    late: int = 0
    unwatched: tuple[str, ...] = ()
    keep: int = TOLD

    @property
    def verdict(self) -> Verdict:
        """The worst of all machines; nothing seen is inconclusive."""
        verdicts = {one.verdict for one in self.keys.values()} | ({Verdict.INCONCLUSIVE} if self.unread else set())
        if Verdict.VIOLATES in verdicts:
            return Verdict.VIOLATES
        return Verdict.INCONCLUSIVE if Verdict.INCONCLUSIVE in verdicts or not verdicts else Verdict.CONFORMS

    @property
    def exit_status(self) -> int:
        """0 conforms, 1 violates, 3 inconclusive."""
        return {Verdict.CONFORMS: 0, Verdict.VIOLATES: 1, Verdict.INCONCLUSIVE: 3}[self.verdict]

    def total(self) -> KeyCount:
        """All machines together."""
        return KeyCount(
            sum(one.conforms for one in self.keys.values()),
            sum(one.violates for one in self.keys.values()),
            sum(one.inconclusive for one in self.keys.values()),
        )

    def unreadable(self, said: Inconclusive) -> None:
        """Count a record of which nobody knows of which machine it speaks."""
        self.unread += 1
        self._count_reason(said.why)
        if len(self.told) < self.keep:
            self.told.append(said)

    def add(self, said: Judgement) -> None:
        """Count one more."""
        known = self.keys.get(said.where.key)
        if known is None:
            known = self.keys[said.where.key] = KeyCount()
        match said:
            case Conforms():
                known.conforms += 1
                return
            case Violates(because=because):
                known.violates += 1
                known_facts = because[0] in self.broken or len(self.broken) < NAMES
                self.broken[because[0] if known_facts else Because(because[0].kind, OTHERS)] += 1
            case Inconclusive(why=why):
                known.inconclusive += 1
                self._count_reason(why)
        if len(self.told) < self.keep:
            self.told.append(said)

    def _count_reason(self, why: str) -> None:
        self.why[why if why in self.why or len(self.why) < NAMES else OTHERS] += 1
