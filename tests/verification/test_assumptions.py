"""What `fsm verify` says of assumptions that are not settled where they are declared, and of claims that hold only so."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import Assumption, Machine, NamedProfile, State, System, always, event, inside, one, parameter
from fsm.verification import Proved, Refuted, Report, Unknown, render, verify
from fsm.verification.decide.assumptions import DEFAULTS, NOTHING
from fsm.verification.definition import SATISFIED
from fsm.verification.report import exit_status, section_of
from fsm.verification.solver import Asker, GaveUp

shut, open_ = State("shut"), State("open")
first, second = parameter("first", int, 1), parameter("second", int, 1)


@event
class Go:
    pass


DOOR = Machine("door", (shut, open_), shut, (shut.on(Go).to(open_), open_.on(Go).to(shut)))
ODD = (first == second) & (first + second == 1)
"""Nothing satisfies it; to see that takes more than intervals."""


def declared(assumed: Any, *profiles: NamedProfile) -> System:
    door = one("door", DOOR)
    return System(
        "house", (door,), parameters=(first, second), assumptions=(Assumption("odd", assumed),), profiles=profiles,
        properties=(always("never open", door.inside(shut)), always("open or shut", door.inside(shut, open_))),
    )  # fmt: skip


def checks(report: Report) -> dict[str, Any]:
    return {verdict.claim.sentence: verdict for verdict in report.definition}


def test_assumptions_that_nothing_satisfies_are_a_refuted_check_and_claims_that_hold_only_so_are_no_ticks() -> None:
    """Exit status 1, and every proof is marked, those of the definition too."""
    report = verify(declared(ODD))

    assert isinstance(checks(report)[SATISFIED], Refuted)
    assert [(NOTHING,)] * 2 == [one.never for one in report.verdicts if isinstance(one, Proved)]
    assert all(one.never == (NOTHING,) for one in report.definition if isinstance(one, Proved))
    assert 1 == exit_status([report])
    page = render([section_of(report)])
    assert "✓" not in page
    assert "vacuous: it holds only because this never happens: a profile that the assumptions allow" in page


def test_what_a_profile_rules_out_is_told_of_that_profile() -> None:
    """Elsewhere the claims are what they are."""
    twice = 2 * first - 2 * second + 1 == first
    system = declared(twice, NamedProfile("well", {"first": 3}), NamedProfile("odd", {"first": 4}))

    report = verify(system)
    assert isinstance(checks(report)["profile odd satisfies the assumptions"], Refuted)
    assert "profile well satisfies the assumptions" not in checks(report)
    assert isinstance(report.verdicts[1], Proved)
    assert () == report.verdicts[1].never
    other = verify(system, profile=system.profiles[1])
    assert [(NOTHING,)] * 2 == [one.never for one in other.verdicts if isinstance(one, Proved)]


def test_a_profile_of_somebody_else_is_marked_just_so() -> None:
    """It need not be one that was declared."""
    report = verify(declared(first < 3), profile=NamedProfile("mine", {"first": 7}))

    assert [(NOTHING,)] * 2 == [one.never for one in report.verdicts if isinstance(one, Proved)]


def test_defaults_that_break_an_assumption_are_a_refuted_check() -> None:
    """With the values that they have."""
    report = verify(declared(first > second))

    assert isinstance(checks(report)[DEFAULTS], Refuted)
    assert "they break 'odd': first > second; given first = 1, second = 1" == checks(report)[DEFAULTS].argument
    assert 1 == exit_status([report])
    assert isinstance(report.verdicts[1], Proved)
    assert () == report.verdicts[1].never


def test_where_all_is_well_nothing_is_said() -> None:
    """Every definition would else have a line more."""
    assert not {SATISFIED, DEFAULTS} & {*checks(verify(declared(first >= second)))}


def test_a_solver_that_gives_up_leaves_open_whether_the_claims_are_worth_anything(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Unknown, and named beside each proof."""
    asks = Asker.ask

    def gives_up(self: Asker, question: Any, *facts: Any, **more: Any) -> Any:
        return GaveUp("tired") if str(question) == "True" else asks(self, question, *facts, **more)

    monkeypatch.setattr(Asker, "ask", gives_up)
    report = verify(declared(2 * first - 2 * second + first == 7))

    assert isinstance(checks(report)[SATISFIED], Unknown)
    assert all(NOTHING in one.unmet for one in report.verdicts if isinstance(one, Proved))
    assert 0 != exit_status([report])


def test_a_machine_is_asked_as_a_system_is() -> None:
    """Its parameters are those that it mentions."""
    odd = Machine(
        "door", (shut, open_), shut, (shut.on(Go).to(open_),),
        properties=(always("open or shut", inside(shut, open_)),), assumptions=(Assumption("odd", ODD),),
    )  # fmt: skip

    assert isinstance(checks(verify(odd))[SATISFIED], Refuted)
