"""What can be wrong in a declaration, found when it is written.

assumptions   assumptions on parameters that nothing satisfies
calls         a call that does not fit what is called: told with what to write
durations     durations, limits and assumptions: made of constants and parameters
each_parts    what an `each` machine cannot do
intervals     between which values an expression lies: interval arithmetic, sharpened by what the guard says
kinds         arguments of the wrong shape
machines      what can be wrong in a machine
names         names that messages, snapshots and pictures can carry: identifiers, each used once
overlap       wires of one event whose conditions overlap: two of them could then apply at once
profiles      what can be wrong in named profiles
properties    what a property may say: the place of its formulas by its modality, and one sentence each
ranges        values that could leave their range: refused, or said in a condition that keeps them there
scoping       who may read what: a table of places, and the walk that holds an expression to it
sums          integer expressions as sums: what one side of a comparison is more than the other
systems       what can be wrong in a system
unused        what a declaration has and nothing reads: told, and not wrong
"""

from __future__ import annotations

__all__: list[str] = []
