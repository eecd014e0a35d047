"""Small systems drawn at random, for claims about every system: `systems()`, with `profiles(system)` beside it.

What is drawn: one to three parts, made by `one` or `each`, of machines with one to three states
beside the initial one; up to two variables: true or false, of an enumeration, a number from 0 to 2;
guards on variables, fields, parameters and the time in state; transitions that stay, that leave and
that come back to their own state; timers, some guarded, so that they lapse, some of one instant;
limits of instances. Wires that move a part by itself, an instance by its key, two by two keys, or
every one that fits; with conditions, and with payloads of their own; wires on what time sends.
Rules over states, variables, counts, fields and parameters.

A system is a few hundred bytes of choices, so that a failing one shrinks to something readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Annotated, Any

from hypothesis import reject
from hypothesis import strategies as st

from fsm import (
    ELAPSED,
    KEY,
    NOW,
    DefinitionError,
    Field,
    Machine,
    Range,
    Rule,
    State,
    System,
    always,
    boolean,
    choice,
    choose,
    each,
    effect,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
)
from fsm.language.domains import Booleans, Enumeration, Integers
from fsm.language.events import field_refs
from fsm.language.expressions import Expr, Formula, Var
from fsm.language.machine import Transition
from fsm.language.parts import Each, Move, Part
from fsm.language.system import Wire
from fsm.semantics.evaluation import fold

__all__ = ["known_at_first", "machines", "profiles", "systems"]


class Hue(Enum):
    """An enumeration for variables and fields."""

    RED = "red"
    BLUE = "blue"


# What machines know


@event
class Go:
    """An action without fields."""


@event
class Turn:
    """Another one."""


@event
class Tell:
    """An action with fields that guards and updates read."""

    flag: Field[bool]
    hue: Field[Hue]
    level: Field[Annotated[int, Range(0, 2)]]


@event
class Tick:
    """Sent by time."""


@event
class Tock:
    """Sent by time, too."""


@effect
class Done:
    """Something that a transition emits."""

    key: object
    at: int


# What callers send


@event
class Press:
    """Names nobody."""


@event
class Ask:
    """Names an instance."""

    key: Field[str]


@event
class Pass:
    """Names two instances."""

    giver: Field[str]
    taker: Field[str]


@event
class Report:
    """Names an instance and says something."""

    key: Field[str]
    flag: Field[bool]
    level: Field[Annotated[int, Range(0, 2)]]


@event
class Say:
    """Names nobody and says something; for systems with claims."""

    flag: Field[bool]
    level: Field[Annotated[int, Range(0, 2)]]


switch = parameter("switch", bool, True)
hue_wanted = parameter("hue_wanted", Hue, Hue.RED)
most = parameter("most", int, 1, low=0, high=2)
pause = parameter("pause", int, 2, low=1, high=3)
PARAMETERS = (switch, hue_wanted, most, pause)

flag, hue, level = boolean("flag"), choice("hue", Hue), integer("level", 0, 2)
LENGTHS: tuple[Expr[int] | int, ...] = (1, 2, 3, pause, pause + 1)
VARIABLES: tuple[Var[Any], ...] = (flag, hue, level)

ACTIONS = (Go, Turn, Tell)
TIMERS = (Tick, Tock)
CALLS = (Press, Ask, Pass, Report)

Leaves = Sequence[Expr[Any]]


# Formulas


def atoms(leaves: Leaves) -> st.SearchStrategy[Formula]:
    """One leaf compared with a value or with another leaf of its kind."""
    alternatives: list[st.SearchStrategy[Formula]] = []
    for leaf in leaves:
        match leaf.domain:
            case Booleans():
                alternatives.append(st.sampled_from([leaf, ~leaf]))
            case Enumeration():
                others = [other for other in leaves if other is not leaf and isinstance(other.domain, Enumeration)]
                alternatives.append(
                    st.sampled_from([leaf == Hue.RED, leaf != Hue.RED, *(leaf == other for other in others)])
                )
            case Integers():
                others = [other for other in leaves if other is not leaf and isinstance(other.domain, Integers)]
                compared = [leaf < 1, leaf <= 1, leaf > 1, leaf >= 2, leaf == 1, leaf != 1, leaf + 1 > 2]
                alternatives.append(
                    st.sampled_from(
                        [*compared, *(leaf <= other for other in others), *(leaf < other + 1 for other in others)]
                    )
                )
    return st.one_of(alternatives)


def formulas(leaves: Leaves) -> st.SearchStrategy[Formula]:
    """An atom, or two joined."""
    single = atoms(leaves)
    pairs = st.tuples(single, single, st.integers(0, 3))
    joined = pairs.map(
        lambda drawn: [drawn[0] & drawn[1], drawn[0] | drawn[1], drawn[0] >> drawn[1], ~(drawn[0] & drawn[1])][drawn[2]]
    )
    return single | joined


# Machines


@st.composite
def machines(draw: st.DrawFn, name: str, several: bool, claims: bool = False, tight: bool = False) -> Machine:
    """A machine; for a part made by `each` when there are to be several; where it is asked for, some values need not have room."""
    states = tuple(State(f"s{place}") for place in range(draw(st.integers(2, 4))))
    variables = tuple(draw(st.lists(st.sampled_from(VARIABLES), max_size=2, unique=True)))
    lines = [draw(transitions(states, variables, several, first=True, tight=tight))]
    lines += [draw(transitions(states, variables, several, tight=tight)) for _ in range(draw(st.integers(1, 5)))]
    lines += [draw(timers(states, variables, several, tight)) for _ in range(draw(st.integers(0, 3)))]
    if claims and draw(st.booleans()):
        *known, last = states = (*states, State("late"))
        lines.append(draw(patience(known[1:] if several else known, variables)).to(last))
    safe = always("safe", known_at_first(draw(formulas([inside(*states[1:]), *variables])))) if claims else None
    return Machine(name, states, states[0], tuple(lines), variables, properties=() if safe is None else (safe,))


@st.composite
def transitions(
    draw: st.DrawFn,
    states: tuple[State, ...],
    variables: tuple[Var[Any], ...],
    several: bool,
    first: bool = False,
    tight: bool = False,
) -> Transition:
    """What a machine does on an action; the first one leaves the initial state."""
    source = states[0] if first else draw(st.sampled_from(states))
    action = draw(st.sampled_from(ACTIONS))
    trigger = source.on(action)
    fields = list(field_refs(action).values())
    clock = [] if source is states[0] and several else [ELAPSED]
    if draw(st.booleans()):
        trigger = trigger.when(draw(formulas([*variables, *fields, switch, hue_wanted, most, *clock])))
    return draw(landings(trigger, states[1:] if first else states, states[0], variables, fields, several, tight))


@st.composite
def timers(
    draw: st.DrawFn, states: tuple[State, ...], variables: tuple[Var[Any], ...], several: bool, tight: bool = False
) -> Transition:
    """What time does, on the guard that it may lapse by."""
    source = draw(st.sampled_from(states[1:] if several else states))
    trigger = source.after(draw(st.sampled_from(LENGTHS)), draw(st.sampled_from(TIMERS)))
    if draw(st.booleans()):
        trigger = trigger.when(draw(formulas([*variables, switch, most])))
    return draw(landings(trigger, states, states[0], variables, [], several, tight))


def known_at_first(formula: Formula) -> Formula:
    """A formula over variables and states that are left for good, or its contrary where that is true at first."""
    true = fold(formula, lambda leaf: getattr(getattr(leaf, "var", leaf), "initial", False))
    return formula if true else ~formula


@st.composite
def patience(draw: st.DrawFn, sources: Sequence[State], variables: tuple[Var[Any], ...]) -> Any:
    """An action after a while: how long that is, a parameter or a variable says."""
    limit = draw(st.sampled_from([most, pause, *(variable for variable in variables if variable is level)]))
    return draw(st.sampled_from(sources)).on(draw(st.sampled_from(ACTIONS))).when(ELAPSED > limit)


@st.composite
def landings(
    draw: st.DrawFn,
    trigger: Any,
    targets: tuple[State, ...],
    initial: State,
    variables: tuple[Var[Any], ...],
    fields: Leaves,
    several: bool,
    tight: bool = False,
) -> Transition:
    """Where a transition leads, what it writes and emits."""
    stays = draw(st.booleans()) and trigger.sources != (initial,)
    target = draw(st.sampled_from(targets))
    made: Transition = trigger.stay() if stays else trigger.to(target)
    if not several or stays or target is not initial:
        for variable in variables:
            if draw(st.booleans()):
                values = written(variable, variables, fields)
                if tight and variable is level and trigger.guard is not None:
                    numbers = [one for one in fields if isinstance(one.domain, Integers)]
                    values += [level + 1, level - 1, level + most, *(level + one for one in numbers)]
                made = made.set(variable, draw(st.sampled_from(values)))
    return made.emits(Done, key=KEY, at=NOW) if draw(st.booleans()) else made


def written(variable: Var[Any], variables: tuple[Var[Any], ...], fields: Leaves) -> list[Any]:
    """Values that a transition may write to a variable."""
    given = [field for field in fields if type(field.domain) is type(variable.domain)]
    if variable is flag:
        return [True, False, ~flag, switch, *given, *([level > 0] if level in set(variables) else [])]
    if variable is hue:
        return [Hue.BLUE, Hue.RED, hue_wanted, *given, choose(hue == Hue.RED, Hue.BLUE, Hue.RED)]
    return [1, 2, most, *given, choose(level < 2, level + 1, 0), choose(level > 0, level - 1, level)]


# Systems


@st.composite
def systems(draw: st.DrawFn, claims: bool = False, alone: bool = False) -> System:
    """A system of one to three parts; where it is asked for, their machines claim something of their own, or each part is made by `one`."""
    try:
        parts = tuple(draw(drawn_parts(place, claims, alone)) for place in range(draw(st.integers(1, 3))))
        wires = tuple(made for call in (*CALLS, Say)[: 5 if claims else 4] for made in draw(wires_on(call, parts)))
        wires += tuple(made for part in parts for made in draw(wires_on_time(part, parts)))
        known = tuple(dict.fromkeys(made.event for made in wires if isinstance(made.event, type)))
        rules = draw(drawn_rules(known, parts)) if known else ()
        return System("drawn", parts, wires, rules, PARAMETERS)
    except DefinitionError:
        reject()


def profiles(system: System) -> st.SearchStrategy[dict[str, Any]]:
    """A value for every parameter of a system drawn here."""
    values = {
        "switch": st.booleans(),
        "hue_wanted": st.sampled_from(Hue),
        "most": st.integers(0, 2),
        "pause": st.integers(1, 3),
    }
    return st.fixed_dictionaries({param.name: values[param.name] for param in system.parameters})


@st.composite
def drawn_parts(draw: st.DrawFn, place: int, claims: bool = False, alone: bool = False) -> Part:
    several = False if alone else draw(st.integers(0, 2)) == 2 if claims else draw(st.booleans())
    machine = draw(machines(f"machine_{place}", several, claims))
    if not several:
        return one(f"part_{place}", machine)
    limit, population = draw(st.sampled_from([None, 1, 2, most])), draw(st.sampled_from([None, None, 0, 1, 2, most]))
    return each(f"part_{place}", machine, key="key", at_most=limit, population=population)


@st.composite
def wires_on(draw: st.DrawFn, call: type, parts: tuple[Part, ...]) -> tuple[Wire, ...]:
    """No wire, one, or two whose conditions exclude each other. Both name the same instances."""
    if not draw(st.booleans()):
        return ()
    refs = list(field_refs(call).values())
    keys = [ref for ref in refs if ref.name in ("key", "giver", "taker")]
    told = [ref for ref in refs if ref not in set(keys)]
    keyed = [part for part in parts if isinstance(part, Each)]
    if keys and not keyed:
        return ()
    named = [(draw(st.sampled_from(keyed)), key) for key in keys]
    conditions: list[Formula | None] = [None]
    if draw(st.booleans()):
        condition = draw(formulas(told if call is Say else [*system_leaves(parts), *told]))
        conditions = draw(st.sampled_from([[condition], [condition, ~condition]]))
    return tuple(wire(call, *draw(moves(named, parts, told)), when=condition) for condition in conditions)


@st.composite
def moves(draw: st.DrawFn, named: list[tuple[Each, Any]], parts: tuple[Part, ...], told: Leaves) -> list[Move]:
    """The instances named by key, then some parts by themselves or every instance that fits."""
    made = [
        part[key].by(action, **draw(payloads(action, told))) for part, key in named for action in [draw(actions(part))]
    ]
    for part in parts:
        if len(made) < 2 and not any(part is other for other, _ in named) and (not made or draw(st.booleans())):
            action = draw(actions(part))
            fields = draw(payloads(action, told))
            made.append(
                part.every(*draw(selections(part))).by(action, **fields)
                if isinstance(part, Each)
                else part.by(action, **fields)
            )
    return made


@st.composite
def selections(draw: st.DrawFn, part: Each) -> list[Any]:
    """What those have in common that are moved at once."""
    if draw(st.booleans()) and part.machine.variables:
        fitting: Formula = draw(formulas(part.machine.variables))
        return [fitting]
    return [draw(st.sampled_from(part.machine.states[1:]))] if draw(st.booleans()) else []


def actions(part: Part) -> st.SearchStrategy[type]:
    return st.sampled_from([action for action in part.machine.events if action in ACTIONS])


def payloads(action: type, told: Leaves) -> st.SearchStrategy[dict[str, Any]]:
    """The fields of an action: constants, parameters, or what the event says."""
    fields: dict[str, list[Any]] = {
        "flag": [True, False, switch],
        "hue": [Hue.RED, Hue.BLUE, hue_wanted],
        "level": [0, 1, 2, most],
    }
    for ref in told:
        fields[ref.name] += [ref] * (4 if ref.event is Say else 1)  # type: ignore[attr-defined]  # fields of events have names
    return st.fixed_dictionaries({name: st.sampled_from(fields[name]) for name in field_refs(action)})


@st.composite
def wires_on_time(draw: st.DrawFn, part: Part, parts: tuple[Part, ...]) -> tuple[Wire, ...]:
    """Other parts that move when time moves one, seldom."""
    others = [other for other in parts if other is not part]
    if not part.machine.timed_events or not others or draw(st.integers(0, 3)):
        return ()
    sent = part.sends(draw(st.sampled_from(part.machine.timed_events)))
    other = draw(st.sampled_from(others))
    action = draw(actions(other))
    fields = draw(payloads(action, []))
    if isinstance(other, Each):
        by_key = isinstance(part, Each) and draw(st.booleans())
        return (
            wire(sent, (other[sent.key] if by_key else other.every(*draw(selections(other)))).by(action, **fields)),
        )
    return (wire(sent, other.by(action, **fields)),)


@st.composite
def drawn_rules(draw: st.DrawFn, known: tuple[type, ...], parts: tuple[Part, ...]) -> tuple[Rule, ...]:
    made: list[Rule] = []
    for place in range(draw(st.integers(0, 2))):
        call = draw(st.sampled_from(known))
        told = [ref for name, ref in field_refs(call).items() if name in ("flag", "level")]
        made.append(Rule(f"rule {place}", on=call, when=draw(formulas([*system_leaves(parts), *told]))))
    return tuple(made)


def system_leaves(parts: tuple[Part, ...]) -> list[Expr[Any]]:
    """What rules and conditions may read."""
    leaves: list[Expr[Any]] = [switch, most]
    for part in parts:
        if isinstance(part, Each):
            leaves += [part.count(), part.count(part.machine.states[1])]
            leaves += [part.count(variable == variable.initial) for variable in part.machine.variables]
        else:
            leaves += [part.inside(*part.machine.states[1:]), *(part[variable] for variable in part.machine.variables)]
    return leaves
