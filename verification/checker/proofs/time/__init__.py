"""What is asked for claims about time, and of timers.

clocks        integer clocks, the delay before a step, a stopwatch
followed      one instance of a part, followed by itself
stopwatch     lemmas about the stopwatch of a claim in time
timers        whether anything can stand in the way of a timer
"""

__all__: list[str] = []
