"""Counterexamples as a pytest file: one test for each claim that was refuted by a run.

A test imports the declaration, replays the run through the public runtime, and fails as long as the
run breaks the claim; it needs no solver. The text depends on the declaration and the runs alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from fsm.command.invocation.endings import BadFile
from fsm.command.invocation.files import put
from fsm.command.invocation.importing import PackagePlace, place_of
from fsm.command.invocation.output import printable
from fsm.errors import BadInput
from fsm.language.machine import Machine
from fsm.language.printing import duration_in_words
from fsm.language.properties import RESPONSES
from fsm.language.system import System
from fsm.storage.python_source import PythonText
from fsm.storage.traces import engine_for, trace_in
from fsm.traces.printing import sender
from fsm.traces.steps import TraceStep
from fsm.traces.trace import Trace

__all__ = ["Counterexample", "counterexamples", "save_tests", "tests_of"]

Counterexample = tuple[Machine | System, dict[str, Any], Trace]
"""What was looked at, the claim as the report's JSON has it, and the run that breaks it."""

LONGEST = 80
"""The most characters of a sentence that become the name of a test."""
BY_ONE_RUN = ("always", "each step", "within")
"""What one run can break. That nothing leads out of where a run ends is said by a search from there."""


def counterexamples(targets: Sequence[Machine | System], reports: Sequence[dict[str, Any]]) -> Iterator[Counterexample]:
    """Every claim that is refuted, against the declaration, by a run that ends: one that goes round for ever is no test; reports as JSON, those of each version in the order of the targets."""
    for target, report in zip(cycle(targets), reports, strict=False):
        for claim in report["properties"]:
            broken = (claim["verdict"], claim["expected"]) == ("refuted", "proved") and claim["trace"] is not None
            if broken and claim["modality"] not in [one.value for one in RESPONSES]:
                yield target, claim, trace_in(engine_for(target, claim["trace"]), claim["trace"])


def save_tests(file: Path, names: Sequence[str], found: Sequence[Counterexample]) -> None:
    """Write the tests to a file.

    Raises:
        WrongUsage: the file cannot be written, or a run holds what no test can make.
    """
    try:
        put(file, tests_of(names, found, file).encode("utf-8"))
    except BadInput as bad:
        raise BadFile(f"no test can be written of this run: {bad}") from bad


def tests_of(names: Sequence[str], found: Sequence[Counterexample], file: Path) -> str:
    """The text of the test file."""
    homes = [_Home(name) for name in names]
    python = PythonText(homes[0].module)
    taken: list[str] = []
    tests = [_test(python, homes, one, taken) for one in found]
    asserted = sorted({_asserting(claim["modality"]) for _, claim, _ in found})
    imports = sorted([*python.imports(), *(f"from {module} import {name}" for module, name in asserted)])
    subjects = ", ".join(dict.fromkeys(one.name for one, _, _ in found))
    head = [
        f'"""Runs that broke a claim of {subjects}, saved by `fsm verify --save-test`: each test passes once the claim holds on its run."""',
        "",
        *_reaching(homes, file),
    ]
    return "\n".join([*head, *imports]) + "\n" + "".join(f"\n\n{test}\n" for test in tests)


class _Home:
    """Where a target stands, for a test that imports it."""

    def __init__(self, target: str) -> None:
        where, _, self.name = target.rpartition(":")
        file = Path(where).resolve() if where.endswith(".py") else None
        self.place: PackagePlace | None = None if file is None else place_of(file)
        self.module = where if file is None else _imported_as(file)

    @property
    def names(self) -> dict[str, Any]:
        return vars(sys.modules[self.module])


def _imported_as(file: Path) -> str:
    """The name of the module that was made of a file."""
    modules = list(sys.modules.items())
    return next(name for name, module in modules if getattr(module, "__file__", None) == str(file))


