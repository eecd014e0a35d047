"""What a fact is called: by its kind and by places in the declaration, never by what somebody calls it.

A fact is a formula that a question may assume, or that a proof shows: an assumption, a rule, a claim, a lemma of
an engine's own. Engines name with these what they have used, certificates what they rest on, and reports look up
the words. A claim of a system and one of a part's machine are two, whatever their sentences say.

You may add a kind; the words it is written in are ours, and end in places.
"""

from __future__ import annotations

import re
from enum import Enum

import attrs

__all__ = ["FactId", "Of", "read"]


class Of(Enum):
    """What a fact is of. `#` stands for one place, `#...` for one or more, up to the end."""

    ASSUMPTION = "assumption #"
    RULE = "rule #"
    CLAIM = "claim #"
    PART_CLAIM = "part # claim #"
    CHECK = "check #"

    # What is counted
    TYPES = "types"
    EMPTY = "empty"
    FOUND = "found"

    # Lemmas of the engines' own: part, state, then what tells them apart
    NEVER = "never # #"
    ORDER = "order # #"
    CELL_ORDER = "cell order #..."
    UNFIRED = "unfired # # #"
    LAPSED = "lapsed # # #"
    BOUND = "bound # # # #"
    BOUND_IN = "bound in # # # # #"
    NOT_ABOVE = "not above # # # #"
    SUM = "sum #..."
    ROOM = "room # # # #"
    FIRED_VALUE = "fired # # # # #"
    WAITING_VALUE = "waiting # # # # #"
    WITHOUT = "without # # # #"
    LED = "led # # #"
    SWITCHED_ON = "switched on # # #"
    SWITCHED_OFF = "switched off # # #"
    UNREACHED = "unreached #"
    LIMIT = "limit # #"

    # With clocks
    DEADLINE = "deadline # # #"
    LASTED = "lasted # # #"
    APART = "apart # # # #"
    OLDER = "older # # # #"
    STOPWATCH_POSITIVE = "stopwatch positive"
    STOPWATCH_BEFORE_GOAL = "stopwatch before goal"
    STOPWATCH_IN_TIME = "stopwatch in time"
    STOPWATCH_OFF = "stopwatch off # #"
    STOPWATCH_EXACT = "stopwatch exact # #"
    STOPWATCH_AT_MOST = "stopwatch at most # #"
    STOPWATCH_SUM = "stopwatch sum #..."
    STOPWATCH_LEFT = "stopwatch left #..."

    # States in a row
    START = "start #"
    STEP = "step #"
    ROW = "row #"
    DISTINCT = "no state twice"

    # What is pending, and what leads on
    PREMISE = "premise"
    AWAY = "away"
    ELSEWHERE = "elsewhere # #"
    OTHER_VALUE = "other value # # #"
    SOME = "some #..."
    NONE = "none #..."
    IMPOSSIBLE = "impossible #"
    LOWERS = "lowers #"
    WAITING = "waiting"
    TIMELY = "timely"
    LATE = "late #"

    # What weighs, and what runs show
    CELL = "cell #..."
    STATE = "state # #"
    VALUE = "value # # #"
    WAITS = "waits # # #"
    GAP = "gap # # # # # #"
    GAP_IN = "local gap # # # # # # # #"
    SOONER = "sooner # gap # # # # # #"
    EVENT = "event #"
    TIMER = "timer # #"
    LINE = "line # #"

    # Pairs and other things that must not be
    GUARDS = "guards # # #"
    WIRES = "wires # #"
    RANGE = "range # #"
    BLOCKED = "blocked #"
    QUARREL = "quarrel # #"
    STUCK = "stuck"
    CLOCKED = "clocked"
    TRIED = "tried"


FORMS = {of.value: of for of in Of}
NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
LONGEST = 2_000
"""The most characters of a fact that is read; a cell has a number for each variable of its machine."""


@attrs.frozen(cache_hash=True)
class FactId:
    """What a fact is.

    Attributes:
        at: places in the declaration, as the kind says.
    """

    of: Of
    at: tuple[int, ...] = ()

    def __str__(self) -> str:
        """`claim 3`, `part 0 claim 2`, `cell order 1 2 0`: words of ours and numbers."""
        numbers = map(str, self.at)
        words = [
            next(numbers) if word == "#" else " ".join(numbers) if word == "#..." else word
            for word in self.of.value.split()
        ]
        return " ".join(words)


def read(text: str) -> FactId:
    """The fact that is written so.

    Raises:
        ValueError: none is.
    """
    words = text.split(" ") if len(text) <= LONGEST else []
    numbers = [NUMBER.fullmatch(word) is not None for word in words]
    shape = " ".join("#" if number else word for word, number in zip(words, numbers, strict=True))
    of = FORMS.get(shape) or FORMS.get(f"{shape.rstrip(' #')} #...")
    if of is not None:
        made = FactId(of, tuple(int(word) for word, number in zip(words, numbers, strict=True) if number))
        if str(made) == text:
            return made
    raise ValueError("is no fact")
