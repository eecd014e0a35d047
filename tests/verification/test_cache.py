"""What is kept of a verdict is worth what can be shown of it again, whoever has written it.

Whatever stands in the folder, an answer is either the verdict that a prover gives, or none.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from fsm import Machine, NamedProfile, State, always, can_happen, event, happens, inside, integer, parameter, reachable
from fsm.command.project.kept import Kept
from fsm.verification.cache import answering, entries
from fsm.verification.cache.answering import Subject
from fsm.verification.cache.entries import LARGEST, Folder
from fsm.verification.stream import study_on
from fsm.verification.study import Study
from fsm.verification.verdict import Refuted


@event
class Press:
    pass


@event
class Never:
    pass


off, on, broken = State("off"), State("on"), State("broken")
n = integer("n", 0, 9)
most = parameter("most", int, 3, low=1, high=8)


def lamp(limit: Any = most, profiles: tuple[NamedProfile, ...] = ()) -> Machine:
    return Machine(
        "lamp",
        (off, on),
        off,
        (off.on(Press).when((n < 9) & (n < limit)).to(on).set(n, n + 1), on.on(Press).to(off)),
        (n,),
        properties=(
            always("few", n <= most),
            always("one at most", n <= 1),
            always("pressed where it is on", inside(on) >> (n > 0)),
            always("nothing of nothing", (n > 8) >> inside(on)),
            reachable("it is on", inside(on)),
            reachable("all are pressed", n == most),
            can_happen("it is pressed", happens(Press)),
            reachable("nine are pressed", n == 9),
        ),
        profiles=profiles,
    )  # fmt: skip


LAMP = lamp()
TRUE = {
    "few": "Proved",
    "one at most": "Refuted",
    "pressed where it is on": "Proved",
    "it is on": "Proved",
    "all are pressed": "Proved",
    "it is pressed": "Proved",
    "nine are pressed": "Refuted",
}
"""What is true of it, but for what holds for want of cases, which is never kept."""


def fill(folder: Path, machine: Machine, profile: NamedProfile | None = None) -> None:
    """Decide everything, and keep it."""
    keep = Kept(Folder(folder), [(machine, profile)], False, False, False, 100).keep
    study_on([Study(machine)], [profile], lambda message: None, keep=keep)


@cache
def filled() -> dict[str, str]:
    """The entries of the lamp, by their names in the folder."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        fill(Path(name), LAMP)
        return {str(file.relative_to(name)): file.read_text() for file in sorted(Path(name).rglob("*.json"))}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in filled().items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def answers(folder: Path, machine: Machine = LAMP, profile: NamedProfile | None = None, **how: bool) -> dict[str, str]:
    """The verdicts that hold today, of the claims."""
    one = Subject(machine, profile, "claims together")
    found = one.answers(Folder(folder), trust=how.get("trust", False), confirmed=False)
    sentences = {claim.sentence for claim in one.system.properties}
    return {
        one.claims[place].sentence: type(answer.verdict).__name__
        for place, answer in found.items()
        if one.claims[place].sentence in sentences
    }


def file_of(folder: Path, sentence: str, machine: Machine = LAMP, profile: NamedProfile | None = None) -> Path:
    one = Subject(machine, profile, "claims together")
    claim = next(claim for claim in one.claims if claim.sentence == sentence)
    return Folder(folder)._file(one.key(claim))


def test_what_is_kept_is_shown_again(folder: Path) -> None:
    """Every verdict but that on what never happens; a refutation by its run, which is that of the report."""
    one = Subject(LAMP, None, "claims together")
    found = one.answers(Folder(folder), trust=False, confirmed=True)

    assert answers(folder) == TRUE
    assert {"confirmed again", "replayed"} == {answer.how for answer in found.values()}
    (refuted,) = [one.verdict for one in found.values() if one.how == "replayed"]
    assert isinstance(refuted, Refuted) and refuted.trace is not None and 3 == len(refuted.trace.steps)


