"""The line in the words of three libraries from the registry, as their own documentation writes a machine.

They are asked for less than the engine gives: their objects change in place, and none checks an
instant. `transitions` and `python-statemachine` have the guard; automat has none, so its line
counts and lets everybody through.
"""

from __future__ import annotations

from typing import Protocol

from automat import TypeMachineBuilder
from line import LIMIT
from statemachine import State, StateMachine
from transitions import Machine


class TransitionsLine:
    """On transitions: the triggers become methods of this object."""

    def __init__(self) -> None:
        self.missed = 0
        machine = Machine(
            self, states=["idle", "ringing", "talking", "wrapping"], initial="idle", auto_transitions=False
        )
        machine.add_transition("ring", "idle", "ringing", conditions="lets_through")
        machine.add_transition("miss", "ringing", "idle", after="count")
        machine.add_transition("answer", "ringing", "talking", after="forget")
        machine.add_transition("hang_up", "talking", "wrapping")
        machine.add_transition("clear", "wrapping", "idle")

    def lets_through(self) -> bool:
        return self.missed < LIMIT

    def count(self) -> None:
        self.missed += 1

    def forget(self) -> None:
        self.missed = 0


class StatemachineLine(StateMachine):
    """On python-statemachine."""

    idle = State(initial=True)
    ringing = State()
    talking = State()
    wrapping = State()

    ring = idle.to(ringing, cond="lets_through")
    miss = ringing.to(idle, on="count")
    answer = ringing.to(talking, on="forget")
    hang_up = talking.to(wrapping)
    clear = wrapping.to(idle)

    def __init__(self) -> None:
        self.missed = 0
        super().__init__()

    def lets_through(self) -> bool:
        return self.missed < LIMIT

    def count(self) -> None:
        self.missed += 1

    def forget(self) -> None:
        self.missed = 0


class Inputs(Protocol):
    """What automat's line takes."""

    def ring(self) -> None: ...
    def miss(self) -> None: ...
    def answer(self) -> None: ...
    def hang_up(self) -> None: ...
    def clear(self) -> None: ...


class Calls:
    """What automat's line remembers."""

    missed = 0


def _automat() -> TypeMachineBuilder[Inputs, Calls]:
    builder = TypeMachineBuilder(Inputs, Calls)
    idle, ringing, talking, wrapping = (builder.state(name) for name in ("idle", "ringing", "talking", "wrapping"))
    idle.upon(Inputs.ring).to(ringing).returns(None)

    @ringing.upon(Inputs.miss).to(idle)
    def count(inputs: Inputs, calls: Calls) -> None:
        calls.missed += 1

    @ringing.upon(Inputs.answer).to(talking)
    def forget(inputs: Inputs, calls: Calls) -> None:
        calls.missed = 0

    talking.upon(Inputs.hang_up).to(wrapping).returns(None)
    wrapping.upon(Inputs.clear).to(idle).returns(None)
    return builder


automat_line = _automat().build()
"""Makes a line on automat."""
