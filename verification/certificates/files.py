"""What a certificate is about, its sections, and the prover's own questions, which `fsm export` writes for whoever has a solver.

Things are called by places in the declaration, never by what somebody calls them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from itertools import chain
from typing import Any

import attrs

from fsm.canonical.fingerprint import fingerprint
from fsm.language.machine import Machine
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.verification.certificates.questions.by_kind import admits, obligations_of, obligations_of_lemma
from fsm.verification.certificates.questions.obligations import Obligation, Questions
from fsm.verification.certificates.runs import RunWriter
from fsm.verification.certificates.smtlib import ScriptWriter, slug
from fsm.verification.certificates.theory import BadEvidence, Theory, theory_of
from fsm.verification.encoding.symbols import Symbol, read
from fsm.verification.encoding.terms import Unencodable
from fsm.verification.evidence import Evidence, Met, by_questions
from fsm.verification.facts import FactId, Of

__all__ = ["SECTIONS", "Certified", "CertifiedSubject", "Query", "TheorySection"]

SECTIONS = ("definition", "properties", "version")
"""What holds of the definition; in every version; in this one."""
LONGEST = 100
"""The most characters of a file's name; a cell with many variables has a number for each of them."""
DECLARED = re.compile(r"^\(declare-fun (\S+) ", re.MULTILINE)


@attrs.frozen(eq=False)
class CertifiedSubject:
    """What a certificate is about: a machine or system, in one version or for every value of every parameter.

    Attributes:
        kind: `machine` or `system`.
        system: a machine as the only part of a system.
    """

    kind: str
    name: str
    system: System
    profile: NamedProfile | None

    @cached_property
    def fingerprint(self) -> str:
        """Of the declaration."""
        return fingerprint(self.system)

    @property
    def declaration(self) -> Machine | System:
        """What was declared."""
        return self.system.parts[0].machine if self.kind == "machine" else self.system

    @cached_property
    def runs(self) -> RunWriter:
        """Writes its runs by place."""
        return RunWriter(self.declaration, self.system)

    @cached_property
    def fixed(self) -> dict[str, Any]:
        """The parameters that the version fixes."""
        named = {param.name for param in self.system.parameters}
        return (
            {}
            if self.profile is None
            else {name: value for name, value in self.profile.values.items() if name in named}
        )

    def head(self) -> list[str]:
        """What it is about, in words."""
        where = "every value of every parameter" if self.profile is None else f"version {self.profile.name}"
        return [f"{self.kind} {self.name}, {where}", f"declaration {self.fingerprint}"]


@attrs.frozen(eq=False)
class Certified:
    """A claim with its evidence; without, where it is not proved.

    Attributes:
        id: the claim as a fact, or which check of the definition it is.
    """

    id: FactId
    claim: Property
    evidence: Evidence | None
    verdict: str


@attrs.frozen(eq=False)
class Query:
    """One script with its place in the folder.

    Attributes:
        of: the lemma or claim that it shows; `None` for what every claim takes for granted.
        is_lemma: of a lemma, and not of the claim itself.
        asked: in words, what must be impossible.
        rules: which rules it assumes.
    """

    path: str
    text: str
    of: FactId | None
    is_lemma: bool
    asked: str
    rules: tuple[FactId, ...]


