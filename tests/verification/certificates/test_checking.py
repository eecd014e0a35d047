"""A folder of certificates, checked by somebody who believes nothing of it: whatever is edited, missing or too many is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import Machine, NamedProfile, System, as_system
from fsm.command.invocation.target import resolve
from fsm.verification import Proved, verify
from fsm.verification.certificates import reading
from fsm.verification.certificates.checking import Checked, Grade, check_folder
from fsm.verification.certificates.reading import BadCertificate
from fsm.verification.certificates.replaying import counted_again
from fsm.verification.certificates.solvers import Answer, Said, ask_cvc5
from fsm.verification.certificates.writing import write_certificates

from .subjects import BEDROOM, BELL, LIFT, POST, ROOM, TURNSTILE, bell, room

REGRESSION = Path(__file__).parents[2] / "regression"
ALL = (BELL, ROOM, TURNSTILE, BEDROOM, POST, LIFT)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificates of all subjects."""
    folder = tmp_path_factory.mktemp("certificates") / "all"
    write_certificates(folder, None, [verify(one) for one in ALL])
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    """A copy of them to spoil."""
    return shutil.copytree(written, tmp_path / "copy")


def unasked(script: str) -> Answer:
    """A solver that always says what the author of a forged certificate would like to hear."""
    return Answer(Said.UNSAT)


def checked(folder: Path, *subjects: Machine | System, ask: Callable[[str], Answer] = unasked) -> list[Checked]:
    return check_folder(folder, subjects or ALL, None, ask)


def findings(
    folder: Path, *subjects: Machine | System, ask: Callable[[str], Answer] = unasked
) -> list[tuple[str, str]]:
    """Where something is wrong, and what."""
    return [(one.where, one.what) for each in checked(folder, *subjects, ask=ask) for one in each.findings]


def edit(path: Path, change: Callable[[Any], object]) -> None:
    """Change a JSON file as somebody would who knows its form."""
    tree = json.loads(path.read_text(encoding="utf-8"))
    change(tree)
    path.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def linked(path: Path) -> None:
    """What stood there lies elsewhere, and a link leads to it."""
    path.rename(path.parent.parent / "elsewhere")
    path.symlink_to(path.parent.parent / "elsewhere")


def claim(tree: Any, sentence: str) -> Any:
    return next(
        one
        for section in ("definition", "properties")
        for one in tree[section]["claims"]
        if one["sentence"] == sentence
    )


def test_what_was_written_is_shown_by_a_solver_that_did_not_find_it(written: Path) -> None:
    """Every claim, every question; of a sound folder nothing is to be said but what nobody proved."""
    done = checked(written, ask=ask_cvc5)

    assert [
        ("something can always happen, but where everything has come to its end", "has no certificate: refuted")
    ] == [(one.where, one.what) for each in done for one in each.findings]
    assert [sum(isinstance(verdict, Proved) for verdict in verify(one).all) for one in ALL] == [
        each.claims for each in done
    ]
    assert all(each.questions for each in done)
    assert done[0].runs > 2


def test_every_single_file_is_compared(folder: Path) -> None:
    """A comment more in any of them is found, with its name."""
    names = {
        one.name: sorted(
            path.relative_to(one).as_posix() for ending in ("smt2", "txt") for path in one.rglob(f"*.{ending}")
        )
        for one in folder.glob("*-*")
    }
    for path in (*folder.rglob("*.smt2"), *folder.rglob("*.txt")):
        path.write_bytes(path.read_bytes() + b"; looks harmless\n")

    found = {
        one.where
        for each in checked(folder)
        for one in each.findings
        if one.what == "is not what the declaration makes of it"
    }

    assert found >= {name for each in names.values() for name in each}


def test_a_missing_question_is_named_and_so_is_one_too_many(folder: Path) -> None:
    """Whoever leaves out a step does not get away with it."""
    step = folder / "system-1/properties/lemmas/claim-0/on-event-0.smt2"
    step.rename(step.with_name("on-nothing.smt2"))

    found = findings(folder)

    assert ("properties/lemmas/claim-0/on-event-0.smt2", "is missing") in found
    assert ("properties/lemmas/claim-0/on-nothing.smt2", "is one too many") in found


