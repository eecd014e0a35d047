"""The engines that prove: induction, k-induction, Spacer, ranking functions.

by_types          claims that no values that can be written would break
clocks            claims about time
enabledness       whether a caller can have an event taken, whatever the clocks say
in_range          where a line is meant to be taken and its values would have no room
induction         what holds at the start and is kept by every event holds for ever
k_induction       what holds in k states in a row and in the next holds for ever
payloads          what a caller may put into the fields of an event
ranks             a rank that events lower until the goal is reached, or that nothing raises
simultaneous      two timers of one instant, one after the other, as formulas
spacer            Spacer, Z3's property-directed reachability over Horn clauses
strengthening     which further fact would close a step that fails
unblocked         whether anything can stand in the way of a timer
unrolling         states in a row, as formulas
wellformed        what the checks of a definition ask, said without asking
"""

from __future__ import annotations

__all__: list[str] = []
