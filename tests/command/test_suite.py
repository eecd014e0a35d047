"""Claims as items of a run of pytest: nothing to write but `[tool.fsm]`, nothing loaded where there is none."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytest_plugins = ["pytester"]

REGRESSION = ROOT / "tests" / "regression"
OPEN = "everything comes to one"
UNKNOWN = 'recoverable("everything comes to four", number == 4),'
STALE = "numbers stay positive"
CONFIGURATION = f"""\
[tool.fsm]
targets = ["models"]

[[tool.fsm.unknown]]
claim = "{OPEN}"
reason = "Lagarias 1985"

[[tool.fsm.unknown]]
claim = "{STALE}"
reason = "it was open once"
"""
TELLS_WHAT_IS_LOADED = """\
import sys

def pytest_sessionfinish():
    print("\\nmodules:", *[name for name in ("fsm", "z3", "cvc5", "fsm.desk") if name in sys.modules])
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Two models, one with a claim that does not hold and one with claims that nobody can decide; and a test."""
    (pytester.path / "models").mkdir()
    for name in ("refuted/trap", "unknown/collatz"):
        file = (REGRESSION / name).with_suffix(".py")
        text = file.read_text(encoding="utf-8").replace(
            f'recoverable("{OPEN}"', f'{UNKNOWN}\n        recoverable("{OPEN}"'
        )
        (pytester.path / "models" / file.name).write_text(text, encoding="utf-8")
    (pytester.path / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    (pytester.path / "tests").mkdir()
    (pytester.path / "tests" / "test_own.py").write_text("def test_own(): pass\n", encoding="utf-8")
    return pytester


def collected(project: pytest.Pytester, *arguments: str) -> list[str]:
    """The ids of what would run."""
    (finished,) = project.inline_run("--collect-only", "-q", *arguments).getcalls("pytest_collection_finish")
    return [item.nodeid for item in finished.session.items]


def modules(project: pytest.Pytester, *arguments: str) -> list[str]:
    """What a run of its own has loaded in the end."""
    (project.path / "conftest.py").write_text(TELLS_WHAT_IS_LOADED, encoding="utf-8")
    done = project.runpytest_subprocess(*arguments)
    return next(line for line in done.outlines if line.startswith("modules:")).split()[1:]


@pytest.mark.parametrize("parallel", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_every_claim_is_an_item_that_ends_as_its_verdict_says(
    project: pytest.Pytester, parallel: tuple[str, ...]
) -> None:
    """Proved passes; refuted fails with its run, at the claim's own line; unknown fails; known to be open is an expected
    failure with its reason, as long as it is open; also where processes share the run."""
    done = project.runpytest_subprocess("-rxX", *parallel)

    done.assert_outcomes(passed=8, failed=4, xfailed=1)
    text = done.stdout.str()
    assert "refuted: after a run of 2 steps nothing leads there\n      card\n      1  wrong()  card: wrong = 1" in text
    assert re.search(r"^models/trap\.py:41: a card can always pay again$", text, re.MULTILINE)
    assert "unknown: no event leads closer" in text
    assert "[XPASS(strict)] it was open once" in text
    assert re.search(rf"^XFAIL models/collatz\.py::collatz::{OPEN} - .*Lagarias 1985", text, re.MULTILINE)
    assert 1 == done.ret


def test_claims_are_collected_without_a_solver_and_chosen_as_tests_are(project: pytest.Pytester) -> None:
    """By words of the sentence, by the kind of claim, by name, by marker, by file, by id."""
    claim = "models/trap.py::card::a card can always pay again"

    every = collected(project)

    assert 13 == len(every)
    assert [claim] == collected(project, "-k", "recoverable and card")
    assert [claim] == collected(project, claim)
    assert [one for one in every if "trap.py" in one] == collected(project, "models/trap.py")
    assert ["tests/test_own.py::test_own"] == collected(project, "-m", "not fsm") == collected(project, "tests")
    assert ["fsm"] == modules(project, "--collect-only")


def test_where_a_project_does_not_speak_of_fsm_nothing_of_it_is_loaded(pytester: pytest.Pytester) -> None:
    """The plugin costs the reading of one file. This suite is such a project."""
    pytester.makepyfile(test_own="def test_own(): pass\n")
    (pytester.path / "pyproject.toml").write_text('[project]\ndependencies = ["verified-fsm"]\n', encoding="utf-8")

    assert [] == modules(pytester, "-s")
    assert "fsm" not in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def test_a_file_may_hold_a_machine_and_tests_of_it(project: pytest.Pytester) -> None:
    """Its tests are collected as ever, its claims beside."""
    trap = (project.path / "models" / "trap.py").rename(project.path / "tests" / "test_trap.py")
    trap.write_text(trap.read_text(encoding="utf-8") + "\ndef test_it() -> None:\n    pass\n", encoding="utf-8")
    (project.path / "pyproject.toml").write_text('[tool.fsm]\ntargets = ["tests/test_trap.py"]\n', encoding="utf-8")

    found = collected(project, "tests/test_trap.py")

    assert {"tests/test_trap.py::test_it", "tests/test_trap.py::card::a card can always pay again"} <= set(found)
    assert len(set(found)) == len(found) == 6


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("targets", "target", "line 2: [tool.fsm] has no key 'target'"),
        ('"models"', '"model"', "there is no module model."),
        (OPEN, "everything comes to two", "line 5: no claim says 'everything comes to two'."),
    ],
    ids=["a key", "a target", "a claim"],
)
def test_a_configuration_that_is_wrong_is_wrong_usage(
    project: pytest.Pytester, old: str, new: str, expected: str
) -> None:
    """pytest leaves with 4, as for any other."""
    file: Path = project.path / "pyproject.toml"
    file.write_text(CONFIGURATION.replace(old, new), encoding="utf-8")

    done = project.runpytest_inprocess("--collect-only", "-q")

    assert pytest.ExitCode.USAGE_ERROR == done.ret
    assert expected in done.stderr.str()


def test_what_is_ignored_as_a_test_is_a_claim_all_the_same(project: pytest.Pytester) -> None:
    """Of a whole run, whoever shares it; where paths are named, of these alone."""
    (project.path / "test_other.py").write_text("def test_other():\n    pass\n", encoding="utf-8")
    every = collected(project)
    (project.path / "conftest.py").write_text("collect_ignore_glob = ['*']\n", encoding="utf-8")

    assert {"test_other.py::test_other", "tests/test_own.py::test_own"} == {*every} - {*collected(project)}
    shared = project.runpytest_subprocess("-q", "-n", "2", "-k", "guards")
    assert len([one for one in every if "guards" in one]) == shared.parseoutcomes()["passed"]
    (project.path / "conftest.py").unlink()
    assert ["test_other.py::test_other"] == collected(project, "test_other.py")


def test_a_path_in_the_configuration_leaves_no_claim_out(project: pytest.Pytester) -> None:
    """Of every run, by `addopts` as by `testpaths`; one that is asked for on the command line is all that is run."""
    file: Path = project.path / "pyproject.toml"
    for option in ('addopts = "tests"', 'testpaths = ["tests"]'):
        file.write_text(f"{CONFIGURATION}\n[tool.pytest.ini_options]\n{option}\n", encoding="utf-8")

        assert {"tests/test_own.py", "models/trap.py", "models/collatz.py"} == {
            one.partition("::")[0] for one in collected(project)
        }
    file.write_text(CONFIGURATION, encoding="utf-8")
    assert ["tests/test_own.py::test_own"] == collected(project, "tests")


def test_what_no_claim_says_is_refused_however_the_run_is_shared(project: pytest.Pytester) -> None:
    """Among processes as in one."""
    file: Path = project.path / "pyproject.toml"
    file.write_text(CONFIGURATION.replace(OPEN, "everything comes to two"), encoding="utf-8")

    done = project.runpytest_inprocess("-q", "-n", "2")

    assert pytest.ExitCode.USAGE_ERROR == done.ret
    assert "line 5: no claim says 'everything comes to two'." in done.stderr.str()


def test_a_claim_that_takes_too_long_is_unknown(project: pytest.Pytester) -> None:
    """No process begins within a thousandth of a second; unknown is no success."""
    (project.path / "pyproject.toml").write_text(
        '[tool.fsm]\ntargets = ["models"]\ntimeout = 0.001\n', encoding="utf-8"
    )

    done = project.runpytest_inprocess("-k", "recoverable and card")

    done.assert_outcomes(failed=1)
    assert "unknown: time limit: no verdict after 0.001 s" in done.stdout.str()


SAFE = """\
from fsm import Field, Machine, State, event, integer, parameter

