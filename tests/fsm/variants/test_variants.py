"""Variants: a declaration made from another by what is different, and nothing else."""

from __future__ import annotations

from itertools import combinations, permutations
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from fsm import (
    NOW,
    DefinitionError,
    Event,
    EventRefused,
    Field,
    Machine,
    Rule,
    State,
    System,
    after,
    always,
    before,
    boolean,
    compile,
    each,
    each_step,
    effect,
    emitted,
    happens,
    parameter,
)
from fsm import (
    one as sole,
)
from fsm.canonical import fingerprint, write
from fsm.command.group import fsm
from fsm.storage import Migrations, dump, load
from fsm.variants import Variant, claim, derivation, line, migration, replaced, retracted, rule, touch, varied, wiring
from fsm.verification import Proved, Refuted, render, verify

from .office import (
    COUNTED,
    CROWD,
    EVERY,
    HALL,
    HOUSE,
    IMPATIENT,
    NO_CALLS,
    NOBODY_LEAVES_SERVED,
    PAUSES,
    PAUSES_HERE,
    VISITOR,
    Call,
    Enter,
    Found,
    Go,
    GoOn,
    Leave,
    LookFor,
    Open,
    Pause,
    Served,
    Sit,
    Speak,
    chairs,
    greeted,
    outside,
    paused,
    served,
    visitors,
    waiting,
)

OFFICE = Path(__file__).parent / "office.py"


def verdicts(declaration: Machine | System) -> dict[str, type]:
    return {one.claim.sentence: type(one) for one in verify(declaration, definition=False).verdicts}


# What is added, replaced, left out


def test_a_variant_of_a_machine_is_a_machine_and_leaves_its_base_as_it_was() -> None:
    """What it adds stands behind what the base has, and the base's own lines are the same objects."""
    before = write(VISITOR)
    made = varied(VISITOR, PAUSES)

    assert made.states == (*VISITOR.states, paused)
    assert made.transitions[: len(VISITOR.transitions)] == VISITOR.transitions
    assert made.events == (Sit, Speak, Leave, Pause, GoOn)
    assert write(VISITOR) == before


def test_a_variant_of_a_machine_varies_every_system_that_has_it() -> None:
    """It is given once; the base's formulas go by the part's name."""
    made = varied(HOUSE, PAUSES_HERE)
    engine = compile(made)
    house = engine.start(at=0)
    for sent in (Enter(visitor="v-1"), Call(visitor="v-1"), LookFor(visitor="v-1")):
        house = engine.step(house, sent, at=0).after

    assert house["visitors"]["v-1"].state == paused.name
    assert made.part("visitors").machine.states == (*VISITOR.states, paused)


def test_what_the_base_says_of_every_instance_is_said_of_those_in_new_states_too() -> None:
    """`visitors.count()` counts whoever is paused: no chair is given twice."""
    engine = compile(varied(HOUSE, PAUSES_HERE), {"chairs": 1})
    house = engine.start(at=0)
    for sent in (Enter(visitor="v-1"), Call(visitor="v-1"), LookFor(visitor="v-1")):
        house = engine.step(house, sent, at=0).after

    with pytest.raises(EventRefused, match="there is a chair"):
        engine.step(house, Enter(visitor="v-2"), at=0)


def test_what_the_base_says_of_named_states_is_said_of_these_alone() -> None:
    """`visitors.none(served)` says nothing of who is paused, though every state in which there was anybody else is another."""
    engine = compile(varied(HOUSE, PAUSES_HERE))
    house = engine.start(at=0)
    for sent in (
        Enter(visitor="v-1"),
        Call(visitor="v-1"),
        LookFor(visitor="v-1"),
        Enter(visitor="v-2"),
        Call(visitor="v-2"),
    ):
        house = engine.step(house, sent, at=0).after
    with pytest.raises(EventRefused, match="nobody is served meanwhile"):
        engine.step(house, Found(visitor="v-1"), at=0)


def test_a_line_is_left_out_for_one_of_its_states_alone() -> None:
    """`(waiting | served).on(Leave)` still lets go who waits."""
    made = varied(VISITOR, NOBODY_LEAVES_SERVED)
    (leaving,) = [one for one in made.transitions if one.event is Leave]
    assert leaving.sources == (waiting,)


