"""A sample of the desk's mutants: what the whole of `fsm mutate` does, in seconds."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from fsm import Machine, System
from fsm.desk import AGENT, DESK, JOURNEY
from fsm.desk.known_mutants import REASONS
from fsm.verification.mutants.generate import mutants_of
from fsm.verification.mutants.judge import Fate, judge
from fsm.verification.mutants.subjects import Subject, subjects_of

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def subjects() -> tuple[Subject, ...]:
    return subjects_of((AGENT, DESK))


def test_a_rule_of_2019_that_is_left_out_is_noticed_and_one_of_later_years_changes_nothing_yet(
    subjects: tuple[Subject, ...],
) -> None:
    """Tasks, e-mails and waiting statuses came later: in 2019 most of their rules forbid what cannot happen anyway."""
    left_out = [one for one in mutants_of(DESK) if one.kind == "rule left out" and one.name.endswith(": left out")]
    fates = {one.name.split("'")[1]: judge(one, subjects).fate for one in left_out}

    assert set(fates.values()) == {Fate.KILLED, Fate.EQUIVALENT}
    assert {name for name, fate in fates.items() if fate is Fate.EQUIVALENT} == {
        "nothing is offered while a status waits", "no task while another channel is live", "no e-mail while another channel is live",
        "no task while another channel is held", "no e-mail while another channel is held",
    }  # fmt: skip


@pytest.mark.parametrize(("home", "many"), [(AGENT, 113), (DESK, 535), (JOURNEY, 93)], ids=["agent", "desk", "journey"])
def test_how_many_faults_are_planted(home: Machine | System, many: int) -> None:
    """One that is added or lost shows here, and in the tables that a reader sees."""
    assert many == len(mutants_of(home))
    assert f"\n| {home.name} | {many} |" in (ROOT / "docs" / "how-to" / "mutants.md").read_text(encoding="utf-8")


def test_a_reason_names_a_mutant_and_no_mutant_has_two() -> None:
    """Whether it survives is asked by `fsm mutate`; that it is planted at all is asked here."""
    named = Counter((home.name, name) for home, _, names in REASONS for name in names)
    planted = {(home.name, one.name) for home, _, _ in REASONS for one in mutants_of(home)}

    assert named.keys() <= planted
    assert {1} == set(named.values())
