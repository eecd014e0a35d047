"""A certificate must speak of all that its declaration claims: what is left out, laid elsewhere or called otherwise is not good, whatever a solver says."""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import Machine, State, always, event, inside, reachable
from fsm.verification import verify
from fsm.verification.certificates.writing import write_certificates
from fsm.verification.checker.__main__ import main
from fsm.verification.checker.certificate import check_all
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import read_certificate
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.shapes import Malformed

from ..certificates.subjects import BELL, ROOM  # noqa: TID252  # the suite is no installed package

SECTIONS = ("definition", "properties", "version")
Edit = Callable[[Any], None]


class Agrees:
    """A solver that takes every question for answered as a proof needs it."""

    def ask(self, common: Sequence[str], questions: Sequence[Sequence[str]]) -> list[str]:
        return ["sat" if one == ["(assert true)"] else "unsat" for one in questions]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of a bell, and of a room with its guests."""
    made = tmp_path_factory.mktemp("certificates") / "proof"
    write_certificates(made, None, [verify(BELL), verify(ROOM)])
    return made


def outcomes(declaration: str, certificate: str) -> dict[tuple[str, str], Outcome]:
    return check_all(read_declaration(declaration), *read_certificate(certificate), Agrees())  # type: ignore[arg-type]  # a stand-in


def read(folder: Path, name: str) -> tuple[str, Any]:
    return (folder / name / "declaration.json").read_text(), json.loads(
        (folder / name / "certificate.json").read_text()
    )


def edits(document: Any) -> Iterator[tuple[str, str, Edit]]:
    """Of each claim: what is done to it, and what is said of that."""
    for section in SECTIONS:
        for place, row in enumerate(document[section]["claims"]):

            def at(edit: Callable[[Any, int], None], section: str = section, place: int = place) -> Edit:
                return lambda whole: edit(whole[section]["claims"], place)

            yield "is not in the certificate", section, at(lambda claims, place: claims.pop(place))
            yield "has no certificate", section, at(_exchanged(evidence=None, verdict="unknown"))
            yield "has another verdict", section, at(_exchanged(verdict="refuted"))
            yield "has another verdict", section, at(_exchanged(evidence=None))
            yield "is no claim", section, at(_exchanged(claim="claim 99"))
            if section != "definition":
                yield "is called otherwise", section, at(_exchanged(sentence="it is good"))
            yield "", section, at(_exchanged(evidence=row["evidence"] | {"refuted": True}, verdict="refuted"))


def _exchanged(**values: Any) -> Callable[[Any, int], None]:
    return lambda claims, place: claims[place].update(values)


@pytest.mark.parametrize("name", ["machine-0", "system-1"])
def test_a_certificate_in_which_any_claim_is_edited_is_not_good(folder: Path, name: str) -> None:
    """Left out, without evidence, with another verdict, of another id or sentence, or shown not to hold: each claim in turn."""
    declaration, document = read(folder, name)
    assert [] == [one.why for one in outcomes(declaration, json.dumps(document)).values() if one.why]

    good = []
    for said, section, edit in edits(document):
        other = copy.deepcopy(document)
        edit(other)
        whys = [one.why for one in outcomes(declaration, json.dumps(other)).values() if one.why]
        good += [] if any(said in why for why in whys) else [(said, section, whys)]
    assert [] == good


@pytest.mark.parametrize("head", [{"format": 2}, {"kind": "system"}, {"name": "gong"}])
def test_a_certificate_that_says_that_it_is_of_something_else_is_refused(folder: Path, head: dict[str, Any]) -> None:
    declaration, document = read(folder, "machine-0")

    with pytest.raises(Malformed, match="another declaration"):
        outcomes(declaration, json.dumps(document | head))


def test_a_claim_that_stands_twice_is_refused(folder: Path) -> None:
    """In one section it is no certificate, in two it is told."""
    declaration, document = read(folder, "system-1")
    row = document["properties"]["claims"][0]
    twice, again = copy.deepcopy(document), copy.deepcopy(document)
    twice["properties"]["claims"].append(row)
    again["version"]["claims"].append(row)

    with pytest.raises(Malformed, match="stands twice"):
        outcomes(declaration, json.dumps(twice))
    assert outcomes(declaration, json.dumps(again))["properties", row["claim"]].failed


def test_certificates_that_change_places_are_not_good(folder: Path, tmp_path: Path) -> None:
    """Each declaration beside the other's certificate; a folder that is missing, or one too many. Status 0 is for the folder as it was."""
    assert 0 == main([str(folder)])
    first, second, other = (shutil.copytree(folder, tmp_path / name) for name in ("first", "second", "other"))
    for name, source in (("machine-0", "system-1"), ("system-1", "machine-0")):
        shutil.copy(folder / source / "certificate.json", first / name / "certificate.json")
    shutil.rmtree(second / "system-1")
    shutil.copytree(other / "system-1", other / "system-2")

    assert [2, 2, 2] == [main([str(one)]) for one in (first, second, other)]


