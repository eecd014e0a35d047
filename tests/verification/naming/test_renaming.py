"""Renaming changes no byte of any solver's text: every named thing is called otherwise, and the same questions are asked.

Two things that meet in one symbol, a fact that is looked up by its text, an order that a name decides: each of these asks
something else under other names.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from multiprocessing import Pipe
from typing import Any

import attrs
import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fsm import Machine, System
from fsm.canonical import document, read_document, renamed
from fsm.desk.journey import transcript
from fsm.verification import verify
from fsm.verification.certificates.confirming import sections_of
from fsm.verification.certificates.schema import section_out
from fsm.verification.certificates.smtlib import ScriptWriter
from fsm.verification.decide import prover
from fsm.verification.encoding import counting
from fsm.verification.encoding.symbols import integer
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.packed.exploring import explore
from fsm.verification.solver import Solver
from fsm.verification.verdict import Proved, Refuted

from ...fsm.canonical import workshop  # noqa: TID252  # the suite is no installed package
from ...fsm.canonical.subjects import NAMES, subject  # noqa: TID252  # the suite is no installed package
from ..random_systems import systems_with_claims  # noqa: TID252  # the suite is no installed package
from .names import adversarial, our_words

HANDED = {
    f"{kind.__module__}:{kind.__qualname__}": kind
    for module in (transcript, workshop)
    for kind in vars(module).values()
    if isinstance(kind, type)
}
SOAK = "SOAK" in os.environ
pytestmark = [pytest.mark.soak] if SOAK else []
TOO_LONG = ("workshop",)
"""Made for having every construct, not for being proved: its cells are too many."""
LONG = (
    "desk", "journey", "tile", "thing", "proved/alternating_bit", "proved/bakery", "proved/leader_election", "proved/finite", "refuted/philosophers", "refuted/two_channels",
    "proved/fischer", "unknown/product_of_counters", "proved/railway_crossing", "unknown/ticket_lock", "unknown/unbounded_data",
)  # fmt: skip
"""Two to forty seconds for each; `make soak` has them."""
APPLIED = {
    f"{function.__module__}:{function.__qualname__}": function
    for module in (transcript, workshop)
    for function in vars(module).values()
    if callable(function) and hasattr(function, "__qualname__")
}


class Heard:
    """What was handed to Z3, in order: a digest of each term, made of those of its parts; its text says no more."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._known: dict[tuple[int, int], tuple[Any, str]] = {}

    def hear(self, what: str, *terms: Any) -> None:
        self.texts.append(" ".join([what, *map(self._digest, terms)]))

    def _digest(self, term: Any) -> str:
        if not isinstance(term, z3.AstRef):
            return repr(term)
        key = term.ctx.ref().value, term.ast.value
        if key not in self._known:
            parts = [term.decl(), *term.children()] if z3.is_app(term) and term.num_args() else []
            text = " ".join(map(self._digest, parts)) or term.sexpr()
            self._known[key] = (term, sha256(text.encode()).hexdigest()[:16])
        return self._known[key][1]


ASKED = {
    Solver: ("add", "push", "pop", "check", "set"),
    z3.Optimize: ("add", "minimize", "check", "set"),
    z3.Fixedpoint: ("rule", "query", "register_relation", "declare_var", "set"),
}


@contextmanager
def overheard() -> Iterator[Heard]:
    """Everything that Z3 is told and asked."""
    heard = Heard()
    with pytest.MonkeyPatch.context() as patched:
        for kind, methods in ASKED.items():
            for method in methods:
                patched.setattr(kind, method, _heard(heard, f"{kind.__name__}.{method}", getattr(kind, method)))
        yield heard


def _heard(heard: Heard, what: str, honest: Any) -> Any:
    def told(self: Any, *given: Any, **named: Any) -> Any:
        heard.hear(what, *_flat(given), *_flat(sorted(named.items())))
        return honest(self, *given, **named)

    return told


def _flat(given: Any) -> Iterator[Any]:
    for one in given:
        if isinstance(one, list | tuple):
            yield from _flat(one)
        else:
            yield one


@attrs.frozen
class Told:
    """What verification of a declaration hands to solvers, and what comes of it, names left out."""

    asked: list[str]
    scripts: list[tuple[str, str]]
    evidence: list[Any]
    verdicts: list[tuple[str, int | None]]


def told(declaration: Machine | System) -> Told:
    """In a process of its own, forked from here: which of several answers Z3 finds may hang on what it was asked before."""
    receiving, sending = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        sending.send(attempted(declaration))
        os._exit(0)
    sending.close()
    try:
        answer = receiving.recv()
    finally:
        os.waitpid(child, 0)
    assert isinstance(answer, Told), answer
    return answer


def attempted(declaration: Machine | System) -> Told | str:
    try:
        return asked_here(declaration)
    except BaseException:  # noqa: BLE001  # told by whoever waits for it
        return traceback.format_exc()


