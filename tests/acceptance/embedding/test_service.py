"""A desk as a service: what it answers, and what time does to it. How it dies is in `test_killed.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fsm.desk import Clear, OfferChat, SetStatus, Status
from fsm.storage import event_out

from .audit import ENGINE, rows
from .log import Log
from .logged_desk import LoggedDesk
from .shop import Service


def logged(base: Path, clock: Callable[[], int]) -> LoggedDesk:
    return LoggedDesk(ENGINE, Log(base, ENGINE), clock)


def test_time_goes_on_while_nobody_speaks(tmp_path: Path) -> None:
    """An offer that nobody answers is counted and missed by the desk itself, at its deadline, and both are in the log."""
    service = Service(tmp_path / "desk.db")
    service.ask({"key": "1", **event_out(SetStatus(Status.AVAILABLE))})
    service.ask({"key": "2", **event_out(OfferChat("ann", "Ann", 0))})
    heard: list[str] = []
    while "missed" not in heard:
        heard = [one["name"] for _, effects in service.ask({"after": 2})["effects"] for one in effects]
    service.stop()

    missed = rows(tmp_path / "desk.db")
    assert ["non_response_counted", "missed"] == heard
    assert all(row.key is None for row in missed[2:])
    offered = missed[1].at
    assert [offered + 60, offered + 120] == [effect["fields"]["at"] for row in missed[2:] for effect in row.effects]


def test_what_fell_due_while_the_service_was_down_happens_when_it_starts(tmp_path: Path) -> None:
    """At the instant it was due, not at the instant of the restart."""
    base, now = tmp_path / "desk.db", [1_000]
    one = logged(base, lambda: now[0])
    one.send("1", SetStatus(Status.AVAILABLE))
    one.send("2", OfferChat("ann", "Ann", 0))
    one.log.close()

    now[0] = 60_000
    other = logged(base, lambda: now[0])
    other.pass_time()

    assert ("missed", 1_120) == (other.snapshot["tiles"]["ann"].state, other.snapshot["tiles"]["ann"].since)
    other.log.close()


def test_a_clock_that_is_set_back_does_not_turn_time_back(tmp_path: Path) -> None:
    """The desk stands still until the clock has caught up."""
    base, now = tmp_path / "desk.db", [50_000]
    desk = logged(base, lambda: now[0])
    desk.send("1", SetStatus(Status.AVAILABLE))
    now[0] = 10_000
    desk.send("2", OfferChat("ann", "Ann", 0))

    assert [50_000, 50_000] == [row.at for row in desk.log.after(0)]
    desk.log.close()


def test_a_refused_event_is_not_in_the_log(tmp_path: Path) -> None:
    """The refusal says who stood in the way; the same key may be sent again later."""
    service = Service(tmp_path / "desk.db")
    refused = service.ask({"key": "1", **event_out(Clear("ann"))})
    unknown = service.ask({"key": "2", "name": "close_browser", "fields": {}})
    nonsense = service.ask({"say": "hello"})
    taken = service.ask({"key": "1", **event_out(SetStatus(Status.AWAY))})
    reused = service.ask({"key": "1", **event_out(SetStatus(Status.OFFLINE))})
    service.stop()

    assert refused["refused"].startswith("clear(contact='ann') is refused.")
    assert "name: 'close_browser' is no event of desk." == unknown["wrong"]
    assert "is no command" in nonsense["wrong"]
    assert {"key": "1", "taken": 1, "again": False} == taken
    assert "1 was used for set_status" == reused["wrong"]
