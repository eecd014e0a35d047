"""`fsm draw --trace FILE`: the way of a run on the picture of the machine, from what `fsm verify --json` wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fsm import compile
from fsm.command.draw import draw
from fsm.command.verify import verify
from fsm.desk import DESK, Accept, OfferChat, SetStatus, Status
from fsm.diagrams import trace_dots
from fsm.diagrams.style import FAINT, PALE, TAKEN
from fsm.storage.traces import as_dict
from fsm.traces.replay import replay

TRAP = f"{Path(__file__).parents[1] / 'regression' / 'refuted' / 'trap.py'}:SUBJECT"


def drawn(*arguments: object) -> Result:
    return CliRunner().invoke(draw, [str(one) for one in arguments])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report on a card that can be lost."""
    file: Path = tmp_path_factory.mktemp("report") / "card.json"
    file.write_text(CliRunner().invoke(verify, [TRAP, "--json"]).stdout, encoding="utf-8")
    return file


def test_the_run_that_refutes_is_drawn_with_its_steps_numbered(report: Path, tmp_path: Path) -> None:
    """Lines and states on its way in one colour, all others pale; what was sent stands below the name."""
    done = drawn(TRAP, "--trace", report, "--format", "dot", "--format", "svg", "--out", tmp_path, "--json")
    dot = (tmp_path / "card-a-card-can-always-pay-again.dot").read_text(encoding="utf-8")

    assert 0 == done.exit_code, done.output
    assert ["dot", "svg"] == [one["format"] for one in json.loads(done.stdout)]
    assert "1, 2  wrong" in dot
    paying, ready = (
        next(line for line in dot.splitlines() if line.strip().startswith(f"{name} [")) for name in ("paying", "ready")
    )
    assert f'color="{PALE}" fillcolor=white fontcolor="{FAINT}"' in paying
    assert f'color="{TAKEN}"' in ready
    assert "penwidth=2.6" in ready
    assert "1, 2  wrong" in (tmp_path / "card-a-card-can-always-pay-again.svg").read_text(encoding="utf-8").replace(
        "&#160;", " "
    )


def test_one_trace_alone_can_be_drawn_and_a_claim_picked(tmp_path: Path) -> None:
    """A system has a picture for each part that moved."""
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
    (tmp_path / "shift.json").write_text(json.dumps(as_dict(engine, trace)), encoding="utf-8")
    done = drawn("fsm.desk:DESK", "--trace", tmp_path / "shift.json", "--format", "dot", "--out", tmp_path)
    tiles = (tmp_path / "desk-tiles-trace.dot").read_text(encoding="utf-8")

    assert 0 == done.exit_code, done.output
    assert ["desk-agent-trace.dot", "desk-tiles-trace.dot"] == [Path(line).name for line in done.stdout.splitlines()]
    assert "2 (c-1), 3 (c-2)  offer" in tiles
    assert "4 (c-2)  accept" in tiles
    assert "5 (c-1)  non response" in tiles
    assert "6 (c-1)  expire" in tiles


def test_a_run_of_no_step_is_the_machine_at_its_start() -> None:
    """The first part, where it begins."""
    engine = compile(DESK)
    (dot,) = trace_dots(engine, replay(engine, []), "nothing happens").values()

    offline = next(line for line in dot.splitlines() if line.strip().startswith("offline ["))
    assert f'color="{TAKEN}"' in offline
    assert "penwidth=2.6" in offline


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
    assert "is no profile of card" in drawn(TRAP, "--trace", foreign, "--out", tmp_path).stderr
    assert "has a run of card; TARGET is agent" in drawn("fsm.desk:AGENT", "--trace", report, "--out", tmp_path).stderr


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        ("{", (), "is no JSON"),
        ('{"some": 1}', (), "is neither a report of fsm verify --json nor a trace"),
        ('{"reports": []}', (), "has no run that refutes a claim"),
        ('{"reports": []}', ("--claim", "all is well"), "has no run that refutes or shows 'all is well'"),
        ('{"reports": []}', ("--format", "md"), "a run has no Markdown table"),
    ],
    ids=["no JSON", "other", "none", "no such claim", "table"],
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
