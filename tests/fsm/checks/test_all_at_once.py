"""All that is wrong with a machine or system is told at once, each fault with the line on which it is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from fsm import (
    DefinitionError,
    Machine,
    NamedProfile,
    Rule,
    State,
    System,
    always,
    event,
    inside,
    integer,
    one,
    parameter,
    wire,
)
from fsm.command.show import show

shut, ajar, gone = State("shut"), State("ajar"), State("gone")
pushes, pulls = integer("pushes", 0, 3), integer("pulls", 0, 3)


@event
class Push:
    pass


@event
class Pull:
    pass


@event
class Knock:
    pass


def faults(wrong: pytest.ExceptionInfo[DefinitionError]) -> list[str]:
    """What each says, and where, from the line above `first`."""
    told = [wrong.value, *wrong.value.others]
    assert str(wrong.value).splitlines()[1:] == [f"{other.place}{other.said}" for other in wrong.value.others]
    lines = [other.written[1] for other in told if other.written is not None and other.written[0] == __file__]
    return [f"{number}: {fault}" for number, fault in zip(_from(lines), [one.what for one in told], strict=True)]


def _from(lines: list[int]) -> list[int]:
    return [line - min(lines) for line in lines]


def test_every_fault_of_a_machine_is_told_with_its_line() -> None:
    """Transitions, also two faults of one; claims; a transition that can never fire."""
    with pytest.raises(DefinitionError) as wrong:
        Machine(
            "door",
            (shut, ajar),
            shut,
            (
                shut.on(Push).to(gone),
                shut.on(Pull).when(pushes > 0).to(ajar).set(pulls, 1),
                ajar.on(Push).to(shut),
                ajar.on(Push).to(ajar),
            ),
            properties=(
                always("it is there", ~inside(gone)),
                always("it is shut", inside(shut), refuted_in=("nowhere",)),
                always("it is shut", inside(shut)),
            ),
        )

    assert [
        "0: state 'gone' is not declared",
        "1: variable 'pushes' is not declared",
        "1: variable 'pulls' is not declared",
        "3: can never fire in ajar: an earlier transition on Push has the same guard or none",
        "6: door has no state 'gone'",
        "8: two properties say 'it is shut'",
        "7: there is no profile 'nowhere'",
    ] == faults(wrong)


def test_every_fault_of_a_system_is_told_with_its_line() -> None:
    """Wires, rules, claims."""
    door = one("door", Machine("door", (shut, ajar), shut, (shut.on(Push).to(ajar), ajar.on(Pull).to(shut))))
    stranger = one("stranger", door.machine)

    with pytest.raises(DefinitionError) as wrong:
        System(
            "house",
            (door,),
            wires=(wire(Push, stranger.by(Push)),),
            rules=(
                Rule("never", on=Knock, when=door.inside(shut)),
                Rule("unless open", on=Pull, when=stranger.inside(ajar)),
            ),
            properties=(always("it is there", stranger.inside(shut)),),
        )

    assert [
        "0: stranger is no part of house",
        "2: no wire knows knock",
        "3: stranger is no part of house",
        "5: stranger is no part of house",
    ] == faults(wrong)


def test_one_fault_is_told_alone() -> None:
    """In one line, as ever."""
    with pytest.raises(DefinitionError) as wrong:
        Machine("door", (shut,), shut, (), profiles=(NamedProfile("Old", {}),))

    assert () == wrong.value.others
    assert "\n" not in str(wrong.value)


def test_a_profile_names_its_parameters() -> None:
    """A parameter itself is no name: a machine would keep it for a system around it, and nothing would be fixed."""
    most = parameter("most", int, 2, low=1, high=9)

    with pytest.raises(DefinitionError, match="profile 'few': names a parameter by most"):
        Machine("door", (shut,), shut, (), profiles=(NamedProfile("few", {most: 1}),))  # type: ignore[dict-item]  # what is refused


def test_the_command_tells_a_line_for_each(tmp_path: Path) -> None:
    """The file and the line come first, as an editor reads them."""
    file = tmp_path / "door_with_two_faults.py"
    file.write_text(
        "from fsm import Machine, State, event\n\nshut, gone = State('shut'), State('gone')\n\n"
        "@event\nclass Push:\n    pass\n\n@event\nclass Pull:\n    pass\n\n"
        "DOOR = Machine('door', (shut,), shut, (\n    shut.on(Push).to(gone),\n    gone.on(Pull).to(shut),\n))\n",
        encoding="utf-8",
    )

    done = CliRunner().invoke(show, [f"{file}:DOOR"])

    assert 2 == done.exit_code
    assert [
        f"Error: {file}, line 14 declares something that cannot be: machine door: shut on Push: state 'gone' is not declared. List it in states. [FSM103]",
        f"{file}, line 15: machine door: gone on Pull: state 'gone' is not declared. List it in states. [FSM103]",
    ] == done.stderr.splitlines()
