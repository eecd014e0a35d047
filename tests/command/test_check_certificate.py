"""`fsm verify --certificates` and `fsm check-certificate` as people and CI call them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fsm.command.group import fsm

from .test_verify import TRUE_TO_THE_PAGE, shop

TARGET = f"{Path(__file__).parents[1] / 'regression/proved/two_phase_commit.py'}:SUBJECT"
FSM = Path(sys.executable).with_name("fsm")
Z3 = Path(sys.executable).with_name("z3")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(fsm, list(arguments))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of two-phase commit."""
    made = tmp_path_factory.mktemp("certificates") / "commit"
    done = run("verify", TARGET, "--fast", "--certificates", str(made))
    assert 0 == done.exit_code
    assert "Not confirmed by the checker" in done.output
    return made


def test_certificates_are_shown_by_cvc5(folder: Path) -> None:
    """Status 0, and how much was asked."""
    done = run("check-certificate", str(folder))

    assert 0 == done.exit_code
    assert 3 == done.output.count(" replayed, 0 not")


def test_any_solver_that_reads_smt_lib_can_be_asked(folder: Path) -> None:
    """Here the program that comes with Z3, another process than the one that proved, given one closed question at a time."""
    done = run("check-certificate", str(folder), "--solver", str(Z3), "--json")

    assert 0 == done.exit_code
    assert [True] == list(
        {row["confirmed"] for one in json.loads(done.stdout)["certificates"] for row in one["claims"]}
    )


@pytest.mark.parametrize("says", ["unknown", "sat", "unsat"])
def test_a_solver_that_always_says_the_same_is_not_believed(says: str, folder: Path) -> None:
    """That the assumptions can be satisfied is asked too, which must be answered with yes: 3, and nothing asked is confirmed."""
    done = run("check-certificate", str(folder), "--solver", f"sh -c 'echo {says}'")

    assert 3 == done.exit_code
    assert 3 == done.output.count(" 0 confirmed, ")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("check-certificate", "{folder}", "--profile", "old"), "No such option"),
        (("check-certificate", "{folder}", TARGET), "unexpected extra argument"),
        (("check-certificate", "{folder}/machine-0/..", "--solver", "no-such-solver"), "no-such-solver"),
        (("check-certificate", "{folder}", "--solver", "'"), "--solver ': No closing quotation"),
        (("check-certificate", "{folder}", "--solver", ""), "is no command"),
        (("verify", TARGET, "--certificates", "{folder}"), "not empty"),
    ],
)
def test_wrong_usage_is_told_in_one_line(arguments: tuple[str, ...], complaint: str, folder: Path) -> None:
    """Status 2."""
    done = run(*(one.format(folder=folder) for one in arguments))

    assert 2 == done.exit_code
    assert complaint in done.output


ABSENT = ("z3", "hypothesis", "loky", "click", "rich", "textual", "graphviz")


def checked_alone(folder: Path) -> subprocess.CompletedProcess[str]:
    """What `fsm check-certificate` says where `verified-fsm[checker]` is installed and nothing else, as far as a process can be made so."""
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({ABSENT!r}));"
        "from fsm.command import main; sys.argv = ['fsm', 'check-certificate', sys.argv[1]]; main()"
    )
    return subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=False)


def test_the_checker_reads_the_folder_alone(folder: Path) -> None:
    """In a process where Z3, the prover, its other libraries and the author's module are not: what runs show it takes again."""
    done = checked_alone(folder)

    assert (0, "") == (done.returncode, done.stderr)
    assert 3 == done.stdout.count(" replayed, 0 not")


def test_a_declaration_that_is_changed_is_found(folder: Path, tmp_path: Path) -> None:
    """Status 1, and the question has a name: the step that does not keep the claim, by its place in the declaration."""
    shutil.copytree(folder, tmp_path / "proof")
    (system,) = (tmp_path / "proof").glob("system-*")
    form = (system / "declaration.json").read_text(encoding="utf-8")
    (system / "declaration.json").write_text(form.replace('{"==":', '{"!=":', 1), encoding="utf-8")
    done = checked_alone(tmp_path / "proof")

    assert (1, "") == (done.returncode, done.stderr)
    assert re.search(r"\? properties, claim [0-9]+: at (the start|event [0-9]+): sat", done.stdout)


def test_a_proof_is_confirmed_unless_it_shall_be_fast() -> None:
    """The report says so in its head."""
    assert "Every proof is confirmed by the checker, which asked cvc5" in " ".join(run("verify", TARGET).output.split())


CONTRARY = """
exec(compile('''
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from fsm.verification import stream
from fsm.verification.certificates import confirming

@contextmanager
def contrary():
    with ThreadPoolExecutor(1) as pool:
        yield confirming.Checker(pool)

stream.checker = contrary
confirming.outcomes_of = lambda declaration, asked: {}
''', "<planted>", "exec"))
"""


def test_what_the_checker_says_nothing_of_is_not_called_proved(tmp_path: Path) -> None:
    """Planted by the model file: a checker that confirms nothing. Status 3."""
    text = Path(TARGET.rpartition(":")[0]).read_text(encoding="utf-8")
    (tmp_path / "commit.py").write_text(text + CONTRARY, encoding="utf-8")
    done = subprocess.run([FSM, "verify", "commit.py:SUBJECT"], cwd=tmp_path, capture_output=True, text=True)

    assert 3 == done.returncode
    assert "the checker does not confirm it" in " ".join(done.stdout.split())
    assert "proved: induction" not in done.stdout


def test_each_version_has_certificates_of_its_own(tmp_path: Path) -> None:
    """In a folder below; what the page says not to hold in the later one needs none there."""
    target = shop(tmp_path, TRUE_TO_THE_PAGE + 'always("it is a door", door.inside(closed, opened)),')
    assert 0 == run("verify", target, "--all-profiles", "--certificates", str(tmp_path / "proof")).exit_code

    old, new = (run("check-certificate", str(tmp_path / f"proof/version-{place}"), "--json") for place in range(2))

    assert (0, 0) == (old.exit_code, new.exit_code)
    of_the_shop = [len(json.loads(one.stdout)["certificates"][-1]["claims"]) for one in (old, new)]
    assert [6, 5] == of_the_shop
