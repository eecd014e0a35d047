"""Runs that are fair and go round for ever: what refutes that something comes in the end.

components   the groups of snapshots that lead to each other
cycles       fair cycles, by enumeration of one profile
named        a search that tells keys apart by their names
owed         what callers owe events: whom, and whether a step or a run answers it
"""

__all__: list[str] = []
