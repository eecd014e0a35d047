"""What a newer declaration claims and does that an older one did not, and the other way round.

vocabulary      the states, variables, events and parameters of both, as one system without a transition
claims          each claim against that of the same sentence, by the solver
behaviour       which runs one takes and the other refuses: the shortest, or the proof that there is none
settings        parameters that may be set otherwise, and a run that only such a value takes
pairing         both with one class for each event that both have, and under names that changed
sending         what can be sent to both at once
clocks          how time passes for both at once
walk            both side by side, by breadth
replaying       a run that tells them apart, taken again
alignment       both with their states and parameters in one order
refinement      that one refines the other, by the solver
functions       what the author's own functions do, and who has them
verdicts        claims of both that are decided otherwise
snapshots       what a migration has to say
"""

from __future__ import annotations

__all__: list[str] = []
