"""Small machines that a user could have written, and reading a picture back from its DOT."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from enum import Enum
from typing import Any

import attrs
import pytest
from pygraphviz import AGraph

from fsm import (
    ELAPSED,
    Field,
    Kind,
    Machine,
    Rule,
    State,
    System,
    boolean,
    carried,
    each,
    effect,
    event,
    integer,
    one,
    parameter,
    wire,
)
from fsm.diagrams.views.wording import condition, deadline, event_name, plain
from fsm.language.machine import Transition


class Shade(Enum):
    """How dark it is."""

    LIGHT = 1
    DARK = 2


@event
class Coin:
    """Somebody pays."""


@event
class Push:
    """Somebody walks."""


@effect
class Unlock:
    """Release the bar."""


@event
class Press:
    """A hand on the switch."""


@event
class Blink:
    """Sent by time: a warning."""


@event
class GoOut:
    """Sent by time: dark."""


@event
class Cool:
    """Sent by time: the lamp is cold."""


@event
class Enter:
    """A guest arrives."""

    guest: Field[str]
    name: Field[str]


@event
class Pay:
    """A guest pays."""

    guest: Field[str]


@event
class Close:
    """The house closes: everybody leaves."""


@event
class Seat:
    """A table is given."""

    name: Field[str]
    smoking: Field[bool]


@event
class Leave:
    """The table is free again."""


@event
class Order:
    """Nothing in the house sends this."""


locked = State("locked", "nobody can pass", Kind.IDLE)
unlocked = State("unlocked", "one may pass")
coins = integer("coins", 0, doc="all coins ever")

off = State("off", kind=Kind.IDLE)
lit = State("lit")
warning = State("warning", kind=Kind.TROUBLE)
cooling_down = State("cooling_down", kind=Kind.WRAPPING)
patience = parameter("patience", int, 90_000, low=1, doc="milliseconds of light")

free = State("free", kind=Kind.IDLE)
seated = State("seated")
smoking = boolean("smoking")
guest_name = carried("name", str, initial="")
label = carried("label", str, initial="")
seats = parameter("seats", int, 3, low=1, cites=("F1",))


@pytest.fixture
def turnstile() -> Machine:
    """Two states, a counter, an effect, and events that change nothing."""
    return Machine(
        "turnstile",
        states=(locked, unlocked),
        initial=locked,
        variables=(coins,),
        transitions=(
            locked.on(Coin).to(unlocked).set(coins, coins + 1).emits(Unlock).happily(),
            unlocked.on(Push).to(locked).happily(),
            locked.on(Push).stay(),
            unlocked.on(Coin).stay().set(coins, coins + 1),
        ),
        doc="One coin lets one person through.",
    )


@pytest.fixture
def stair_light() -> Machine:
    """Timers of every kind of duration, and a transition to its own source."""
    return Machine(
        "stair_light",
        states=(off, lit, warning, cooling_down),
        initial=off,
        transitions=(
            off.on(Press).to(lit).happily(),
            lit.on(Press).when(ELAPSED >= 5_000).to(lit),
            lit.after(patience, Blink).to(warning).happily(),
            warning.on(Press).to(lit),
            warning.after(patience + 10_000, GoOut).to(cooling_down).happily(),
            cooling_down.after(patience * 2, Cool).to(off).happily(),
        ),
    )


@pytest.fixture
def guest() -> Machine:
    """A machine of which there are many."""
    return Machine(
        "guest",
        states=(free, seated),
        initial=free,
        variables=(smoking, guest_name, label),
        transitions=(
            free.on(Seat)
            .to(seated)
            .set(guest_name, Seat.name)
            .set(smoking, Seat.smoking)
            .set(label, "table_1")
            .happily(),
            seated.on(Leave).to(free).happily(),
            seated.on(Order).stay(),
        ),
    )


@pytest.fixture
def house(guest: Machine, stair_light: Machine, turnstile: Machine) -> System:
    """Events that move several parts, one that time sends, one under a condition, one for everybody at once."""
    guests = each("guests", guest, key="guest", at_most=seats, population=parameter("people", int, 9, low=0))
    light, gate = one("light", stair_light), one("turnstile", turnstile)
    return System(
        "house",
        parts=(guests, light, gate),
        parameters=(seats, patience, guests.population),  # type: ignore[arg-type]  # a population may be any expression; here it is a parameter
        wires=(
            wire(
                Enter,
                guests[Enter.guest].by(Seat, name=Enter.name, smoking=False),
                gate.by(Coin),
                when=guests.none(seated, smoking),
            ),
            wire(Pay, guests[Pay.guest].by(Leave)),
            wire(Close, guests.every(seated).by(Leave), light.by(Press)),
            wire(light.sends(GoOut), gate.by(Push)),
            wire(Press, light.by(Press)),
        ),
        rules=(
            Rule("no guests in the dark", on=(Enter, Pay), when=light.inside(lit), cites=("F2", "F3")),
            Rule("not | at once", on=Pay, when=guests.count(seated) >= 2),
        ),
        doc="A house with a light & a gate.",
    )


@attrs.frozen
class Line:
    """A line of a picture from state to state, with the words on it."""

    source: str
    target: str
    words: str
    style: dict[str, str]


@attrs.frozen
class Picture:
    """What a reader sees: states with their words, lines with theirs."""

    states: dict[str, str]
    lines: tuple[Line, ...]
    graph: AGraph

    def between(self, source: str, target: str) -> list[Line]:
        return [line for line in self.lines if (line.source, line.target) == (source, target)]


def words(label: str) -> str:
    """The text of a label on one line, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", label.strip("<>").join("<>"))).split())


