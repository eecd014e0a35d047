"""What became of all mutants: the counts, who kills how many, and every one that is not killed with its reason.

The same every time. No timings, and the order is that of the declarations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

import attrs

from fsm.verification.mutants.judge import Fate, Outcome

__all__ = ["OutcomeInWords", "Reasons", "Result", "entry_of", "exit_status", "render", "to_plain"]

WIDTH = 120
Reasons = Mapping[tuple[str, str], str]
"""Why a mutant may survive, by its home and its name."""
ALIVE = (Fate.SURVIVED, Fate.UNKNOWN)


@attrs.frozen
class OutcomeInWords:
    """One outcome in words, without the objects it speaks of: it can be sent to another process."""

    home: str
    kind: str
    mutant: str
    fate: Fate
    why: str
    declaration: str
    killer: str
    cites: tuple[str, ...]
    trace: tuple[str, ...]


def entry_of(outcome: Outcome) -> OutcomeInWords:
    """An outcome in words."""
    trace = () if outcome.trace is None else tuple(str(outcome.trace).splitlines())
    return OutcomeInWords(
        outcome.home,
        outcome.kind,
        outcome.mutant,
        outcome.fate,
        outcome.why,
        outcome.declaration,
        outcome.killer,
        outcome.cites,
        trace,
    )


@attrs.frozen(eq=False)
class Result:
    """All outcomes of some targets, in order.

    Attributes:
        targets: names of the machines and systems, in order.
        version: the profile that was judged; empty where there is none.
        claims: for each target the properties that may kill.
        reasons: why some may survive.
    """

    targets: tuple[str, ...]
    version: str
    claims: tuple[tuple[str, str], ...]
    entries: tuple[OutcomeInWords, ...]
    reasons: Reasons

    def of(self, *fates: Fate, home: str | None = None) -> list[OutcomeInWords]:
        """The outcomes of these kinds, of one home or of all."""
        return [one for one in self.entries if one.fate in fates and home in (None, one.home)]

    def reason(self, entry: OutcomeInWords) -> str:
        """Why it may survive; empty where no reason is given."""
        return self.reasons.get((entry.home, entry.mutant), "") if entry.fate in ALIVE else ""

    @property
    def stale(self) -> list[tuple[str, str]]:
        """Reasons that name no mutant that survives."""
        alive = {(one.home, one.mutant) for one in self.of(*ALIVE)}
        return [key for key in self.reasons if key[0] in self.targets and key not in alive]

    @property
    def idle(self) -> list[tuple[str, str]]:
        """Properties that kill nothing: each mutant is told to the first one that breaks."""
        busy = {(one.declaration, one.killer) for one in self.of(Fate.KILLED)}
        return [claim for claim in self.claims if claim not in busy]

    def share(self, home: str | None = None) -> float:
        """How many of those that are not equivalent are killed, in percent."""
        killed = len(self.of(Fate.KILLED, home=home))
        rest = len(self.of(*ALIVE, Fate.CRASHED, home=home))
        return 100 * killed / (killed + rest) if killed + rest else 100.0


def exit_status(result: Result) -> int:
    """0: each is killed, equivalent or has its reason; 1: one survives without, or a reason is stale; 3: nobody knows of one; 70: one crashed."""
    if result.of(Fate.CRASHED):
        return 70
    if result.stale or any(not result.reason(one) for one in result.of(Fate.SURVIVED)):
        return 1
    return 3 if any(not result.reason(one) for one in result.of(Fate.UNKNOWN)) else 0


def render(result: Result, *, everything: bool = False) -> str:
    """The report for a person."""
    return "\n".join(_lines(result, everything)) + "\n"


def _lines(result: Result, everything: bool) -> Iterator[str]:
    version = f" in {result.version}" if result.version else ""
    yield f"mutants of {', '.join(result.targets)}{version}"
    yield ""
    yield from table(result)
    if everything:
        for one in result.of(Fate.KILLED, Fate.EQUIVALENT, Fate.STILLBORN):
            yield from _told(one, one.why if one.fate is not Fate.KILLED else f"{_killer(one)}: {one.why}", "✓")
            yield from (f"      {line}" for line in one.trace)
    for one in result.of(*ALIVE):
        if reason := result.reason(one):
            yield from _told(one, f"listed: {reason}", "≠")
    for one in result.of(*ALIVE):
        if not result.reason(one):
            yield from _told(one, one.why, "✗" if one.fate is Fate.SURVIVED else "?")
    for one in result.of(Fate.CRASHED):
        yield from _told(one, f"a defect of fsm, and no kill: {one.why}", "!")
    for home, name in result.stale:
        yield f"  ✗ the reason for {home}: {name} is stale: no such mutant survives"


def _told(entry: OutcomeInWords, why: str, mark: str) -> Iterator[str]:
    yield from wrap(
        f"{mark} {entry.home}: {entry.mutant}",
        WIDTH,
        initial_indent="  ",
        subsequent_indent="    ",
        break_on_hyphens=False,
    )
    yield from wrap(
        f"{entry.fate.value}: {why}", WIDTH, initial_indent="      ", subsequent_indent="      ", break_on_hyphens=False
    )


def _killer(entry: OutcomeInWords) -> str:
    cited = f" ({', '.join(entry.cites)})" if entry.cites else ""
    return f"{entry.declaration}: {entry.killer}{cited}"


COLUMNS = ("planted", "stillborn", "equivalent", "killed", "listed", "surviving", "unknown", "crashed")


def table(result: Result) -> Iterator[str]:
    """The counts, as a table of Markdown."""
    yield f"| declaration | {' | '.join(COLUMNS)} | killed of those not equivalent |"
    yield f"|---|{'--:|' * (len(COLUMNS) + 1)}"
    for home in result.targets:
        yield _row(home, counts(result, home), result.share(home))
    if len(result.targets) > 1:
        yield _row("all", counts(result), result.share())
    yield ""


def _row(name: str, counted: Mapping[str, int], share: float) -> str:
    return f"| {name} | {' | '.join(str(counted[column]) for column in COLUMNS)} | {share:.1f} % |"


def counts(result: Result, home: str | None = None) -> dict[str, int]:
    """How many came to which end."""
    found = {fate: result.of(fate, home=home) for fate in Fate}
    listed = [one for one in (*found[Fate.SURVIVED], *found[Fate.UNKNOWN]) if result.reason(one)]
    bare = {fate: [one for one in found[fate] if not result.reason(one)] for fate in ALIVE}
    return {
        "planted": sum(map(len, found.values())),
        "stillborn": len(found[Fate.STILLBORN]),
        "equivalent": len(found[Fate.EQUIVALENT]),
        "killed": len(found[Fate.KILLED]),
        "listed": len(listed),
        "surviving": len(bare[Fate.SURVIVED]),
        "unknown": len(bare[Fate.UNKNOWN]),
        "crashed": len(found[Fate.CRASHED]),
    }


def to_plain(result: Result) -> dict[str, Any]:
    """The result as plain values for JSON."""
    kills = Counter((one.declaration, one.killer) for one in result.of(Fate.KILLED))
    return {
        "targets": list(result.targets),
        "version": result.version,
        "counts": {
            home: {**counts(result, home), "killed_percent": round(result.share(home), 1)} for home in result.targets
        },
        "total": {**counts(result), "killed_percent": round(result.share(), 1)},
        "kills": [
            {"declaration": name, "property": sentence, "mutants": kills[(name, sentence)]}
            for name, sentence in result.claims
        ],
        "mutants": [_plain(one, result) for one in result.entries],
        "stale": [{"home": home, "mutant": name} for home, name in result.stale],
    }


def _plain(entry: OutcomeInWords, result: Result) -> dict[str, Any]:
    said: dict[str, Any] = {
        "home": entry.home,
        "kind": entry.kind,
        "mutant": entry.mutant,
        "fate": entry.fate.value,
        "why": entry.why,
    }
    if entry.fate is Fate.KILLED:
        said |= {
            "declaration": entry.declaration,
            "property": entry.killer,
            "cites": list(entry.cites),
            "trace": list(entry.trace),
        }
    if reason := result.reason(entry):
        said["reason"] = reason
    return said
