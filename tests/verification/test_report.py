"""The report: a page for a person and a document for a program, with the same verdicts in both."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import (
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    boolean,
    each,
    each_step,
    event,
    happens,
    inside,
    integer,
    one,
    parameter,
    wire,
)
from fsm.command.invocation.target import resolve
from fsm.language.expressions import lift
from fsm.storage import trace_in
from fsm.verification import Proved, Refuted, Report, Unknown, render, verify
from fsm.verification.messages import StudyPlan
from fsm.verification.report import exit_status, summary, to_plain
from fsm.verification.stream import study_on
from fsm.verification.study import Study


@event
class Go:
    pass


@event
class Stop:
    pass


@event
class Come:
    who: Field[str]


@event
class Late:
    """Sent by time."""


RED, GREEN = State("red"), State("green")
REGRESSION = Path(__file__).parents[1] / "regression"


PROVED, REFUTED, UNKNOWN = "proved/locker.py", "refuted/open_door.py", "unknown/unbounded_data.py"


@cache
def report(file: str) -> Report:
    return verify(resolve(f"{REGRESSION / file}:SUBJECT"))


def reports(*files: str) -> list[Report]:
    return [report(file) for file in files]


def test_the_report_of_what_is_proved() -> None:
    """For what it holds, then each claim with its argument, then the tally."""
    page = render(reports(PROVED)).splitlines()

    assert ("machine locker", "  9 proved, 0 refuted, 0 unknown.") == (page[0], page[-3])
    assert "  Proved here means: for every run, unless a line says otherwise." in page
    assert "  ✓ a sealed locker opens by a reset alone" in page


def test_the_report_of_what_is_refuted_shows_the_run() -> None:
    """In the words of the page that declares the machine."""
    page = render(reports(REFUTED))

    assert "  ✗ only a hand opens the door\n      refuted: a run of one step, replayed\n" in page
    assert "door: shut → ajar" in page


def test_the_report_of_what_is_unknown_says_why_and_what_could_help() -> None:
    """Never just a question mark."""
    page = render(reports(UNKNOWN))

    assert (
        "  ? nobody walks backwards\n      unknown: the encoding: it cannot say walker.steps has no end, and walker stands in an each()\n"
        in page
    )
    assert "      Add the property that rules this state out" in page


def test_a_report_without_words_for_what_it_covers_leaves_the_line_out() -> None:
    """Nothing is said of nothing."""
    assert "Proved here means" not in render([attrs.evolve(report(PROVED), covers="")])


@pytest.mark.parametrize(
    ("files", "status"),
    [([PROVED], 0), ([REFUTED], 1), ([UNKNOWN], 3), ([PROVED, UNKNOWN], 3), ([UNKNOWN, REFUTED, PROVED], 1), ([], 0)],
    ids=["proved", "refuted", "unknown", "unknown among proved", "refuted among all", "nothing asked"],
)
def test_the_status_is_that_of_the_worst_verdict(files: list[str], status: int) -> None:
    """Refuted before unknown before proved."""
    assert status == exit_status(reports(*files))


def test_the_last_line_counts_all_of_them() -> None:
    """Over every report."""
    kinds = [type(one) for found in reports(PROVED, REFUTED, UNKNOWN) for one in found.all]

    assert f"{kinds.count(Proved)} proved, {kinds.count(Refuted)} refuted, {kinds.count(Unknown)} unknown" == summary(
        reports(PROVED, REFUTED, UNKNOWN)
    )


def test_the_document_carries_every_verdict_with_its_evidence() -> None:
    """A run in it can be loaded and is played again."""
    document: Any = to_plain(reports(PROVED, REFUTED, UNKNOWN))
    proved, refuted, unknown = (found["properties"] for found in document["reports"])

    assert (1, 1) == (document["format"], document["exit_status"])
    assert {"proved"} == {claim["verdict"] for claim in proved}
    assert ("refuted", "each step") == (refuted[0]["verdict"], refuted[0]["modality"])
    assert {"why", "hint"} <= unknown[0].keys()

    from fsm import compile

    assert 1 == len(trace_in(compile(report(REFUTED).system), refuted[0]["trace"]).steps)


def test_two_machines_of_one_name_are_told_apart() -> None:
    """Neither is taken for a version of the other: what holds in both is told of both."""
    same = [
        Machine("m", (RED, GREEN), RED, (RED.on(action).to(GREEN),), properties=(always("safe", inside(RED, GREEN)),))
        for action in (Go, Stop)
    ]

    page = render([verify(one) for one in same])

    assert 2 == page.count("✓ safe")
    assert "as in" not in page


def test_what_nothing_reads_is_told_where_it_is_declared() -> None:
    """A variable, a parameter; not what only a system reads, where that is reported too, and not what counts itself alone."""
    here, there = State("here"), State("there")
    seen, lost, laps = integer("seen", 0, 3), boolean("lost"), integer("laps", 0, None)
    spare = parameter("spare", int, 1, low=0)
    machine = Machine(
        "walker",
        (here, there),
        here,
        (here.on(Go).to(there).set(seen, 1).set(lost, True).set(laps, laps + 1), there.on(Go).to(here)),
        variables=(seen, lost, laps),
    )
    walker = one("walker", machine)
    system = System("walk", (walker,), parameters=(spare,), properties=(always("it is seen", walker[seen] <= 1),))

    def told(*targets: Machine | System) -> list[str]:
        headings = []
        study_on([Study(target) for target in targets], [None], lambda said: headings.extend(said.sections if isinstance(said, StudyPlan) else ()))  # fmt: skip
        return [line.strip() for heading in headings for line in heading.lines if "unused" in line]

    assert told(machine) == [f"unused    variable {name}: nothing reads it" for name in ("seen", "lost", "laps")]
    assert told(machine, system) == [
        f"unused    {what}: nothing reads it" for what in ("variable lost", "variable laps", "parameter spare")
    ]


def test_an_event_that_no_wire_sends_and_a_rule_that_forbids_nothing_are_told() -> None:
    """Of a system, where the machine alone takes the event from whoever calls; time sends its own. The document says the same."""
    here, there = State("here"), State("there")
    machine = Machine(
        "walker", (here, there), here, (here.on(Go).to(there), there.on(Stop).to(here), there.after(5, Late).to(here))
    )
    walkers = each("walkers", machine, key="who")
    system = System(
        "walk",
        (walkers,),
        wires=(wire(Come, walkers[Come.who].by(Go)),),
        rules=(Rule("all may", on=Come, when=lift(True)),),
    )

    for target, unused in (
        (machine, []),
        (system, ["event stop: no wire sends it", "rule 'all may': it forbids nothing"]),
    ):
        report = verify(target, definition=False)
        assert unused == to_plain([report])["reports"][0]["unused"]
        assert [f"unused    {what}" for what in unused] == [
            line.strip() for line in render([report]).splitlines() if "unused" in line
        ]


def test_a_claim_that_no_values_could_break_says_so() -> None:
    """Its range says as much; one that the machine has to keep does not."""
    here = State("here")
    many = integer("many", 0, 3)
    lines = (here.on(Go).when(many < 2).stay().set(many, many + 1),)
    claims = (always("three at most", many <= 3), always("two at most", many <= 2), always("it is here", inside(here)))
    report = verify(Machine("tally", (here,), here, lines, variables=(many,), properties=claims), definition=False)
    assert [one.argued.startswith("by its types alone") for one in report.verdicts] == [True, False, True]
    assert [one["by_types"] for one in to_plain([report])["reports"][0]["properties"]] == [True, False, True]


def test_a_claim_about_steps_that_no_two_states_could_break_says_so() -> None:
    """Whatever may follow what: that a number does not fall, or that an event leads there, is what the machine does."""
    here, there = State("here"), State("there")
    many = integer("many", 0, 3)
    lines = (here.on(Go).when(many < 2).stay().set(many, many + 1), here.on(Stop).to(there), there.on(Go).to(here))
    claims = (
        each_step("three at most", before(many < 3) >> after(many <= 3)),
        each_step("it does not fall by itself", before(many == 2) >> after(many == 2)),
        each_step("it is somewhere", happens(Stop) >> after(inside(here, there))),
        each_step("stop leads there", happens(Stop) >> after(inside(there))),
        each_step("it goes or not", happens(Go) | ~happens(Go)),
    )
    machine = Machine("tally", (here, there), here, lines, variables=(many,), properties=claims)
    people = each("people", Machine("person", (here, there), here, (here.on(Go).to(there),)), key="who")
    counts = each_step("as many as there are", before(people.count() >= 0) >> after(people.any() | people.none()))
    system = System("all", (people,), wires=(wire(Come, people[Come.who].by(Go)),), properties=(counts,))

    assert [True, False, True, False, True] == _by_types(machine)
    assert [True] == _by_types(system)


def _by_types(target: Machine | System) -> list[bool]:
    plain = to_plain([verify(target, definition=False)])["reports"][-1]["properties"]
    assert {"proved"} == {one["verdict"] for one in plain}
    return [one["by_types"] for one in plain]
