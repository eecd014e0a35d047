"""Which transitions share a line: those of one pair of states, and those that many states have in common.

One line for each pair of states, with all of its transitions on one label. Where three states or
more have exactly the same transitions to the same target, their lines meet and one label
stands for all of them.
"""

from __future__ import annotations

import attrs

from fsm.diagrams.views.views import MachineView
from fsm.language.machine import State, Transition

__all__ = ["Bundle", "bundles"]

MANY = 2
"""So many states with the same transitions to one target have their lines meet."""


@attrs.frozen
class Bundle:
    """Transitions drawn as one line: each source has all of `joining`, to `target`."""

    sources: tuple[State, ...]
    target: State
    joining: tuple[Transition, ...]

    def goes_back(self, view: MachineView) -> bool:
        """True when the target was declared before every source."""
        return all(view.states.index(source) > view.states.index(self.target) for source in self.sources)

    @property
    def happy(self) -> bool:
        return any(transition.happy for transition in self.joining)

    @property
    def timed(self) -> bool:
        """True when time alone takes this line."""
        return all(transition.duration is not None for transition in self.joining)


def bundles(view: MachineView) -> tuple[Bundle, ...]:
    """Every transition that leads to another state, in the order of the declaration."""
    pairs: dict[tuple[State, State], tuple[Transition, ...]] = {}
    for transition in view.transitions:
        for source in dict.fromkeys(transition.sources):
            if transition.target not in (None, source):
                pairs[source, transition.target] = (*pairs.get((source, transition.target), ()), transition)
    shared: list[Bundle] = []
    for (source, target), joining in pairs.items():
        alike = [place for place, one in enumerate(shared) if one.target == target and _same(one.joining, joining)]
        if alike:
            shared[alike[0]] = attrs.evolve(shared[alike[0]], sources=(*shared[alike[0]].sources, source))
        else:
            shared.append(Bundle((source,), target, joining))
    return tuple(part for one in shared for part in _parted(one))


def _same(one: tuple[Transition, ...], other: tuple[Transition, ...]) -> bool:
    return len(one) == len(other) and all(left is right for left, right in zip(one, other, strict=True))


def _parted(bundle: Bundle) -> tuple[Bundle, ...]:
    """The bundle as it is when many states share it and none is the target; else a line for each state."""
    if len(bundle.sources) >= MANY and bundle.target not in bundle.sources and not bundle.happy:
        return (bundle,)
    return tuple(attrs.evolve(bundle, sources=(source,)) for source in bundle.sources)
