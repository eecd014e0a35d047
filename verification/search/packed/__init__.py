"""A generated enumerator: every snapshot of a system without clocks, each packed into one whole number.

The declaration, with its parameters given, is translated into tables of differences between
numbers: what a step is to a snapshot is then an addition. No source text is generated and nothing is
evaluated, so no name that a user wrote can become code; what is generated are tables of integers.

Neither the runtime (`fsm.runtime.engine`) nor the encodings are read here, so that comparing the three means
something: this is one more execution of the same declaration. Runs that it reports are replayed.

What it can never say: anything about time. Timers and time in state are refused (`Unpackable`), as
is data without end; what is carried is left out, since no condition reads it.

explore      goes through all of them, counts them and judges every property
Unpackable   why it cannot
"""

from fsm.verification.search.packed.exploring import explore
from fsm.verification.search.packed.refused import Unpackable

__all__ = ["Unpackable", "explore"]
