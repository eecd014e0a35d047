"""`python -m fsm.verification.checker FOLDER`: each claim of a certificate, asked again by somebody who shares nothing with the prover.

The folder has a declaration in its canonical form (`declaration.json`) and the evidence (`certificate.json`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import sys
from pathlib import Path

from fsm.verification.checker.certificate import check_certificate, read_certificate
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.shapes import LARGEST, Malformed
from fsm.verification.checker.solver import InProcess, Program

CONFIRMED, LOST, WRONG_USE, BEYOND = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 all is confirmed; 1 a solver answers a question so that a claim is not shown; 3 something is beyond this checker; 2 nothing could be read."""
    parser = argparse.ArgumentParser(prog="python -m fsm.verification.checker", description=__doc__)
    parser.add_argument("folder", type=Path, help="with declaration.json and certificate.json")
    parser.add_argument(
        "--solver", metavar="COMMAND", help="is given one SMT-LIB file at a time; default: cvc5 in this process"
    )
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    given = parser.parse_args(arguments)
    try:
        text = _text(given.folder / "declaration.json")
        profile, sections = read_certificate(_text(given.folder / "certificate.json"))
        declaration = read_declaration(text)
    except (OSError, Malformed) as error:
        print(f"checker: {error}", file=sys.stderr)
        return WRONG_USE
    solver = Program(shlex.split(given.solver)) if given.solver else InProcess()
    outcomes = check_certificate(declaration, profile, sections, solver)
    lost = {key: outcome.why for key, outcome in outcomes.items() if outcome.why}
    digest = hashlib.sha256(text.encode()).hexdigest()
    if given.json:
        claims = [
            {"section": section, "claim": claim, "confirmed": not one.why, "why": one.why}
            for (section, claim), one in outcomes.items()
        ]
        print(json.dumps({"declaration": digest, "claims": claims}, indent=1))
    else:
        for (section, claim), why in lost.items():
            print(f"  ? {section}, {claim}: {why}")
        print(f"declaration {digest[:16]}: {len(outcomes) - len(lost)} confirmed, {len(lost)} not")
    return LOST if any(outcome.failed for outcome in outcomes.values()) else BEYOND if lost else CONFIRMED


def _text(file: Path) -> str:
    """What stands in a plain file of a sound size."""
    if file.is_symlink() or not file.is_file():
        raise Malformed(f"{file.name}: is no plain file")
    if file.stat().st_size > LARGEST:
        raise Malformed(f"{file.name}: is too large")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Malformed(f"{file.name}: is no UTF-8") from None


if __name__ == "__main__":
    sys.exit(main())
