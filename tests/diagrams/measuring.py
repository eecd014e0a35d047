"""Measuring a finished SVG as a reader sees it: where its texts, frames and lines are, and what a reader would stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import attrs

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
ABOVE, BELOW = 0.72, 0.2
"""How far letters reach above and below the line they stand on, in parts of their size."""
OTHER_FONT = 1.04
"""How much wider a text may become where a browser has another font and cannot squeeze it."""


@attrs.frozen
class Box:
    """A rectangle; `high` is the upper edge, since pixels are counted downwards."""

    left: float
    high: float
    right: float
    low: float
    text: str = ""

    def overlaps(self, other: Box) -> bool:
        return self.left < other.right and other.left < self.right and self.high < other.low and other.high < self.low

    def inside(self, other: Box) -> bool:
        return (
            other.left <= self.left and self.right <= other.right and other.high <= self.high and self.low <= other.low
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left < x < self.right and self.high < y < self.low


@attrs.frozen
class Drawn:
    """What is seen.

    Attributes:
        width, height: of the picture, in pixels of CSS.
        smallest: the size of the smallest letters.
        texts: every text with its place.
        frames: everything that has an edge: the page, parts, states, cells.
        lines: points along each line.
    """

    width: float
    height: float
    smallest: float
    texts: list[Box]
    frames: list[Box]
    lines: list[list[tuple[float, float]]]


def measured(svg: str, *, wider: float = 1.0) -> Drawn:
    """A picture measured.

    Args:
        wider: by how much texts are wider than they were laid out.
    """
    root = ElementTree.fromstring(svg)
    (canvas,) = root.iterfind(f"{SVG}g")
    move_x, move_y = map(float, NUMBER.findall(canvas.attrib["transform"]))
    texts, frames, lines = [], [], []
    for element in canvas.iter():
        tag = element.tag.removeprefix(SVG)
        if tag == "text":
            texts.append(_text(element, wider))
        elif tag in ("polygon", "path", "polyline") and element.attrib.get("fill", "none") != "none":
            xs, ys = zip(*_pairs(element), strict=True)
            frames.append(Box(min(xs), min(ys), max(xs), max(ys)))
        elif tag == "path" or tag == "polyline":
            lines.append(list(_curve(_pairs(element))) if tag == "path" else _pairs(element))
    sizes = [float(one.attrib["font-size"]) for one in canvas.iter(f"{SVG}text")]
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    frames.append(Box(-move_x, -move_y, wide - move_x, high - move_y))
    return Drawn(wide, high, min(sizes), texts, frames, [line for line in lines if not _is_frame(line, frames)])


def _text(element: Element, wider: float) -> Box:
    x, y, size = (float(element.attrib[name]) for name in ("x", "y", "font-size"))
    wide = float(element.attrib["textLength"]) * wider
    left = x - wide / 2 if element.attrib.get("text-anchor") == "middle" else x
    return Box(left, y - ABOVE * size, left + wide, y + BELOW * size, "".join(element.itertext()))


def _pairs(element: Element) -> list[tuple[float, float]]:
    numbers = [float(one) for one in NUMBER.findall(element.attrib.get("points") or element.attrib["d"])]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _curve(points: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Points along a line of Bézier curves, 25 on each."""
    for first in range(0, len(points) - 3, 3):
        a, b, c, d = points[first : first + 4]
        for part in range(25):
            t, u = part / 24, 1 - part / 24
            weights = (u**3, 3 * t * u**2, 3 * t**2 * u, t**3)
            yield (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )


def _is_frame(line: list[tuple[float, float]], frames: list[Box]) -> bool:
    """Whether it is the edge of a frame: closed, or along one."""
    if len(line) < 2:
        return True
    return line[0] == line[-1]


def faults(drawn: Drawn) -> list[str]:
    """What a reader would stumble over."""
    return [*_crossed(drawn), *_covered(drawn), *_struck(drawn)]


def _crossed(drawn: Drawn) -> Iterator[str]:
    for text in drawn.texts:
        for frame in drawn.frames:
            if text.overlaps(frame) and not text.inside(frame):
                yield f"{text.text!r} lies across a frame"


def _covered(drawn: Drawn) -> Iterator[str]:
    rows = sorted(drawn.texts, key=lambda text: text.high)
    for place, text in enumerate(rows):
        for other in rows[place + 1 :]:
            if other.high >= text.low:
                break
            if text.overlaps(other):
                yield f"{text.text!r} lies over {other.text!r}"


def _struck(drawn: Drawn) -> Iterator[str]:
    for line in drawn.lines:
        box = Box(min(x for x, _ in line), min(y for _, y in line), max(x for x, _ in line), max(y for _, y in line))
        for text in drawn.texts:
            if text.overlaps(box) and any(text.holds(x, y) for x, y in _dense(line)):
                yield f"a line runs through {text.text!r}"


def _dense(line: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Points no more than three pixels apart."""
    for (x, y), (u, v) in pairwise(line):
        steps = max(1, int(max(abs(u - x), abs(v - y)) // 3))
        for step in range(steps + 1):
            yield x + (u - x) * step / steps, y + (v - y) * step / steps
