"""A declaration made ready to be watched.

declaration.py  what each event reads and moves, what sources promise; engines under values that are left
slicing.py      what of it can show
footprint.py    what one event reads and moves
boxes.py        values of parameters that are left
timers.py       how long timers can last
intervals.py    instants that nobody saw
watchable.py    which claims are followed
worth.py        what an expression may be worth where only sets of values are known
"""

__all__: list[str] = []
