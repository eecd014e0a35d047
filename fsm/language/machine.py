"""A machine: states, events, guarded transitions and timers, declared as frozen data.

    offered.on(Accept).to(connected)
    offered.after(ACCEPT_WINDOW, Expire).to(missed)
    (after_work | missed | rejected).on(Clear).to(free)

Each method gives a new frozen object; nothing here runs a machine. What can be wrong in a
declaration is checked by `fsm.checks` when the `Machine` is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, TypeVar

import attrs

from fsm.checks.calls import told, told_of
from fsm.checks.durations import check_duration
from fsm.checks.kinds import check_kind
from fsm.checks.names import check_name
from fsm.errors import DeclaredTwice, Incomplete, NotDeclared, SentByTime, WrongKind
from fsm.language.domains import Domain, Enumeration, Opaque
from fsm.language.events import Emit, check_event, effect_fields, field_refs
from fsm.language.expressions import Const, Expr, Formula, Param, Var, formula, junction, lift
from fsm.language.leaves import Left
from fsm.language.parameters import Assumption, NamedProfile, parameters_in
from fsm.language.properties import Property
from fsm.language.rewriting import substitute
from fsm.language.source.origin import Origin, written_here
from fsm.language.traversal import walk
from fsm.notebook import Shown

__all__ = ["Kind", "Machine", "State", "States", "Transition", "by_state_left"]

T = TypeVar("T")


class Kind(Enum):
    """What a state is like; pictures fill it accordingly."""

    IDLE = "idle"
    WAITING = "waiting"
    ACTIVE = "active"
    WRAPPING = "wrapping"
    TROUBLE = "trouble"


@told_of()
@attrs.frozen(cache_hash=True)  # states are keys all over the place
class State:
    """A node of a machine.

    Attributes:
        name: an identifier, unique in its machine.
        doc: what it means to be here, one sentence.
        kind: for pictures.
    """

    INSTEAD: ClassVar[str] = "Of a state, write inside(...)."

    name: str
    doc: str = ""
    kind: Kind = Kind.ACTIVE

    def __attrs_post_init__(self) -> None:
        check_name("state", self.name)
        check_kind(f"state {self.name}: kind", self.kind, Kind, "a Kind")

    def on(self, event: type) -> Trigger:
        """A transition taken when `event` arrives here."""
        return States((self,)).on(event)

    def after(self, duration: Expr[int] | int, event: type) -> Trigger:
        """A transition taken by time, on `event`, when the stay here has lasted `duration` milliseconds."""
        return States((self,)).after(duration, event)

    def __or__(self, other: State | States) -> States:
        return States((self,)) | other

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<State {self.name}>"


@attrs.frozen
class States:
    """Several states with transitions in common: `(missed | rejected).on(Clear)`."""

    states: tuple[State, ...]

    def __attrs_post_init__(self) -> None:
        for place, state in enumerate(self.states):
            check_kind("|", state, State, "a state")
            if state in self.states[:place]:
                raise DeclaredTwice(" | ".join(one.name for one in self.states), f"names {state.name} twice")

    def on(self, event: type) -> Trigger:
        check_event("on()", event)
        return Trigger(self.states, event, None, None)

    def after(self, duration: Expr[int] | int, event: type) -> Trigger:
        check_event("after()", event)
        if field_refs(event):
            raise SentByTime(f"after(..., {event.__name__})", "an event that time sends has no fields")
        length = check_duration(f"after(..., {event.__name__})", duration)
        return Trigger(self.states, event, None, length)

    def __or__(self, other: State | States) -> States:
        return States(self.states + (other.states if isinstance(other, States) else (other,)))


@attrs.frozen(eq=False)
class Trigger:
    """The first half of a transition: where it starts and what sets it off."""

    sources: tuple[State, ...]
    event: type
    guard: Formula | None
    duration: Expr[int] | None

    def when(self, guard: Formula) -> Trigger:
        """Taken only where this holds, of the machine's variables, the event's fields and the time in state."""
        checked = formula(guard, "when")
        both = checked if self.guard is None else junction("and", self.guard, checked)
        return attrs.evolve(self, guard=both)

    def to(self, target: State) -> Transition:
        """Goes to `target`; time in state starts anew, also when the target is the source."""
        check_kind(f"{self.where}: to()", target, State, "a state")
        return Transition(self.sources, self.event, self.guard, target, duration=self.duration)

    def stay(self) -> Transition:
        """Stays where it is and keeps the time in state."""
        return Transition(self.sources, self.event, self.guard, None, duration=self.duration)

    if not TYPE_CHECKING:  # a type checker says by itself that a trigger has none of them

        def __getattr__(self, name: str) -> NoReturn:
            if name in ("set", "emits", "happily"):
                raise WrongKind(
                    f"{self.where}: {name}()",
                    "the transition is unfinished",
                    f"End it with .to(state) or .stay(), and write .{name}(...) behind that.",
                )
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    @property
    def where(self) -> str:
        """What there is of the transition, in a message: `offered | connected on Fail`."""
        return _where(self.sources, self.event, self.duration)


@attrs.frozen(eq=False)
class Transition:
    """Source, event, guard and target, with what is updated and emitted on the way.

    Attributes:
        target: None when the transition stays.
        duration: milliseconds in state after which time sends the event; None for one that callers send.
        happy: on the path that pictures draw heavy and straight.
        narrowed: its machine made the guard say that what is written stays in its range, where nothing plain saw to that.
        meant: of a narrowed one, the guard as it was written.
    """

    sources: tuple[State, ...]
    event: type
    guard: Formula | None
    target: State | None
    updates: tuple[tuple[Var[Any], Expr[Any]], ...] = ()
    effects: tuple[Emit, ...] = ()
    happy: bool = False
    duration: Expr[int] | None = None
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)
    meant: Formula | None = attrs.field(default=None, repr=False, kw_only=True)
    narrowed: bool = attrs.field(default=False, repr=False, kw_only=True)

    def __repr__(self) -> str:
        return f"<Transition {self.where} to {self.target or 'stay'}>"

    def written_values(self) -> Iterator[tuple[Domain, Expr[Any]]]:
        """What is written into variables and into the fields of effects, each with the domain that is wanted there."""
        yield from ((variable.domain, value) for variable, value in self.updates)
        for emit in self.effects:
            wanted = effect_fields(emit.effect)
            yield from ((wanted[name], value) for name, value in emit.fields)

    @property
    def as_meant(self) -> Transition:
        """The transition as it was written."""
        return attrs.evolve(self, guard=self.meant, meant=None, narrowed=False) if self.narrowed else self

    @told
    def set(self, variable: Var[T], value: Expr[T] | T) -> Transition:
        """The variable has this value afterwards, computed from the values before."""
        check_kind(f"{self.where}: set()", variable, Var, "a variable")
        if any(variable is written for written, _ in self.updates):
            raise DeclaredTwice(self.where, f"sets {variable.name} twice")
        return attrs.evolve(self, updates=(*self.updates, (variable, lift(value))))

    @told
    def stores(self, *variables: Var[Any]) -> Transition:
        """Each of these variables has the value of the event's field of its name afterwards: `.stores(channel, name)`."""
        where, fields, made = f"{self.where}: stores()", field_refs(self.event), self
        if not variables:
            raise Incomplete(where, "names no variable", "Name those that the event has a field for.")
        for variable in variables:
            check_kind(where, variable, Var, "a variable")
            if variable.name not in fields:
                known = ", ".join(fields) or "none"
                raise NotDeclared(where, f"{self.event.__name__} has no field {variable.name!r}", f"It has {known}.")
            made = made.set(variable, fields[variable.name])
        return made

    def emits(self, effect: type, **fields: Any) -> Transition:
        """Emits this effect; each field is given as a value or an expression."""
        return attrs.evolve(self, effects=(*self.effects, Emit.of(effect, fields)))

    def happily(self) -> Transition:
        """On the happy path, for pictures."""
        return attrs.evolve(self, happy=True)

    if not TYPE_CHECKING:  # as of a trigger

        def __getattr__(self, name: str) -> NoReturn:
            if name == "when":
                raise WrongKind(
                    f"{self.where}: when()", "the transition has its target", "Write .when(...) before .to or .stay."
                )
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    @property
    def where(self) -> str:
        """The transition in a message: `offered | connected on Fail`."""
        return _where(self.sources, self.event, self.duration)

    def sets(self, variable: Var[Any]) -> str:
        """In a message, where a variable gets its value."""
        return f"where {self.where} sets {variable.name}"

    def emitting(self, effect: type, field: str) -> str:
        """In a message, where a field of an effect gets its value."""
        return f"where {self.where} emits {effect.__name__} with its {field}"


