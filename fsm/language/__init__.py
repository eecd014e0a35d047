"""The language: what a declaration is made of. The public part of it stands in `fsm`.

by_values     counts that read a field of the event, taken apart
composition   what a machine says, said of a part
domains       what values a variable, a field or a parameter may take
events        events and effects: what arrives and what goes out, as frozen records with typed fields
expressions   the trees that guards, updates, rules and properties are made of; they print themselves
formulas      the words that expressions are built of: `inside`, `before`, `after`, `happens`, ...
leaves        what a formula can read: states, fields, clocks, counts, what a step does
machine       a machine: states, events, guarded transitions and timers, declared as frozen data
parameters    parameters, concrete at run time and symbols in proofs
parts         parts of a system: one(machine), each(machine), and who is selected
printing      names, values and durations in words
properties    properties: what must be true of a machine or a system, each a sentence with its formula
rewriting     expressions made of others; what makes two of them the same
snapshot      what a system remembers between two events, and what a step gives back
source        the text of a declaration: where a line stands, and how it groups what it joins
system        a system: machines that move together, by wires, under rules
traversal     walking what has nodes below it: each node once, without recursion
values        the values that fields, variables and parameters may have
"""

from __future__ import annotations

__all__: list[str] = []
