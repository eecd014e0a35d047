"""`fsm monitor`: records of files, of standard input, of a file that grows; told as text, as JSON and as JUnit; a status that says the worst."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fsm.command.group import fsm
from fsm.command.invocation.target import resolve
from fsm.command.streams.records import records_of
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.mapping import parsed

MODEL = """\
from fsm import Machine, State, event

@event
class Go: ...

@event
class Tick: ...

@event
class Stop: ...

red, green, yellow = State("red"), State("green"), State("yellow")
LIGHT = Machine(
    "light", (red, green, yellow), red,
    (red.on(Go).to(green), green.after(10_000, Tick).to(yellow), yellow.on(Stop).to(red)),
)
"""
MAPPING = """\
declaration = "light.py:LIGHT"
[[source]]
at = "t"
key = "light"
event = { column = "what" }
shows = { go = "always", tick = "always", stop = "always" }
"""
GOOD = '{"t": 0, "light": "a", "what": "go"}\n{"t": 10000, "light": "a", "what": "tick"}\n'
BAD = '{"t": 4000, "light": "b", "what": "go"}\n{"t": 5000, "light": "b", "what": "stop"}\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "light.py").write_text(MODEL, encoding="utf-8")
    (tmp_path / "light.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "good.jsonl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.jsonl").write_text(BAD, encoding="utf-8")
    return tmp_path


def monitored(*arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(fsm, ["monitor", "--mapping", "light.toml", "-q", *arguments], input=given)


@pytest.mark.usefixtures("folder")
def test_records_that_conform_are_counted() -> None:
    """Status 0."""
    done = monitored("good.jsonl")

    assert (0, "✓ light conforms: 2 observations conform, 0 violate, 0 inconclusive; 1 machine\n") == (
        done.exit_code,
        done.stdout,
    )


@pytest.mark.usefixtures("folder")
def test_a_violation_is_told_where_it_stands_and_as_the_runtime_refuses_it() -> None:
    """Status 1, with the summary by rule and by machine."""
    done = monitored("good.jsonl", "bad.jsonl")

    assert 1 == done.exit_code
    assert [
        "✗ bad.jsonl:2, b, at 5000: stop",
        "    state  there is no stop in green of light",
        "    | stop is refused.",
        "    |   part     light is green, where there is no stop",
    ] == done.stdout.splitlines()[:4]
    assert "  ✗ b: 1 violate, 0 inconclusive, 1 conform" in done.stdout.splitlines()


def test_a_line_that_is_no_record_is_inconclusive(folder: Path) -> None:
    """Status 3; what it may have said is admitted of every machine."""
    (folder / "torn.jsonl").write_text(GOOD + '{"t": 1\n', encoding="utf-8")
    done = monitored("torn.jsonl")

    assert 3 == done.exit_code
    assert (
        "? torn.jsonl:3: a record\n    inconclusive: is not JSON: Expecting ',' delimiter at character 9" in done.stdout
    )


@pytest.mark.usefixtures("folder")
def test_standard_input_is_a_file_too_and_the_report_is_json_where_asked() -> None:
    done = monitored("-", "--json", given=BAD)
    document = json.loads(done.stdout)

    assert (1, "violates") == (done.exit_code, document["verdict"])
    assert [{"kind": "state", "name": "there is no stop in green of light", "cites": [], "count": 1}] == document[
        "broken"
    ]
    assert ["-:2"] == [one["position"] for one in document["judgements"]]


def test_junit_has_a_case_for_each_machine(folder: Path) -> None:
    """And is written also where something violates."""
    assert 1 == monitored("good.jsonl", "bad.jsonl", "--junit", "report.xml").exit_code
    suite = ElementTree.parse(folder / "report.xml").getroot()[0]

    assert {"tests": "2", "failures": "1", "errors": "0"}.items() <= suite.attrib.items()
    assert ["a", "b"] == [case.get("name") for case in suite]


def test_csv_is_read_by_the_names_of_its_first_row(folder: Path) -> None:
    (folder / "log.csv").write_text("t,light,what\n0,a,go\n10000,a,tick\n", encoding="utf-8")

    assert 0 == monitored("log.csv").exit_code


def test_two_sources_are_read_by_their_instants(folder: Path) -> None:
    """One file has what the light does, the other what the crossing does."""
    two = MAPPING.replace('at = "t"', 'name = "light"\nfiles = ["light*"]\nat = "t"').replace(', stop = "always"', "")
    crossing = '[[source]]\nname = "crossing"\nfiles = ["crossing*"]\nat = "t"\nkey = "light"\nevent = { column = "what" }\nshows = { stop = "always" }\n'
    (folder / "light.toml").write_text(two + crossing, encoding="utf-8")
    (folder / "light.jsonl").write_text(GOOD + '{"t": 30000, "light": "a", "what": "go"}\n', encoding="utf-8")
    (folder / "crossing.jsonl").write_text('{"t": 20000, "light": "a", "what": "stop"}\n', encoding="utf-8")

    assert 0 == monitored("crossing.jsonl", "light.jsonl").exit_code
    assert 1 == monitored("light.jsonl").exit_code, "without the stop that is always told it cannot go"


@pytest.mark.skipif(sys.platform == "win32", reason="a key press is a signal elsewhere")
def test_a_file_that_grows_is_followed_until_somebody_interrupts(folder: Path) -> None:
    """A real process: what is wrong is told as it comes, the summary at the end; status 130."""
    file = folder / "growing.jsonl"
    file.write_text(GOOD, encoding="utf-8")
    as_usual = ["env", "--default-signal=INT"]  # whoever runs the tests in the background ignores it
    command = [
        *as_usual,
        sys.executable,
        "-m",
        "fsm",
        "monitor",
        "--mapping",
        "light.toml",
        "--follow",
        "growing.jsonl",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        with file.open("a", encoding="utf-8") as more:
            more.write(BAD)
        assert "✗ growing.jsonl:4, b, at 5000: stop\n" == process.stdout.readline()
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()

    assert 130 == process.returncode
    assert "✗ light violates: 3 observations conform, 1 violate" in rest


def test_a_followed_file_is_left_for_the_next_one_of_its_name(folder: Path) -> None:
    """It is renamed, or cut off and begun anew: what was written until then is read, each record once, by lines of its own file."""
    file, (go, tick), (start, stop) = folder / "log.jsonl", GOOD.splitlines(True), BAD.splitlines(True)
    file.write_text(go, encoding="utf-8")

    def renamed() -> None:
        with file.open("a", encoding="utf-8") as more:
            more.write(tick)
        file.rename(folder / "log.jsonl.1")

    def cut() -> None:
        file.write_text(stop, encoding="utf-8")

    def written() -> None:
        file.write_text(start + '{"t": 5', encoding="utf-8")

    steps = iter([renamed, lambda: None, written, cut])
    _, sources = bound(parsed(MAPPING, form="toml"), resolve("light.py:LIGHT"))
    followed = records_of((file,), sources, follow=True, begun={}, pause=lambda: next(steps)())
    found = [(one.position, one.content) for one in islice(followed, 5)]

    whole = [json.loads(line) for line in (go, tick, start)]
    assert found[:3] == list(zip(["log.jsonl:1", "log.jsonl:2", "log.jsonl:1"], whole, strict=True))
    assert found[3][0] == "log.jsonl:2" and "is not JSON" in found[3][1], "what was cut off is told"
    assert found[4] == ("log.jsonl:1", json.loads(stop))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("marked.jsonl", "\ufeff" + GOOD),
        ("lines.jsonl", GOOD.replace("\n", "\r\n")),
        ("whole.jsonl", GOOD.rstrip("\n")),
        ("marked.csv", "\ufefft,light,what\r\n0,a,go\r\n10000,a,tick\r\n"),
    ],
)
def test_marks_and_ends_of_lines_are_no_part_of_a_record(folder: Path, name: str, content: str) -> None:
    """As a spreadsheet writes them, or another system; and a last line that has no end."""
    (folder / name).write_bytes(content.encode("utf-8"))

    assert "✓ light conforms: 2 observations conform" in monitored(name).stdout


def test_a_row_that_is_not_whole_yet_is_left_for_the_next_time(folder: Path) -> None:
    """Of CSV: half a row may look like a whole one."""
    rows = "t,light,what\n0,a,go\n10000,a,tick\n12000,a,stop\n"
    for end in (rows.index("000,a,tick"), rows.index("stop") + 2, len(rows)):
        (folder / "log.csv").write_text(rows[:end], encoding="utf-8")
        done = monitored("--state", "state.json", "log.csv", "--json")
        assert 0 == done.exit_code

    assert {"conforms": 3, "inconclusive": 0, "violates": 0} == json.loads(done.stdout)["total"]


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ("[[source]]\nat = 't'\nevent = 'fly'\n", "'fly' is no event of light"),
        ("[[source]]\nat = 't'\nevent = 'go'\nshows = { go = 'often' }\n", "often"),
        ("[[source]]\nat = 't'\nevent = 'go'\ncolour = 1\n", "colour"),
        ("[[source]]\nat = 't'\n", "says of no record what it means"),
        ("[source", "is not TOML"),
        ("", "Write [[source]]"),
    ],
)
def test_a_mapping_that_does_not_fit_is_wrong_usage(folder: Path, mapping: str, words: str) -> None:
    """With what it should be; status 2."""
    (folder / "light.toml").write_text(mapping, encoding="utf-8")
    done = monitored("good.jsonl", "--declaration", "light.py:LIGHT")

    assert 2 == done.exit_code
    assert words in done.stderr


def test_parquet_is_read_by_the_same_mapping(folder: Path) -> None:
    """Row by row, also from where it was left; what is none is wrong usage."""
    rows = [json.loads(line) for line in (GOOD + BAD).splitlines()]
    pq.write_table(pa.Table.from_pylist(rows), folder / "log.parquet")
    done = monitored("--state", "state.json", "log.parquet", "--json")
    assert ["log.parquet:4"] == [one["position"] for one in json.loads(done.stdout)["judgements"]]
    assert done.stdout == monitored("--state", "state.json", "log.parquet", "--json").stdout

    (folder / "none.parquet").write_bytes(b"PAR1")
    assert (2, True) == ((wrong := monitored("none.parquet")).exit_code, "is not Parquet" in wrong.stderr)


def test_integers_are_read_as_a_warehouse_writes_them(folder: Path) -> None:
    """As decimals without a fraction; one with a fraction is no instant."""
    rows = [json.loads(line) for line in GOOD.splitlines()]
    for part, status in (("0", 0), ("0.5", 3)):
        decimals = pa.array([Decimal(row["t"]) + Decimal(part) for row in rows], pa.decimal128(38, 1))
        table = pa.Table.from_pylist(rows).set_column(0, "t", decimals)
        pq.write_table(table, folder / "log.parquet")
        assert status == monitored("log.parquet").exit_code


def test_the_end_of_a_name_may_be_written_in_capitals(folder: Path) -> None:
    """As another system writes it."""
    (folder / "LOG.CSV").write_text("t,light,what\n0,a,go\n10000,a,tick\n", encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([json.loads(line) for line in GOOD.splitlines()]), folder / "LOG.PARQUET")

    assert 0 == monitored("LOG.CSV").exit_code
    assert 0 == monitored("LOG.PARQUET").exit_code


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["good.jsonl", "bad.jsonl", "--follow"], "--follow reads one FILE"),
        (["none.jsonl"], "does not exist"),
        (["good.jsonl", "--mapping", "none.toml"], "with fsm come connect-agent-events"),
        (["good.jsonl", "--profile", "2019"], "no profile of light"),
    ],
)
def test_what_cannot_be_read_is_wrong_usage(arguments: list[str], words: str) -> None:
    done = monitored(*arguments)

    assert (2, True) == (done.exit_code, words in done.stderr)


def rounds(count: int) -> str:
    """Rounds of three lights, of which every hundredth stops while it is green."""
    lines = []
    for number in range(count):
        at, light = number * 20_000, "abc"[number % 3]
        whole = [(at, "go"), (at + 10_000, "tick"), (at + 12_000, "stop")]
        told = [(at, "go"), (at + 5_000, "stop")] if number % 100 == 99 else whole
        lines += [json.dumps({"t": t, "light": light, "what": what}) + "\n" for t, what in told]
    return "".join(lines)


def started(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "fsm", "monitor", "--mapping", "light.toml", "-q", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def come(file: Path) -> int:
    """Up to which line the state says that the stream was read."""
    try:
        head = json.loads(file.read_text(encoding="utf-8").split("\n")[0])
    except FileNotFoundError:
        return 0
    return int(max([0, *(line for line, _, _ in head["files"].values())]))


def test_a_monitor_that_is_killed_goes_on_and_loses_and_doubles_no_verdict(folder: Path) -> None:
    """Real processes, killed twice in the middle; what the last one reports is what one that was never killed reports."""
    (folder / "day.jsonl").write_text(rounds(800), encoding="utf-8")
    alone = json.loads(monitored("day.jsonl", "--json").stdout)
    assert 8 == len(alone["judgements"])

    state, lines = folder / "state.json", list[str]()
    for least in (1, 2_000):
        with started("--state", "state.json", "day.jsonl") as process:
            while process.poll() is None and come(state) < least:
                time.sleep(0.01)
            process.kill()
            assert process.stdout is not None
            lines += process.stdout.read().splitlines()
    report = json.loads(monitored("--state", "state.json", "day.jsonl", "--json").stdout)

    assert alone == report
    told = {
        f"day.jsonl:{number}" for number in range(1, 5_000) if any(f"✗ day.jsonl:{number}," in line for line in lines)
    }
    assert told <= {one["position"] for one in alone["judgements"]}


def test_a_file_that_has_grown_is_read_on_from_where_it_was_left(folder: Path) -> None:
    """A last line that is not whole yet is left for the next time, and nothing is read twice."""
    text = rounds(200)
    (folder / "growing.jsonl").write_text(text[:3_333], encoding="utf-8")
    arguments = ("--state", "state.json", "growing.jsonl", "--json")
    first = json.loads(monitored(*arguments).stdout)
    (folder / "growing.jsonl").write_text(text, encoding="utf-8")
    second = json.loads(monitored(*arguments).stdout)

    assert 0 < first["total"]["conforms"] < second["total"]["conforms"]
    assert json.loads(monitored("growing.jsonl", "--json").stdout) == second == json.loads(monitored(*arguments).stdout)


def test_two_files_and_csv_go_on_too(folder: Path) -> None:
    """Each from where it was left."""
    two = MAPPING.replace('at = "t"', 'name = "one"\nfiles = ["*.csv"]\nat = "t"') + MAPPING.partition("\n")[2].replace(
        'at = "t"', 'name = "two"\nat = "t"'
    )
    (folder / "light.toml").write_text(two, encoding="utf-8")
    rows = [f"{n * 20_000},z,go\n{n * 20_000 + 10_000},z,tick\n{n * 20_000 + 12_000},z,stop\n" for n in range(120)]
    for count in (10, 120):
        (folder / "other.jsonl").write_text(rounds(count), encoding="utf-8")
        (folder / "log.csv").write_text("t,light,what\n" + "".join(rows[:count]), encoding="utf-8")
        report = monitored("--state", "state.json", "log.csv", "other.jsonl", "--json")
    assert (
        json.loads(report.stdout)["total"] == json.loads(monitored("log.csv", "other.jsonl", "--json").stdout)["total"]
    )


def test_what_waits_is_judged_at_the_end_and_waits_on_in_the_state(folder: Path) -> None:
    """The last record may still be followed by an older one: it is told now, and told in its place when that has come."""
    (folder / "light.toml").write_text(MAPPING + "disorder = 60000\n", encoding="utf-8")
    go, tick = GOOD.splitlines(keepends=True)
    stop = '{"t": 12000, "light": "a", "what": "stop"}\n'
    (folder / "log.jsonl").write_text(go + stop, encoding="utf-8")
    assert 1 == monitored("--state", "state.json", "log.jsonl").exit_code
    (folder / "log.jsonl").write_text(go + stop + tick, encoding="utf-8")
    assert 0 == monitored("--state", "state.json", "log.jsonl").exit_code


def test_a_state_of_something_else_is_refused(folder: Path) -> None:
    """Of another mapping, of another file, or no state at all; status 2, and it stays as it was."""
    assert 0 == monitored("--state", "state.json", "good.jsonl").exit_code
    kept = (folder / "state.json").read_bytes()

    (folder / "good.jsonl").write_text(BAD, encoding="utf-8")
    assert "is another file than the one that was read before" in refused("good.jsonl")
    (folder / "light.toml").write_text(MAPPING + "tolerance = 5\n", encoding="utf-8")
    assert "other sources, parameters" in refused("bad.jsonl")
    assert (folder / "state.json").read_bytes() == kept

    for wrong in (b"", b"{}", b'{"version": 1, "files": {"a": 1}}\n{}', b"\xff\n", kept.split(b"\n")[0], b"[" * 9_000):
        (folder / "state.json").write_bytes(wrong)
        refused("bad.jsonl")


def refused(file: str) -> str:
    done = monitored("--state", "state.json", file)
    assert 2 == done.exit_code, done.output
    return done.stderr
