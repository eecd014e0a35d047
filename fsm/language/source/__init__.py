"""The text of a declaration: where a line stands, and how it groups what it joins.

grouping   `a & b >> c` without parentheses, told on its line
origin     in which file and line something is written
"""

from __future__ import annotations

__all__: list[str] = []
