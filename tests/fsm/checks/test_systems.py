"""Everything that can be wrong in a system is found when it is declared, and the message says what to write."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

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
    Range,
    Rule,
    State,
    System,
    after,
    always,
    as_system,
    before,
    carried,
    choice,
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
    wire,
    within,
)
from fsm.language.expressions import COMPARED, COMPARED_VARIABLE, Expr, Formula, Var
from fsm.language.system import Wire


class Medium(Enum):
    CHAT = 1
    VOICE = 2


@event
class Arrive:
    contact: Field[str]
    other: Field[str]
    medium: Field[Medium]
    weight: Field[int]


@event
class Leave:
    contact: Field[str]


@event
class SignOn:
    """The agent's own event."""


@event
class Offer:
    medium: Field[Medium]
    weight: Field[Annotated[int, Range(0, 9)]]
    name: Field[str]


@event
class Close:
    """A tile's own action."""


@event
class Expire:
    """Sent by time."""


@event
class Mark:
    """No machine knows it."""


@event
class Marked:
    at: Field[float]


@effect
class Gone:
    contact: object
    since: int


free, held, lost = State("free"), State("held"), State("lost")
off, on = State("off"), State("on")
medium = choice("medium", Medium)
weight = integer("weight", 0, 9)
name = carried("name", str, initial="")
calls = integer("calls", 0, 9)
window = parameter("window", int, 5, low=1)
most = parameter("most", int, 3, low=0)
loose = parameter("loose", int, 3)
TILE = Machine(
    "tile", (free, held, lost), free,
    (
        free.on(Offer).to(held).set(medium, Offer.medium).set(weight, Offer.weight).set(name, Offer.name),
        held.after(window, Expire).to(lost).emits(Gone, contact=KEY, since=SINCE),
        (held | lost).on(Close).to(free),
    ),
    (medium, weight, name),
)  # fmt: skip
AGENT = Machine("agent", (off, on), off, (off.on(SignOn).to(on), on.on(SignOn).to(off), on.on(Close).stay()), (calls,))
agent, stranger = one("agent", AGENT), one("stranger", AGENT)
tiles, strangers = each("tiles", TILE, key="contact", at_most=most), each("strangers", TILE, key="contact")
lone = one("lone", TILE)
watch = one("watch", Machine("watch", (off, on), off, (off.on(Marked).to(on),)))

ARRIVE = wire(Arrive, tiles[Arrive.contact].by(Offer, medium=Arrive.medium, weight=5, name=Arrive.contact))
LEAVE = wire(Leave, tiles[Leave.contact].by(Close))


def desk(*wires: Wire, **changes: Any) -> System:
    """A desk with these wires beside its usual two."""
    given: dict[str, Any] = {
        "name": "desk",
        "parts": (agent, tiles),
        "wires": (ARRIVE, LEAVE, *wires),
        "parameters": (window, most),
    }
    return System(**{**given, **changes})


def offering(when: Formula | None = None, **fields: Any) -> System:
    """A desk whose arrivals are wired with these fields."""
    given: dict[str, Any] = {"medium": Medium.CHAT, "weight": 5, "name": "Ann"}
    return desk(wires=(wire(Arrive, tiles[Arrive.contact].by(Offer, **{**given, **fields}), when=when),))


def ruled(when: Formula, on: Any = Arrive) -> System:
    """A desk with one rule."""
    return desk(rules=(Rule("it is allowed", on=on, when=when),))


def claiming(*claims: Property) -> System:
    """A desk with these properties."""
    return desk(properties=claims)


def test_a_system_without_fault_is_accepted() -> None:
    """Wires by key, by every and by part, conditions, rules, and properties over parts, counts and instances."""
    made = desk(
        wire(tiles.sends(Expire), agent.by(Close)),
        rules=(
            Rule("room", on=Arrive, when=(tiles.count(held, medium == Medium.CHAT) < most) & agent.inside(on), cites="S02"),
            Rule("light", on=[Arrive, Leave], when=(agent[calls] < 9) | tiles.none(weight > most), cites=("S05",)),
        ),
        assumptions=(Assumption("few", most < 9),),
        properties=(
            always("each tile is held or lost", for_each(tiles, inside(held, lost) & (ELAPSED >= 0) & (tiles.count() >= 1))),
            always("calls", (agent[calls] >= 0) & (emitted(Gone) >= 0)),
            each_step("closing frees", happens(Leave, Close, Expire) >> (after(tiles.count()) <= before(tiles.count()))),
            each_step("each tile that frees", for_each(tiles, (before(inside(held)) & happens(Leave)) >> after(~inside(held)))),
            within("short", window, tiles.any(held), tiles.none(held)),
        ),
    )  # fmt: skip
    assert made.events == (Arrive, Leave, SignOn)
    assert made.part("agent") is agent
    assert [one.event_class for one in made.all_wires] == [Arrive, Leave, Expire, SignOn]
    assert made.rules[1].on == (Arrive, Leave)


