"""Records dealt by their machine: which of several buckets each belongs to, so that one task has all of a machine's.

A record of which nobody knows of which machine it speaks goes to every bucket, since any machine may have lost one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zlib import crc32

import attrs

from fsm.strict_json import write
from fsm.verification.decide.elsewhere.packing import packed, unpacked
from fsm.verification.monitoring import Conforms, Inconclusive, Judgement, Monitor, Observation, Watch
from fsm.verification.monitoring.mapped.binding import BoundSource, bound, source_for
from fsm.verification.monitoring.mapped.files import Unreadable, json_record
from fsm.verification.monitoring.telling import judgement

__all__ = ["CLOCK", "VERDICTS", "Job", "Reading", "bucket_of", "row_of"]

VERDICTS = "machine string, source string, at bigint, position string, verdict string, what string, kind string, name string, why string, told string"
"""A judgement as a row; `told` is its JSON, as `fsm monitor --json` prints it."""


CLOCK = -1
"""No bucket: of a row that says how late it is."""


@attrs.frozen
class Job:
    """What a task needs to know, in a form that travels.

    Attributes:
        packed: the declaration, the mapping and the monitor's options.
        buckets: how many there are.
    """

    packed: bytes
    buckets: int

    @classmethod
    def of(cls, target: Any, mapping: Any, options: dict[str, Any], buckets: int) -> Job:
        return cls(packed((target, mapping, options)), buckets)

    def begin(self) -> Reading:
        """In a task: the monitor, and what reads its records."""
        target, mapping, options = unpacked(self.packed)
        monitor, sources = bound(mapping, target, **options)
        return Reading(monitor, sources, self.buckets)


@attrs.frozen(eq=False)
class Reading:
    """A monitor, its sources, and the buckets that machines are dealt to."""

    monitor: Monitor
    sources: tuple[BoundSource, ...]
    buckets: int

    def observations(self, text: str, source: str | None, position: str) -> tuple[str, list[Observation] | str]:
        """The name of a record's source, and its observations; or why nobody can say of which machine it speaks."""
        found = self.sources[0] if source is None else source_for(self.sources, source) or self.sources[0]
        record = json_record(text)
        if isinstance(record, Unreadable):
            return found.source.name, str(record)
        seen = list(found.read(record, position))
        for one in seen:
            if one.trouble and one.key is None and found.keyed:
                return found.source.name, "; ".join(one.trouble)
        return found.source.name, seen

    def dealt(self, text: str, source: str | None, position: str) -> tuple[list[int], int | None]:
        """The buckets of a record, and its youngest instant."""
        _, seen = self.observations(text, source, position)
        if isinstance(seen, str):
            return list(range(self.buckets)), None
        instants = [one.at for one in seen if one.at is not None]
        return sorted({bucket_of(one.key, self.buckets) for one in seen}), max(instants, default=None)

    def judged(self, watch: Watch, bucket: int, text: str, source: str | None, position: str) -> Iterator[Judgement]:
        """What a record says to the machines of one bucket. What names nobody is told in the first one alone."""
        name, seen = self.observations(text, source, position)
        if isinstance(seen, str):
            said = watch.unreadable(name, position, seen)
            if bucket == 0:
                yield said
            return
        for one in seen:
            if bucket_of(one.key, self.buckets) == bucket:
                yield from watch.feed(one)


def bucket_of(key: object, buckets: int) -> int:
    """The same in every process."""
    return crc32(repr(key).encode("utf-8", "surrogatepass")) % buckets


def row_of(said: Judgement) -> tuple[Any, ...]:
    """A judgement as `VERDICTS` has it."""
    where = said.where
    head = (None if where.key is None else str(where.key), where.source, where.at, where.position)
    if isinstance(said, Conforms):
        return (*head, "conforms", None, None, None, None, None)
    told = write(judgement(said))
    if isinstance(said, Inconclusive):
        return (*head, "inconclusive", said.what, None, None, said.why, told)
    return (*head, "violates", said.what, said.because[0].kind.value, said.because[0].name, said.refusal, told)
