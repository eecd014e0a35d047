"""From the SVG of Graphviz to one for pages: small, read aloud, in light and dark colours, with every text as wide as it was laid out.

What Graphviz writes for itself goes: names and identities of nodes, links, fonts of every text. What a
reader needs comes: a title and a description, a title where the pointer rests, colours for dark pages, and
for each text the width it was laid out for, so that another font cannot push it out of its frame. No
font is inside: a browser takes the first of the family that it has.
"""

from __future__ import annotations

import re
from hashlib import sha256
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from fsm.diagrams.graphs.dot import printable
from fsm.diagrams.graphs.lettering import width
from fsm.diagrams.graphs.style import FAMILY
from fsm.diagrams.rendering.theme import style_for

__all__ = ["CLASS", "digest", "for_pages", "is_current"]

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
CLASS = "fsm-picture"
"""By which the style of a picture finds its own elements, also where it stands inside a page."""
NUMBER = re.compile(r"-?\d+\.\d+")
MADE = re.compile(rb'^<svg [^>]*data-dot="(?P<source>[0-9a-f]+)" data-graphviz="(?P<graphviz>[^"]*)"')
HEAD = 2_000
"""So many bytes hold the opening of a picture."""
VERSION = re.compile(r"graphviz version (\S+)")
KEPT = ("fill", "stroke", "stroke-width", "stroke-dasharray", "points", "d", "x", "y", "cx", "cy", "rx", "ry",
        "text-anchor", "font-size", "font-weight", "font-style")  # fmt: skip
"""What is kept of a shape or a text."""
NEAR = 0.4
"""So near a text begins to the end of another that it goes on, in parts of its size."""
KERNED = 0.05
"""So much narrower than the sum of its letters a text may be laid out, in parts of its width."""
PLAIN = {"text-anchor": "start", "fill": "black"}
"""What goes without saying of a text."""


def digest(*content: object) -> str:
    """What tells a picture from one of another declaration, or in other colours; the same for every version of Graphviz."""
    return sha256(repr(content).encode()).hexdigest()[:16]


def is_current(before: bytes, now: bytes) -> bool:
    """Whether a file that was written before is the one that would be written now; an SVG may be laid out by another version of Graphviz."""
    if before == now:
        return True
    marks = [MADE.search(content[:HEAD]) for content in (before, now)]
    if marks[0] is None or marks[1] is None:
        return False
    return marks[0]["source"] == marks[1]["source"] and marks[0]["graphviz"] != marks[1]["graphviz"]


def for_pages(svg: str, *, title: str, description: str, mark: str, dark: bool) -> str:
    """The picture, an element a line.

    Args:
        title, description: read aloud in place of the picture.
        mark: its digest, which stands in it.
        dark: whether a reader who prefers dark pages gets dark colours.
    """
    drawn = ElementTree.fromstring(svg)
    version = VERSION.search(svg)
    root = Element("svg", _opening(drawn, mark, version[1] if version else "unknown"))
    for tag, text in (("title", title), ("desc", description)):
        SubElement(root, tag, {"id": f"{tag}-{mark}"}).text = printable(text)
    family = FAMILY.partition(",")[2]
    SubElement(
        root, "style"
    ).text = f".{CLASS}{{max-width:100%;height:auto;font-family:{family}}}{style_for(CLASS) if dark else ''}"
    (graph,) = drawn.iterfind(f"{SVG}g")
    _, _, move = graph.attrib["transform"].rpartition("translate")
    inside = SubElement(root, "g", {"transform": f"translate{_rounded(move)}"})
    for element in graph:
        _copy(element, inside)
    for group in root.iter("g"):
        _join(group)
    for drawn_text in root.iter("text"):
        drawn_text.attrib |= {"textLength": _rounded(f"{_long(drawn_text):.2f}"), "lengthAdjust": "spacingAndGlyphs"}
    for element in root.iter():
        element.tail = "" if element.tag == "tspan" else "\n"
        element.text = "\n" if element.tag in ("svg", "g") else element.text
    return ElementTree.tostring(root, encoding="unicode")


def _opening(drawn: Element, mark: str, version: str) -> dict[str, str]:
    """The attributes of the picture; a point of the layout is a pixel."""
    _, _, wide, high = (f"{float(number):.0f}" for number in drawn.attrib["viewBox"].split())
    return {
        "xmlns": "http://www.w3.org/2000/svg",
        "width": wide,
        "height": high,
        "viewBox": f"0 0 {wide} {high}",
        "class": CLASS,
        "role": "img",
        "aria-labelledby": f"title-{mark} desc-{mark}",
        "data-dot": mark,
        "data-graphviz": version,
    }


def _copy(element: Element, to: Element) -> None:
    """A shape, a text, or a group with what its link says as its title."""
    tag = element.tag.removeprefix(SVG)
    if tag == "title":
        return
    if tag == "g" and element.attrib.get("class"):
        to = SubElement(to, "g")
        hint = next((one.attrib[f"{LINK}title"] for one in element.iter(f"{SVG}a")), "").strip()
        if hint:
            SubElement(to, "title").text = hint
    if tag in ("g", "a"):
        for inner in element:
            _copy(inner, to)
    elif tag != "text" or (element.text or "").strip():
        given = {name: _rounded(element.attrib[name]) for name in KEPT if name in element.attrib}
        if tag == "text":
            given = {name: value for name, value in given.items() if PLAIN.get(name) != value}
            SubElement(to, tag, given).text = element.text
        else:
            SubElement(to, tag, given | ({"stroke": "none"} if given.get("stroke") == "transparent" else {}))


def _rounded(text: str) -> str:
    return NUMBER.sub(lambda found: f"{round(float(found[0]), 1):g}", text)


def _join(group: Element) -> None:
    """Make one text of those that follow each other on a line, so that they cannot lie over each other in another font."""
    before: Element | None = None
    for element in list(group):
        if element.tag == "text" and before is not None and _follows(element, before):
            if not len(before):
                _into_itself(before)
            SubElement(before, "tspan", _look(element, before)).text = element.text
            group.remove(element)
        else:
            before = element if element.tag == "text" else None


def _follows(text: Element, before: Element) -> bool:
    """Whether it begins where the other one ends."""
    if text.attrib["y"] != before.attrib["y"] or "text-anchor" in text.attrib or "text-anchor" in before.attrib:
        return False
    end = float(before.attrib["x"]) + _long(before)
    near = NEAR * float(text.attrib["font-size"]) + KERNED * _long(before)
    return abs(float(text.attrib["x"]) - end) <= near


def _into_itself(text: Element) -> None:
    """Put what a text says into its first piece."""
    look = _look(text, text)
    SubElement(text, "tspan", look).text = text.text
    text.text = None
    for name in look:
        del text.attrib[name]


def _look(piece: Element, text: Element) -> dict[str, str]:
    """The look of a piece inside a text; its size where that is another."""
    other = piece.attrib["font-size"] != text.attrib["font-size"]
    names = ["fill", "font-weight", "font-style", *(["font-size"] if other else [])]
    return {name: piece.attrib[name] for name in names if name in piece.attrib}


def _long(text: Element) -> float:
    """How wide a text was laid out."""
    size = text.attrib["font-size"]
    return sum(
        width(
            one.text or "",
            float(one.get("font-size", size)),
            bold=one.get("font-weight") == "bold",
            italic=one.get("font-style") == "italic",
        )
        for one in (text, *text)
    )
