"""What TARGET names where it is more than one machine: a file, a folder, a package, or what the configuration says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fsm.command.invocation.endings import WrongUsage
from fsm.command.project.discovery import targets_in

DOOR = """\
from fsm import Machine, State, always, event, inside

print("a word of the model's own")
shut, ajar = State("shut"), State("ajar")

@event
class Push:
    pass

DOOR = Machine(
    "door", states=(shut, ajar), initial=shut, transitions=(shut.on(Push).to(ajar), ajar.on(Push).to(shut)),
    properties=(
        always("it is shut or ajar", inside(shut, ajar)),
    ),
)
SAME = DOOR
"""
USER = (
    "from {where} import DOOR, Push\nfrom fsm import System, one\n\nHALL = System('hall', parts=(one('door', DOOR),))\n"
)


def project(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a package in `src`, whose name no other test has."""
    project(tmp_path, {
        "pyproject.toml": '[tool.fsm]\ntargets = ["src"]\n',
        f"src/{tmp_path.name}/__init__.py": "",
        f"src/{tmp_path.name}/door.py": DOOR,
        f"src/{tmp_path.name}/halls/__init__.py": "",
        f"src/{tmp_path.name}/halls/hall.py": USER.format(where="..door"),
        f"src/{tmp_path.name}/unrelated.py": "raise SystemExit('this must not be run')\n",
        f"src/{tmp_path.name}/test_door.py": "from fsm import State\nraise SystemExit('nor this')\n",
        "src/.hidden/door.py": "import fsm\nraise SystemExit('nor this')\n",
        "src/build/door.py": "import fsm\nraise SystemExit('nor this')\n",
    })  # fmt: skip
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(target: str) -> list[str]:
    return [f"{alone}={found.name}" for alone, found in targets_in(target)]


def test_a_file_names_all_that_it_declares_once(shop: Path) -> None:
    """A second name of the same machine is the same machine; what is imported stands elsewhere."""
    package = f"src/{shop.name}"

    assert [f"{package}/door.py:DOOR=door"] == names(f"{package}/door.py")
    assert [f"{package}/halls/hall.py:HALL=hall"] == names(f"{package}/halls/hall.py")


def test_a_folder_names_what_its_files_declare(shop: Path) -> None:
    """Files that do not know fsm are not run, nor tests, nor what stands in folders that are not one's own."""
    package = f"src/{shop.name}"

    assert [f"{package}/door.py:DOOR=door", f"{package}/halls/hall.py:HALL=hall"] == names("src")


def test_a_machine_that_is_made_by_what_is_handed_on_is_not_passed_over(tmp_path: Path) -> None:
    """Of `fsm` by a module of the project's own; nor is one that a link leads to, which may lead back to the folder around it."""
    package = f"p_{tmp_path.name}"
    project(tmp_path, {
        f"{package}/__init__.py": "",
        f"{package}/prelude.py": "from fsm import *\nimport fsm as machines\n",
        f"{package}/door.py": DOOR.replace("from fsm import Machine, State, always, event, inside", "from .prelude import *").replace('print("', '("'),
        f"{package}/gate.py": "from . import prelude\nshut = prelude.State('shut')\nGATE = prelude.Machine('gate', (shut,), shut, ())\n",
        "elsewhere/lift.py": "import fsm\nlow = fsm.State('low')\nLIFT = fsm.Machine('lift', (low,), low, ())\n",
    })  # fmt: skip
    (tmp_path / package / "lifts").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "around").symlink_to(tmp_path)

    assert ["door", "gate", "lift"] == [target.name for _, target in targets_in(str(tmp_path / package))]


def test_a_package_in_src_is_found_by_its_name(shop: Path) -> None:
    """As where it is installed; each of its modules under its own name."""
    assert [f"{shop.name}.door:DOOR=door", f"{shop.name}.halls.hall:HALL=hall"] == names(shop.name)
    assert [f"{shop.name}.door:DOOR=door"] == names(f"{shop.name}.door")


def test_what_a_file_declares_anew_under_an_imported_name_is_its_own(shop: Path) -> None:
    """The name was only borrowed."""
    text = f"import attrs\nfrom {shop.name}.door import DOOR\n\nDOOR = attrs.evolve(DOOR, name='gate')\n"
    project(shop, {"again.py": text})

    assert ["again.py:DOOR=gate"] == names("again.py")


