"""What `fsm play` does with a line that somebody types: reads it, and plays it.

lines    a line as an event with its fields, or as a command
session  the snapshot that has been reached, and what a line makes of it
"""

from __future__ import annotations

__all__: list[str] = []
