"""The values that fields, variables and parameters may have: their kinds, their limits, and how a message shows them.

annotations      what Python's annotations mean as kinds of values, and which of them may be declared
brief            a value in a message
endless          whether a kind of values is as good as a key
limits           how large a value may be that a system keeps
remaking         whether an object of an author's class comes back as it is
standard_texts   values of the standard library that have one text: dates, UUIDs, decimals, paths, bytes
types            the kinds of values that fields and carried variables may have
"""

from __future__ import annotations

__all__: list[str] = []