def test_pytests_own_search_path_is_searched(shop: Path) -> None:
    """`pythonpath` of its configuration, so that the same imports work in both."""
    (shop / "src").rename(shop / "lib")
    project(shop, {
        "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["lib"]\n',
        "models/hall.py": USER.format(where=f"{shop.name}.door"),
    })  # fmt: skip

    assert ["models/hall.py:HALL=hall"] == names("models/hall.py")


def test_modules_of_one_name_in_two_folders_are_two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each model is made of the module beside it, whichever was read before; what is missing beside it is missing."""
    monkeypatch.chdir(tmp_path)
    door = DOOR.replace("inside(shut, ajar)", "rule(shut, ajar)").replace("print(", "from rules import rule\n(")
    project(tmp_path, {
        f"{folder}/{file}": text
        for folder, rule in (("first", "inside"), ("second", "lambda shut, ajar: inside(shut)"))
        for file, text in {
            "door.py": door,
            "rules.py": f"from fsm import inside\nrule = {rule}\n",
            "hall.py": USER.format(where="door"),
        }.items()
    })  # fmt: skip
    found = {alone: target for folder in ("first", "second") for alone, target in targets_in(folder)}
    doors = [found[f"{folder}/door.py:DOOR"] for folder in ("first", "second")]
    halls = [found[f"{folder}/hall.py:HALL"] for folder in ("first", "second")]

    assert doors[0].properties != doors[1].properties
    assert [[True], [True]] == [
        [part.machine is door for part in hall.parts] for hall, door in zip(halls, doors, strict=True)
    ]
    (tmp_path / "third").mkdir()
    (tmp_path / "first" / "door.py").rename(tmp_path / "third" / "gate.py")
    with pytest.raises(WrongUsage, match="imports rules, which is not installed"):
        targets_in("third")


@pytest.mark.parametrize("place", ["ALL = [{}]", "BY_NAME = dict(one=({},))", "class Doors:\n    FIRST = {}"])
def test_a_machine_without_a_name_of_its_own_is_not_passed_over(shop: Path, place: str) -> None:
    """In a list, a mapping or a class nothing names it, so that it would be proved by nobody; a list of what has names is well."""
    made = f"import attrs\nfrom {shop.name} import door\n\n" + place + "\n"
    project(shop, {"made.py": made.format("attrs.evolve(door.DOOR, name='gate')")})
    project(shop, {"known.py": made.format("door.DOOR") + "GATE = attrs.evolve(door.DOOR, name='gate')\n"})

    assert ["known.py:GATE=gate"] == names("known.py")
    with pytest.raises(WrongUsage, match=r"gate stands in \w+ of made\.py and has no name of its own"):
        names("made.py")


@pytest.mark.parametrize("name", ["json.py", "class.py", "door with spaces.py", "2nd.py", "fsm.py"])
def test_a_file_may_be_called_as_it_likes(tmp_path: Path, name: str) -> None:
    """Names of standard modules, keywords, spaces, digits."""
    file = project(tmp_path, {name: DOOR}) / name

    assert [f"{file.as_posix()}:DOOR=door"] == names(str(file))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("nothing", "nothing declares no machine or system. "),
        ("nowhere/at_all", "there is no file or folder nowhere/at_all. "),
        ("nowhere.py", "there is no file nowhere.py. "),
        ("no_such_package_at_all", "there is no module no_such_package_at_all. "),
        ("", "'' names no machine. "),
    ],
)
def test_where_nothing_is_declared_nothing_is_proved(shop: Path, target: str, expected: str) -> None:
    """An empty folder is no success."""
    (shop / "nothing").mkdir()

    with pytest.raises(WrongUsage) as wrong:
        targets_in(target)
    assert wrong.value.message.startswith(expected)
    assert wrong.value.exit_code == 2


def test_a_file_that_is_no_python_is_not_passed_over(shop: Path) -> None:
    """It may hold a model, which somebody broke."""
    project(shop, {"src/broken.py": "from fsm import Machine\ndef door(:\n"})

    with pytest.raises(WrongUsage, match=r"broken\.py, line 2 is not Python"):
        targets_in("src")


# As a program


def verify(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    fsm = Path(sys.executable).with_name("fsm")
    command = [fsm, "verify", "--fast", "-q", *arguments]
    return subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True)


def test_one_command_proves_what_is_configured_and_leaves_with_the_worst_status(tmp_path: Path) -> None:
    """Two machines of one name are told apart by where they are declared; what models print goes to standard error."""
    project(tmp_path, {
        "models/front.py": DOOR,
        "models/back.py": DOOR.replace("inside(shut, ajar)", "inside(shut)"),
        "pyproject.toml": '[tool.fsm]\ntargets = ["models"]\n',
    })  # fmt: skip

    done = verify(tmp_path)

    assert done.stdout.index("declared in models/back.py, line 10") < done.stdout.index(
        "declared in models/front.py, line 10"
    )
    assert "a word of the model's own" in done.stderr
    assert "a word of the model's own" not in done.stdout
    assert (1, "9 proved, 1 refuted, 0 unknown") == (done.returncode, done.stdout.splitlines()[-1])
    assert (2, "") == ((nowhere := verify(tmp_path, "nowhere")).returncode, nowhere.stdout)


# Known unknowns

COLLATZ = Path(__file__).parents[1] / "regression" / "unknown" / "collatz.py"
OPEN = "everything comes to one"


def known(*claims: str) -> str:
    """A configuration that knows of these."""
    tables = (f'[[tool.fsm.unknown]]\nclaim = "{claim}"\nreason = "Lagarias 1985"\n' for claim in claims)
    return '[tool.fsm]\ntargets = ["collatz.py"]\n' + "".join(tables)


@pytest.mark.parametrize(
    ("claims", "status", "tally"),
    [
        ((OPEN,), 0, "5 proved, 0 refuted, 0 unknown, 1 known unknown"),
        ((OPEN, "numbers stay positive"), 1, "4 proved, 0 refuted, 0 unknown, 1 known unknown, 1 no longer unknown"),
    ],
    ids=["all are known", "one is proved"],
)
def test_what_is_known_to_be_open_fails_nothing_until_it_is_decided(
    tmp_path: Path, claims: tuple[str, ...], status: int, tally: str
) -> None:
    """The reason is told beside it; a reason that has had its day is a failure, with the line to take out."""
    project(tmp_path, {"collatz.py": COLLATZ.read_text(encoding="utf-8"), "pyproject.toml": known(*claims)})

    done = verify(tmp_path)

    assert (status, tally) == (done.returncode, done.stdout.splitlines()[-1])
    assert "known to be open: Lagarias 1985" in done.stdout
    assert (status == 1) == ("take it out of the configuration, line 7" in " ".join(done.stdout.split()))


def test_values_of_other_targets_are_nothing_to_one_that_is_named(tmp_path: Path) -> None:
    """As where one file is proved again: the parameter that is fixed is of another; of all of them it has to be one."""
    project(tmp_path, {
        "pyproject.toml": '[tool.fsm]\ntargets = ["named_low.py"]\n[tool.fsm.values]\nmost = 2\n',
        "named_low.py": "import fsm\nlow = fsm.State('low')\nLIFT = fsm.Machine('lift', (low,), low, ())\n",
    })  # fmt: skip

    named, configured = verify(tmp_path, "named_low.py"), verify(tmp_path)

    assert (0, 2) == (named.returncode, configured.returncode)
    assert "fixes 'most'; there is no such parameter" in configured.stderr


def test_what_no_claim_says_is_not_known_to_be_open(tmp_path: Path) -> None:
    """A claim that was renamed; but where one target is named by hand, the others are not looked for."""
    project(tmp_path, {
        "collatz.py": COLLATZ.read_text(encoding="utf-8"), "door.py": DOOR, "pyproject.toml": known("everything comes to two")
    })  # fmt: skip

    done = verify(tmp_path)

    assert 2 == done.returncode
    assert "[[tool.fsm.unknown]], line 4: no claim says 'everything comes to two'." in done.stderr
    assert 0 == verify(tmp_path, "door.py").returncode
