"""The certificates of one folder leave nothing out between them: whatever the form of a system says of a machine, and that machine's own form, agree."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fsm import Machine, Rule, State, System, always, event, integer, one, parameter
from fsm.canonical import write
from fsm.command.invocation.target import resolve
from fsm.desk import DESK
from fsm.verification import verify
from fsm.verification.certificates.writing import write_certificates
from fsm.verification.checker.__main__ import main
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Version
from fsm.verification.checker.shapes import Malformed
from fsm.verification.checker.whole.together import Handed, left_out

REGRESSION = Path(__file__).parents[2] / "regression"


def handed(text: str, version: Version | None = None) -> Handed:
    return Handed(read_declaration(text), version or Version())


def missing(system: Handed, *machines: Handed) -> list[tuple[str, str]]:
    return list(left_out(system, [system, *machines]))


SYSTEMS = [file for kind in ("proved", "refuted", "unknown") for file in sorted((REGRESSION / kind).glob("*.py")) if "\nSUBJECT = Machine(" not in file.read_text(encoding="utf-8")]  # fmt: skip


@pytest.mark.parametrize("file", [None, *SYSTEMS], ids=lambda file: "desk" if file is None else file.stem)
def test_a_machine_says_the_same_in_its_own_form_and_in_that_of_its_system(file: Path | None) -> None:
    """Of the regression machines and the desk, wherever its rows stand; without its certificate each of its claims is named."""
    system = DESK if file is None else resolve(f"{file}:SUBJECT")
    assert isinstance(system, System)
    machines = list(dict.fromkeys(part.machine for part in system.parts))
    forms = [handed(write(machine)) for machine in machines]
    claims = sum(len(machine.properties) for machine in machines)

    assert missing(handed(write(system)), *forms) == []
    assert len(missing(handed(write(system)))) == claims


OTHER = {"and": "or", "or": "and", "==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-", "-": "+", "before": "after", "after": "before"}  # fmt: skip


def changed(form: Any) -> Iterator[str]:
    """A form with one operator exchanged, each in turn."""
    for place, row in enumerate(form["expressions"]):
        ((name, of),) = row.items()
        if name in OTHER:
            yield json.dumps(form | {"expressions": [*form["expressions"][:place], {OTHER[name]: of}, *form["expressions"][place + 1 :]]})  # fmt: skip


def test_no_operator_of_a_machine_of_the_desk_is_changed_unseen() -> None:
    """In its own form: the desk's form has it as it was."""
    whole = handed(write(DESK))
    agent, tile = (write(part.machine) for part in DESK.parts)
    machines = {"agent": (agent, tile, 0), "tile": (tile, agent, 1)}
    seen = 0
    for mine, other, place in machines.values():
        for text in changed(json.loads(mine)):
            named = missing(whole, handed(text), handed(other))
            assert named[0] == (f"machine {place}", "claim 0")
            seen += 1

    assert seen > 150


# A folder, as somebody hands it over

down, up = State("down"), State("up")
most = parameter("most", int, 3, low=1)
pressed = integer("pressed", 0, None)


@event
class Press:
    pass


@event
class Rest:
    pass


PEDAL = Machine(
    "pedal",
    (up, down),
    up,
    (
        up.on(Press).when(pressed < most).to(down).set(pressed, pressed + 1),
        down.on(Rest).to(up),
        up.on(Rest).stay().set(pressed, 0),
    ),
    (pressed,),
    (always("it is pressed as often as it may be", pressed <= most),),
)
pedal = one("pedal", PEDAL)
ORGAN = System(
    "organ",
    (pedal,),
    parameters=(most,),
    rules=(Rule("no more than two", on=Press, when=pedal[pressed] < 2),),
    properties=(always("it is pressed twice at most", pedal[pressed] <= 2),),
)


