"""The declaration has changed: the log goes on under the newer one, the desk brought over by a migration that is not believed."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import attrs
import pytest

import fsm
from fsm import BadSnapshot
from fsm.desk import DESK, Accept, Clear, End, OfferChat, SetStatus, Status
from fsm.storage import Migration, Migrations, dump, event_out, load

from .audit import replay, rows
from .log import Log, OtherDesk
from .logged_desk import LoggedDesk
from .shop import Service
from .successor import Unfinished, bring_over

TWO = {"max_chats": 2}
OLDER = fsm.compile(
    attrs.evolve(
        DESK,
        rules=tuple(rule for rule in DESK.rules if rule.name != "a chat slot is free"),
        properties=tuple(one for one in DESK.properties if one.sentence != "chats in use never exceed the limit"),
    ),
    TWO,
)
"""The desk before anybody had thought of a limit: a third chat was taken."""
ENGINE = fsm.compile(DESK, TWO)


def over_the_limit_is_sent_away(parts: dict[str, Any], now: int) -> dict[str, Any]:
    """Of the chats that are too many, the last ones go."""
    return {**parts, "tiles": parts["tiles"][:2]}


def migrations(change: Any) -> Migrations:
    return Migrations(Migration("two chats at most", OLDER.layout.fingerprint, ENGINE.layout.fingerprint, change))


LIMITED = migrations(over_the_limit_is_sent_away)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The log of a shift under the older declaration, which was stopped with three chats on the desk."""
    base = tmp_path / "old.db"
    desk = LoggedDesk(OLDER, Log(base, OLDER), lambda: 1_000)
    desk.send("open", SetStatus(Status.AVAILABLE))
    for contact in ("ann", "bob", "cyd"):
        desk.send(f"offer {contact}", OfferChat(contact, contact.title(), 0))
        desk.send(f"accept {contact}", Accept(contact))
    desk.stop()
    return base


def test_a_log_goes_on_under_a_newer_declaration(tmp_path: Path, old: Path) -> None:
    """In the running service: keys are known, positions go on, the newer rule holds, and the desk is the replay from where it was brought over."""
    new = tmp_path / "new.db"
    with pytest.raises(OtherDesk, match="begin a new log"):
        Log(old, ENGINE)

    bring_over(old, new, ENGINE, LIMITED)
    service = Service(new, TWO)
    again = service.ask({"key": "accept bob", **event_out(Accept("bob"))})
    full = service.ask({"key": "offer dan", **event_out(OfferChat("dan", "Dan", 0))})
    ended = service.ask({"key": "end ann", "name": "end", "fields": {"contact": "ann"}})
    cleared = service.ask({"key": "clear ann", **event_out(Clear("ann"))})
    shown = service.ask({"show": True})
    assert 0 == service.stop()

    assert {"key": "accept bob", "taken": 5, "again": True} == again
    assert "a chat slot is free" in full["refused"]
    assert [8, 9] == [ended["taken"], cleared["taken"]]
    assert rows(old) == rows(new)[:7]
    with sqlite3.connect(new) as reading:
        position, text = reading.execute("SELECT position, text FROM snapshots ORDER BY position").fetchone()
    reading.close()
    start = load(ENGINE, text, now=json.loads(text)["now"])
    desk, effects = replay(rows(new)[position:], ENGINE, start)
    assert (7, ["ann", "bob"], ["bob"]) == (position, list(start["tiles"]), list(desk["tiles"]))
    assert dump(ENGINE, desk) == shown["desk"]
    assert [row.effects for row in rows(new)[position:]] == effects


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (Migrations(), "fingerprint"),
        (
            migrations(lambda parts, now: parts),
            "chats in use never exceed the limit .*, after the migration 'two chats at most'",
        ),
    ],
    ids=["no migration", "one that keeps the third chat"],
)
def test_a_desk_that_breaks_what_must_always_hold_is_not_brought_over(
    tmp_path: Path, old: Path, known: Migrations, said: str
) -> None:
    """The new log does not come to be."""
    with pytest.raises(BadSnapshot, match=said):
        bring_over(old, tmp_path / "new.db", ENGINE, known)

    assert not (tmp_path / "new.db").exists()


def test_what_only_the_older_declaration_can_judge_is_left_to_it(tmp_path: Path) -> None:
    """A service that was killed has rows after its last snapshot: it is started once more, and stopped."""
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    killed = LoggedDesk(OLDER, Log(old, OLDER), lambda: 1_000)
    with pytest.raises(Unfinished, match="has not kept any desk"):
        bring_over(old, new, ENGINE, LIMITED)
    killed.send("1", SetStatus(Status.AVAILABLE))
    killed.log.keep(1, dump(OLDER, killed.snapshot))
    killed.send("2", OfferChat("ann", "Ann", 0))
    killed.log.close()
    with pytest.raises(Unfinished, match="1 rows came after the last snapshot"):
        bring_over(old, new, ENGINE, LIMITED)

    LoggedDesk(OLDER, Log(old, OLDER), lambda: 1_000).stop()
    bring_over(old, new, ENGINE, LIMITED)

    desk = LoggedDesk(ENGINE, Log(new, ENGINE), lambda: 2_000)
    assert (2, ["ann"]) == (desk.position, list(desk.snapshot["tiles"]))
    desk.stop()


def test_a_log_is_begun_once(tmp_path: Path, old: Path) -> None:
    """Whole or not at all: what an attempt left behind that died is thrown away, what has begun is not begun again."""
    new = tmp_path / "new.db"
    (tmp_path / "new.db.unborn").write_text("half of a log")
    bring_over(old, new, ENGINE, LIMITED)

    with pytest.raises(FileExistsError):
        bring_over(old, new, ENGINE, LIMITED)


def test_an_administrator_changes_the_limit_between_two_services(tmp_path: Path) -> None:
    """The desk goes over to three chats at most when no more than three are held; until then the older service goes on."""
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    five, three = fsm.compile(DESK, {"max_chats": 5}), fsm.compile(DESK, {"max_chats": 3})
    desk = LoggedDesk(five, Log(old, five), lambda: 1_000)
    desk.send("open", SetStatus(Status.AVAILABLE))
    for contact in ("ann", "bob", "cyd", "dan"):
        desk.send(f"offer {contact}", OfferChat(contact, contact.title(), 0))
        desk.send(f"accept {contact}", Accept(contact))
    desk.stop()
    with pytest.raises(OtherDesk):
        Log(old, three)
    with pytest.raises(BadSnapshot, match="chats in use never exceed the limit"):
        bring_over(old, new, three, Migrations())
    assert not new.exists()

    desk = LoggedDesk(five, Log(old, five), lambda: 2_000)
    desk.send("end ann", End("ann"))
    desk.send("clear ann", Clear("ann"))
    desk.stop()
    bring_over(old, new, three, Migrations())

    desk = LoggedDesk(three, Log(new, three), lambda: 3_000)
    assert desk.send("end ann", End("ann")).again
    with pytest.raises(fsm.EventRefused, match="a chat slot is free"):
        desk.send("offer eve", OfferChat("eve", "Eve", 0))
    assert ["bob", "cyd", "dan"] == sorted(desk.snapshot["tiles"])
    desk.stop()