def test_another_declaration_claim_version_or_program_is_another_entry(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is shared across any of them."""
    assert {} == answers(folder, lamp(most + 1)) == answers(folder, LAMP, NamedProfile("small", {"most": 2}))
    monkeypatch.setattr(entries, "program", lambda: {"files": "another"})
    assert {} == answers(folder)


def turned_round(folder: Path, document: dict[str, Any]) -> Any:
    """What shows that it is impossible, said to be a proof of it, and the other way round."""
    (row,) = json.loads(file_of(folder, "nine are pressed").read_text())["verdict"]["order"]["claims"]
    order = {"lemmas": [], "met": [], "claims": [[document["key"]["claim"], row[1]]]}
    kind = "excluded" if document["verdict"].get("kind") == "proved" else "proved"
    kept = {"kind": kind, "argument": "", "covers": "every value of most", "rules": [], "lemmas": [], "assumptions": []}
    return document | {"verdict": kept | {"order": order, "witness": None, "cases": {}}}


def test_every_file_of_the_program_is_part_of_the_key() -> None:
    """The prover's, the checker's and the language's."""
    names = {f"{file.parent.name}/{file.name}" for file in entries.own_files()}

    assert {
        "engines/induction.py",
        "checker/steps.py",
        "language/machine.py",
        "project/kept.py",
        "cache/entries.py",
    } <= names


Attack = Callable[[Path, dict[str, Any]], Any]


def proved_instead(folder: Path, document: dict[str, Any]) -> Any:
    """The evidence of another claim, said to be of this one."""
    other = json.loads(file_of(folder, "pressed where it is on").read_text())["verdict"]
    (claim,) = other["order"]["claims"]
    return document | {
        "verdict": other | {"order": other["order"] | {"claims": [[document["key"]["claim"], claim[1]]]}}
    }


def swapped(folder: Path, document: dict[str, Any]) -> Any:
    return document | {"verdict": json.loads(file_of(folder, "few").read_text())["verdict"]}


def without_cases(folder: Path, document: dict[str, Any]) -> Any:
    return proved_instead(folder, document) | {"verdict": proved_instead(folder, document)["verdict"] | {"cases": {}}}


def other_run(folder: Path, document: dict[str, Any]) -> Any:
    """A refutation by a run that breaks nothing."""
    run = json.loads(file_of(folder, "it is on").read_text())["verdict"]["witness"]
    return document | {"verdict": {"kind": "refuted", "argument": "a run", "rules": [], "trace": run}}


@pytest.mark.parametrize("sentence", [*TRUE, "nothing of nothing"])
@pytest.mark.parametrize("attack", [proved_instead, swapped, without_cases, other_run, turned_round])
def test_an_entry_that_says_otherwise_is_none(folder: Path, attack: Attack, sentence: str) -> None:
    """With the right key in it: what the checker does not confirm of this claim, and no run shows, is not answered."""
    file = file_of(folder, sentence)
    document = json.loads(file.read_text()) if file.exists() else {"key": _key(sentence), "verdict": {}}
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(attack(folder, document)), encoding="utf-8")

    found = answers(folder)

    assert found.items() <= TRUE.items()
    assert len(found) >= len(TRUE) - 1


def _key(sentence: str) -> dict[str, Any]:
    one = Subject(LAMP, None, "claims together")
    return one.key(next(claim for claim in one.claims if claim.sentence == sentence)).plain


def test_the_entry_of_another_declaration_under_this_ones_key_is_none(folder: Path, tmp_path: Path) -> None:
    """Its invariants are not those of this one; a run of it is no run of this one."""
    wrong = lamp(most + 1)
    for sentence in TRUE:
        file = file_of(folder, sentence, wrong)
        one = Subject(wrong, None, "claims together")
        key = one.key(next(claim for claim in one.claims if claim.sentence == sentence)).plain
        verdict = json.loads(file_of(folder, sentence).read_text())["verdict"]
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps({"key": key, "verdict": verdict}), encoding="utf-8")

    assert "few" not in answers(folder, wrong)


