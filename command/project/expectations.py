"""Claims that are known to be open: as strict as an expected failure of pytest's.

One that is open is told with its reason and fails nothing; one that is decided fails until its line is taken out
of the configuration, so that no reason outlives what it speaks of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

import attrs

from fsm.command.invocation.endings import BadSettings
from fsm.command.project.configuration import KnownUnknown

if TYPE_CHECKING:
    from fsm.verification.report import Heading, VerdictInWords

__all__ = ["check_known", "reason_of", "settled"]

KNOWN = "known unknown"
DECIDED = "no longer unknown"


def reason_of(known: Sequence[KnownUnknown], name: str, sentence: str) -> KnownUnknown | None:
    """What is known of a claim of a machine or system."""
    return next((one for one in known if one.claim == sentence and one.of in (None, name)), None)


def settled(entry: VerdictInWords, heading: Heading, known: Sequence[KnownUnknown], width: int) -> VerdictInWords:
    """The verdict, with what is known of it: that it is open fails nothing, that it is proved does."""
    one = reason_of(known, heading.plain["name"], entry.sentence)
    kind = {"unknown": KNOWN, "proved": DECIDED}.get(entry.kind)
    if one is None or kind is None:
        return entry
    said = f"known to be open: {one.reason}"
    if kind == DECIDED:
        said = f"known to be open, and is not any more: take it out of the configuration, line {one.line}"
    lines = (*entry.lines, *wrap(said, width, initial_indent="      ", subsequent_indent="        "))
    return attrs.evolve(
        entry, kind=kind, lines=lines, plain=entry.plain | {"expected": "unknown", "reason": one.reason}
    )


def check_known(known: Sequence[KnownUnknown], there: Iterable[tuple[str, str]]) -> None:
    """Refuse a claim that nothing has: it was renamed, or its reason is of nothing; and one of several, which one reason would excuse.

    Args:
        there: the name of a machine or system with each sentence of it, once for each that says it.

    Raises:
        BadSettings: there is none, or there are several.
    """
    counts = Counter(there)
    for one in known:
        place = f"[[tool.fsm.unknown]], line {one.line}"
        names = sorted({name for name, sentence in counts if sentence == one.claim and one.of in (None, name)})
        if not names:
            of = "" if one.of is None else f" of {one.of}"
            raise BadSettings(f"{place}: no claim{of} says {one.claim!r}.")
        if len(names) > 1:
            raise BadSettings(
                f"{place}: {' and '.join(names)} say {one.claim!r}. Say which is open: of = {names[0]!r}."
            )
        if (many := counts[names[0], one.claim]) > 1:
            raise BadSettings(
                f"{place}: {many} that are called {names[0]} say {one.claim!r}. Give each a name of its own."
            )
