"""The files of a certificate, made from the declaration and the evidence: the same for whoever writes and whoever checks.

certificate.json               the evidence, the only thing that is read
README.txt                     what is claimed and why, in the page's words
definition/, properties/, version/    .../ground/      what is counted, .../lemmas/, .../claims/
.../claims/SENTENCE/AT.smt2    one question; the proof holds when its answer is unsat
.../runs/SENTENCE/WHAT.json    a run that the runtime replays
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

import attrs

from fsm.canonical.fingerprint import fingerprint
from fsm.language.parameters import NamedProfile
from fsm.language.printing import value_in_words
from fsm.language.properties import Property
from fsm.language.system import System
from fsm.runtime.engine import compile
from fsm.storage.traces import as_dict
from fsm.verification.certificates.by_kind import admits, obligations_of
from fsm.verification.certificates.obligations import BadEvidence, Obligation, Questions
from fsm.verification.certificates.smtlib import Writer
from fsm.verification.certificates.theory import theory_of
from fsm.verification.encoding.translation import Unencodable
from fsm.verification.evidence import Evidence, How, Met, by_questions

__all__ = ["SECTIONS", "Certified", "Query", "Section", "Subject", "run_paths"]

SECTIONS = ("definition", "properties", "version")
"""What holds of the definition; in every version; in this one."""

LONGEST = 60
"""The most characters of a file's name that come from a sentence."""


@attrs.frozen(eq=False)
class Subject:
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

    @cached_property
    def fixed(self) -> dict[str, Any]:
        """The parameters that the version fixes."""
        named = {param.name for param in self.system.parameters}
        return (
            {}
            if self.profile is None
            else {name: value for name, value in self.profile.values.items() if name in named}
        )

    def head(self, *, version: bool) -> list[str]:
        """What every question says of itself first; `version` where it holds in this version alone."""
        where = (
            f"version {self.profile.name}" if version and self.profile is not None else "every value of every parameter"
        )
        return [f"{self.kind} {self.name}, {where}", f"declaration {self.fingerprint}"]


@attrs.frozen(eq=False)
class Certified:
    """A claim with its evidence; without, where it is not proved."""

    claim: Property
    evidence: Evidence | None
    verdict: str


@attrs.frozen(eq=False)
class Query:
    """One script with its place in the folder.

    Attributes:
        of: the lemma or claim that it shows; `None` for what every claim takes for granted.
    """

    path: str
    text: str
    of: tuple[str, str] | None


