"""Declarations in documentation sites: a Sphinx directive and an MkDocs fence, which show a target as picture, table, claims with verdicts, runs.

request  what is asked for: a TARGET and options
asking   asking the command
content  the pieces of a page, as HTML
sphinx   the directive `fsm`
mkdocs   the fence `fsm`
"""

from __future__ import annotations

__all__: list[str] = []
