"""The plain meaning of a declaration, value by value: docs/reference/semantics.md, sentence by sentence. Standard library only.

It is slow, and meant to be read beside the page.

machines      what a declaration does: lines, wires, rules, limits, timers
values        what expressions are
walk          a run as it goes on
"""

__all__: list[str] = []
