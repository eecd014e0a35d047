"""A declaration is written as JSON and read back as an equal one, whatever stands in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

import fsm
from fsm import BadDeclaration, EventRefused, Machine, State, System, TimeStopped, as_system, integer
from fsm.canonical import document, fingerprint, read, write
from fsm.canonical.standins import full_name
from fsm.desk.journey import transcript
from fsm.diagrams import dot, table
from fsm.language.events import field_refs
from fsm.language.expressions import Arithmetic
from fsm.verification import render, verify

from ...verification.agreement.reachable import event_choices  # noqa: TID252  # the suite is no installed package
from ...verification.random_systems import systems_with_claims  # noqa: TID252  # the suite is no installed package
from .subjects import NAMES, subject, tags
from .twins import Twins, told
from .workshop import THING, Box, Name, Note, Open, Place, Price, Urgency, with_note

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads(files("fsm.canonical").joinpath("schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_read_back_as_an_equal_declaration(name: str) -> None:
    """Equal in every word, and for whoever stores its snapshots."""
    declaration = subject(name)
    text = write(declaration)

    again = read(text, stand_ins=True)

    assert text == write(again)
    assert type(declaration) is type(again)
    assert fingerprint(as_system(declaration)) == fingerprint(as_system(again))


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_what_the_published_schema_says(name: str) -> None:
    """Whoever writes another reader has the schema to go by."""
    assert [] == [
        f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(json.loads(write(subject(name))))
    ]


def test_the_schema_is_one_and_is_shipped(shipped: Path) -> None:
    """Whoever installs the library has it beside the modules."""
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA == json.loads((shipped / "fsm" / "canonical" / "schema.json").read_text(encoding="utf-8"))


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(systems_with_claims())
def test_any_system_is_read_back_as_an_equal_one(system: System) -> None:
    """Drawn at random, with a claim of each kind."""
    text = write(system)

    assert text == write(read(text))
    assert VALIDATOR.is_valid(json.loads(text))


def constructs(schema: Any) -> Iterator[str]:
    """The fields that a schema knows, at any depth."""
    if isinstance(schema, dict):
        fields = schema.get("properties", {})
        yield from fields
        for below in (*fields.values(), *(one for name, one in schema.items() if name != "properties")):
            yield from constructs(below)
    if isinstance(schema, list):
        for below in schema:
            yield from constructs(below)


def test_every_construct_of_the_schema_stands_in_some_declaration() -> None:
    """No row of the form is there that nobody has written."""
    written = {tag for name in NAMES for tag in tags(document(subject(name)))}

    known = {*SCHEMA["properties"], *(tag for one in SCHEMA["$defs"].values() for tag in constructs(one))}

    assert [] == sorted(known - written)


# What is done with it

FUNCTIONS = {
    full_name(one.__module__, one.__qualname__): one for one in (transcript.with_line, transcript.with_file, with_note)
}
TYPES = {
    full_name(one.__module__, one.__qualname__): one
    for one in (transcript.Transcript, transcript.Line, Note, Name, Place, Price, Box)
}
KNOWN = (transcript.Voice, Urgency)


def read_back(name: str) -> Machine | System:
    """A declaration from its text, with the functions and classes of its author's."""
    return read(write(subject(name)), functions=FUNCTIONS, types=TYPES, enumerations=KNOWN)


def walks(system: System) -> Iterator[tuple[dict[str, Any], Random]]:
    """Values for parameters, and chance: three runs."""
    yield {}, Random(1)
    yield {}, Random(2)
    yield {one.name: not one.default for one in system.parameters if isinstance(one.default, bool)}, Random(3)


MANY = 100_000
"""Firings of a timer in one call: some of these go on every few milliseconds."""


def run(name: str, steps: int = 20) -> Iterator[tuple[str, str]]:
    """What is so after each step of some runs, by a declaration and by the one read back."""
    first = as_system(subject(name))
    twins = Twins(first, as_system(read_back(name)))
    for values, chance in walks(first):
        try:
            one = fsm.compile(first, values)
        except fsm.BadInput:
            continue
        other = fsm.compile(twins.again, twins.profile(values))
        here, there = one.start(), other.start()
        for _ in range(steps):
            at = here.now + chance.choice((0, 0, 1, 20_000))
            sent = chance.choice([*event_choices(first, here), None])
            here, said = taken(one, here, sent, at)
            there, again = taken(other, there, None if sent is None else twins.event(sent), at)
            yield said, again


