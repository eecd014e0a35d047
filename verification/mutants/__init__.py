"""Is the property worth anything? Small faults planted in a declaration, and what becomes of each.

generate: which faults. formulas: those inside one formula. swap: a system around another machine.
kill: the property that a fault breaks, with its run. equivalence: the fault that changes nothing.
judge: one fault against every machine and system it stands in. report: the counts and the reasons.
"""
