"""What a page asks for: a TARGET, what of it is to be shown, and options of `fsm draw`."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

__all__ = ["CHOICES", "FLAGS", "OTHERS", "PIECES", "BadRequest", "Request", "read_request"]

PIECES = ("picture", "table", "claims", "run")
"""What can be shown."""
DECIDED = ("claims", "run")
"""What of it is proved: for every value, or in a profile."""
SET = "set"
CHOICES = ("detail", "profile", "width", "direction", "theme", SET)
"""Options that are handed to `fsm draw` with their values."""
FLAGS = ("whole",)
OTHERS = ("show", "claim", "caption")


class BadRequest(Exception):
    """A page asks for something that cannot be; the text says what and where."""

    code = "FSM503"


@attrs.frozen
class Request:
    """What is to be shown.

    Attributes:
        target: as on the command line.
        show: some of `PIECES`, in their order on the page.
        drawing: arguments for `fsm draw`.
        profile: the version of the business; empty for the first one.
        claim: the sentence whose run is shown; empty for every run that refutes.
        caption: stands below the picture; may be empty.
    """

    target: str
    show: tuple[str, ...]
    drawing: tuple[str, ...]
    profile: str
    claim: str
    caption: str


def read_request(target: str, options: Mapping[str, str]) -> Request:
    """What a page asks for, from the target and the options as they are written.

    Raises:
        BadRequest: no target, an option that there is not, or options that do not go together.
    """
    target = target.strip()
    given = {name: value.strip() for name, value in options.items()}
    show = tuple(piece.strip() for piece in given.get("show", "picture").split(","))
    _check(target, given, show)
    drawing = [f"--{name}={given[name]}" for name in CHOICES if name in given and name != SET]
    drawing += [f"--{SET}={value.strip()}" for value in given.get(SET, "").split(",") if value.strip()]
    drawing += [f"--{name}" for name in FLAGS if name in given]
    others = {name: given.get(name, "") for name in ("profile", "claim", "caption")}
    return Request(target, show, tuple(drawing), **others)


def _check(target: str, given: Mapping[str, str], show: tuple[str, ...]) -> None:
    known = (*CHOICES, *FLAGS, *OTHERS)
    unknown = [name for name in given if name not in known]
    strange = [piece for piece in show if piece not in PIECES]
    decided = [piece for piece in show if piece in DECIDED]
    if not target:
        raise BadRequest("fsm: name a TARGET, as package.module:NAME or path/to/machine.py:NAME")
    if unknown:
        raise BadRequest(f"fsm {target}: there is no option {unknown[0]}; there are {', '.join(known)}")
    if strange:
        raise BadRequest(f"fsm {target}: {strange[0]!r} cannot be shown; there are {', '.join(PIECES)}")
    if decided and SET in given:
        raise BadRequest(f"fsm {target}: {decided[0]} is of a profile, not of values; leave out {SET}, or {decided[0]}")