def test_a_line_is_replaced_where_it_stands() -> None:
    """The replacement is tried where the old line was; its other states keep the old one."""
    made = varied(VISITOR, COUNTED)
    (new, old) = [one for one in made.transitions if one.event is Leave]
    assert (new.sources, made.effects, old.sources) == ((served,), (Served,), (waiting,))


def test_a_parameter_is_replaced_wherever_it_is_read() -> None:
    """In rules, assumptions and claims; nothing reads the old one any more."""
    made = varied(HOUSE, HALL)
    assert [one.default for one in made.parameters] == [40]
    engine = compile(made, {"chairs": 12})
    house = engine.start(at=0)
    for number in range(12):
        house = engine.step(house, Enter(visitor=f"v-{number}"), at=0).after
    assert len(house["visitors"]) == 12


def test_a_parameter_that_a_machine_mentions_now_is_one_of_the_system() -> None:
    """The system need not say it again."""
    assert [one.name for one in varied(HOUSE, IMPATIENT).parameters] == ["chairs", "patience"]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")], ids=" ".join)
def test_a_parameter_that_a_line_of_a_variant_reads_is_replaced_by_another_variant(names: tuple[str, str]) -> None:
    """Whichever is made first, at once or one after the other, of the machine and of its system."""
    polite, rude = parameter("polite", bool, True), parameter("polite", bool, False)
    asks = Variant(names[0], VISITOR, adds=(served.on(Speak).when(polite).to(outside),))
    otherwise = Variant(names[1], VISITOR, replaces=(replaced(polite, rude),))
    for made in (
        varied(VISITOR, asks, otherwise),
        varied(varied(VISITOR, asks), otherwise),
        varied(HOUSE, asks, otherwise),
    ):
        assert [False] == [one.default for one in made.parameters if one.name == "polite"]


def test_a_state_is_replaced_wherever_it_is_named() -> None:
    """By one that is called otherwise: in lines, formulas, counts."""
    seated = State("seated", "on a chair")
    made = varied(HOUSE, Variant("seats", VISITOR, replaces=(replaced(waiting, seated),)))
    engine = compile(made)
    house = engine.step(engine.start(at=0), Enter(visitor="v-1"), at=0).after
    assert house["visitors"]["v-1"].state == seated.name
    assert verdicts(made) == verdicts(HOUSE)


def test_a_variable_is_replaced_wherever_it_is_read_or_written() -> None:
    """The claim over the old one is one over the new."""
    welcomed = boolean("welcomed")
    made = varied(VISITOR, Variant("words", VISITOR, replaces=(replaced(greeted, welcomed),)))
    assert "welcomed" in str(made.properties[0].formula)
    assert set(verdicts(made).values()) == {Proved}


def test_a_wire_and_its_rule_are_left_out() -> None:
    """The event is gone, and what claims it could bring about is refuted."""
    made = varied(HOUSE, NO_CALLS)
    assert made.events == (Enter, Go, *HOUSE.events[3:])
    assert verdicts(made)["somebody is served"] is Refuted


# Claims


def test_a_retracted_claim_is_refuted_with_its_run_and_counts_as_the_variant_says() -> None:
    """It stays retracted in whatever is built on it, until it is restored."""
    made = varied(HOUSE, CROWD, HALL)
    report = verify(made, definition=False)
    (found,) = [one for one in report.verdicts if one.claim.retracted]

    assert isinstance(found, Refuted)
    assert found.trace is not None
    assert report.expects_refutation(found.claim)
    assert "retracted: there are two desks" in render([report])


def test_what_is_retracted_is_checked_neither_on_load_nor_by_derived_tests() -> None:
    """A snapshot that breaks it is one of the variant's."""
    engine = compile(varied(HOUSE, CROWD))
    house = engine.start(at=0)
    for number in ("1", "2"):
        for sent in (Enter(visitor=number), Call(visitor=number)):
            house = engine.step(house, sent, at=0).after
    assert load(engine, dump(engine, house), now=0) == house


