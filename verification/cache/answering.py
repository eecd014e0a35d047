"""What a kept verdict is worth today. Loads no prover: the checker is asked about a proof once more, and the runtime takes every run.

A proof is what the checker confirms of the declaration and the claim that are there now, under the values of now; that its cases are met is shown
by runs. A refutation is a run that breaks the claim. Whatever is not so is as if nothing was kept. With `trust` alone the checker is not
asked, and what its files say of a proof is believed: whoever may write there decides.

You may not call anything proved here that the checker was not asked about, unless `trust` says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from fsm.canonical.fingerprint import claim_fingerprint
from fsm.canonical.writing import write
from fsm.checks.assumptions import Assumed
from fsm.errors import BadInput, WiresOverlap
from fsm.language.composition import as_system
from fsm.language.expressions import Not
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Modality, Property
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.storage.traces import engine_for, trace_in
from fsm.traces.trace import Trace
from fsm.traces.violation import breach
from fsm.verification.cache.entries import Folder, Key
from fsm.verification.cases import cases_of, is_met
from fsm.verification.certificates.runs import RunWriter
from fsm.verification.checker.asking import outcomes_of
from fsm.verification.checker.shapes import Malformed
from fsm.verification.definition import ORDER, checks_of
from fsm.verification.facts import FactId, Of
from fsm.verification.spans import covers
from fsm.verification.undecided import blank
from fsm.verification.verdict import THIS_VERSION, Proved, Refuted, Report, Verdict

__all__ = ["Answered", "Subject"]

LONGEST = 500
"""Characters of an argument."""
RUNS = ("this run", "each by a run of its own")
Shown = tuple[Verdict, Any, str]
"""A verdict, what the checker is to be asked, and under which values."""
REFUSALS = (BadInput, EventRefused, TimeStopped, WiresOverlap)
POSSIBLE = (Modality.REACHABLE, Modality.CAN_HAPPEN)


@attrs.frozen(eq=False)
class Answered:
    """A verdict of before.

    Attributes:
        how: `confirmed again`, `replayed` or `believed`.
    """

    verdict: Verdict
    how: str


class Subject:
    """A machine or system in one version, of which something may be kept.

    Args:
        profile: the version; None for every value of every parameter.
        engine: how it is decided, where that could make a difference.
    """

    def __init__(self, target: Machine | System, profile: NamedProfile | None, engine: str) -> None:
        self.target, self.system, self.profile, self.engine = target, as_system(target), profile, engine
        named = {} if profile is None else dict(profile.within(self.system.parameters).values)
        self.values: Mapping[str, Any] = named
        self.writer = RunWriter(target, self.system)
        self._engines: dict[str, Engine] = {}

    @cached_property
    def declaration(self) -> str:
        """Its canonical form."""
        return write(self.target)

    @cached_property
    def is_plain(self) -> bool:
        """Whether the assumptions are well without anybody being asked, so that there is nothing to tell of them."""
        params, assumptions = self.system.parameters, self.system.all_assumptions
        everything = [{}, self.values, *(profile.values for profile in self.system.profiles)]
        known = [Assumed(assumptions, params, values) for values in everything]
        return all(one.satisfied is True for one in known) and not known[0].by_default

    @property
    def claims(self) -> tuple[Property, ...]:
        """The checks of its definition and its properties, where the assumptions are well."""
        return (*checks_of(self.target), *self.system.properties)

    def report(self) -> Report:
        """The report before anything is decided."""
        return blank(self.target, self.system, self.profile, self.values)

    def key(self, claim: Property) -> Key:
        """What its verdict follows from."""
        place = self._fact(claim)
        of_definition = place.of is Of.CHECK
        says = claim.sentence if of_definition else f"{claim_fingerprint(self.system, claim)} {claim.sentence}"
        values = () if of_definition else self.writer.values(self.values)
        return Key(self.declaration, str(place), says, values, self.engine)

    def _fact(self, claim: Property) -> FactId:
        if claim in self.system.properties:
            return FactId(Of.CLAIM, (self.system.properties.index(claim),))
        return FactId(Of.CHECK, (ORDER.index(claim.sentence),))

    # What is kept

    def is_on_file(self, folder: Folder) -> bool:
        """Whether there is an entry for every claim."""
        return self.is_plain and all(folder.has(self.key(claim)) for claim in self.claims)

    def answers(self, folder: Folder, *, trust: bool, confirmed: bool) -> dict[int, Answered]:
        """For each claim, by its place, the verdict that is kept of it and holds today.

        Args:
            trust: proofs are believed.
            confirmed: of those alone that the checker had confirmed.
        """
        if not self.is_plain:
            return {}
        found: dict[int, Answered] = {}
        proofs: dict[int, Shown] = {}
        for place, claim in enumerate(self.claims):
            kept = folder.read(self.key(claim)) or {}
            try:
                if kept.get("kind") == "refuted":
                    found[place] = Answered(self._refuted(claim, kept), "replayed")
                elif not trust or not confirmed or kept.get("confirmed") is True:
                    proofs[place] = (
                        self._excluded(claim, kept) if kept.get("kind") == "excluded" else self._proved(claim, kept)
                    )
            except _Nothing:
                continue
        if trust:
            return found | {place: Answered(proof, "believed") for place, (proof, _, _) in proofs.items()}
        return found | {place: Answered(proof, "confirmed again") for place, proof in self._confirmed(proofs)}

    def _confirmed(self, proofs: Mapping[int, Shown]) -> Iterator[tuple[int, Verdict]]:
        """Those that the checker confirms: asked together, and one by one where an order is none."""
        for where in ("everywhere", "version"):
            asked = {place: order for place, (_, order, of) in proofs.items() if of == where}
            for group in self._groups(where, list(asked.items())):
                yield from ((place, proofs[place][0]) for place in group)

    def _groups(self, where: str, asked: Sequence[tuple[int, Any]]) -> Iterator[list[int]]:
        fixed = self.writer.values(self.values) if where == "version" else ()
        try:
            outcomes = self._asked(fixed, [order for _, order in asked]) if asked else {}
        except Malformed:
            if len(asked) > 1:
                for one in asked:
                    yield from self._groups(where, [one])
            return
        ids = {place: str(self._fact(self.claims[place])) for place, _ in asked}
        yield [place for place, name in ids.items() if outcomes.get(name) == ""]

    def _asked(self, fixed: Sequence[tuple[int, int]], orders: Sequence[Any]) -> dict[str, str]:
        whole: dict[str, Any] = {"fixed": [list(pair) for pair in fixed], "lemmas": [], "met": [], "claims": []}
        for order in orders:
            for name in ("lemmas", "met", "claims"):
                whole[name] += [one for one in order[name] if one not in whole[name]]
        return outcomes_of(self.declaration, json.dumps(whole))

    def _proved(self, claim: Property, kept: Mapping[str, Any]) -> tuple[Proved, Any, str]:
        """The proof that is kept, what the checker is to be asked, and under which values.

        Raises:
            _Nothing: it is none of this claim.
        """
        if kept.get("kind") != "proved":
            raise _Nothing
        order, said, id_ = kept.get("order"), kept.get("covers"), str(self._fact(claim))
        rules = _names(kept.get("rules"), [one.name for one in self.system.rules])
        lemmas = _names(kept.get("lemmas"), [one.sentence for one in self.system.properties])
        assumptions = _names(kept.get("assumptions"), [one.name for one in self.system.all_assumptions])
        how = _how(order, id_)
        where = "everywhere" if not self.values or id_.startswith("check") or said == covers(self.system) else "version"
        known = {"RUNS": RUNS, "ENUMERATION": ("every run", THIS_VERSION)}.get(how, (covers(self.system), THIS_VERSION))
        if said == "every run" and self.system.parameters:
            raise _Nothing
        if said not in known or (said == THIS_VERSION) is not (
            where == "version" and how != "RUNS" and said != "every run"
        ):
            raise _Nothing
        witness = None
        if claim.modality in POSSIBLE and claim in self.system.properties:
            witness = self._witness(claim, kept.get("witness"))
        self._meets_cases(claim, kept.get("cases"))
        proof = Proved(claim, _text(kept.get("argument")), str(said), rules, lemmas, assumptions, witness=witness)
        return proof, order, where

    def _excluded(self, claim: Property, kept: Mapping[str, Any]) -> Shown:
        """The proof that what a claim says to be possible is not.

        Raises:
            _Nothing: it is none of this claim.
        """
        id_ = str(self._fact(claim))
        _how(kept.get("order"), id_, refuted=True)
        rules = _names(kept.get("rules"), [one.name for one in self.system.rules])
        where = "version" if self.values and claim in self.system.properties else "everywhere"
        return Refuted(claim, _text(kept.get("argument")), rules=rules), kept["order"], where

    def _witness(self, claim: Property, data: Any) -> Trace:
        """A run that shows what can be reached, in this version."""
        engine, run = self._taken(data)
        modality = Modality.EACH_STEP if claim.modality is Modality.CAN_HAPPEN else Modality.ALWAYS
        if breach(engine, Property(claim.sentence, modality, Not(claim.formula)), run) is None:
            raise _Nothing
        return run

    def _meets_cases(self, claim: Property, data: Any) -> None:
        """That each case of the claim is met, whatever the values of the parameters."""
        for one in cases_of(claim) if claim in self.system.properties else ():
            run = data.get(one.words) if isinstance(data, dict) else None
            if not is_met(*self._taken(run, anywhere=True), one):
                raise _Nothing

    def _refuted(self, claim: Property, kept: Mapping[str, Any]) -> Refuted:
        """The refutation that is kept.

        Raises:
            _Nothing: its run does not break this claim in this version.
        """
        engine, run = self._taken(kept.get("trace"))
        if claim not in self.system.properties or breach(engine, claim, run) is None:
            raise _Nothing
        rules = _names(kept.get("rules"), [one.name for one in self.system.rules])
        return Refuted(claim, _text(kept.get("argument")), run, rules)

    def _engine(self, data: Any) -> Engine:
        """The system under the profile in which a run was written.

        Raises:
            BadInput: it is no run of it.
        """
        profile = json.dumps(data.get("profile") if isinstance(data, dict) else None, sort_keys=True)
        if profile not in self._engines:
            self._engines[profile] = engine_for(self.system, data)
        return self._engines[profile]

    def _taken(self, data: Any, *, anywhere: bool = False) -> tuple[Engine, Trace]:
        """A run that the runtime takes, from the start and under the values of this version."""
        try:
            engine = self._engine(data)
            run = trace_in(engine, data)
        except REFUSALS:
            raise _Nothing from None
        values = dict(run.profile)
        if run.start != engine.start(0) or not (
            anywhere or all(values[name] == one for name, one in self.values.items())
        ):
            raise _Nothing
        return engine, run


class _Nothing(Exception):
    """What is kept is worth nothing."""


def _names(said: Any, known: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(said, list) or any(not isinstance(one, str) or one not in known for one in said):
        raise _Nothing
    return tuple(said)


def _text(said: Any) -> str:
    if not isinstance(said, str) or len(said) > LONGEST:
        raise _Nothing
    return said


def _how(order: Any, claim: str, *, refuted: bool = False) -> str:
    """By which argument an order says that this claim alone is shown, to hold or not to."""
    match order:
        case {"lemmas": list(), "met": list(), "claims": [[str(name), {"how": str(how), "refuted": bool(other)}]]} if (
            name == claim and other is refuted and len(order) == 3
        ):
            return how
    raise _Nothing
