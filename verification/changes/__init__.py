"""What a newer declaration claims that an older one did not, and the other way round.

vocabulary      the states, variables, events and parameters of both, as one system without a transition
claims          each claim against that of the same sentence, by the solver
"""

from __future__ import annotations

__all__: list[str] = []