@attrs.frozen(eq=False)
class Section:
    """The claims of one theory: the checks of the definition, the properties that hold in every version, those of one version.

    Attributes:
        name: `definition`, `properties` or `version`.
        fixed: values of parameters; none but for a version.
    """

    subject: Subject
    name: str
    fixed: Mapping[str, Any]
    certified: tuple[Certified, ...]

    @property
    def of_definition(self) -> bool:
        return self.name == "definition"

    @cached_property
    def asked(self) -> tuple[tuple[Property, Evidence], ...]:
        """The claims that a solver can be asked about."""
        return tuple(
            (one.claim, one.evidence)
            for one in self.certified
            if one.evidence is not None and by_questions(one.evidence)
        )

    @cached_property
    def met(self) -> Met:
        return next((evidence.met for _, evidence in self.asked if evidence.met != Met()), Met())

    @cached_property
    def proofs(self) -> dict[str, tuple[str, ...]]:
        return dict(chain.from_iterable(evidence.proofs.items() for _, evidence in self.asked))

    @cached_property
    def _questions(self) -> Questions:
        try:
            return Questions(theory_of(self.subject.system, self.fixed, self.met), self.proofs)
        except KeyError as missing:
            raise BadEvidence(f"there is no symbol {missing}") from missing
        except Unencodable as refused:
            raise BadEvidence(f"the encoding cannot say {refused.what}") from refused

    @cached_property
    def _own(self) -> tuple[dict[str, list[Obligation]], dict[str, str]]:
        """The questions of each claim itself, and what is wrong with the evidence of those that have none."""
        found: dict[str, list[Obligation]] = {}
        wrong: dict[str, str] = {}
        for one in self.certified:
            if one.evidence is not None and not admits(one.claim, self.of_definition, one.evidence.how):
                wrong[one.claim.sentence] = f"that {one.evidence.how.value} shows no such claim"
        for claim, evidence in self.asked:
            if claim.sentence not in wrong:
                try:
                    self._questions.below((*evidence.lemmas, *evidence.timers))
                    found[claim.sentence] = list(obligations_of(claim, evidence, self._questions))
                except BadEvidence as bad:
                    wrong[claim.sentence] = str(bad)
                except Unencodable as refused:
                    wrong[claim.sentence] = f"the encoding cannot say {refused.what}"
        return found, wrong

    @property
    def wrong(self) -> dict[str, str]:
        """The claims whose evidence is none, with what is wrong with it."""
        return self._own[1]

    @cached_property
    def queries(self) -> tuple[Query, ...]:
        """Every question, each once, in order: what is taken for granted, the lemmas, the claims."""
        own, _ = self._own
        if not own:
            return ()
        names = _Names()
        theory = self._questions.theory
        writer = theory.writer
        found = [self._query(one, "ground", None, names, writer) for one in self._questions.foundation()]
        used = dict.fromkeys(
            name
            for claim, evidence in self.asked
            if claim.sentence in own
            for name in (*evidence.lemmas, *evidence.timers)
        )
        for name in self._questions.below(used):
            found += [
                self._query(one, "lemmas", ("lemma", name), names, writer) for one in self._questions.of_lemma(name)
            ]
        for sentence, obligations in own.items():
            found += [self._query(one, "claims", ("claim", sentence), names, writer) for one in obligations]
        return tuple(found)

    def words(self, lemma: str) -> str:
        """A lemma's formula as the page has it, or as SMT-LIB where no page says it."""
        fact = self._questions.lemmas[lemma]
        return fact.words or " ".join(fact.term.sexpr().split())

    def needs(self, claim: Property, evidence: Evidence) -> list[Query]:
        """The questions on which a claim rests."""
        below = {("lemma", name) for name in self._questions.below((*evidence.lemmas, *evidence.timers))}
        return [one for one in self.queries if one.of is None or one.of in below or one.of == ("claim", claim.sentence)]

    def _query(self, one: Obligation, kind: str, of: tuple[str, str] | None, names: _Names, writer: Writer) -> Query:
        path = names.file(names.folder(f"{self.name}/{kind}", one.of), one.at, "smt2")
        facts = [(fact.name, f"{fact.name}{f': {fact.words}' if fact.words else ''}", fact.term) for fact in one.facts]
        head = [
            *self.subject.head(version=bool(self.fixed)),
            *self._given(),
            f"to show: {one.of}",
            f"here: {one.at}; it holds when the answer is unsat",
        ]
        return Query(path, writer.script(head, one.types, facts, one.question, f"the question: {one.asked}"), of)

    def _given(self) -> list[str]:
        given = ", ".join(f"{name} = {value_in_words(value)}" for name, value in self.fixed.items())
        return [f"in this version {given}"] if given else []

    def runs(self) -> Iterator[tuple[str, str]]:
        """The path and the text of each run."""
        for one in self.certified:
            if one.evidence is not None and one.evidence.how is How.RUNS:
                for what, path in run_paths(self.name, one.claim.sentence, one.evidence.runs).items():
                    trace = one.evidence.runs[what]
                    yield (
                        path,
                        json.dumps(as_dict(compile(self.subject.system, dict(trace.profile)), trace), indent=1) + "\n",
                    )


def run_paths(section: str, sentence: str, whats: Iterable[str]) -> dict[str, str]:
    """For each thing that runs show, the file of its run."""
    names = _Names()
    return {what: names.file(f"{section}/runs/{_slug(sentence)}", what, "json") for what in whats}


class _Names:
    """Names of files made from sentences: short, plain and each once."""

    def __init__(self) -> None:
        self._folders: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def folder(self, parent: str, sentence: str) -> str:
        key = (parent, sentence)
        if key not in self._folders:
            self._folders[key] = self._new(f"{parent}/{_slug(sentence)}", "")
        return self._folders[key]

    def file(self, parent: str, what: str, ending: str) -> str:
        return self._new(f"{parent}/{_slug(what)}", f".{ending}")

    def _new(self, stem: str, ending: str) -> str:
        made, number = f"{stem}{ending}", 2
        while made in self._taken:
            made, number = f"{stem}-{number}{ending}", number + 1
        self._taken.add(made)
        return made


def _slug(text: str) -> str:
    plain = "".join(one if one.isascii() and one.isalnum() else " " for one in text.lower())
    return "-".join(plain.split())[:LONGEST].strip("-") or "x"
