"""A picture in words, for those who hear it: the states of each machine, and what leads from one to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fsm.diagrams.views.views import MachineView, PartView, SystemView
from fsm.diagrams.views.wording import event_name, listed, plain, population, spaced

__all__ = ["described_machine", "described_system"]


def described_machine(view: MachineView) -> str:
    """What the picture of a machine shows."""
    return plain(" ".join(_machine(view)))


def described_system(view: SystemView) -> str:
    """What the picture of a system shows."""
    sentences = [sentence for one in view.parts for sentence in _part(one)]
    if view.rules:
        sentences.append(f"Rules: {'; '.join(rule.name for rule in view.rules.values())}.")
    return plain(" ".join(sentences))


def _part(view: PartView) -> Iterator[str]:
    many = population(view.part)
    yield f"Part {spaced(view.part.name)}{f', {many}' if many else ''}."
    yield from _machine(view.machine)


def _machine(view: MachineView) -> Iterator[str]:
    names = [
        f"{spaced(state.name)} (start)" if state == view.machine.initial else spaced(state.name)
        for state in view.states
    ]
    yield f"States: {', '.join(names)}."
    for state in view.states:
        ways: dict[str, list[str]] = {}
        for one in view.leaving(state):
            target = "stay" if one.target is None else spaced(one.target.name)
            ways.setdefault(target, []).append(event_name(one.event))
        if ways:
            yield f"From {spaced(state.name)}: {'; '.join(_ways(ways))}."


def _ways(ways: dict[str, list[str]]) -> Iterable[str]:
    for target, events in ways.items():
        names = listed(dict.fromkeys(events))
        yield f"{names} without leaving it" if target == "stay" else f"{names} to {target}"