def test_a_claim_that_is_restored_holds_again() -> None:
    """Here because the rule is back."""
    back = Variant(
        "one desk again",
        HOUSE,
        adds=(Rule("one at a time, again", on=Call, when=visitors.none(served)),),
        restores=("one is served at most",),
    )
    assert verdicts(varied(HOUSE, CROWD, back))["one is served at most"] is Proved


def test_a_claim_that_names_what_is_gone_is_withdrawn_and_that_is_said() -> None:
    """With what is gone and who took it away."""
    gone = Variant(
        "no service",
        VISITOR,
        leaves_out=(served, line(waiting, Speak), line(served, Leave), claim("only leaving ends a service")),
    )
    made = varied(VISITOR, gone)
    known = derivation(made)
    assert known is not None
    assert [attrs.astuple(one) for one in known.withdrawn] == [
        ("who is served was greeted", "the state served", "no service")
    ]
    assert "withdrawn who is served was greeted: it names the state served" in render([verify(made)])


def test_the_report_says_which_claims_are_new() -> None:
    """And which variants were made."""
    text = render([verify(varied(HOUSE, PAUSES_HERE))])
    assert "varied    a service is interrupted, pauses" in text
    assert "whoever is paused was greeted\n      new in the variant" in text


# Order


def test_variants_that_do_not_touch_commute() -> None:
    """In whatever order they are given, all at once or one by one, the same declaration comes out, byte for byte."""
    together = varied(HOUSE, *EVERY)
    for order in permutations(EVERY):
        by_and_by = HOUSE
        for one in order:
            by_and_by = varied(by_and_by, one)
        assert write(by_and_by) == write(together)
    assert fingerprint(varied(HOUSE, *reversed(EVERY))) == fingerprint(together)


def test_variants_touch_where_they_speak_of_the_same_thing() -> None:
    """Lines of one state and event, timers of one state, wires of one event, one name."""
    other = Variant("other pauses", VISITOR, adds=(State("resting"), served.on(Pause).to(State("resting"))))
    assert touch(PAUSES, other)
    assert touch(NOBODY_LEAVES_SERVED, COUNTED)
    assert touch(CROWD, NO_CALLS)
    assert not any(touch(one, two) for one, two in combinations(EVERY, 2))


def test_what_touches_is_made_in_the_order_that_was_given() -> None:
    """The first line of a state and event is the one that is taken."""
    first = Variant("a", VISITOR, adds=(outside.on(Pause).when(greeted).to(waiting),))
    second = Variant("b", VISITOR, adds=(outside.on(Pause).when(~greeted).to(served).set(greeted, True),))
    ways = [
        [one.target for one in varied(VISITOR, *order).transitions[-2:]] for order in ((first, second), (second, first))
    ]
    assert ways == [[waiting, served], [served, waiting]]


def test_a_declaration_that_was_changed_otherwise_since_is_a_base_of_its_own() -> None:
    """What a variant remembers is only believed while it is true."""
    made = varied(HOUSE, CROWD)
    changed = attrs.evolve(made, properties=())
    assert derivation(changed) is None
    assert varied(changed, HALL).properties == ()


# Snapshots


def test_snapshots_of_the_base_are_read_under_a_variant_that_only_adds() -> None:
    """New variables are as at the start, and everybody is where they were."""
    made = varied(HOUSE, PAUSES_HERE, Variant("names", VISITOR, adds=(boolean("known", initial=True),)))
    old, new = compile(HOUSE), compile(made)
    house = old.step(old.start(at=0), Enter(visitor="v-1"), at=5).after
    read = load(new, dump(old, house), now=5, migrations=Migrations(migration(made)))
    visitor = read["visitors"]["v-1"]
    assert (visitor.state, visitor.greeted, visitor.known) == (waiting.name, False, True)


@pytest.mark.parametrize(
    "variant", [IMPATIENT, Variant("no waiting", VISITOR, replaces=(replaced(waiting, State("w")),))]
)
def test_a_variant_that_does_more_than_add_has_no_migration_by_itself(variant: Variant) -> None:
    """A timer of an old state may be due long since; a state has another name: somebody must say what becomes of it."""
    with pytest.raises(DefinitionError, match="Write a Migration"):
        migration(varied(HOUSE, variant))


