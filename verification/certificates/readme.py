"""What a certificate claims and why, in the words of the declaration: README.txt beside the questions."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from fsm.language.printing import duration_in_words, value_in_words
from fsm.verification.certificates.files import Certified, Query, Section, run_paths
from fsm.verification.certificates.smtlib import quoted
from fsm.verification.evidence import Evidence, How, by_questions

__all__ = ["readme"]

WIDTH = 100


def readme(sections: tuple[Section, ...]) -> str:
    """The page of one machine or system."""
    subject = sections[0].subject
    lines = [*subject.head(version=True), ""]
    lines += _said(subject.system.doc, "")
    lines += _said(
        "Every .smt2 file is a closed SMT-LIB 2 script, and says in comments what it asks. It holds when a solver answers unsat.",
        "",
    )
    lines += _said(
        "A claim holds when all scripts do that are named under it, under its lemmas, and in ground/ beside it.", ""
    )
    lines += ["", "assuming"]
    for assumption in subject.system.all_assumptions:
        lines += _said(f"{assumption.name}: {assumption.that}", "  ")
    lines += [] if subject.system.all_assumptions else ["  nothing"]
    for section in filter(lambda one: one.certified, sections):
        lines += ["", f"{section.name}, {_covers(section)}"]
        lines += _lemmas(section)
        for one in section.certified:
            lines += ["", *_claim(one, section)]
    return "\n".join(lines) + "\n"


def _lemmas(section: Section) -> Iterator[str]:
    """What is taken for granted, then each lemma: its formula, what it uses, its questions."""
    files: dict[str, list[Query]] = {}
    for query in section.queries:
        if query.of is None or query.of[0] == "lemma":
            files.setdefault("ground" if query.of is None else query.of[1], []).append(query)
    for name, queries in files.items():
        yield ""
        yield from _said("ground: what every claim takes for granted" if name == "ground" else f"lemma: {name}", "  ")
        if name != "ground":
            yield from _said(section.words(name), "    ")
            for used in section.proofs[name]:
                yield from _said(f"uses the lemma: {used}", "    ")
        yield from _files(queries, section)


def _files(queries: list[Query], section: Section) -> Iterator[str]:
    """The rules that stand as facts in some of these questions, and the questions."""
    for rule in section.subject.system.rules:
        if any(quoted(f"rule: {rule.name}") in query.text for query in queries):
            yield from _said(f"assumes that the event keeps the rule: {rule.name}", "    ")
    yield from (f"    {query.path}" for query in queries)


def _covers(section: Section) -> str:
    given = ", ".join(f"{name} = {value_in_words(value)}" for name, value in section.fixed.items())
    return f"where {given}" if given else "for every value of every parameter"


def _claim(one: Certified, section: Section) -> Iterator[str]:
    yield from _said(one.claim.sentence, "  ")
    if not section.of_definition:
        yield from _said(f"{one.claim.modality.value}: {one.claim.formula}", "    ")
        if one.claim.premise is not None and one.claim.duration is None:
            yield from _said(f"from wherever {one.claim.premise}", "    ")
        if one.claim.premise is not None and one.claim.duration is not None:
            length = one.claim.duration
            value = getattr(length, "value", None)
            yield from _said(
                f"within {str(length) if value is None else duration_in_words(value)} from when {one.claim.premise}",
                "    ",
            )
    if one.evidence is None:
        yield f"    {one.verdict}: no certificate"
        return
    yield from _said(f"by the argument: {one.evidence.how.value}", "    ")
    yield from _details(one, one.evidence, section)


def _details(one: Certified, evidence: Evidence, section: Section) -> Iterator[str]:
    for name in dict.fromkeys((*evidence.lemmas, *evidence.timers)):
        if name != one.claim.sentence:
            yield from _said(f"uses the lemma: {name}", "    ")
    for name in evidence.clock:
        yield from _said(f"lemma of the clock: {name}", "    ")
    if evidence.k:
        yield f"    {evidence.k} states in a row"
    for name in evidence.pending:
        yield from _said(f"true until the goal: {name}", "    ")
    if evidence.how in (How.RANK, How.PROGRESS):
        weighed = " + ".join(f"{weight} for each {place}" for place, weight in evidence.weights)
        yield from _said(f"the rank: {weighed or '0'}; lowered by {', '.join(evidence.lowered_by)}", "    ")
    if evidence.formula:
        yield from _said(f"the invariant: {' '.join(evidence.formula.split())}", "    ")
    if evidence.snapshots:
        yield f"    {evidence.snapshots} snapshots, up to renaming of keys"
    if evidence.how is How.RUNS:
        for what, path in run_paths(section.name, one.claim.sentence, evidence.runs).items():
            yield from _said(f"{what}: {path}", "    ")
    if by_questions(evidence):
        yield from _files([query for query in section.queries if query.of == ("claim", one.claim.sentence)], section)


def _said(text: str, indent: str) -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
