"""The tool checked: every fault planted in it is caught by the tests named beside it, and by none of them where nothing is planted."""

from __future__ import annotations

import os

import attrs
import pytest

from .faults import FAULTS as FIRST
from .faults import Fault
from .faults_of_doors import FAULTS_OF_DOORS
from .faults_of_the_encoding import FAULTS_OF_THE_CHECKER, FAULTS_OF_THE_ENCODING, EncodingFault
from .planting import Garden, StaleFault

FAULTS = (*FIRST, *FAULTS_OF_DOORS, *FAULTS_OF_THE_CHECKER)
ALL = "PLANT" in os.environ
"""Set by `make plant`; the suite plants a few."""
PLANTED = [fault for fault in FAULTS if ALL or fault.quick]


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Garden:
    return Garden(tmp_path_factory.mktemp("garden"))


def test_there_are_faults_enough_and_each_is_another() -> None:
    """At least twenty-five; a name says which."""
    assert 25 <= len(FAULTS) == len({fault.name for fault in FAULTS})
    assert all(fault.caught_by for fault in FAULTS)


def test_the_tests_that_catch_pass_where_nothing_is_planted(garden: Garden) -> None:
    tests = dict.fromkeys(one for fault in PLANTED for one in fault.caught_by)

    assert dict.fromkeys(tests, "passed") == garden.outcomes(tests)


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(garden: Garden, fault: Fault, table: list[tuple[str, str, str]]) -> None:
    """By every test named, which fails and does not merely break."""
    with garden.planted(fault):
        found = garden.outcomes(fault.caught_by)
    caught = set(found.values()) == {"failed"}
    table.append((fault.name, fault.file, ", ".join(one.rpartition("/")[2] for one in found) if caught else ""))

    assert dict.fromkeys(fault.caught_by, "failed") == found


@pytest.mark.parametrize(
    "one", FAULTS_OF_THE_ENCODING if ALL else FAULTS_OF_THE_ENCODING[:1], ids=lambda one: one.fault.name
)
def test_what_a_fault_of_the_encoding_proves_the_checker_refuses(
    garden: Garden, one: EncodingFault, table: list[tuple[str, str, str]]
) -> None:
    """The prover alone claims what is false, or even that it does not; what is confirmed is true all the same."""
    with garden.planted(one.fault):
        found = garden.outcomes((one.prover, one.checker))
    refused = found[one.checker] == "passed"
    how = "the checker: the prover claims what is false" if one.claimed else "nothing: nothing false is claimed"
    table.append((one.fault.name, one.fault.file, how if refused else ""))

    assert {one.prover: "failed" if one.claimed else "passed", one.checker: "passed"} == found


def test_every_fault_still_finds_its_place(garden: Garden) -> None:
    """All whose text has changed since, or stands there twice, are told at once."""
    stale = []
    for fault in (*FAULTS, *(one.fault for one in FAULTS_OF_THE_ENCODING)):
        try:
            with garden.planted(fault):
                pass
        except StaleFault as moved:
            stale.append(str(moved))

    assert [] == stale


def test_every_test_that_shall_catch_a_fault_is_there(garden: Garden) -> None:
    """One that was given another name is told before anybody plants all faults."""
    named = {one.partition("[")[0] for fault in FAULTS for one in fault.caught_by}
    known = {
        file: (garden.folder / "tests" / file).read_text("utf-8") for file in {one.split("::")[0] for one in named}
    }

    assert [] == sorted(one for one in named if f"def {one.rpartition('::')[2]}(" not in known[one.split("::")[0]])


@pytest.mark.parametrize("old", ["no such text", "return"])
def test_a_stale_fault_is_an_error(garden: Garden, old: str) -> None:
    with pytest.raises(StaleFault, match="times in"), garden.planted(attrs.evolve(FAULTS[0], old=old)):
        pass


def test_a_patch_that_makes_no_sense_catches_nothing(garden: Garden) -> None:
    """A test that fails since a name is unknown says nothing of the fault."""
    nonsense = attrs.evolve(FAULTS[0], new='    "<": no_such_name,\n')
    with garden.planted(nonsense):
        assert {"broken"} == set(garden.outcomes(nonsense.caught_by).values())