def taken(engine: fsm.Engine, snapshot: fsm.Snapshot, event: object, at: int) -> tuple[fsm.Snapshot, str]:
    """The snapshot after an event or after time alone, and what happened in words."""
    try:
        step = (
            engine.advance(snapshot, at, firings=MANY)
            if event is None
            else engine.step(snapshot, event, at, firings=MANY)
        )
    except EventRefused as refused:
        return refused.snapshot, f"{refused} {told(refused.snapshot, refused.effects)}"
    except TimeStopped as stopped:
        return snapshot, str(stopped)
    return step.after, told(step.after, step.effects)


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_as_the_first_one(name: str) -> None:
    """The same snapshots and effects, and refusals in the same words."""
    for said, again in run(name):
        assert said == again


@pytest.mark.parametrize("name", NAMES)
def test_it_is_drawn_as_the_first_one(name: str) -> None:
    """Its picture to the byte, and its table."""
    declaration = subject(name)

    again = read_back(name)

    assert (dot(declaration), table(declaration)) == (dot(again), table(again))


@pytest.mark.parametrize("name", ["proved/locker", "refuted/lost_update", "proved/two_states"])
def test_it_is_proved_as_the_first_one(name: str) -> None:
    """The same report, word for word: each from a process of its own, since a solver that has worked before names other states."""
    reports = [verify(one, timeout=600) for one in (subject(name), read_back(name))]

    assert render(reports[:1]) == render(reports[1:])


# What the text does not depend on

PRINT = "from fsm.desk import DESK; from fsm.canonical import write; print(write(DESK)); from tests.fsm.canonical.workshop import SYSTEM; print(write(SYSTEM))"


def test_the_text_is_the_same_in_every_process() -> None:
    """Hashes of strings differ from process to process; sets of carried data are written all the same."""
    environments = [{**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)} for seed in ("0", "1", "2026")]
    command = [sys.executable, "-c", PRINT]
    texts = {
        subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
        for environment in environments
    }

    assert 1 == len(texts)


def test_what_is_shared_is_written_once() -> None:
    """A tree that shares nodes is as long as it has nodes; one that does not, but says the same, has the same text."""
    first, second = (integer(name, 0, 9) for name in ("first", "second"))

    def doubled(*, shared: bool) -> Machine:
        sums = [first]
        for _ in range(10):
            last = sums[-1]
            sums.append(last + (last if shared else rebuilt(last)))
        only = State("only")
        return Machine("m", (only,), only, (only.on(Open).when(sums[-1] < second).stay(),), (first, second))

    shared, apart = write(doubled(shared=True)), write(doubled(shared=False))

    assert shared == apart
    assert 13 == len(json.loads(shared)["expressions"])


def rebuilt(expr: Any) -> Any:
    return expr if not isinstance(expr, Arithmetic) else Arithmetic(expr.op, rebuilt(expr.left), rebuilt(expr.right))


# What no text can hold


def test_a_function_that_is_not_handed_in_is_refused() -> None:
    """It is not imported by its name; a stand-in says so where it is called."""
    text = write(THING)

    with pytest.raises(BadDeclaration, match=r"functions\[0\]: .*with_note is a function, which no text can hold"):
        read(text)
    engine = fsm.compile(read(text, stand_ins=True))
    sent = engine.system.events[0]
    with pytest.raises(fsm.BadInput, match="was read back without it"):
        engine.step(engine.start(), sent(next(iter(field_refs(sent)["urgency"].domain.members)), 3, False, None), 0)


def test_a_function_of_another_name_or_type_is_refused() -> None:
    """Else the declaration would not be the one that was written."""
    text = write(THING)
    known = full_name(with_note.__module__, with_note.__qualname__)

    for other, where in ((transcript.with_line, "functions[0]"), (len, "functions[0]")):
        with pytest.raises(BadDeclaration) as refused:
            read(text, functions={known: other})
        assert refused.value.where.startswith(where)


def test_another_version_is_refused() -> None:
    """And the error says what to do."""
    tree = {**document(THING), "version": 2}

    with pytest.raises(BadDeclaration, match=r"version: is not 1\. Read it with the release that wrote it"):
        read(json.dumps(tree))
