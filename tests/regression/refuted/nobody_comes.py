"""Guests for whom there is no door: no event names them, so there is nothing that could be counted, and the hotel stays empty.

Found among random systems: nothing to weigh is no reason to stop. Must be refuted without a step.
"""

from fsm import Machine, State, System, each, event, recoverable

away, here = State("away"), State("here")


@event
class Come:
    pass


@event
class Go:
    pass


GUEST = Machine("guest", states=(away, here), initial=away, transitions=(away.on(Come).to(here), here.on(Go).to(away)))
guests = each("guests", GUEST, key="who")

SUBJECT = System("hotel", parts=(guests,), properties=(recoverable("somebody can come", guests.any(here)),))

STEPS = 0