def _reaching(homes: Sequence[_Home], file: Path) -> list[str]:
    """The lines by which a test finds files that are not installed; one that cannot have its own name is loaded under another."""
    places = {home.module: home.place for home in homes if home.place is not None}
    if not places:
        return []
    named = {module: place for module, place in places.items() if module.partition(".")[0] == place.first}
    loaded = {module.partition(".")[0]: place for module, place in places.items() if module not in named}
    lines = ["import sys"]
    lines += ["from importlib.util import module_from_spec, spec_from_file_location"] if loaded else []
    lines += ["from pathlib import Path", ""]
    for root in dict.fromkeys(place.root for place in named.values()):
        lines.append(f"sys.path.insert(0, str({_reached_from(file, root)}))")
    for module, place in loaded.items():
        where, inside = (
            _reached_from(file, place.first_file),
            f"[str({_reached_from(file, place.first_file.parent)})]",
        )
        lines += [
            f'spec = spec_from_file_location("{module}", {where}, submodule_search_locations={inside if place.in_package else None})',
            f'sys.modules["{module}"] = module_from_spec(spec)',
            f'spec.loader.exec_module(sys.modules["{module}"])',
        ]
    return [*lines, ""]


def _reached_from(file: Path, there: Path) -> str:
    """A file or folder of the declaration, as Python that finds it from the test."""
    way = Path(os.path.relpath(there, file.resolve().parent)).as_posix()
    here = "Path(__file__).resolve().parent"
    return here if way == "." else f"{here} / {PythonText('').value(way)}"


def _asserting(modality: str) -> tuple[str, str]:
    return (
        ("fsm.traces", "assert_holds")
        if modality in BY_ONE_RUN
        else ("fsm.verification.search.traps", "assert_recovers")
    )


def _test(python: PythonText, homes: Sequence[_Home], one: Counterexample, taken: list[str]) -> str:
    subject, claim, trace = one
    usual = dict(trace.usual)
    profile = {name: value for name, value in trace.profile if usual.get(name) != value}
    given = ", ".join(f'"{name}": {python.value(value)}' for name, value in profile.items())
    cited = f" ({', '.join(claim['cites'])})" if claim["cites"] else ""
    said = printable(f"{claim['modality']}: {claim['sentence']}{cited}").replace("\\", "\\\\").replace('"""', "'''")
    end = f", profile={{{given}}})" if given else ")"
    _, asserting = _asserting(claim["modality"])
    return "\n".join([
        f"def {_name(claim['sentence'], taken)}() -> None:",
        f'    """{said}."""',
        "    events = [",
        *(f"        {line}" for line in _events(python, trace)),
        "    ]",
        "",
        f"    {asserting}({_subject(python, homes, subject)}, {python.value(claim['sentence'])}, events{end}",
    ])  # fmt: skip


def _events(python: PythonText, trace: Trace) -> Iterator[str]:
    """What was sent; a timer on the way fires by itself, and is told as a remark."""
    for place, step in enumerate(trace.steps):
        if step.given is not None:
            yield f"({python.value(step.given)}, {step.at:_}),"
        elif step.event is not None and place + 1 < len(trace.steps):
            yield f"# {_fired(step)}"
        else:
            yield f"(None, {step.at:_}),  # {_fired(step) if step.event is not None else 'time passes'}"


def _fired(step: TraceStep) -> str:
    return f"at {duration_in_words(step.at)} time sends {sender(step)}"


def _subject(python: PythonText, homes: Sequence[_Home], subject: Machine | System) -> str:
    """How a test calls what it tests: by its name in the module, or as the machine of a part."""
    for home in homes:
        named = next((name for name, value in home.names.items() if value is subject), None)
        if named is not None:
            return python.given(home.module, named)
    for home in homes:
        system = home.names[home.name]
        for part in system.parts if isinstance(system, System) else ():
            if part.machine is subject:
                return f'{python.given(home.module, home.name)}.part("{part.name}").machine'
    raise AssertionError(f"{subject.name} stands in no target")


def _name(sentence: str, taken: list[str]) -> str:
    """A name for a test, made of the words of the claim; where two have the same, the later ones are numbered."""
    words = "".join(one if f"a{one}".isidentifier() else " " for one in sentence.casefold()[:LONGEST])
    words = "_".join(words.replace("_", " ").split())
    name = next(
        name
        for name in (f"test_{words}", *(f"test_{words}_{number}" for number in range(2, len(taken) + 3)))
        if name not in taken
    )
    taken.append(name)
    return name
