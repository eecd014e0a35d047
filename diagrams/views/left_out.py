"""What a picture does not show, counted, in a sentence: nothing is hidden without being said."""

from __future__ import annotations

from collections.abc import Sequence

from fsm.diagrams.views.views import MachineView
from fsm.diagrams.views.wording import listed

__all__ = ["left_out"]


def left_out(
    views: Sequence[MachineView], absent: int, *, version: str | None, full: bool, shortened: int, rules: int = 0
) -> str:
    """The sentence; empty where nothing is left out.

    Args:
        views: the machines of the picture.
        absent: how many things are not drawn.
        version: what the values are called under which they never matter; None where none are given: then nothing sends them.
        full: whether changes and effects stand in the picture.
        shortened: how many conditions are cut short.
        rules: how many rules are not told.
    """
    transitions = [one for view in views for one in view.transitions]
    updates = 0 if full else sum(len(one.updates) for one in transitions)
    effects = 0 if full else sum(len(one.effects) for one in transitions)
    unsent = absent if version is None else 0
    hidden = [
        _counted(updates, "change of a variable", "changes of variables"),
        _counted(effects, "effect", "effects"),
        _counted(rules, "rule", "rules"),
        _counted(shortened, "end of a long condition", "ends of long conditions"),
        _counted(unsent, "transition that nothing sends here", "transitions that nothing sends here"),
    ]
    sentences = [f"not shown: {listed(filter(None, hidden))}"] if any(hidden) else []
    if absent and version is not None:
        things = _counted(absent, "thing that never matters", "things that never matter")
        sentences.append(f"left out: {things} in {version}" if version else f"left out: {things} under these values")
    return "; ".join(sentences)


def _counted(number: int, one: str, many: str) -> str:
    return "" if not number else f"{number} {one if number == 1 else many}"
