"""A snapshot of an older declaration is brought over by migrations that were handed in, and believed no more than any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import fsm
from fsm import BadSnapshot, DefinitionError, Snapshot
from fsm.desk import DESK
from fsm.storage import Migration, Migrations, dump, load

from .parcels import FIRST, SECOND, THIRD, Close, Put, PutSized, Size, Take

OLD, NEW, NEWEST = (engine.layout.fingerprint for engine in (FIRST, SECOND, THIRD))
Parts = dict[str, Any]


def sized(parts: Parts, now: int) -> Parts:
    """Parcels of the first declaration: all were small; one that is back is returned, one that waits may wait longer."""
    for parcel in parts["parcels"]:
        parcel["variables"]["size"] = "SMALL"
        if parcel["state"] == "back":
            parcel["state"] = "returned"
    return parts


def kept(parts: Parts, now: int) -> Parts:
    return parts


def without_sizes(parts: Parts, now: int) -> Parts:
    for parcel in sized(parts, now)["parcels"]:
        del parcel["variables"]["size"]
    return parts


SIZED = Migration("parcels have a size", OLD, NEW, sized)
RENAMED = Migration("the locker is a station", NEW, NEWEST, kept)
BOTH = Migrations(RENAMED, SIZED)


def first() -> Snapshot:
    """Ann's parcel went back at 1.0 s, Bob's waits since 0.9 s; the door is closed."""
    snapshot = FIRST.step(FIRST.start(), Put("ann"), 0).after
    snapshot = FIRST.step(snapshot, Put("bob"), 900).after
    return FIRST.step(snapshot, Close(), 1_500).after


def second(size: Size) -> Snapshot:
    snapshot = SECOND.step(SECOND.start(), PutSized("ann", size), 0).after
    return SECOND.step(snapshot, Close(), 1_500).after


def refusal(engine: fsm.Engine, text: str, migrations: Migrations | None, now: int = 1_500) -> BadSnapshot:
    with pytest.raises(BadSnapshot) as bad:
        load(engine, text, now, migrations)
    return bad.value


def test_a_snapshot_of_an_older_declaration_is_refused_without_a_migration() -> None:
    """The refusal says where the way out is."""
    bad = refusal(SECOND, dump(FIRST, first()), None)

    assert "fingerprint" == bad.where
    assert OLD in str(bad) and NEW in str(bad)
    assert (
        "a migration must say what becomes of every state, variable and timer that is no longer the same (fsm.storage.Migration)."
        in bad.instead
    )


def test_a_migration_brings_a_snapshot_over() -> None:
    """States, instants and variables are as the migration says, and the next deadline is that of the newer declaration."""
    snapshot = load(SECOND, dump(FIRST, first()), now=1_500, migrations=Migrations(SIZED))

    parcels = {key: (one.state, one.since, one.size) for key, one in snapshot["parcels"].items()}
    assert {"ann": ("returned", 1_000, Size.SMALL), "bob": ("waiting", 900, Size.SMALL)} == parcels
    assert ("closed", 1_500, 2_900) == (snapshot["door"].state, snapshot.now, SECOND.due(snapshot))
    assert {"ann": "returned"} == {
        key: one.state for key, one in SECOND.step(snapshot, Take("bob"), 2_000).after["parcels"].items()
    }


def test_what_was_brought_over_is_written_and_read_like_any_other() -> None:
    """Once is enough: what is dumped afterwards is of the newer declaration."""
    snapshot = load(THIRD, dump(FIRST, first()), 1_500, BOTH)

    assert snapshot == load(THIRD, dump(THIRD, snapshot), 1_500)


def test_migrations_run_one_after_the_other() -> None:
    """From the first declaration to the third, in whatever order they were handed in; the system's name changed on the way."""
    straight = load(
        THIRD, dump(SECOND, load(SECOND, dump(FIRST, first()), 1_500, Migrations(SIZED))), 1_500, Migrations(RENAMED)
    )

    assert straight == load(THIRD, dump(FIRST, first()), 1_500, BOTH)
    assert "parcel_station" == json.loads(dump(THIRD, straight))["system"]


