"""Graphviz as a program: DOT on stdin, a picture on stdout, as `dot -Tsvg` does, by pygraphviz.

Run as a file by `render`, never imported by it. You may not import anything of `fsm` here: it
would cost every picture the time of loading it.
"""

from __future__ import annotations

import sys

__all__ = ["main"]


def main(arguments: list[str]) -> None:
    """Render stdin; the first argument is `-T` and the format, the others are options of Graphviz."""
    from pygraphviz import AGraph

    kind, *options = arguments
    graph = AGraph(string=sys.stdin.buffer.read().decode("utf-8"))
    sys.stdout.buffer.write(graph.draw(format=kind.removeprefix("-T"), prog="dot", args=" ".join(options)))


if __name__ == "__main__":
    main(sys.argv[1:])
