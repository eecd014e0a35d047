"""Snapshots, events and runs written down as JSON, and distrusted when they are read back.

dump, load               a snapshot; one that comes back is refused with the path of what is wrong
take_over                a snapshot that was made under other parameters, gone over to those of an engine
Migration, Migrations    ways for snapshots of older declarations
event_out, event_in      an event that a caller sends
effect_out               an effect
trace_out, trace_in      a run; one that is read back is replayed
Limits                   how much of a stranger's text is read
"""

from fsm.storage.events import effect_out, event_in, event_out
from fsm.storage.migration import Migration, Migrations
from fsm.storage.snapshots import dump, load
from fsm.storage.taking_over import take_over
from fsm.storage.traces import trace_in, trace_out
from fsm.strict_json import Limits

__all__ = [
    "Limits", "Migration", "Migrations", "dump", "effect_out", "event_in", "event_out", "load", "take_over", "trace_in", "trace_out",
]  # fmt: skip
