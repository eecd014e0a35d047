"""What a watch knows as JSON, and back: a trust boundary.

A document says whose it is: the declaration by its fingerprint, the monitor by a digest of its sources, parameters and options. It is read with
limits on its size and depth, and stops at the first thing that is not as it must be (`BadSnapshot`, with the path); nothing is repaired. What
comes back goes on as if it had never been away. One that is true to its form may still lie about what was seen, as any log may.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from hashlib import sha256
from typing import Any

import attrs

from fsm.canonical.fingerprint import fingerprint
from fsm.errors import OtherDeclaration
from fsm.language.printing import label
from fsm.language.system import System
from fsm.language.values.brief import brief
from fsm.storage.misfit import Misfit, misfit, told
from fsm.storage.reading import Reader, read_record
from fsm.strict_json import LIMITS, Limits, parse, write
from fsm.verification.monitoring.judging import Setting
from fsm.verification.monitoring.report import Report
from fsm.verification.monitoring.stored.beliefs import Beliefs
from fsm.verification.monitoring.stored.counts import counts, read_counts
from fsm.verification.monitoring.stored.machines import Machines
from fsm.verification.monitoring.stored.records import Records
from fsm.verification.monitoring.stored.values import as_it_is, count, several, written_in
from fsm.verification.monitoring.watched import Watched

__all__ = ["VERSION", "Store", "StoredWatch"]

VERSION = 2
"""Of the document."""


@attrs.frozen(eq=False)
class StoredWatch:
    """What a watch is made of.

    Attributes:
        machines: by key.
        lost: of each source, how many records could not be read of which nobody knows whose they were.
        counts: what was said.
    """

    machines: dict[Hashable, Watched]
    lost: dict[str, int]
    counts: Report


class Store:
    """How what a monitor's watches know is written and read; made once for each monitor.

    Args:
        system: as it was declared.
    """

    def __init__(self, system: System, setting: Setting) -> None:
        self._setting = setting
        self._whose = {
            "version": VERSION,
            "system": system.name,
            "fingerprint": fingerprint(system),
            "monitor": _digest(setting),
        }

    def _machines(self, limits: Limits) -> Machines:
        declaration = self._setting.declaration
        beliefs = Beliefs(declaration, self._setting.claims, limits)
        return Machines(self._setting, beliefs, Records(declaration, beliefs))

    def write(self, watch: StoredWatch, limits: Limits = LIMITS) -> str:
        """The document.

        Raises:
            BadSnapshot: a key or a value that has no form in JSON, or more than the limits allow: it would not be read back.
        """
        machines = self._machines(limits)
        try:
            tree = {
                **self._whose,
                "lost": dict(watch.lost),
                "counts": written_in("counts", counts, watch.counts),
                "machines": [
                    written_in("machines", written_in, place, machines.write, key, one)
                    for place, (key, one) in enumerate(watch.machines.items())
                ],
            }
        except Misfit as wrong:
            raise told(wrong) from None
        return write(tree, limits)

    def read(self, text: str | bytes, report: Report, limits: Limits = LIMITS) -> StoredWatch:
        """What a document says.

        Args:
            report: which counts on.

        Raises:
            BadInput: `text` is neither str nor bytes.
            BadSnapshot: it is not a state of this monitor's, or not of its form.
        """
        tree = parse(text, limits)
        self._check_head(tree)
        machines = self._machines(limits)
        try:
            return self._read(tree, machines, report, limits)
        except Misfit as wrong:
            raise told(wrong) from None

    def _check_head(self, tree: Any) -> None:
        if type(tree) is not dict:
            raise OtherDeclaration("document", f"{brief(tree)} is not an object")
        for name, wanted in self._whose.items():
            if name not in tree:
                raise OtherDeclaration(name, "is missing")
            if type(tree[name]) is not type(wanted) or tree[name] != wanted:
                raise OtherDeclaration(name, f"{brief(tree[name])} is not {wanted!r}", WAY_OUT[name])

    def _read(self, tree: dict[str, Any], machines: Machines, report: Report, limits: Limits) -> StoredWatch:
        found: dict[Hashable, Watched] = {}

        def machine(one: Any, room: int = 0) -> None:
            key, made = machines.read(one)
            if found.setdefault(key, made) is not made:
                raise Misfit(f"{brief(key)} is the key of another item already").inside("key")

        sources = self._setting.declaration.sources
        fields: dict[str, Reader] = {
            **dict.fromkeys(self._whose, as_it_is),
            "lost": lambda one, room=0: _read_lost(one, sources),
            "counts": lambda one, room=0: read_counts(one, limits.instances, report),
            "machines": several(machine, limits.instances),
        }
        *_, lost, _, _ = read_record(tree, fields)
        return StoredWatch(found, lost, report)


WAY_OUT = {
    "version": "Read it with the release that wrote it, or begin anew.",
    "system": "Read it with the system that wrote it.",
    "fingerprint": "The declaration has changed since. Begin anew: what was explained by another declaration explains nothing by this one.",
    "monitor": "It was written by a monitor with other sources, parameters, claims or options. Read it with those, or begin anew.",
}


def _read_lost(tree: Any, sources: Mapping[str, object]) -> dict[str, int]:
    if type(tree) is not dict:
        raise misfit(tree, "an object")
    for name in tree:
        if name not in sources:
            raise Misfit(f"is no source: there are {', '.join(sources)}").inside(name)
    readers: dict[str, Reader] = dict.fromkeys(tree, count)
    return dict(zip(readers, read_record(tree, readers), strict=True))


def _digest(setting: Setting) -> str:
    """Of everything on which it depends what an explanation means, beside the declaration."""
    declaration = setting.declaration
    said = {
        "sources": [
            [
                one.name,
                sorted((label(what) if isinstance(what, type) else f"{what} (part)", how.value) for what, how in one.shows.items()),
                one.tolerance,
                one.disorder,
                one.heartbeat,
                one.doubles,
            ]
            for one in declaration.sources.values()
        ],
        "parameters": [[repr(value) for value in values] for values in declaration.first_box],
        "profile": declaration.profile,
        "shown": [sorted(slots) for slots in declaration.shown],
        "lasting": sorted(declaration.lasting),
        "claims": [one.claim.sentence for one in setting.claims.by_number],
        "late": setting.late,
        "begins": setting.begins,
    }  # fmt: skip
    return sha256(write(said).encode("ascii")).hexdigest()[:32]
