"""Which transition a machine takes, asked of the `transitions` engine; the only door to that library.

One `transitions.Machine` for each machine declared. It has no models: every question is put to it
with a context of its own, whose state the library sets and which is then thrown away. The library
says no in three ways (an unknown trigger, MachineError for a state that does not know the trigger,
False for guards that do not hold); here all three are None.
"""

from __future__ import annotations

from functools import partial

import attrs
import transitions

from fsm.language.machine import Machine, Transition
from fsm.semantics.evaluation import fold
from fsm.semantics.situation import Read

__all__ = ["Context", "Picker"]


@attrs.define(eq=False)
class Context:
    """What one question is about; `transitions` calls it a model.

    Attributes:
        state: where the instance is; the library sets the next one.
        read: the values that guards may read.
        taken: the transition picked.
    """

    state: str
    read: Read
    taken: Transition | None = None


class Picker:
    """A machine built on `transitions`."""

    def __init__(self, machine: Machine) -> None:
        self._built = transitions.Machine(
            None,
            states=[state.name for state in machine.states],
            initial=machine.initial.name,
            auto_transitions=False,
            send_event=True,
        )
        for place, one in enumerate(machine.transitions):
            for source in one.sources:
                self._built.add_transition(
                    on(one.event) if one.duration is None else after(place),
                    source.name,
                    None if one.target is None else one.target.name,
                    conditions=[partial(_allows, one)],
                    before=[partial(_pick, one)],
                )

    def pick(self, trigger: str, state: str, read: Read) -> tuple[Transition, str] | None:
        """The transition taken and the state it leads to; None when there is none.

        Args:
            trigger: `on(Event)`, or `after(place)` of a transition that time takes.
            state: the name of the state it is in.
            read: the values that guards may read.
        """
        if trigger not in self._built.events:
            return None
        context = Context(state, read)
        try:
            moved = self._built.events[trigger].trigger(context)
        except transitions.MachineError:
            return None
        return (context.taken, context.state) if moved and context.taken else None


def on(event: type) -> str:
    """The trigger of an event that somebody sends."""
    return f"on {event.__name__}"


def after(place: int) -> str:
    """The trigger of a timed transition, by its place in the declaration: time takes one, not any of the same event."""
    return f"after {place}"


def _allows(one: Transition, asked: transitions.EventData) -> bool:
    return one.guard is None or bool(fold(one.guard, _context(asked).read))


def _pick(one: Transition, asked: transitions.EventData) -> None:
    _context(asked).taken = one


def _context(asked: transitions.EventData) -> Context:
    assert isinstance(asked.model, Context)
    return asked.model
