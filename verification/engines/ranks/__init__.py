"""Ranks: whole numbers that fall until the goal is reached (Floyd, 1967; for fair events Manna and Pnueli, 1984).

gaps       how far a whole number stands above another, so that it can weigh
pending    what is pending, in formulas
progress   `leads_to` for any number of instances: while the goal is pending, fair events lead to it
rank       what a state weighs
ranking    `recoverable` for any number of instances: from everywhere some event leads closer
timely     `leads_to` by events whose guards read the time in state
"""

from __future__ import annotations

__all__: list[str] = []
