"""A floor: many agents and contacts, one pure step over all their desks and journeys.

Floor           the floor of some agents: `start`, `step`, `desk`
FloorSnapshot   what it remembers
FloorStep       what a step gives
FloorRefused    an event that it does not take now
Moves           what an event of a floor means: who is told what, for events that a floor of variants adds
events          what happens on a floor: `events.Route(contact)`, `events.Accept(contact, agent)`
"""

from fsm.desk.floor import events
from fsm.desk.floor.floor import Floor
from fsm.desk.floor.state import FloorRefused, FloorSnapshot, FloorStep
from fsm.desk.floor.translation import Moves

__all__ = ["Floor", "FloorRefused", "FloorSnapshot", "FloorStep", "Moves", "events"]
