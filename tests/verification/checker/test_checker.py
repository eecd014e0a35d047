"""A checker that shares nothing with the prover: what it confirms, and that nothing false gets through."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fsm import Machine, State, System, event, integer
from fsm.canonical import write
from fsm.command.invocation.target import resolve
from fsm.desk import DESK, TILE
from fsm.verification import checker, verify
from fsm.verification.certificates.writing import write_certificates
from fsm.verification.checker.__main__ import main
from fsm.verification.checker.certificate import Session, check_certificate
from fsm.verification.checker.declaration import Declaration, read_declaration
from fsm.verification.checker.evidence import Evidence, Section, Version, read_certificate
from fsm.verification.checker.shapes import Malformed
from fsm.verification.checker.solver import InProcess

still = State("still")


@event
class Push:
    pass


ROOM = Path(checker.__file__).parent
REGRESSION = Path(__file__).parents[2] / "regression"
INDUCTIVE = {"always": "INVARIANT", "each step": "STEPS"}


ARGUMENTS = {
    "always": ("INVARIANT", "CLOCK", "FOUND"),
    "each step": ("STEPS", "CLOCK"),
    "within": ("CLOCK",),
    "recoverable": ("RANK",),
    "leads to": ("PROGRESS",),
}
"""By which arguments a claim of each modality may be shown."""


def forged(declaration: Declaration, turn: int = 0) -> Section:
    """Evidence that says of every claim that it is shown, by each argument in its turn, with all there is to name."""
    parts = [(place, declaration.machine(place)) for place in range(len(declaration.parts))]
    states = [(place, state) for place, machine in parts for state in range(len(machine["states"]))]
    watch = [f"stopwatch {one}" for one in ("positive", "before goal", "in time")]
    watch += [f"stopwatch {one} {part} {state}" for one in ("off", "exact", "at most") for part, state in states]
    weights = {f"state {part} {state}": state for part, state in states if declaration.parts[part]["each"] is None}
    proved = {}
    for place, claim in enumerate(declaration.properties):
        arguments = ARGUMENTS.get(claim["modality"])
        if arguments is not None:
            how = arguments[turn % len(arguments)]
            lowered = ("waiting", *(f"lowers {event}" for event in range(turn)))
            proved[f"claim {place}"] = Evidence(
                "LONGER" if declaration.alone and how == "FOUND" and place % 2 else how,
                weights,
                lowered,
                ("premise",),
                tuple(watch),
                2,
                "true",
            )
    return Section(tuple(proved), proved)


def confirmed(subject: Machine | System, section: Section | None = None) -> tuple[set[str], Section]:
    """The claims of evidence, by default forged, that are confirmed, and that evidence."""
    declaration = read_declaration(write(subject))
    section = section or forged(declaration)
    sections = {"definition": Section((), {}), "properties": section, "version": Section((), {})}
    outcomes = check_certificate(declaration, Version(), sections, InProcess())
    return {claim for (_, claim), outcome in outcomes.items() if not outcome.why}, section


BROKEN = [
    file for file in sorted(REGRESSION.glob("refuted/*.py")) if "\nCLAIM = " not in file.read_text(encoding="utf-8")
]
"""Those of which a property is refuted, and not a check of the definition."""


@pytest.mark.parametrize("turn", [0, 1, 2])
@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_claim_that_a_run_breaks_is_never_confirmed(file: Path, turn: int) -> None:
    """By whatever argument the evidence says that it is shown; the last property of the file is the one that is refuted."""
    subject = resolve(f"{file}:SUBJECT")
    said, _ = confirmed(subject, forged(read_declaration(write(subject)), turn))

    assert f"claim {len(subject.properties) - 1}" not in said


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate of the tile, with the declaration in it."""
    folder = tmp_path_factory.mktemp("certificates") / "tile"
    write_certificates(folder, None, [verify(TILE, profile=TILE.profiles[0])])
    return folder / "machine-0"


def by_argument(folder: Path, *arguments: str) -> set[str]:
    """The claims that the certificate says are shown by these arguments."""
    _, sections = read_certificate((folder / "certificate.json").read_text(encoding="utf-8"))
    return {
        f"{section} {claim}"
        for section, one in sections.items()
        for claim, evidence in one.claims.items()
        if evidence.how in arguments
    }


