"""A job on Spark that is killed: streams from files into files, with checkpoints; then the same data as tables.

    python -m tests.integration.spark_job FOLDER

FOLDER holds `records` and `commands`, files that a stream reads one after the other; it gets what was said of them, and beside it
`state`, from where the job goes on when it is started again.
"""

from __future__ import annotations

import re
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

from fsm.spark import local, monitor, monitor_stream, replay, run_stream

from .lights import LIGHT, MAPPING, SHOWN

RECORDS, COMMANDS = "n bigint, value string", "light string, at bigint, event string"


def streams(session: Any, folder: Path) -> list[str]:
    """Both streams to their end; the plans by which Spark went on."""

    def read(what: str, form: str) -> Any:
        return session.readStream.schema(form).option("maxFilesPerTrigger", 1).json(str(folder / what))

    def begun(told: Any, what: str) -> Any:
        kept = told.writeStream.format("json").option("checkpointLocation", str(folder / "state" / what))
        return kept.trigger(availableNow=True).start(str(folder / what))

    judged = monitor_stream(read("records", RECORDS), LIGHT, MAPPING, order="n", record="value", delay="5 seconds")
    ran = run_stream(read("commands", COMMANDS), LIGHT, key="light", delay="0 seconds")
    queries = [begun(judged, "judged"), begun(ran, "answered")]
    for query in queries:
        query.awaitTermination()
    return [query._jsq.explainInternal(True) for query in queries]


def tables(session: Any, folder: Path) -> list[str]:
    """The same data at once: judgements, outcomes, and the plans by which Spark came to them."""
    records = session.read.schema(RECORDS).json(str(folder / "records"))
    commands = session.read.schema(COMMANDS).json(str(folder / "commands"))
    columns = records.selectExpr("n", *[f"get_json_object(value, '$.{name}') as {name}" for name in SHOWN])
    whole = columns.where("what is not null").selectExpr("n", "cast(t as bigint) as t", "light", "what")
    told = {
        "table": monitor(records, LIGHT, MAPPING, order="n", record="value"),
        "columns": monitor(whole, LIGHT, MAPPING, order="n"),
        "replayed": replay(commands.selectExpr("light", "timestamp_millis(at) as at", "event"), LIGHT, key="light"),
    }
    for name, table in told.items():
        table.write.mode("overwrite").json(str(folder / name))
    return [table._jdf.queryExecution().toString() for table in told.values()]


def page(folder: Path) -> None:
    """What docs/how-to/spark.md shows, run in the order of the page; what it prints."""
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "spark.md").read_text(encoding="utf-8")
    shown = ModuleType("page")
    sys.modules["page"] = shown
    told = StringIO()
    with redirect_stdout(told):
        for block in re.findall(r"^```{code-block} python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            exec(compile(block, "spark.md", "exec"), vars(shown))
    (folder / "page.txt").write_text(told.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    spark, place = local(2), Path(sys.argv[1])
    (place / "plans.txt").write_text("\n".join(streams(spark, place) + tables(spark, place)), encoding="utf-8")
    page(place)
    spark.stop()
