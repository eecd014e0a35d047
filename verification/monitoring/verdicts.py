"""What a monitor says of what it saw: conforms, violates, inconclusive; each with its evidence.

None of them has a truth value. Conforms is a count; the others are told one by one.
"""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum
from typing import NoReturn

import attrs

__all__ = ["Because", "Conforms", "Inconclusive", "Judgement", "Kind", "Verdict", "Violates", "Where"]


class Verdict(Enum):
    """The worst that was said of a stream, or of one of its keys."""

    CONFORMS = "conforms"
    INCONCLUSIVE = "inconclusive"
    VIOLATES = "violates"

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict has no truth value: compare it with Verdict.CONFORMS")


class Kind(Enum):
    """What of the declaration was broken."""

    RULE = "rule"
    GUARD = "guard"
    STATE = "state"
    TIMER = "timer"
    CLAIM = "claim"
    FIELD = "field"
    ROOM = "room"


@attrs.frozen
class Where:
    """Which record: its source, its machine of many, its instant (milliseconds) and its place."""

    source: str
    key: Hashable
    at: int | None
    position: str


@attrs.frozen
class Because:
    """What stands in the way.

    Attributes:
        name: of the rule or claim; else what was asked of whom, in words.
        cites: the facts and decisions that it comes from.
    """

    kind: Kind
    name: str
    cites: tuple[str, ...] = ()


class _NoTruth:
    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict has no truth value: look at its class")


@attrs.frozen
class Conforms(_NoTruth):
    """Some run of the declaration shows what was seen so far."""

    where: Where


@attrs.frozen
class Violates(_NoTruth):
    """No run of the declaration shows what was seen: under no value of what nobody saw.

    Attributes:
        what: what was seen, in words.
        because: what stands in the way, the first one first.
        refusal: how the runtime refuses the explanation that comes nearest.
        nearest: a shortest run that would have been allowed: what would have had to happen besides, or what could have come instead.
        left: under which values of parameters not seen that explanation was looked at, in words.
    """

    where: Where
    what: str
    because: tuple[Because, ...]
    refusal: str
    nearest: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@attrs.frozen
class Inconclusive(_NoTruth):
    """Neither: what was seen could not be read, or not every explanation was looked at.

    Attributes:
        what: what was seen, in words.
        why: why nothing can be said.
    """

    where: Where
    what: str
    why: str


Judgement = Conforms | Violates | Inconclusive