def outcomes(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    """The status, and for each claim why it is not confirmed."""
    status = main([str(folder), "--json"])
    printed = json.loads(capsys.readouterr().out)
    return status, {f"{one['section']} {one['claim']}": one["why"] for one in printed["claims"]}


def test_all_that_is_proved_of_the_tile_is_confirmed(certificates: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By induction, with clocks, by a rank, and by runs that are taken again: the report says of which it is so."""
    status, found = outcomes(certificates, capsys)

    assert {""} == set(found.values())
    assert by_argument(certificates, "INVARIANT", "STEPS", "CLOCK", "RANK", "IMPLIED", "RUNS") == found.keys()
    assert 0 == status


def test_the_claims_of_the_desk_hold_for_every_number_of_tiles() -> None:
    """Those over moments of every version, by induction over counters, with nothing but the canonical form."""
    always_so = Section(
        (*(f"claim {place}" for place, one in enumerate(DESK.properties) if one.modality.value == "always" and not one.refuted_in and place != 9), "part 0 claim 2"),
        {f"claim {place}": Evidence(INDUCTIVE[one.modality.value]) for place, one in enumerate(DESK.properties) if one.modality.value in INDUCTIVE and not one.refuted_in},
    )  # fmt: skip
    said, section = confirmed(DESK, always_so)

    assert {"claim 9"} == section.claims.keys() - said, "it holds where a profile switches something off"


def test_an_operator_that_is_changed_loses_the_claim_that_rests_on_it(certificates: Path, tmp_path: Path) -> None:
    """Each comparison of the declaration turned round, one at a time: what was shown of another declaration is not believed of this."""
    form = json.loads((certificates / "declaration.json").read_text(encoding="utf-8"))
    (tmp_path / "certificate.json").write_bytes((certificates / "certificate.json").read_bytes())
    lost = []
    single = [place for place, node in enumerate(form["expressions"]) if len(node.get("inside", [0, []])[1]) == 1]
    for place in single[::6]:
        node = form["expressions"][place]
        machine, (state,) = node["inside"]
        changed = [
            *form["expressions"][:place],
            {"inside": [machine, [(state + 1) % 7]]},
            *form["expressions"][place + 1 :],
        ]
        (tmp_path / "declaration.json").write_text(json.dumps({**form, "expressions": changed}), encoding="utf-8")
        lost.append(main([str(tmp_path)]))
    assert lost
    assert {1} == set(lost)


# The walls


def test_it_imports_the_standard_library_and_a_solver_alone() -> None:
    """No module of the room reads anything of ours outside it."""
    strange = []
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [one.name for one in getattr(node, "names", [])]
                if isinstance(node, ast.Import)
                else []
            )
            strange += [
                (file.name, name)
                for name in names
                if not name.startswith("fsm.verification.checker")
                and name.split(".")[0] not in {*sys.stdlib_module_names, "cvc5"}
            ]
    assert [] == strange


def test_it_works_without_z3_and_without_hypothesis(certificates: Path) -> None:
    """In a process where both cannot be imported, and where the author's module is not."""
    program = (
        "import sys; sys.modules.update(z3=None, hypothesis=None);"
        "from fsm.verification.checker.__main__ import main; status = main(sys.argv[1:]);"
        "sys.exit(70 if 'fsm.desk' in sys.modules or 'fsm.verification.encoding' in sys.modules else status)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(certificates)], capture_output=True, text=True, check=False
    )

    assert (0, "") == (ended.returncode, ended.stderr)
    assert "35 confirmed, 12 replayed, 0 not" in ended.stdout


def test_no_function_of_it_is_longer_than_a_screen() -> None:
    """Who reads it sees each whole."""
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in ROOM.rglob("*.py")]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]

    assert functions
    assert [] == [one.name for one in functions if (one.end_lineno or 0) - one.lineno >= 40]


CORE = {
    "shapes": 60,
    "declaration": 195,
    "terms": 70,
    "cells": 35,
    "meaning": 150,
    "reached": 75,
    "unknowns": 70,
    "steps": 250,
    "lemma": 15,
    "questions": 30,
    "induction": 65,
}
SOLVER = {"solver"}
"""Who answers; any other program can stand in its place."""


