"""Whether what really happened conforms to a declaration: runtime verification of recorded and live streams.

    Monitor        a declaration that watches any number of machines: `check` reads a stream that ends, a Watch one that does not
    Observation    what a source wrote: an event, what was Seen of the state, or both; a Sight is of one instance, Since an instant
    Source         what records are worth: what it Shows always, sometimes, never; its clock, its order, its gaps
    Report         what was said, counted (KeyCount): a Verdict, and each Judgement that does not say Conforms with its evidence:
                   Violates and Inconclusive; Where it stands, the Kind of what was broken, Because of what

The monitor keeps the explanations of what was seen, as subset construction keeps states (Rabin and Scott 1959), with an
interval for each instant that nobody saw (after Tripakis 2002): snapshots that some run of the declaration comes to that shows the same.
Records of files become observations by a mapping (`mapped`; `connect` has those of Amazon Connect), and `telling` puts a report into words, as `fsm monitor` does.
Violates is said only where no explanation is left, under whatever value of a parameter that nobody saw.
"""

from __future__ import annotations

from fsm.verification.monitoring.observations import Observation, Seen, Shows, Sight, Since, Source
from fsm.verification.monitoring.report import KeyCount, Report
from fsm.verification.monitoring.verdicts import (
    Because,
    Conforms,
    Inconclusive,
    Judgement,
    Kind,
    Verdict,
    Violates,
    Where,
)
from fsm.verification.monitoring.watching import Monitor, Watch

__all__ = [
    "Because", "Conforms", "Inconclusive", "Judgement", "KeyCount", "Kind", "Monitor", "Observation", "Report", "Seen", "Shows", "Sight", "Since",
    "Source", "Verdict", "Violates", "Watch", "Where",
]  # fmt: skip