@pytest.mark.parametrize(
    ("other", "complaint"),
    [(bell(late=1), "is of another declaration"), (bell(by_hand=True), "is of another declaration")],
)
def test_a_certificate_of_another_declaration_is_refused(other: Machine, complaint: str, folder: Path) -> None:
    """One millisecond later is another machine."""
    ((where, what), *_) = findings(folder, other)

    assert "certificate.json" == where
    assert what.startswith(complaint)


def test_a_weaker_declaration_with_a_forged_fingerprint_is_found_at_its_question(folder: Path, tmp_path: Path) -> None:
    """Also where somebody writes everything anew: the solver is asked about the declaration, and answers."""
    write_certificates(tmp_path / "open", None, [verify(room(open_to_all=True))])
    forged = json.loads((folder / "system-1/certificate.json").read_text(encoding="utf-8"))
    mark = json.loads((tmp_path / "open/system-0/certificate.json").read_text(encoding="utf-8"))["fingerprint"]
    (tmp_path / "open/system-0/certificate.json").write_text(
        json.dumps({**forged, "fingerprint": mark}, indent=1) + "\n", encoding="utf-8"
    )

    found = findings(tmp_path / "open", room(open_to_all=True), ask=ask_cvc5)

    assert ("properties/lemmas/claim-0/on-event-0.smt2", "has an answer: it does not hold") in found


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        ("index.json", lambda tree: tree.update(format=1), "is of format 1"),
        ("index.json", lambda tree: tree.pop("target"), "is missing"),
        ("index.json", lambda tree: tree.update(more=1), "is no field"),
        ("index.json", lambda tree: tree.update(format=10**4_000), "is of format <an integer of about 4,001 digits>"),
        ("index.json", lambda tree: tree["certificates"][0].update(folder="../elsewhere"), "is no name of a folder"),
        ("index.json", lambda tree: tree["certificates"][0].update(folder=".."), "is no name of a folder"),
        ("index.json", lambda tree: tree["certificates"][0].update(folder="\ud800"), "is no name of a folder"),
        ("index.json", lambda tree: tree["certificates"][0].update(folder="x" * 10_000), "is no name of a folder"),
        ("index.json", lambda tree: tree["certificates"][0].update(folder="machine-0\n"), "is no name of a folder"),
        ("index.json", lambda tree: tree["certificates"][0].update(folder="system-1"), "or stands twice"),
    ],
)
def test_an_index_that_is_none_is_refused(
    file: str, change: Callable[[Any], object], complaint: str, folder: Path
) -> None:
    """Strictly: nothing missing, nothing too much."""
    edit(folder / file, change)
    with pytest.raises(BadCertificate, match=complaint):
        checked(folder)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda tree: tree["certificates"][0].update(folder="machine-77"), "there is no such folder"),
        (lambda tree: tree["certificates"][0].update(profile="2021"), "says otherwise than the index"),
        (lambda tree: tree["certificates"].pop(0), "has no certificate of machine bell"),
        (lambda tree: tree.update(written_by="verified-fsm 0.0.1"), ""),
        (lambda tree: tree["certificates"][0].update(name="gong"), "machine gong is not among what is checked"),
    ],
)
def test_an_index_that_says_something_false_is_found(
    change: Callable[[Any], object], complaint: str, folder: Path
) -> None:
    """Nothing outside of the folder is looked at."""
    edit(folder / "index.json", change)

    assert not complaint or any(complaint in what for _, what in findings(folder))