locked, unlocked = State("locked"), State("unlocked")
most = parameter("most", int, 3, low=1, high=9)
wrong = integer("wrong", 0, 9)

@event
class Code:
    right: Field[bool]

SAFE = Machine(
    "safe", (locked, unlocked), locked,
    (
        locked.on(Code).when(Code.right).to(unlocked).set(wrong, 0),
        locked.on(Code).when(~Code.right & (wrong < most)).stay().set(wrong, wrong + 1),
    ),
    (wrong,),
)
"""
CODE = """\
from safe import Code

class Ours:
    most = 3

    def start(self, at):
        self.state, self.wrong = "locked", 0

    def send(self, event, at):
        if self.state == "unlocked" or not event.right and self.wrong >= self.most:
            return False
        self.state, self.wrong = ("unlocked", 0) if event.right else ("locked", self.wrong + 1)
        return True

    def wait(self, to):
        pass

    def observe(self):
        return {"safe": (self.state, {"wrong": self.wrong})}

class Lax(Ours):
    most = 4
    '''One more than is allowed.'''

class Broken(Ours):
    def observe(self):
        return {}["safe"]

class Blind(Ours):
    def observe(self):
        return {}

NOTHING = None
"""


def with_implementation(pytester: pytest.Pytester, adapter: str, more: str = "examples = 60") -> pytest.Pytester:
    """A project with a declaration, and somebody's code beside it."""
    (pytester.path / "safe.py").write_text(SAFE, encoding="utf-8")
    (pytester.path / "vault.py").write_text(CODE, encoding="utf-8")
    (pytester.path / "pyproject.toml").write_text(
        f'[tool.fsm]\ntargets = ["safe.py"]\n[[tool.fsm.implementation]]\nof = "safe"\nadapter = "{adapter}"\n{more}\n',
        encoding="utf-8",
    )
    return pytester


