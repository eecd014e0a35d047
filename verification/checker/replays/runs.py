"""Runs: taken again by the plain meaning from the first snapshot, and whether they show what a claim says. Standard library only.

A run is believed in nothing but what happens when it is taken. Nothing of what was found on it stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.plain.machines import Plain, Refused, Stopped
from fsm.verification.checker.plain.values import MOST, NOWHERE, Here, Rejected, Seen, Step, decoded
from fsm.verification.checker.plain.walk import Walk
from fsm.verification.checker.proofs.lemmas import formula_of
from fsm.verification.checker.proofs.questions import CONFIRMED, Outcome
from fsm.verification.checker.shapes import Malformed, match, optional, row

__all__ = ["SHAPE", "NoRun", "Run", "begun", "broken_by", "run_in", "sent", "shown_by", "value_of"]

SHAPE = {"shows": str, "parameters": [int], "steps": [{"at": int, "event": optional(int), "fields": [int]}]}
"""Of a run in a certificate."""

Json = Any
Comes = tuple[int, int | None, tuple[int, ...]]
"""An instant, and an event with its fields, or time alone."""


@dataclass(frozen=True)
class Run:
    """Values of the parameters, and what comes at which instant: an event with its fields, or time alone."""

    parameters: tuple[int, ...]
    steps: tuple[Comes, ...]


def run_in(row: Json) -> Run:
    """The run of a row whose shape is right."""
    steps = tuple((one["at"], one["event"], tuple(one["fields"])) for one in row["steps"])
    return Run(tuple(row["parameters"]), steps)


class NoRun(Exception):
    """It is no run of this declaration in this version."""


def value_of(declaration: Declaration, domain: Json, value: int) -> Json:
    """The value of a domain that a certificate writes as a number; of carried data the number stands for it.

    Raises:
        Malformed: it stands for none.
    """
    if domain == "boolean":
        match(value, row(2), "value")
        return value == 1
    if "enumeration" in domain:
        members = declaration.json["enumerations"][domain["enumeration"]]["members"]
        match(value, row(len(members)), "value")
        return {"member": [domain["enumeration"], value]}
    return value


def begun(declaration: Declaration, fixed: Mapping[int, Json], run: Run) -> Plain:
    """The declaration under the values of a run."""
    rows = declaration.json["parameters"]
    if len(rows) != len(run.parameters):
        raise NoRun
    values = [
        decoded(value_of(declaration, row["domain"], value)) for row, value in zip(rows, run.parameters, strict=True)
    ]
    if any(decoded(value) != values[place] for place, value in fixed.items()):
        raise NoRun
    return Plain(declaration, values)


def _taken(plain: Plain, run: Run) -> Iterator[Seen]:
    """What claims speak of on a run: each snapshot and each step."""
    walk = Walk(plain, plain.start(), 0)
    yield walk.here(0)
    for step in run.steps:
        yield from sent(walk, step)


def sent(walk: Walk, step: Comes) -> Iterator[Seen]:
    """What claims speak of while one step of a run is taken; the moment after it last."""
    (at, event, given), declaration = step, walk.plain.declaration
    events = declaration.json["events"]
    if event is None:
        return (yield from walk.pass_to(at))
    if not 0 <= event < len(events) or len(given) != len(events[event]["fields"]):
        raise NoRun
    fields = zip(events[event]["fields"], given, strict=True)
    values = tuple(decoded(value_of(declaration, field["domain"], value)) for field, value in fields)
    yield from walk.send(event, values, at)


Look = Callable[[Plain, Seen], Iterable[Hashable]]
"""What of all that is to be shown a snapshot or a step shows."""


def _by_runs(
    declaration: Declaration, fixed: Mapping[int, Json], runs: Sequence[Run], wanted: Collection[Hashable], look: Look
) -> Outcome:
    left, may_take = dict.fromkeys(wanted), MOST
    for place, run in enumerate(runs):
        try:
            plain = begun(declaration, fixed, run)
            plain.left = may_take
            for seen in _taken(plain, run):
                for one in look(plain, seen):
                    left.pop(one, None)
            may_take = plain.left
        except (NoRun, Malformed, Rejected, Refused, Stopped):
            return Outcome(f"run {place} is none", True)
    return Outcome(f"no run shows {next(iter(left))}", True) if left else CONFIRMED


def shown_by(declaration: Declaration, fixed: Mapping[int, Json], name: str, runs: Sequence[Run]) -> Outcome:
    """Whether runs show that something can be: what a claim says, or all that a check of the definition speaks of."""
    claim = formula_of(declaration, name, "reachable", "can happen")
    if claim is not None:
        of_steps = claim["modality"] == "can happen"
        return _by_runs(
            declaration, fixed, runs, [name], _where(claim["formula"], Step if of_steps else Here, name, True)
        )
    if name not in CHECKS or (name == "check 2") == declaration.alone:
        raise CannotSay("is no claim that runs show")
    all_of_them, look = CHECKS[name]
    return _by_runs(declaration, fixed, runs, all_of_them(declaration), look)


def _where(formula: int, kind: type[Here] | type[Step], name: str, wanted: bool) -> Look:
    """Each snapshot, or each step, of which a formula has this value."""
    return lambda plain, seen: [name] if isinstance(seen, kind) and plain.value(formula, seen) is wanted else []


def broken_by(declaration: Declaration, fixed: Mapping[int, Json], name: str, runs: Sequence[Run]) -> Outcome:
    """Whether a run breaks a claim."""
    claim = formula_of(declaration, name, "always", "each step", "within")
    if claim is None or len(runs) != 1:
        raise CannotSay("what a run breaks by where it cannot go is not asked")
    if claim["modality"] == "within":
        return _by_runs(declaration, fixed, runs, [name], _Stopwatch(claim, name))
    kind = Step if claim["modality"] == "each step" else Here
    return _by_runs(declaration, fixed, runs, [name], _where(claim["formula"], kind, name, False))


class _Stopwatch:
    """Of one run: since when the premise waits for the formula, and whether that is longer than allowed."""

    def __init__(self, claim: Json, name: str) -> None:
        self.claim, self.name = claim, name
        self.since: int | None = None

    def __call__(self, plain: Plain, seen: Seen) -> list[str]:
        if isinstance(seen, Step):
            return []
        late = self.since is not None and seen.at - self.since > plain.value(self.claim["duration"], NOWHERE)
        if plain.value(self.claim["formula"], seen):
            self.since = None
        elif self.since is None and plain.value(self.claim["premise"], seen):
            self.since = seen.at
        return [self.name] if late else []


def _states(plain: Plain, seen: Seen) -> list[str]:
    return [f"state {one.state}" for one in seen.parts] if isinstance(seen, Here) else []


def _lines(plain: Plain, seen: Seen) -> list[str]:
    return [f"line {one.line} from state {one.before.state}" for one in seen.moves] if isinstance(seen, Step) else []


def _events(plain: Plain, seen: Seen) -> list[str]:
    actions = {seen.event, *(one.action for one in seen.moves)} if isinstance(seen, Step) else set()
    return [f"event {one}" for one in sorted(actions)]


def _all_states(declaration: Declaration) -> list[str]:
    machine = declaration.machine(0)
    return [f"state {place}" for place in range(len(machine["states"])) if place != machine["initial"]]


def _all_lines(declaration: Declaration) -> list[str]:
    lines = enumerate(declaration.machine(0)["transitions"])
    return [f"line {place} from state {state}" for place, line in lines for state in line["sources"]]


def _all_events(declaration: Declaration) -> list[str]:
    """What callers send, and what time sends."""
    sent = [wire["event"] for wire in declaration.wires if wire["sender"] is None]
    machines = (declaration.machine(part) for part in range(len(declaration.parts)))
    timed = (line["event"] for machine in machines for line in machine["transitions"] if line["after"] is not None)
    return [f"event {place}" for place in dict.fromkeys([*sent, *timed])]


CHECKS: dict[str, tuple[Callable[[Declaration], list[str]], Look]] = {
    "check 0": (_all_states, _states),
    "check 1": (_all_lines, _lines),
    "check 2": (_all_events, _events),
}
"""Those of the definition that runs show: every state of a machine alone is reached, every line taken; every event of a system happens."""
