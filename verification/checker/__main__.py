"""`python -m fsm.verification.checker FOLDER`: each claim of a certificate, asked again by somebody who shares nothing with the prover.

The folder has a declaration in its canonical form (`declaration.json`) and the evidence (`certificate.json`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from fsm.verification.checker.certificate import check_all
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Section, read_certificate
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.shapes import LARGEST, Malformed, match, optional, strict_json
from fsm.verification.checker.solver import Asked, InProcess, Program
from fsm.verification.checker.whole.together import Handed, left_out

CONFIRMED, LOST, WRONG_USE, BEYOND = 0, 1, 2, 3
CERTIFICATE = re.compile(r"(machine|system)-[0-9]{1,6}", re.ASCII)
"""What a folder of a certificate is called."""
FILES = {"declaration.json", "certificate.json", "README.txt"}
"""What lies in one; the last is for people, and is not read."""
LONGEST = 100
"""How many characters of a stranger's words are shown."""


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all is confirmed; 1 a solver answers a question so that a claim is not shown; 3 something is beyond this checker; 2 nothing could be read."""
    parser = argparse.ArgumentParser(prog="checker", description=__doc__)
    parser.add_argument("folder", type=Path, help="with declaration.json and certificate.json, or with folders of such")
    parser.add_argument(
        "--solver", metavar="COMMAND", help="is given one SMT-LIB file at a time; default: cvc5 in this process"
    )
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    given = parser.parse_args(arguments)
    try:
        solver = _solver(given.solver)
        folders = folders_in(given.folder)
        checked = checked_in(folders, solver, together=folders != [given.folder])
    except (OSError, Malformed) as error:
        print(f"checker: {error}", file=sys.stderr)
        return WRONG_USE
    if given.json:
        documents = [
            {"declaration": digest, "claims": [_row(*key, one) for key, one in outcomes.items()]}
            for _, digest, outcomes in checked
        ]
        print(json.dumps(documents[0] if len(documents) == 1 else {"certificates": documents}, indent=1))
    else:
        for folder, digest, outcomes in checked:
            _print(folder.name if len(checked) > 1 else "", digest, outcomes)
    return max((_status(outcomes) for _, _, outcomes in checked), key=(CONFIRMED, BEYOND, LOST).index)


def _solver(command: str | None) -> Asked:
    """Who is asked.

    Raises:
        Malformed: there is no such program.
    """
    try:
        return InProcess() if command is None else Program(command)
    except ValueError as wrong:
        raise Malformed(f"--solver {command}: {wrong}") from None


Outcomes = dict[tuple[str, str], Outcome]


def folders_in(folder: Path) -> list[Path]:
    """The folders of certificates: this one, or those in it.

    Raises:
        Malformed: there are none.
    """
    if (folder / "certificate.json").exists():
        return [folder]
    _must_hold_only(folder, lambda one: one.name == "index.json" or CERTIFICATE.fullmatch(one.name) is not None)
    inside = sorted(one for one in folder.iterdir() if one.name != "index.json")
    index = strict_json(_text(folder / "index.json"), "index.json")
    entry = dict.fromkeys(("folder", "kind", "name", "fingerprint"), str) | {"profile": optional(str)}
    match(index, {"format": int, "written_by": str, "target": optional(str), "certificates": [entry]}, "index")
    if not inside or [one.name for one in inside] != sorted(one["folder"] for one in index["certificates"]):
        raise Malformed(f"{folder.name}: holds no certificates, or others than its index says")
    return inside


def _must_hold_only(folder: Path, known: Callable[[Path], bool]) -> None:
    """Whoever is handed a certificate is handed nothing beside it.

    Raises:
        Malformed: something lies there that no certificate has, or a link.
    """
    for one in folder.iterdir():
        if one.is_symlink() or not known(one):
            name = one.name[:LONGEST].encode("unicode_escape").decode("ascii")
            raise Malformed(
                f"{folder.name}: holds {name}, which is {'a link' if one.is_symlink() else 'no part of a certificate'}"
            )


def checked_in(folders: list[Path], solver: Asked, *, together: bool) -> list[tuple[Path, str, Outcomes]]:
    """Each certificate with what became of its claims.

    Args:
        together: these are all that there are, so that nothing may be left out between them.

    Raises:
        Malformed, OSError: one cannot be read.
    """
    read = [_read(folder) for folder in folders]
    handed = [one for _, one, _ in read]
    made = []
    for folder, (digest, one, sections) in zip(folders, read, strict=True):
        outcomes = check_all(one.declaration, one.version, sections, solver)
        made.append((folder, digest, outcomes | (left_out(one, handed) if together else {})))
    return made


def check_folder(folder: Path, solver: Asked) -> tuple[str, Outcomes]:
    """The SHA-256 of the declaration in a folder, and what became of each of its claims.

    Raises:
        Malformed, OSError: it cannot be read.
    """
    [(_, digest, outcomes)] = checked_in([folder], solver, together=False)
    return digest, outcomes


def _read(folder: Path) -> tuple[str, Handed, Mapping[str, Section]]:
    """What lies in a folder: the SHA-256 of the declaration's text, that, and the certificate."""
    _must_hold_only(folder, lambda one: one.name in FILES and one.is_file())
    text = _text(folder / "declaration.json")
    version, sections = read_certificate(_text(folder / "certificate.json"))
    return hashlib.sha256(text.encode()).hexdigest(), Handed(read_declaration(text), version), sections


def _row(section: str, claim: str, outcome: Outcome) -> dict[str, object]:
    return {
        "section": section,
        "claim": claim,
        "confirmed": not outcome.why,
        "replayed": outcome.replayed,
        "why": outcome.why,
    }


def _print(name: str, digest: str, outcomes: Outcomes) -> None:
    lost = {key: outcome.why for key, outcome in outcomes.items() if outcome.why}
    for (section, claim), why in lost.items():
        print(f"  ? {section}, {claim[:LONGEST].encode('unicode_escape').decode('ascii')}: {why}")
    of = f"{name}, " if name else ""
    replayed = sum(outcome.replayed for key, outcome in outcomes.items() if key not in lost)
    print(
        f"{of}declaration {digest[:16]}: {len(outcomes) - len(lost) - replayed} confirmed, {replayed} replayed, {len(lost)} not"
    )


def _status(outcomes: Outcomes) -> int:
    if any(outcome.failed for outcome in outcomes.values()):
        return LOST
    return BEYOND if any(outcome.why for outcome in outcomes.values()) else CONFIRMED


def _text(file: Path) -> str:
    """What stands in a plain file of a sound size."""
    if not file.is_file():
        raise Malformed(f"{file.name}: is no plain file")
    if file.stat().st_size > LARGEST:
        raise Malformed(f"{file.name}: is too large")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Malformed(f"{file.name}: is no UTF-8") from None


if __name__ == "__main__":
    sys.exit(main())
