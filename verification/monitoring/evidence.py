"""A violation told: what was seen, what stands in the way, how the runtime refuses it, and what would have been allowed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from fsm.language.printing import duration_in_words, key_in_words, label, value_in_words
from fsm.runtime.explanation import explain
from fsm.runtime.obstacles import CannotMove, Full, NamedTwice, NoWire, Obstacle, RuleForbids
from fsm.verification.monitoring.declared.boxes import left_in_words, pieces
from fsm.verification.monitoring.declared.declaration import UNKNOWN, Declaration
from fsm.verification.monitoring.declared.footprint import Footprint
from fsm.verification.monitoring.declared.intervals import FAR, Interval
from fsm.verification.monitoring.declared.intervals import in_words as when_in_words
from fsm.verification.monitoring.declared.timers import Timer
from fsm.verification.monitoring.explaining.explanation import Explanation, Happening, happened, held_at
from fsm.verification.monitoring.explaining.matching import Look, Looked, wrong
from fsm.verification.monitoring.explaining.passing import Expected
from fsm.verification.monitoring.explaining.reading import Item, read
from fsm.verification.monitoring.explaining.run import Blocked, Broken, Mismatch, Permit, Refused, Run, Trouble
from fsm.verification.monitoring.explaining.search import search
from fsm.verification.monitoring.explaining.snapshots import AT, event_of, snapshot_of
from fsm.verification.monitoring.explaining.stepping import payloads, taken
from fsm.verification.monitoring.verdicts import Because, Kind, Violates, Where

__all__ = ["in_words", "violation"]

NEAREST = 2_000
"""So many steps are tried for the nearest run that would have been allowed."""

VALUES = 64
"""So many choices of values of parameters are looked at for the shortest refusal."""

Telling = tuple[tuple[Because, ...], str, tuple[str, ...]]
"""What stands in the way, the refusal, and what could have come instead."""


def violation(declaration: Declaration, run: Run, beliefs: Sequence[Explanation], item: Item, where: Where) -> Violates:
    """Why none of the explanations shows the observation, told of the one that comes nearest.

    Args:
        run: keeps what stands in the way.
    """
    for one in beliefs:
        read(run, one, item)
    lasting = _outlasted(declaration, beliefs, item)
    if lasting is not None:
        why, refusal = lasting
        left = left_in_words(declaration.system, [one.box for one in beliefs], declaration.first_box)
        return Violates(where, in_words(declaration, item), (why,), refusal, (), left)
    order = (Refused, Blocked, Mismatch, Broken)
    nearer = _nearer(declaration, run, beliefs, item)
    several = sorted(_standing(nearer, item), key=lambda each: order.index(type(each)))
    told = [_told(declaration, run, each, item, beliefs) for each in several if type(each) is type(several[0])] or [
        _told(declaration, run, None, item, beliefs)
    ]
    because, refusal, instead = min(told, key=lambda each: len(each[0]))
    nearest = _nearest(declaration, run, beliefs, item) or instead
    left = left_in_words(declaration.system, [one.box for one in beliefs], declaration.first_box)
    return Violates(where, in_words(declaration, item), because, refusal, nearest, left)


def _nearer(declaration: Declaration, run: Run, beliefs: Sequence[Explanation], item: Item) -> Run:
    """What stands in the way of what comes nearest, where several instances are otherwise than they were seen: what leads to some of them is allowed."""
    looked = item.looked
    if looked is None or not any(isinstance(one, Mismatch) for one in run.troubles):
        return run
    if not any(len(list(islice(wrong(run, one, looked), 2))) == 2 for one in beliefs):
        return run
    looking = Run(declaration, run.claims, run.suspended)
    closest = search(looking, beliefs, [item], budget=NEAREST, keep=1).closest
    reading = Run(declaration, run.claims, run.suspended)
    if closest is not None:
        read(reading, closest, item)
    return reading if any(isinstance(one, Mismatch) for one in reading.troubles) else run


def _standing(run: Run, item: Item) -> list[Trouble]:
    """What stands in the way; where a timer fired as it was seen and broke a claim, not that it could have fired unseen."""
    sent = item.sent
    if sent is None or not any(isinstance(one, Broken) for one in run.troubles):
        return run.troubles
    return [
        one
        for one in run.troubles
        if not (isinstance(one, Blocked) and one.timer.event is sent.event and (one.place, one.key) in sent.whom)
    ]


def _outlasted(declaration: Declaration, beliefs: Sequence[Explanation], item: Item) -> tuple[Because, str] | None:
    """A state that nothing can be in for so long: why, whatever was before."""
    for look in () if item.looked is None or not beliefs else item.looked.looks:
        if look.since is None or look.states is None or len(look.states) != 1 or item.glimpse:
            continue
        (state,) = look.states
        lines = declaration.timer_lines(look.place, state)
        for timer in declaration.timers.of(beliefs[0].box)[look.place].get(state, ()):
            leaves = lines[timer.order].guard is None and lines[timer.order].target is not None
            if leaves and look.since[1] + timer.duration[1] < item.at[0]:
                part = declaration.parts[look.place].name
                name = f"{label(timer.event)} comes {_lasting(timer)} after entering {state} of {part}"
                who = _who(declaration, look.place, look.key)
                return Because(Kind.TIMER, name), f"{who} was seen {state} since {when_in_words(look.since)}"
    return None


def _contradicted(declaration: Declaration, beliefs: Sequence[Explanation], item: Item, look: Look) -> Telling | None:
    """A state that is said to have lasted since an instant at which everything says that it was another."""
    since = look.since
    if since is None or not look.states or item.glimpse or not beliefs:
        return None
    if not all(one.now[0] > since[1] and _is_otherwise(declaration, one, look) for one in beliefs):
        return None
    part, seen = declaration.parts[look.place].name, " or ".join(look.states)
    held = held_at(beliefs[0], look.place, look.key)
    state = "not there" if held is None else held.state
    who, now = _who(declaration, look.place, look.key), when_in_words(beliefs[0].now)
    text = f"{who} is {state} at {now}, and was seen {seen} since {when_in_words(since)}"
    return (Because(Kind.STATE, f"{part} is {state} after the instant since which it was seen {seen}"),), text, ()


def _is_otherwise(declaration: Declaration, one: Explanation, look: Look) -> bool:
    """Whether an instance is known to be in none of the states that were seen."""
    if one.parts[look.place] is None:
        return False
    held = held_at(one, look.place, look.key)
    if held is None:
        return look.place not in one.open and declaration.initial[look.place] not in (look.states or ())
    return held.state not in (look.states or ())


def _told(
    declaration: Declaration, run: Run, trouble: Trouble | None, item: Item, beliefs: Sequence[Explanation]
) -> Telling:
    match trouble:
        case Refused():
            return _of_refusal(declaration, trouble)
        case Blocked():
            return _of_blocked(declaration, trouble)
        case Mismatch():
            return _of_mismatch(declaration, run, trouble, item, beliefs)
        case Broken(claim=claim):
            return (Because(Kind.CLAIM, claim.sentence, claim.cites),), f"breaks what must hold: {claim.sentence}", ()
    if item.sent is not None:
        text = f"no {label(item.sent.event)} falls due for {_who(declaration, *item.sent.whom[0])} at {when_in_words(item.at)}"
        return (Because(Kind.TIMER, f"{label(item.sent.event)} comes when its time in state has passed"),), text, ()
    return (
        (Because(Kind.STATE, "the instants exclude each other"),),
        "its instant lies before what was seen already",
        (),
    )


def _of_refusal(declaration: Declaration, refused: Refused) -> Telling:
    """How the runtime refuses it, under those values that are left with which least stands in the way."""
    event = event_of(refused.footprint.event, refused.payload)
    snapshot = snapshot_of(declaration, declaration.layout, refused.before, {})
    several = [
        explain(cast(Any, declaration.under(box)), snapshot, event, AT)  # explaining runs nothing
        for box in islice(pieces(refused.before.box, refused.footprint.params), VALUES)
    ]
    refusal = min(several, key=lambda each: len(each.obstacles))
    because = tuple(_because(obstacle) for obstacle in refusal.obstacles)
    lines = [f"{event_in_words(refused.footprint.event, refused.payload)} is refused."]
    lines += [f"  {one}" for one in refusal.obstacles]
    lines += [f"  by then  {_happened(one)}" for one in happened(refused.before)]
    return because or (Because(Kind.STATE, "the runtime refuses it"),), "\n".join(lines), ()


def _because(obstacle: Obstacle) -> Because:
    match obstacle:
        case RuleForbids(rule=rule, cites=cites):
            return Because(Kind.RULE, rule, cites)
        case CannotMove(part=part, state=state, action=action, guards=guards):
            if guards:
                return Because(Kind.GUARD, f"{label(action)} in {state} of {part} needs {' or '.join(guards)}")
            return Because(Kind.STATE, f"there is no {label(action)} in {state} of {part}")
        case NoWire(conditions=conditions):
            return Because(Kind.GUARD, f"none applies: {' or '.join(conditions)}")
        case Full(part=part, at_most=most):
            return Because(Kind.ROOM, f"{part} may hold {most} at most")
        case NamedTwice(part=part):
            return Because(Kind.ROOM, f"an instance of {part} is named twice")
    raise AssertionError(obstacle)


def _of_blocked(declaration: Declaration, blocked: Blocked) -> Telling:
    held = held_at(blocked.before, blocked.place, blocked.key)
    assert held is not None
    name = f"{label(blocked.timer.event)} comes {_lasting(blocked.timer)} after entering {held.state} of {declaration.parts[blocked.place].name}"
    who = _who(declaration, blocked.place, blocked.key)
    text = f"{label(blocked.timer.event)} was due for {who}, {held.state} since {when_in_words(held.since)}, and would have been told"
    return (Because(Kind.TIMER, name),), text, ()


def _lasting(timer: Timer) -> str:
    low, high = timer.duration
    if low == high:
        return duration_in_words(low)
    return (
        f"{duration_in_words(low)} or more" if high >= FAR else f"{duration_in_words(low)} to {duration_in_words(high)}"
    )


def _of_mismatch(
    declaration: Declaration, run: Run, mismatch: Mismatch, item: Item, beliefs: Sequence[Explanation]
) -> Telling:
    """Why it did not come to be what was seen: what leads there is refused, or comes at another time; or nothing does."""
    before, place, key = mismatch.before, mismatch.place, mismatch.key
    held = held_at(before, place, key)
    state = "not there" if held is None else held.state
    since = "" if held is None else f" since {when_in_words(held.since)}"
    text = f"{_who(declaration, place, key)} is {state}{since}, and was seen {mismatch.seen}"
    part = declaration.parts[place].name
    inside = str(declaration.initial[place]) if held is None else held.state
    wanted = {str(declaration.initial[place])} if mismatch.seen == "not there" else set(mismatch.seen.split(" or "))
    machine = declaration.machines[place]
    lines = [line for line in machine.transitions if line.target is not None and line.target.name in wanted]
    leading = [line for line in lines if any(source.name == inside for source in line.sources)]
    for line in leading:
        if line.duration is not None:
            timer = next(one for one in declaration.timers.of(before.box)[place][inside] if one.event is line.event)
            return (
                (
                    Because(
                        Kind.TIMER, f"{label(line.event)} comes {_lasting(timer)} after entering {inside} of {part}"
                    ),
                ),
                text,
                (),
            )
    refusals = [
        _of_refusal(declaration, one)
        for one in _refused(
            declaration, run, before, place, key, {line.event for line in leading}, _look_of(item, mismatch)
        )
    ]
    if refusals:
        because, refusal, _ = min(refusals, key=lambda each: len(each[0]))
        return because, f"{text}\n{refusal}", ()
    untold = _told_always(declaration, place, {line.event for line in leading})
    if untold:
        said = " or ".join(label(event) for event in untold)
        why = Because(Kind.STATE, f"{part} comes from {inside} to {mismatch.seen} by {said}, which is always told")
        return (why,), text, ()
    contradicted = _contradicted(declaration, beliefs, item, _look_of(item, mismatch))
    if contradicted is not None:
        return contradicted
    names = " or ".join(dict.fromkeys(label(line.event) for line in lines))
    name = (
        f"there is no {names} in {inside} of {part}"
        if names and not leading
        else f"{part} cannot come from {state} to {mismatch.seen}"
    )
    return (Because(Kind.STATE, name),), text, ()


def _told_always(declaration: Declaration, place: int, actions: set[type]) -> list[type]:
    """The events that move an instance by these actions, where each of them is always told."""
    found = [
        footprint.event
        for footprint in declaration.footprints.values()
        if any(where == place and action in actions for where, action in footprint.actions)
    ]
    return found if all(event in declaration.always for event in found) else []


def _look_of(item: Item, mismatch: Mismatch) -> Look:
    """What was seen of the instance."""
    looks = () if item.looked is None else item.looked.looks
    unseen = Look(mismatch.place, mismatch.key, ())
    return next((look for look in looks if (look.place, look.key) == (mismatch.place, mismatch.key)), unseen)


def _refused(
    declaration: Declaration,
    run: Run,
    before: Explanation,
    place: int,
    key: Hashable,
    actions: set[type],
    look: Look,
) -> list[Refused]:
    """How what would move the instance is refused; of several events those that would show its values, were no rule in the way."""
    absent = held_at(before, place, key) is None
    several = [one for one in declaration.footprints.values() if not (look.by and absent) or one.event in look.by]
    found: list[tuple[Refused, bool]] = []
    allowed = False
    for footprint in several:
        if any(where == place and action in actions for where, action in footprint.actions):
            keys = {name: key for name, places in footprint.keys.items() if place in places}
            if len(keys) == len(footprint.keys):
                trying = Run(declaration, run.claims, run.suspended, supposing=True)
                chosen = payloads(trying, before, footprint, keys)
                if any(taken(trying, before, footprint, payload) for payload in chosen):
                    allowed |= any(_shows(declaration, run, before, footprint, payload, look) for payload in chosen)
                else:
                    fits = any(_shows(declaration, run, before, footprint, payload, look) for payload in chosen)
                    found += [(one, fits) for one in trying.troubles if isinstance(one, Refused)]
    return [one for one, fits in found if fits or (not allowed and not any(fits for _, fits in found))]


def _shows(
    declaration: Declaration,
    run: Run,
    before: Explanation,
    footprint: Footprint,
    payload: Mapping[str, Any],
    look: Look,
) -> bool:
    """Whether an event would lead to the values that were seen, were no rule in the way."""
    free = Run(declaration, run.claims, run.suspended, free=True, supposing=True)
    held = [held_at(one, look.place, look.key) for one in taken(free, before, footprint, payload)]
    return any(
        one is not None
        and all(one.values[slot] is UNKNOWN or one.values[slot] in values for slot, values in look.values)
        for one in held
    )


def _nearest(declaration: Declaration, run: Run, beliefs: Sequence[Explanation], item: Item) -> tuple[str, ...]:
    """A shortest run that would have shown it, had anything been allowed to go unseen."""
    looking = Run(declaration, run.claims, run.suspended)
    lost = Item(item.at, Permit(gap=True), item.footprint, item.fields, item.sent, item.looked, item.parameters)
    sought = search(looking, beliefs, [lost], budget=NEAREST, keep=1)
    return tuple(_happened(one) for found in sought.found[:1] for one in happened(found))


# Words


def in_words(declaration: Declaration, item: Item) -> str:
    """What was seen."""
    said = []
    if item.footprint is not None:
        said.append(event_in_words(item.footprint.event, item.fields))
    if item.sent is not None:
        said.append(_sent(declaration, item.sent))
    if item.looked is not None:
        said.append(_state(declaration, item.looked))
    text = ", then ".join(said) or "parameters"
    return f"just before it: {text}" if item.glimpse else text


def _sent(declaration: Declaration, sent: Expected) -> str:
    return f"{label(sent.event)} of {_who(declaration, *sent.whom[0])}"


def _state(declaration: Declaration, looked: Looked) -> str:
    said = [_look(declaration, look) for look in looked.looks]
    others = [declaration.parts[place].name for place in looked.complete]
    text = ", ".join(said) or "nobody"
    return f"{text}; no other of {' and '.join(others)}" if others else text


def _look(declaration: Declaration, look: Look) -> str:
    state = "" if look.states is None else " or ".join(look.states) or "not there"
    names = [variable.name for variable in declaration.machines[look.place].variables]
    values = [
        f"{names[slot]} = {' or '.join(value_in_words(value) for value in wanted)}" for slot, wanted in look.values
    ]
    return f"{_who(declaration, look.place, look.key)} {', '.join(([state] if state else []) + values)}{_since(look.since)}"


def _since(since: Interval | None) -> str:
    return "" if since is None else f" since {when_in_words(since)}"


def _who(declaration: Declaration, place: int, key: Hashable) -> str:
    name = declaration.parts[place].name
    return name if key is None else f"{name} {key_in_words(key)}"


def event_in_words(event: type, fields: Mapping[str, Any]) -> str:
    """An event with what was seen of its fields."""
    said = [f"{name}={value_in_words(value)}" for name, value in fields.items() if value is not UNKNOWN]
    return f"{label(event)}({', '.join(said)})" if said else label(event)


def _happened(one: Happening) -> str:
    who = "" if one.part is None else f" of {one.part}" + ("" if one.key is None else f" {one.key}")
    return f"{event_in_words(one.event, dict(one.fields))}{who} at {when_in_words(one.at)}"
