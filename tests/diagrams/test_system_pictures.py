"""The full picture of a system: its parts, everything that drives each transition, and its rules."""

from __future__ import annotations

import html
import re
from typing import Any

import attrs

from fsm import Machine, System, as_system, each, one
from fsm.desk import DESK
from fsm.diagrams import Detail, Options, dot, svg
from fsm.diagrams.views.wording import condition, event_name, plain

FULL = Options(values={}, detail=Detail.FULL)


def test_each_part_is_a_frame_with_all_of_its_states(read: Any) -> None:
    """The agent's three and the tile's seven."""
    picture = read(dot(DESK, FULL))

    for part in DESK.parts:
        (frame,) = [
            found
            for found in picture.graph.subgraphs_iter()
            for found in _below(found)
            if found.name == f"cluster {part.name}"
        ]
        assert {f"{part.name}.{state.name}" for state in part.machine.states} <= set(frame.nodes())


def _below(graph: Any) -> list[Any]:
    return [graph, *(inner for part in graph.subgraphs() for inner in _below(part))]


def test_a_part_of_many_says_of_what_there_is_one_and_how_many_there_may_be(house: System) -> None:
    """`tiles` are one for each contact; a part named like its machine needs no more words."""
    assert "one tile for each contact" in dot(DESK, FULL)
    assert "one agent" not in dot(DESK, FULL)
    assert "one guest for each guest of people, at most seats" in dot(house, FULL)
    assert "one stair light" in dot(house, FULL)


def test_transitions_are_labelled_by_the_events_that_callers_send(read: Any) -> None:
    """`OfferChat` and `OfferCall` both offer a tile: what each says of the channel, and which rules it must pass."""
    (offers,) = read(dot(DESK, FULL)).between("tiles.free", "tiles.offered")

    by_hand = "not auto-accepted"
    assert (
        f"offer chat as offer channel = chat {by_hand} rules 1, 2, 3, 7, 11, 17 offer call as offer channel = voice {by_hand} rules 1, 2, 4, 8, 14, 15, 17 "
        f"offer task as offer channel = task {by_hand} rules 1, 2, 5, 9, 12, 17 offer email as offer channel = email {by_hand} rules 1, 2, 6, 10, 13, 17"
    ) == offers.words


def test_events_of_callers_and_of_time_are_told_apart_by_colour() -> None:
    """With a key to the colours at the top; without timers there is no word of time."""
    assert '<FONT COLOR="#935300" POINT-SIZE="11"><B>expire</B></FONT>' in dot(DESK, FULL)
    assert '<FONT COLOR="#0b5cad" POINT-SIZE="11"><B>accept</B></FONT>' in dot(DESK, FULL)
    assert "sent by time" in dot(DESK, FULL)
    agent_alone = attrs.evolve(DESK, parts=DESK.parts[:1], wires=(), rules=(), properties=())
    assert "sent by time" not in dot(agent_alone, FULL)


def test_an_event_that_moves_several_parts_says_so_on_each(read: Any, house: System) -> None:
    """A guest who enters turns the gate."""
    picture = read(dot(house, FULL))

    (seated,) = picture.between("guests.free", "guests.seated")
    assert "enter as seat smoking = false no guests with smoking together with turnstile rule 1" == seated.words
    (turned,) = picture.between("turnstile.locked", "turnstile.unlocked")
    assert "enter as coin no guests with smoking together with guests rule 1" in turned.words


def test_a_move_of_everybody_says_who_that_is(read: Any, house: System) -> None:
    """When the house closes, every guest who is seated leaves."""
    (left,) = read(dot(house, FULL)).between("guests.seated", "guests.free")

    assert "close as leave every one that is seated together with light" in left.words


def test_what_time_sends_to_one_part_is_told_on_the_other(read: Any, house: System) -> None:
    """The light goes out and the gate locks."""
    picture = read(dot(house, FULL))

    (out,) = picture.between("light.warning", "light.cooling_down")
    assert out.words.endswith("together with turnstile")
    (locks,) = picture.between("turnstile.unlocked", "turnstile.locked")
    assert "go out of light as push" in locks.words


def test_a_transition_that_nothing_drives_here_is_drawn_and_says_so(read: Any, house: System) -> None:
    """The machine knows orders, the house does not."""
    assert "order nothing sends it here" in read(dot(house, FULL)).states["guests.seated"]


def test_every_rule_is_a_row_with_what_it_refuses_unless_what_and_why() -> None:
    """All eighteen of the desk, in order."""
    text = dot(DESK, FULL)

    places = [text.index(f">{rule.name.split()[0]}") for rule in DESK.rules]
    assert 18 == len(places)
    for number, rule in enumerate(DESK.rules, 1):
        row = text.split("<HR/>")[number].replace('<BR ALIGN="LEFT"/>', " ")
        flat = " ".join(_text(row).split())
        events = " ".join(event_name(event) for event in rule.on)
        assert flat.startswith(plain(f"{number} {rule.name} {events} {condition(rule.when)} {', '.join(rule.cites)}"))


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", " ", markup))


def test_a_rule_that_is_left_out_is_noticed() -> None:
    """The claim above can fail."""
    for rule in DESK.rules[::8]:
        fewer = attrs.evolve(DESK, rules=tuple(kept for kept in DESK.rules if kept is not rule), properties=())

        assert dot(DESK, FULL).count("<HR/>") == dot(fewer, FULL).count("<HR/>") + 1


def test_a_rule_without_source_leaves_the_column_empty(house: System) -> None:
    """And a system whose rules have none has no such column."""
    assert ">source<" in dot(house, FULL).replace("<B>", "").replace("</B>", "")
    assert "at least 2 guests" in svg(house, FULL)
    without = attrs.evolve(house, rules=house.rules[1:])
    assert "source" not in dot(without, FULL)


def test_a_system_without_rules_has_no_table(turnstile: Machine, read: Any) -> None:
    """Nor an empty one."""
    system = as_system(turnstile)

    assert "refuses" not in dot(system, FULL)
    assert ["turnstile.locked"] == [
        line.target for line in read(dot(system, FULL)).lines if line.source == "turnstile.(start)"
    ]


def test_parts_stand_side_by_side_while_they_fit_a_page_and_else_below_each_other(
    turnstile: Machine, stair_light: Machine, read: Any
) -> None:
    """Two small machines share a row; the desk's two do not."""
    small = System("small", (one("light", stair_light), one("gate", turnstile)), parameters=stair_light.parameters)

    assert [("light.(start)", "gate.(start)", "0")] == _invisible(read(dot(small, FULL)))
    assert [("agent.away", "tiles.(start)", "1")] == _invisible(read(dot(DESK, FULL)))


def _invisible(picture: Any) -> list[tuple[str, str, str]]:
    """The lines that hold parts in their places: from, to, and by how many ranks at least."""
    return [(edge[0], edge[1], edge.attr["minlen"]) for edge in picture.graph.edges() if edge.attr["style"] == "invis"]


def test_a_part_may_have_no_limit_and_no_population(guest: Machine) -> None:
    """Then the frame says only what tells its instances apart."""
    assert "> one guest for each name<" in dot(System("open_house", (each("guests", guest, key="name"),)))
