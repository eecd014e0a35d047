"""Nothing overlaps: measured on the layout, for every picture that ships and for those of users."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import fsm.diagrams.graphviz_process
from fsm.desk import AGENT, CONTACT, DESK, TILE
from fsm.diagrams import dot
from fsm.diagrams.fonts import configuration
from fsm.language.machine import Machine
from fsm.language.system import System


@attrs.frozen
class Words:
    """The rectangle of a piece of text, in points, `low` at the bottom."""

    text: str
    left: float
    low: float
    right: float
    high: float

    def overlaps(self, other: Words) -> bool:
        return self.left < other.right and other.left < self.right and self.low < other.high and other.low < self.high

    def holds(self, x: float, y: float) -> bool:
        return self.left < x < self.right and self.low < y < self.high


def layout(target: Machine | System, folder: Path) -> dict[str, Any]:
    """Where Graphviz puts everything, with the font of the pictures."""
    fonts = folder / "fonts.conf"
    fonts.write_text(configuration(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-P", fsm.diagrams.graphviz_process.__file__, "json"],
        input=dot(target).encode(),
        capture_output=True,
        check=True,
        env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def words(drawn: dict[str, Any]) -> list[Words]:
    """Every piece of text; letters are taken to be as high as small ones with an ascender and a descender."""
    found = []
    for thing in [drawn, *drawn["objects"], *drawn["edges"]]:
        size = 0.0
        for step in thing.get("_ldraw_", []):
            if step["op"] == "F":
                size = step["size"]
            if step["op"] == "T" and step["text"].strip():
                (x, y), width = step["pt"], step["width"]
                left = x - {"l": 0.0, "c": width / 2, "r": width}[step["align"]]
                found.append(Words(step["text"], left, y - 0.15 * size, left + width, y + 0.7 * size))
    return found


def points(edge: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Points along a line, 25 on each of its curves."""
    for step in edge.get("_draw_", []):
        if step["op"] == "b":
            for first in range(0, len(step["points"]) - 3, 3):
                a, b, c, d = step["points"][first : first + 4]
                for part in range(25):
                    t, u = part / 24, 1 - part / 24
                    weights = (u**3, 3 * t * u**2, 3 * t**2 * u, t**3)
                    yield (
                        sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                        sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
                    )


def faults(drawn: dict[str, Any]) -> list[str]:
    """What a reader would stumble over."""
    texts = words(drawn)
    _, _, right, _ = map(float, drawn["bb"].split(","))
    return [
        *(
            f"{one.text!r} lies over {other.text!r}"
            for place, one in enumerate(texts)
            for other in texts[place + 1 :]
            if one.overlaps(other)
        ),
        *(
            f"a line runs through {text.text!r}"
            for edge in drawn["edges"]
            for text in texts
            if any(text.holds(x, y) for x, y in points(edge))
        ),
        *(f"{text.text!r} sticks out" for text in texts if text.left < 0 or text.right > right),
    ]


@pytest.mark.parametrize("target", [DESK, AGENT, TILE, CONTACT], ids=lambda target: target.name)
def test_nothing_overlaps_in_the_pictures_of_the_desk(target: Machine | System, tmp_path: Path) -> None:
    """No words lie over others, no line runs through any, none stick out of the page."""
    drawn = layout(target, tmp_path)

    assert len(words(drawn)) > 10
    assert [] == faults(drawn)


@pytest.mark.parametrize("name", ["turnstile", "stair_light", "guest", "house"])
def test_nothing_overlaps_in_the_pictures_of_users(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Small machines, and a system in which three parts move together."""
    assert [] == faults(layout(request.getfixturevalue(name), tmp_path))


def test_an_overlap_is_noticed(tmp_path: Path) -> None:
    """The claims above can fail: words pushed onto a line, over other words and off the page are each told."""
    drawn = layout(AGENT, tmp_path)
    (_, line), *_ = [(edge, next(points(edge))) for edge in drawn["edges"] if edge.get("_draw_")]
    drawn["_ldraw_"] = [
        {"op": "F", "size": 10.0, "face": ""},
        *(
            {"op": "T", "pt": place, "align": "c", "width": 40.0, "text": text}
            for text, place in (("on", line), ("over", line), ("off", [-9.0, 0.0]))
        ),
    ]

    told = faults(drawn)

    assert "'on' lies over 'over'" in told
    assert "a line runs through 'on'" in told
    assert "'off' sticks out" in told
