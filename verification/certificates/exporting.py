"""The questions of every proof as one SMT-LIB 2 script, for any solver that reads it.

Each question is closed, and stands between `(reset)`s with the answer that a proof needs. Words of the declaration stand in comments
alone, each on one line, in ASCII: none is read by a parser.
"""

from __future__ import annotations

from collections.abc import Iterator

from fsm.verification.certificates.confirming import sections_of
from fsm.verification.certificates.files import Query, TheorySection
from fsm.verification.certificates.wording import Wording
from fsm.verification.comments import in_comment
from fsm.verification.facts import FactId
from fsm.verification.verdict import Report

__all__ = ["script_of"]

LOGIC = "(set-logic ALL)"


def script_of(report: Report) -> str:
    """Every question on which the proofs of a report rest, each once; claims that no question shows are named at the top."""
    sections = sections_of(report)
    return "\n".join([*_note(report, sections), *(line for one in sections for line in _section(one)), ""])


def _note(report: Report, sections: tuple[TheorySection, ...]) -> Iterator[str]:
    where = "every value of every parameter" if report.profile is None else f"version {report.profile.name}"
    many = sum(len(one.queries) for one in sections)
    yield _comment(f"{report.kind} {report.name}, {where}: written by fsm export --to smt2.")
    yield ";"
    yield _comment(f"{many} questions; the proofs hold when the answer to each is unsat.")
    yield ";"
    yield _comment("What it does not say:")
    yield _comment("  carried data: no condition reads it, and no question speaks of it.")
    yield _comment("  instants: a question is about one step or a few, each time in state being a number.")
    for section in sections:
        asked = {id_ for id_, _, _ in section.asked}
        for one in section.certified:
            if one.id not in asked or one.id in section.wrong:
                why = "shown by runs or by an enumeration" if one.evidence is not None else one.verdict
                yield _comment(f"  the claim {one.claim.sentence!r}: {why}, and no question shows that.")


def _section(section: TheorySection) -> Iterator[str]:
    if not section.queries:
        return
    words = Wording(section.theory.counting)
    yield ";"
    yield _comment(f"{section.name}: what each symbol stands for")
    for symbol in section.symbols:
        yield _comment(f"  {symbol}: {words.symbol(symbol)}")
    for id_, claim, evidence in section.asked:
        if id_ not in section.wrong:
            lemmas = [section.formula(lemma) for lemma in (*evidence.lemmas, *evidence.timers)]
            yield _comment(f"the claim {claim.sentence!r} holds by {'; '.join(lemmas) or 'questions of its own'}")
    sentences = {one.id: one.claim.sentence for one in section.certified}
    for query in section.queries:
        yield ""
        yield _comment(_about(query, section, sentences))
        yield "(reset)"
        yield f"{LOGIC}\n(set-info :status unsat)".join(query.text.rstrip("\n").split(LOGIC, 1))


def _about(query: Query, section: TheorySection, sentences: dict[FactId, str]) -> str:
    if query.of is None:
        return f"what every claim takes for granted: that {query.asked}"
    if query.is_lemma:
        return f"the lemma {section.formula(query.of)}: that {query.asked}"
    return f"the claim {sentences[query.of]!r}: that {query.asked}"


def _comment(words: str) -> str:
    return f"; {in_comment(words)}"
