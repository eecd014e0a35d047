"""The engines that prove: induction, k-induction, Spacer, ranking functions.

by_types          claims that no values that can be written would break
countdown         how much longer a bounded response can take: durations, as often as numbers say
detours           how long a stopwatch may have run when a state is entered: sums of durations
each_clock        the time in state of each of many instances
enabledness       whether a caller can have an event taken, whatever the clocks say
in_range          where a line is meant to be taken and its values would have no room
induction         what holds at the start and is kept by every event holds for ever
k_induction       what holds in k states in a row and in the next holds for ever
payloads          what a caller may put into the fields of an event
ranks             a rank that events lower until the goal is reached, or that nothing raises
side_by_side      what the states of two parts say of each other
simultaneous      two timers of one instant, one after the other, as formulas
spacer            Spacer, Z3's property-directed reachability over Horn clauses
strengthening     which further fact would close a step that fails
timed_induction   claims about the time in state
unblocked         whether anything can stand in the way of a timer
unrolling         states in a row, as formulas
wellformed        what the checks of a definition ask, said without asking
"""

from __future__ import annotations

__all__: list[str] = []
