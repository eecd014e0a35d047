"""Monitors and machines on a real Spark say what they say in one process, also where the job is killed and started again.

One job reads two streams and is killed in the middle; started again it reads them to their end, and then the same data as tables.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm.errors import BadArgument
from fsm.spark.commands import ANSWERS, Machines
from fsm.spark.dealing import VERDICTS, Job, row_of
from fsm.verification.monitoring import Judgement
from fsm.verification.monitoring.mapped.binding import bound
from fsm.verification.monitoring.mapped.files import Unreadable, json_record
from fsm.verification.monitoring.mapped.mapping import parsed
from tests.conftest import Once

from .lights import LAST, LIGHT, MAPPING, commands, lines

ROOT = Path(__file__).parents[2]
RECORDS, COMMANDS = lines(7, 10), commands(7, 10)
FILES = 3
STARTS = 6
PATIENCE = 300
"""Seconds; on an idle machine all of it takes less than one minute."""

Rows = list[tuple[Any, ...]]


@attrs.frozen
class Done:
    """What a job left behind, and how much of it there was when it was killed."""

    folder: Path
    before: int

    def rows(self, what: str, form: str) -> Rows:
        """What it said, in an order of its own."""
        names = [field.split()[0] for field in form.split(", ")]
        texts = [line for file in _said(self.folder / what) for line in file.read_text("utf-8").splitlines()]
        return in_order([tuple(json.loads(text).get(name) for name in names) for text in texts])


def _said(folder: Path) -> list[Path]:
    """The files of a table; of a stream those that its log names."""
    log = folder / "_spark_metadata"
    if not log.exists():
        return sorted(folder.glob("*.json"))
    entries = [line for file in sorted(log.glob("[0-9]*")) for line in file.read_text("utf-8").splitlines()[1:]]
    return [folder / Path(json.loads(entry)["path"]).name for entry in entries]


def in_order(rows: Rows) -> Rows:
    return sorted(rows, key=repr)


def started(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "errors.txt").open("wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.integration.spark_job", str(folder)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )


def is_slow(folder: Path) -> bool:
    """Whether Spark gave a job up since Python was not there in ten seconds, which no setting changes; such a job is started again."""
    errors = (folder / "errors.txt").read_text("utf-8", "replace")
    slow = any(said in errors for said in ("worker failed to connect back", "waiting for the Python worker to connect"))
    assert slow, errors[-3_000:]
    return slow


def killed(folder: Path) -> bool:
    """A job, killed after the first batch of each stream with everything that it had started; or given up before."""
    commits = [folder / "state" / what / "commits" / "0" for what in ("judged", "answered")]
    job = started(folder)
    until = time.monotonic() + PATIENCE
    while not all(one.exists() for one in commits):
        if job.poll() is not None and is_slow(folder):
            return False
        assert time.monotonic() < until
        time.sleep(0.05)
    os.killpg(job.pid, signal.SIGKILL)
    job.wait()
    return True


def finished(folder: Path) -> bool:
    """A job to its end; or given up before."""
    return started(folder).wait(PATIENCE) == 0 or not is_slow(folder)


@pytest.fixture(scope="session")
def done(once: Once) -> Done:
    """The job killed in the middle, and then let run to its end, once for all workers."""

    def run(folder: Path) -> None:
        folder.mkdir()
        _write(folder / "records", [{"n": number, "value": text} for number, text in enumerate(RECORDS)])
        _write(folder / "commands", [{"light": light, "at": at, "event": event} for light, at, event in COMMANDS])
        assert any(killed(folder) for _ in range(STARTS))
        before = sum(len(_said(folder / what)) for what in ("judged", "answered"))
        assert any(finished(folder) for _ in range(STARTS))
        (folder / "before").write_text(str(before), encoding="ascii")

    folder = once("spark", run)
    return Done(folder, int((folder / "before").read_text(encoding="ascii")))


def _write(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Files that are read one after the other."""
    folder.mkdir()
    size = -(-len(rows) // FILES)
    for number in range(FILES):
        file = folder / f"{number}.json"
        part = rows[number * size : (number + 1) * size]
        file.write_text("".join(f"{json.dumps(row)}\n" for row in part), encoding="utf-8")
        os.utime(file, (1_000 + number, 1_000 + number))


def judged_in_one_process() -> Rows:
    """What `fsm monitor` says of the same records."""
    monitor, (source,) = bound(parsed(MAPPING, form="toml"), LIGHT)
    watch = monitor.watch()
    said: list[Judgement] = []
    for number, text in enumerate(RECORDS):
        record = json_record(text)
        if isinstance(record, Unreadable):
            said.append(watch.unreadable("lights", str(number), str(record)))
        else:
            said += [judgement for one in source.read(record, str(number)) for judgement in watch.feed(one)]
    return in_order([row_of(one) for one in (*said, *watch.end())])


def answered_in_one_process() -> Rows:
    """Each light's commands, by `Engine.step`."""
    runner = Machines.of(LIGHT, None, None).begin()
    stored: dict[str, str | None] = {}
    answers: Rows = []
    for light, at, event in COMMANDS:
        stored[light], said = runner.send(light, stored.get(light), at, event, "{}")
        answers += said
    return in_order(answers)


def test_a_job_that_is_killed_and_started_again_loses_and_doubles_no_judgement(done: Done) -> None:
    """They are those of one process, to the letter; what waits for older records is read when the watermark has passed it."""
    said = done.rows("judged", VERDICTS)

    assert [row for row in judged_in_one_process() if row[0] != LAST] == [row for row in said if row[0] != LAST]
    assert {"conforms", "violates", "inconclusive"} == {row[4] for row in said}
    assert 0 < done.before


def test_a_table_of_records_is_judged_as_in_one_process(done: Done) -> None:
    """Damaged lines among them, which any machine may have lost."""
    assert judged_in_one_process() == done.rows("table", VERDICTS)


def test_columns_are_records_too(done: Done) -> None:
    """Without the damaged lines as many are judged as there are."""
    whole = [text for text in RECORDS if not isinstance(json_record(text), Unreadable)]

    assert len(whole) == len(done.rows("columns", VERDICTS))


def test_machines_that_run_in_a_stream_answer_as_in_one_process(done: Done) -> None:
    """To each command once, also across the kill; and what the watermark lets time do is what a later command would have."""
    said = done.rows("answered", ANSWERS)
    alone = answered_in_one_process()
    early = Counter(said) - Counter(alone)  # the last timers, which no command of their light follows

    assert [] == list((Counter(alone) - Counter(said)).elements())
    assert {"timed"} >= {row[2] for row in early} and all(many == 1 for many in early.values())
    assert {"taken", "refused", "effect", "timed"} == {row[2] for row in said}


def test_commands_taken_again_become_of_what_they_became_of(done: Done) -> None:
    """As columns, and with the same reasons."""
    form = "machine string, at bigint, event string, outcome string, why string"
    answers = [
        (*row[:2], row[3], *row[2:3], row[4]) for row in answered_in_one_process() if row[2] in ("taken", "refused")
    ]
    replayed = done.rows("replayed", form)

    assert in_order([(machine, at, event, outcome) for machine, at, event, outcome, _ in answers]) == in_order(
        [row[:4] for row in replayed]
    )


def test_nothing_is_collected_by_the_driver(done: Done) -> None:
    """Between reading and writing records are dealt once, by their machine, and nothing is brought together or sent to all; in streams too."""
    plans = (done.folder / "plans.txt").read_text(encoding="utf-8")
    physical = [part.split("== ")[0] for part in plans.split("== Physical Plan ==")[1:]]
    dealt_by = [re.findall(r"Exchange ([^#,]+)", plan) for plan in physical]

    assert [[f"hashpartitioning({key}"] for key in ("bucket", "machine", "bucket", "bucket", "__machine")] == dealt_by
    assert ["TransformWithState" in plan for plan in physical] == [True, True, False, False, False]
    assert not any(word in "".join(physical) for word in ("Broadcast", "CollectLimit"))


def test_the_page_shows_what_is_printed(done: Done) -> None:
    """Block by block."""
    text = (ROOT / "docs" / "how-to" / "spark.md").read_text(encoding="utf-8")
    shown = re.findall(
        r"^```{code-block} python\n.*?^```\n\n```{code-block} text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL
    )

    assert "".join(shown) == (done.folder / "page.txt").read_text(encoding="utf-8")


def test_a_checkpoint_with_other_buckets_is_refused() -> None:
    """Its machines would be looked for elsewhere, and taken for new ones."""
    from fsm.spark.state import Watching

    watching = Watching(Job.of(LIGHT, parsed(MAPPING, form="toml"), {}, 8))
    watching.reading = watching.job.begin()

    assert {"lights": 2} == watching._read_lost('{"buckets": 8, "lost": {"lights": 2}}')
    with pytest.raises(BadArgument, match=r"buckets: 8: the checkpoint has 4\. Give buckets=4"):
        watching._read_lost('{"buckets": 4, "lost": {}}')