def test_a_snapshot_of_this_declaration_needs_none() -> None:
    """Migrations that lead elsewhere do not touch it."""
    snapshot = second(Size.LARGE)

    assert snapshot == load(SECOND, dump(SECOND, snapshot), 1_500, BOTH)


def test_a_snapshot_from_which_no_migration_leads_here_is_refused() -> None:
    """The refusal names the declarations from which there is a way."""
    bad = refusal(THIRD, dump(SECOND, second(Size.SMALL)), Migrations(SIZED))
    assert "The migrations" not in bad.instead

    bad = refusal(SECOND, dump(THIRD, THIRD.start()).replace("parcel_station", "locker"), BOTH)
    assert bad.instead.endswith(f"The migrations that were given lead here from {OLD}.")


def test_the_invariants_are_checked_after_the_migration_ran() -> None:
    """A large parcel behind a closed door was allowed once and is no longer; the refusal names claim and migration."""
    assert load(THIRD, dump(SECOND, second(Size.SMALL)), 1_500, BOTH)

    bad = refusal(THIRD, dump(SECOND, second(Size.LARGE)), BOTH)

    assert "parts" == bad.where
    assert (
        "breaks what must always hold: no large parcel is held behind a closed door, after the migration 'the locker is a station'"
        == bad.what
    )


def raises(parts: Parts, now: int) -> Parts:
    return {"door": parts["doors"]}


def circular(parts: Parts, now: int) -> Parts:
    parts["parts"] = parts
    return parts


def endless(parts: Parts, now: int) -> Parts:
    return endless(parts, now)


def gives(value: Any) -> Callable[[Parts, int], Any]:
    return lambda parts, now: value


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        pytest.param(raises, "parts", "the migration 'broken' raised KeyError: 'doors'", id="raises"),
        pytest.param(endless, "parts", "the migration 'broken' raised RecursionError", id="does not end"),
        pytest.param(gives(None), "parts", "the migration 'broken' gave None, which is not an object", id="nothing"),
        pytest.param(gives([]), "parts", "the migration 'broken' gave [], which is not an object", id="a list"),
        pytest.param(gives({"door": {1}}), "parts", "the migration 'broken' gave what JSON has not", id="a set"),
        pytest.param(
            gives({"door": float("nan")}), "parts", "the migration 'broken' gave what JSON has not", id="no number"
        ),
        pytest.param(
            gives({"door": 10**5000}),
            "parts",
            "the migration 'broken' gave what JSON has not",
            id="a number of too many digits",
        ),
        pytest.param(circular, "parts", "the migration 'broken' gave what JSON has not", id="a circle"),
        pytest.param(
            gives({"parcels": ()}), "parts.parcels", "the migration 'broken' gave (), which JSON has not", id="a tuple"
        ),
        pytest.param(
            gives({1: "door"}),
            "parts",
            "the migration 'broken' gave {1: 'door'}, which JSON has not",
            id="a number for a name",
        ),
        pytest.param(gives({}), "parts.door", "is missing, after the migration 'broken'", id="a part left out"),
        pytest.param(
            without_sizes,
            "parts.parcels[0].variables.size",
            "is missing, after the migration 'broken'",
            id="a variable left out",
        ),
    ],
)
def test_a_migration_that_raises_or_gives_nonsense_is_named(
    change: Callable[[Parts, int], Parts], where: str, said: str
) -> None:
    """The service gets one kind of error, whatever a migration does."""
    bad = refusal(SECOND, dump(FIRST, first()), Migrations(Migration("broken", OLD, NEW, change)))

    assert where == bad.where
    assert said in bad.what


