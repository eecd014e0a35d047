"""What timers of each of many instances bring in the end is proved of one by itself; and not where somebody else's timer, or what callers send, keeps it away."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, reject, seed, settings
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    Field,
    Machine,
    Property,
    State,
    System,
    each,
    event,
    inside,
    integer,
    leads_to,
    one,
    parameter,
    wire,
)
from fsm.canonical.writing import write
from fsm.errors import Overlap
from fsm.language.machine import Transition
from fsm.runtime.engine import prepare
from fsm.verification import Proved, Refuted, Report, Verdict, verify
from fsm.verification.certificates.confirming import Checker, begin, sections_of
from fsm.verification.certificates.exporting import script_of
from fsm.verification.certificates.readme import readme
from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.proofs.time.followed import followed
from fsm.verification.evidence import How
from fsm.verification.search.breadth_first import BUDGET
from fsm.verification.search.fair.cycles import Asked, find_cycle

free, held, sold = State("free"), State("held"), State("sold")
tries = integer("tries", 0, 2)
patience = parameter("patience", int, 3, low=1)


@event
class Put:
    item: Field[str]


@event
class Touch:
    item: Field[str]


@event
class Take:
    item: Field[str]


@event
class Hold:
    pass


@event
class Again:
    pass


@event
class Sell:
    pass


@event
class Lapse:
    """Sent by time."""


@event
class Strike:
    """Sent by time."""


LAPSES = held.after(patience, Lapse).to(free)


def shop(*lines: Transition, claim: Property | None = None, **limits: int) -> System:
    """Things that are held for somebody, touched, and taken."""
    usual = (free.on(Hold).to(held), held.on(Sell).to(sold), sold.on(Sell).to(free))
    item = Machine("item", (free, held, sold), free, (*usual, *lines), (tries,))
    items = each("items", item, key="item", **limits)
    wires = (wire(Put, items[Put.item].by(Hold)), wire(Take, items[Take.item].by(Sell)))
    touched = (wire(Touch, items[Touch.item].by(Again)),) if any(line.event is Again for line in lines) else ()
    return System(
        "shop",
        (items,),
        (*wires, *touched),
        properties=(claim or over(items),),
        parameters=(patience,) if LAPSES in lines else (),
    )


def over(items: object) -> Property:
    """What is held is not held for ever."""
    return leads_to("it is over", inside(held), ~inside(held), each=items)  # type: ignore[arg-type]  # a part


def report_on(system: System) -> Report:
    """Confirmed by the checker."""
    with ThreadPoolExecutor(1) as pool:
        return begin(verify(system, definition=False), Checker(pool)).finish()


def decided(system: System) -> Verdict:
    return report_on(system).verdicts[0]


COUNTED = (
    held.on(Again).when(tries < 2).to(held).set(tries, tries + 1),
    held.after(2, Lapse).to(free),
)


def test_a_timer_of_each_brings_it_in_the_end() -> None:
    """Of any number of instances, however long it takes."""
    verdict = decided(shop(LAPSES))
    assert isinstance(verdict, Proved)
    assert verdict.evidence is not None
    assert verdict.evidence.how is How.CLOCK


def test_what_begins_the_stay_anew_for_ever_keeps_it_away() -> None:
    """Unless it is counted."""
    assert isinstance(decided(shop(LAPSES, held.on(Again).to(held), at_most=1)), Refuted)
    assert isinstance(decided(shop(*COUNTED)), Proved)


def test_who_is_forgotten_counts_anew() -> None:
    """What counts only up in one life is as at first in the next: a claim that spans lives is not proved by the count."""
    lines = (
        held.on(Again).to(free),
        held.after(2, Lapse).to(free),
        sold.after(2, Lapse).when(tries < 2).to(held).set(tries, tries + 1),
        sold.after(2, Strike).to(free),
    )
    system = shop(*lines, at_most=1)
    (items,) = system.parts
    never_again = leads_to("it is free", inside(held, sold), inside(free), each=items)  # type: ignore[arg-type]  # a part
    assert isinstance(decided(attrs.evolve(system, properties=(never_again,))), Proved)
    for_good = leads_to("it is sold", inside(free), inside(sold), each=items)  # type: ignore[arg-type]  # a part
    assert isinstance(decided(attrs.evolve(system, properties=(for_good,))), Refuted)


def struck(*, by_time: bool) -> System:
    """What is touched just when its time is over is held anew; a bell strikes then."""
    system = shop(LAPSES, held.on(Again).when(ELAPSED >= patience).to(held), at_most=1)
    if not by_time:
        return system
    (items,) = system.parts
    rings = State("rings")
    bell = one("bell", Machine("bell", (rings,), rings, (rings.after(patience, Strike).to(rings),)))
    wires = tuple(one for one in system.wires if one.event is not Touch)
    strikes = wire(bell.sends(Strike), items.every(inside(held)).by(Again))  # type: ignore[union-attr]  # many
    return attrs.evolve(system, parts=(bell, items), wires=(*wires, strikes))


def test_who_is_moved_by_a_timer_of_somebody_else_is_not_followed_by_itself() -> None:
    """At the very instant at which a timer of its own falls due, where callers do not come: it is not proved, and the checker would not take a proof."""
    alone, moved = report_on(struck(by_time=False)), report_on(struck(by_time=True))
    assert isinstance(alone.verdicts[0], Proved)
    assert not isinstance(moved.verdicts[0], Proved)
    for system, refused in ((struck(by_time=False), False), (struck(by_time=True), True)):
        declaration = read_declaration(write(system))
        with pytest.raises(CannotSay, match="timers of others move") if refused else nullcontext():
            assert followed(declaration, declaration.properties[0]).alone


def test_its_questions_are_asked_of_any_solver_and_said_in_words(tmp_path: Path) -> None:
    """The scripts speak of instance 0 of the part, and so does what is said of them."""
    report = report_on(shop(*COUNTED))
    script = tmp_path / "proofs.smt2"
    script.write_text(script_of(report), encoding="ascii")
    done = subprocess.run([Path(sys.executable).with_name("z3"), script], capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    asked = script.read_text().count("(check-sat)")
    assert asked > 3 and ["unsat"] * asked == done.stdout.split()
    assert "the time in state of instance 0 of items" in script.read_text()
    assert "lemma of the clock" in readme(sections_of(report))


LINES = (
    held.on(Again).when(tries < 2).to(held).set(tries, tries + 1),
    held.on(Again).when(tries > 0).stay().set(tries, tries - 1),
    held.on(Again).when(ELAPSED >= 1).to(sold),
    held.on(Again).to(free),
    sold.on(Again).when(tries < 2).to(held).set(tries, tries + 1),
    sold.on(Again).to(held),
)
TIMED = (
    held.after(2, Lapse).to(free),
    held.after(2, Lapse).when(tries < 2).to(held).set(tries, tries + 1),
    held.after(1, Lapse).when(tries > 0).to(sold),
    held.after(2, Lapse).to(sold).set(tries, 0),
    sold.after(1, Strike).to(held),
    sold.after(2, Strike).to(free),
)


@st.composite
def shops(draw: st.DrawFn) -> System:
    """Two instances, some lines that callers take, and some timers."""
    called = draw(st.lists(st.sampled_from(LINES), unique=True, max_size=1))
    timed = draw(st.lists(st.sampled_from(TIMED), unique=True, min_size=1, max_size=3))
    try:
        system = shop(*called, *timed, at_most=1)
    except Overlap:  # a line that could never be taken
        reject()
    (items,) = system.parts
    begins, goal = draw(
        st.sampled_from([(held, ~inside(held)), (sold, ~inside(sold)), (held, inside(free)), (sold, inside(free))])
    )
    claim = leads_to("it comes", inside(begins), goal, each=items)  # type: ignore[arg-type]  # a part
    return attrs.evolve(system, properties=(claim,))


def test_what_is_proved_of_drawn_shops_no_run_that_goes_on_for_ever_keeps_away() -> None:
    """Everything there is is gone through besides."""
    seen: Counter[tuple[str, str]] = Counter()

    @seed(0)
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(shops())
    def compared(system: System) -> None:
        (claim,) = system.properties
        found = find_cycle(prepare(system, {}), Asked.by(claim), BUDGET)
        verdict = decided(system)
        assert found.trace is None or not isinstance(verdict, Proved), system
        seen["kept" if found.trace is None else "late", type(verdict).__name__] += 1

    compared()
    assert min(seen["kept", "Proved"], seen["late", "Refuted"]) >= 6, seen
