"""What `fsm verify` writes for other programs: JSON by its schema, JUnit, SARIF and Markdown, all of one run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import attrs
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from fsm.command.group import fsm
from fsm.command.reports.document import document, schema
from fsm.command.reports.junit import junit
from fsm.command.reports.markdown import markdown
from fsm.command.reports.sarif import sarif
from fsm.command.verify import verify
from fsm.verification.report import KINDS, Heading, Item, Section, VerdictInWords
from tests.conftest import ROOT, Once

Done = subprocess.CompletedProcess[str]

LIFT = """\
from fsm import Machine, NamedProfile, State, always, event, inside, integer, parameter, reachable

top = parameter("top", int, 3, low=1, high=9)
still = State("still")
floor = integer("floor", 0, 12)

@event
class Up:
    pass

LIFT = Machine(
    "lift",
    (still,),
    still,
    (still.on(Up).when(floor <= top).stay().set(floor, floor + 1),),
    (floor,),
    properties=(
        always("it stays in the house", floor <= top, cites=("H1",)),
        always("it stops one above", floor <= top + 1),
        reachable("it can leave", floor > top, refuted_in=()),
        always("nobody <is> \\\\\\"hurt\\\\\\" & | `safe`", floor >= 0),
        always("deep cellars are dry", (floor < 0) >> (top == 1)),
    ),
)
"""
CONFIGURATION = '[tool.fsm]\ntargets = ["a b/lift.py", "collatz.py"]\n[[tool.fsm.unknown]]\nclaim = "everything comes to one"\nreason = "Lagarias 1985"\n'
COLLATZ = (
    (Path(__file__).parents[1] / "regression" / "unknown" / "collatz.py")
    .read_text(encoding="utf-8")
    .replace("properties=(", 'properties=(\n        recoverable("everything comes to four", number == 4),')
)
"""Two claims that nobody can decide; of one it is known."""


@pytest.fixture(scope="module")
def written(once: Once) -> Path:
    """A folder with two models and everything that one run says of them."""

    def make(folder: Path) -> None:
        (folder / "a b").mkdir(parents=True)
        (folder / "a b" / "lift.py").write_text(LIFT.replace('\\\\\\"', '\\"'), encoding="utf-8")
        (folder / "collatz.py").write_text(COLLATZ, encoding="utf-8")
        (folder / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
        fsm = Path(sys.executable).with_name("fsm")
        command = [fsm, "verify", "--fast", "-q", "--json", "--junit", "out/junit.xml", "--sarif", "fsm.sarif"]
        done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True)
        (folder / "report.json").write_text(done.stdout, encoding="utf-8")
        (folder / "ended").write_text(f"{done.returncode} {done.stderr}", encoding="utf-8")

    return once("reports", make)


@pytest.fixture(scope="module")
def report(written: Path) -> dict[str, Any]:
    assert "1 " == (written / "ended").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads((written / "report.json").read_text(encoding="utf-8"))
    return loaded


def claims(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [claim for one in report["reports"] for claim in (*one["definition"], *one["properties"])]


def test_the_document_is_as_its_schema_says(report: dict[str, Any]) -> None:
    """The schema is one, and every property that may stand there is met or said to be optional."""
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(report)

    assert {"proved", "refuted", "unknown", "known unknown", "vacuous"} == {
        claim["outcome"] for claim in claims(report)
    }


@pytest.mark.parametrize(
    "path", ["exit_status", "reports/0/fingerprint", "reports/0/properties/0/formula", "reports/0/properties/0/line"]
)
def test_the_schema_refuses_what_lacks_something(report: dict[str, Any], path: str) -> None:
    """Else it would describe nothing."""
    broken = json.loads(json.dumps(report))
    *above, last = path.split("/")
    place = broken
    for name in above:
        place = place[int(name) if name.isdigit() else name]
    del place[last]

    assert not Draft202012Validator(schema()).is_valid(broken)


def test_a_claim_says_what_it_says_and_where(report: dict[str, Any]) -> None:
    """Formula, file and line, argument, time, fingerprints; files as from the folder of the call."""
    lift = report["reports"][0]
    broken, held = lift["properties"][:2]

    assert ("a b/lift.py", 11) == (lift["file"], lift["line"])
    assert ("a b/lift.py", 18, "lift.floor ≤ top") == (broken["file"], broken["line"], broken["formula"])
    assert ("induction", "every value of top", "proved") == (held["argument"], held["covers"], held["outcome"])
    assert 0 <= held["seconds"] < 600
    assert len({claim["fingerprint"] for claim in lift["properties"]}) == len(lift["properties"])
    assert all(report["versions"].values())


def test_the_command_prints_the_schema() -> None:
    """So that whoever reads reports has it at hand."""
    done = CliRunner().invoke(verify, ["--schema"])

    assert (0, schema()) == (done.exit_code, json.loads(done.stdout))


def test_a_junit_file_has_a_case_for_each_claim(written: Path, report: dict[str, Any]) -> None:
    """With its file, its line and, of a failure, its run; unknown is an error, known to be open is skipped with the reason."""
    root = ElementTree.parse(written / "out" / "junit.xml").getroot()
    cases = [case for suite in root for case in suite]

    assert [(c["sentence"], c["file"], str(c["line"])) for c in claims(report)] == [
        (case.get("name"), case.get("file"), case.get("line")) for case in cases
    ]
    results = {
        "refuted": "failure",
        "vacuous": "failure",
        "unknown": "error",
        "known unknown": "skipped",
        "proved": None,
    }
    assert [results[claim["outcome"]] for claim in claims(report)] == [
        case[0].tag if len(case) else None for case in cases
    ]
    counts = Counter(child.tag for case in cases for child in case)
    names = ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")
    assert [(str(counts[tag]), str(len(cases))) for _, tag in names] == [
        (root.get(name), root.get("tests")) for name, _ in names
    ]
    for suite in root:
        assert [str(sum(child.tag == tag for case in suite for child in case)) for _, tag in names] == [
            suite.get(name) for name, _ in names
        ]
    broken = next(case[0] for case in cases if case.get("name") == "it stays in the house")
    assert "up()" in (broken.text or "")
    assert "Lagarias 1985" in {case[0].get("message") for case in cases if len(case)}
    assert {"a b.lift.lift", "collatz.collatz"} == {case.get("classname") for case in cases}


def test_a_sarif_file_names_what_is_not_well_at_its_own_line(written: Path, report: dict[str, Any]) -> None:
    """And nothing that is well; what is known to be open is suppressed, with its reason."""
    (run,) = json.loads((written / "fsm.sarif").read_text(encoding="ascii"))["runs"]
    expected = [(c["outcome"], c["file"], c["line"]) for c in claims(report) if c["outcome"] != "proved"]

    assert expected == [
        (
            run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"].replace("-", " "),
            unquote(place["artifactLocation"]["uri"]),
            place["region"]["startLine"],
        )
        for result in run["results"]
        for place in (result["locations"][0]["physicalLocation"],)
    ]
    levels = {"refuted": "error", "vacuous": "error", "unknown": "warning", "known-unknown": "note"}
    assert all(levels[result["ruleId"]] == result["level"] for result in run["results"])
    assert [["Lagarias 1985"]] == [
        [one["justification"] for one in result["suppressions"]]
        for result in run["results"]
        if "suppressions" in result
    ]
    assert written.resolve().as_uri() + "/" == run["originalUriBaseIds"]["ROOT"]["uri"]


def test_json_and_markdown_exclude_each_other() -> None:
    """One report goes to standard output."""
    assert 2 == CliRunner().invoke(verify, ["x.py", "--json", "--markdown"]).exit_code


# What a run does not show

PLACE = ("/elsewhere/door.py", 7)


def section(*kinds: str, sentence: str = "a claim") -> Section:
    """A section with a claim of each kind, declared outside this folder."""
    items = tuple(Item(f"{sentence} {place}", "always", (), "proved", PLACE) for place, _ in enumerate(kinds))
    plain = {"sentence": sentence, "argument": "it is so", "verdict": "proved", "reason": "of a kind"}
    entries = tuple(
        VerdictInWords(item.sentence, kind, (f"  ? {item.sentence}", "      so"), plain)
        for item, kind in zip(items, kinds, strict=True)
    )
    head = {"name": "door", "kind": "machine", "file": PLACE[0], "line": PLACE[1], "assumptions": []}
    return Section(Heading("machine door", "old", (), items, 0, head, PLACE), entries)


def test_every_kind_of_verdict_has_its_place_in_every_form() -> None:
    """What changes the exit status is a failure or an error, and a finding; what does not is neither, or suppressed."""
    root = ElementTree.fromstring(junit([section(*KINDS)]))
    (run,) = json.loads(sarif([section(*KINDS)]))["runs"]
    results = dict.fromkeys(KINDS, "failure") | {
        "unknown": "error",
        "known unknown": "skipped",
        "proved": None,
        "refuted as expected": None,
    }

    assert results == {kind: case[0].tag if len(case) else None for kind, case in zip(KINDS, root[0], strict=True)}
    assert [kind for kind in KINDS if results[kind] is not None] == [
        one["ruleId"].replace("-", " ") for one in run["results"]
    ]
    assert ["known-unknown"] == [one["ruleId"] for one in run["results"] if "suppressions" in one]
    assert {"file:///elsewhere/door.py"} == {
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]
    }


def test_no_text_of_an_authors_breaks_a_form() -> None:
    """Control characters, marks of XML and Markdown, lone surrogates, what is no character."""
    odd = "]]> <a> & | ``` \x1b[31m \x00 \ud800 \uffff \u202e é"
    made = section("refuted", "unknown", sentence=odd)
    root = ElementTree.fromstring(junit([made]))
    page = markdown(
        [attrs.evolve(made, entries=tuple(attrs.evolve(one, lines=("```", *one.lines)) for one in made.entries))]
    )

    assert "]]> <a> & | ``` \\x1b[31m \\x00 \\ud800 ? \\u202e é 0" == root[0][0].get("name")
    json.loads(sarif([made]))
    assert 4 == page.count("```")
    assert all(line.count("|") == 5 for line in page.splitlines() if line.startswith(("| refuted", "| unknown")))
    assert document([made])["reports"][0]["file"] == "/elsewhere/door.py"


def test_a_page_of_markdown_tells_the_tally_the_claims_and_the_runs() -> None:
    """For the summary of a job."""
    page = markdown([section("proved", "refuted")])

    assert page.startswith("**1 proved, 1 refuted, 0 unknown**\n\n### machine door in old\n")
    assert "| refuted | a claim 1 | it is so | /elsewhere/door.py, line 7 |" in page
    assert "```text\n  ? a claim 1\n      so\n```" in page


def test_one_table_says_how_a_command_ends() -> None:
    """The page names every status that the program has, and no other."""
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    told = [int(row) for row in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)]
    helped = CliRunner().invoke(fsm, ["--help"]).output.partition("Exit status:")[2].partition("Commands:")[0]

    assert [0, 1, 2, 3, 70, 130, 141, 143] == told
    assert set(told) == {int(one) for one in re.findall(r"\b\d+(?=\s)", helped)}