def test_of_several_migrations_the_one_that_raised_is_named_alone() -> None:
    """What comes out wrong at the end may be the fault of each, so then all are named."""
    broken = Migration("broken", NEW, NEWEST, raises)
    assert refusal(THIRD, dump(FIRST, first()), Migrations(SIZED, broken)).what.startswith(
        "the migration 'broken' raised"
    )

    lax = Migration("lax", NEW, NEWEST, gives({}))
    assert (
        "is missing, after the migration 'parcels have a size', then 'lax'"
        == refusal(THIRD, dump(FIRST, first()), Migrations(SIZED, lax)).what
    )


def test_a_timer_that_must_have_fired_under_the_newer_declaration_is_no_matter_of_guessing() -> None:
    """Bob's parcel waits since 0.9 s; by 3.0 s it would have gone back. The migration has to say what became of it."""
    late = dump(FIRST, first()).replace('"now":1500', '"now":1899').replace('"since":900', '"since":-200')

    bad = refusal(SECOND, late, Migrations(SIZED), now=5_000)

    assert (
        bad.where.endswith(".spent")
        and "give_up must have fired" in bad.what
        and "after the migration 'parcels have a size'" in bad.what
    )


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        pytest.param({"now": "soon"}, "now", "'soon' is not an integer", id="no instant"),
        pytest.param(
            {"now": 1_501},
            "now",
            "1501 lies after the instant of loading, 1500, after the migration",
            id="from the future",
        ),
        pytest.param({"system": 3}, "system", "3 is not a string", id="no name"),
        pytest.param({"version": 1}, "version", "1 is not 2", id="another version"),
        pytest.param({"extra": 1}, "extra", "is no field of this document", id="a field more"),
        pytest.param({"fingerprint": [OLD]}, "fingerprint", "is not", id="no fingerprint"),
    ],
)
def test_the_head_of_an_older_snapshot_is_distrusted_too(change: dict[str, Any], where: str, said: str) -> None:
    """A migration sees the parts alone."""
    bad = refusal(SECOND, json.dumps({**json.loads(dump(FIRST, first())), **change}), Migrations(SIZED))

    assert where == bad.where
    assert said in bad.what


@pytest.mark.parametrize("name", ["version", "system", "fingerprint", "now", "parts"])
def test_nothing_may_be_missing_in_an_older_snapshot(name: str) -> None:
    """As in any other."""
    document = json.loads(dump(FIRST, first()))
    del document[name]

    bad = refusal(SECOND, json.dumps(document), Migrations(SIZED))

    assert (name, "is missing") == (bad.where, bad.what)


@pytest.mark.parametrize(
    ("declare", "said"),
    [
        pytest.param(lambda: Migration(" ", OLD, NEW, kept), "migration: has no name", id="no name"),
        pytest.param(
            lambda: Migration("x", OLD[1:], NEW, kept), "is no fingerprint. Write the 64 digits", id="no fingerprint"
        ),
        pytest.param(lambda: Migration("x", OLD, DESK, kept), "migration 'x': its target <System desk", id="a system"),  # type: ignore[arg-type]
        pytest.param(
            lambda: Migration("x", OLD, OLD, kept), "migration 'x': leads from a declaration to itself", id="to itself"
        ),
        pytest.param(
            lambda: Migrations(SIZED, Migration("y", OLD, NEWEST, kept)),
            "leads away from the same declaration as 'parcels have a size'",
            id="two ways",
        ),
        pytest.param(
            lambda: Migrations(SIZED, Migration("y", NEW, OLD, kept)),
            "runs in a circle: 'y', 'parcels have a size'",
            id="a circle",
        ),
    ],
)
def test_migrations_that_cannot_mean_anything_are_told_to_their_author(
    declare: Callable[[], object], said: str
) -> None:
    """Where they are written, not when a snapshot comes."""
    with pytest.raises(DefinitionError) as wrong:
        declare()

    assert said in str(wrong.value)


def test_migrations_are_shown_by_their_names() -> None:
    """In the order in which they were handed in."""
    assert "Migrations('the locker is a station', 'parcels have a size')" == repr(BOTH)
