"""Work in other processes: how it is begun, handed over, told and ended.

guards      processes begun anew, and the guard that ends them when their owner has ended
packing     values for another process of ours
processes   work in processes of their own, so that it can be ended
transport   verdicts as plain values, so that one process can tell another
"""

from __future__ import annotations

__all__: list[str] = []