@pytest.mark.parametrize(
    ("of", "change", "complaint"),
    [
        ("machine-0", lambda tree: tree.update(profile="2021"), "says otherwise"),
        ("machine-0", lambda tree: tree["definition"].update(claims=[]), "of definition there are other claims"),
        ("machine-0", lambda tree: tree["properties"]["claims"].pop(), "of properties there are other claims"),
        ("machine-0", lambda tree: claim(tree, "it can ring")["evidence"].update(runs=[]), "the runs are not those"),
        ("machine-0", lambda tree: claim(tree, "it can ring").update(evidence=None), "has no certificate: proved"),
        (
            "machine-0",
            lambda tree: claim(tree, "it can ring")["evidence"].update(how="ENUMERATION"),
            "shows no such claim",
        ),
        (
            "system-1",
            lambda tree: claim(tree, "never too many")["evidence"].update(lemmas=["claim 9"]),
            "there is no lemma claim 9",
        ),
        ("system-1", lambda tree: tree.update(format="1"), "is not an integer"),
        ("machine-0", lambda tree: claim(tree, "it can ring").update(verdict="green"), "'green' is no verdict"),
        ("machine-0", lambda tree: claim(tree, "it can ring").update(claim="claim  2"), "'claim  2' is no fact"),
        ("machine-0", lambda tree: claim(tree, "it can ring").update(claim="claim 02"), "'claim 02' is no fact"),
        (
            "machine-0",
            lambda tree: claim(tree, "it can ring").update(sentence="it rings"),
            "is not what the declaration",
        ),
        ("system-1", lambda tree: tree["properties"]["proofs"].append({"lemma": "claim 1", "uses": []}), "is not what"),
        (
            "system-1",
            lambda tree: claim(tree, "it can be empty")["evidence"].update(weights=[]),
            "is not what the declaration makes of it",
        ),
        (
            "system-4",
            lambda tree: claim(tree, "somebody can stand there")["evidence"].update(
                how="ENUMERATION", snapshots=3, weights=[], lowered_by=[]
            ),
            "the certificate says 3 snapshots",
        ),
    ],
)
def test_an_edited_certificate_is_found(of: str, change: Callable[[Any], object], complaint: str, folder: Path) -> None:
    """Each of its parts."""
    edit(folder / of / "certificate.json", change)

    assert any(complaint in what for _, what in findings(folder)), findings(folder)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda tree: tree["steps"][0]["event"]["fields"].update(loud=False), "is no run"),
        (lambda tree: tree.update(steps=[]), "does not show"),
        (lambda tree: tree["start"].update(now=5), "does not begin at the start"),
        (lambda tree: tree.update(profile={"patience": 0}), "is no run"),
        (lambda tree: tree.update(profile=7), "is no run"),
    ],
)
def test_an_edited_run_is_found(change: Callable[[Any], object], complaint: str, folder: Path) -> None:
    """It is taken again by the runtime, from the start."""
    path = "properties/runs/claim-2/claim-2.json"

    def whole(tree: Any) -> None:
        change(tree)
        if not tree["steps"]:
            return
        tree["steps"][0]["at"] = max(tree["steps"][0]["at"], tree["start"]["now"])

    edit(folder / "machine-0" / path, whole)

    assert [(path, what) for where, what in findings(folder, BELL) if where == path and complaint in what], findings(
        folder, BELL
    )


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda place: (place / "link").symlink_to("/etc/passwd"), "links are not followed"),
        (lambda place: (place / "a/b/c/d/e/f/g").mkdir(parents=True), "lies deeper than"),
        (lambda place: (place / "certificate.json").unlink(), "there is no such file"),
        (lambda place: (place / "certificate.json").write_text("{", encoding="utf-8"), "is not JSON"),
        (lambda place: (place / "certificate.json").write_bytes(b"\xff"), "is not UTF-8"),
        (lambda place: (place / "README.txt").write_bytes(b"\xff"), "is not what the declaration makes of it"),
        (lambda place: os.mkfifo(place / "properties/pipe"), "links are not followed"),
        (lambda place: linked(place / "properties"), "links are not followed"),
        (lambda place: linked(place / "certificate.json"), "links are not followed"),
        (lambda place: (place / "Properties").mkdir(), ""),
        (lambda place: (place / "README.TXT").write_text("more", encoding="utf-8"), "is one too many"),
        (lambda place: (place / "a\x1b[2Jb\n").write_text("more", encoding="utf-8"), "is one too many"),
        (lambda place: Path(os.fsdecode(os.fsencode(place) + b"/\xff")).write_text("more"), "is one too many"),
        (
            lambda place: (place / "properties/runs/claim-2/claim-2.json").write_text("[NaN]", encoding="utf-8"),
            "is no number",
        ),
        (lambda place: shutil.rmtree(place), "there is no such folder"),
    ],
)
def test_a_hostile_folder_is_named_and_not_followed(
    spoil: Callable[[Path], object], complaint: str, folder: Path
) -> None:
    """Links, depth, what is no text."""
    spoil(folder / "machine-0")
    found = findings(folder, BELL)

    assert any(complaint in what for _, what in found), found
    assert all(one.isprintable() for where, what in found for one in where + what)


