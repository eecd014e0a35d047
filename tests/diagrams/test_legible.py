"""What a reader could stumble over, measured in the finished SVG of every machine and system that ships or that the tests have."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import Machine, System, as_system
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE
from fsm.diagrams import Detail, Direction, Options, svg
from tests.diagrams.measuring import OTHER_FONT, Box, faults, measured
from tests.fsm import depot, parcels, yard
from tests.systems import systems

WHOLE = Options(values={})
REGRESSION = Path(__file__).parents[1] / "regression"
SHIPPED = [DESK, JOURNEY, AGENT, TILE, CONTACT]
PAGE = 800


@cache
def regression(file: str) -> Machine | System:
    """The machine or system that a file of the regression suite is about."""
    name = f"pictured_{Path(file).stem}_{Path(file).parent.name}"
    spec = importlib.util.spec_from_file_location(name, REGRESSION / file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    subject: Machine | System = module.SUBJECT
    return subject


FILES = sorted(file.relative_to(REGRESSION).as_posix() for file in REGRESSION.glob("*/*.py"))
FILES = [file for file in FILES if "SUBJECT" in (REGRESSION / file).read_text(encoding="utf-8")]


def of_the_tests() -> Iterator[Machine | System]:
    for module in (depot, parcels, yard):
        yield from (value for value in vars(module).values() if isinstance(value, Machine | System))


OWN = list(of_the_tests())


def stumbling(target: Machine | System, options: Options) -> list[str]:
    """What is wrong with a picture at its own size and where another font is a little wider."""
    picture = svg(target, options)
    page = measured(picture)
    told = faults(page)
    if page.width > options.width and options.direction is Direction.DOWN:
        told.append(f"{page.width} pixels wide")
    if page.smallest * min(1, PAGE / page.width) < 11 and options.direction is Direction.DOWN:
        told.append(f"letters of {page.smallest * PAGE / page.width} pixels at {PAGE} wide")
    return told + [f"in another font: {fault}" for fault in faults(measured(picture, wider=OTHER_FONT))]


@pytest.mark.parametrize("target", SHIPPED, ids=lambda target: target.name)
@pytest.mark.parametrize("detail", Detail, ids=lambda detail: detail.value)
def test_nothing_overlaps_in_what_ships(target: Machine | System, detail: Detail) -> None:
    """No words over others or across a frame, no line through any, nothing wider than a page, letters of 11 pixels or more."""
    assert [] == stumbling(target, attrs.evolve(WHOLE, detail=detail))


@pytest.mark.parametrize("target", SHIPPED, ids=lambda target: target.name)
def test_nothing_overlaps_where_lines_lead_to_the_right(target: Machine | System) -> None:
    """Such a picture may be wider than a page."""
    assert [] == stumbling(target, attrs.evolve(WHOLE, direction=Direction.RIGHT))


@pytest.mark.parametrize("version", range(len(DESK.profiles)), ids=lambda place: DESK.profiles[place].name)
def test_nothing_overlaps_in_any_version_of_the_desk(version: int) -> None:
    """Each leaves out something else."""
    chosen = DESK.profiles[version]

    assert [] == stumbling(DESK, Options(values=dict(chosen.values), version=chosen.name))


@pytest.mark.parametrize("file", FILES)
def test_nothing_overlaps_in_the_regression_suite(file: str) -> None:
    """Published machines and systems, as they are drawn without being asked for anything."""
    assert [] == stumbling(regression(file), Options())


@pytest.mark.parametrize("target", OWN, ids=lambda target: target.name)
def test_nothing_overlaps_in_the_machines_of_the_tests(target: Machine | System) -> None:
    """A depot, parcels, a yard."""
    assert [] == stumbling(target, Options())


@pytest.mark.parametrize("name", ["turnstile", "stair_light", "guest", "house"])
@pytest.mark.parametrize("detail", Detail, ids=lambda detail: detail.value)
def test_nothing_overlaps_in_the_pictures_of_users(name: str, detail: Detail, request: pytest.FixtureRequest) -> None:
    """Small machines, and a system in which three parts move together."""
    assert [] == stumbling(request.getfixturevalue(name), attrs.evolve(WHOLE, detail=detail))


@given(system=systems(), detail=st.sampled_from([Detail.OVERVIEW, Detail.RULES]))
@settings(max_examples=8, deadline=None)
def test_nothing_overlaps_in_systems_drawn_at_random(system: System, detail: Detail) -> None:
    """Whatever somebody declares."""
    assert [] == stumbling(system, attrs.evolve(WHOLE, detail=detail))


def test_a_machine_alone_is_as_legible_as_a_system_of_one() -> None:
    """And the other way round."""
    assert [] == stumbling(as_system(TILE), WHOLE)


def test_what_overlaps_is_noticed() -> None:
    """The claims above can fail: a text pushed onto a line, over another, across a frame, and a small one are each told."""
    page = measured(svg(AGENT, WHOLE))
    (x, y), *_ = max(page.lines, key=len)
    on_line = Box(x - 9, y - 9, x + 9, y + 9, "on")
    (text, *_) = page.texts
    over = attrs.evolve(text, text="over")
    (frame, *_) = page.frames
    across = Box(frame.left - 5, frame.high - 5, frame.left + 5, frame.high + 5, "across")

    told = faults(attrs.evolve(page, texts=[text, on_line, over, across]))

    assert "a line runs through 'on'" in told
    assert f"{text.text!r} lies over 'over'" in told
    assert "'across' lies across a frame" in told
    assert page.smallest == 11
