"""Errors have codes: each kind one, each explained in the reference, and what is raised is a kind and no family."""

from __future__ import annotations

import ast
import importlib
import pickle
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

import fsm
from fsm import BadInput, BadSnapshot, DefinitionError
from tests.conftest import ROOT
from tests.docs.test_architecture import packages

PAGE = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
LISTED = dict(re.findall(r"^\| (FSM\d{3}) \| (\w+) \| [^|]", PAGE, flags=re.MULTILINE))
INNER = ("fsm.verification.promela", "fsm.seeds", "fsm.verification.search.packed")
FAMILIES = (DefinitionError, BadInput, BadSnapshot)


def modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(fsm.__path__, "fsm."):
        needed = (
            "fsm.diagrams.sites.",
            "fsm.spark.state",
            "fsm.spark.running_state",
            "fsm.__main__",
        )  # tools that build sites, and Spark
        if not module.name.startswith(needed):
            yield importlib.import_module(module.name)
    yield importlib.import_module("fsm.diagrams.sites.request")


MODULES = list(modules())
KINDS: dict[type[Any], str] = {
    thing: thing.code
    for module in MODULES
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, Exception) and "code" in vars(thing)
}


def raised(tree: ast.AST, names: dict[str, Any]) -> list[str]:
    """Families that are made as if they were kinds, by the line."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name))
    return [f"line {call.lineno}" for call in calls if names.get(call.func.id) in FAMILIES]  # type: ignore[attr-defined]


def test_every_code_is_one_kind_and_stands_in_the_reference() -> None:
    """With what it comes from and what to do; and no other code does."""
    assert [] == [code for code, many in Counter(KINDS.values()).items() if many > 1]
    assert {code: kind.__name__ for kind, code in KINDS.items()} == LISTED
    rows = [line for line in PAGE.splitlines() if line.startswith("| FSM")]
    assert [] == [row for row in rows if len(re.split(r"(?<!\\)\|", row)) != 6]


def test_what_is_raised_is_a_kind_with_a_code_of_its_own() -> None:
    """A family says who must act, and nothing of what went wrong."""
    sources = {module: Path(module.__file__ or "").read_text(encoding="utf-8") for module in MODULES}

    assert len(sources) > 300
    assert {} == {one.__name__: lines for one, text in sources.items() if (lines := raised(ast.parse(text), vars(one)))}


def test_an_error_without_a_kind_is_found() -> None:
    """The check can fail."""
    assert ["line 1"] == raised(ast.parse("raise Wrong('here', 'what')"), {"Wrong": DefinitionError})


def test_every_public_error_has_a_code() -> None:
    """But for tests that fail, which are no errors, and for what the rooms say to each other that nobody else needs."""
    faces = [importlib.import_module(package) for package, _ in packages()]
    errors = [
        (face.__name__, thing)
        for face in faces
        for thing in (getattr(face, name) for name in face.__all__)
        if isinstance(thing, type) and issubclass(thing, Exception) and not issubclass(thing, AssertionError)
    ]

    assert DefinitionError in [error for _, error in errors]
    assert [] == [error for face, error in errors if not hasattr(error, "code") and face not in INNER]


def test_an_error_survives_the_way_to_another_process() -> None:
    """With its facts and its code."""
    errors = [kind("here", "this is wrong", "Write that.") for kind in KINDS if issubclass(kind, FAMILIES)]
    back = [pickle.loads(pickle.dumps(error)) for error in errors]

    assert len(errors) > 30
    assert [(type(one), str(one), one.code) for one in errors] == [(type(one), str(one), one.code) for one in back]


def test_what_the_command_says_ends_with_its_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Also where an error of the library was the reason."""
    from fsm.command.invocation.endings import NoTarget, NoVerdict
    from fsm.errors import BadName

    NoTarget("there is no such thing.").show()
    with pytest.raises(click.ClickException) as stopped, NoVerdict():
        raise BadName("state 'a b'", "is not a name")
    stopped.value.show()

    assert (
        "Error: there is no such thing. [FSM402]\nError: state 'a b': is not a name. [FSM101]\n"
        == capsys.readouterr().err
    )