def asked_here(declaration: Machine | System) -> Told:
    with overheard() as heard:
        report = verify(declaration)
    sections = sections_of(report)
    return Told(
        heard.texts,
        [(query.path, query.text) for section in sections for query in section.queries],
        [_without_words(section_out(section)) for section in sections],
        [(type(one).__name__, _length(one)) for one in report.all],
    )


def _without_words(document_: Any) -> Any:
    claims = tuple(
        attrs.evolve(one, sentence="", evidence=one.evidence and _without_keys(one.evidence))
        for one in document_.claims
    )
    return attrs.evolve(document_, claims=claims)


def _without_keys(evidence: Any) -> Any:
    """A new instance is called by the first letter of its part's key; two parts whose keys begin alike may use a name again."""
    runs = tuple(
        attrs.evolve(run, steps=tuple(attrs.evolve(step, fields=()) for step in run.steps)) for run in evidence.runs
    )
    return attrs.evolve(evidence, runs=runs)


def _length(verdict: Any) -> int | None:
    run = verdict.trace if isinstance(verdict, Refuted) else verdict.witness if isinstance(verdict, Proved) else None
    return None if run is None else len(run.steps)


def twins(declaration: Machine | System, seed: int) -> tuple[Machine | System, Machine | System]:
    """A declaration read back as it is, and called otherwise."""
    tree = document(declaration)
    return read_document(tree, functions=APPLIED, types=HANDED), read_document(
        renamed(tree, adversarial(seed)), functions=APPLIED, types=HANDED
    )


def assert_same(one: Told, other: Told) -> None:
    assert one.verdicts == other.verdicts
    differ = [place for place, pair in enumerate(zip(one.asked, other.asked, strict=False)) if pair[0] != pair[1]]
    assert (len(one.asked), []) == (len(other.asked), differ[:3])
    assert one.scripts == other.scripts
    assert one.evidence == other.evidence


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.soak] if name in LONG else []) for name in NAMES if name not in TOO_LONG],
)
def test_a_declaration_called_otherwise_is_asked_about_in_the_same_bytes(name: str) -> None:
    """Every question to Z3, every script of a certificate, every verdict and the length of every run."""
    plain, other = twins(subject(name), NAMES.index(name))

    assert_same(told(plain), told(other))


@settings(max_examples=100 if SOAK else 4, deadline=None, derandomize=not SOAK, suppress_health_check=list(HealthCheck))
@given(systems_with_claims(), st.integers(0, 10**6))
def test_so_is_a_system_drawn_at_random(system: System, seed: int) -> None:
    """Whatever it is made of."""
    plain, other = twins(system, seed)

    assert_same(told(plain), told(other))


COUNTED = ("refuted/wolf_goat_cabbage", "proved/token_ring", "refuted/jugs", "refuted/missionaries", "proved/peterson")


@pytest.mark.parametrize("name", COUNTED)
def test_as_many_snapshots_are_counted(name: str) -> None:
    """By packed numbers and by the step, with as many ends and the same verdicts."""
    for count in (explore, enumerate_snapshots):
        one, other = (count(declaration) for declaration in twins(subject(name), 7))  # type: ignore[operator]  # either of two

        assert one.snapshots == other.snapshots
        assert [type(verdict) for verdict in one.verdicts] == [type(verdict) for verdict in other.verdicts]


# That it would be noticed


def test_the_words_are_those_of_the_sources() -> None:
    """Among them what once met: the clock, the delay, the count of effects, marks of timers."""
    assert {
        "delay",
        "elapsed",
        "emitted",
        "spent",
        "counter",
        "assumption",
        "claim",
        "fact",
        "premise",
        "waiting",
    } <= set(our_words())
    assert len(our_words()) > 1_000


@pytest.mark.parametrize("place", ["symbol", "fact", "order"])
def test_a_name_that_reaches_a_solver_is_noticed(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a symbol made of a name, a name in a script, an order that a name decides."""
    plain, other = twins(subject("proved/two_phase_commit"), 3)
    if place == "symbol":
        monkeypatch.setattr(counting, "integer", lambda kind, *at: integer(kind, *at, sum(map(ord, CALLED[0]))))
    elif place == "fact":
        script = ScriptWriter.script
        monkeypatch.setattr(
            ScriptWriter, "script", lambda self, of, at, *rest: script(self, of, f"{at} {CALLED[0]}", *rest)
        )
    else:
        candidates = prover._candidates
        monkeypatch.setattr(prover, "_candidates", lambda counting: _ordered(candidates(counting), plain.name))
    with pytest.raises(AssertionError):
        assert_same(*(told_called(declaration) for declaration in (plain, other)))


def told_called(declaration: Machine | System) -> Told:
    """What is told, with what the planted faults know of it."""
    CALLED[:] = [declaration.name]
    return told(declaration)


CALLED: list[str] = []


def _ordered(facts: dict[Any, Any], name: str) -> dict[Any, Any]:
    return dict(facts.items() if CALLED[0] == name else reversed(facts.items()))