def _where(sources: tuple[State, ...], event: type, duration: Expr[int] | None) -> str:
    word = "on" if duration is None else "after a while on"
    return f"{' | '.join(state.name for state in sources)} {word} {event.__name__}"


def by_state_left(lines: Any) -> Any:
    """The lines of a machine, with one for each state that is left where that is emitted; as given where it nowhere is."""
    if not isinstance(lines, tuple) or not any(isinstance(one, Transition) and _tells_left(one) for one in lines):
        return lines
    return tuple(
        made
        for one in lines
        for made in (
            [_leaving_alone(one, state) for state in dict.fromkeys(one.sources)]
            if isinstance(one, Transition) and _tells_left(one)
            else [one]
        )
    )


def _tells_left(line: Transition) -> bool:
    return any(isinstance(node, Left) for emit in line.effects for _, value in emit.fields for node in walk(value))


def _leaving_alone(line: Transition, state: State) -> Transition:
    """The line for one of its states."""

    def known(node: Expr[Any]) -> Expr[Any] | None:
        return Const(_as_value(line, node.domain, state)) if isinstance(node, Left) else None

    effects = [
        attrs.evolve(emit, fields=tuple((name, substitute(value, known)) for name, value in emit.fields))
        for emit in line.effects
    ]
    return attrs.evolve(line, sources=(state,), effects=tuple(effects))


