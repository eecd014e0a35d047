"""Many machines at once: `Engine.step` over columns of numpy, equal to it lane by lane. An extra: `verified-fsm[batch]`.

    batch = Batch(compile(ORDER))
    orders = batch.start(1_000_000)
    step = batch.step(orders, batch.every(Pay, 1_000_000, amount=amounts), at)
    step.after, step.outcomes, step.emissions

For machines, and systems of parts made by `one`. What cannot be batched is refused by name (`CannotBatch`), and what int64 does not
hold is never rounded (`BeyondBatch`).

Batch                        an engine's system, ready to step columns: `start`, `snapshots`, `events`, `every`, `step`, `advance`, `due`
Snapshots, Events, NO_EVENT  a lane for each machine
Result, Outcome              what a step gives: the next snapshots, what became of each lane
Emission, Timed              what lanes emitted, and which timers fired
replay, Replay               records of many machines taken again, each in its order

layout        where everything stands among the columns
expressions   expressions compiled to numpy
plans         what can happen in one step, as tables
wires         which wire applies in which lane
moving        one step, once it is known which plan each lane follows
timing        what time does
snapshots     snapshots as columns
events        events as columns
result        what a step gives
batch         all of it together
replaying     what many machines were sent, taken again
arrow         all of it as Arrow tables; it needs pyarrow and is imported by its name
"""

from importlib.util import find_spec

if find_spec("numpy") is None:
    raise ImportError("fsm.batch needs numpy; install with: pip install 'verified-fsm[batch]'")

from fsm.batch.batch import Batch
from fsm.batch.events import NO_EVENT, Events
from fsm.batch.moving import Emission
from fsm.batch.replaying import Replay, replay
from fsm.batch.result import Outcome, Result
from fsm.batch.snapshots import Snapshots
from fsm.batch.timing import Timed

__all__ = ["NO_EVENT", "Batch", "Emission", "Events", "Outcome", "Replay", "Result", "Snapshots", "Timed", "replay"]
