"""Views of declarations as graphs, written in DOT: labels, colours, places.

dot               writing DOT, by the `graphviz` library, and the HTML-like labels of Graphviz
entries           what stands on the lines of a machine or of a part
footnote_columns  what stands below a picture: notes in one column or two, and what was left out
footnotes         what stands below a picture
labels            labels: what stands on an edge or inside a state
lettering         how much room text takes
machines          a machine as DOT: states as nodes, an edge for each pair of states that transitions join
matrix            a matrix as a picture
runs              a run as one picture
style             how pictures look: colours, sizes, lines and the kinds of states
systems           whole pictures of machines and systems as DOT: a heading, the machines, and what stands below
width             how wide a machine is likely to be drawn
"""

from __future__ import annotations

__all__: list[str] = []
