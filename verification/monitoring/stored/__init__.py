"""What a watch knows, as JSON, and the boundary at which it is distrusted when it comes back.

state.py      the whole: whose it is, what was counted, each machine
machines.py   one machine: what waits, what was read
records.py    observations that wait
beliefs.py    explanations, and what was seen since
counts.py     what was said
values.py     values, keys, intervals
"""

__all__: list[str] = []
