"""What a certificate claims and why, in the words of the declaration: README.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap

from fsm.language.expressions import Const
from fsm.language.printing import duration_in_words, value_in_words
from fsm.language.properties import Modality
from fsm.verification.certificates.files import Certified, TheorySection
from fsm.verification.certificates.questions.followed import theory_of_one
from fsm.verification.certificates.wording import Wording
from fsm.verification.engines.wellformed import goals_of
from fsm.verification.evidence import Evidence, How
from fsm.verification.facts import FactId

__all__ = ["readme"]

WIDTH = 100


def readme(sections: tuple[TheorySection, ...]) -> str:
    """The section on one machine or system: text that can be written, whatever a sentence is made of."""
    subject = sections[0].subject
    lines = [line for text in subject.head() for line in _said(text, "")]
    lines += ["", *_said(subject.system.doc, "")]
    for text in INTRODUCTION:
        lines += _said(text, "")
    lines += ["", "assuming"]
    for assumption in subject.system.all_assumptions:
        lines += _said(f"{assumption.name}: {assumption.that}", "  ")
    lines += [] if subject.system.all_assumptions else ["  nothing"]
    for section in filter(lambda one: one.certified, sections):
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


INTRODUCTION = (
    "What stands here in words is in certificate.json by places of declaration.json, counted from 0, where "
    "fsm check-certificate reads it: it believes none of it, and asks questions of its own.",
)


def _section(section: TheorySection) -> Iterator[str]:
    yield from _said(f"{section.name}, {_covers(section)}", "")
    words = Wording(section.theory.counting) if section.asked else None
    if words is not None:
        for lemma in section.lemmas:
            yield ""
            yield from _said(f"lemma {lemma}: {words.fact(lemma)}", "  ")
            yield from _said(section.formula(lemma), "    ")
            yield from _lemmas("uses", section.proofs[lemma], words)
    for one in section.certified:
        yield ""
        yield from _claim(one, section, words)


def _covers(section: TheorySection) -> str:
    given = ", ".join(f"{name} = {value_in_words(value)}" for name, value in section.fixed.items())
    return f"where {given}" if given else "for every value of every parameter"


def _lemmas(said: str, lemmas: Iterable[FactId], words: Wording) -> Iterator[str]:
    for lemma in lemmas:
        yield from _said(f"{said} the lemma {lemma}: {words.fact(lemma)}", "    ")


def _claim(one: Certified, section: TheorySection, words: Wording | None) -> Iterator[str]:
    claim = one.claim
    yield from _said(f"{one.id}: {claim.sentence}", "  ")
    if not section.of_definition:
        yield from _said(f"{claim.modality.value}: {claim.formula}", "    ")
        if claim.premise is not None and claim.duration is None:
            yield from _said(f"from wherever {claim.premise}", "    ")
        if claim.premise is not None and claim.duration is not None:
            known = claim.duration.value if isinstance(claim.duration, Const) else None
            length = str(claim.duration) if known is None else duration_in_words(known)
            yield from _said(f"within {length} from when {claim.premise}", "    ")
    if one.evidence is None:
        yield f"    {one.verdict}: no certificate"
    elif one.id in section.wrong:
        yield from _said(f"no certificate that holds: {section.wrong[one.id]}", "    ")
    else:
        yield from _said(f"by the argument: {one.evidence.how.value}", "    ")
        yield from _runs(one, one.evidence, section)
        if words is not None:
            yield from _details(one, one.evidence, section, words)


def _runs(one: Certified, evidence: Evidence, section: TheorySection) -> Iterator[str]:
    if evidence.snapshots:
        yield f"    {evidence.snapshots} snapshots, up to renaming of keys"
    if evidence.how is How.RUNS:
        goals = goals_of(one.claim, section.subject.system, of_definition=section.of_definition)
        for what in evidence.runs:
            yield from _said(f"a run to {what}: {goals[what].words}", "    ")


def _details(one: Certified, evidence: Evidence, section: TheorySection, words: Wording) -> Iterator[str]:
    yield from _lemmas(
        "uses", (fact for fact in dict.fromkeys((*evidence.lemmas, *evidence.timers)) if fact != one.id), words
    )
    if one.claim.modality is Modality.EACH_LEADS_TO and evidence.clock:
        words = Wording(theory_of_one(section.theory, one.claim).counting)
    for fact in evidence.clock:
        yield from _said(f"lemma of the clock {fact}: {words.fact(fact)}", "    ")
    if evidence.k:
        yield f"    {evidence.k} states in a row"
    for fact in evidence.pending:
        yield from _said(f"true until the goal, {fact}: {words.fact(fact)}", "    ")
    if evidence.how in (How.RANK, How.PROGRESS):
        weighed = " + ".join(f"{weight} for {words.fact(place)}" for place, weight in evidence.weights)
        lowered = ", ".join(map(words.fact, evidence.lowered_by))
        yield from _said(f"the rank: {weighed or '0'}; lowered by {lowered}", "    ")
    if evidence.formula:
        yield from _said(f"the invariant: {' '.join(evidence.formula.split())}", "    ")


def _said(text: str, indent: str) -> list[str]:
    """A text in lines; what would break a line or cannot be written is escaped."""
    plain = "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in text)
    return wrap(
        plain,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
