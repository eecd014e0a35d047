"""Explanations of what was seen: what they are, and how an observation changes them.

explanation.py  what the system may be
reading.py      an observation read: time, event, state
passing.py      time passes, timers fire
stepping.py     an event on an explanation
snapshots.py    an explanation as the runtime takes it
permits.py      what may go unseen
matching.py     what was seen of the state
unknown.py      what nobody knows, looked at as far as something depends on it
search.py       what happened unseen
helping.py      which of that could help, from what stands in the way
claims.py       what must hold
run.py          one reading: what stood in the way, what was overlooked
"""

__all__: list[str] = []
