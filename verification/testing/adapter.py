"""How somebody's own implementation is plugged in, and how it is compared with its declaration.

Four methods make an `Adapter`; there is no base class.

    from fsm.desk.agent import AGENT, PlanStatus, SetStatus, TakeNextStatus
    from fsm.verification.testing.stateful import stateful

    class OurAgent:
        def start(self, at):
            self.status, self.next = "offline", "none"

        def send(self, event, at):
            match event:
                case SetStatus():
                    self.status, self.next = event.status.value, "none"
                case PlanStatus() if self.status == "available" and event.status.value != "available":
                    self.next = event.status.value
                case TakeNextStatus() if self.next != "none":
                    self.status, self.next = self.next, "none"
                case _:
                    return False
            return True

        def wait(self, to):
            pass

        def observe(self):
            return {"agent": self.status}

    TestOurAgent = stateful(AGENT, implementation=OurAgent).TestCase

An instance is shown by the name of its state, or by the name and its variables; variables that
are not shown are not compared. Every part is shown. Whoever also has `effects()` is compared by
what it emits.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from fsm.errors import BadAdapter
from fsm.language.parts import Each
from fsm.language.snapshot import Instance, Snapshot
from fsm.runtime.engine import Engine
from fsm.verification.testing.failures import Mismatch, Run, place
from fsm.verification.testing.oracle import Reaction

__all__ = ["Adapter", "Compared", "Emitting"]


class Adapter(Protocol):
    """Somebody's own implementation, as a test sees it. Instants are milliseconds."""

    def start(self, at: int) -> None:
        """Begin anew."""

    def send(self, event: object, at: int) -> bool:
        """Handle an object of one of the declared event classes: True when taken, False when refused."""

    def wait(self, to: int) -> None:
        """Let time pass, so that timers due by then fire."""

    def observe(self) -> Mapping[str, object]:
        """What is there now, by the names of the parts: for a part made by `one` a state, for one made by `each` states by key.

        A state is its name, or the name with variables: `("offered", {"counted": True})`.
        """


@runtime_checkable
class Emitting(Protocol):
    """An implementation that also shows what it emits."""

    def effects(self) -> Sequence[object]:
        """Effects, as declared, emitted since this was last asked, in order."""


class Compared:
    """An implementation that is compared with its declaration after everything it does."""

    def __init__(self, engine: Engine, made: Callable[[], Adapter], snapshot: Snapshot) -> None:
        self.engine = engine
        self.made = made()
        self.made.start(snapshot.now)
        self._compare_parts(snapshot, ())

    def go(self, event: object | None, at: int, outcome: Reaction, after: Snapshot, run: Run) -> None:
        """Send the event, which the declaration has handled already; None lets time alone pass.

        Raises:
            Mismatch: the implementation did something else.
            BadInput: the implementation answers with what an adapter does not answer with.
        """
        if event is None:
            self.made.wait(at)
        else:
            self._send(event, at, outcome, run)
        self._compare_parts(after, run)
        if isinstance(self.made, Emitting):
            _compare_effects(run, outcome.effects, tuple(self.made.effects()))

    def _send(self, event: object, at: int, outcome: Reaction, run: Run) -> None:
        taken = self.made.send(event, at)
        if not isinstance(taken, bool):
            raise BadAdapter(
                "send()", f"answers {taken!r}", "Answer True when the event was taken, False when it was refused."
            )
        if taken is not outcome.taken:
            answers = {True: "taken", False: "refused"}
            raise Mismatch(run, "answer", None, None, answers[not taken], answers[taken])

    def _compare_parts(self, snapshot: Snapshot, run: Run) -> None:
        shown = self.made.observe()
        names = [part.name for part in self.engine.system.parts]
        if sorted(shown) != sorted(names):
            raise BadAdapter(
                "observe()", f"shows {', '.join(shown) or 'nothing'}", f"Show every part: {', '.join(names)}."
            )
        for part in self.engine.system.parts:
            expected, actual = snapshot[part.name], shown[part.name]
            if not isinstance(part, Each):
                _compare_instance(run, part.name, None, expected, actual)
                continue
            if not isinstance(actual, Mapping):
                raise BadAdapter(
                    f"observe()[{part.name!r}]", f"is {actual!r}", f"Show a mapping from each {part.key} to its state."
                )
            if expected.keys() != actual.keys():
                raise Mismatch(run, "instances", part.name, None, sorted(expected, key=repr), sorted(actual, key=repr))
            for key, instance in expected.items():
                _compare_instance(run, part.name, key, instance, actual[key])


def _compare_instance(run: Run, part: str, key: Hashable, expected: Instance, actual: object) -> None:
    state, variables = _read(f"observe(): {place(part, key)}", actual)
    if state != expected.state:
        raise Mismatch(run, "state", part, key, expected.state, state)
    declared = expected.variables
    for name, value in variables.items():
        if name not in declared:
            raise BadAdapter(
                f"observe(): {place(part, key)}", f"shows {name!r}", f"Its variables: {', '.join(declared) or 'none'}."
            )
        if declared[name] != value:
            raise Mismatch(run, name, part, key, declared[name], value)


def _read(where: str, shown: object) -> tuple[str, Mapping[str, Any]]:
    match shown:
        case str(state):
            return state, {}
        case (str(state), Mapping() as variables):
            return state, variables
        case _:
            raise BadAdapter(
                where, f"is {shown!r}", "Show the name of its state, or the name and a mapping of variables."
            )


def _compare_effects(run: Run, expected: tuple[tuple[object, ...], ...], actual: tuple[object, ...]) -> None:
    """Equal in order, but for what timers of one instant emit, which has none."""
    rest = actual
    for group in expected:
        given, rest = list(rest[: len(group)]), rest[len(group) :]
        if len(given) < len(group) or any(given.count(effect) != group.count(effect) for effect in group):
            break
    else:
        if not rest:
            return
    raise Mismatch(run, "effects", None, None, tuple(effect for group in expected for effect in group), actual)
