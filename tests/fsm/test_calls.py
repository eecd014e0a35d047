"""A call that does not fit: a DefinitionError that says what to write, and no TypeError of Python's."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

import fsm
from fsm import DefinitionError, Machine, State, System, always, compile, event, inside, integer, within
from fsm.checks.calls import told

shut, ajar = State("shut"), State("ajar")
knocks = integer("knocks", 0, 3)
CLAIMS = ("always", "can_happen", "each_step", "leads_to", "reachable", "recoverable", "within")
OTHERS = ("after", "before", "boolean", "each", "for_each", "integer", "one", "parameter")
CLASSES = ("Machine", "Rule", "State", "System")


@event
class Knock:
    pass


def said(call: Callable[[], Any]) -> str:
    with pytest.raises(DefinitionError) as refused:
        call()
    return str(refused.value)


@pytest.mark.parametrize("name", [*CLAIMS, *OTHERS, *CLASSES])
def test_whatever_an_author_calls_with_too_much_or_too_little_says_what_it_takes(name: str) -> None:
    """Every claim, what makes a variable, a part or a parameter, and what is declared."""
    called = getattr(fsm, name)
    first = next(one for one in inspect.signature(called).parameters)

    assert said(lambda: called(*range(30))).startswith(
        f"{name}(): is given too few arguments, too many, or one twice. Write {name}({first}"
    )
    assert f"Write {name}({first}" in said(lambda: called())
    assert said(lambda: called(**{f"{first}_": 1})) == f"{name}(): has no {first}_. Did you mean {first}?"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shut.on(Knock).to(ajar).set(knocks=1), "set(): has no knocks. Write set(variable, value)."),  # type: ignore[call-arg]  # the mistake that is told
        (lambda: shut.on(Knock).to(ajar).set({knocks: 1}), "set(): is given too few arguments, too many, or one twice. Write set(variable, value)."),  # type: ignore[call-arg]  # the mistake that is told
        (lambda: Machine("door", (shut,), shut, (), parameters=()), "Machine(): has no parameters. A machine has the parameters that its lines read, and they are not listed."),  # type: ignore[call-arg]  # the mistake that is told
        (lambda: System("house", (), events=()), "System(): has no events. The events are those of its wires and parts, and are not listed."),  # type: ignore[call-arg]  # the mistake that is told
        (lambda: knocks % 2, "knocks: is divided or raised to a power, and only +, - and * are in the language. Keep what is left over, or how often it fits, in a variable or a field of the event of its own."),  # type: ignore[operator]  # the mistake that is told
    ],
)  # fmt: skip
def test_what_people_try_first_is_told_what_to_write(call: Callable[[], Any], message: str) -> None:
    assert message == said(call)


def test_an_error_from_inside_stays_what_it_is() -> None:
    """Somebody's defect is no wrong call."""

    @told
    def broken(value: Any) -> Any:
        return len(value)

    with pytest.raises(TypeError, match="has no len"):
        broken(3)


def test_what_is_called_so_is_told_where_it_was_written() -> None:
    """The line of the author's, not one of ours."""
    claim = always("it is shut", inside(shut))

    assert claim.written is not None and claim.written[0] == __file__
    assert within("it opens", 5, inside(shut), inside(ajar)).written[0] == __file__  # type: ignore[index]  # it is there


def test_what_a_snapshot_does_not_have_says_what_it_has() -> None:
    """A part is read by its name in brackets, a variable as an attribute; a misspelt one brings the one that is meant."""
    snapshot = compile(Machine("door", (shut, ajar), shut, (), (knocks,))).start()

    with pytest.raises(AttributeError, match=r"a snapshot has no attribute 'door'\. Write snapshot\['door'\]\."):
        snapshot.door  # noqa: B018  # type: ignore[attr-defined]  # asked for on purpose
    with pytest.raises(AttributeError, match=r"door remembers no 'knoks'\. Did you mean knocks\?"):
        snapshot["door"].knoks  # noqa: B018  # the access is what raises
    with pytest.raises(AttributeError, match=r"door remembers no 'pushes'\. It has state, since, knocks\."):
        snapshot["door"].pushes  # noqa: B018  # the access is what raises
