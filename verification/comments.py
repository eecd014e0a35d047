"""Words of a declaration in a comment of somebody else's language."""

from __future__ import annotations

__all__ = ["in_comment"]


def in_comment(text: str) -> str:
    """Words as they may stand in a comment: on one line, in ASCII, and unable to end it.

    Of C's kind, as Promela has them, and of SMT-LIB's, which end with the line.
    """
    plain = "".join(one if " " <= one <= "~" else f"\\u{ord(one):04x}" for one in text)
    return (
        plain.replace("*", "\\u002a").replace("??", "?\\u003f")
        if "*/" in plain or "/*" in plain or "??" in plain
        else plain
    )