@pytest.fixture(scope="module")
def proof(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of a pedal and of the organ that it is part of."""
    made = tmp_path_factory.mktemp("certificates") / "proof"
    write_certificates(made, None, [verify(PEDAL), verify(ORGAN)])
    return made


def edited(folder: Path, file: str, edit: Callable[[Any], None]) -> None:
    document = json.loads((folder / file).read_text())
    edit(document)
    (folder / file).write_text(json.dumps(document))


def test_a_folder_from_which_the_certificate_of_a_machine_is_taken_is_not_good(
    proof: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its index does not name it any more: what the machine claims is named as shown nowhere. The system's certificate alone speaks of what the system claims."""
    folder = Path(shutil.copytree(proof, tmp_path / "proof"))
    assert main([str(folder)]) == 0
    shutil.rmtree(folder / "machine-0")
    edited(folder, "index.json", lambda index: index["certificates"].pop(0))
    capsys.readouterr()

    assert main([str(folder)]) == 1
    assert "? machine 0, claim 0: no certificate of the folder is of this very machine" in capsys.readouterr().out
    assert main([str(folder / "system-1")]) == 0


def weaker(form: Any) -> None:
    """The pedal can be pressed once more."""
    (place,) = (place for place, row in enumerate(form["expressions"]) if "<" in row and "parameter" in form["expressions"][row["<"][1]])  # fmt: skip
    form["expressions"][place] = {"<=": form["expressions"][place]["<"]}


@pytest.mark.parametrize("where", ["machine-0", "system-1"])
def test_a_machine_that_is_changed_in_one_of_two_forms_is_named(
    proof: Path, tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the system's form no claim of the system depends on it."""
    folder = Path(shutil.copytree(proof, tmp_path / "proof"))
    edited(folder, f"{where}/declaration.json", weaker)

    assert main([str(folder)]) == 1
    assert "? machine 0, claim 0: no certificate" in capsys.readouterr().out


def test_a_machine_without_claims_must_be_the_one_whose_certificate_lies_beside_it() -> None:
    """By its name: then it is named by that."""
    silent = json.loads(write(ORGAN))
    silent["machines"][0]["properties"] = []
    alone = json.loads(write(PEDAL))
    alone["machines"][0]["properties"] = []
    same, other = json.dumps(alone), copy.deepcopy(alone)
    weaker(other)

    assert missing(handed(json.dumps(silent)), handed(same)) == []
    assert missing(handed(json.dumps(silent)), handed(json.dumps(other))) == [("machine 0", "what it is")]


def test_a_certificate_of_a_machine_in_another_version_is_not_that_of_the_system() -> None:
    """What the system leaves open the machine's may not fix; what it fixes may be open there."""
    system, machine = write(ORGAN), write(PEDAL)

    assert missing(handed(system), handed(machine, Version(None, ((0, 1),)))) != []
    assert missing(handed(system, Version("small", ((0, 1),))), handed(machine, Version("small", ((0, 1),)))) == []
    assert missing(handed(system, Version("small", ((0, 1),))), handed(machine, Version("large", ()))) != []


def test_whatever_is_changed_in_a_form_is_told_or_refused() -> None:
    """Every value of the pedal's form exchanged: it is the organ's pedal no more, unless nothing of it is the pedal's."""
    form = json.loads(write(PEDAL))
    whole, passed = handed(write(ORGAN)), []

    def walk(value: Any, put: Callable[[Any], Any], path: str) -> None:
        for other in (None, 0, 1, "no", [], True, {"constant": 1}):
            if json.dumps(other) != json.dumps(value):
                text = json.dumps(put(other))
                try:
                    if not missing(whole, handed(text)):
                        passed.append(path)
                except Malformed:
                    pass
        if isinstance(value, dict | list):
            for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
                inside = (lambda new, key=key: put({**value, key: new})) if isinstance(value, dict) else (lambda new, key=key: put([*value[:key], new, *value[key + 1 :]]))  # fmt: skip
                walk(inner, inside, f"{path}.{key}")

    walk(form, lambda new: new, "")
    assert {path.split(".")[1] for path in passed} <= {"types", "values", "functions"}
