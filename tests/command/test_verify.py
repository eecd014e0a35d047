"""`fsm verify` as people and CI call it: a process, a page or JSON, and a status that says what was found."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.group import fsm
from fsm.command.prove import groups, targets
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE

REGRESSION = Path(__file__).parents[1] / "regression"
BOTH = ("fsm.desk:DESK", "fsm.desk:JOURNEY")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, ["verify", *arguments])


CONFIRMED = re.compile(r"Every proof is confirmed by the checker, which asked cvc5 \S+;\s+runs are replayed\.")
UNCONFIRMED = "Not confirmed by the checker: --fast leaves that out."


def test_the_desk_is_proved_and_the_page_says_so_the_same_every_time(
    desk_verified: subprocess.CompletedProcess[str], desk_proved: subprocess.CompletedProcess[str]
) -> None:
    """Status 0, nothing on stderr, no timing on the page; byte for byte the same under another order of hashes, but for the
    checker's word, of which tests/acceptance/test_same_every_time.py sees that."""
    page = desk_verified.stdout

    assert (0, 0, "") == (desk_verified.returncode, desk_proved.returncode, desk_proved.stderr)
    assert CONFIRMED.sub(UNCONFIRMED, page) == desk_proved.stdout != page
    assert re.fullmatch(r"\d+ proved, 0 refuted, 0 unknown", page.splitlines()[-1])
    assert not re.search(r"\bseconds?\b|\belapsed\b|\d+\.\d+ ?m?s\b", page)


def test_of_two_systems_all_machines_come_first() -> None:
    """A machine that both share is proved once."""
    assert [[AGENT, TILE, CONTACT], [DESK], [JOURNEY]] == groups(BOTH)


def test_of_a_system_its_machines_come_first_and_a_machine_stands_alone() -> None:
    """A machine that two parts share is proved once."""
    assert [[AGENT, TILE], [DESK]] == groups(["fsm.desk:DESK"])
    assert [[TILE]] == groups(["fsm.desk.tile:TILE"])
    assert ["process", "two_processes"] == [
        one.name for one in targets([f"{REGRESSION / 'refuted/peterson_without_turn.py'}:SUBJECT"])
    ]


@pytest.mark.parametrize(("file", "status"), [("proved/finite", 0), ("refuted/trap", 1), ("unknown/collatz", 3)])
def test_the_status_says_what_was_found(file: str, status: int) -> None:
    """0 proved, 1 refuted, 3 unknown; the document says the same, and every property stands in it."""
    done = run(f"{REGRESSION / file}.py:SUBJECT", "--json", "--fast")
    document = json.loads(done.stdout)

    assert (status, status, 1) == (done.exit_code, document["exit_status"], document["format"])
    assert file.split("/")[0] in {claim["verdict"] for report in document["reports"] for claim in report["properties"]}


def test_a_wrong_target_is_wrong_usage() -> None:
    """One line that says what next, status 2: no verdict."""
    command = [Path(sys.executable).with_name("fsm"), "verify", "fsm.desk:DESKS"]
    done = subprocess.run(command, capture_output=True, text=True)

    assert (2, "") == (done.returncode, done.stdout)
    assert 1 == len(done.stderr.splitlines())
    assert "DESKS in fsm.desk does not exist" in done.stderr


# Versions

STAFFED = """\
from fsm import Machine, NamedProfile, Rule, State, System, always, event, one, parameter, reachable

night = parameter("night", bool, False)
closed, opened = State("closed"), State("opened")

@event
class Open:
    pass

@event
class Knock:
    pass

door = one("door", Machine("door", (closed, opened), closed, (closed.on(Open).to(opened), (closed | opened).on(Knock).stay())))
OLD = NamedProfile("old", {{"night": False}}, since="2019-01-01", doc="open by day")
NEW = OLD.later("new", {{"night": True}}, since="2020-01-01", doc="never open")
SHOP = System(
    "shop", parts=(door,), parameters=(night,), rules=(Rule("by day", on=Open, when=~night),), profiles=(OLD, NEW),
    properties=({claim}),
)
"""
TRUE_TO_THE_PAGE = 'reachable("it can be open", door.inside(opened), refuted_in=("new",)),'
WRONG_PAGE = 'always("it is open or closed", door.inside(opened, closed), refuted_in=("new",)),'


def shop(folder: Path, claim: str) -> str:
    (folder / "shop.py").write_text(STAFFED.format(claim=claim), encoding="utf-8")
    return f"{folder / 'shop.py'}:SHOP"


def test_the_first_version_is_proved_unless_another_is_named(tmp_path: Path) -> None:
    """The page says which one, with its date; what a version is known to break is told as such, and well."""
    target = shop(tmp_path, TRUE_TO_THE_PAGE)
    old, new = run(target, "--fast"), run(target, "--profile", "new", "--fast")

    assert (0, 0) == (old.exit_code, new.exit_code)
    assert "version   old, since 2019-01-01: open by day" in old.stdout
    assert "✓ it can be open" in old.stdout
    assert "≠ it can be open\n      does not hold in this version, as the declaration says: " in new.stdout
    assert new.stdout.splitlines()[-1].endswith("1 refuted as expected")


def test_all_versions_are_proved_in_the_order_of_the_page(tmp_path: Path) -> None:
    """Of later ones it tells what is new; the document has them all."""
    target = shop(tmp_path, TRUE_TO_THE_PAGE)
    page, document = (
        run(target, "--all-profiles", "--fast").stdout,
        json.loads(run(target, "--all-profiles", "--fast", "--json").stdout),
    )

    assert page.index("system shop in old\n") < page.index("system shop in new\n")
    assert "all else as in old" in page
    assert ["old", "old", "new", "new"] == [report["profile"]["name"] for report in document["reports"]]
    assert [("proved", "proved"), ("refuted", "refuted")] == [
        (claim["verdict"], claim["expected"])
        for report in document["reports"]
        if report["name"] == "shop"
        for claim in report["properties"]
    ]


def test_a_claim_that_holds_though_the_page_says_that_it_does_not_is_no_success(tmp_path: Path) -> None:
    """Status 1: the page is wrong."""
    done = run(shop(tmp_path, WRONG_PAGE), "--profile", "new", "--fast")

    assert 1 == done.exit_code
    assert "proved, though the declaration says that it does not hold in this version" in done.stdout
    assert "1 proved against expectation" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fsm.desk:DESK", "--profile", "ten-chat"), "desk has no profile 'ten-chat'. It has seed, attachments, "),
        (("fsm.desk:DESK", "--profile", "seed", "--all-profiles"), "--profile and --all-profiles exclude each other"),
        ((f"{REGRESSION / 'proved/finite.py'}:SUBJECT", "--all-profiles"), "has no profiles"),
    ],
)
def test_a_wrong_version_is_wrong_usage(arguments: tuple[str, ...], said: str) -> None:
    """Status 2, and what there is."""
    done = run(*arguments)

    assert (2, "") == (done.exit_code, done.stdout)
    assert said in done.stderr