def test_a_proof_of_one_version_is_none_of_every_version(tmp_path: Path) -> None:
    """Nor the other way round, where the text says what it covers."""
    small = NamedProfile("small", {"most": 1})
    versioned = lamp(profiles=(small,))
    fill(tmp_path, versioned, small)
    assert "Proved" == answers(tmp_path, versioned, small)["one at most"]
    file = file_of(tmp_path, "one at most", versioned, small)
    document = json.loads(file.read_text())
    for covers in ("every version and every value of every parameter", "every run", "this run", "all", 3):
        file.write_text(json.dumps(document | {"verdict": document["verdict"] | {"covers": covers}}), encoding="utf-8")
        assert "one at most" not in answers(tmp_path, versioned, small)


def test_what_is_no_plain_file_of_sound_size_is_no_entry(folder: Path) -> None:
    """Links, folders, pipes, files without end; nothing is written through a link either."""
    names = list(TRUE)
    files = {sentence: file_of(folder, sentence) for sentence in names}
    aside = folder / "aside.json"
    files[names[0]].rename(aside)
    files[names[0]].symlink_to(aside)
    files[names[1]].unlink()
    files[names[1]].mkdir()
    files[names[2]].unlink()
    os.mkfifo(files[names[2]])
    files[names[3]].write_text(files[names[3]].read_text() + " " * LARGEST, encoding="utf-8")

    assert set(names[4:]) == set(answers(folder))
    before = aside.read_text()
    fill(folder, LAMP)
    assert before == aside.read_text()


def test_a_damaged_entry_never_tells_a_lie(folder: Path) -> None:
    """Bytes changed, cut off, values of another kind: the verdict that is true, or none."""
    draw = random.Random(7)
    files = [file_of(folder, sentence) for sentence in TRUE]
    whole = {file: file.read_bytes() for file in files}
    for _ in range(4):
        for file in files:
            data = bytearray(whole[file])
            for _ in range(draw.choice([1, 1, 3])):
                data[draw.randrange(len(data))] = draw.randrange(256)
            file.write_bytes(bytes(data[: draw.choice([len(data), draw.randrange(len(data))])]))
        assert answers(folder).items() <= TRUE.items()
    for file in files:
        document = json.loads(whole[file])
        for name in document["verdict"]:
            for value in (None, [], {"claims": []}):
                file.write_text(
                    json.dumps(document | {"verdict": document["verdict"] | {name: value}}), encoding="utf-8"
                )
                assert answers(folder).items() <= TRUE.items()
        file.write_bytes(whole[file])


def test_what_is_trusted_is_not_asked_about(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And of proofs that the checker never confirmed nothing is believed where it should have."""
    monkeypatch.setattr(answering, "outcomes_of", None)
    one = Subject(LAMP, None, "claims together")

    assert answers(folder, trust=True) == TRUE
    found = one.answers(Folder(folder), trust=True, confirmed=True)
    assert ["replayed"] == [answer.how for answer in found.values()]


AGAIN = """
import sys
from pathlib import Path
from fsm.command.project.kept import Kept
from fsm.verification.cache.entries import Folder
from fsm.desk import AGENT
kept = Kept(Folder(Path(sys.argv[1])), [(AGENT, None)], False, False, False, 100)
found = kept.known()
print(kept.is_whole(found), len(kept.plan().sections[0].items) == len(found), "z3" in sys.modules)
"""


def test_a_second_run_loads_no_prover(tmp_path: Path) -> None:
    """Everything is shown again with the checker's own solver."""
    from fsm.desk import AGENT

    fill(tmp_path, AGENT)

    done = subprocess.run([sys.executable, "-c", AGAIN, str(tmp_path)], capture_output=True, text=True, check=True)

    assert "True True False\n" == done.stdout
