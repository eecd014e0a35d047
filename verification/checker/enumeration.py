"""All there is, gone through by the plain meaning: where no time is kept and every value is tried, up to renaming of keys. Standard library only.

Keys are compared with each other and with nothing else, so two snapshots are one where a renaming of keys makes them so. An event
names keys that there are and new ones; instances that are alike in all parts in which a key can name them are tried as often as the event
has keys. What is carried decides nothing; whoever reads it, or the time, gets no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration, integer_of
from fsm.verification.checker.meaning import effects_of
from fsm.verification.checker.plain import Here, Instance, Parts, Plain, Refused, Rejected, Step, decoded
from fsm.verification.checker.proofs.lemmas import formula_of
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome
from fsm.verification.checker.proofs.refutations import things
from fsm.verification.checker.runs import CHECKS

__all__ = ["World", "met", "never_met"]

Json = Any
Known = Hashable
MOST_SNAPSHOTS = 100_000
MOST_VALUES = 1_000
"""Of one event, everything but its keys."""


class _Untold:
    """An instant, or carried data: it is handed on, and nothing may be asked of it."""

    def _refuse(self, *_: object) -> Any:
        raise CannotSay("something reads the time in state, or what has no end")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __hash__ = __bool__ = _refuse


UNTOLD: Any = _Untold()


@dataclass(frozen=True)
class Look:
    """What is looked at while all there is is met.

    Attributes:
        formulas: those that are evaluated, which may count no effects.
        step: whether a step is as it should be.
        all_of_it: whether all of it is.
    """

    formulas: tuple[int, ...]
    step: Callable[[World, Step], bool]
    all_of_it: Callable[[World], bool]


def met(declaration: Declaration, name: str) -> Look:
    """That a claim holds in all there is.

    Raises:
        CannotSay: it is no such claim.
    """
    claim = formula_of(declaration, name, *JUDGES)
    if claim is None:
        raise CannotSay("is no claim that is shown by all there is")
    formula, judge = claim["formula"], JUDGES[claim["modality"]]
    formulas = (formula, *([] if claim["premise"] is None else [claim["premise"]]))
    of_steps = claim["modality"] == "each step"
    return Look(
        formulas,
        lambda world, step: not of_steps or bool(world.plain.value(formula, step)),
        lambda world: judge(world, claim),
    )


def never_met(declaration: Declaration, name: str, pending: Sequence[str]) -> Look:
    """That nothing in all there is is as a claim says, or that these things are never met of which a check of the definition speaks.

    Raises:
        CannotSay: it is no such claim.
    """
    claim = formula_of(declaration, name, "reachable", "can happen")
    if claim is None:
        named = {THINGS[name] % at for at in things(declaration, name, pending)}
        _, look = CHECKS[name]
        return Look(
            (),
            lambda world, step: named.isdisjoint(look(world.plain, step)),
            lambda world: all(
                named.isdisjoint(look(world.plain, world.here(parts))) for parts in world.snapshots.values()
            ),
        )
    formula, of_steps = claim["formula"], claim["modality"] == "can happen"
    return Look(
        (formula,),
        lambda world, step: not of_steps or not world.plain.value(formula, step),
        lambda world: of_steps or not any(world.holds(formula, known) for known in world.snapshots),
    )


class World:
    """All snapshots up to renaming of keys, and the steps between them.

    Args:
        fixed: values of all parameters.

    Raises:
        CannotSay: it is not finite.
    """

    def __init__(self, declaration: Declaration, fixed: Mapping[int, Json]) -> None:
        if len(fixed) < len(declaration.json["parameters"]):
            raise CannotSay("values of parameters have no end")
        if any(
            line["after"] is not None for machine in declaration.json["machines"] for line in machine["transitions"]
        ):
            raise CannotSay("time has no end")
        try:
            self.plain = Plain(declaration, [decoded(fixed[place]) for place in range(len(fixed))])
        except Rejected:
            raise CannotSay("the assumptions do not allow these values of the parameters") from None
        self.snapshots: dict[Known, Parts] = {}
        self.steps: dict[Known, list[tuple[int, Known]]] = {}
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
            self.plain.initial(machine, UNTOLD) if each is None else {} for machine, each in self.plain.parts
        )
        waiting = [start]
        self.snapshots[self.known(start)] = start
        while waiting:
            parts = waiting.pop()
            known = self.known(parts)
            self.steps[known] = []
            for event, moves in self._taken(parts):
                after = self.plain.put(parts, moves)
                if not look.step(self, Step(event, tuple(moves), self.here(parts), self.here(after))):
                    return False
                to = self.known(after)
                self.steps[known].append((event, to))
                if to not in self.snapshots:
                    self.snapshots[to] = after
                    waiting.append(after)
            if len(self.snapshots) > MOST_SNAPSHOTS:
                raise CannotSay(f"there are more than {MOST_SNAPSHOTS:,} snapshots")
        return True

    def here(self, parts: Parts) -> Here:
        """What claims speak of; those of a machine alone of its only instance."""
        own = parts[0] if self.plain.declaration.alone else None
        return Here(parts, UNTOLD, {}, own, None if own is None else 0)

    def holds(self, formula: int | None, known: Known) -> bool:
        """Whether a formula holds in a snapshot; none always does."""
        return formula is None or bool(self.plain.value(formula, self.here(self.snapshots[known])))

    def known(self, parts: Parts) -> Known:
        """The same for snapshots that are one."""
        ones = tuple(self._kind(part, one) for part, one in enumerate(parts) if isinstance(one, Instance))
        groups = (sorted(self._by_key(group, parts).values()) for group in sorted(set(self.groups.values())))
        return (ones, *map(tuple, groups))

    def _by_key(self, group: tuple[int, ...], parts: Parts) -> dict[int, tuple[Any, ...]]:
        keys = dict.fromkeys(key for part in group for key in parts[part])
        return {key: tuple(self._kind(part, parts[part].get(key)) for part in group) for key in keys}

    def _kind(self, part: int, one: Instance | None) -> tuple[Any, ...]:
        if one is None:
            return ()
        variables = self.plain.machines[self.plain.parts[part][0]]["variables"]
        told = (
            value
            for variable, value in zip(variables, one.values, strict=True)
            if variable["domain"] == "boolean" or "opaque" not in variable["domain"]
        )
        return (one.state, *told)

    def _taken(self, parts: Parts) -> Iterator[tuple[int, list[Any]]]:
        """Every event that is taken, with who moves."""
        for event, keyed in self.keyed.items():
            groups = [self.groups[min(named)] for named in keyed.values()]
            choices = [self._worth_naming(group, parts, len(keyed)) for group in groups]
            for keys, payload in product(product(*choices), self.payloads[event]):
                given = payload | dict(zip(keyed, keys, strict=True))
                try:
                    moves = self.plain.judged(parts, event, tuple(given[place] for place in range(len(given))), UNTOLD)
                except Refused:
                    continue
                yield event, moves

    def _worth_naming(self, group: tuple[int, ...], parts: Parts, many: int) -> list[int]:
        """Of keys that are alike so many, and as many new ones."""
        alike: dict[Any, list[int]] = {}
        by_key = self._by_key(group, parts)
        for key, kind in by_key.items():
            alike.setdefault(kind, []).append(key)
        new = islice((key for key in count() if key not in by_key), many)
        return [*(key for keys in alike.values() for key in keys[:many]), *new]


def _always(world: World, claim: Json) -> bool:
    return all(world.holds(claim["formula"], known) for known in world.snapshots)


def _recoverable(world: World, claim: Json) -> bool:
    """From wherever the premise holds, some steps lead to the goal, and it holds until then."""
    region = {known for known in world.snapshots if world.holds(claim["premise"], known)}
    comes_from: dict[Known, list[Known]] = {}
    for known in region:
        for _, to in world.steps[known]:
            comes_from.setdefault(to, []).append(known)
    waiting = [known for known in world.snapshots if world.holds(claim["formula"], known)]
    good = set(waiting)
    while waiting:
        for known in comes_from.get(waiting.pop(), ()):
            if known not in good:
                good.add(known)
                waiting.append(known)
    return region <= good


def _leads_to(world: World, claim: Json) -> bool:
    """No fair run keeps away from the goal: none that stands still for ever, and none that goes round for ever."""
    away = {known for known in world.snapshots if not world.holds(claim["formula"], known)}
    left = [known for known in away if world.holds(claim["premise"], known)]
    met = set(left)
    while left:
        for _, to in world.steps[left.pop()]:
            if to in away and to not in met:
                met.add(to)
                left.append(to)
    inside = {known: [(event, to) for event, to in world.steps[known] if to in met] for known in met}
    return not any(_is_fair(world, inside, together, claim["fair"]) for together in _components(inside))


def _is_fair(
    world: World, inside: Mapping[Known, list[tuple[int, Known]]], together: set[Known], fair: list[int]
) -> bool:
    """Whether a run can stay in these for ever, and each fair event is taken again and again, or is not possible again and again."""
    taken = {event for known in together for event, to in inside[known] if to in together}
    return all(
        event in taken or any(event not in {one for one, _ in world.steps[known]} for known in together)
        for event in fair
    )


def _components(graph: Mapping[Known, list[tuple[int, Known]]]) -> Iterator[set[Known]]:
    """Those that lead to each other, or one alone: the last that is left first, against the steps (Kosaraju)."""
    order: list[Known] = []
    seen: set[Known] = set()
    for root in graph:
        waiting: list[tuple[Known, bool]] = [(root, False)]
        while waiting:
            known, is_left = waiting.pop()
            if is_left:
                order.append(known)
            elif known not in seen:
                seen.add(known)
                waiting += [(known, True), *((to, False) for _, to in graph[known] if to not in seen)]
    back: dict[Known, list[Known]] = {known: [] for known in graph}
    for known, steps in graph.items():
        for _, to in steps:
            back[to].append(known)
    while order:
        together, new = set[Known](), [order.pop()]
        while new:
            known = new.pop()
            if known in seen:
                seen.remove(known)
                together.add(known)
                new += back[known]
        if together:
            yield together


THINGS = {"check 0": "state %s", "check 1": "line %s from state %s", "check 2": "event %s"}
"""What is met, in the words of a run."""
JUDGES: dict[str, Callable[[World, Json], bool]] = {
    "always": _always,
    "each step": lambda world, claim: True,
    "recoverable": _recoverable,
    "leads to": _leads_to,
}
"""For each modality whether it holds in a world without a step that breaks it."""
