"""What `fsm export --to promela` writes, read by SPIN: as many states as we count, and the same verdicts.

A state is stored for each snapshot, keys told apart by their names, also beside a never claim that stays where it is: what is compared with is how many ways there are to name what each
snapshot holds that we count up to renaming (`Explored.told_apart`). Claims of which SPIN must find nothing wrong are asked together,
in one search of all states; each of which it must find something alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from fsm import Machine, System, as_system
from fsm.command.invocation.target import resolve
from fsm.desk import DESK
from fsm.errors import BadProfile
from fsm.verification import Proved, Refuted, Unknown, verify
from fsm.verification.promela import promela
from fsm.verification.search.enumeration import enumerate_snapshots
from fsm.verification.search.results import Explored
from tests.verification.random_systems import systems_with_claims

from .spin import SOAK, Spin

REGRESSION = Path(__file__).parents[1] / "regression"
NOT_COMPARED = {
    "cash_machine": "its timers of many seconds are too many milliseconds",
    "elevator": "its timers of many seconds are too many milliseconds",
    "microwave": "its timers of many seconds are too many milliseconds",
    "traffic_light": "its timers of many seconds are too many milliseconds",
    "dead_end": "its timers of many seconds are too many milliseconds",
    "open_door": "its timers of many seconds are too many milliseconds",
    "two_channels": "its timers of many seconds are too many milliseconds",
    "slow_lift": "its timers of many seconds are too many milliseconds",
    "railway_crossing": "its timers of many seconds are too many milliseconds",
    "gate_among_cars": "its timers of many seconds are too many milliseconds",
    "warden": "its times in state are too many milliseconds",
    "time_in_state": "its times in state are too many milliseconds",
    "overdrawn": "its timer of a second beside its numbers is too many milliseconds",
    "reserved": "its numbers are too many",
    "two_states": "its numbers are too many",
    "product_of_counters": "its numbers are too many",
    "turnstile": "its numbers have no end",
    "sliding_window": "its numbers have no end",
    "collatz": "its numbers have no end",
    "long_way_fair": "its numbers have no end",
    "ticket_lock": "its numbers have no end",
    "unbounded_data": "its numbers have no end",
}
"""Of which we do not count every snapshot ourselves, or only in minutes."""
FAULTY = {"overlapping_wires": "count<=1", "blocked_timer": "ok"}
"""Whose declaration is at fault, and the assertion that says so."""
FILES = {file.stem + "-" * (file.parent.name == "refuted"): file for file in sorted(REGRESSION.glob("*/*.py"))}
COMPARED = {name: file for name, file in FILES.items() if file.stem not in NOT_COMPARED and file.stem not in FAULTY}
KEYS = 2
DRAWN = 6
NEAR = 100
"""So many steps deep what SPIN must find is looked for first: its search goes as deep as it can, and comes back late."""
FOUND = {
    "always": Refuted,
    "each step": Refuted,
    "within": Refuted,
    "leads to": Refuted,
    "reachable": Proved,
    "can happen": Proved,
}
"""What it means that SPIN finds something."""
BAD = re.compile(r"never claim_(\d+) \{\n  do\n  :: (.*) -> break\n  :: else\n")


@attrs.frozen
class Compared:
    """What SPIN must find, by the place of the claim, and what not."""

    loud: tuple[int, ...]
    quiet: tuple[int, ...]
    alone: tuple[int, ...]
    left: tuple[int, ...]


def expected(system: System, counted: Explored, model: str) -> Compared:
    """From our own verdicts: those of the count, and of the proof where a count says nothing."""
    said = {int(place) for place in re.findall(r"^never claim_(\d+) ", model, re.MULTILINE)}
    together = {int(place) for place, _ in BAD.findall(model)}
    proofs = verify(system, definition=False).verdicts if said - together else counted.verdicts
    wrong, unknown = set(), set()
    for place in said:
        verdict = counted.verdicts[place] if place in together else proofs[place]
        kind = FOUND[system.properties[place].modality.value]
        elsewhere = (
            isinstance(verdict, Refuted)
            and verdict.trace is not None
            and dict(verdict.trace.profile) != dict(counted.params)
        )
        if isinstance(verdict, Unknown) or elsewhere:  # a proof is of every profile, a run that refutes of its own
            unknown.add(place)
        wrong |= {place} if isinstance(verdict, kind) and place not in unknown else set()
    said -= unknown
    left = set(range(len(system.properties))) - said
    quiet = tuple(sorted(together - wrong - unknown))
    alone = tuple(sorted(said - together - wrong))
    return Compared(tuple(sorted(wrong)), quiet, alone, tuple(sorted(left)))


def compare(target: Machine | System, params: Mapping[str, Any], keys: int, spin: Spin) -> Compared:
    """Ask SPIN how many states there are and of every claim; what it says must be what we say."""
    system = as_system(target)
    model = promela(system, params, keys=keys)
    counted = enumerate_snapshots(system, params, keys=keys)
    assert counted.complete, counted.why

    claims = expected(system, counted, model)
    conditions = {int(place): condition for place, condition in BAD.findall(model)}
    together = " || ".join([conditions[place] for place in claims.quiet] or ["false"])
    whole = f"{model}never quiet {{\n  do\n  :: {together} -> break\n  :: else\n  od\n}}\n"
    waiting = any(f"int waits{place};" in model for place in claims.quiet)  # a stopwatch tells states apart
    answer = spin.ask(spin.verifier(whole, *(f"-DCLAIM_{place}" for place in claims.quiet)), "quiet")
    assert ("", True) == (answer.error, answer.complete)
    stored = spin.ask(spin.verifier(model, claims=False)).stored if waiting else answer.stored
    assert counted.told_apart == stored
    for place in claims.alone:
        answer = spin.ask(spin.verifier(model, f"-DCLAIM_{place}"), f"claim_{place}")
        assert ("", True) == (answer.error, answer.complete), system.properties[place]
    if claims.loud:
        verifier = spin.verifier(model, *(f"-DCLAIM_{place}" for place in claims.loud))
        for place in claims.loud:
            near = spin.ask(verifier, f"claim_{place}", depth=NEAR)
            assert near.error or spin.ask(verifier, f"claim_{place}").error, system.properties[place]
    return claims


@pytest.fixture
def spin(tmp_path: Path) -> Spin:
    return Spin(tmp_path)


@pytest.mark.parametrize("name", COMPARED)
def test_spin_counts_and_judges_a_regression_machine_as_we_do(name: str, spin: Spin) -> None:
    """With two keys of each kind, under the defaults; only what no claim about single runs can say is left out."""
    system = as_system(resolve(f"{COMPARED[name]}:SUBJECT"))

    claims = compare(system, {}, KEYS, spin)

    modalities = {system.properties[place].modality.value for place in claims.left}
    assert modalities <= {"recoverable", "leads to", "each leads to"} or name.startswith("emitted_goal")


@pytest.mark.parametrize(("chats", "contacts"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5 if SOAK else 3)])
def test_spin_counts_and_judges_the_desk_as_we_do(chats: int, contacts: int, spin: Spin) -> None:
    """The desk of one agent with so many chats; durations of a few milliseconds. As many contacts as chats are in the world, but of
    five, which SPIN tells apart in a hundred and twenty ways, only with SOAK=1: a quarter of an hour."""
    params = {"max_chats": chats, "accept_window": 2, "non_response_after": 1}

    claims = compare(DESK, params, contacts, spin)

    assert 52 == len(claims.loud) + len(claims.quiet)
    assert 8 == len(claims.left)


@pytest.mark.parametrize("name", FAULTY)
def test_a_fault_of_a_declaration_is_an_assertion_that_fails(name: str, spin: Spin) -> None:
    """Two wires at once, and time that stops: our definition checks, said by SPIN."""
    (file,) = (file for file in FILES.values() if file.stem == name)

    answer = spin.ask(spin.verifier(promela(resolve(f"{file}:SUBJECT"), {}, keys=KEYS), claims=False))

    assert answer.error.startswith("assertion violated") and FAULTY[name] in answer.error.replace(" ", "")


def test_a_model_that_says_something_else_is_noticed(spin: Spin) -> None:
    """A transition from another state: another count. Otherwise the tests above could not fail."""
    system = as_system(resolve(f"{FILES['peterson']}:SUBJECT"))
    model = promela(system, {})
    other = re.sub(r"taken = \(\((\w+) == 0\)", r"taken = ((\1 == 1)", model, count=1)

    right, wrong = (spin.ask(spin.verifier(text, claims=False)).stored for text in (model, other))

    assert other != model and right != wrong


def test_thirty_machines_and_more_are_compared_and_what_is_not_has_a_reason() -> None:
    """What is left out is counted: a machine that is added is compared, or says here why not."""
    assert len(COMPARED) >= 30
    assert set(NOT_COMPARED) | set(FAULTY) <= {file.stem for file in FILES.values()}
    assert (len(NOT_COMPARED), len(FAULTY)) == (22, 2)


def test_spin_counts_and_judges_systems_drawn_at_random_as_we_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Their names meet, their claims may be false; those whose profile breaks an assumption, or that we do not count, are drawn again."""
    compared = 0

    @settings(
        max_examples=40,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(systems_with_claims())
    def each(drawn: System) -> None:
        nonlocal compared
        system = attrs.evolve(drawn, profiles=())  # SPIN is asked about the defaults, a proof may be of a version alone
        if compared == DRAWN:
            return
        try:
            counted = enumerate_snapshots(system, {}, keys=KEYS, budget=500)
        except BadProfile:
            return
        if counted.complete:
            compare(system, {}, KEYS, Spin(tmp_path_factory.mktemp("drawn")))
            compared += 1

    each()

    assert DRAWN == compared
