"""The laws that the reports rest on are proved of the desk: for every limit, every profile and any number of contacts."""

from __future__ import annotations

import attrs
import pytest

from fsm import NamedProfile, Property, System
from fsm.desk import DESK, VERSIONS, OfferCall, SetStatus
from fsm.desk.today import REPORT_CLAIMS
from fsm.verification import Proved, Refuted
from fsm.verification.decide.decide import decide
from fsm.verification.decide.prover import Prover


@pytest.fixture(scope="module")
def every_desk() -> Prover:
    """No parameter has a value: what is proved holds for all of them."""
    return Prover(DESK)


@pytest.mark.parametrize("claim", REPORT_CLAIMS, ids=lambda claim: claim.sentence)
def test_each_law_is_proved_for_every_profile(claim: Property, every_desk: Prover) -> None:
    """By induction, without a bound on contacts (S19)."""
    verdict = decide(every_desk, claim)

    assert isinstance(verdict, Proved), verdict
    assert "every version and every value of every parameter and any number of tiles" == verdict.covers


def test_each_law_is_declared_by_the_desk() -> None:
    """So that `fsm verify` proves them with the rest, and derived tests check them after every step."""
    assert set(REPORT_CLAIMS) <= set(DESK.properties)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_each_law_holds_in_every_version_of_the_guide(version: NamedProfile) -> None:
    """None is expected to be refuted by a newer rule."""
    assert [] == [claim.sentence for claim in REPORT_CLAIMS if version.name in claim.refuted_in]


def test_a_call_beyond_the_line_is_found_where_a_rule_is_left_out() -> None:
    """Without the rule that calls must be routed to the agent, one comes where there is no line (D13)."""
    mutant: System = attrs.evolve(
        DESK, rules=tuple(rule for rule in DESK.rules if rule.name != "calls are routed to this agent")
    )
    (claim,) = (
        one for one in REPORT_CLAIMS if one.sentence == "a call is in use only where calls are routed or placed"
    )

    verdict = decide(Prover(mutant, {"voice": False, "outbound_calls": False, "max_chats": 5}), claim)

    assert isinstance(verdict, Refuted), verdict
    assert verdict.trace is not None
    assert [SetStatus, OfferCall] == [step.event.__class__ for step in verdict.trace.steps]
