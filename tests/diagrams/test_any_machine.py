"""Whatever machine somebody declares, its picture is sound and shows all of it."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from fsm import Kind, Machine, State, System, as_system, event, integer
from fsm.diagrams import dot, svg, table
from fsm.language.machine import States, Transition

EVENTS = tuple(
    event(type(f"Event{number}", (), {"__module__": __name__, "__annotations__": {}})) for number in range(8)
)
WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
level = integer("level", 0, 9)


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    names = draw(st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,11}", fullmatch=True), min_size=1, max_size=7, unique=True))
    states = tuple(State(f"s_{name}", draw(WORDS), draw(st.sampled_from(Kind))) for name in names)
    taken = draw(st.lists(st.sampled_from(EVENTS), max_size=8, unique=True))
    transitions = tuple(draw(one_of(states, sent)) for sent in taken)
    return Machine("some_machine", states, draw(st.sampled_from(states)), transitions, (level,), doc=draw(WORDS))


@st.composite
def one_of(draw: st.DrawFn, states: tuple[State, ...], sent: type) -> Transition:
    sources = States(tuple(draw(st.lists(st.sampled_from(states), min_size=1, max_size=4, unique=True))))
    trigger = sources.after(draw(st.integers(1, 10**8)), sent) if draw(st.booleans()) else sources.on(sent)
    if draw(st.booleans()):
        trigger = trigger.when(level >= draw(st.integers(0, 9)))
    moved = trigger.stay() if draw(st.booleans()) else trigger.to(draw(st.sampled_from(states)))
    changed = moved.set(level, draw(st.integers(0, 9))) if draw(st.booleans()) else moved
    return changed.happily() if draw(st.booleans()) else changed


@given(machine=machines())
@settings(max_examples=60, deadline=None)
def test_every_state_is_drawn_once_and_every_transition_is_shown(machine: Machine, read: Any, not_drawn: Any) -> None:
    """Graphviz reads the text, and what it reads is the machine."""
    picture = read(dot(machine))

    assert {state.name for state in machine.states} | {"(start)"} == set(picture.states)
    assert {1} == {
        len(re.findall(rf'^\s+"?{re.escape(name)}"? \[', dot(machine), re.MULTILINE)) for name in picture.states
    }
    assert [] == not_drawn(machine, dot(machine))
    drawn = {(line.source, line.target) for line in picture.lines if line.source != "(start)"}
    assert {
        (source.name, one.target.name)
        for one in machine.transitions
        for source in one.sources
        if one.target not in (None, source)
    } == drawn


@given(machine=machines())
@settings(max_examples=50, deadline=None)
def test_a_machine_alone_and_as_a_system_show_the_same_states(machine: Machine, read: Any) -> None:
    """A system of one part is drawn like any other."""
    alone, system = read(dot(machine)), read(dot(as_system(machine)))

    assert {f"some_machine.{name}" for name in alone.states} == set(system.states)
    assert {(f"some_machine.{line.source}", f"some_machine.{line.target}") for line in alone.lines} == {
        (line.source, line.target) for line in system.lines
    }


@given(target=st.one_of(machines(), machines().map(as_system)))
@settings(max_examples=50, deadline=None)
def test_every_row_of_a_table_has_its_columns(target: Machine | System) -> None:
    """No sentence of a declaration tears a row."""
    widths: list[int] = []
    for line in table(target).splitlines():
        if not line.startswith("|"):
            widths = []
            continue
        widths.append(line.replace("\\\\", "").replace("\\|", "").count("|"))
        assert widths[0] == widths[-1]


@given(target=st.one_of(machines(), machines().map(as_system)))
@settings(max_examples=15, deadline=None)
def test_every_picture_renders(target: Machine | System) -> None:
    """Whatever its sentences hold, Graphviz reads every label and the SVG is sound."""
    assert "svg" in ElementTree.fromstring(svg(target)).tag