@attrs.frozen(eq=False)
class TheorySection:
    """The claims of one theory: the checks of the definition, the properties that hold in every version, those of one version.

    Attributes:
        name: `definition`, `properties` or `version`.
        fixed: values of parameters; none but for a version.
        made: the questions about what is taken for granted and about lemmas, for all sections of one name and one prover.
    """

    subject: CertifiedSubject
    name: str
    fixed: Mapping[str, Any]
    certified: tuple[Certified, ...]
    made: dict[FactId | None, list[Query]] = attrs.field(factory=dict, eq=False, repr=False)

    @property
    def of_definition(self) -> bool:
        return self.name == "definition"

    @cached_property
    def asked(self) -> tuple[tuple[FactId, Property, Evidence], ...]:
        """The claims that a solver can be asked about."""
        return tuple(
            (one.id, one.claim, one.evidence)
            for one in self.certified
            if one.evidence is not None and by_questions(one.evidence)
        )

    @cached_property
    def met(self) -> Met:
        return next((evidence.met for _, _, evidence in self.asked if evidence.met != Met()), Met())

    @cached_property
    def proofs(self) -> dict[FactId, tuple[FactId, ...]]:
        """For each lemma that the claims rest on, those that its own questions use."""
        return dict(chain.from_iterable(evidence.proofs.items() for _, _, evidence in self.asked))

    @cached_property
    def _questions(self) -> Questions:
        try:
            return Questions(theory_of(self.subject.system, self.fixed, self.met), self.proofs)
        except Unencodable as refused:
            raise BadEvidence(f"the encoding cannot say {refused.what}") from refused

    @property
    def theory(self) -> Theory:
        """What its questions are about; of a section that has some."""
        return self._questions.theory

    @cached_property
    def _own(self) -> tuple[dict[FactId, list[Obligation]], dict[FactId, str]]:
        """The questions of each claim itself, and what is wrong with the evidence of those that have none."""
        found: dict[FactId, list[Obligation]] = {}
        wrong: dict[FactId, str] = {}
        for one in self.certified:
            complaint = "" if one.evidence is None else admits(one.claim, self.of_definition, one.evidence)
            if complaint:
                wrong[one.id] = complaint
        for id_, claim, evidence in self.asked:
            if id_ not in wrong:
                try:
                    self._questions.below((*evidence.lemmas, *evidence.timers))
                    found[id_] = list(obligations_of(id_, claim, evidence, self._questions))
                except BadEvidence as bad:
                    wrong[id_] = str(bad)
                except Unencodable as refused:
                    wrong[id_] = f"the encoding cannot say {refused.what}"
        return found, wrong

    @property
    def wrong(self) -> dict[FactId, str]:
        """The claims whose evidence is none, with what is wrong with it."""
        return self._own[1]

    @cached_property
    def lemmas(self) -> list[FactId]:
        """What the claims rest on, followed down."""
        own, _ = self._own
        used = dict.fromkeys(
            fact for id_, _, evidence in self.asked if id_ in own for fact in (*evidence.lemmas, *evidence.timers)
        )
        return self._questions.below(used) if used else []

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Every question, each once, in order: what is taken for granted, the lemmas, the claims."""
        own, _ = self._own
        if not own:
            return ()
        questions, writer = self._questions, self._questions.theory.writer
        if None not in self.made:
            self.made[None] = [self._query(one, "ground", None, writer) for one in questions.foundation()]
        found = list(self.made[None])
        for lemma in self.lemmas:
            if lemma not in self.made:
                self.made[lemma] = [
                    self._query(one, "lemmas", lemma, writer) for one in obligations_of_lemma(lemma, questions)
                ]
            found += self.made[lemma]
        for id_, obligations in own.items():
            found += [self._query(one, "claims", id_, writer) for one in obligations]
        assert len({one.path for one in found}) == len(found), "two questions have one file"
        return tuple(found)

    def _query(self, one: Obligation, kind: str, of: FactId | None, writer: ScriptWriter) -> Query:
        path = f"{self.name}/{kind}/{_file(str(one.of))}/{_file(one.at)}.smt2"
        facts = [(fact.id, fact.term) for fact in one.facts]
        text = writer.script(one.of, one.at, one.types, facts, one.question)
        rules = tuple(fact.id for fact in one.facts if fact.id.of is Of.RULE)
        return Query(path, text, of, kind == "lemmas", one.asked, rules)

    def formula(self, lemma: FactId) -> str:
        """A lemma's formula as the declaration has it, or as SMT-LIB where it does not say it."""
        fact = self._questions.lemmas[lemma]
        return fact.words or " ".join(fact.term.sexpr().split())

    @cached_property
    def symbols(self) -> list[Symbol]:
        """The symbols of all questions, in the order of the declaration."""
        names = {name for query in self.queries for name in DECLARED.findall(query.text)}
        return sorted(map(read, names), key=lambda symbol: symbol.order)

    def needs(self, id_: FactId, evidence: Evidence) -> list[Query]:
        """The questions on which a claim rests."""
        below = set(self._questions.below((*evidence.lemmas, *evidence.timers)))
        return [one for one in self.queries if one.of is None or (one.of in below if one.is_lemma else one.of == id_)]


def _file(text: str) -> str:
    """Words and places as a name that every file system takes; two texts have two names."""
    plain = slug(text)
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}-{sha256(plain.encode('ascii')).hexdigest()[:32]}"
