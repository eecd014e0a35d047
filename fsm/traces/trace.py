"""A run as data, which prints itself. Pictures, proofs and reports show these.

`fsm.traces.replay` makes them, `fsm.traces.printing` has the words of the steps, `fsm.storage.traces` the form for JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import Any

import attrs

from fsm.language.printing import value_in_words
from fsm.language.snapshot import Snapshot
from fsm.notebook import Shown
from fsm.traces.printing import WIDTH, lines
from fsm.traces.steps import TraceStep

__all__ = ["Trace"]


@attrs.frozen
class Trace(Shown):
    """A run of a system from a snapshot, step by step.

    Attributes:
        system: its name.
        profile: the value of every parameter, by name, as declared.
        start: the snapshot before the first step.
        steps: in order, those of time among them.
        loop: the place in `steps` of the one from which the run goes round for ever (`fsm.traces.lasso`); None for a run that ends.
        usual: the default of every parameter, by name: what goes without saying.
    """

    system: str
    profile: tuple[tuple[str, Any], ...]
    start: Snapshot
    steps: tuple[TraceStep, ...]
    loop: int | None = None
    usual: tuple[tuple[str, Any], ...] = ()

    def __repr__(self) -> str:
        return f"<Trace of {self.system}: {len(self.steps)} steps>"

    @property
    def last(self) -> Snapshot:
        """The snapshot after the last step."""
        return self.steps[-1].after if self.steps else self.start

    @property
    def events(self) -> tuple[tuple[object | None, int], ...]:
        """What `replay` needs to make this trace again."""
        return tuple((step.given, step.at) for step in self.steps)

    def text(self, known: Mapping[str, Any] | None = None) -> str:
        """The system and its profile, then every step. Parameters with their usual values go without saying.

        Args:
            known: values of parameters that the reader knows already, by name.
        """
        usual = {**dict(self.usual), **(known or {})}
        given = ", ".join(
            f"{name} = {value_in_words(value)}"
            for name, value in self.profile
            if name not in usual or usual[name] != value
        )
        heading = f"{self.system} with {given}" if given else self.system
        return "\n".join([*wrap(heading, WIDTH, subsequent_indent="  "), *lines(self.start.now, self.steps, self.loop)])

    __str__ = text
