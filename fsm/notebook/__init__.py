"""What a notebook shows of a declaration, a snapshot, a run or a verdict: a picture and a text, where something is installed that draws.

Shown         the base of what can be shown
for_markdown  a text that is only text, whatever stands in it
"""

from fsm.notebook.markdown import for_markdown
from fsm.notebook.shown import Shown

__all__ = ["Shown", "for_markdown"]
