"""Properties: what must be true of a machine or a system, each a sentence with its formula.

    always("a call and a chat are never offered together", ..., cites=("S05", "S06"))

A property says nothing about how it is shown: `fsm.verification` proves or refutes it, derived
tests check it after every step, and loading a snapshot checks every `always`.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

import attrs

from fsm.checks.calls import told
from fsm.checks.durations import check_duration
from fsm.errors import Incomplete, WrongKind, WrongType
from fsm.language.domains import Booleans
from fsm.language.events import check_event
from fsm.language.expressions import Expr, Formula, formula
from fsm.language.leaves import AnyPart, FieldRef, ForEach
from fsm.language.printing import label
from fsm.language.source.origin import Origin, written_here
from fsm.language.values.brief import brief

__all__ = [
    "OF_STEPS",
    "POSSIBLE",
    "RESPONSES",
    "SAFETY",
    "Fair",
    "Fairness",
    "Modality",
    "Property",
    "always",
    "can_happen",
    "compassion",
    "each_step",
    "justice",
    "leads_to",
    "reachable",
    "recoverable",
    "within",
]


class Modality(Enum):
    """In which way a property must hold."""

    ALWAYS = "always"
    EACH_STEP = "each step"
    REACHABLE = "reachable"
    RECOVERABLE = "recoverable"
    WITHIN = "within"
    LEADS_TO = "leads to"
    EACH_LEADS_TO = "each leads to"
    CAN_HAPPEN = "can happen"


SAFETY = (Modality.ALWAYS, Modality.EACH_STEP, Modality.WITHIN)
"""What one run can break."""
POSSIBLE = (Modality.REACHABLE, Modality.CAN_HAPPEN)
"""What one run shows."""
RESPONSES = (Modality.LEADS_TO, Modality.EACH_LEADS_TO)
"""What no run breaks that ends."""
OF_STEPS = (Modality.EACH_STEP, Modality.CAN_HAPPEN)
"""Whose formulas speak of steps."""


@attrs.frozen
class Fairness:
    """What callers owe an event: a run on which it is put off for ever is not fair (Manna and Pnueli, 1991).

    Attributes:
        event: the class of an event that callers send.
        key: the field by which it names an instance, where each instance is owed it by itself; empty where the class is.
        strong: compassion, owed where it is possible again and again; else justice, owed where it stays possible.
    """

    event: type
    key: str = ""
    strong: bool = False

    def __str__(self) -> str:
        by = f" of each {self.key}" if self.key else ""
        return f"{'compassion towards ' if self.strong else 'justice towards ' if by else ''}{label(self.event)}{by}"


def justice(*events: Any) -> tuple[Fairness, ...]:
    """Weak fairness: what stays possible from some snapshot on is taken again and again.

    Args:
        events: a class of events, `Serve`: some event of the class stays possible, with one payload or another; or a field by which it
            names an instance, `Serve.who`: for each key by itself, an event that names this key does.

    Raises:
        DefinitionError: something is neither.
    """
    return tuple(_owed("justice()", one, strong=False) for one in events)


def compassion(*events: Any) -> tuple[Fairness, ...]:
    """Strong fairness: what is possible again and again is taken again and again.

    Args:
        events: as of `justice`.

    Raises:
        DefinitionError: something is neither a class of events nor a field of one.
    """
    return tuple(_owed("compassion()", one, strong=True) for one in events)


def _owed(where: str, one: Any, *, strong: bool) -> Fairness:
    if isinstance(one, FieldRef):
        return Fairness(one.event, one.name, strong)
    check_event(where, one)
    return Fairness(one, "", strong)


@attrs.frozen(eq=False)
class Property:
    """A sentence and its formula.

    Attributes:
        sentence: the claim in the domain's words; unique in its machine or system.
        modality: how it must hold.
        formula: what must hold; for `within` and `leads_to`, what must become true.
        cites: the facts and decisions it comes from.
        premise: for `within` and `leads_to`, wherever this holds it must; for `recoverable`, from where, None for everywhere.
        duration: for `within`, milliseconds; may be an expression over parameters.
        refuted_in: names of profiles of the system in which it is expected not to hold.
        fair: for `leads_to`, what callers do not put off for ever.
        retracted: why a variant takes the claim back: it is expected not to hold any more; empty where none does (`fsm.variants`).
    """

    sentence: str
    modality: Modality
    formula: Formula
    cites: tuple[str, ...] = ()
    premise: Formula | None = None
    duration: Expr[int] | None = None
    refuted_in: tuple[str, ...] = ()
    fair: tuple[Fairness, ...] = ()
    retracted: str = ""
    written: Origin | None = attrs.field(factory=written_here, eq=False, repr=False, kw_only=True)

    def __repr__(self) -> str:
        return f"<{self.modality.value}: {self.sentence}>"

    def fails_in(self, profile: str | None) -> bool:
        """Whether the declaration says that it does not hold in the profile of this name; None where there is no profile."""
        return bool(self.retracted) or profile in self.refuted_in

    @property
    def said(self) -> str:
        """The sentence with its citations."""
        return f"{self.sentence} ({', '.join(self.cites)})" if self.cites else self.sentence


def _property(
    sentence: str,
    modality: Modality,
    claim: Any,
    cites: Cites,
    *,
    premise: Any = None,
    duration: Expr[int] | None = None,
    refuted_in: tuple[str, ...] = (),
) -> Property:
    said: object = sentence
    if not isinstance(said, str) or not said.strip():
        raise Incomplete(
            f"{modality.value}(...)", "begins with no sentence", "Say in words what must hold, then the formula."
        )
    where = f"property {sentence!r}"
    start = None if premise is None else formula(premise, where)
    return Property(sentence, modality, formula(claim, where), cited(cites), start, duration, tuple(refuted_in))


@told
def always(sentence: str, claim: Formula, *, cites: Cites = (), refuted_in: tuple[str, ...] = ()) -> Property:
    """The formula holds in every reachable snapshot, also between two timers of one instant."""
    return _property(sentence, Modality.ALWAYS, claim, cites, refuted_in=refuted_in)


@told
def each_step(sentence: str, claim: Formula, *, cites: Cites = (), refuted_in: tuple[str, ...] = ()) -> Property:
    """The formula, over `before(...)`, `happens(...)` and `after(...)`, holds of every step."""
    return _property(sentence, Modality.EACH_STEP, claim, cites, refuted_in=refuted_in)


@told
def reachable(sentence: str, claim: Formula, *, cites: Cites = (), refuted_in: tuple[str, ...] = ()) -> Property:
    """Some run leads to a snapshot where the formula holds, be it between two timers of one instant."""
    return _property(sentence, Modality.REACHABLE, claim, cites, refuted_in=refuted_in)


@told
def can_happen(sentence: str, claim: Formula, *, cites: Cites = (), refuted_in: tuple[str, ...] = ()) -> Property:
    """Some run takes a step of which the formula, over `before(...)`, `happens(...)` and `after(...)`, holds."""
    return _property(sentence, Modality.CAN_HAPPEN, claim, cites, refuted_in=refuted_in)


@told
def recoverable(
    sentence: str,
    claim: Formula,
    *,
    wherever: Formula | None = None,
    cites: Cites = (),
    refuted_in: tuple[str, ...] = (),
) -> Property:
    """From every reachable snapshot some run leads to one where the formula holds: then or later.

    Between two timers of one instant nothing but the second timer can come next, and what stands there counts like everything else.

    Args:
        wherever: only from snapshots where this holds, by runs on which it goes on holding until the end.
    """
    return _property(sentence, Modality.RECOVERABLE, claim, cites, premise=wherever, refuted_in=refuted_in)


@told
def within(
    sentence: str,
    duration: Expr[int] | int,
    start: Formula,
    end: Formula,
    *,
    cites: Cites = (),
    refuted_in: tuple[str, ...] = (),
) -> Property:
    """Whenever `start` is true, `end` is true then or at most `duration` milliseconds later.

    Bounded response as in metric temporal logic, G(start -> F<=duration end) (Koymans 1990): a level and not an edge. The positions
    of a run are its snapshots in order, each with its instant, those between two timers of one instant among them. For each position
    where `start` holds, `end` holds at that position or at a later one whose instant is at most `duration` later. So a `start` that
    goes on being true after `end` was, and is no more, asks for it again. It is broken only once time has passed beyond that
    instant: where a run ends before, it breaks nothing.

    Of the machine of an `each` part it is said of each instance by itself, which is as at the start while it does not exist.

    Args:
        duration: milliseconds, positive; a number or an expression over parameters.
        start, end: formulas over one snapshot, that do not read the time in state.

    Raises:
        DefinitionError: the duration is not positive for every value of its parameters; when the machine or system is made, one
            of the formulas reads the time in state.
    """
    if isinstance(duration, Expr) and isinstance(duration.domain, Booleans):
        raise WrongType(
            f"property {sentence!r}",
            "a duration is in milliseconds, not a formula",
            "Write within(sentence, milliseconds, start, end).",
        )
    length = check_duration(f"property {sentence!r}", duration)
    return _property(sentence, Modality.WITHIN, end, cites, premise=start, duration=length, refuted_in=refuted_in)


@told
def leads_to(
    sentence: str,
    start: Formula,
    goal: Formula,
    *,
    unless: Formula | None = None,
    each: AnyPart | None = None,
    fair: Fair = (),
    cites: Cites = (),
    refuted_in: tuple[str, ...] = (),
) -> Property:
    """From every reachable snapshot where `start` holds, every fair run comes to one where `goal` holds: then or later.

    A run never ends: where no event is sent any more, time goes on; it grows beyond every bound, and
    timers that are due fire. A run is fair unless, from some snapshot on, an event class named in
    `fair` stays possible for ever (with one payload or another, which may change) and is never taken
    (with any payload): weak fairness, by event class. Of one instance among many it says nothing:
    a run on which others are served for ever is fair. Events not named may never be sent.

    `fair=compassion(Serve)` asks for more of a fair run: no event is possible again and again, and never taken from some snapshot on. A field that
    names an instance says it of each key by itself, `justice(Serve.who)` or `compassion(Serve.who)`: a run on which serving *that* person
    stays possible, or is possible again and again, and who is served never again is not fair.

    Nothing that is seen of a run in finite time breaks this, so neither derived tests nor anything
    else that watches runs can check it: `fsm.verification` proves or refutes it, or it is open.

    Args:
        start, goal: formulas over one snapshot, that do not read the time in state.
        unless: what may come instead, then or later: where it does, the goal need not.
        each: a part with many instances: of each key by itself, whose states and variables the formulas then name; while it has no
            instance they speak of one as at the start.
        fair: classes of events that callers send, `justice(...)`, `compassion(...)`, or several; timers need not be named.

    Raises:
        DefinitionError: `fair` names what is no event; when the machine or system is made, what callers do not send to it, or a field
            that names no instance.
    """
    where = f"property {sentence!r}"
    wanted = goal if unless is None else formula(goal, where) | formula(unless, where)
    kind, begin = Modality.LEADS_TO, formula(start, where)
    if each is not None:
        if not hasattr(each, "population"):
            raise WrongKind(where, f"each={brief(each)} is no part made by each()")
        kind, begin, wanted = Modality.EACH_LEADS_TO, ForEach(each, begin), ForEach(each, formula(wanted, where))
    made = _property(sentence, kind, wanted, cites, premise=begin, refuted_in=refuted_in)
    return attrs.evolve(made, fair=fairness(f"{where}: fair", fair))


def fairness(where: str, fair: Fair) -> tuple[Fairness, ...]:
    """What is owed, each once: a class alone is owed justice.

    Raises:
        DefinitionError: something is no event.
    """
    found: list[Fairness] = []
    for one in (fair,) if isinstance(fair, type | Fairness) else tuple(fair):
        owed = one if isinstance(one, tuple) else (one,)
        found += [each if isinstance(each, Fairness) else _owed(where, each, strong=False) for each in owed]
    return tuple(dict.fromkeys(found))


Fair = type | Fairness | Iterable[type | Fairness | tuple[Fairness, ...]]
"""An event, what is owed one, or several."""


Cites = str | Iterable[str]
"""One id (`"S06"`) or several (`("S05", "S06")`)."""


def cited(cites: Cites) -> tuple[str, ...]:
    """The ids as a tuple; one alone may be written without brackets."""
    ids: tuple[object, ...] = (cites,) if isinstance(cites, str) else tuple(cites)
    known = tuple(one for one in ids if isinstance(one, str) and one.strip())
    if len(known) < len(ids):
        raise WrongKind("cites", f"{brief(ids)} are not ids of facts or decisions", 'Write "S06", or ("S05", "S06").')
    return known
