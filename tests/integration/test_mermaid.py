"""The real Mermaid, in a real browser, reads and draws what we write for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from fsm import Machine, System, compile
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE, Accept, OfferChat, SetStatus, Status
from fsm.diagrams import Detail, Options, mermaid, run_mermaid
from fsm.traces import replay
from fsm.traces.lasso import for_ever
from tests.diagrams.test_hostile import TEXTS, UNPRINTABLE, Ask, plain, wild
from tests.diagrams.test_legible import FILES, regression
from tests.diagrams.test_runs import Turn, Wait, down, up

from .conftest import NPM

MERMAID = NPM / "mermaid" / "dist" / "mermaid.min.js"
DRAW = """
mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
const told = {};
for (const [name, text] of Object.entries(%s)) {
  try {
    await mermaid.parse(text);
    const place = document.createElement("div");
    document.body.appendChild(place);
    const drawn = await mermaid.render("m" + Object.keys(told).length, text);
    place.innerHTML = drawn.svg;
    told[name] = {words: place.textContent, scripts: place.querySelectorAll("script, a[href], img").length};
  } catch (wrong) { told[name] = {error: String(wrong)}; }
}
say(told);
"""


def drawn(browser: Any, texts: dict[str, str]) -> dict[str, Any]:
    """Each text by its name: what the picture says, or what was wrong with it."""
    told: dict[str, Any] = browser("", DRAW % json.dumps(texts).replace("</", "<\\/"), (MERMAID,))
    assert texts.keys() == told.keys()
    return told


def everything() -> Iterator[tuple[str, Machine | System]]:
    yield from ((one.name, one) for one in (DESK, JOURNEY, AGENT, TILE, CONTACT))
    yield from ((file, regression(file)) for file in FILES)


def test_every_machine_and_system_is_read_and_drawn(browser: Any) -> None:
    """Those that ship, as an overview and with everything, and those of the regression suite."""
    texts = {name: mermaid(target) for name, target in everything()}
    texts |= {f"{one.name} full": mermaid(one, Options(values={}, detail=Detail.FULL)) for one in (DESK, JOURNEY, TILE)}

    told = drawn(browser, texts)

    assert {} == {name: one["error"] for name, one in told.items() if "error" in one}
    assert "offer chat" in told["desk"]["words"]
    assert "set status [status = away]" in told["agent"]["words"]


def test_runs_are_read_and_drawn(browser: Any) -> None:
    """One that ends, and one that goes round for ever."""
    desk = compile(DESK)
    shift = [(SetStatus(Status.AVAILABLE), 0), (OfferChat("c-1", "Ann", 0), 0), (Accept("c-1"), 5), (None, 30_000)]
    bell = compile(Machine("bell", (up, down), up, (up.on(Turn).to(down), down.after(1_000, Wait).to(up))))
    lasso = for_ever(bell, replay(bell, [(Turn(), 0), (None, 1_000), (Turn(), 1_000), (None, 2_000)]), 0)

    told = drawn(
        browser,
        {
            "shift": run_mermaid(desk, replay(desk, shift), "an end; of it"),
            "lasso": run_mermaid(bell, lasso),
            "nothing": run_mermaid(desk, replay(desk, [])),
        },
    )

    assert {} == {name: one["error"] for name, one in told.items() if "error" in one}
    assert "offer chat, contact 'c-1'" in told["shift"]["words"]
    assert "and so on for ever" in told["lasso"]["words"]


@pytest.mark.parametrize("kind", ["system", "run"])
def test_no_text_of_a_declaration_is_read_as_mermaid_or_as_markup(kind: str, browser: Any) -> None:
    """The real one draws it as what it is: text."""
    engine = compile(wild("quiet"))
    hostile = TEXTS + UNPRINTABLE
    texts = {
        str(number): mermaid(wild(text), Options(values={}, detail=Detail.FULL))
        if kind == "system"
        else run_mermaid(engine, replay(engine, [(Ask(who=text), 0)]), text)
        for number, text in enumerate(hostile)
    }

    told = drawn(browser, texts)

    assert {} == {hostile[int(name)]: one["error"] for name, one in told.items() if "error" in one}
    assert [] == [name for name, one in told.items() if one["scripts"]]
    if kind == "system":
        for number, text in enumerate(TEXTS):
            assert "".join(plain(text)[:16].split()) in "".join(told[str(number)]["words"].split()), text
