"""Everything that can be wrong in a machine is found when it is declared, and the message says what to write."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import attrs
import pytest

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    SINCE,
    Assumption,
    DefinitionError,
    Field,
    Machine,
    Property,
    State,
    after,
    always,
    before,
    boolean,
    carried,
    choice,
    choose,
    each,
    each_step,
    effect,
    emitted,
    event,
    for_each,
    happens,
    inside,
    integer,
    one,
    parameter,
    reachable,
    within,
)
from fsm.checks.durations import BY_VALUES
from fsm.language.expressions import COMPARED_VARIABLE, Expr, Formula, Var
from fsm.language.machine import Transition


class Mode(Enum):
    DAY = 1
    NIGHT = 2


@event
class Push:
    force: Field[int]
    mode: Field[Mode]
    by: Field[str]


@event
class Lock:
    """Turn the key."""


@event
class Slam:
    """Sent by time: the door falls shut."""


@effect
class Rang:
    by: str
    at: int


@effect
class Never:
    """No transition emits it."""


shut, ajar, locked, nowhere = State("shut"), State("ajar"), State("locked"), State("nowhere")
mode = choice("mode", Mode)
times = integer("times", 0, 3)
seen = boolean("seen")
visitor = carried("visitor", str, initial="")
foreign = boolean("foreign")
delay = parameter("delay", int, 5, low=1)
loose = parameter("loose", int, 5)
other = Machine("other", (shut, ajar), shut, (shut.on(Lock).to(ajar),), (seen,))
a_part, parts = one("a_part", other), each("parts", other, key="id")

PUSH, LOCK = shut.on(Push).to(ajar), ajar.on(Lock).to(locked)


def door(*transitions: Transition, **changes: Any) -> Machine:
    """A door with these transitions beside its usual two."""
    given: dict[str, Any] = {
        "name": "door", "states": (shut, ajar, locked), "initial": shut, "transitions": (PUSH, LOCK, *transitions),
        "variables": (mode, times, seen, visitor),
    }  # fmt: skip
    return Machine(**{**given, **changes})


def guarded(guard: Formula) -> Machine:
    """A door with a guarded push."""
    return door(locked.on(Push).when(guard).to(ajar))


def setting(variable: Var[Any], value: Any) -> Machine:
    """A door that sets a variable when it is pushed."""
    return door(locked.on(Push).to(ajar).set(variable, value))


def claiming(*claims: Property) -> Machine:
    """A door with these properties."""
    return door(properties=claims)


def ringing(by: Any) -> Machine:
    """A door that rings when it is pushed."""
    return door(locked.on(Push).to(ajar).emits(Rang, by=by, at=NOW))


def test_a_machine_without_fault_is_accepted() -> None:
    """Guards read variables, fields, parameters and time; updates write, effects emit."""
    made = door(
        locked.on(Push).when((Push.mode == mode) & (Push.force >= delay) & (ELAPSED > 5)).to(ajar).set(visitor, Push.by).set(seen, True)
            .emits(Rang, by=visitor, at=SINCE).happily(),
        locked.on(Push).when(Push.mode == mode).stay().set(mode, choose(seen, Mode.DAY, mode)).set(visitor, KEY),
        ajar.after(delay, Slam).to(shut),
        ajar.after(delay + 1, Slam).when(seen).to(locked),
        properties=(
            always("locked was seen", inside(locked) >> (seen | (times == 0) | (emitted(Rang) >= 0) | (ELAPSED >= delay))),
            each_step("locking locks", happens(Lock) >> (before(inside(ajar)) & after(inside(locked)))),
            reachable("it can be locked", inside(locked)),
            within("ajar ends", 10, inside(ajar), ~inside(ajar)),
        ),
        assumptions=(Assumption("not for long", delay < 100),),
    )  # fmt: skip
    assert made.events == (Push, Lock, Slam)
    assert made.timed_events == (Slam,)
    assert [timer.event for timer in made.timers(ajar)] == [Slam, Slam]
    assert made.carries() == (visitor,)
    assert made.leaving(shut) == (PUSH,)


UNDECLARED = "is not declared"
LIST = "List it in the variables of door."

FAULTS: list[tuple[str, Callable[[], object], str]] = [
    # States
    ("an undeclared initial state", lambda: door(initial=nowhere), "machine door: its initial state 'nowhere' is not declared. List it in states."),
    ("an undeclared source", lambda: door(nowhere.on(Lock).to(shut)), "machine door: nowhere on Lock: state 'nowhere' is not declared. List it in states."),
    ("an undeclared target", lambda: door(locked.on(Lock).to(nowhere)), "machine door: locked on Lock: state 'nowhere' is not declared. List it in states."),
    ("a state twice", lambda: door(states=(shut, ajar, locked, shut)), "machine door: state 'shut' is declared twice."),
    ("a source twice", lambda: (shut | ajar | shut).on(Lock), "shut | ajar | shut: names shut twice."),
    ("a state by its name", lambda: shut.on(Lock).to("locked"), "shut on Lock: to(): 'locked' is not a state. Give the state itself, not its name."),
    ("states by their names", lambda: shut | "ajar", "|: 'ajar' is not a state. Give the state itself, not its name."),
    ("a name with a blank", lambda: State("not shut"), "state 'not shut': is not a name. Use letters, digits and underscores, starting with a letter."),
    ("a kind by its name", lambda: State("shut", kind="idle"), "state shut: kind: 'idle' is not a Kind. Give the Kind itself, not its name."),
    ("no state at all", lambda: door(states=(), transitions=()), "machine door: its initial state 'shut' is not declared. List it in states."),
    ("an initial name", lambda: door(initial="shut"), "machine door: initial: 'shut' is not a state. Give the state itself, not its name."),
    # Events
    ("an event by its name", lambda: shut.on("Lock"), "on(): 'Lock' is not an event. Give the class itself, without quotes."),
    ("a class that is no event", lambda: shut.on(Rang), "on(): Rang is not an event. It is an effect: in a claim, compare before(emitted(Rang)) with after(emitted(Rang))."),
    ("an event with ()", lambda: shut.on(Lock()), "on(): one Lock is not an event. Give the class Lock, without ()."),
    ("an event of time with ()", lambda: ajar.after(5, Slam()), "after(): one Slam is not an event. Give the class Slam, without ()."),
    ("a class of neither", lambda: shut.on(Mode), "on(): Mode is not an event. Decorate its class with @event."),
    ("an effect by its name", lambda: PUSH.emits("Rang"), "'Rang': is not an effect. Give the class itself, without quotes."),
    ("what is given before the target", lambda: locked.on(Push).set(seen, True), "locked on Push: set(): the transition is unfinished. End it with .to(state) or .stay(), and write .set(...) behind that."),
    ("what is emitted before the target", lambda: locked.on(Push).emits(Rang), "locked on Push: emits(): the transition is unfinished. End it with .to(state) or .stay(), and write .emits(...) behind that."),
    ("a happy path to nowhere", lambda: locked.on(Push).happily(), "locked on Push: happily(): the transition is unfinished. End it with .to(state) or .stay(), and write .happily(...) behind that."),
    ("a guard behind the target", lambda: PUSH.when(seen), "shut on Push: when(): the transition has its target. Write .when(...) before .to or .stay."),
    ("a guard that is a function", lambda: shut.on(Lock).when(len), "when: needs a formula, not <built-in function len>, which is a value of type builtin_function_or_method. Write the formula itself, not a function: coins < 9."),
    ("two events of one name", lambda: door(shut.on(event(type("Lock", (), {}))).to(locked)), "machine door: two events are called 'lock'. Give one of the classes another name."),
    ("two effects of one name", lambda: door(
        locked.on(Lock).to(shut).emits(effect(type("Rang", (), {}))).emits(Rang, by="x", at=NOW)
    ), "machine door: two effects are called 'rang'. Give one of the classes another name."),
    ("an event of time and of callers", lambda: door(ajar.after(5, Lock).to(shut)), "machine door: Lock is sent by time and by callers. Use one event for each."),
    ("a timed event with fields", lambda: ajar.after(5, Push), "after(..., Push): an event that time sends has no fields."),
    # Durations
    ("no time at all", lambda: ajar.after(0, Slam), "after(..., Slam): its duration is not positive. Give a positive constant or a parameter whose range starts at 1."),
    ("a parameter that may be zero", lambda: ajar.after(loose, Slam), "after(..., Slam): its duration is not positive. Give a positive constant or a parameter whose range starts at 1."),
    ("less than a positive parameter", lambda: ajar.after(delay - 1, Slam), "after(..., Slam): its duration is not positive. Give a positive constant or a parameter whose range starts at 1."),
    ("a duration that is true", lambda: ajar.after(True, Slam), "after(..., Slam): a duration is in milliseconds, not true or false. Write them as a whole number: 1_500 for 1.5 seconds."),
    ("seconds with a point", lambda: ajar.after(0.5, Slam), "after(..., Slam): a duration is in milliseconds, not a value of type float. Write them as a whole number: 1_500 for 1.5 seconds."),
    ("a duration that varies", lambda: ajar.after(times + 1, Slam), "after(..., Slam): times cannot be read in a duration, a limit or an assumption: it is a variable of one machine. " + BY_VALUES),
    # Order
    ("the same guard twice", lambda: door(locked.on(Lock).when(seen).to(shut), locked.on(Lock).when(seen).to(ajar)),
     "machine door: locked on Lock: can never fire in locked: an earlier transition on Lock has the same guard or none. Leave it out, or put it before the other."),
    ("a guard after none", lambda: door(ajar.on(Lock).when(seen).to(shut)),
     "machine door: ajar on Lock: can never fire in ajar: an earlier transition on Lock has the same guard or none. Leave it out, or put it before the other."),
    ("no guard after none", lambda: door(ajar.on(Lock).to(shut)),
     "machine door: ajar on Lock: can never fire in ajar: an earlier transition on Lock has the same guard or none. Leave it out, or put it before the other."),
    ("a narrower guard after a wider one", lambda: door(locked.on(Lock).when(seen).to(shut), locked.on(Lock).when((times == 1) & seen).to(ajar)),
     "machine door: locked on Lock: can never fire in locked: an earlier transition on Lock has the same guard or none. Leave it out, or put it before the other."),
    ("the same timer twice", lambda: door(ajar.after(5, Slam).to(shut), ajar.after(5, Slam).to(locked)),
     "machine door: ajar after a while on Slam: can never fire in ajar: an earlier transition on Slam has the same guard or none. Leave it out, or put it before the other."),
    # Guards
    ("a guard that is a number", lambda: shut.on(Lock).when(times), "when: needs a formula, not times, which is an integer from 0 to 3."),
    ("an undeclared variable", lambda: guarded(foreign), f"machine door: locked on Push: variable 'foreign' is not declared. {LIST}"),
    ("a field of another event", lambda: door(locked.on(Lock).when(Push.mode == Mode.DAY).to(shut)), "machine door: locked on Lock: Push.mode is a field of another event."),
    ("a guard that reads a state", lambda: guarded(inside(shut)), "machine door: locked on Push: shut cannot be read in a guard: it is a state."),
    ("a guard that reads a part", lambda: guarded(a_part[seen]), "machine door: locked on Push: a_part.seen cannot be read in a guard: it is a variable of a part."),
    ("a guard that counts", lambda: guarded(parts.any()), "machine door: locked on Push: number of parts cannot be read in a guard: it is a count of instances."),
    ("a guard that counts effects", lambda: guarded(emitted(Rang) > 1), "machine door: locked on Push: number of rang ever cannot be read in a guard: it is a count of effects."),
    ("a guard that looks ahead", lambda: guarded(after(seen)), "machine door: locked on Push: seen after cannot be read in a guard: it is before or after a step."),
    ("a guard out of range", lambda: guarded(times > 3), "machine door: locked on Push: its condition times > 3 can never hold. Look at the ranges of what it compares."),
    ("a wrong type in a guard", lambda: guarded(mode == 1), "mode == 1: compares one of day, night with the number 1."),
    ("carried data in a guard", lambda: guarded(visitor == "Ann"), "visitor == 'Ann': visitor is opaque: keys and carried data cannot be compared or ordered. " + COMPARED_VARIABLE),
    # Updates
    ("setting an undeclared variable", lambda: setting(foreign, True), f"machine door: locked on Push: variable 'foreign' is not declared. {LIST}"),
    ("setting what is no variable", lambda: setting(delay, 3), "locked on Push: set(): delay is not a variable."),
    ("setting twice", lambda: PUSH.set(seen, True).set(seen, False), "shut on Push: sets seen twice."),
    ("a wrong type in an update", lambda: setting(seen, 1), "machine door: locked on Push sets 'seen': is true or false, not 1."),
    ("a wrong expression in an update", lambda: setting(seen, times), "machine door: locked on Push sets 'seen': is true or false, not an integer from 0 to 3."),
    ("a constant out of range", lambda: setting(times, 4), "machine door: locked on Push sets 'times': is an integer from 0 to 3, not 4."),
    ("a sum out of range", lambda: setting(times, times + 1), "machine door: locked on Push: sets times to times + 1, which may be 1 to 4, but it is an integer from 0 to 3. Guard it with (times + 1 ≤ 3), alone or joined by & to the rest, or widen the range."),
    ("carried data made readable", lambda: setting(times, NOW), "machine door: locked on Push sets 'times': is an integer from 0 to 3, which a condition may read; a value of type int is carried data, which none may."),
    ("a number carried as a name", lambda: setting(visitor, 7), "machine door: locked on Push sets 'visitor': is a value of type str, not 7."),
    ("an update that reads time in state", lambda: setting(times, choose(ELAPSED > 3, 1, 2)), "machine door: locked on Push: time in state cannot be read in an update: it is the time in state."),
    ("an update that reads nothing known", lambda: setting(seen, foreign), f"machine door: locked on Push: variable 'foreign' is not declared. {LIST}"),
    # Effects
    ("an effect that is none", lambda: PUSH.emits(Lock), "Lock: is not an effect. It is an event: a transition emits effects, whose classes stand under @effect."),
    ("an effect with too little", lambda: PUSH.emits(Rang, at=NOW), "Rang(...): field 'by' is not given. Write emits(Rang, by=..., at=...)."),
    ("an effect of another event's field", lambda: door(locked.on(Lock).to(shut).emits(Rang, by=Push.by, at=NOW)), "machine door: locked on Lock: Push.by is a field of another event."),
    ("an effect that reads a foreign variable", lambda: ringing(carried("who", str, initial="")), f"machine door: locked on Push: variable 'who' is not declared. {LIST}"),
    # Names and shapes
    ("a variable twice", lambda: door(variables=(seen, boolean("seen"), mode, times, visitor)), "machine door: variable 'seen' is declared twice."),
    ("a variable with a reserved name", lambda: door(variables=(boolean("since"),)), "machine door: variable 'since' has a name that every machine uses. Reserved: count, index, layout, since, spent, state, variables."),
    ("a machine without a name", lambda: door(name=""), "machine '': is not a name. Use letters, digits and underscores, starting with a letter."),
    ("a keyword for a name", lambda: door(name="class"), "machine 'class': is a word of Python itself. Add a letter or an underscore: class_."),
    ("two parameters of one name", lambda: door(locked.on(Push).when(Push.force > parameter("delay", int, 1)).to(ajar), ajar.after(delay, Slam).to(shut)), "machine door: parameter 'delay' is declared twice."),
    ("states in a list", lambda: door(states=[shut]), "machine door: its states are a list, not a tuple. Write (a, b), or (a,) for one alone."),
    ("a state alone", lambda: door(states=shut), "machine door: its states are shut (State), not a tuple. Write (a, b), or (a,) for one alone."),
    ("states by name", lambda: door(states=("shut",)), "machine door: 'shut' is none of its states. Give the thing itself, not its name."),
    ("a half-written transition", lambda: door(locked.on(Push)), "machine door: one of its transitions is unfinished: locked on Push (Trigger). End it with .to(state) or .stay()."),
    ("a formula among the variables", lambda: door(variables=(seen & seen,)), "machine door: seen and seen is none of its variables."),
    ("a class among the properties", lambda: door(properties=(Push,)), "machine door: the class Push is none of its properties."),
    ("an enumeration among the assumptions", lambda: door(assumptions=(Mode.DAY,)), "machine door: Mode.DAY is none of its assumptions."),
    # Assumptions and properties
    ("an assumption about a variable", lambda: door(assumptions=(Assumption("seen", seen),)), "machine door: assumption 'seen': seen cannot be read in a duration, a limit or an assumption: it is a variable of one machine."),
    ("a sentence twice", lambda: claiming(always("it is", seen), always("it is", ~seen)), "machine door: two properties say 'it is'."),
    ("a property over a foreign part", lambda: claiming(always("it is", a_part.inside(shut))), "machine door: property 'it is': a_part is no part of door."),
    ("a property over foreign instances", lambda: claiming(always("it is", for_each(parts, seen))), "machine door: property 'it is': parts is no part of door."),
    ("a property over a foreign state", lambda: claiming(always("it is", inside(nowhere))), "machine door: property 'it is': door has no state 'nowhere'."),
    ("a property over a foreign variable", lambda: claiming(always("it is", foreign)), f"machine door: property 'it is': variable 'foreign' is not declared. {LIST}"),
    ("a property over a foreign event", lambda: claiming(each_step("it is", ~happens(Slam))), "machine door: property 'it is': Slam is no event of door."),
    ("a property over a foreign effect", lambda: claiming(always("it is", emitted(Never) < 1)), "machine door: property 'it is': no transition emits Never."),
    ("a property over a field", lambda: claiming(always("it is", Push.force > 1)), "machine door: property 'it is': force cannot be read in a property: it is a field of an event."),
    ("a step in a property of states", lambda: claiming(always("it is", before(seen))), "machine door: property 'it is': seen before cannot be read in a property: it is before or after a step. Steps are spoken of in each_step(...) and can_happen(...) alone, each moment by itself."),
    ("an event in a property of states", lambda: claiming(reachable("it is", happens(Lock))), "machine door: property 'it is': on lock cannot be read in a property: it is the event of a step. Steps are spoken of in each_step(...) and can_happen(...) alone, each moment by itself."),
    ("a state that is neither before nor after", lambda: claiming(each_step("it is", seen)),
     "machine door: property 'it is': seen cannot be read in a step, neither before nor after it: it is a variable of one machine. Wrap it in before(...) or after(...)."),
    ("a moment inside a moment", lambda: claiming(each_step("it is", before(after(seen)))), "machine door: property 'it is': seen after cannot be read in a property: it is before or after a step. Steps are spoken of in each_step(...) and can_happen(...) alone, each moment by itself."),
    ("a wrong premise", lambda: claiming(within("it is", 5, foreign, seen)), f"machine door: property 'it is': variable 'foreign' is not declared. {LIST}"),
    ("carried data in a property", lambda: claiming(always("it is", visitor == "Ann")), "visitor == 'Ann': visitor is opaque: keys and carried data cannot be compared or ordered. " + COMPARED_VARIABLE),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_wrong_machine_is_refused_with_what_to_write(declare: Callable[[], object], message: str) -> None:
    """Where it is wrong, what is wrong, and what to write instead."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message


def test_a_guard_that_comes_first_does_not_hide_the_rest() -> None:
    """Order is meant: a narrower guard first, the general case after it; timers of other lengths stand beside each other."""
    made = door(
        locked.on(Lock).when(seen & (times == 1)).to(shut), locked.on(Lock).when(seen).to(ajar), locked.on(Lock).to(ajar),
        ajar.after(5, Slam).to(shut), ajar.after(6, Slam).to(shut),
    )  # fmt: skip
    assert len(made.transitions) == 7


def test_declarations_are_frozen_hashed_and_compared_by_identity() -> None:
    """A formula has no truth value, so two machines are one only if they are the same object."""
    made = door()
    assert made != door()
    assert len({made, made, *made.transitions, *made.states}) == 6
    assert str(made.initial) == "shut"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.name = "gate"


def test_a_value_of_no_other_shape_is_shown_as_it_is() -> None:
    """Messages show a plain value as Python would."""
    expr: Expr[int] = times
    with pytest.raises(DefinitionError, match="a dict is none of its states"):
        door(states=({},))
    with pytest.raises(DefinitionError, match="times is none of its states"):
        door(states=(expr,))
