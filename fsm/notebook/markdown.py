"""Text of a declaration made plain for Markdown, whatever stands in it: no markup, no HTML, no link, no torn table.

Signs that mean something to some dialect of Markdown become numeric entities, which every dialect shows as
they are; backslashes would not do, since dialects differ in what they escape.
"""

from __future__ import annotations

import re

__all__ = ["for_markdown"]

SPECIAL = frozenset("\\`*_{}[]<>&|~$#!^@")
COLON = re.compile(r":(?=//|[\w+-]+:)")
"""Of an address, or of a name between colons, which some pages make a link or an emoji."""
WORLD = re.compile(r"(?<=\bwww)\.", re.IGNORECASE)


def for_markdown(text: str) -> str:
    """The text on one line, as it stands, with blanks for what no page can show."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    plain = "".join(f"&#{ord(sign)};" if sign in SPECIAL else sign for sign in plain)
    return WORLD.sub("&#46;", COLON.sub("&#58;", plain))
