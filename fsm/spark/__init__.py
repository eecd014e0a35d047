"""Monitors and machines on Spark, for more records than one process reads. An extra: `verified-fsm[spark]`, and Java 17 or newer.

monitor           judgements of a table of records: what `fsm monitor` says of each
monitor_stream    the same of a stream; what is known is the stream's state, so that a job goes on from its checkpoint
replay            commands of many machines, each machine's in its order: what became of each
run_stream        machines that run in a stream: commands by key in, effects and refusals out; time moves them too
local             a session of Spark on this machine

Records are dealt by their machine; each machine's are read in their order, by the same monitor as in one process, so that the
judgements are the same. Nothing is collected by the driver.
"""

from fsm.spark.java import local
from fsm.spark.monitoring import monitor, monitor_stream
from fsm.spark.running import replay, run_stream

__all__ = ["local", "monitor", "monitor_stream", "replay", "run_stream"]