def read(dot: str) -> Picture:
    """The picture that DOT stands for: what stands on a line is a node of its own, joined to its sources without an arrow."""
    graph = AGraph(string=dot)
    labels = {node: words(node.attr["label"]) for node in graph.nodes() if node.attr["shape"] == "plain"}
    sources: dict[str, list[Any]] = {}
    targets: dict[str, list[Any]] = {}
    lines = []
    for edge in graph.edges():
        ends = [end for end in edge if end not in labels]
        if edge.attr["style"] == "invis":
            continue
        if len(ends) == 2:  # from the dot at which it starts
            lines.append(Line(edge[0], edge[1], "", dict(edge.attr)))
            continue
        (label,) = (end for end in edge if end in labels)
        (sources if edge.attr["dir"] == "none" else targets).setdefault(label, []).append((ends[0], dict(edge.attr)))
    for label, said in labels.items():
        for source, _ in sources.get(label, ()):
            lines += [Line(source, target, said, look) for target, look in targets[label]]
    states = {node: words(node.attr["label"] or "") for node in graph.nodes() if node not in labels}
    return Picture(states, tuple(lines), graph)


def not_drawn(machine: Machine, dot: str) -> list[Transition]:
    """The transitions of a machine that its picture does not show, with event and guard, from every source."""
    picture = read(dot)
    return [transition for transition in machine.transitions if not _shown(picture, transition)]


def _shown(picture: Picture, transition: Transition) -> bool:
    due = "" if transition.duration is None else deadline(transition.duration)
    guard = "" if transition.guard is None else condition(transition.guard)
    for source in transition.sources:
        target = transition.target
        again = "starts anew" if target == source else ""
        said = " ".join(plain(f"{event_name(transition.event)} {again} {due} {guard}").split())
        places = (
            [picture.states[source.name]]
            if target in (None, source)
            else [line.words for line in picture.between(source.name, target.name)]
        )
        if not any(said in place for place in places):
            return False
    return True


@pytest.fixture(scope="session", name="read")
def reading() -> Callable[[str], Picture]:
    return read


@pytest.fixture(scope="session", name="not_drawn")
def looking_for_what_is_missing() -> Callable[[Machine, str], list[Transition]]:
    return not_drawn
