"""`fsm draw --trace FILE`: runs of a report, or one trace, each as one picture for all parts.

The file is what `fsm verify --json` printed, or the JSON of one trace (`fsm.storage.traces`). Every run
in it is replayed before it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fsm.command.drawing.drawing import Drawing
from fsm.command.drawing.machines import Chosen
from fsm.command.invocation.endings import BadFile, WrongUsage, message_of
from fsm.command.invocation.files import content_of
from fsm.errors import BadInput, WiresOverlap
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.storage.traces import engine_for, trace_in
from fsm.strict_json import parse

__all__ = ["drawings_of_runs"]


def drawings_of_runs(
    chosen: Sequence[Chosen], document: Path, claim: str | None, formats: Sequence[str]
) -> Iterator[Drawing]:
    """Every run in a file that is a run of one of these targets, in each of the formats.

    Args:
        claim: the sentence whose run alone is drawn; without it, every run that refutes.

    Raises:
        WrongUsage: the file has no such run, or its run is none of these targets.
    """
    from fsm import diagrams

    makers: dict[str, Callable[..., str | bytes]] = {
        "svg": diagrams.run_svg,
        "png": diagrams.run_png,
        "dot": diagrams.run_dot,
        "mmd": diagrams.run_mermaid,
        "md": diagrams.run_table,
    }
    for sentence, data in _runs(document, claim):
        target, options = next((one for one in chosen if one[0].name == data["system"]), (None, None))
        if target is None or options is None:
            names = ", ".join(one.name for one, _ in chosen)
            raise BadFile(f"{document} has a run of {data['system']}; TARGET is {names}")
        try:
            engine = engine_for(target, data)
            trace = trace_in(engine, data)
        except (BadInput, EventRefused, TimeStopped, WiresOverlap) as other:
            raise BadFile(f"{document}: {other}") from other
        for kind in dict.fromkeys(formats):
            about = {"name": target.name, "is": "trace", "claim": sentence, "format": kind}
            stem = f"{target.name}-{_slug(sentence) or 'trace'}"
            yield Drawing(stem, kind, about, partial(makers[kind], engine, trace, sentence, options))


def _runs(document: Path, claim: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The runs of a file that are asked for, each with the sentence that it refutes or shows."""
    try:
        data = parse(content_of(document))
    except BadInput as wrong:
        raise BadFile(f"{document} is no JSON: {message_of(wrong)}") from wrong
    match data:
        case {"steps": _, "system": str()}:
            yield "", data
            return
        case {"reports": [*reports]}:
            found = [run for report in reports for run in _runs_in(report, document)]
        case _:
            raise _other(document)
    wanted = [(sentence, run) for sentence, run, refuted in found if (refuted if claim is None else sentence == claim)]
    if not wanted:
        raise BadFile(
            f"{document} has no run that {'refutes a claim' if claim is None else f'refutes or shows {claim!r}'}"
        )
    yield from wanted


def _runs_in(report: Any, document: Path) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """The runs of one report: the sentence, the run, and whether it refutes."""
    match report:
        case {"definition": [*checks], "properties": [*claims]}:
            for one in (*checks, *claims):
                match one:
                    case {"sentence": str(sentence), "verdict": "refuted", "trace": {"system": str()} as run}:
                        yield sentence, run, True
                    case {"sentence": str(sentence), "witness": {"system": str()} as run}:
                        yield sentence, run, False
                    case {"sentence": str(), "verdict": str()}:
                        pass
                    case _:
                        raise _other(document)
        case _:
            raise _other(document)


def _other(document: Path) -> WrongUsage:
    return BadFile(f"{document} is neither a report of fsm verify --json nor a trace")


def _slug(sentence: str) -> str:
    """The words of a sentence as a file name."""
    return "-".join(re.findall(r"\w+", sentence.casefold()))[:60].strip("-")
