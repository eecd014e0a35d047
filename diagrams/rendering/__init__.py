"""From DOT to SVG and PNG: Graphviz as a process, fonts, themes.

fonts     the font that pictures are laid out in, so that they come out the same on a machine without fonts
process   Graphviz in a process of its own: DOT on stdin, a picture on stdout, what Graphviz says on stderr
render    rendering DOT to SVG and PNG, by an installed `dot` or by the Graphviz inside pygraphviz's wheel
theme     dark colours: for each colour of the pictures the one that stands for it on a dark page
vector    from the SVG of Graphviz to one for pages
"""

from __future__ import annotations

__all__: list[str] = []
