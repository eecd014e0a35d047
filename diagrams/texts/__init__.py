"""Declarations as text for pages: Markdown tables, Mermaid.

description   a picture in words, for those who hear it
markdown      Markdown for a page that people read
mermaid       Mermaid, for pages that draw it themselves
"""

from __future__ import annotations

__all__: list[str] = []