def test_a_declaration_that_no_variant_made_has_no_migration() -> None:
    with pytest.raises(DefinitionError, match="made by no variant"):
        migration(HOUSE)


# What is no variant


@effect
class Chime:
    """Something that no declaration keeps by itself."""


WRONG = {
    "a line that is not there": (VISITOR, {"leaves_out": (line(outside, Leave),)}, "there is no line outside on Leave"),
    "a rule that is not there": (HOUSE, {"leaves_out": (rule("nothing"),)}, "there is no rule 'nothing'"),
    "a wire that is not there": (HOUSE, {"leaves_out": (wiring(Open),)}, "there is no wire on Open"),
    "a claim that is not there": (HOUSE, {"retracts": (retracted("none", because="why"),)}, "no property 'none' to retract"),
    "a state that is not there": (VISITOR, {"leaves_out": (paused,)}, "there is no state paused"),
    "what is not retracted": (HOUSE, {"restores": ("somebody is served",)}, "is not retracted"),
    "rules in a machine": (VISITOR, {"adds": (Rule("r", on=Enter, when=chairs > 1),)}, "a machine has no rules"),
    "lines in a system": (HOUSE, {"adds": (outside.on(Pause).to(waiting),)}, "a system has no transitions"),
    "a thing of no kind": (HOUSE, {"adds": (Chime,)}, "is nothing that a declaration has"),
    "a name twice": (VISITOR, {"adds": (State("waiting"),)}, "waiting"),
    "a state that lines still name": (VISITOR, {"leaves_out": (served,)}, "served"),
    "a rule that names what is gone": (
        HOUSE,
        {"machines": (Variant("nobody", VISITOR, leaves_out=(served, line(waiting, Speak), line(served, Leave)), adds=(waiting.on(Speak).to(outside),)),)},
        "names the state served, which the variant 'nobody' takes away",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("base", "says", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told_on_the_line_of_the_variant(
    base: Machine | System, says: dict[str, object], told: str
) -> None:
    """What is not there, what stands in the wrong place, what leaves nonsense behind."""
    variant = Variant("wrong", base, **says)  # type: ignore[arg-type]
    with pytest.raises(DefinitionError) as wrong:
        varied(base, variant)
    assert told in str(wrong.value)
    assert wrong.value.written is not None
    assert wrong.value.written[0] == __file__


def test_what_another_variant_took_away_is_told_with_its_name() -> None:
    """Whoever replaces it hears who did."""
    again = Variant(
        "again", HOUSE, replaces=(replaced(rule("one is served at a time"), Rule("x", on=Call, when=chairs > 1)),)
    )
    with pytest.raises(DefinitionError, match="any more: the variant 'two desks' took it away"):
        varied(HOUSE, CROWD, again)


def test_what_is_there_twice_is_not_said_to_be_gone() -> None:
    """Though another variant has put both in the place of one."""
    ways = (waiting.on(Speak).when(greeted).to(served), waiting.on(Speak).when(~greeted).to(served))
    split = Variant("split", VISITOR, replaces=(replaced(line(waiting, Speak), *ways),))
    again = Variant("again", VISITOR, leaves_out=(line(waiting, Speak),))
    with pytest.raises(DefinitionError, match="2 are meant by line waiting on Speak") as refused:
        varied(VISITOR, split, again)
    assert "any more" not in str(refused.value)


def test_a_name_that_could_be_several_lines_is_refused_until_it_says_which() -> None:
    """By the guard; None names the line without one."""
    polite = Variant(
        "polite", VISITOR, adds=(served.on(Speak).when(greeted).stay(), served.on(Speak).when(~greeted).to(waiting))
    )
    made = varied(VISITOR, polite)
    with pytest.raises(DefinitionError, match=r"2 are meant by line served on Speak.*where greeted"):
        varied(made, Variant("which", VISITOR, leaves_out=(line(served, Speak),)))
    kept = varied(made, Variant("this", VISITOR, leaves_out=(line(served, Speak, when=~greeted),)))
    assert [str(one.guard) for one in kept.transitions if one.event is Speak] == ["None", "greeted"]


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: retracted("one is served at most", because=" "), "is given no reason"),
        (lambda: replaced(served), "nothing takes its place"),
        (lambda: replaced(served, greeted), "something of another kind"),
        (lambda: replaced(served, paused, State("x")), "several things would take its place"),
        (lambda: Variant(" ", VISITOR), "has no name"),
        (lambda: Variant("v", "visitor"), "is no machine or system"),  # type: ignore[arg-type]
        (lambda: Variant("v", VISITOR, machines=(PAUSES,)), "names variants of machines"),
        (lambda: Variant("v", HOUSE, machines=(CROWD,)), "names a variant of a system"),
        (lambda: line("served", Speak), "is no state"),  # type: ignore[arg-type]
        (lambda: varied(VISITOR, CROWD), "is a machine"),
        (lambda: varied(varied(HOUSE, CROWD), CROWD), "has a variant of this name already"),
        (lambda: varied(HOUSE, CROWD, Variant("c", HOUSE, retracts=(retracted("one is served at most", because="x"),))), "is retracted already"),
        (lambda: varied(HOUSE, Variant("x", Machine("elsewhere", (outside,), outside, ()))), "which house is not and has not"),
    ],
)  # fmt: skip
def test_half_a_variant_is_refused(make: object, told: str) -> None:
    """At the line where it is written."""
    with pytest.raises(DefinitionError, match=told):
        make()  # type: ignore[operator]