def _as_value(line: Transition, domain: Domain, state: State) -> Any:
    """A state as a member of an enumeration, by its value or else its name; as its name, where text is wanted."""
    if not isinstance(domain, Enumeration):
        return state.name
    members = list(domain.members)
    for same in (
        [one for one in members if one.value == state.name],
        [one for one in members if one.name.lower() == state.name],
    ):
        if same:
            return same[0]
    raise NotDeclared(line.where, f"{domain.members.__name__} has no member for the state {state.name!r}")


@told_of(
    parameters="A machine has the parameters that its lines read, and they are not listed.",
    events="A machine has the events of its transitions, and they are not listed.",
)
@attrs.frozen(eq=False)
class Machine(Shown):
    """One finite state machine, checked when it is made.

    Attributes:
        name: an identifier.
        states: every state, in the order a reader should meet them.
        initial: where it starts.
        transitions: tried in this order; the first whose guard holds is taken.
        variables: everything it remembers beside its state.
        properties: what must hold of it, alone and inside every system.
        assumptions: what its parameters must satisfy.
        profiles: named values of parameters, the default first; they may fix more than the machine's own.
        doc: the rule of the business, a sentence.
        derived: how it was made from another one, where it was (`fsm.variants`); it is no part of what it means.

    Raises:
        DefinitionError: whatever can be wrong in a declaration.
    """

    name: str
    states: tuple[State, ...]
    initial: State
    transitions: tuple[Transition, ...] = attrs.field(converter=by_state_left)
    variables: tuple[Var[Any], ...] = ()
    properties: tuple[Property, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    profiles: tuple[NamedProfile, ...] = ()
    doc: str = ""
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)
    derived: object = attrs.field(default=None, eq=False, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        from fsm.checks.machines import check_machine, check_shapes, kept_in_range

        check_shapes(self)
        object.__setattr__(self, "transitions", kept_in_range(self))
        check_machine(self)

    def __repr__(self) -> str:
        return f"<Machine {self.name}: {len(self.states)} states, {len(self.transitions)} transitions>"

    def expressions(self) -> Iterator[tuple[str, Expr[Any]]]:
        """Every expression of the machine, with where it stands, in words."""
        for transition in self.transitions:
            own = (transition.guard, transition.duration, *(value for _, value in transition.updates))
            emitted = (value for emit in transition.effects for _, value in emit.fields)
            yield from ((f"{self.name}: {transition.where}", expr) for expr in (*own, *emitted) if expr is not None)
        for claim in self.properties:
            said = (claim.premise, claim.formula, claim.duration)
            yield from ((f"{self.name}: property {claim.sentence!r}", expr) for expr in said if expr is not None)
        for assumption in self.assumptions:
            yield f"{self.name}: assumption {assumption.name!r}", assumption.that

    @property
    def parameters(self) -> tuple[Param[Any], ...]:
        """Every parameter that it mentions, in the order they are met."""
        return parameters_in(expr for _, expr in self.expressions())

    @property
    def effects(self) -> tuple[type, ...]:
        """Every effect that a transition emits, in order."""
        return tuple(dict.fromkeys(emit.effect for transition in self.transitions for emit in transition.effects))

    @property
    def events(self) -> tuple[type, ...]:
        """Every event of the machine, in the order of the transitions; those that time sends included."""
        return tuple(dict.fromkeys(transition.event for transition in self.transitions))

    @property
    def timed_events(self) -> tuple[type, ...]:
        return tuple(
            dict.fromkeys(transition.event for transition in self.transitions if transition.duration is not None)
        )

    def state(self, name: str) -> State:
        """The state of this name; StopIteration where there is none."""
        return next(one for one in self.states if one.name == name)

    def leaving(self, state: State) -> tuple[Transition, ...]:
        """The transitions that start in a state, in order."""
        return self._leaving.get(state, ())

    @cached_property
    def _leaving(self) -> dict[State, tuple[Transition, ...]]:
        """So that what asks for each state in turn takes a time that grows with the transitions, not with their square."""
        found: dict[State, list[Transition]] = {}
        for transition in self.transitions:
            for source in dict.fromkeys(transition.sources):
                found.setdefault(source, []).append(transition)
        return {state: tuple(lines) for state, lines in found.items()}

    def timers(self, state: State) -> tuple[Transition, ...]:
        """The timed transitions of a state, in order: bit i of `spent` speaks of the i-th."""
        return self._timers.get(state, ())

    @cached_property
    def _timers(self) -> dict[State, tuple[Transition, ...]]:
        timed = {
            state: tuple(one for one in lines if one.duration is not None) for state, lines in self._leaving.items()
        }
        return {state: lines for state, lines in timed.items() if lines}

    def carries(self) -> tuple[Var[Any], ...]:
        """The variables that are carried data: no condition reads them."""
        return tuple(variable for variable in self.variables if isinstance(variable.domain, Opaque))
