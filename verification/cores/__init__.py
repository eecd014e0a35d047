"""Which rules and guards a proof needs: inductive validity cores.

cores       for each claim the rules and guards that its proof rests on, as a matrix
weakening   a declaration whose rules and guards can be left out one by one
"""

from __future__ import annotations

__all__: list[str] = []
