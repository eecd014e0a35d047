"""The guide after 2019.

versions   how the guide changed: one profile for each version, each with what came before it
"""

from __future__ import annotations

__all__: list[str] = []
