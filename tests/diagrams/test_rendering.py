"""SVG and PNG: the same bytes in every process, the same letters on every machine, and honest errors."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fsm import Machine, State, System
from fsm.desk import AGENT, CONTACT, DESK, TILE
from fsm.diagrams import Options, RenderingFailed, Theme, dot, png, render_svg, svg
from fsm.diagrams.graphs.style import (
    CHANGED,
    EVENT,
    FILLS,
    GREY,
    INK,
    PAPER,
    RULE,
    SYSTEM_EVENT,
    TAKEN,
    TIME,
)  # fmt: skip
from fsm.diagrams.rendering.theme import DARK

SVG = "{http://www.w3.org/2000/svg}"
SHIPPED = [DESK, AGENT, TILE, CONTACT]
PRINT_ALL = """
import hashlib
from fsm.desk import AGENT, CONTACT, DESK, TILE
from fsm.diagrams import dot, png, svg, table
for target in (DESK, AGENT, TILE, CONTACT):
    for content in (dot(target).encode(), table(target).encode(), svg(target).encode(), png(target)):
        print(target.name, hashlib.sha256(content).hexdigest())
"""


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def test_pictures_and_tables_are_equal_to_the_byte_in_every_process() -> None:
    """Whatever the seed of Python's hashes."""
    prints = [python(PRINT_ALL, PYTHONHASHSEED=seed) for seed in ("1", "4242")]

    assert 1 == len({done.stdout for done in prints})
    assert 16 == len(prints[0].stdout.splitlines())


@pytest.mark.parametrize("target", SHIPPED, ids=lambda target: target.name)
def test_no_picture_holds_the_address_of_an_object(target: Machine | System) -> None:
    """That would differ from run to run."""
    assert [] == re.findall(r"0x[0-9a-f]{6,}| at 0x", dot(target) + svg(target))


@pytest.mark.parametrize("target", SHIPPED, ids=lambda target: target.name)
def test_svg_is_sound_and_says_every_word_of_the_picture(target: Machine | System) -> None:
    """Text stays text: it can be searched and read aloud."""
    root = ElementTree.fromstring(svg(target))

    texts = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    machines = [target] if isinstance(target, Machine) else [part.machine for part in target.parts]
    assert [] == [
        state.name for machine in machines for state in machine.states if state.name.replace("_", " ") not in texts
    ]


@pytest.mark.parametrize("target", SHIPPED, ids=lambda target: target.name)
def test_a_picture_says_what_it_is_to_those_who_hear_it(target: Machine | System) -> None:
    """A title, a description with every state and every event, and a role; lines and states are named where a pointer rests."""
    root = ElementTree.fromstring(svg(target))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert title is not None
    assert desc is not None
    assert desc.text is not None
    assert "img" == root.attrib["role"]
    assert f"{title.attrib['id']} {desc.attrib['id']}" == root.attrib["aria-labelledby"]
    assert target.name == title.text
    machines = [target] if isinstance(target, Machine) else [part.machine for part in target.parts]
    for machine in machines:
        for state in machine.states:
            assert state.name.replace("_", " ") in desc.text
    named = {one.text for group in root.iter(f"{SVG}g") for one in group.findall(f"{SVG}title")}
    assert any(text and " to " in text for text in named)


def test_a_picture_carries_dark_colours_for_who_prefers_them() -> None:
    """Each colour of the picture has another for dark pages, under the class of the picture alone; none where light is asked for."""
    for target in SHIPPED:
        picture = svg(target)
        (style,) = ElementTree.fromstring(picture).iter(f"{SVG}style")
        assert style.text is not None
        used = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', picture))
        assert used <= set(DARK)
        assert not re.findall(r'(?:fill|stroke)="(?!#|none)', picture)
        for colour in used:
            assert f'.fsm-picture [fill="{colour}"]{{fill:{DARK[colour]}}}' in style.text
    assert "prefers-color-scheme" not in svg(AGENT, Options(theme=Theme.LIGHT))


def test_dark_colours_differ_from_each_other_as_the_light_ones_do_and_can_be_read() -> None:
    """Text on paper and in states has a contrast of 4.5 at least, in light and in dark."""
    assert len(DARK) == len(set(DARK.values()))
    inks = (INK, EVENT, GREY, TIME, SYSTEM_EVENT, TAKEN, RULE, CHANGED)
    grounds = (PAPER, *(fill.inside for fill in FILLS.values()))
    for ink in inks:
        for ground in grounds:
            assert contrast(ink, ground) >= 4.5, (ink, ground)
            assert contrast(DARK[ink], DARK[ground]) >= 4.5, (DARK[ink], DARK[ground])