def statements(file: Path) -> int:
    """Those of a module that do something: imports and sentences left out."""
    nodes = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.stmt)]
    told = [node for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    return len(nodes) - len(told) - sum(isinstance(node, ast.Import | ast.ImportFrom) for node in nodes)


def imported(file: Path) -> set[Path]:
    """The modules of the room that a module imports."""
    nodes = [one for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(one, ast.ImportFrom)]
    names = [(one.module or "").removeprefix("fsm.verification.checker.").split(".") for one in nodes]
    return {made for name in names if (made := ROOM.joinpath(*name).with_suffix(".py")).exists()}


def test_the_core_is_all_that_induction_rests_on() -> None:
    """Whoever has read these modules has read every line, of ours, by which an invariant is believed."""
    met, waiting = set[Path](), [ROOM / "proofs" / "induction.py"]
    while waiting:
        file = waiting.pop()
        if file not in met:
            met.add(file)
            waiting += imported(file)

    assert CORE.keys() | SOLVER == {file.stem for file in met}


def test_the_core_is_as_small_as_its_page_says_and_no_further_kind_is_large() -> None:
    """Whoever makes a module longer takes something away elsewhere, or says on the page of the checker what a reader has to read."""
    found = {file.stem: statements(file) for file in ROOM.rglob("*.py")}
    allowed = dict.fromkeys(found, 150) | CORE

    assert {} == {name: many for name, many in found.items() if many > allowed[name]}
    assert 990 >= sum(found[name] for name in CORE)


# What a stranger hands in


def spoilt(form: Any) -> list[Any]:
    """Forms of which one value, wherever it stands, is another."""
    made = []

    def walk(value: Any, put: Any) -> None:
        for other in (None, -1, 10**9, "no", [], {}, True):
            if type(other) is not type(value):
                made.append(put(other))
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, lambda new, key=key, value=value: put({**value, key: new}))
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                walk(inner, lambda new, place=place, value=value: put([*value[:place], new, *value[place + 1 :]]))

    walk(form, lambda new: new)
    return made


def test_a_form_that_is_wrong_anywhere_is_refused_or_read() -> None:
    """Every value of a small declaration exchanged: no other error than that it is no declaration."""
    form = json.loads(write(resolve(f"{REGRESSION / 'proved' / 'turnstile.py'}:SUBJECT")))
    refused = 0
    for other in spoilt(form):
        try:
            read_declaration(json.dumps(other))
        except Malformed:
            refused += 1
    assert refused > 500


@pytest.mark.parametrize("of", [("variable", "variable"), ("constant", "variable")])
def test_one_side_of_a_product_is_a_constant(of: tuple[str, str]) -> None:
    """Of a few rows, each the square of the one before, no solver comes to an end."""
    pushed = integer("pushed", 0, 9)
    machine = Machine("m", (still,), still, (still.on(Push).when(pushed * 2 < 5).stay(),), (pushed,))
    form = json.loads(write(machine))
    names = [next(iter(node)) for node in form["expressions"]]
    (place,) = (place for place, name in enumerate(names) if name == "*")
    form["expressions"][place] = {"*": [names.index(name) for name in of]}

    if "constant" in of:
        read_declaration(json.dumps(form))
    else:
        with pytest.raises(Malformed, match="neither is a constant"):
            read_declaration(json.dumps(form))


@pytest.mark.parametrize(
    "types",
    [
        [{"class": ["builtins", "bool"]}],
        [{"class": ["types", "NoneType"]}],
        [{"literal": ["a", "b"]}],
        [{"class": ["", "bool"]}, {"new": ["", "Truth", 0]}],
        [{"class": ["builtins", "tuple"]}, {"class": ["builtins", "bool"]}, {"generic": [0, [1, 1]]}],
        [{"class": ["builtins", "bool"]}, {"literal": [1]}, {"union": [0, 1]}],
        [{"union": [0]}],
        [{}],
        [7],
    ],
    ids=str,
)
def test_instances_are_told_apart_by_what_has_any_number_of_values(types: Any) -> None:
    """That three customers can be served again was confirmed where there are two keys; with keys without end it is so."""
    form = json.loads(write(resolve(f"{REGRESSION / 'proved' / 'lock_server.py'}:SUBJECT")))
    keys = [field for one in form["events"] for field in one["fields"] if "opaque" in field["domain"]]
    few = [
        {**one, "fields": [{**field, "domain": {"opaque": len(types) - 1}} for field in one["fields"]]}
        for one in form["events"]
    ]

    Session(read_declaration(json.dumps(form)), InProcess())

    assert keys
    with pytest.raises(Malformed, match="names instances, and is of a type that has few values"):
        Session(read_declaration(json.dumps({**form, "types": types, "events": few})), InProcess())


@pytest.mark.parametrize(
    "text", ["", "[", "[" * 100_000, '{"form":1,"form":1}', "1.5", "NaN", "null", '"\\ud800"', "9" * 5_000]
)
def test_what_is_no_document_is_refused(text: str) -> None:
    """And told with the file in which it stands, or as what it should have been; of no way in which Python could be made to read it."""
    with pytest.raises(Malformed, match=r"^declaration(\.json)?: ") as refused:
        read_declaration(text)
    assert "set_int_max_str_digits" not in str(refused.value)
    with pytest.raises(Malformed, match=r"^certificate(\.json)?: "):
        read_certificate(text)
