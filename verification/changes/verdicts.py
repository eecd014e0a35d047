"""Which claims have another verdict than before: of each that both declarations make, decided in both."""

from __future__ import annotations

import attrs

from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.system import System
from fsm.verification import verify
from fsm.verification.changes.functions import with_functions
from fsm.verification.report import FAILS, Section, VerdictInWords, section_of

__all__ = ["VerdictChange", "verdict_changes"]


@attrs.frozen
class VerdictChange:
    """A claim that both make, with another verdict.

    Attributes:
        old, new: the kinds of both verdicts, in the words of a report.
        lines: how a report tells the newer one, its run included.
        plain: the same for JSON.
    """

    sentence: str
    old: str
    new: str
    lines: tuple[str, ...]
    plain: dict[str, object]

    @property
    def is_lost(self) -> bool:
        """Whether it was as it should be, and is not."""
        return self.old not in FAILS and self.new in FAILS

    @property
    def is_open(self) -> bool:
        """Whether it was decided, and is not."""
        return self.new == "unknown"


def verdict_changes(
    old: Machine | System,
    new: Machine | System,
    old_profile: NamedProfile | None = None,
    new_profile: NamedProfile | None = None,
    *,
    timeout: float | None = None,
    width: int = 100,
) -> list[VerdictChange]:
    """The claims of both whose verdicts differ, in the order of the newer.

    Args:
        timeout: seconds for each claim; what takes longer is unknown.
    """
    before, after = (
        section_of(verify(target, profile=profile, definition=False, timeout=timeout), width)
        for target, profile in ((with_functions(old, new), old_profile), (new, new_profile))
    )
    known = _by_sentence(before)
    return [
        VerdictChange(sentence, known[sentence].kind, entry.kind, entry.lines, entry.plain)
        for sentence, entry in _by_sentence(after).items()
        if sentence in known and known[sentence].kind != entry.kind
    ]


def _by_sentence(section: Section) -> dict[str, VerdictInWords]:
    return {item.sentence: entry for item, entry in zip(section.heading.items, section.entries, strict=True)}
