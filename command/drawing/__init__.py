"""What `fsm draw` writes: drawings of machines, systems and runs, made when they are asked for, and whether one that stands is stale.

choices    what may be chosen on the command line, as the options of a picture
drawing    one drawing: what it is of, in which file it goes, and how it is made
machines   drawings of machines and systems
runs       runs of a report, or one trace, each as one picture
"""

from __future__ import annotations

__all__: list[str] = []
