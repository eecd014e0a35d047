"""Pictures as a browser shows them, with the fonts that this machine has, in light and in dark; and by an installed Graphviz."""

from __future__ import annotations

import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from fsm import Machine, System, compile
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE
from fsm.diagrams import Detail, Options, Theme, png, run_svg, svg
from fsm.traces import replay
from tests.diagrams.measuring import faults, measured
from tests.diagrams.test_legible import stumbling
from tests.diagrams.test_runs import SHIFT

from .conftest import NPM, ROOT

WHOLE = Options(values={})
MEASURE = """
const box = one => { const r = one.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; };
const told = {};
for (const svg of document.querySelectorAll("svg")) {
  const texts = [...svg.querySelectorAll("text")].map(one => {
    const [left, top, right, bottom] = box(one), middle = (bottom - top) * 0.2;
    return {text: one.textContent, box: [left, top + middle, right, bottom - middle], size: parseFloat(getComputedStyle(one).fontSize)};
  });
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  const frames = [...svg.querySelectorAll("path, polygon")].filter(one => getComputedStyle(one).fill !== "none").map(box);
  const crossed = texts.filter(one => frames.some(frame => {
    const [l, t, r, b] = one.box, [fl, ft, fr, fb] = frame;
    const apart = l >= fr || fl >= r || t >= fb || ft >= b, inside = fl <= l && r <= fr && ft <= t && b <= fb;
    return !apart && !inside;
  })).map(one => one.text);
  const covered = [];
  texts.forEach((one, place) => texts.slice(place + 1).forEach(other => {
    const [l, t, r, b] = one.box, [ol, ot, or, ob] = other.box;
    if (l < or && ol < r && t < ob && ot < b) covered.push([one.text, other.text]);
  }));
  told[svg.getAttribute("data-dot")] = {
    crossed, covered, smallest: Math.min(...texts.map(one => one.size)) * scale, many: texts.length,
    font: getComputedStyle(svg.querySelector("text")).fontFamily,
  };
}
say(told);
"""


def subjects() -> list[tuple[str, str]]:
    desk = compile(DESK)
    pictures = [(one.name, svg(one)) for one in (DESK, JOURNEY, AGENT, TILE, CONTACT)]
    pictures += [(f"whole {one.name}", svg(one, WHOLE)) for one in (DESK, TILE)]
    pictures += [("rules", svg(DESK, Options(detail=Detail.RULES))), ("run", run_svg(desk, replay(desk, SHIFT)))]
    return pictures


def test_nothing_overlaps_in_a_browser_that_has_another_font(browser: Any) -> None:
    """Whatever font it takes, no word lies over another or across a frame, and letters have eleven pixels at 800 wide."""
    pictures = subjects()

    told = browser("\n".join(f'<div style="width:800px">{picture}</div>' for _, picture in pictures), MEASURE)

    assert len({picture for _, picture in pictures}) == len(told)
    for mark, seen in told.items():
        assert ([], []) == (seen["crossed"], seen["covered"]), mark
        assert seen["smallest"] >= 11
        assert seen["many"] > 10


def test_who_hears_a_page_hears_each_picture(browser: Any) -> None:
    """No violation of the rules of axe, the checker of accessibility; a picture without its title is one."""
    picture = svg(TILE)
    axe = (NPM / "axe-core" / "axe.min.js",)
    ask = 'say((await axe.run("#shown", {runOnly: ["wcag2a", "wcag2aa"]})).violations.map(one => one.id));'
    page = '<main id="shown"><h1>A tile</h1>{}</main>'

    assert [] == browser(page.format(picture), ask, axe)
    mute = picture.replace("<title id", "<text id").replace("aria-labelledby", "data-labelledby")
    assert "svg-img-alt" in browser(page.format(mute), ask, axe)


@pytest.mark.parametrize(
    ("theme", "page", "corner"),
    [
        (Theme.AUTO, "light", "#ffffff"),
        (Theme.AUTO, "dark", "#0d1117"),
        (Theme.LIGHT, "dark", "#ffffff"),
        (Theme.DARK, "light", "#0d1117"),
    ],
    ids=lambda one: getattr(one, "value", one),
)
def test_a_picture_follows_the_page_unless_its_theme_is_chosen(
    theme: Theme, page: str, corner: str, screenshot: Callable[[str], bytes], tmp_path: Path
) -> None:
    """As GitHub shows it: as an image in a page that is light or dark."""
    (tmp_path / "tile.svg").write_text(svg(TILE, Options(theme=theme)), encoding="utf-8")
    seen = screenshot(f'<html style="color-scheme:{page}"><body style="margin:0"><img src="tile.svg"></body></html>')

    assert corner == first_pixel(seen)


def first_pixel(image: bytes) -> str:
    """The upper left pixel of a PNG; the first one of a picture is written as it is."""
    assert image[24:26] in (b"\x08\x02", b"\x08\x06")
    data, place = b"", 8
    while place < len(image):
        length, kind = int.from_bytes(image[place : place + 4], "big"), image[place + 4 : place + 8]
        data += image[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    return f"#{zlib.decompress(data)[1:4].hex()}"


@pytest.mark.parametrize("target", [DESK, JOURNEY, AGENT, TILE, CONTACT], ids=lambda target: target.name)
def test_an_installed_graphviz_draws_the_same_picture(target: Machine | System) -> None:
    """Another version lays out otherwise: the words are the same, and nothing overlaps."""
    assert which("dot") is not None, "make integration installs it"
    assert [] == stumbling(target, WHOLE)
    assert png(target).startswith(b"\x89PNG")
    assert [] == faults(measured(svg(target)))


def test_committed_pictures_are_current_whichever_graphviz_is_installed() -> None:
    """They say themselves what they are made from."""
    command = [
        sys.executable,
        "-m",
        "fsm",
        "draw",
        "fsm.desk:DESK",
        "fsm.desk:JOURNEY",
        "--out",
        "docs/pictures",
    ]

    done = subprocess.run([*command, "--check"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (0, "5 files are current\n") == (done.returncode, done.stdout)
