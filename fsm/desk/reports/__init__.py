"""What is counted: reports about an agent, read off snapshots or folded over effects.

real_time   what an agent does now, and how the slots are used (`RealTime`; `slots_by_channel`, `Slots`)
activity    the one word for it (`Activity`)
fold        counts the effects of a desk, in parts that can be cut anywhere and put together (`History`, `EMPTY`)
report      the historical report of a history, by `QUARTER_HOUR`, `HALF_HOUR`, `HOUR` or `DAY` (`Interval`)
tallied     how often each effect was emitted, after those of one more step
"""

from fsm.desk.reports.activity import Activity, activity
from fsm.desk.reports.historical import DAY, HALF_HOUR, HOUR, QUARTER_HOUR, Interval, report
from fsm.desk.reports.history import EMPTY, History, fold
from fsm.desk.reports.realtime import RealTime, Slots, real_time, slots_by_channel
from fsm.semantics.satisfaction import tallied

__all__ = [
    "DAY", "EMPTY", "HALF_HOUR", "HOUR", "QUARTER_HOUR", "Activity", "History", "Interval", "RealTime", "Slots", "activity", "fold", "real_time",
    "report", "slots_by_channel", "tallied",
]  # fmt: skip
