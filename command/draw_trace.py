"""`fsm draw --trace FILE`: runs of a report, or one trace, each as one picture for all parts.

The file is what `fsm verify --json` printed, or the JSON of one trace (`fsm.storage.traces`). Every run
in it is replayed before it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fsm.command.invocation.endings import WrongUsage, message_of
from fsm.command.invocation.files import put
from fsm.errors import BadInput, WiresOverlap
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.runtime.engine import Engine
from fsm.runtime.refusal import EventRefused, TimeStopped
from fsm.storage.strict_json import parse
from fsm.storage.traces import engine_for, from_dict
from fsm.traces.trace import Trace

__all__ = ["draw_traces"]


def draw_traces(
    targets: Sequence[Machine | System], document: Path, claim: str | None, formats: Sequence[str], folder: Path
) -> list[dict[str, str]]:
    """Write the pictures of every run in a file that is a run of one of these targets.

    Args:
        claim: the sentence whose run alone is drawn; without it, every run that refutes.

    Raises:
        WrongUsage: the file has no such run, or its run is none of these targets.
    """
    if "md" in formats:
        raise WrongUsage("a run has no Markdown table: choose svg, png or dot")
    written: list[dict[str, str]] = []
    for sentence, data in _runs(document, claim):
        target = next((one for one in targets if one.name == data["system"]), None)
        if target is None:
            raise WrongUsage(
                f"{document} has a run of {data['system']}; TARGET is {', '.join(one.name for one in targets)}"
            )
        try:
            engine = engine_for(target, data)
            trace = from_dict(engine, data)
        except (BadInput, EventRefused, TimeStopped, WiresOverlap) as other:
            raise WrongUsage(f"{document}: {other}") from other
        stem = f"{target.name}-{_slug(sentence) or 'trace'}"
        for kind in dict.fromkeys(formats):
            file = folder / f"{stem}.{kind}"
            put(file, _content(engine, trace, sentence, kind))
            written.append(
                {"name": target.name, "is": "trace", "claim": sentence, "format": kind, "file": file.as_posix()}
            )
    return written


def _content(engine: Engine, trace: Trace, sentence: str, kind: str) -> bytes:
    from fsm import diagrams

    match kind:
        case "svg":
            return diagrams.run_svg(engine, trace, sentence).encode("utf-8")
        case "png":
            return diagrams.run_png(engine, trace, sentence)
        case _:
            return diagrams.run_dot(engine, trace, sentence).encode("utf-8")


def _runs(document: Path, claim: str | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """The runs of a file that are asked for, each with the sentence that it refutes or shows."""
    try:
        data = parse(document.read_bytes())
    except (OSError, BadInput) as wrong:
        raise WrongUsage(f"{document} is no JSON: {message_of(wrong)}") from wrong
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
        raise WrongUsage(
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
    return WrongUsage(f"{document} is neither a report of fsm verify --json nor a trace")


def _slug(sentence: str) -> str:
    """The words of a sentence as a file name."""
    return "-".join(re.findall(r"\w+", sentence.casefold()))[:60].strip("-")
