"""Graphviz in a process of its own: DOT on stdin, a picture on stdout, what Graphviz says on stderr.

An installed `dot` renders, run by the `graphviz` library; where there is none, the Graphviz inside
pygraphviz's wheel. Run as a file by `render`, never imported by it. You may not import anything of
`fsm` here: it would cost every picture the time of loading it.
"""

from __future__ import annotations

import sys
from shutil import which

__all__ = ["main"]


def main(kind: str) -> None:
    """Render stdin as `svg`, `png` or another format of Graphviz."""
    text = sys.stdin.buffer.read()
    sys.stdout.buffer.write(_installed(kind, text) if which("dot") else _inside_the_wheel(kind, text))


def _installed(kind: str, text: bytes) -> bytes:
    import graphviz

    try:
        picture: bytes = graphviz.pipe("dot", kind, text)
    except graphviz.CalledProcessError as failed:  # what dot says went to stderr
        sys.exit(failed.returncode)
    return picture


def _inside_the_wheel(kind: str, text: bytes) -> bytes:
    from pygraphviz import AGraph

    picture: bytes = AGraph(string=text.decode("utf-8")).draw(format=kind, prog="dot")
    return picture


if __name__ == "__main__":
    main(sys.argv[1])