def contrast(one: str, other: str) -> float:
    """As WCAG 2 defines it."""
    lights = []
    for colour in (one, other):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_where_dark_is_asked_for_the_picture_itself_is_dark() -> None:
    """Also as DOT and as PNG, which know no reader; what a declaration says is not recoloured."""
    dark = Options(theme=Theme.DARK)
    state = State("ink", doc="#1f2933")
    machine = Machine("dark", (state,), state, (), doc='color="#1f2933"')

    assert 'bgcolor="#0d1117"' in dot(AGENT, dark)
    assert "#ffffff" not in dot(AGENT, dark)
    assert png(AGENT, dark) != png(AGENT)
    assert "prefers-color-scheme" not in svg(AGENT, dark)
    assert "color=&quot;#1f2933&quot;" in dot(machine, dark)


def test_no_font_is_inside_and_every_text_has_the_width_it_was_laid_out_for() -> None:
    """So that a picture is small, and no other font pushes a word out of its frame."""
    picture = svg(DESK)

    assert "@font-face" not in picture
    assert "font-family:Roboto,Helvetica,Arial,sans-serif" in picture
    assert picture.count("<text ") == picture.count("textLength=") == picture.count('lengthAdjust="spacingAndGlyphs"')


def test_what_graphviz_writes_for_itself_is_gone() -> None:
    """Identities that would clash where two pictures stand in one page, names of nodes, links, doctype."""
    picture = svg(DESK)

    assert {"title", "desc"} == {one.partition("-")[0] for one in re.findall(r' id="([^"]*)"', picture)}
    for gone in ("xlink", "<a ", "<!--", "DOCTYPE", "tiles.free", "font-family="):
        assert gone not in picture


def test_letters_do_not_depend_on_the_fonts_of_the_machine(tmp_path: Path) -> None:
    """A home without fonts and without a cache gives the same picture."""
    code = "import hashlib; from fsm.desk import AGENT; from fsm.diagrams import png; print(hashlib.sha256(png(AGENT)).hexdigest())"

    elsewhere = python(
        code,
        HOME=str(tmp_path),
        XDG_CACHE_HOME=str(tmp_path),
        XDG_DATA_HOME=str(tmp_path),
        FONTCONFIG_FILE=str(tmp_path / "none"),
    )

    assert python(code).stdout == elsewhere.stdout != ""


def test_png_is_half_as_sharp_again_as_a_page() -> None:
    """So that letters are clear where it is shown at the width of the SVG."""
    image = png(AGENT)

    assert image.startswith(b"\x89PNG\r\n\x1a\n")
    (width,) = struct.unpack(">I", image[16:20])
    on_page = float(ElementTree.fromstring(svg(AGENT)).attrib["width"])
    assert on_page * 1.5 == pytest.approx(width, abs=3)


def test_text_that_is_no_graph_fails_with_what_graphviz_says() -> None:
    """Never an empty picture."""
    with pytest.raises(RenderingFailed, match=r"Graphviz ended with status 1: .*syntax error") as failed:
        render_svg("digraph {")

    assert 1 == failed.value.status
    assert "Graphviz ended with status 3: no message" == str(RenderingFailed(3, " "))


def test_a_label_that_graphviz_would_leave_out_fails() -> None:
    """It ends with 0 and draws the rest; a picture with a hole is not a picture."""
    with pytest.raises(RenderingFailed, match="in label of node a"):
        render_svg("digraph { a [label=<<B></B>>]; }")


def test_an_installed_dot_renders_though_the_wheel_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked in the way of the `graphviz` library, with the font of the pictures, hence the same letters."""
    monkeypatch.setenv("PATH", str(tmp_path))
    expected = svg(AGENT)
    asked = tmp_path / "asked"
    program = tmp_path / "dot"
    program.write_text(
        f"#!{sys.executable} -P\n"
        "import sys\n"
        "from pathlib import Path\n"
        "from pygraphviz import AGraph\n"
        f"Path({str(asked)!r}).write_text(' '.join(sys.argv[1:]))\n"
        "text = sys.stdin.buffer.read().decode()\n"
        "sys.stdout.buffer.write(AGraph(string=text).draw(format=sys.argv[2][2:], prog='dot'))\n"
    )
    program.chmod(0o755)

    assert expected == svg(AGENT)
    assert "-Kdot -Tsvg" == asked.read_text()


def test_an_installed_dot_that_gives_up_is_told_with_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With its own status; nothing else is tried."""
    program = tmp_path / "dot"
    program.write_text("#!/bin/sh\necho 'Error: the fonts are gone' >&2\nexit 7\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)

    with pytest.raises(RenderingFailed, match="Graphviz ended with status 7: Error: the fonts are gone"):
        svg(AGENT)


def test_where_nothing_renders_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DOT and tables still come out."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pygraphviz", None)

    assert dot(AGENT).startswith("digraph")
    with pytest.raises(ImportError, match=r"install Graphviz, or pip install 'verified-fsm\[graphviz-wheel\]'"):
        svg(AGENT)


def test_without_the_extra_the_room_says_what_to_install() -> None:
    """On import, before anything is drawn."""
    done = python("import sys; sys.modules.update(graphviz=None); import fsm.diagrams")

    assert 1 == done.returncode
    assert (
        "ImportError: fsm.diagrams needs graphviz; install with: pip install 'verified-fsm[diagrams]'"
        == done.stderr.splitlines()[-1]
    )
