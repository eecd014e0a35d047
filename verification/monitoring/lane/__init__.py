"""The fast lane: while nothing is hidden the runtime takes what was seen, and says what the explanations would have said.

lane.py     a record taken at once, or left to the explanations
exact.py    the one explanation in the lane: how it enters, how it is written down again
plans.py    what of an event is worked out once
kinds.py    what a part is but for keys and instants, as a number
awaited.py  what must come true
"""

__all__: list[str] = []