def test_formulas_of_a_variant_go_by_the_name_of_a_part() -> None:
    """One of a name that the base has not is refused."""
    guests = each("guests", VISITOR, key="visitor")
    with pytest.raises(DefinitionError, match="guests: there is no such part"):
        varied(HOUSE, Variant("guests", HOUSE, adds=(always("none", guests.none(served)),)))


def test_a_picture_marks_what_variants_brought(tmp_path: Path) -> None:
    """In the system and in its machines; of what no variant made there is nothing to mark."""
    runner = CliRunner()
    drawn = runner.invoke(fsm, ["draw", f"{OFFICE}:VARIED", "--changed", "--out", str(tmp_path)])
    assert drawn.exit_code == 0, drawn.output
    assert "changed" in (tmp_path / "house.svg").read_text(encoding="utf-8")
    bare = runner.invoke(fsm, ["draw", f"{OFFICE}:HOUSE", "--changed", "--out", str(tmp_path)])
    assert (bare.exit_code, "made by no variant" in bare.output) == (2, True)


# What other parts still have


class Look(Event):
    """A visitor looks around: nobody wires it, the field says who."""

    visitor: Field[str]


class Strike(Event):
    """It strikes the hour: two parts know it."""


@effect
class Sounded:
    at: int


LOOKER = Machine("looker", (outside, waiting), outside, (outside.on(Look).to(waiting),))
BELL, CLOCK = (
    Machine(name, (State("still"),), State("still"), (State("still").on(Strike).stay().emits(Sounded, at=NOW),))
    for name in ("bell", "clock")
)
lookers, clock = each("lookers", LOOKER, key="visitor"), sole("clock", CLOCK)
TOWER = System(
    "tower", (sole("bell", BELL), clock, lookers),
    properties=(
        each_step("who looks around waits", happens(Look) >> after(lookers.any(waiting))),
        each_step("it sounds when it strikes alone", (before(emitted(Sounded)) < after(emitted(Sounded))) >> happens(Strike)),
    ),
)  # fmt: skip
DUMB = Variant("dumb", BELL, leaves_out=(line(State("still"), Strike),))


@pytest.mark.parametrize("variant", [DUMB, Variant("a rule", TOWER, adds=(Rule("r", on=Look, when=lookers.none()),))])
def test_a_claim_is_kept_where_another_part_still_takes_the_event_that_it_names(variant: Variant) -> None:
    """Also where no wire is written, and the field alone says whom the event reaches."""
    made = varied(TOWER, variant)
    known = derivation(made)
    assert known is not None
    assert () == known.withdrawn
    assert {Proved} == set(verdicts(made).values())