@pytest.mark.parametrize("spoil", ["link", "pipe", "folder", "bytes", "large"])
@pytest.mark.parametrize("file", ["certificate.json", "declaration.json", "../index.json"])
def test_a_hostile_folder_is_named_and_not_followed(
    folder: Path,
    tmp_path: Path,
    file: str,
    spoil: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A link to the very file, a pipe that never ends, a folder, what is no text, too much of it: status 2, in one line."""
    shutil.copytree(folder, tmp_path / "proof")
    path = tmp_path / "proof" / "machine-0" / file
    if spoil == "large":
        monkeypatch.setattr("fsm.verification.checker.__main__.LARGEST", 10)
    elif spoil == "bytes":
        path.write_bytes(b"\xff")
    else:
        path.unlink()
        {
            "link": lambda: path.symlink_to(folder / "machine-0" / file),
            "pipe": lambda: os.mkfifo(path),
            "folder": path.mkdir,
        }[spoil]()

    assert 2 == main([str(tmp_path / "proof")])
    assert 1 == capsys.readouterr().err.count("\n")


@pytest.mark.parametrize("where", [".", "machine-0"])
@pytest.mark.parametrize("kind", ["file", "link", "pipe", "folder", "odd"])
def test_nothing_may_lie_beside_a_certificate(
    folder: Path, tmp_path: Path, where: str, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file more, a link, a pipe, a folder, a name in other letters: status 2, in one line that names it."""
    shutil.copytree(folder, tmp_path / "proof")
    path = tmp_path / "proof" / where / ("certif\u0456cate.json" if kind == "odd" else "more")
    {
        "file": path.touch,
        "odd": path.touch,
        "link": lambda: path.symlink_to("/etc/hostname"),
        "pipe": lambda: os.mkfifo(path),
        "folder": path.mkdir,
    }[kind]()

    assert 2 == main([str(tmp_path / "proof")])
    told = capsys.readouterr().err
    assert 1 == told.count("\n") and ("certif\\u0456cate.json" if kind == "odd" else "more") in told


shut, ajar = State("shut"), State("ajar")


@event
class Push:
    pass


DOOR = Machine(
    "door",
    (shut, ajar),
    shut,
    (shut.on(Push).to(ajar), ajar.on(Push).to(shut)),
    properties=(always("it stays shut", inside(shut)), reachable("it opens", inside(ajar))),
)
RETRACTED = attrs.evolve(
    DOOR, properties=(attrs.evolve(DOOR.properties[0], retracted="it never did"), DOOR.properties[1])
)


@pytest.mark.parametrize(("subject", "status"), [(DOOR, 3), (RETRACTED, 0)])
def test_only_a_claim_that_the_declaration_says_not_to_hold_needs_no_certificate(
    subject: Machine, status: int, tmp_path: Path
) -> None:
    """Any other that is refuted leaves the folder without a proof of it."""
    write_certificates(tmp_path / "proof", None, [verify(subject)])

    assert status == main([str(tmp_path / "proof")])
