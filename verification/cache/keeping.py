"""What is kept of a verdict: the evidence of a proof, with a run for each case that it speaks of; the run of a refutation.

What is unknown is not kept, and neither is what could not be shown again without a prover: a proof for want of cases, a refutation
without a run or evidence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import attrs

from fsm.errors import BadInput
from fsm.language.system import System
from fsm.runtime.engine import prepare
from fsm.storage.traces import trace_out
from fsm.traces.trace import Trace
from fsm.verification.cache.entries import Folder, Key
from fsm.verification.certificates.confirming import order_of
from fsm.verification.certificates.files import CertifiedSubject
from fsm.verification.evidence import Evidence
from fsm.verification.verdict import Proved, Refuted, Verdict

__all__ = ["keep"]


def keep(
    folder: Folder,
    key: Key,
    subject: CertifiedSubject,
    verdict: Verdict,
    cases: Mapping[str, Trace],
    *,
    confirmed: bool,
) -> None:
    """Keep a verdict.

    Args:
        cases: for each case of the claim, by its words, a run that meets it.
        confirmed: whether the checker has confirmed it, where it is a proof.
    """
    try:
        kept = _kept(subject, key.claim, verdict, cases)
    except BadInput:  # a value that has no JSON form
        return
    if kept is not None:
        folder.write(key, kept | {"confirmed": confirmed})


def _kept(subject: CertifiedSubject, claim: str, verdict: Verdict, cases: Mapping[str, Trace]) -> dict[str, Any] | None:
    system = subject.system
    match verdict:
        case Proved(evidence=evidence) if evidence is not None and not verdict.never and not verdict.unmet:
            return {
                "kind": "proved",
                "argument": verdict.argument,
                "covers": verdict.covers,
                "rules": list(verdict.rules),
                "lemmas": list(verdict.lemmas),
                "assumptions": list(verdict.assumptions),
                "witness": _run(system, verdict.witness),
                "order": _order(subject, claim, evidence),
                "cases": {words: _run(system, run) for words, run in cases.items()},
            }
        case Refuted(trace=Trace() as trace):
            return {
                "kind": "refuted",
                "argument": verdict.argument,
                "rules": list(verdict.rules),
                "trace": _run(system, trace),
            }
        case Refuted(evidence=evidence) if evidence is not None:
            return {
                "kind": "excluded",
                "argument": verdict.argument,
                "rules": list(verdict.rules),
                "order": _order(subject, claim, attrs.evolve(evidence, refuted=True)),
            }
        case _:
            return None


def _order(subject: CertifiedSubject, claim: str, evidence: Evidence) -> Any:
    """What the checker is asked, but for the values of parameters: those are of the day on which it is asked."""
    order = json.loads(order_of(subject, {}, {claim: evidence}))
    del order["fixed"]
    return order


def _run(system: System, run: Trace | None) -> Any:
    return None if run is None else trace_out(prepare(system, dict(run.profile)), run)
