"""`fsm draw --trace FILE`: a run as one picture, from what `fsm verify --json` wrote."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from fsm import compile
from fsm.command.draw import draw
from fsm.command.verify import verify
from fsm.desk import DESK, Accept, OfferChat, SetStatus, Status
from fsm.storage import trace_out
from fsm.traces import replay

SVG = "{http://www.w3.org/2000/svg}"
TRAP = f"{Path(__file__).parents[1] / 'regression' / 'refuted' / 'trap.py'}:SUBJECT"


def drawn(*arguments: object) -> Result:
    return CliRunner().invoke(draw, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a card that can be lost."""
    file: Path = tmp_path_factory.mktemp("report") / "card.json"
    file.write_text(CliRunner().invoke(verify, [TRAP, "--json"]).stdout, encoding="utf-8")
    return file


def test_the_run_that_refutes_is_one_picture(report: Path, tmp_path: Path) -> None:
    """The claim above it; each step with its number; what is never again possible below it."""
    done = drawn(TRAP, "--trace", report, "--format", "dot", "--format", "svg", "--out", tmp_path, "--json")
    picture = (tmp_path / "card-a-card-can-always-pay-again.svg").read_text(encoding="utf-8")

    assert 0 == done.exit_code, done.output
    assert ["dot", "svg"] == [one["format"] for one in json.loads(done.stdout)]
    words = " ".join("".join(text.itertext()) for text in ElementTree.fromstring(picture).iter(f"{SVG}text"))
    assert "a card can always pay again" in words
    assert "1 wrong" in words
    assert "2 wrong" in words
    assert "never again card is paying" in words


def test_one_trace_alone_can_be_drawn(tmp_path: Path) -> None:
    """All parts and instances that move are in one picture."""
    engine = compile(DESK)
    trace = replay(
        engine,
        [
            (SetStatus(Status.AVAILABLE), 0),
            (OfferChat("c-1", "Ann", 0), 0),
            (OfferChat("c-2", "Bob", 0), 0),
            (Accept("c-2"), 5),
            (None, 20_000),
        ],
    )
    (tmp_path / "shift.json").write_text(json.dumps(trace_out(engine, trace)), encoding="utf-8")
    done = drawn("fsm.desk:DESK", "--trace", tmp_path / "shift.json", "--format", "dot", "--out", tmp_path)
    shift = (tmp_path / "desk-trace.dot").read_text(encoding="utf-8")

    assert 0 == done.exit_code, done.output
    assert ["desk-trace.dot"] == [Path(line).name for line in done.stdout.splitlines()]
    for said in ("agent", "tiles c-1", "tiles c-2", "offer chat", "accept", "non response", "expire", "missed"):
        assert re.search(rf"> ?{said}<", shift.replace("<B>", "").replace("</B>", "")), said


def test_a_run_is_told_as_text_too(report: Path, tmp_path: Path) -> None:
    """As a table, and for Mermaid; with its width and its colours where it is a picture."""
    done = drawn(TRAP, "--trace", report, "--format", "md", "--format", "mmd", "--out", tmp_path)
    page = (tmp_path / "card-a-card-can-always-pay-again.md").read_text(encoding="utf-8")
    sequence = (tmp_path / "card-a-card-can-always-pay-again.mmd").read_text(encoding="utf-8")

    assert 0 == done.exit_code, done.output
    assert "| 1 | 0 | **wrong** | wrong 1 |" in page
    assert "- **never again**: card is paying" in page
    assert "caller->>i1 : 0#58; wrong" in sequence
    dark = drawn(TRAP, "--trace", report, "--format", "dot", "--theme", "dark", "--out", "-")
    assert 'bgcolor="#0d1117"' in dark.output


def test_pictures_are_the_same_every_time(report: Path, tmp_path: Path) -> None:
    """Byte for byte."""
    for folder in ("one", "two"):
        drawn(TRAP, "--trace", report, "--format", "dot", "--out", tmp_path / folder)
    first, second = (sorted((tmp_path / folder).iterdir()) for folder in ("one", "two"))

    assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]


def _changed(file: Path, folder: Path, change: Any) -> Path:
    data = json.loads(file.read_text(encoding="utf-8"))
    change(data["reports"][0]["properties"][0]["trace"])
    (folder / "changed.json").write_text(json.dumps(data), encoding="utf-8")
    return folder / "changed.json"


def test_a_run_that_breaks_its_claim_at_the_start_is_drawn(tmp_path: Path) -> None:
    """It has no step, and the state where it begins is marked."""
    valve = TRAP.replace("trap", "wrong_start")
    (tmp_path / "valve.json").write_text(CliRunner().invoke(verify, [valve, "--json"]).stdout, encoding="utf-8")
    done = drawn(valve, "--trace", tmp_path / "valve.json", "--format", "dot", "--out", tmp_path)

    assert 0 == done.exit_code, done.stderr
    assert (tmp_path / "valve-the-valve-is-open.dot").exists()


def test_a_file_is_replayed_and_not_believed(report: Path, tmp_path: Path) -> None:
    """A run that cannot happen, or under another profile, or of another machine, is wrong usage."""
    refused = _changed(report, tmp_path, lambda trace: trace["steps"][0]["event"].update(name="done"))
    assert "is refused" in drawn(TRAP, "--trace", refused, "--out", tmp_path).stderr
    foreign = _changed(report, tmp_path, lambda trace: trace.update(profile={"most": 1}))
    assert "profile.most: is no field of this document" in drawn(TRAP, "--trace", foreign, "--out", tmp_path).stderr
    assert "has a run of card; TARGET is agent" in drawn("fsm.desk:AGENT", "--trace", report, "--out", tmp_path).stderr


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("{", (), "is no JSON"),
        ('{"some": 1}', (), "is neither a report of fsm verify --json nor a trace"),
        ('{"reports": []}', (), "has no run that refutes a claim"),
        ('{"reports": []}', ("--claim", "all is well"), "has no run that refutes or shows 'all is well'"),
    ],
    ids=["no JSON", "other", "none", "no such claim"],
)
def test_a_file_that_shows_no_run_is_wrong_usage(
    text: str, arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """One line, status 2."""
    (tmp_path / "file.json").write_text(text, encoding="utf-8")
    done = drawn(TRAP, "--trace", tmp_path / "file.json", *arguments)

    assert (2, True) == (done.exit_code, said in done.stderr)


def test_a_claim_without_a_file_is_wrong_usage() -> None:
    """There is nothing to pick from."""
    assert 2 == drawn(TRAP, "--claim", "x").exit_code
