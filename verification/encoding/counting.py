"""Any number of instances, as one integer for each cell: how many are in it.

Exact for what events do, since systems are symmetric in their keys by construction; the number
of slots and every other parameter is a symbol. Clocks are forgotten: a timer that has not fired
may fire at any moment, in the order in which the timers of one stay must.

What it can never say: that something *can* happen (a timer may not really be able to fire just
then), and anything about the time in state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import combinations, islice, product
from typing import Any

import attrs
import z3

from fsm.language.expressions import Expr, Formula, Param, Var
from fsm.language.leaves import Clock, Count, Emitted, FieldRef, ForEach, Happens, InState, Moment, PartVar
from fsm.language.machine import Transition
from fsm.language.parts import Each, Move, One, Part, Sent
from fsm.language.printing import label
from fsm.language.system import System, Wire
from fsm.language.traversal import walk
from fsm.verification.encoding.bounds import BOUNDS, OF_PARAMETERS, Bound, bounds_of, constant_of
from fsm.verification.encoding.branches import ONE, Branch, Movers, Occurrence, Term, _reads_clock
from fsm.verification.encoding.cells import ANY_AGE, Cell, Cells, Landing
from fsm.verification.encoding.instance import (
    InstanceTerms,
    NextInstance,
    clock_fits,
    in_order,
    initial_values,
    instance_leaf,
    lapses,
    lengths_of,
    marks,
    on_event,
    on_time,
    readable,
    settled,
)  # fmt: skip
from fsm.verification.encoding.places import Places
from fsm.verification.encoding.symbols import SymbolKind, integer, of_domain, truth
from fsm.verification.encoding.terms import (
    FALSE,
    TRUE,
    Unencodable,
    conj,
    disj,
    equal,
    implies,
    less,
    negated,
    number,
    plus,
    times,
    value_of,
)
from fsm.verification.encoding.terms import chosen as choice
from fsm.verification.encoding.translation import Leaf, translate, within
from fsm.verification.facts import FactId, Of

__all__ = ["Counting"]

MOST_APART = 300
"""Of how many pairs of states it is asked whether two parts are ever there at once."""
MOST_LED = 200
"""Of how many states and guards it is asked whether nobody is in the one without the other."""


@attrs.define(eq=False)
class Counting:
    """The counting encoding of a system.

    Attributes:
        fixed: values of parameters that a profile fixes.
        live: for each `each` part by its place, the cells that events can fill, where that is known (`lean`).
        thinned: the events with the ways they can go, where those are known.
        places: where things stand, if not counted by the system alone.
        params: a symbol for each parameter; its value where it is fixed.
        variables: the state: a symbol for each counter and for each variable of a `one` part.

    Raises:
        Unencodable: an `each` part has a variable without end.
    """

    system: System
    fixed: Mapping[str, Any] = attrs.field(factory=dict)
    live: Mapping[int, tuple[Cell, ...]] = attrs.field(factory=dict)
    thinned: tuple[Occurrence, ...] | None = None
    places: Places = attrs.field(default=attrs.Factory(lambda self: Places(self.system), takes_self=True))
    params: dict[Param[Any], Term] = attrs.field(init=False)
    cells: dict[Each, Cells] = attrs.field(init=False)
    _said: dict[Expr[Any], Term] = attrs.field(init=False, factory=dict)
    _said_in: dict[tuple[Each, Cell, Formula], Term] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.params = self.places.parameters(self.fixed)
        self.cells = {
            part: Cells(part.machine, self.params, self.live.get(place))
            for place, part in enumerate(self.system.parts)
            if isinstance(part, Each)
        }

    # The state

    @cached_property
    def counters(self) -> dict[Each, dict[Cell, Term]]:
        return {
            part: {cell: integer(SymbolKind.COUNTER, self.places.parts[part], *cell.at) for cell in cells.all}
            for part, cells in self.cells.items()
        }

    @cached_property
    def ones(self) -> dict[One, tuple[Term, dict[Var[Any], Term], tuple[Term, ...]]]:
        """For each `one` part: the symbol of its state, those of its variables, those of its timers."""
        found = {}
        for place, part in enumerate(self.system.parts):
            if isinstance(part, One):
                bits = max(len(part.machine.timers(state)) for state in part.machine.states)
                values = {
                    variable: of_domain(variable.domain, SymbolKind.VARIABLE, place, number_)
                    for number_, variable in enumerate(readable(part.machine))
                }
                fired = tuple(truth(SymbolKind.FIRED, place, bit) for bit in range(bits))
                found[part] = (integer(SymbolKind.STATE, place), values, fired)
        return found

    @cached_property
    def emitted(self) -> dict[type, Term]:
        """A counter for each effect class that a property counts."""
        claims = (
            expr for claim in self.system.properties for expr in (claim.formula, claim.premise) if expr is not None
        )
        effects = dict.fromkeys(node.effect for expr in claims for node in walk(expr) if isinstance(node, Emitted))
        return {effect: integer(SymbolKind.EMITTED, place) for place, effect in enumerate(effects)}

    @cached_property
    def variables(self) -> tuple[Term, ...]:
        ones = [term for state, values, spent in self.ones.values() for term in (state, *values.values(), *spent)]
        return (
            *ones,
            *(one for counters in self.counters.values() for one in counters.values()),
            *self.emitted.values(),
        )

    @property
    def open(self) -> tuple[Term, ...]:
        """The symbols of the parameters that nothing fixes, and of the state."""
        return (*(term for param, term in self.params.items() if param.name not in self.fixed), *self.variables)

    @cached_property
    def start(self) -> dict[Term, Term]:
        """The value of every variable at the start."""
        values: dict[Term, Term] = {}
        for part, (state, variables, spent) in self.ones.items():
            values[state] = self._state(part, part.machine.initial)
            values.update({variables[variable]: value for variable, value in initial_values(part.machine).items()})
            values.update(dict.fromkeys(spent, FALSE))
        for term in (
            *(one for counters in self.counters.values() for one in counters.values()),
            *self.emitted.values(),
        ):
            values[term] = number(0)
        return values

    @cached_property
    def typing(self) -> tuple[Term, ...]:
        """What the variables' types say, and that no limit is passed."""
        said = [*self.values]
        for each, counters in self.counters.items():
            for limit in (each.at_most, each.population):
                if limit is not None and counters:
                    said.append(
                        z3.Or(
                            plus(counters.values()) <= translate(limit, self._param), translate(limit, self._param) < 0
                        )
                    )
        return (*said, *self.ranges)

    @cached_property
    def values(self) -> tuple[Term, ...]:
        """What the variables' types say: nothing is counted below zero, states exist, values lie in their ranges."""
        said: list[Term] = []
        for part, (state, variables, _) in self.ones.items():
            said += [state >= 0, state < len(part.machine.states)]
            said += [bound for variable, term in variables.items() for bound in within(term, variable.domain)]
        said += [one >= 0 for counters in self.counters.values() for one in counters.values()]
        said += [one >= 0 for one in self.emitted.values()]
        return tuple(said)

    @cached_property
    def ranges(self) -> tuple[Term, ...]:
        """The ranges of the parameters."""
        open_ones = [param for param in self.system.parameters if param.name not in self.fixed]
        return tuple(bound for param in open_ones for bound in within(self.params[param], param.domain))

    @cached_property
    def order(self) -> tuple[tuple[FactId, Term], ...]:
        """For each cell and state: no timer has fired before one that goes first; and what fired timers leave behind.

        Candidates for invariants: true or not, they are what proofs about timers most often need.
        """
        said: list[tuple[FactId, Term]] = []
        for part, cells in self.cells.items():
            lapsed: dict[FactId, list[Term]] = {}
            for cell, counter in self.counters[part].items():
                place, none = cells.place(cell, ANY_AGE), equal(counter, number(0))
                ordered = disj((none, in_order(place, self.params)))
                said.append((FactId(Of.CELL_ORDER, (self.places.parts[part], *cell.at)), ordered))
                for fact, term in lapses(place, self.params, self.places.parts[part], cell.at[0]):
                    lapsed.setdefault(fact, []).append(disj((none, term)))
            said += [(fact, conj(terms)) for fact, terms in lapsed.items()]
        for one, (state, _, _) in self.ones.items():
            for place in self.stays(one):
                at = (self.places.parts[one], one.machine.states.index(place.state))
                here = equal(state, number(at[1]))
                said.append((FactId(Of.ORDER, at), implies(here, in_order(place, self.params))))
                known = (*marks(place, *at), *lapses(place, self.params, *at))
                said += [(fact, implies(here, mark)) for fact, mark in known]
            said += self._bounds(one)
        said += islice(self._apart(), MOST_APART)
        said += islice(self._led(), MOST_LED)
        return tuple((fact, term) for fact, term in said if term is not TRUE)

    def _apart(self) -> Iterator[tuple[FactId, Term]]:
        """That two parts are never in these states at once."""
        for one, other in combinations(self.ones, 2):
            first, second = self.places.parts[one], self.places.parts[other]
            for mine, its in product(range(len(one.machine.states)), range(len(other.machine.states))):
                both = conj((equal(self.ones[one][0], number(mine)), equal(self.ones[other][0], number(its))))
                yield FactId(Of.APART, (first, mine, second, its)), negated(both)

    def _led(self) -> Iterator[tuple[FactId, Term]]:
        """That a part is in a state only under parameters by which a line may be taken: one that led there, or on the way."""
        for place, part in enumerate(self.system.parts):
            guards: dict[int, tuple[int, Term]] = {}
            for line, transition in enumerate(part.machine.transitions):
                if transition.guard is not None:
                    with suppress(Unencodable):  # it reads something else than parameters
                        term = self.assumption(transition.guard)
                        guards.setdefault(term.ast.value, (line, term))
            states = [at for at, state in enumerate(part.machine.states) if state is not part.machine.initial]
            for state, (line, term) in product(states, guards.values()):
                yield FactId(Of.LED, (place, state, line)), disj((self._nobody(part, state), term))

    def _nobody(self, part: Part, state: int) -> Term:
        if isinstance(part, One):
            return negated(equal(self.ones[part][0], number(state)))
        return conj(equal(many, number(0)) for cell, many in self.counters[part].items() if cell.at[0] == state)

    def _bounds(self, part: One) -> Iterator[tuple[FactId, Term]]:
        """What its whole numbers may be bounded by."""
        for place, bound, what in bounds_of(self.system, part):
            yield (
                FactId(Of.BOUND, (self.places.parts[part], place, int(bound), what)),
                self.bounded(part, place, bound, what),
            )

    def bounded(self, part: One, place: int, bound: Bound, what: int) -> Term:
        """A bound of a whole number of a part."""
        variable, term = list(self.ones[part][1].items())[place]
        parameter = bound in OF_PARAMETERS
        other = self.params[self.system.parameters[what]] if parameter else number(constant_of(variable, bound, what))
        strictly = bound in (Bound.BELOW_PARAMETER, Bound.ABOVE_PARAMETER)
        if BOUNDS[bound].startswith("<"):
            return less(term, other, strictly=strictly)
        return less(other, term, strictly=strictly)

    # Formulas

    def assumption(self, formula: Formula) -> Term:
        return translate(formula, self._param)

    def state(self, formula: Formula) -> Term:
        """A formula over one snapshot, said of the variables.

        Raises:
            Unencodable: it reads the time in state.
        """
        if formula not in self._said:
            self._said[formula] = translate(formula, self._state_leaf)
        return self._said[formula]

    def step(self, formula: Formula, occurrence: Occurrence, branch: Branch) -> Term:
        """A formula over a step, said of the variables before a branch of an event.

        Raises:
            Unencodable: it reads the time in state.
        """
        return translate(formula, self._step_leaf(occurrence, branch))

    def _param(self, expr: Expr[Any]) -> Term:
        if isinstance(expr, Param):
            return self.params[expr]
        raise Unencodable(str(expr))

    def _state_leaf(self, expr: Expr[Any]) -> Term:
        match expr:
            case InState(part=One() as part, states=states):
                return disj(equal(self.ones[part][0], self._state(part, state)) for state in states)
            case PartVar(part=One() as part, var=var):
                return self.ones[part][1][var]
            case Count(part=Each() as part, where=where):
                return plus(
                    choice(self._in_cell(part, cell, where), one, number(0))
                    for cell, one in self.counters[part].items()
                )
            case Emitted(effect=effect):
                return self.emitted[effect]
            case ForEach(part=Each() as part, formula=formula):
                return conj(
                    disj((equal(one, number(0)), self._in_cell(part, cell, formula)))
                    for cell, one in self.counters[part].items()
                )
            case _:
                return self._param(expr)

    def _in_cell(self, part: Each, cell: Cell, formula: Formula) -> Term:
        """A formula over one instance, said of those in a cell; other leaves speak of the system."""
        key = (part, cell, formula)
        if key not in self._said_in:
            self._said_in[key] = self._translated_in(part, cell, formula)
        return self._said_in[key]

    def some_time_in(self, part: Each, cell: Cell, formula: Formula, age: Term) -> Term:
        """That some instance is in a cell, in its state for so long as its timers allow, and a formula over it does not hold."""
        fits = clock_fits(self.cells[part].place(cell, age), self.params, sent=True)
        there = less(ONE, self.counters[part][cell], strictly=False)
        return conj((there, *fits, negated(self._translated_in(part, cell, formula, age))))

    def _translated_in(self, part: Each, cell: Cell, formula: Formula, age: Term | None = None) -> Term:
        own = instance_leaf(self.cells[part].place(cell, ANY_AGE), self.params, self._no_field)

        def leaf(expr: Expr[Any]) -> Term:
            if isinstance(expr, Clock):
                if age is None or expr.part is not None:
                    raise Unencodable(str(expr))
                return age
            if isinstance(expr, Var) or (isinstance(expr, InState) and expr.part is None):
                return own(expr)
            return self._state_leaf(expr)

        return translate(formula, leaf)

    def _no_field(self, expr: Expr[Any]) -> Term:
        raise Unencodable(str(expr))

    def _step_leaf(self, occurrence: Occurrence, branch: Branch) -> Leaf:
        def leaf(expr: Expr[Any]) -> Term:
            match expr:
                case Moment(when="before", of=of):
                    return self.state(of)
                case Moment(of=of):
                    return branch.after(self.state(of))
                case Happens(events=events):
                    if occurrence.event in events:
                        return TRUE
                    return disj(less(number(0), one.many) for one in branch.moved if one.action in events)
                case ForEach(part=Each() as part, formula=formula):
                    return self._for_each_step(part, formula, occurrence, branch)
                case _:
                    return self._param(expr)

        return leaf

    def _for_each_step(self, part: Each, formula: Formula, occurrence: Occurrence, branch: Branch) -> Term:
        """Those that moved, each with its cells before and after, and those that stood still."""
        said: list[Term] = []
        moved = [one for one in branch.moved if one.part is part and one.before is not None]
        for one in moved:
            assert one.before is not None and one.after is not None
            said.append(
                disj(
                    (
                        equal(one.many, number(0)),
                        self._instance_step(part, formula, occurrence, branch, one.before, one.after, one.action),
                    )
                )
            )
        for cell, counter in self.counters[part].items():
            still = plus((counter, *(times(number(-1), one.many) for one in moved if one.before == cell)))
            said.append(
                disj(
                    (
                        less(still, number(0), strictly=False),
                        self._instance_step(part, formula, occurrence, branch, cell, cell, None),
                    )
                )
            )
        return conj(said)

    def _instance_step(
        self,
        part: Each,
        formula: Formula,
        occurrence: Occurrence,
        branch: Branch,
        before: Cell,
        after: Cell,
        action: type | None,
    ) -> Term:
        system = self._step_leaf(occurrence, branch)

        def leaf(expr: Expr[Any]) -> Term:
            match expr:
                case Moment(when="before", of=of):
                    return self._in_cell(part, before, of)
                case Moment(of=of):
                    return branch.after(self._in_cell(part, after, of))
                case Happens(events=events) if any(event in part.machine.events for event in events):
                    return TRUE if action in events else FALSE
                case _:
                    return system(expr)

        return translate(formula, leaf)

    # Events

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        """Every event that callers or time send, each with all its branches."""
        if self.thinned is not None:
            return self.thinned
        called = [self._called(event) for event in self.system.events]
        return (*called, *(one for part in self.system.parts for one in self._sent(part)))

    @cached_property
    def quiet(self) -> Term:
        """No timer is due: what holds whenever a caller's event is judged."""
        said: list[Term] = []
        for part, cells in self.cells.items():
            said += [
                disj((equal(one, number(0)), settled(cells.place(cell, ANY_AGE), self.params)))
                for cell, one in self.counters[part].items()
            ]
        for one_part, (state, _, _) in self.ones.items():
            said += [
                implies(equal(state, self._state(one_part, place.state)), settled(place, self.params))
                for place in self.stays(one_part)
            ]
        return conj(said)

    def _called(self, event: type) -> Occurrence:
        fields = self._event_fields(event)
        rules = tuple(
            (rule, translate(rule.when, self._condition(fields))) for rule in self.system.rules if event in rule.on
        )
        wires = [one for one in self.system.all_wires if one.event is event]
        branches = tuple(branch for one in wires for branch in self._wire(one, fields, None) if _possible(branch))
        return Occurrence(event, None, rules, self.quiet, branches)

    def _event_fields(self, event: type) -> Leaf:
        def leaf(expr: Expr[Any]) -> Term:
            assert isinstance(expr, FieldRef), expr
            return self.places.field(event, expr)

        return leaf

    def condition(self, event: type, formula: Formula) -> Term:
        """A condition of a wire or rule, over the state and the event's fields."""
        return translate(formula, self._condition(self._event_fields(event)))

    def _condition(self, fields: Leaf) -> Leaf:
        return lambda expr: fields(expr) if isinstance(expr, FieldRef) else self._state_leaf(expr)

    def _wire(self, one: Wire, fields: Leaf, own: tuple[Part, Cell | None] | None) -> Iterator[Branch]:
        """Every way a wire can go: for each move a choice of cell and transition."""
        when = self.system.applies(one)
        condition = [] if when is None else [translate(when, self._condition(fields))]
        sent = one.sender is not None
        moves = (list(self._move(move, place, fields, sent=sent)) for place, move in enumerate(one.moves))
        for picked in product(*moves):
            yield self._joined(condition, list(picked), own)

    def _joined(self, condition: list[Term], picked: list[Branch], own: tuple[Part, Cell | None] | None) -> Branch:
        """Moves made together; instances named by different keys are different instances."""
        changes: dict[Any, Term] = {}
        conditions = list(condition)
        clock = tuple(fact for branch in picked for fact in branch.clock)
        for branch in picked:
            conditions += branch.conditions
            for variable, term in branch.next.items():
                changes[variable] = (
                    term if variable not in changes else z3.simplify(changes[variable] + term - variable)
                )
        moved = [one for branch in picked for one in branch.moved]
        for first, second in combinations([one for one in moved if one.before is not None and one.alone], 2):
            if (
                first.part is second.part
                and first.before == second.before
                and first.before in self.counters[first.part]  # type: ignore[index]  # cells belong to each parts
            ):
                conditions.append(self.counters[first.part][first.before] >= 2)  # type: ignore[index]  # likewise
        conditions += [term for part in self.counters for term in self._room(part, moved)]
        return Branch(
            tuple(conditions),
            clock,
            changes,
            tuple(moved),
            tuple(one for branch in picked for one in branch.transitions),
            next((branch.lasts for branch in picked if branch.lasts is not None), None),
        )

    def _room(self, part: Each, moved: list[Movers]) -> Iterator[Term]:
        """There may be as many as there are after the step, and there are as many keys as are named in it."""
        counters = self.counters[part]
        mine = [one for one in moved if one.part is part]
        new = sum(one.before not in counters and one.after in counters for one in mine)
        gone = sum(one.before in counters and one.after not in counters for one in mine)
        total = plus(counters.values())
        if part.at_most is not None and new > gone:
            yield less(plus((total, number(new - gone))), translate(part.at_most, self._param), strictly=False)
        if part.population is not None and new:
            yield less(plus((total, number(new))), translate(part.population, self._param), strictly=False)

    def _move(self, move: Move, place: int, fields: Leaf, *, sent: bool) -> Iterator[Branch]:
        payload = dict(move.payload)

        def given(expr: Expr[Any]) -> Term:
            value = payload[expr.name] if isinstance(expr, FieldRef) else expr
            return translate(value, lambda node: fields(node) if isinstance(node, FieldRef) else self._param(node))

        if isinstance(move.part, One):
            yield from self._move_one(move.part, move.action, given, sent=sent)
        elif move.where is not None:
            yield self._move_every(move.part, move.action, move.where, given, None if sent else place)
        else:
            yield from self._move_keyed(move.part, move.action, given, integer(SymbolKind.MOVED_AGE, place), sent=sent)

    def stays(self, part: One) -> Iterator[InstanceTerms]:
        """The only instance of a part in each of its states."""
        _, values, spent = self.ones[part]
        age = integer(SymbolKind.AGE, self.places.parts[part])
        for state in part.machine.states:
            yield InstanceTerms(part.machine, state, values, spent[: len(part.machine.timers(state))], age)

    def _move_one(self, part: One, action: type, fields: Leaf, *, sent: bool) -> Iterator[Branch]:
        state = self.ones[part][0]
        for place in self.stays(part):
            for outcome in on_event(place, action, self.params, fields):
                conditions = (equal(state, self._state(part, place.state)), outcome.condition)
                clock = tuple(clock_fits(place, self.params, sent=sent))
                yield self._one_branch(part, action, conditions, clock, place, outcome)

    def _one_branch(
        self,
        part: One,
        action: type,
        conditions: tuple[Term, ...],
        clock: tuple[Term, ...],
        place: InstanceTerms,
        outcome: NextInstance,
    ) -> Branch:
        state, values, spent = self.ones[part]
        changes: dict[Any, Term] = {}
        if outcome.state != place.state:
            changes[state] = self._state(part, outcome.state)
        changes.update(
            {values[variable]: term for variable, term in outcome.values.items() if term is not place.values[variable]}
        )
        after = (*outcome.spent, *fresh_bits(len(spent) - len(outcome.spent)))
        changes.update({bit: term for bit, term in zip(spent, after, strict=True) if term is not bit})
        effects = self._emits(outcome.transition, ONE)
        moved = (Movers(part, action, anew=outcome.anew),)
        return Branch(conditions, clock, {**changes, **effects}, moved, _listed(outcome.transition))

    def _emits(self, transition: Transition | None, many: Term) -> dict[Any, Term]:
        found: dict[Any, Term] = {}
        for emit in transition.effects if transition is not None else ():
            if emit.effect in self.emitted:
                counter = self.emitted[emit.effect]
                found[counter] = found.get(counter, counter) + many
        return found

    def _move_keyed(self, part: Each, action: type, fields: Leaf, elapsed: Term, *, sent: bool) -> Iterator[Branch]:
        cells = self.cells[part]
        for cell in (cells.initial, *cells.all):
            for landing in cells.on_event(cell, action, fields, elapsed):
                fits = () if cell == cells.initial else clock_fits(cells.place(cell, elapsed), self.params, sent=sent)
                clock = tuple(fits)
                yield self._cell_branch(part, action, cell, landing, clock)

    def _cell_branch(self, part: Each, action: type, cell: Cell, landing: Landing, clock: tuple[Term, ...]) -> Branch:
        counters = self.counters[part]
        conditions = [landing.condition]
        changes: dict[Any, Term] = {}
        if cell in counters:
            conditions.append(less(ONE, counters[cell], strictly=False))
            changes[counters[cell]] = plus((counters[cell], number(-1)))
        if landing.cell in counters:
            target = counters[landing.cell]
            changes[target] = plus((target, ONE))
        if cell == landing.cell:
            changes = {}
        changes.update(self._emits(landing.transition, ONE))
        return Branch(
            tuple(conditions), clock, changes, (Movers(part, action, cell, landing.cell),), _listed(landing.transition)
        )

    def _move_every(self, part: Each, action: type, where: Formula, fields: Leaf, place: int | None) -> Branch:
        """All that fit move at once: each cell empties into the cells that its transitions lead to.

        Args:
            place: that of the move, where a caller's event makes it.
        """
        counters = self.counters[part]
        delta: dict[Any, Term] = {}
        conditions: list[Term] = []
        moved: list[Movers] = []
        transitions: list[Transition] = []
        effects: dict[Any, Term] = {}
        for cell, counter in counters.items():
            chosen = choice(self._in_cell(part, cell, where), counter, number(0))
            if value_of(chosen) is not None:
                continue
            landings, condition = self._landings(part, action, cell, chosen, fields, place)
            conditions.append(condition)
            for landing, many in landings:
                moved.append(Movers(part, action, cell, landing.cell, many))
                transitions += _listed(landing.transition)
                delta[counter] = delta.get(counter, counter) - many
                if landing.cell in counters:
                    target = counters[landing.cell]
                    delta[target] = delta.get(target, target) + many
                for term, value in self._emits(landing.transition, many).items():
                    effects[term] = effects.get(term, term) + (value - term)
        changes = {variable: z3.simplify(term) for variable, term in {**delta, **effects}.items()}
        return Branch(tuple(conditions), (), changes, tuple(moved), tuple(transitions))

    def _landings(
        self, part: Each, action: type, cell: Cell, chosen: Term, fields: Leaf, place: int | None
    ) -> tuple[list[tuple[Landing, Term]], Term]:
        """Where those of a cell land that are moved, how many there, and when they can.

        Those who have been there for different times go different ways where guards read that: how many by each is any number.
        """
        cells = self.cells[part]
        found = cells.on_event(cell, action, fields, ANY_AGE)
        if not any(_reads_clock(one.transition) for one in found):
            able = disj((equal(chosen, number(0)), *(one.condition for one in found)))
            return [(one, choice(one.condition, chosen, number(0))) for one in found], able
        if place is None:
            raise Unencodable(f"a guard on the time in state, where a timer's {label(action)} moves many at once")
        at = (place, self.places.parts[part], *cell.at)
        landings = []
        for line, _ in enumerate(found):
            one = cells.on_event(cell, action, fields, integer(SymbolKind.SHARE_AGE, *at, line))[line]
            landings.append((one, integer(SymbolKind.SHARE, *at, line)))
        taken = (disj((equal(many, number(0)), one.condition)) for one, many in landings)
        none_below = (less(number(0), many, strictly=False) for _, many in landings)
        return landings, conj((equal(plus(many for _, many in landings), chosen), *none_below, *taken))

    # What time sends

    def _sent(self, part: Part) -> Iterator[Occurrence]:
        for event in part.machine.timed_events:
            own = [branch for timer, branch in self._timer_branches(part) if timer.event is event]
            wires = [
                one
                for one in self.system.wires
                if isinstance(one.event, Sent) and one.event.part is part and one.event.event is event
            ]
            yield Occurrence(event, part, (), TRUE, tuple(self.with_wires(own, wires)))

    def with_wires(self, own: list[Branch], wires: list[Wire]) -> Iterator[Branch]:
        for branch in own:
            if not wires or not branch.transitions:
                yield branch
            for one in wires if branch.transitions else ():
                for other in self._wire(one, self._no_field, None):
                    yield self._joined([], [branch, other], None)

    def own_timers(self, part: Part) -> list[tuple[Transition, Branch]]:
        """The branches of a part's timers without the parts wired to them, to ask whether those can always follow."""
        return self._timer_branches(part)

    def _timer_branches(self, part: Part) -> list[tuple[Transition, Branch]]:
        found: list[tuple[Transition, Branch]] = []
        if isinstance(part, One):
            state = self.ones[part][0]
            for place in self.stays(part):
                lengths = lengths_of(place, self.params)
                for (timer, outcomes), length in zip(on_time(place, self.params), lengths, strict=True):
                    for outcome in outcomes:
                        conditions = (equal(state, self._state(part, place.state)), outcome.condition)
                        branch = self._one_branch(part, timer.event, conditions, (), place, outcome)
                        found.append((timer, attrs.evolve(branch, lasts=length)))
            return found
        cells = self.cells[part]
        for cell in cells.all:
            for timer, landings in cells.on_time(cell):
                found += [(timer, self._cell_branch(part, timer.event, cell, landing, ())) for landing in landings]
        return found

    def _state(self, part: One, state: Any) -> Term:
        return number(part.machine.states.index(state))


def _possible(branch: Branch) -> bool:
    """Whether its conditions do not already exclude each other."""
    return conj(branch.conditions) is not FALSE


def fresh_bits(many: int) -> tuple[Term, ...]:
    return tuple(FALSE for _ in range(many))


def _listed(transition: Transition | None) -> tuple[Transition, ...]:
    return () if transition is None else (transition,)
