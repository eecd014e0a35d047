"""All there is, gone through by the plain meaning: where every value is tried and one instance at most keeps time, up to renaming of keys. Standard library only.

Keys are compared with each other and with nothing else, so two snapshots are one where a renaming of keys makes them so. An event
names keys that there are and new ones; instances that are alike in all parts in which a key can name them are tried as often as the event
has keys. What is carried decides nothing; whoever reads it, or an instant, gets no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from typing import Any

from fsm.verification.checker.cells import CannotSay, timers_of
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.plain.machines import Refused
from fsm.verification.checker.plain.values import Here, Instance, Move, Parts, Rejected, Step, decoded
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome
from fsm.verification.checker.proofs.reads import effects_of
from fsm.verification.checker.replays.clock import UNTOLD, NoClock, WithoutInstants, clock_of

__all__ = ["Known", "Look", "Taken", "World"]

Json = Any
Known = Hashable
Taken = tuple[int, Known, frozenset[int]]
"""A step: the event, where it leads, and the fields by which it names the key that is followed."""
FOLLOWED = 0
"""The key that is followed, where one is: keys are alike, so what holds of it holds of every key."""
TIME = -1
"""In the place of an event, where time alone passes."""
MOST_SNAPSHOTS = 100_000
MOST_VALUES = 1_000
"""Of one event, everything but its keys."""


@dataclass(frozen=True)
class Look:
    """What is looked at while all there is is met.

    Attributes:
        formulas: those that are evaluated, which may count no effects.
        step: whether a step is as it should be.
        all_of_it: whether all of it is.
        followed: a part of which one key is followed.
    """

    formulas: tuple[int, ...]
    step: Callable[[World, Step], bool]
    all_of_it: Callable[[World], bool]
    followed: int | None = None
    in_time: bool = False
    """Whether time may pass."""


class World:
    """All snapshots up to renaming of keys, and the steps between them.

    Args:
        fixed: values of all parameters.
        followed: a part of which one key, `FOLLOWED`, is told apart from all others.
        asked: the formulas that are asked while time passes; None where time has no end.

    Raises:
        CannotSay: it is not finite, as how much was emitted is not.
    """

    def __init__(
        self,
        declaration: Declaration,
        fixed: Mapping[int, Json],
        followed: int | None = None,
        asked: Sequence[int] | None = None,
    ) -> None:
        if len(fixed) < len(declaration.json["parameters"]):
            raise CannotSay("values of parameters have no end")
        if effects_of(declaration, asked or ()):
            raise CannotSay("how much was emitted has no end")
        if asked is None and any(map(timers_of, declaration.json["machines"])):
            raise CannotSay("time has no end")
        try:
            self.plain = WithoutInstants(declaration, [decoded(fixed[place]) for place in range(len(fixed))])
        except Rejected:
            raise CannotSay("the assumptions do not allow these values of the parameters") from None
        self.clock = NoClock() if asked is None else clock_of(self.plain, asked)
        self.followed = followed
        self.snapshots: dict[Known, Parts] = {}
        self.steps: dict[Known, list[Taken]] = {}
        self.keyed = {event: self._keys_of(event) for event in self._events()}
        self.groups = self._groups()
        self.payloads = {event: list(self._payloads(event)) for event in self.keyed}

    def _events(self) -> dict[int, None]:
        return dict.fromkeys(wire["event"] for wire in self.plain.declaration.wires if wire["sender"] is None)

    def _keys_of(self, event: int) -> dict[int, set[int]]:
        """The fields that name instances, with the parts in which they do."""
        found: dict[int, set[int]] = {}
        for wire in self.plain.declaration.wires:
            for move in wire["moves"] if wire["event"] == event else ():
                if move["key"] is not None:
                    tag, said = self.plain.nodes[move["key"]]
                    if tag != "field" or said[0] != event:
                        raise CannotSay("an instance is named by what is no field of the event")
                    found.setdefault(said[1], set()).add(move["part"])
        return found

    def _groups(self) -> dict[int, tuple[int, ...]]:
        """For each part with many instances those with which it has keys in common."""
        groups = {part: {part} for part, (_, each) in enumerate(self.plain.parts) if each is not None}
        for together in (parts for fields in self.keyed.values() for parts in fields.values()):
            joined = set().union(*(groups[part] for part in together))
            groups |= dict.fromkeys(joined, joined)
        return {part: tuple(sorted(group)) for part, group in groups.items()}

    def _payloads(self, event: int) -> Iterator[dict[int, Any]]:
        """Every choice of values of the fields that are no keys."""
        fields = enumerate(self.plain.declaration.json["events"][event]["fields"])
        choices = {place: self._values(one["domain"]) for place, one in fields if place not in self.keyed[event]}
        for many, picked in enumerate(product(*choices.values())):
            if many >= MOST_VALUES:
                raise CannotSay(f"an event takes more than {MOST_VALUES:,} values")
            yield dict(zip(choices, picked, strict=True))

    def _values(self, domain: Json) -> list[Any]:
        if domain == "boolean":
            return [False, True]
        if "enumeration" in domain:
            members = self.plain.declaration.json["enumerations"][domain["enumeration"]]["members"]
            return [(domain["enumeration"], place) for place in range(len(members))]
        low, high = map(integer_of, domain.get("integer", (None, None)))
        small = low is not None and high is not None and high - low < MOST_VALUES
        return list(range(low, high + 1)) if small and low is not None and high is not None else [UNTOLD]

    def shows(self, look: Look, many: int) -> Outcome:
        """Whether all there is is as it should be, and is so many snapshots.

        Raises:
            CannotSay: it is too much.
        """
        if effects_of(self.plain.declaration, look.formulas):
            raise CannotSay("how much was emitted has no end")
        if not self._explore(look) or not look.all_of_it(self):
            return Outcome("it is not so in all there is", True)
        found = len(self.snapshots)
        return CONFIRMED if found == many else Outcome(f"there are {found:,} snapshots, not {many:,}", True)

    def _explore(self, look: Look) -> bool:
        """Meet all there is, as long as every step is as it should be."""
        start: Parts = tuple(
            self.plain.initial(machine, self.clock.now) if each is None else {} for machine, each in self.plain.parts
        )
        return self._meet(start, look.step, MOST_SNAPSHOTS)

    def explore(self, parts: Parts, most: int) -> Known:
        """Meet all there is from these parts, which are told, if it is not more than so many snapshots."""
        self._meet(parts, lambda world, step: True, most)
        return self.known(parts)

    def _meet(self, start: Parts, may_be: Callable[[World, Step], bool], most: int) -> bool:
        waiting = [start]
        self.snapshots[self.known(start)] = start
        while waiting:
            parts = waiting.pop()
            known = self.known(parts)
            self.steps[known] = []
            for event, naming, moves, before, after in self._onward(parts):
                if event is not None and not may_be(
                    self, Step(event, tuple(moves), self.here(before), self.here(after))
                ):
                    return False
                to = self.known(after)
                self.steps[known].append((TIME if event is None else event, to, naming))
                if to not in self.snapshots:
                    self.snapshots[to] = after
                    waiting.append(after)
            if len(self.snapshots) > most:
                raise CannotSay(f"there are more than {most:,} snapshots")
        return True

    def _onward(self, parts: Parts) -> Iterator[tuple[int | None, frozenset[int], Sequence[Move], Parts, Parts]]:
        """Every step: its event, the fields by which it names the key that is followed, who moves, and the parts before and after it, at its instant."""
        for event, given, moves in () if self.clock.is_due(parts) else self.taken(parts):
            naming = () if self.followed is None else (one for one in self.keyed[event] if given[one] == FOLLOWED)
            yield event, frozenset(naming), moves, parts, self.plain.put(parts, moves)
        for sent, moved, before, after in self.clock.passed(parts):
            yield sent, frozenset(), moved, before, after

    def here(self, parts: Parts) -> Here:
        """What claims speak of; those of a machine alone of its only instance."""
        own = parts[0] if self.plain.declaration.alone else None
        return Here(parts, self.clock.now, {}, own, None if own is None else 0)

    def holds(self, formula: int | None, known: Known) -> bool:
        """Whether a formula holds in a snapshot; none always does. Where a key is followed, it speaks of this one."""
        here = self.here(self.snapshots[known])
        if self.followed is not None:
            here = self.plain.about(here, self.followed, FOLLOWED)
        return formula is None or bool(self.plain.value(formula, here))

    def known(self, parts: Parts) -> Known:
        """The same for snapshots that are one."""
        ones = tuple(self._kind(part, one) for part, one in enumerate(parts) if isinstance(one, Instance))
        groups = (sorted(self._by_key(group, parts).values()) for group in sorted(set(self.groups.values())))
        return (ones, *map(tuple, groups))

    def _by_key(self, group: tuple[int, ...], parts: Parts) -> dict[int, tuple[Any, ...]]:
        keys = dict.fromkeys(key for part in group for key in parts[part])
        told_apart = FOLLOWED if self.followed in group else None
        return {key: (key == told_apart, *(self._kind(part, parts[part].get(key)) for part in group)) for key in keys}

    def _kind(self, part: int, one: Instance | None) -> tuple[Any, ...]:
        if one is None:
            return ()
        variables = self.plain.machines[self.plain.parts[part][0]]["variables"]
        told = (
            value
            for variable, value in zip(variables, one.values, strict=True)
            if variable["domain"] == "boolean" or "opaque" not in variable["domain"]
        )
        return (one.state, *self.clock.told(part, one), *told)

    def taken(self, parts: Parts) -> Iterator[tuple[int, Mapping[int, Any], list[Any]]]:
        """Every event that is taken, with its fields and who moves."""
        for event, keyed in self.keyed.items():
            groups = [self.groups[min(named)] for named in keyed.values()]
            choices = [self._worth_naming(group, parts, len(keyed)) for group in groups]
            for keys, payload in product(product(*choices), self.payloads[event]):
                given = payload | dict(zip(keyed, keys, strict=True))
                try:
                    moves = self.plain.judged(
                        parts, event, tuple(given[place] for place in range(len(given))), self.clock.now
                    )
                except Refused:
                    continue
                yield event, given, moves

    def _worth_naming(self, group: tuple[int, ...], parts: Parts, many: int) -> list[int]:
        """Of keys that are alike so many, and as many new ones."""
        alike: dict[Any, list[int]] = {}
        by_key = self._by_key(group, parts)
        for key, kind in by_key.items():
            alike.setdefault(kind, []).append(key)
        known = self.followed not in group or FOLLOWED in by_key
        new = islice((key for key in count(FOLLOWED) if key not in by_key), many if known else many + 1)
        return [*(key for keys in alike.values() for key in keys[:many]), *new]
