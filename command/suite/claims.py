"""Which claims a project has, read from the declarations alone: nothing is solved, and no solver is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs

from fsm.command.invocation.endings import BadSettings
from fsm.command.project.configuration import Configuration, Implementation, KnownUnknown
from fsm.command.project.expectations import reason_of
from fsm.command.prove import named_targets, targets
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.source.origin import Origin
from fsm.language.system import System
from fsm.verification.definition import sentences_of

__all__ = ["ASSUMPTIONS", "Claim", "Subject", "subjects"]

ASSUMPTIONS = -1
"""The item that asks whether the assumptions leave something to choose, and every profile satisfies them."""


@attrs.frozen
class Claim:
    """A claim or a check, before anything is known of it.

    Attributes:
        place: among the checks of the definition and the claims after them; `ASSUMPTIONS` for those.
        words: what kind of claim it is, for `-k`.
        written: the file and line.
        known: that it is known to be open, and why.
    """

    place: int
    sentence: str
    words: str
    written: Origin | None
    known: KnownUnknown | None


@attrs.frozen(eq=False)
class Subject:
    """A machine or system with its claims.

    Attributes:
        place: among all that are proved, parts before the whole.
        file: where it is declared.
        name: unique in its file.
        implementations: what is tested against it.
    """

    place: int
    target: Machine | System
    file: Path
    name: str
    claims: tuple[Claim, ...]
    implementations: tuple[Implementation, ...]


def subjects(project: Configuration) -> list[Subject]:
    """All that the configuration names, and the machines of its systems.

    Raises:
        WrongUsage: a target that is not there, or cannot be imported.
    """
    homes = {target: Path(alone.rpartition(":")[0]) for alone, target in named_targets(project.targets)}
    found: list[Subject] = []
    for place, one in enumerate(targets(project.targets)):
        file = Path(one.written[0]) if one.written is not None else homes.get(one, Path("?"))
        taken = sum(other.file == file and other.target.name == one.name for other in found)
        name = f"{one.name}-{taken + 1}" if taken else one.name
        of_it = tuple(code for code in project.implementations if code.of == one.name)
        found.append(Subject(place, one, file, name, tuple(_claims(one, project)), of_it))
    _check_implementations(project, found)
    return found


def _check_implementations(project: Configuration, found: list[Subject]) -> None:
    """Refuse an implementation of nothing, or of one of several."""
    for code in project.implementations:
        places = [str(one.file) for one in found if code in one.implementations]
        if len(places) != 1:
            names = ", ".join(dict.fromkeys(one.target.name for one in found))
            what = (
                f"{code.of!r} is declared by {' and by '.join(places)}"
                if places
                else f"no target is called {code.of!r}; there are {names or 'none'}"
            )
            raise BadSettings(f"{project.file}, line {code.line}: {what}.")


def _claims(one: Machine | System, project: Configuration) -> Iterator[Claim]:
    checks = [("definition", sentence, one.written) for sentence in sentences_of(one)]
    claims = [(claim.modality.value.replace(" ", "_"), claim.sentence, claim.written) for claim in one.properties]
    if as_system(one).all_assumptions:
        yield Claim(ASSUMPTIONS, "the assumptions leave something to choose", "definition", one.written, None)
    for place, (words, sentence, written) in enumerate([*checks, *claims]):
        yield Claim(place, sentence, words, written, reason_of(project.unknown, one.name, sentence))
