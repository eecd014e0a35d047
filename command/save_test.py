"""Counterexamples as a pytest file: one test for each claim that was refuted by a run.

A test imports the declaration, replays the run through the public runtime, and fails as long as the
run breaks the claim; it needs no solver. The text depends on the declaration and the runs alone.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from fsm.command.invocation.endings import WrongUsage
from fsm.errors import BadInput
from fsm.language.machine import Machine
from fsm.language.printing import duration_in_words
from fsm.language.properties import Modality
from fsm.language.system import System
from fsm.storage.python_source import PythonText
from fsm.storage.traces import engine_for, from_dict
from fsm.traces.printing import sender
from fsm.traces.steps import TraceStep
from fsm.traces.trace import Trace

__all__ = ["Counterexample", "counterexamples", "save_tests", "tests_of"]

Counterexample = tuple[Machine | System, dict[str, Any], Trace]
"""What was looked at, the claim as the report's JSON has it, and the run that breaks it."""

BY_ONE_RUN = ("always", "each step", "within")
"""What one run can break. That nothing leads out of where a run ends is said by a search from there."""


def counterexamples(targets: Sequence[Machine | System], reports: Sequence[dict[str, Any]]) -> Iterator[Counterexample]:
    """Every claim that is refuted, against the page, by a run that ends: one that goes round for ever is no test; reports as JSON, those of each version in the order of the targets."""
    for target, report in zip(cycle(targets), reports, strict=False):
        for claim in report["properties"]:
            broken = (claim["verdict"], claim["expected"]) == ("refuted", "proved") and claim["trace"] is not None
            if broken and claim["modality"] != Modality.LEADS_TO.value:
                yield target, claim, from_dict(engine_for(target, claim["trace"]), claim["trace"])


def save_tests(file: Path, target: str | None, found: Sequence[Counterexample]) -> None:
    """Write the tests to a file.

    Raises:
        WrongUsage: the file cannot be written, or the target cannot be imported by a test.
    """
    try:
        text = tests_of(target, found, file)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise WrongUsage(f"cannot write {file}: {refused.strerror}") from refused
    except BadInput as bad:
        raise WrongUsage(f"no test can be written of this run: {bad}") from bad


def tests_of(target: str | None, found: Sequence[Counterexample], file: Path) -> str:
    """The text of the test file."""
    place = "fsm.desk" if target is None else target.rpartition(":")[0]
    home, path = (
        (_module(Path(place)), _reached_from(file, Path(place).parent)) if place.endswith(".py") else (place, "")
    )
    python = PythonText(home)
    taken: list[str] = []
    tests = [_test(python, home, target, one, taken) for one in found]
    asserted = sorted({_asserting(claim["modality"]) for _, claim, _ in found})
    imports = sorted([*python.imports(), *(f"from {module} import {name}" for module, name in asserted)])
    names = ", ".join(dict.fromkeys(one.name for one, _, _ in found))
    head = [
        f'"""Runs that broke a claim of {names}, saved by `fsm verify --save-test`: each test passes once the claim holds on its run."""',
        "",
    ]
    if path:
        head += ["import sys", "from pathlib import Path", "", f"sys.path.insert(0, str({path}))", ""]
    return "\n".join([*head, *imports]) + "\n" + "".join(f"\n\n{test}\n" for test in tests)


def _module(file: Path) -> str:
    """The name under which a test imports a file."""
    known = sys.modules.get(file.stem)
    if known is None or getattr(known, "__file__", None) != str(file.resolve()):
        raise WrongUsage(f"a test cannot import {file}, since there is another module {file.stem}. Rename the file.")
    return file.stem


def _reached_from(file: Path, folder: Path) -> str:
    """The folder of the declaration, as Python that finds it from the test."""
    way = Path(os.path.relpath(folder.resolve(), file.parent.resolve())).as_posix()
    here = "Path(__file__).resolve().parent"
    return here if way == "." else f'{here} / "{way}"'


def _asserting(modality: str) -> tuple[str, str]:
    return (
        ("fsm.traces.violation", "assert_holds")
        if modality in BY_ONE_RUN
        else ("fsm.verification.search.traps", "assert_recovers")
    )


def _test(python: PythonText, home: str, target: str | None, one: Counterexample, taken: list[str]) -> str:
    subject, claim, trace = one
    usual = dict(trace.usual)
    profile = {name: value for name, value in trace.profile if usual.get(name) != value}
    given = ", ".join(f'"{name}": {python.value(value)}' for name, value in profile.items())
    cited = f" ({', '.join(claim['cites'])})" if claim["cites"] else ""
    said = f"{claim['modality']}: {claim['sentence']}{cited}".replace("\\", "\\\\").replace('"""', "'''")
    end = f", profile={{{given}}})" if given else ")"
    _, asserting = _asserting(claim["modality"])
    return "\n".join([
        f"def {_name(claim['sentence'], taken)}() -> None:",
        f'    """{said}."""',
        "    events = [",
        *(f"        {line}" for line in _events(python, trace)),
        "    ]",
        "",
        f"    {asserting}({_subject(python, home, target, subject)}, {python.value(claim['sentence'])}, events{end}",
    ])  # fmt: skip


def _events(python: PythonText, trace: Trace) -> Iterator[str]:
    """What was sent; a timer on the way fires by itself, and is told as a remark."""
    for place, step in enumerate(trace.steps):
        if step.event is not None:
            yield f"({python.value(step.event)}, {step.at:_}),"
        elif step.sent is not None and place + 1 < len(trace.steps):
            yield f"# {_fired(step)}"
        else:
            yield f"(None, {step.at:_}),  # {_fired(step) if step.sent is not None else 'time passes'}"


def _fired(step: TraceStep) -> str:
    return f"at {duration_in_words(step.at)} time sends {sender(step)}"


def _subject(python: PythonText, home: str, target: str | None, subject: Machine | System) -> str:
    """How a test calls what it tests: by its name in the module, or as the machine of a part."""
    named = next((name for name, value in vars(sys.modules[home]).items() if value is subject), None)
    if named is not None:
        return python.given(home, named)
    assert target is not None, "what is verified without a target has a name"
    whole = target.rpartition(":")[2]
    system = getattr(sys.modules[home], whole)
    part = next(one.name for one in system.parts if one.machine is subject)
    return f'{python.given(home, whole)}.part("{part}").machine'


def _name(sentence: str, taken: list[str]) -> str:
    """A name for a test, made of the words of the claim; where two have the same, the later ones are numbered."""
    words = re.sub(r"\W+", "_", sentence.casefold()).strip("_")
    name = next(
        name
        for name in (f"test_{words}", *(f"test_{words}_{number}" for number in range(2, len(taken) + 3)))
        if name not in taken
    )
    taken.append(name)
    return name
