"""The engines that search and enumerate.

bounded         bounded search with Z3
breadth_first   breadth-first search through the public step: shortest runs to what somebody looks for
clocks          who keeps time, and whether a walk from change to change misses nothing of it
dead_ends       snapshots in which nothing can happen any more though something has not come to its end
enumeration     every snapshot of a system under one profile, by the public step
fair            fair cycles, by enumeration of one profile
goal            what is looked for: a snapshot or a step of which a formula holds
late_ways       a way through enumerated snapshots on which a bounded response comes too late
packed          a generated enumerator: every snapshot as one whole number
positions       one position of a run after another
report          what a walk through all snapshots found
results         what a complete walk through the snapshots of a system found
samples         values of declared types, numbered
step_tests      formulas over steps, compiled where that is possible
successors      what can be sent from a snapshot, and when: the moves that a search tries
symmetry        what can be sent from a snapshot, and which snapshots are one
traps           snapshots from which a goal cannot be reached any more, by enumeration of a finite system
witness         whether a run, taken again by the runtime, shows what somebody looked for
"""

from __future__ import annotations

__all__: list[str] = []
