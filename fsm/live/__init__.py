"""The same machine or system as a mutable object with callbacks, on the `transitions` engine.

    desk = Live(DESK, {"max_chats": 3})
    desk.after(lambda step: notify(step.effects))
    desk.send(OfferChat("c-1", "Ann", arrived_at=0), at=1_000)

A second execution of a declaration: `transitions` picks the transition of each machine, and
wires, rules and timers are read off the declaration again. Nothing here runs what `fsm.runtime.compiled_expressions`,
`fsm.runtime.compiled_transitions` and `fsm.runtime.compiled_wires` compile, so that comparing the two means something.
"""

from fsm.live.object import Live

__all__ = ["Live"]