def test_what_is_too_large_or_too_many_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is read."""
    with (folder / "machine-0/README.txt").open("a", encoding="utf-8") as readme:
        readme.truncate(1 << 40)
    assert ("README.txt", "is not what the declaration makes of it") in findings(folder, BELL)

    monkeypatch.setattr(reading, "MOST", 7)
    assert any("more than 7 files" in what for _, what in findings(folder, BELL))

    monkeypatch.setattr(reading, "LARGEST", 10)
    with pytest.raises(BadCertificate, match="larger than 10 bytes"):
        checked(folder)


def test_what_the_index_does_not_know_is_one_too_many(folder: Path) -> None:
    """Also beside the certificates."""
    (folder / "more").mkdir()

    assert ("more", "the index knows nothing of it") in findings(folder)


def test_a_solver_that_does_not_answer_leaves_it_open(folder: Path) -> None:
    """Unknown, never shown; and what has an answer has failed."""
    silent = [
        one
        for each in checked(folder, ROOM, ask=lambda script: Answer(Said.UNKNOWN, "too hard"))
        for one in each.findings
    ]

    assert Grade.UNKNOWN in {one.grade for one in silent}
    assert any("too hard" in one.what for one in silent)


def test_a_version_is_one_of_the_declaration(tmp_path: Path) -> None:
    """Its parameters are those of that version; which one is asked of is not for the folder to say."""
    first, later = NamedProfile("first", {"places": 2}), NamedProfile("later", {"places": 3})
    hall = attrs.evolve(ROOM, profiles=(first, later))
    for name, profile in (("first", first), ("later", later)):
        write_certificates(tmp_path / name, None, [verify(hall, profile=profile)])

    for profile in hall.profiles:
        assert [()] == [one.findings for one in check_folder(tmp_path / profile.name, [hall], profile, ask_cvc5)]
    ((finding,),) = [one.findings for one in check_folder(tmp_path / "later", [hall], first, ask_cvc5)]
    assert "is of version 'later'; asked was 'first'" in finding.what


def test_the_same_bytes_whatever_was_proved_before(written: Path, tmp_path: Path) -> None:
    """Another process, another order of hashes, nothing proved before."""
    program = f"""
import sys
sys.path.append({str(Path(__file__).parents[3])!r})
from pathlib import Path
from fsm.verification.certificates.writing import write_certificates
from fsm.verification import Proved, verify
from tests.verification.certificates.subjects import BEDROOM, BELL, LIFT, POST, ROOM, TURNSTILE
write_certificates(Path({str(tmp_path / "again")!r}), None, [verify(one) for one in (BELL, ROOM, TURNSTILE, BEDROOM, POST, LIFT)])
"""
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ | {"PYTHONHASHSEED": "4711"})
    files = sorted(path.relative_to(written) for path in written.rglob("*") if path.is_file())

    assert files == sorted(
        path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file()
    )
    assert [] == [
        str(path) for path in files if (written / path).read_bytes() != (tmp_path / "again" / path).read_bytes()
    ]


def test_certificates_are_not_written_over_something(written: Path) -> None:
    """A folder of their own."""
    with pytest.raises(FileExistsError, match="is not an empty folder"):
        write_certificates(written, None, [])


def test_what_comes_in_the_end_is_gone_through_again_where_it_was_enumerated() -> None:
    """Peterson's processes wait for each other, which no rank of the counters shows; without fairness nothing need come."""
    subject = resolve(f"{REGRESSION / 'proved/peterson_fair.py'}:SUBJECT")
    (claim,) = (
        one.claim
        for one in verify(subject, definition=False).verdicts
        if one.claim.sentence == "left gets in once it asked"
    )

    assert 20 == counted_again(as_system(subject), claim, {})
    assert "a fair run keeps away from the goal" == counted_again(as_system(subject), attrs.evolve(claim, fair=()), {})
