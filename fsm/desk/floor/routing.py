"""Who is asked first to take a contact: strategies, given to a floor by its caller.

A strategy names agents in the order in which they are to be asked; the first whose desk takes the
contact has it ring. It is a pure function, and need not know any rule: the desks do.
"""

from collections.abc import Callable, Iterable

from fsm.desk.floor.state import FloorSnapshot

Routing = Callable[[FloorSnapshot, str], Iterable[str]]
"""From the floor and the contact's id to agents, the one to be asked first first; one left out is not asked."""


def longest_idle(floor: FloorSnapshot, contact: str) -> Iterable[str]:
    """The agent who has been without something new for longest (the default)."""
    return floor.idle


def fewest_held(floor: FloorSnapshot, contact: str) -> Iterable[str]:
    """The agent with the fewest tiles on the desk; among those, the one idle for longest."""
    return sorted(floor.idle, key=lambda agent: len(floor.desks[agent]["tiles"]))
