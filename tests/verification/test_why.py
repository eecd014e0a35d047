"""What a proof rests on: without it the claim falls, and without everything else it stands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from click.testing import CliRunner

from fsm import (
    Assumption,
    Field,
    Machine,
    NamedProfile,
    Rule,
    State,
    System,
    after,
    always,
    before,
    each,
    each_step,
    event,
    happens,
    integer,
    one,
    parameter,
    reachable,
    wire,
)
from fsm.command.why import why as command
from fsm.verification import Proved, verify
from fsm.verification.cores.cores import Ground, Matrix, why
from fsm.verification.cores.weakening import weakened

REGRESSION = Path(__file__).parents[1] / "regression"


@event
class Board:
    """A passenger boards."""

    ticket: Field[str]
    paid: Field[bool]


@event
class Start:
    pass


@event
class Stop:
    pass


@event
class Ring:
    pass


@event
class Sit:
    paid: Field[bool]


out, seated = State("out"), State("seated")
PASSENGER = Machine("passenger", (out, seated), out, (out.on(Sit).when(Sit.paid).to(seated),))
standing, moving = State("standing"), State("moving")
rings = integer("rings", 0, 2)
BUS = Machine(
    "bus", (standing, moving), standing,
    (standing.on(Start).when(rings > 0).to(moving).set(rings, 0), moving.on(Stop).to(standing), standing.on(Ring).when(rings < 2).stay().set(rings, rings + 1)),
    variables=(rings,),
)  # fmt: skip
bus, passengers = one("bus", BUS), each("passengers", PASSENGER, key="ticket")
seats = parameter("seats", int, 40, low=0)
express = parameter("express", bool, False)
BOARDED = wire(Board, passengers[Board.ticket].by(Sit, paid=Board.paid), when=~express | Board.paid)
LINE = System(
    "line",
    parts=(bus, passengers),
    wires=(BOARDED, wire(Start, bus.by(Start)), wire(Stop, bus.by(Stop)), wire(Ring, bus.by(Ring))),
    rules=(
        Rule("a seat is free", on=Board, when=passengers.count() < seats),
        Rule("no boarding while it moves", on=Board, when=bus.inside(standing)),
        Rule("no express today", on=Start, when=~express),
        Rule("somebody must have paid attention", on=Ring, when=seats >= 0),
    ),
    parameters=(seats, express),
    assumptions=(Assumption("a bus has two seats at least", seats >= 2),),
    properties=(
        always("no more passengers than seats", passengers.count() <= seats),
        each_step("nobody boards a moving bus", happens(Board) >> before(bus.inside(standing))),
        each_step(
            "who boards has paid", happens(Board) >> (after(passengers.count()) <= before(passengers.count()) + 1)
        ),
        each_step("it starts when somebody rang", happens(Start) >> before(bus[rings] > 0)),
        always("there is more than one seat", seats > 1),
        always("an express never moves", ~(express & bus.inside(moving)), refuted_in=("fast",)),
        reachable("it can move", bus.inside(moving)),
    ),
    profiles=(
        NamedProfile("usual", {}),
        NamedProfile("slow", {"express": False}),
        NamedProfile("fast", {"express": True}),
    ),
)
RESTS_ON = {
    "no more passengers than seats": {"a seat is free"},
    "nobody boards a moving bus": {"no boarding while it moves"},
    "who boards has paid": set(),
    "it starts when somebody rang": {"bus standing on start when rings > 0"},
    "there is more than one seat": {"a bus has two seats at least"},
    "an express never moves": {"no express today"},
    "it can move": set(),
}


@pytest.fixture(scope="module")
def matrix() -> Matrix:
    return why(LINE)


def test_each_claim_names_the_rules_guards_and_assumptions_of_its_proof(matrix: Matrix) -> None:
    """And no others."""
    assert RESTS_ON == {row.sentence: {ground.name for ground in row.rests_on} for row in matrix.rows}
    assert ["a run"] == [row.note for row in matrix.rows if row.note]
    assert {"proved"} == {row.verdict for row in matrix.rows}


def test_a_claim_stands_without_all_that_it_does_not_rest_on_and_falls_without_any_that_it_does(matrix: Matrix) -> None:
    """Checked by leaving these out of the page itself, not of the encoding."""
    for row in matrix.rows[:2]:
        needed = [ground.name for ground in row.rests_on]
        assert isinstance(_verdict(row.sentence, [rule for rule in LINE.rules if rule.name in needed]), Proved)
        for name in needed:
            assert not isinstance(_verdict(row.sentence, [rule for rule in LINE.rules if rule.name != name]), Proved)


def _verdict(sentence: str, rules: list[Rule]) -> Any:
    report = verify(
        attrs.evolve(
            LINE, rules=tuple(rules), properties=tuple(one for one in LINE.properties if one.sentence == sentence)
        ),
        definition=False,
    )
    return report.verdicts[0]


def test_a_rule_that_no_claim_needs_is_told(matrix: Matrix) -> None:
    """Either it is idle, or a claim is missing."""
    assert (Ground("rule", "somebody must have paid attention"),) == matrix.needed_by_none


def test_a_guard_that_keeps_a_value_in_its_range_cannot_be_left_out() -> None:
    """The page without it would be none."""
    open_ = weakened(LINE)

    assert ("bus standing on ring when rings < 2",) == open_.fixed
    assert [
        "bus standing on start when rings > 0",
        "passenger out on sit when paid",
        "wire on board when not express or paid",
    ] == list(open_.guards.values())


def test_of_several_versions_a_claim_rests_on_what_it_rests_on_in_any_in_which_it_shall_hold() -> None:
    """What the page says not to hold in a version is not asked there."""
    slow, fast = LINE.profiles[1:]
    only_fast = {row.sentence: row for row in why(LINE, [fast]).rows}
    both = {row.sentence: row for row in why(LINE, [slow, fast]).rows}

    assert "holds in none of these versions, as the declaration says" == only_fast["an express never moves"].note
    assert "proved" == both["an express never moves"].verdict


def test_a_rule_that_a_version_makes_impossible_to_keep_is_named_too() -> None:
    """Where every bus is an express none starts, since the rule never holds: the claim rests on it."""
    none_starts = attrs.evolve(LINE, properties=(each_step("no bus starts", ~happens(Start)),))
    (row,) = why(none_starts, LINE.profiles[2:]).rows

    assert ("no express today",) == tuple(ground.name for ground in row.rests_on)


def test_what_a_proof_by_enumeration_rests_on_is_not_told_apart(tmp_path: Path) -> None:
    """It looks at everything there is."""
    done = CliRunner().invoke(command, [f"{REGRESSION / 'proved' / 'finite.py'}:SUBJECT", "--json"])
    document = json.loads(done.stdout)

    assert 0 == done.exit_code
    assert all(claim["note"] in ("", "a run", "its guards were not told apart") for claim in document["claims"])


def test_the_command_prints_a_matrix_and_draws_one(tmp_path: Path) -> None:
    """Claims down, numbers across, what they mean below; the same in the picture."""
    target = "fsm.desk:TILE"
    done = CliRunner().invoke(command, [target, "--svg", str(tmp_path / "why.svg")])

    assert 0 == done.exit_code, done.output
    assert "machine tile: what each proof rests on\n\n  1 2 3 4\n" in done.stdout
    assert (
        "  · · · ·  a missed contact was counted as non-response (the transitions and parameters alone)\n"
        in done.stdout
    )
    assert "  · · ● ·  every text of a chat starts the text timer again\n" in done.stdout
    assert "    1  guard       tile offered on reject when rejected_holds\n" in done.stdout
    assert "every text of a chat starts the text timer again" in (tmp_path / "why.svg").read_text(
        encoding="utf-8"
    ).replace("&#45;", "-")


@pytest.mark.parametrize(("file", "status"), [("refuted/open_door", 1), ("unknown/collatz", 3)])
def test_the_status_says_what_is_not_proved(file: str, status: int) -> None:
    """As everywhere."""
    assert status == CliRunner().invoke(command, [f"{REGRESSION / file}.py:SUBJECT"]).exit_code


def test_versions_are_named_as_everywhere() -> None:
    """One that does not exist is wrong usage."""
    done = CliRunner().invoke(command, ["fsm.desk:AGENT", "--profile", "no-such"])

    assert 2 == done.exit_code
    assert "agent has no profile 'no-such'" in done.stderr
    assert 0 == CliRunner().invoke(command, ["fsm.desk:AGENT", "--all-profiles"]).exit_code