SENT = "Write wire(tiles.sends(Expire), ...)."

FAULTS: list[tuple[str, Callable[[], object], str]] = [
    # Parts
    ("no part", lambda: desk(parts=(), wires=()), "system desk: has no part. Name at least one: one(...) or each(...)."),
    ("a part twice", lambda: desk(parts=(agent, tiles, agent)), "system desk: part 'agent' is declared twice."),
    ("a machine for a part", lambda: desk(parts=(AGENT,)), "system desk: agent (Machine) is none of its parts."),
    ("parts in a list", lambda: desk(parts=[agent]), "system desk: its parts are a list, not a tuple. Write (a, b), or (a,) for one alone."),
    ("a part without a machine", lambda: one("agent", "agent"), "part agent: 'agent' is not a machine. Give the machine itself, not its name."),
    ("a part without a name", lambda: one("", AGENT), "part '': is not a name. Use letters, digits and underscores, starting with a letter."),
    ("a key without a name", lambda: each("tiles", TILE, key="the contact"), "key 'the contact': is not a name. Use letters, digits and underscores, starting with a letter."),
    ("a system without a name", lambda: desk(name="my desk"), "system 'my desk': is not a name. Use letters, digits and underscores, starting with a letter."),
    ("a target that is neither", lambda: as_system(tiles), "as_system(): tiles (Each) is not a machine or a system."),
    ("a parameter that is not declared", lambda: desk(parameters=(most,)), "tile: held after a while on Expire: parameter 'window' is not declared. List it in the parameters of desk."),
    ("a limit that is not declared", lambda: desk(parameters=(window,)), "system desk: part tiles: parameter 'most' is not declared. List it in the parameters of desk."),
    ("two parameters of one name", lambda: desk(parameters=(window, most, parameter("most", int, 1))), "system desk: parameter 'most' is declared twice."),
    ("an assumption about a part", lambda: desk(assumptions=(Assumption("on", agent.inside(on)),)), "system desk: assumption 'on': agent is on cannot be read in a duration, a limit or an assumption: it is a state."),
    # Instances
    ("a timer before an instance is there", lambda: each("lamps", Machine("lamp", (off, on), off, (off.after(5, Expire).to(on),)), key="id"),
     "part lamps: a timer starts in 'off', the initial state of an each() machine, where no instance exists yet."),
    ("time in state before an instance is there", lambda: each("lamps", Machine("lamp", (off, on), off, (off.on(Close).when(ELAPSED > 5).to(on),)), key="id"),
     "part lamps: off on Close: reads time in state, but in 'off' no instance exists yet."),
    ("an instant before an instance is there", lambda: each("lamps", Machine("lamp", (off, on), off, (off.on(Close).to(on).emits(Gone, contact=KEY, since=SINCE),)), key="id"),
     "part lamps: off on Close: reads since, but in 'off' no instance exists yet."),
    ("an update that is forgotten", lambda: each("lamps", Machine("lamp", (off, on), off, (on.on(Close).to(off).set(calls, 1),), (calls,)), key="id"),
     "part lamps: on on Close: sets calls, but an instance in 'off' is forgotten. Leave the update out."),
    ("an update of what is not there", lambda: each("lamps", Machine("lamp", (off, on), off, (off.on(Close).stay().set(calls, 1),), (calls,)), key="id"),
     "part lamps: off on Close: sets calls, but an instance in 'off' is forgotten. Leave the update out."),
    ("a limit that is true", lambda: each("tiles", TILE, key="contact", at_most=True), "part tiles: true is no number of instances: it is true or false."),
    ("a limit below zero", lambda: each("tiles", TILE, key="contact", at_most=-1), "part tiles: -1 may be less than 0. Give a parameter whose range starts at 0 or above."),
    ("a limit that may be below zero", lambda: each("tiles", TILE, key="contact", at_most=loose), "part tiles: loose may be less than 0. Give a parameter whose range starts at 0 or above."),
    ("a population that varies", lambda: each("tiles", TILE, key="contact", population=agent[calls]), "part tiles: agent.calls cannot be read in a duration, a limit or an assumption: it is a variable of a part."),
    # Speaking of parts
    ("a foreign state of one", lambda: agent.inside(held), "agent: agent has no state held (State)."),
    ("a state of one by name", lambda: agent.inside("on"), "agent: 'on' is not a state. Give the state itself, not its name."),
    ("no state of one", lambda: agent.inside(), "agent.inside(): names no state. Name at least one."),
    ("a foreign variable of one", lambda: agent[weight], "agent[...]: variable 'weight' is not declared. List it in the variables of agent."),
    ("a variable of one by name", lambda: agent["calls"], "agent[...]: 'calls' is not a variable. Give the variable itself, not its name."),
    ("a foreign state of each", lambda: tiles.count(on), "tiles: tile has no state on (State)."),
    ("a state of each by name", lambda: tiles.count("held"), "tiles: needs a formula, not 'held', which is a value of type str."),
    ("a foreign variable of each", lambda: tiles.any(calls > 1), "tiles: variable 'calls' is not declared. List it in the variables of tile."),
    ("a foreign variable of every", lambda: tiles.every(calls > 1), "tiles: variable 'calls' is not declared. List it in the variables of tile."),
    ("the initial state of each", lambda: tiles.count(free), "tiles: an instance in 'free' does not exist and cannot be selected."),
    ("the initial state inside a formula", lambda: tiles.any(inside(free, held)), "tiles: an instance in 'free' does not exist and cannot be selected."),
    ("counting by time", lambda: tiles.count(ELAPSED > 5), "tiles: time in state cannot be read in a count of instances: it is the time in state."),
    ("selecting by a field", lambda: tiles.every(medium == Arrive.medium), "tiles: medium cannot be read in a selection of instances: it is a field of an event."),
    ("selecting by a parameter", lambda: tiles.every(weight > most), "tiles: most cannot be read in a selection of instances: it is a parameter."),
    ("carried data in a count", lambda: tiles.count(name == "Ann"), "name == 'Ann': name is opaque: keys and carried data cannot be compared or ordered. " + COMPARED_VARIABLE),
    ("all of nothing", lambda: tiles.all(), "tiles.all(): says nothing of its instances. Name states or a formula."),
    ("each of one", lambda: for_each(agent, inside(on)), "for_each(): speaks of agent (One), which is no part made by each()."),
    # Keys
    ("a key by its value", lambda: tiles["c-1"], "tiles[...]: 'c-1' is no key. A key is an opaque field of the wire's event, or the .key of what time sends."),
    ("a number for a key", lambda: tiles[Arrive.weight], "tiles[...]: weight is no key. A key is an opaque field of the wire's event, or the .key of what time sends. Conditions may read this one; a number that tells somebody from others is of a type of its own: NewType('Number', int)."),
    ("an instant for a key", lambda: tiles[NOW], "tiles[...]: now is no key. A key is an opaque field of the wire's event, or the .key of what time sends."),
    ("a key that is ordered", lambda: ruled(Arrive.contact < Arrive.other), "contact < other: contact is opaque: keys and carried data cannot be compared or ordered. " + COMPARED),
    ("a key that is computed with", lambda: ruled(Arrive.contact + 1 > 2), "contact + 1: cannot compute with contact, which is a value of type str."),
    ("a key of another event", lambda: desk(wires=(wire(Leave, tiles[Arrive.contact].by(Close)),)), "system desk: wire on leave: Arrive.contact is a field of another event."),
    ("a key of nothing that time sends", lambda: desk(wires=(wire(Leave, tiles[tiles.sends(Expire).key].by(Close)),)), "system desk: wire on leave: key is not known to a wire. Use a field of the event, or NOW."),
    ("a key of one", lambda: lone.sends(Expire).key, "lone.sends(Expire): lone is one instance, without a key."),
    # Wires
    ("a wire that moves nothing", lambda: wire(Leave), "wire(Leave): moves nothing. Name at least one move."),
    ("a wire on no event", lambda: wire("Leave", agent.by(Close)), "wire(): 'Leave' is not an event. Give the class itself, without quotes."),
    ("a wire that names no action", lambda: wire(Leave, tiles[Leave.contact]), "wire(Leave): tiles[...] has no action. Name one: .by(Action)."),
    ("a wire that names no action for all", lambda: wire(Leave, tiles.every(held)), "wire(Leave): tiles.every(...) has no action. Name one: .by(Action)."),
    ("a wire to a part", lambda: wire(tiles.sends(Expire), agent), "wire(Expire): agent (One) is not a move."),
    ("a condition that is a number", lambda: wire(Leave, agent.by(Close), when=agent[calls]), "wire: needs a formula, not agent.calls, which is an integer from 0 to 9."),
    ("a foreign action", lambda: agent.by(Offer), "agent by Offer: Offer is no event of agent."),
    ("an action of time", lambda: tiles[Leave.contact].by(Expire), "tiles by Expire: Expire is sent to tiles by time and cannot be wired."),
    ("an action that is no event", lambda: agent.by("Close"), "agent by Close: 'Close' is not an event. Give the class itself, without quotes."),
    ("time never sends it", lambda: tiles.sends(Close), "tiles.sends(): time never sends Close to tiles."),
    ("time sends no name", lambda: tiles.sends("Expire"), "tiles.sends(): 'Expire' is not an event. Give the class itself, without quotes."),
    ("a foreign part moves", lambda: desk(wire(Leave, stranger.by(Close))), "system desk: wire on leave: stranger is no part of desk."),
    ("a foreign part sends", lambda: desk(wire(strangers.sends(Expire), agent.by(Close))), "system desk: wire on expire: strangers is no part of desk."),
    ("the sender moves again", lambda: desk(wire(tiles.sends(Expire), tiles.every(held).by(Close))), "system desk: wire on expire: moves tiles, which time moves already. A timer moves its own instance and, by wires, other parts."),
    ("an event of time, sent by callers", lambda: desk(wire(Expire, agent.by(Close))), f"system desk: event expire: is sent by time to tiles. {SENT}"),
    ("one part twice", lambda: desk(wires=(wire(Leave, agent.by(Close), agent.by(SignOn)),)), "system desk: wire on leave: moves agent twice. Only instances named by different keys may move together."),
    ("every and one of them", lambda: desk(wires=(wire(Leave, tiles.every(held).by(Close), tiles[Leave.contact].by(Close)),)), "system desk: wire on leave: moves tiles twice. Only instances named by different keys may move together."),
    ("one key twice", lambda: desk(wires=(wire(Leave, tiles[Leave.contact].by(Close), tiles[Leave.contact].by(Close)),)), "system desk: wire on leave: moves tiles twice. Only instances named by different keys may move together."),
    ("conditions that overlap", lambda: desk(wire(Leave, agent.by(Close), when=agent.inside(on))), "system desk: wires on leave: the conditions 'true' and 'agent is on' overlap. At most one wire may apply to an event."),
    ("a condition that never holds", lambda: desk(wires=(wire(Leave, agent.by(Close), when=agent[calls] > 9),)), "system desk: wire on leave: its condition agent.calls > 9 can never hold. Look at the ranges of what it compares."),
    ("a condition on a foreign part", lambda: desk(wires=(wire(Leave, agent.by(Close), when=stranger.inside(on)),)), "system desk: wire on leave: stranger is no part of desk."),
    ("a condition without a part", lambda: desk(wires=(wire(Leave, agent.by(Close), when=inside(on)),)), "system desk: wire on leave: on names no part. Write part.inside(...), part[variable] or part.count(...)."),
    ("two events of one name", lambda: desk(wire(event(type("Leave", (), {})), agent.by(Close))), "system desk: two events are called 'leave'. Give one of the classes another name."),
    # What a wire gives to an action
    ("too little", lambda: desk(wires=(wire(Arrive, tiles[Arrive.contact].by(Offer, medium=Medium.CHAT)),)), "tiles by Offer: field 'weight' is not given. Write by(Offer, medium=..., weight=..., name=...)."),
    ("too much", lambda: agent.by(Close, force=1), "agent by Close: has no field 'force'. It has none."),
    ("a wrong type", lambda: offering(medium="chat"), "tiles by Offer field 'medium': is one of chat, voice, not 'chat'."),
    ("a constant out of range", lambda: offering(weight=10), "tiles by Offer field 'weight': is an integer from 0 to 9, not 10."),
    ("a field out of range", lambda: offering(weight=Arrive.weight), "system desk: wire on arrive: sets weight to weight, which may be -∞ to ∞, but it is an integer from 0 to 9. Guard it with (weight ≥ 0) & (weight ≤ 9), alone or joined by & to the rest, or widen the range. weight has no bounds: weight: Field[Annotated[int, Range(low, high)]]."),
    ("carried data made readable", lambda: offering(weight=NOW), "tiles by Offer field 'weight': is an integer from 0 to 9, which a condition may read; a value of type int is carried data, which none may."),
    ("a field of another event", lambda: offering(name=Leave.contact), "system desk: wire on arrive: Leave.contact is a field of another event."),
    ("a variable of a part", lambda: offering(weight=agent[calls]), "system desk: wire on arrive: agent.calls cannot be read in the fields of an action: it is a variable of a part."),
    ("the key of nothing", lambda: offering(name=KEY), "system desk: wire on arrive: key is not known to a wire. Use a field of the event, or NOW."),
    ("since when, of nothing", lambda: desk(wire(tiles.sends(Expire), watch.by(Marked, at=SINCE)), parts=(agent, tiles, watch)), "system desk: wire on expire: since is not known to a wire. Use a field of the event, or NOW."),
    # Rules
    ("a rule on what no wire knows", lambda: ruled(most > 1, on=Close), "system desk: rule 'it is allowed': no wire knows close. Rules forbid events that callers send to the system."),
    ("a rule on what time sends", lambda: ruled(most > 1, on=Expire), "system desk: rule 'it is allowed': expire is sent by time, which no rule can forbid."),
    ("a rule on nothing", lambda: Rule("it is allowed", on=(), when=most > 1), "rule 'it is allowed': forbids no event. Name at least one: on=Event."),
    ("a rule on a name", lambda: Rule("it is allowed", on=7, when=most > 1), "rule 'it is allowed': 7 is not an event. Give a class under @event."),
    ("a rule without a name", lambda: Rule(" ", on=Leave, when=most > 1), "rule ' ': has no name. Say in words what it allows."),
    ("a rule that is a number", lambda: Rule("it is allowed", on=Leave, when=most), "rule 'it is allowed': needs a formula, not most, which is an integer, 0 or more."),
    ("a rule on a foreign part", lambda: ruled(stranger.inside(on)), "system desk: rule 'it is allowed': stranger is no part of desk."),
    ("a rule on foreign instances", lambda: ruled(strangers.none()), "system desk: rule 'it is allowed': strangers is no part of desk."),
    ("a rule on a foreign parameter", lambda: ruled(loose > 1), "system desk: rule 'it is allowed': parameter 'loose' is not declared. List it in the parameters of desk."),
    ("a rule on a bare variable", lambda: ruled(weight > 1), "system desk: rule 'it is allowed': weight cannot be read in a rule or the condition of a wire: it is a variable of one machine."),
    ("a rule on time in state", lambda: ruled(ELAPSED > 1), "system desk: rule 'it is allowed': time in state cannot be read in a rule or the condition of a wire: it is the time in state."),
    ("a rule on every instance", lambda: ruled(for_each(tiles, weight > 1)), "system desk: rule 'it is allowed': for each of tiles: weight > 1 cannot be read in a rule or the condition of a wire: it is every instance."),
    ("a rule on effects", lambda: ruled(emitted(Gone) < 3), "system desk: rule 'it is allowed': number of gone ever cannot be read in a rule or the condition of a wire: it is a count of effects."),
    ("a rule on a field that not all its events have", lambda: ruled(Arrive.medium == Medium.CHAT, on=(Arrive, Leave)), "system desk: rule 'it is allowed': Arrive.medium is a field of another event."),
    ("carried data in a rule", lambda: ruled(Arrive.contact == "c-1"), "contact == 'c-1': contact is opaque: keys and carried data cannot be compared or ordered. " + COMPARED),
    ("two rules of one name", lambda: desk(rules=(Rule("one", on=Leave, when=most > 1), Rule("one", on=Leave, when=most > 2))), "system desk: two rules are called 'one'."),
    ("a rule among the wires", lambda: desk(wires=(Rule("one", on=Leave, when=most > 1),)), "system desk: one (Rule) is none of its wires."),
    # Properties
    ("a property over a foreign part", lambda: claiming(always("it is", stranger.inside(on))), "system desk: property 'it is': stranger is no part of desk."),
    ("a property over a foreign part's variable", lambda: claiming(always("it is", stranger[calls] > 1)), "system desk: property 'it is': stranger is no part of desk."),
    ("a property over a bare state", lambda: claiming(always("it is", inside(on))), "system desk: property 'it is': on names no part. Write part.inside(...), part[variable] or part.count(...)."),
    ("a property over a bare variable", lambda: claiming(always("it is", weight > 1)), "system desk: property 'it is': weight names no part. Write part.inside(...), part[variable] or part.count(...)."),
    ("a property over an instance's foreign variable", lambda: claiming(always("it is", for_each(tiles, calls > 1))), "system desk: property 'it is': variable 'calls' is not declared. List it in the variables of tile."),
    ("a property over an instance's foreign state", lambda: claiming(always("it is", for_each(tiles, inside(on)))), "system desk: property 'it is': tile has no state 'on'."),
    ("each of each", lambda: claiming(always("it is", for_each(tiles, for_each(tiles, weight > 1)))), "system desk: property 'it is': for each of tiles: weight > 1 cannot be read in a claim about every instance: it is every instance."),
    ("a property over a foreign event", lambda: claiming(each_step("it is", ~happens(Mark))), "system desk: property 'it is': Mark is no event of desk."),
    ("a sentence twice", lambda: claiming(always("it is", most > 1), always("it is", most > 2)), "system desk: two properties say 'it is'."),
]  # fmt: skip


