"""What two states in a row show is a lemma for everything else: for claims of every kind, and for the checks of the definition."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fsm import (
    Machine,
    Property,
    State,
    after,
    always,
    boolean,
    each_step,
    event,
    happens,
    inside,
    integer,
    leads_to,
    recoverable,
)
from fsm.verification import Proved, Refuted, Report, verify
from fsm.verification.certificates.confirming import Checker, begin
from fsm.verification.certificates.writing import write_certificates
from fsm.verification.checker.__main__ import check_folder
from fsm.verification.checker.solver import InProcess
from fsm.verification.definition import TRANSITIONS

run, rest, over = State("run"), State("rest"), State("over")
loose, shaky, wobbly, steps = boolean("loose"), boolean("shaky"), boolean("wobbly"), integer("steps", 0, None)
UNEVEN = (shaky & ~wobbly) | (wobbly & ~shaky)


@event
class Step:
    pass


@event
class Fire:
    pass


LEMMA = always("never loose", ~loose)
"""It would be loose after a step from where it is shaky or wobbly alone; it never is, in no state, but that nobody claims."""


def engine(*claims: Property) -> Machine:
    """It runs and rests, unless it is loose: then it can be over."""
    lines = (
        run.on(Step).to(rest).set(loose, loose | UNEVEN).set(shaky, ~shaky).set(wobbly, ~wobbly).set(steps, steps + 1),
        rest.on(Step).to(run).set(loose, loose | UNEVEN),
        (run | rest).on(Fire).when(loose).to(over),
    )
    return Machine("engine", (run, rest, over), run, lines, (loose, shaky, wobbly, steps), properties=claims)


def report(machine: Machine, *, definition: bool = False) -> Report:
    """What is found of it, every proof and refutation confirmed by the checker, or unknown."""
    with ThreadPoolExecutor(1) as pool:
        return begin(verify(machine, definition=definition), Checker(pool)).finish()


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(each_step("never over by a shot", ~(happens(Fire) & after(inside(over)))), id="each step"),
        pytest.param(recoverable("it rests again", inside(rest)), id="recoverable"),
        pytest.param(leads_to("it comes to rest", inside(run), inside(rest), fair=(Step,)), id="leads to"),
    ],
)
def test_a_claim_that_follows_from_a_lemma_of_two_states_in_a_row_is_proved(claim: Property) -> None:
    """Which the same page proves, and which a single step does not keep."""
    lemma, follows = report(engine(LEMMA, claim)).verdicts

    assert isinstance(lemma, Proved) and lemma.argument == "2-induction"
    assert isinstance(follows, Proved), follows
    assert LEMMA.sentence in follows.lemmas


def test_a_transition_that_a_lemma_excludes_never_fires() -> None:
    """The checks of the definition know what the page proves."""
    [found] = [one for one in report(engine(LEMMA), definition=True).definition if one.claim.sentence == TRANSITIONS]

    assert isinstance(found, Refuted) and "never fires" in found.argument


def test_what_rows_do_not_show_helps_nobody() -> None:
    """Shaky from the start on, it is loose after a step: the lemma is false, and so is what would follow."""
    shaken = boolean("shaky", initial=True)
    lines = (
        run.on(Step).to(rest).set(loose, loose | shaken),
        rest.on(Step).to(run).set(loose, loose | shaken),
        (run | rest).on(Fire).when(loose).to(over),
    )
    claims = (LEMMA, each_step("never over", ~after(inside(over))))
    machine = Machine("engine", (run, rest, over), run, lines, (loose, shaken), properties=claims)

    assert [Refuted, Refuted] == [type(one) for one in report(machine).verdicts]


def test_the_certificate_says_how_many_states_in_a_row_show_a_lemma(tmp_path: Path) -> None:
    """Its questions are written down and asked again like those of every lemma."""
    machine = engine(LEMMA, recoverable("it rests again", inside(rest)))
    write_certificates(tmp_path / "written", None, [verify(machine)])
    _, found = check_folder(tmp_path / "written" / "machine-0", InProcess())

    assert [] == [one for one in found.values() if one.failed]
    assert 4 <= sum(not one.why for one in found.values())
    assert any("row 2" in file.read_text(encoding="utf-8") for file in (tmp_path / "written").rglob("certificate.json"))
