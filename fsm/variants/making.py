"""A base and a row of variants, made into one declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import attrs

from fsm.errors import BadVariant, DefinitionError
from fsm.language.composition import Repointing
from fsm.language.expressions import Expr, Param, Var
from fsm.language.machine import Machine, State, Transition
from fsm.language.parameters import Assumption, parameters_in
from fsm.language.parts import Part
from fsm.language.properties import Property
from fsm.language.system import Rule, System, Wire, implied_wires
from fsm.variants.derivation import Derivation, Withdrawn, derivation
from fsm.variants.footprints import in_order
from fsm.variants.names import names_in
from fsm.variants.naming import Named, field_of, name_of
from fsm.variants.variant import Replaced, Variant

__all__ = ["varied"]

D = TypeVar("D", Machine, System)
OF_A_MACHINE = ("states", "variables", "transitions", "properties", "assumptions", "profiles")
OF_A_SYSTEM = ("parts", "wires", "rules", "parameters", "properties", "assumptions", "profiles")


def varied(declaration: D, *variants: Variant) -> D:
    """A machine or a system with what is different in these variants: a declaration like any other.

    Variants that do not touch the same things commute: whatever their order, what comes out is the same. The others are
    made in the order in which they are given.

    Args:
        variants: those of a machine vary every part of a system that has the machine.

    Raises:
        DefinitionError: a variant names what the base has not, what another variant took away, or what could be one of several; or
            what comes out is wrong as any declaration can be. It tells the line of the variant.
    """
    if len(variants) > 1:
        try:
            return _with_more(declaration, variants)
        except DefinitionError:
            pass  # made one by one, so that it tells whose fault it is
    for one in variants:
        try:
            declaration = _with_more(declaration, (one,))
        except DefinitionError as wrong:
            own = {getattr(brought, "written", None) for brought in one.brought}
            raise wrong if wrong.written in own - {None} else attrs.evolve(wrong, written=one.written) from None
    return declaration


def _with_more(declaration: D, more: tuple[Variant, ...]) -> D:
    """The declaration, made again from its base with more variants."""
    known = derivation(declaration)
    base: Machine | System = declaration if known is None else known.base
    variants: list[Variant] = [] if known is None else list(known.variants)
    for variant in more:
        _check_applies(declaration, variant, variants)
        variants.extend(one for one in variant.machines if one not in variants)
        variants.append(variant)
    made = _made(base, in_order(variants))
    assert isinstance(made, type(declaration))
    return made


def _check_applies(declaration: Machine | System, variant: Variant, before: Sequence[Variant]) -> None:
    where = f"variant {variant.name!r}"
    homes = [declaration.name]
    if isinstance(declaration, System) and variant.of_a_machine:
        homes = [part.machine.name for part in declaration.parts]
    elif variant.of_a_machine is not isinstance(declaration, Machine):
        raise BadVariant(where, f"is one of a system, and {declaration.name} is a machine")
    if variant.base.name not in homes:
        raise BadVariant(where, f"is one of {variant.base.name}, which {declaration.name} is not and has not")
    if any(one.name == variant.name and one.base.name == variant.base.name for one in before):
        raise BadVariant(where, f"{declaration.name} has a variant of this name already")


def _made(base: Machine | System, variants: tuple[Variant, ...]) -> Machine | System:
    draft = Draft(base)
    if isinstance(base, Machine):
        draft.mention(thing for one in variants for thing in one.brought)
    for one in variants:
        draft.edit(one)
    return draft.machine(base, variants) if isinstance(base, Machine) else draft.system(base, variants)


@attrs.define(eq=False)
class Draft:
    """A declaration that is being made from another.

    Attributes:
        kept: what it has by now, by field.
        states, leaves, gone: as a `Derivation` has them.
    """

    base: Machine | System
    kept: dict[str, list[Any]] = attrs.field(init=False)
    states: dict[tuple[str, str], State] = attrs.field(factory=dict)
    leaves: dict[int, Expr[Any]] = attrs.field(factory=dict)
    gone: dict[tuple[Any, ...], str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        fields = OF_A_MACHINE if isinstance(self.base, Machine) else OF_A_SYSTEM
        self.kept = {field: list(getattr(self.base, field)) for field in fields}
        if isinstance(self.base, Machine):
            self.kept["parameters"] = list(self.base.parameters)  # of a machine they are those that it mentions

    def mention(self, brought: Iterable[Any]) -> None:
        """Of a machine what is brought brings its parameters with it: nobody lists them, and another variant may replace them."""
        known = {one.name for one in self.kept["parameters"]}
        more = parameters_in(expr for thing in brought for expr in _expressions(thing))
        self.kept["parameters"] += {one.name: one for one in more if one.name not in known}.values()

    # What a variant says

    def edit(self, variant: Variant) -> None:
        """Make what it says."""
        if variant.of_a_machine and isinstance(self.base, System):
            self._vary_machines(variant)
            return
        where = f"variant {variant.name!r}"
        for one in variant.replaces:
            self._replace(where, variant, one)
        for named in variant.left_out:
            self._leave_out(where, variant, named)
        for thing in variant.adds:
            self._kept(where, field_of(thing)).append(thing)
        for retracted in variant.retracts:
            self._say_of(where, retracted.sentence, retracted.because)
        for sentence in variant.restores:
            self._say_of(where, sentence, "")

    def _kept(self, where: str, field: str) -> list[Any]:
        if field not in self.kept:
            kind = "machine" if isinstance(self.base, Machine) else "system"
            raise BadVariant(where, f"a {kind} has no {field}", "Say it in a variant of what has them.")
        return self.kept[field]

    def _place(self, where: str, named: Named) -> int:
        kept = self._kept(where, named.field)
        try:
            return named.place(where, kept)
        except DefinitionError as wrong:
            taken = {by for mark in named.marks for by in (self.gone.get(self._named(mark)),) if by is not None}
            if not taken or any(map(named.fits, kept)):
                raise
            raise attrs.evolve(wrong, what=f"{wrong.what} any more: the variant {min(taken)!r} took it away") from None

    def _named(self, mark: tuple[Any, ...]) -> tuple[Any, ...]:
        """The mark as `gone` has it."""
        return mark if mark[0] in ("parameter", "part") else (mark[0], self.base.name, *mark[1:])

    def _replace(self, where: str, variant: Variant, one: Replaced) -> None:
        place = self._place(where, one.what)
        kept = self.kept[one.what.field]
        old = kept[place]
        left = self._without_sources(old, one.what)
        kept[place : place + 1] = [*one.by, *left]
        match old, one.by[0]:
            case State(), new:
                self.states[self.base.name, old.name] = new
            case ((Var() | Param()), new):
                self.leaves[id(old)] = new
            case _:
                self._gone(variant, one.what)

    def _leave_out(self, where: str, variant: Variant, named: Named) -> None:
        place = self._place(where, named)
        kept = self.kept[named.field]
        kept[place : place + 1] = self._without_sources(kept[place], named)
        self._gone(variant, named)

    def _gone(self, variant: Variant, named: Named) -> None:
        self.gone.update((self._named(mark), variant.name) for mark in named.marks if mark[0] != "timers")

    @staticmethod
    def _without_sources(old: Any, named: Named) -> list[Transition]:
        """What is left of a line for the states that are not meant."""
        if not isinstance(old, Transition) or named.sources is None:
            return []
        others = tuple(state for state in old.sources if state not in named.sources)
        return [attrs.evolve(old, sources=others)] if others else []

    def _say_of(self, where: str, sentence: str, retracted: str) -> None:
        """Retract a claim, for a reason, or restore it."""
        claims = self.kept["properties"]
        places = [place for place, one in enumerate(claims) if one.sentence == sentence]
        if not places:
            raise BadVariant(where, f"there is no property {sentence!r} to {'retract' if retracted else 'restore'}")
        claim = claims[places[0]]
        if bool(claim.retracted) is bool(retracted):
            said = f"is retracted already: {claim.retracted}" if retracted else "is not retracted"
            raise BadVariant(where, f"{sentence!r} {said}")
        claims[places[0]] = attrs.evolve(claim, retracted=retracted)

    def _vary_machines(self, variant: Variant) -> None:
        made: dict[Machine, Machine] = {}
        for place, part in enumerate(self.kept["parts"]):
            if part.machine.name == variant.base.name:
                if part.machine not in made:
                    made[part.machine] = varied(part.machine, variant)
                    self._mention(part.machine, made[part.machine])
                self.kept["parts"][place] = attrs.evolve(part, machine=made[part.machine])

    def _mention(self, old: Machine, new: Machine) -> None:
        """A parameter that a machine mentions now is one of the system."""
        kept = self.kept["parameters"]
        leaves = _derived(new).leaves
        kept[:] = [leaves.get(id(one), one) for one in kept]
        known = {id(one) for one in (*old.parameters, *kept)}
        kept += [one for one in new.parameters if id(one) not in known]

    # What comes out

    def machine(self, base: Machine, variants: tuple[Variant, ...]) -> Machine:
        """The machine."""
        pointing, name = Repointing({}, self.states, self.leaves), base.name
        fields: dict[str, Any] = {field: tuple(self.kept[field]) for field in OF_A_MACHINE}
        fields["transitions"] = tuple(pointing.transition(one, name) for one in fields["transitions"])
        fields["assumptions"] = _assumed(fields["assumptions"], pointing, name)
        events = {one.event for one in fields["transitions"]}
        effects = {emit.effect for one in fields["transitions"] for emit in one.effects}
        self._gone_with(variants, (("event", one) for one in base.events if one not in events))
        self._gone_with(variants, (("effect", one) for one in base.effects if one not in effects))
        fields["properties"], withdrawn = self._claims(pointing, name)
        fields["profiles"] = self._profiles()
        fields["initial"] = pointing.state(name, base.initial)
        made: Machine = self._finished(base, variants, fields, withdrawn)
        return made

    def system(self, base: System, variants: tuple[Variant, ...]) -> System:
        """The system."""
        for part in self.kept["parts"]:
            known = derivation(part.machine)
            if known is not None:
                self.states.update(known.states)
                self.leaves.update(known.leaves)
                self.gone.update(known.gone)
        alone = Repointing({}, self.states, self.leaves)
        machines = {one: _machine(one, alone) for one in dict.fromkeys(part.machine for part in self.kept["parts"])}
        parts = [attrs.evolve(part, machine=machines[part.machine]) for part in self.kept["parts"]]
        parts = [self._same_part((*base.parts, *self.kept["parts"]), alone.limits(part)) for part in parts]
        pointing = Repointing({part.name: part for part in parts}, self.states, self.leaves)
        fields: dict[str, Any] = {field: tuple(self.kept[field]) for field in OF_A_SYSTEM}
        there = _there(parts, fields["wires"])
        self._gone_with(variants, (("event", one) for one in base.events if ("event", one) not in there))
        self.gone = {name: who for name, who in self.gone.items() if name not in there}
        for one in (*fields["wires"], *fields["rules"]):
            self._check_names(one)
        fields |= {"parts": tuple(parts)}
        fields["wires"] = tuple(pointing.wire(one) for one in fields["wires"])
        fields["rules"] = tuple(pointing.rule(one) for one in fields["rules"])
        fields["assumptions"] = _assumed(fields["assumptions"], pointing, "")
        fields["properties"], withdrawn = self._claims(pointing, "")
        fields["profiles"] = self._profiles()
        made: System = self._finished(base, variants, fields, withdrawn)
        return made

    def _same_part(self, known: Sequence[Part], part: Part) -> Part:
        """The part of the base, or that a variant brought, where nothing of it changed."""
        for old in known:
            if old.name == part.name and all(
                getattr(old, one.name) is getattr(part, one.name) for one in attrs.fields(type(part))
            ):
                return old
        return part

    def _gone_with(self, variants: Sequence[Variant], names: Any) -> None:
        """What nothing sends or emits any more, since a variant took away what did."""
        who = [one.name for one in variants if one.leaves_out or one.replaces]
        self.gone.update((name, who[-1] if who else variants[-1].name) for name in names)

    def _claims(self, pointing: Repointing, home: str) -> tuple[tuple[Property, ...], tuple[Withdrawn, ...]]:
        """The claims that can still be made, over what there is now, and those that cannot, which are kept no longer."""
        kept, withdrawn = [], []
        own = {id(one) for one in self.base.properties}
        for claim in self.kept["properties"]:
            said = (claim.premise, claim.formula, claim.duration)
            lost = [name for expr in said for name in names_in(expr, home) if self._is_gone(name)]
            if lost and (id(claim) in own or claim.retracted):
                withdrawn.append(Withdrawn(claim.sentence, _words(lost[0]), self.gone[lost[0]]))
            else:
                kept.append(claim)
        self.kept["properties"] = kept
        return tuple(pointing.claim(claim, home) for claim in kept), tuple(withdrawn)

    def _is_gone(self, name: tuple[Any, ...]) -> bool:
        """Taken away, and not put there again under the same name."""
        if name not in self.gone:
            return False
        field = {"state": "states", "variable": "variables", "parameter": "parameters", "part": "parts"}.get(name[0])
        if field is None:
            return True
        homes: list[Any] = [self.kept]
        if isinstance(self.base, System) and field in ("states", "variables"):
            homes = [
                {field: getattr(part.machine, field)} for part in self.kept["parts"] if part.machine.name == name[1]
            ]
        return not any(one.name == name[-1] for home in homes for one in home[field])

    def _check_names(self, one: Wire | Rule) -> None:
        """Raise DefinitionError where a wire or a rule names what a variant takes away."""
        said = [(one.when, "")]
        if isinstance(one, Wire):
            said += [(move.where, move.part.machine.name) for move in one.moves]
        for expr, home in said:
            for name in names_in(expr, home):
                if self._is_gone(name):
                    what = f"names {_words(name)}, which the variant {self.gone[name]!r} takes away"
                    raise BadVariant(f"{_KIND[type(one)]} {name_of(one)}", what, "Replace it, or leave it out too.")

    def _profiles(self) -> tuple[Any, ...]:
        """The profiles, without values of what is gone."""
        lost = {name[1] for name in self.gone if name[0] == "parameter" and self._is_gone(name)}
        return tuple(
            attrs.evolve(one, values={name: value for name, value in one.values.items() if name not in lost})
            if lost & set(one.values)
            else one
            for one in self.kept["profiles"]
        )

    def _finished(
        self, base: Any, variants: tuple[Variant, ...], fields: dict[str, Any], withdrawn: tuple[Withdrawn, ...]
    ) -> Any:
        brought = {id(new) for one in variants for new in one.brought}
        added = tuple(
            made
            for field in self.kept
            if field in fields
            for made, kept in zip(fields[field], self.kept[field], strict=True)
            if id(kept) in brought
        )
        made = Derivation(base, variants, added, withdrawn, self.states, self.leaves, self.gone, fields)
        whole = attrs.evolve(base, **fields, derived=made)
        own = {field: getattr(whole, field) for field in fields}
        if all(own[field] is value for field, value in fields.items()):
            return whole
        return self._finished(base, variants, own, withdrawn)  # a machine says of lines that their values stay in range


def _expressions(thing: Any) -> Iterator[Expr[Any]]:
    """What a line, a claim or an assumption reads."""
    match thing:
        case Transition():
            written = (value for _, value in thing.written_values())
            yield from (expr for expr in (thing.guard, thing.duration, *written) if expr is not None)
        case Property():
            yield from (expr for expr in (thing.premise, thing.formula, thing.duration) if expr is not None)
        case Assumption():
            yield thing.that


_KIND = {Wire: "wire", Rule: "rule"}


def _derived(machine: Machine) -> Derivation:
    made = derivation(machine)
    assert made is not None, "a variant of it was just made"
    return made


def _machine(machine: Machine, pointing: Repointing) -> Machine:
    """The machine over other parameters; itself where it mentions none that was replaced."""
    if not any(id(one) in pointing.leaves for one in machine.parameters):
        return machine
    return attrs.evolve(
        machine,
        transitions=tuple(pointing.transition(one, machine.name) for one in machine.transitions),
        properties=tuple(pointing.claim(one, machine.name) for one in machine.properties),
        assumptions=_assumed(machine.assumptions, pointing, machine.name),
    )


def _assumed(assumptions: Sequence[Any], pointing: Repointing, home: str) -> tuple[Any, ...]:
    made = [(one, pointing.formula(one.that, home)) for one in assumptions]
    return tuple(one if that is one.that else attrs.evolve(one, that=that) for one, that in made)


def _there(parts: Sequence[Part], wires: Sequence[Wire]) -> set[tuple[str, type]]:
    """What a system may be sent, what time sends in it, and what it emits."""
    sent = {one.event_class for one in (*wires, *implied_wires(parts, wires))}
    sent |= {event for part in parts for event in part.machine.timed_events}
    return {("event", one) for one in sent} | {("effect", one) for part in parts for one in part.machine.effects}


def _words(name: tuple[Any, ...]) -> str:
    kind, last = name[0], name[-1]
    return f"the {kind} {last.__name__ if isinstance(last, type) else last}"
