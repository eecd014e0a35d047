"""What is proved of drawn systems is confirmed by the checker, or it is known why not."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Mapping
from random import randrange
from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings

from fsm import System
from fsm.canonical import write
from fsm.verification import Proved
from fsm.verification.certificates.confirming import order_of
from fsm.verification.certificates.files import CertifiedSubject
from fsm.verification.certificates.questions.by_kind import claim_id
from fsm.verification.checker.asking import outcomes_of
from fsm.verification.decide import response
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover
from fsm.verification.engines import spacer
from fsm.verification.evidence import by_questions
from fsm.verification.search.breadth_first import Found
from fsm.verification.search.goal import Goal

from ..random_systems import systems_with_claims  # noqa: TID252  # the suite is no installed package

SOAK = "SOAK" in os.environ
"""Set by `make soak`: then two thousand systems are drawn anew, and how many proofs were not confirmed is printed."""
PARTS = 5 if SOAK else 1
MANY = int(os.environ.get("DRAWN", "2000")) // PARTS if SOAK else 12
TOGETHER = 10
"""Of so many systems from one seed each is drawn afresh; of more, Hypothesis makes most from those it drew before."""
SNAPSHOTS = 100

pytestmark = [pytest.mark.soak] if SOAK else []


class Hasty(Prover):
    """A prover whose searches are short."""

    def search(
        self, profile: Mapping[str, Any], goals: dict[str, Goal], budget: int = SNAPSHOTS, *, just_in_time: bool = False
    ) -> Found:
        return super().search(profile, goals, min(budget, SNAPSHOTS), just_in_time=just_in_time)


def reasons(system: System) -> list[str]:
    """For each claim of a system that is proved by questions: by what, and why the checker does not confirm it, empty where it does."""
    prover = Hasty(system)
    proved = {}
    for claim in system.properties:
        verdict = decide(prover, claim)
        if isinstance(verdict, Proved) and verdict.evidence is not None and by_questions(verdict.evidence):
            proved[str(claim_id(system, claim, of_definition=False))] = verdict.evidence
    if not proved:
        return []
    subject = CertifiedSubject("system", system.name, system, None)
    outcomes = outcomes_of(write(system), order_of(subject, {}, proved))
    return [f"{proved[name].how.name}: {why}" if why else "" for name, why in outcomes.items()]


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_proved_of_drawn_systems_is_confirmed(part: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """By an encoding of its own, from the canonical form and the evidence."""
    monkeypatch.setattr(spacer, "BUDGET", 100_000)
    monkeypatch.setattr(response, "QUICK", SNAPSHOTS)
    monkeypatch.setattr(response, "BUDGET", SNAPSHOTS)
    found: Counter[str] = Counter()

    @settings(max_examples=min(MANY, TOGETHER), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(systems_with_claims())
    def confirmed(system: System) -> None:
        for why in reasons(system):
            found[re.sub(r"[0-9]+", "#", why)] += 1
        if os.environ.get("DRAWN_TO"):
            with open(os.environ["DRAWN_TO"], "a") as file:
                file.writelines(f"{system.name} {why}\n" for why in reasons(system) if why)

    first = randrange(10**9) if SOAK else 0
    for number in range(first, first + max(1, MANY // TOGETHER)):
        seed(number)(confirmed)()

    if SOAK:
        print(f"{found['']} of {found.total()} proofs are confirmed; not: {dict(found)}")
    assert found[""] > MANY
    assert 0.02 >= 1 - found[""] / found.total(), found
