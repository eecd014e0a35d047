"""Views of declarations as graphs, written in DOT: labels, colours, places."""