@pytest.mark.parametrize(("declare", "message"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_wrong_system_is_refused_with_what_to_write(declare: Callable[[], object], message: str) -> None:
    """Where it is wrong, what is wrong, and what to write instead."""
    with pytest.raises(DefinitionError) as refused:
        declare()
    assert str(refused.value) == message


def test_a_part_may_stand_in_two_systems_and_a_machine_in_two_parts() -> None:
    """Parts are what a system lists, and two parts that share an event move together."""
    first, second = one("first", AGENT), one("second", AGENT)
    both = System("both", (first, second))
    alone = System("alone", (first,))
    assert [len(one.moves) for one in both.all_wires] == [2, 2]
    assert [len(one.moves) for one in alone.all_wires] == [1, 1]


def test_wires_of_two_senders_do_not_overlap() -> None:
    """An event that time sends to two parts is two events, each with its wire."""
    left, right = each("left", TILE, key="id"), each("right", TILE, key="id")
    parts = (agent, left, right)
    made = System(
        "both",
        parts,
        (wire(left.sends(Expire), agent.by(Close)), wire(right.sends(Expire), agent.by(Close))),
        parameters=(window,),
    )
    assert len(made.wires) == 2


def test_a_wire_hands_on_what_time_knows() -> None:
    """The key of the instance that time moves, and the instant."""
    held_by = each("held_by", Machine("note", (off, on), off, (off.on(Marked).to(on),)), key="contact")
    made = System(
        "noted",
        (tiles, held_by),
        (wire(tiles.sends(Expire), held_by[tiles.sends(Expire).key].by(Marked, at=NOW)),),
        parameters=(window, most),
    )
    assert made.wires[0].event_class is Expire


def test_two_instances_of_one_part_may_move_when_their_keys_differ() -> None:
    """A transfer moves two tiles: whether the two keys are equal only the run can say."""
    close = tiles[Arrive.contact].by(Close)
    offer = tiles[Arrive.other].by(Offer, medium=Arrive.medium, weight=1, name=Arrive.other)
    made = desk(wires=(wire(Arrive, close, offer),))
    assert [move.action for move in made.wires[0].moves] == [Close, Offer]


def test_a_condition_can_keep_a_field_in_range() -> None:
    """What a wire hands to an action is in range where its condition holds."""
    assert len(offering(when=(Arrive.weight >= 0) & (Arrive.weight < 10), weight=Arrive.weight).wires) == 1


def test_a_part_that_is_not_there_is_not_found() -> None:
    """Looking up a part by a wrong name is an error of its own."""
    with pytest.raises(KeyError, match="desk has no part 'phone'"):
        desk().part("phone")


def test_an_every_selection_reads_its_own_variables() -> None:
    """Instances are selected by what they remember."""
    variable: Var[int] = weight
    made = desk(wires=(wire(Leave, tiles.every(held, variable > 3).by(Close)), ARRIVE))
    where: Expr[bool] | None = made.wires[0].moves[0].where
    assert where is not None
