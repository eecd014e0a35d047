"""What was decided before, kept in a folder and believed in nothing: a proof is confirmed again, a run is taken again.

entries     a file for each verdict, by everything that it follows from
keeping     what is kept of a verdict
answering   what a kept verdict is worth today
"""

from __future__ import annotations

__all__: list[str] = []
