"""Is the property worth anything? Small faults planted in a declaration, and what becomes of each.

equivalence   a fault that changes nothing
first_kill    a short search for the first run that breaks any of many claims at once
formulas      a formula with one thing wrong
generate      which faults are planted in a declaration
judge         what becomes of one mutant: killed, equivalent, surviving, or nobody knows
kill          which property of its subject a faulty system breaks
lemmas        more candidates for invariants than the declarations state
report        what became of all mutants
subjects      a machine or system as it is declared, with all that a fault in it is judged by
"""

from __future__ import annotations

__all__: list[str] = []
