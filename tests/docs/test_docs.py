"""Everything the documents show is run: README.md and the pages of docs/, block by block, in the order of the page.

    ```python         runs; the blocks of a page share their names
    ```text           directly after python: what it printed
    ```console        each `$ command` runs in a scratch folder, by its page; what follows is its output
    <!-- file: x.py -->     before any block: is written to that file of the scratch folder instead
    <!-- excerpt: a/b.py -->   before python: stands in that file of the checkout, word for word
    ```fsm TARGET, ```{...}    shown by the site alone, whose build makes it; ```{code-block} is run in a real Spark by tests/integration

A line `...` stands for any lines in outputs and excerpts. A command may fail only where the next
one is `echo $?`. `make` is only asked what it would do: running it would run these tests again. The proofs of the whole desk
are those that other tests of the same run made by the same command.
"""

from __future__ import annotations

import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from types import MappingProxyType, ModuleType

import attrs
import pytest

from tests.conftest import VERIFY_DESK

ROOT = Path(__file__).parents[2]
PAGES = (
    *(ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
BLOCK = re.compile(
    r"^(?:<!-- (?P<note>[^\n]*?) -->\n)?```(?P<language>\w*|{[\w-]+}(?: \w+)?|fsm [^\n]+)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
LINK = re.compile(r"(?:\]\(|\bsrc=\")(?!https?://|#|mailto:)([^)#\s\"]+)")


@attrs.frozen
class Block:
    """One fenced block of a page."""

    where: str
    language: str
    note: str
    body: str


def title(page: Path) -> str:
    return page.relative_to(ROOT).as_posix() if page.is_relative_to(ROOT) else page.name


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in BLOCK.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        yield Block(f"{title(page)}:{line}", found["language"], found["note"] or "", found["body"])


def fits(pattern: str, text: str) -> bool:
    """Equal, where a line `...` of the pattern stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^[ \t]*\.\.\.\n", pattern, flags=re.MULTILINE)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), text) is not None


WAITING = re.compile(r"^fsm: \d+ s: .*\n", re.MULTILINE)
"""What the command says of how far it has come where the machine is slow."""

Known = Mapping[str, Callable[[], subprocess.CompletedProcess[str]]]
"""Commands that ran already in this run of the suite, with what they left behind."""


class Reader:
    """Somebody who follows a page from top to bottom, in a folder of their own."""

    def __init__(self, page: Path, folder: Path, known: Known) -> None:
        self.folder, self.known = folder, known
        self.module = ModuleType(page.stem.lower().replace("-", "_") + "_page")
        sys.modules[self.module.__name__] = self.module  # events look up the types of their fields there
        self.printed = ""
        paths = (str(Path(sys.executable).parent), os.environ["PATH"])
        self.environment = os.environ | {"PATH": os.pathsep.join(paths), "COLUMNS": "100", "NO_COLOR": "1"}
        self.environment.pop("PYTEST_ADDOPTS", None)  # how loud these tests are says nothing to the pytest of a page

    def follow(self, block: Block) -> None:
        kind, _, argument = block.note.partition(": ")
        match block.language, kind:
            case _, "file":
                (self.folder / argument).parent.mkdir(exist_ok=True)
                (self.folder / argument).write_text(block.body, encoding="utf-8")
            case "python", "excerpt":
                if not fits(f"...\n{block.body}...\n", (ROOT / argument).read_text(encoding="utf-8")):
                    pytest.fail(f"{block.where} is not in {argument}", pytrace=False)
            case "python", _:
                self.run_python(block)
            case "text", _:
                self.check(block.body, self.printed, f"{block.where}: the block above")
            case "console", _:
                self.run_console(block)
            case language, _ if language.startswith(("{", "fsm ")):
                pass  # what the site shows there is made by its build: test_site.py
            case language, _:
                pytest.fail(f"{block.where}: nobody knows how to run {language or 'a block without a language'}")

    def run_python(self, block: Block) -> None:
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(block.body, block.where, "exec"), vars(self.module))
        self.printed = printed.getvalue()

    def run_console(self, block: Block) -> None:
        commands = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block.body, re.MULTILINE)
        assert commands, f"{block.where}: no line starts with $"
        status = 0
        for (command, expected), (following, _) in zip(commands, [*commands[1:], ("", "")], strict=True):
            done = self.known[command]() if command in self.known else self.run(f"(exit {status}); {command}")
            status = done.returncode
            assert status == 0 or following == "echo $?", f"{block.where}: {command} left with {status}\n{done.stdout}"
            if expected or following == "echo $?":
                self.check(expected, done.stdout, f"{block.where}: {command}")

    def check(self, expected: str, printed: str, where: str) -> None:
        if not fits(expected, printed):
            pytest.fail(f"{where} printed\n{printed}", pytrace=False)

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        asks_make = command.partition("; ")[2].startswith("make ")
        done = subprocess.run(
            ["bash", "-c", command.replace("make ", "make --dry-run ", 1) if asks_make else command],
            cwd=ROOT if asks_make else self.folder,
            env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        done.stdout = WAITING.sub("", done.stdout)
        return done


def follow(page: Path, folder: Path, known: Known = MappingProxyType({})) -> None:
    reader = Reader(page, folder, known)
    for block in blocks(page):
        reader.follow(block)


@pytest.fixture
def folder(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The reader's own folder, whose modules are forgotten afterwards, as those are that another test has left from its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", "")).startswith(str(tmp_path_factory.getbasetemp())):
            monkeypatch.delitem(sys.modules, name)
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_a_reader_who_follows_the_page_sees_what_it_shows(
    page: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    """Every block, in order."""
    follow(page, folder, {VERIFY_DESK: lambda: request.getfixturevalue("desk_verified")})


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_a_page_links_only_to_files_that_exist(page: Path) -> None:
    """Pictures included."""
    assert [] == [link for link in LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]


@pytest.mark.parametrize(
    ("shown", "complaint"),
    [
        ("```python\nassert 1 + 1 == 3\n```\n", "AssertionError"),
        ("```python\nprint(2)\n```\n\n```text\n3\n```\n", "page.md:5"),
        ("```console\n$ echo two\nthree\n```\n", "echo two printed"),
        ("```console\n$ false\n```\n", "false left with 1"),
        ("```console\n$ false\n$ echo $?\n2\n```\n", "printed"),
        ("```console\n$ make no-such-target\n```\n", "make no-such-target left with 2"),
        ("<!-- excerpt: fsm/desk/desk.py -->\n```python\nDESK = None\n```\n", "is not in fsm/desk/desk.py"),
        ("```haskell\nmain\n```\n", "nobody knows how to run haskell"),
    ],
    ids=["assertion", "printed", "output", "status", "shown status", "make target", "excerpt", "language"],
)
def test_a_page_that_shows_something_false_is_found(shown: str, complaint: str, tmp_path: Path) -> None:
    """The check can fail, in each way that a page can be wrong."""
    page = tmp_path / "page.md"
    page.write_text(shown, encoding="utf-8")
    with pytest.raises((AssertionError, pytest.fail.Exception)) as found:
        follow(page, tmp_path)

    assert complaint in f"{type(found.value).__name__} {found.value}"


FACES = ("fsm.desk.floor.events", "fsm.command.terminal.screen")
"""Modules that are shown though they are no packages: events of a floor, which share names with those of a desk; and the terminal."""


@pytest.mark.parametrize("page", PAGES, ids=title)
def test_what_a_page_imports_stands_in_a_face(page: Path) -> None:
    """A package says in `__all__` what is its public part; whoever follows the docs needs nothing else."""
    code = [block for block in blocks(page) if block.language == "python" and not block.note.startswith("excerpt")]
    for block in code:
        for module, names in re.findall(r"^\s*from (fsm[\w.]*) import ([^\n]+)$", block.body, flags=re.MULTILINE):
            face = importlib.import_module(module)
            public = [*face.__all__, *(one for one in dir(face) if isinstance(getattr(face, one), ModuleType))]
            assert hasattr(face, "__path__") or module in FACES, f"{block.where}: {module} is no face"
            assert {name.strip() for name in names.split(",")} <= {*public, *FACES}, f"{block.where}: {names}"