def test_an_implementation_is_an_item_that_fails_with_the_run_that_tells_it_apart(pytester: pytest.Pytester) -> None:
    """With the place of its own code; two of them, which two processes share."""
    (pytester.path / "conftest.py").write_text(
        "from hypothesis import settings\nsettings.register_profile('same', derandomize=True, database=None)\nsettings.load_profile('same')\n",
        encoding="utf-8",
    )
    project = with_implementation(pytester, "vault:Lax")
    file = project.path / "pyproject.toml"
    more = '[[tool.fsm.implementation]]\nof = "safe"\nadapter = "vault.py:Ours"\nexamples = 20\n'
    file.write_text(file.read_text(encoding="utf-8") + more, encoding="utf-8")

    done = project.runpytest_subprocess("-k", "implementation", "-n", "2")

    done.assert_outcomes(passed=1, failed=1)
    text = done.stdout.str()
    assert "answer: 'refused' by the declaration, 'taken' by the implementation,\nfound after 4 events:" in text
    assert re.search(r"^vault\.py:21: implementation vault:Lax$", text, re.MULTILINE)


def test_an_implementation_is_collected_beside_the_claims(pytester: pytest.Pytester) -> None:
    """By id, by the marker, by the name of what it implements; without Hypothesis."""
    project = with_implementation(pytester, "vault:Ours")

    every = collected(project)

    assert "safe.py::safe::implementation vault:Ours" == every[-1]
    assert every == collected(project, "-m", "fsm") == collected(project, "-k", "safe")
    assert [every[-1]] == collected(project, every[-1])


def test_an_implementation_is_tested_under_the_values_of_the_configuration(pytester: pytest.Pytester) -> None:
    """As the claims are proved: with four tries the other one is right."""
    project = with_implementation(pytester, "vault:Lax", "examples = 20\n[tool.fsm.values]\nmost = 4")

    project.runpytest_inprocess("-k", "implementation").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("adapter", "said"),
    [
        ("vault:Theirs", "vault has no class or function Theirs that makes an adapter."),
        ("vault:NOTHING", "vault has no class or function NOTHING that makes an adapter."),
        ("vaults:Ours", "there is no module vaults."),
        ("vaults.py:Ours", "there is no file vaults.py."),
        ("vault:Broken", "KeyError: 'safe'"),
        (
            "vault:Blind",
            "observe(): shows nothing. Show every part: safe.\nvault.py:29: implementation vault:Blind\n",
        ),
    ],
)
def test_code_that_cannot_be_tested_fails_and_says_why(pytester: pytest.Pytester, adapter: str, said: str) -> None:
    """A test that was not run is no success; an error of that code is shown with its own lines."""
    done = with_implementation(pytester, adapter).runpytest_inprocess("-k", "implementation")

    done.assert_outcomes(failed=1)
    assert said in done.stdout.str()


def test_an_implementation_of_nothing_is_wrong_usage(pytester: pytest.Pytester) -> None:
    """A machine that was renamed must not leave its implementation untested."""
    project = with_implementation(pytester, "vault:Ours")
    (project.path / "safe.py").write_text(SAFE.replace('"safe"', '"strongbox"'), encoding="utf-8")

    done = project.runpytest_inprocess("--collect-only", "-q")

    assert pytest.ExitCode.USAGE_ERROR == done.ret
    assert "line 5: no target is called 'safe'; there are strongbox." in done.stderr.str()
