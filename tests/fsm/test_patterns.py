"""The patterns of Dwyer, Avrunin and Corbett: what is claimed of a run is what the pattern says of it, position by position."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest

from fsm import (
    ELAPSED,
    DefinitionError,
    Field,
    Machine,
    Modality,
    State,
    after,
    as_system,
    boolean,
    compile,
    event,
    inside,
)
from fsm.language.expressions import Formula
from fsm.patterns import Pattern, absence, existence, observed, precedence, response, universality
from fsm.traces import Trace, breach, replay

red, green, blue = State("red"), State("green"), State("blue")


@event
class Turn:
    pass


@event
class Swap:
    pass


@event
class Rest:
    pass


@event
class Foreign:
    pass


@event
class Named:
    name: Field[int]


LINES = (
    red.on(Turn).to(green), green.on(Turn).to(blue), blue.on(Turn).to(red),
    red.on(Swap).to(blue), green.on(Swap).stay(), blue.on(Swap).to(green),
    (red | blue).on(Rest).stay(), green.on(Rest).to(red),
)  # fmt: skip
LAMP = Machine("lamp", (red, green, blue), red, LINES)

What = Formula | type
NAMES: dict[str, What] = {"red": inside(red), "green": inside(green), "blue": inside(blue), "Turn": Turn, "Swap": Swap, "Rest": Rest}  # fmt: skip
STEPS = 4


Rule = Callable[[list[str], str, str, str], bool]
"""Whether a run breaks a pattern of P, Q and R."""


def stretches(run: list[str], opens: str, closes: str) -> Iterator[tuple[int, int | None]]:
    """From where Q is and R is not until the next R; another Q in between opens nothing."""
    start: int | None = None
    for place, name in enumerate(run):
        if start is not None and name == closes:
            yield start, place
            start = None
        elif start is None and name == opens and name != closes:
            start = place
    if start is not None:
        yield start, None


def first(run: list[str], what: str) -> int | None:
    return run.index(what) if what in run else None


RULES: dict[str, tuple[Callable[[What, What, What], Pattern], Rule]] = {
    "never": (lambda p, q, r: absence("never", p), lambda run, p, q, r: p in run),
    "not before it was": (
        lambda p, q, r: precedence("not before it was", p, first=r),
        lambda run, p, q, r: p in run[: first(run, r)],
    ),
    "not before it comes": (
        lambda p, q, r: absence("not before it comes", p, before=r),
        lambda run, p, q, r: r in run and p in run[: first(run, r)],
    ),
    "not after": (
        lambda p, q, r: absence("not after", p, after=q),
        lambda run, p, q, r: q in run and p in run[first(run, q) :],
    ),
    "not from, until": (
        lambda p, q, r: absence("not from, until", p, after=q, until=r),
        lambda run, p, q, r: any(p in run[start:end] for start, end in stretches(run, q, r)),
    ),
    "not between": (
        lambda p, q, r: absence("not between", p, after=q, before=r),
        lambda run, p, q, r: any(end is not None and p in run[start:end] for start, end in stretches(run, q, r)),
    ),
    "once before": (
        lambda p, q, r: existence("once before", p, before=r),
        lambda run, p, q, r: r in run and p not in run[: first(run, r)],
    ),
    "once between": (
        lambda p, q, r: existence("once between", p, after=q, before=r),
        lambda run, p, q, r: any(end is not None and p not in run[start:end] for start, end in stretches(run, q, r)),
    ),
}
"""Each pattern that one run can break, and when it does, of the run as a row of states and events in turn."""

THREE = [three for three in product(NAMES, repeat=3) if len(set(three)) == 3]
STEPS, EACH = 3, 5
"""How long the runs are, and how many triples stand between two that are tried."""


def row(trace: Trace) -> list[str]:
    """The states and the events of a run in turn."""
    events = [type(sent).__name__ for sent, _ in trace.events]
    names = [str(one["lamp"].state) for one in (trace.start, *(step.after for step in trace.steps))]
    return [name for pair in zip(names, [*events, ""], strict=True) for name in pair][:-1]


@pytest.mark.parametrize("p", NAMES)
def test_a_pattern_is_broken_by_the_runs_that_break_its_definition_and_by_no_other(p: str) -> None:
    """Of formulas and of events, in every scope, from the first snapshot on."""
    plain = compile(LAMP)
    sent = [[(made(), 0) for made in events] for events in product((Turn, Swap, Rest), repeat=STEPS)]
    rows = [row(trace) for trace in (replay(plain, one) for one in sent)]
    for _, q, r in [three for three in THREE if three[0] == p][::EACH]:
        machine = observed(LAMP, *(made(NAMES[p], NAMES[q], NAMES[r]) for made, _ in RULES.values()))
        system = as_system(machine)
        engine = compile(system)
        for events, names in zip(sent, rows, strict=True):
            trace = replay(engine, events)
            assert row(trace) == names, "what is observed goes where the machine goes"
            told = [breach(engine, claim, trace) is not None for claim in system.properties]
            assert told == [rule(names, p, q, r) for _, rule in RULES.values()], (p, q, r, names)


def test_what_needs_no_memory_is_a_plain_claim() -> None:
    """Nothing is added to the machine but the claim."""
    made = observed(
        LAMP, absence("a", Swap), universality("u", ~inside(blue)), response("r", inside(red), inside(green))
    )
    assert made.variables == LAMP.variables
    assert [claim.modality for claim in made.properties] == [Modality.EACH_STEP, Modality.ALWAYS, Modality.LEADS_TO]


def test_memories_of_several_patterns_have_names_of_their_own() -> None:
    """And leave alone the variables that there are."""
    taken = boolean("scope_1")
    machine = Machine("lamp", (red, green, blue), red, LINES, variables=(taken,))
    made = observed(
        machine, precedence("p", Swap, first=Turn), existence("e", Swap, after=Turn), absence("a", Turn, until=Swap)
    )
    assert [one.name for one in made.variables] == ["scope_1", "scope_2", "scope_3", "seen_1", "scope_4"]


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (lambda: absence("a", Turn, before=Swap, until=Rest), "has two ends"),
        (lambda: universality("u", Turn), "speaks of an event"),  # type: ignore[arg-type]  # what is refused
        (lambda: absence("a", ELAPSED > 3), "reads the time in state"),
        (lambda: precedence("p", inside(red), first=after(inside(blue))), "reads before or after a step"),
        (lambda: absence("a", Named.name == 1), "reads a field of an event"),
        (lambda: existence("e", Turn, before=Swap, fair=Turn), "asks for nothing to come"),
        (lambda: response("r", Turn, inside(red), after=inside(blue)), "two memories"),
        (lambda: observed(LAMP, precedence("p", Turn, first=Foreign)), "no event of the machine"),
        (lambda: observed(LAMP, absence("p", Turn, until=Foreign)), "no event of the machine"),
        (lambda: observed(LAMP, "never"), "a pattern"),
        (lambda: observed(Turn), "a machine"),
        (lambda: absence("a", "red"), "neither a formula nor an event"),
        (lambda: absence("", Turn), "begins with no sentence"),
    ],
)
def test_what_cannot_be_said_is_refused_with_what_to_write(made: Callable[[], object], told: str) -> None:
    """Where it is written, and not in a proof."""
    with pytest.raises(DefinitionError, match=told) as refused:
        made()
    assert refused.value.instead
