"""What somebody gets who installs the package: from a wheel without extras, and in editable mode."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import build, copy_sources

EMBEDDED = """
from fsm import compile
from fsm.desk import DESK, OfferChat, SetStatus, Status

desk = compile(DESK, {"max_chats": 3})
snapshot = desk.start(at=0)
snapshot = desk.step(snapshot, SetStatus(Status.AVAILABLE), at=0).after
step = desk.step(snapshot, OfferChat(contact="c-1", name="Ann", arrived_at=0), at=1_000)
print(step.after["tiles"]["c-1"].state, [type(effect).__name__ for effect in step.effects], desk.due(step.after))
"""

ROOT = Path(__file__).parents[2]
ABSENT = ("z3", "cvc5", "hypothesis", "graphviz", "pygraphviz", "click", "rich", "textual")


def files_of(root: Path, folder: str) -> set[str]:
    found = (
        file
        for file in (root / folder).rglob("*")
        if file.is_file() and file.suffix != ".pyc" and not file.name.startswith(".")
    )
    return {file.relative_to(root).as_posix() for file in found}


def test_the_wheel_holds_one_import_package(wheel: Path) -> None:
    """Nothing but `fsm` is put at the top, where it could collide with other libraries, and pytest's way to it under the
    distribution's own name: what pytest loads in every run must not load `fsm`. What the command reads is in it."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {"fsm/command/reports/schema.json", "fsm/command/reports/changes.schema.json"} <= set(names)
    assert {"fsm", "pytest_verified_fsm.py", "verified_fsm-0.1.0.dist-info"} == {
        name.partition("/")[0] for name in names
    }


def test_every_file_of_every_room_ships(wheel: Path) -> None:
    """Modules, the mark of a typed package, the catalogue, fonts: nothing is forgotten, nothing is left over."""
    here = {
        f"fsm/{file}"
        for room in ("verification", "diagrams", "command", "files", "seeds")
        for file in files_of(ROOT, room)
    }

    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("fsm/")}
    assert here | files_of(ROOT, "fsm") == shipped
    assert "fsm/py.typed" in shipped


@pytest.mark.parametrize("left", ["nothing", "the text of the link"])
def test_a_checkout_without_links_builds_the_same_wheel(wheel: Path, tmp_path: Path, left: str) -> None:
    """As on Windows, where git writes a file with the link's text, or in an archive that drops links."""
    source = copy_sources(tmp_path / "source")
    for room in ("verification", "diagrams", "command", "files", "seeds"):
        link = source / "fsm" / room
        assert link.is_symlink()
        link.unlink()
        if left != "nothing":
            link.write_text(f"../{room}", encoding="utf-8")

    built = next(build(source, tmp_path / "wheel").glob("*.whl"))

    assert [(one.filename, one.CRC) for one in contents(wheel)] == [(one.filename, one.CRC) for one in contents(built)]


def contents(wheel: Path) -> list[zipfile.ZipInfo]:
    return sorted(zipfile.ZipFile(wheel).infolist(), key=lambda one: one.filename)


def test_a_service_embeds_the_desk_without_any_extra(without_extras: Any, tmp_path: Path) -> None:
    """From any folder, with neither solver nor Hypothesis nor Graphviz installed."""
    assert "offered ['Rang'] 16000\n" == without_extras.python(EMBEDDED, cwd=tmp_path)
    found = without_extras.python(
        f"from importlib.util import find_spec; print([name for name in {ABSENT} if find_spec(name)])"
    )
    assert "[]\n" == found


@pytest.mark.parametrize(
    ("asking", "extra"),
    [
        ("from fsm.desk import DESK; from fsm.verification import verify; verify(DESK)", "verification"),
        ("from fsm.desk import DESK; from fsm.diagrams import svg; svg(DESK)", "diagrams"),
        ("import fsm.batch", "batch"),
    ],
    ids=["proofs", "pictures", "batch"],
)
def test_asking_for_what_is_not_installed_says_which_extra_to_install(
    without_extras: Any, asking: str, extra: str
) -> None:
    """An ImportError that names the cure."""
    done = without_extras.run("python", "-c", f"try:\n    {asking}\nexcept ImportError as missing:\n    print(missing)")

    assert f"pip install 'verified-fsm[{extra}]'" in done.stdout, done.stderr


def test_the_command_without_extras_says_what_to_install(without_extras: Any) -> None:
    """One line on stderr and the exit status of wrong usage."""
    done = without_extras.run("fsm", "verify")

    assert (2, "") == (done.returncode, done.stdout)
    assert "fsm: the command needs an extra; install it with: pip install 'verified-fsm[all]'\n" == done.stderr


def test_an_editable_install_serves_every_room_from_any_folder(editable: Any, tmp_path: Path) -> None:
    """The folders of the checkout are one import package in editable mode too."""
    printed = editable.python(
        "import fsm, fsm.verification, fsm.diagrams, fsm.seeds; print(len(fsm.seeds.facts()))", cwd=tmp_path
    )

    assert "38\n" == printed


@pytest.mark.parametrize(
    ("file", "module"),
    [
        ("fsm/fresh.py", "fsm.fresh"),
        ("verification/fresh.py", "fsm.verification.fresh"),
        ("diagrams/fresh/__init__.py", "fsm.diagrams.fresh"),
    ],
)
def test_an_editable_install_sees_a_file_written_after_it(
    editable: Any, checkout: Path, file: str, module: str
) -> None:
    """Nobody has to install again to see a new module or subpackage."""
    (checkout / file).parent.mkdir(exist_ok=True)
    (checkout / file).write_text("SAYS = 'here'\n", encoding="utf-8")

    assert "here\n" == editable.python(f"from {module} import SAYS; print(SAYS)")
