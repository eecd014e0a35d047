"""From DOT to SVG and PNG: Graphviz as a process, fonts, themes."""
