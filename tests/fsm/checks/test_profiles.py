"""Whatever is wrong in a named profile, or in what a claim says of one, is found when it is declared."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import DefinitionError, Machine, NamedProfile, State, System, always, event, inside, one, parameter
from fsm.desk import DESK, TILE
from fsm.semantics.satisfaction import expected

shut, wide = State("shut"), State("wide")
most = parameter("most", int, 3, low=0, high=9)


@event
class Push:
    """A push."""


DOOR = Machine("door", (shut, wide), shut, (shut.on(Push).to(wide),))
door = one("door", DOOR)
OLD = NamedProfile("old", {"most": 3})
NEW = OLD.later("new", {"most": 5})


def house(*profiles: Any, refuted_in: tuple[str, ...] = ()) -> System:
    claims = (always("it stands", door.inside(shut, wide), refuted_in=refuted_in),)
    return System("house", (door,), parameters=(most,), properties=claims, profiles=profiles)


@pytest.mark.parametrize(
    ("profiles", "refuted_in", "complaint"),
    [
        (
            (OLD, NamedProfile("new", {"mots": 5})),
            (),
            "system house: profile 'new': there is no parameter 'mots'. There are most.",
        ),
        (
            (NamedProfile("old", {"most": 10}),),
            (),
            "system house: profile 'old': most = 10 is out of range: it is an integer from 0 to 9.",
        ),
        ((NamedProfile("old", {"most": True}),), (), "system house: profile 'old': most = True is out of range"),
        ((OLD, OLD), (), "system house: two profiles are called 'old'"),
        ((NamedProfile("Old one", {}),), (), "system house: profile 'Old one': is not a name. Use small letters"),
        (("old",), (), "system house: 'old' is none of its profiles"),
        ((OLD, NEW), ("next",), "system house: property 'it stands': there is no profile 'next'. There are old, new."),
        ((), ("old",), "system house: property 'it stands': there is no profile 'old'. There are none."),
        ((OLD, NEW), ("old", "new"), "system house: property 'it stands': holds in no profile."),
    ],
)
def test_a_profile_that_cannot_be_is_refused_where_it_is_declared(
    profiles: tuple[Any, ...], refuted_in: tuple[str, ...], complaint: str
) -> None:
    """With the place, what is wrong and what there is."""
    with pytest.raises(DefinitionError) as wrong:
        house(*profiles, refuted_in=refuted_in)

    assert str(wrong.value).startswith(complaint)


def test_a_machine_may_be_told_of_the_profiles_of_the_system_around_it() -> None:
    """They fix parameters that it does not know; a claim of its own names them all the same."""
    claim = always("it is shut", inside(shut), refuted_in=("new",))

    assert (OLD, NEW) == Machine(
        "gate", (shut, wide), shut, (shut.on(Push).to(wide),), properties=(claim,), profiles=(OLD, NEW)
    ).profiles


def test_a_later_profile_keeps_changes_and_frees() -> None:
    """What it does not name stays as it was."""
    first = NamedProfile("first", {"a": 1, "b": 2})

    assert {"a": 1, "b": 3} == dict(first.later("second", {"b": 3}).values)
    assert {"b": 2} == dict(first.later("third", {}, free=("a",)).values)


def test_a_claim_is_expected_of_those_who_configure_a_version_where_it_holds() -> None:
    """On a run the values of the parameters say which versions it may be."""
    five = next(claim for claim in DESK.properties if claim.sentence == "the limit never exceeds five")
    by_hand = next(claim for claim in TILE.properties if claim.sentence.startswith("a contact is connected only"))

    assert expected(five, DESK.profiles, {"chat_ceiling": 5})
    assert not expected(five, DESK.profiles, {"chat_ceiling": 10})
    assert not expected(by_hand, TILE.profiles, {"auto_accept": True})
