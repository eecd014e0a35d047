"""Mermaid texts: every state and every line, and no word of a declaration that Mermaid could read as its own.

That the real Mermaid reads and draws them is tested by `make integration`.
"""

from __future__ import annotations

import re

import pytest

from fsm import Machine, System, compile
from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE, OfferChat, SetStatus, Status
from fsm.diagrams import Detail, Direction, Options, mermaid, run_mermaid
from fsm.diagrams.texts.mermaid import for_mermaid
from fsm.diagrams.views.wording import event_name, plain
from fsm.traces import replay
from tests.diagrams.test_hostile import TEXTS, UNPRINTABLE, Ask, wild

WHOLE = Options(values={})


@pytest.mark.parametrize("machine", [AGENT, TILE, CONTACT], ids=lambda machine: machine.name)
def test_every_state_and_every_transition_of_a_machine_is_told(machine: Machine) -> None:
    """A line from each source to the target, or what happens inside."""
    text = mermaid(machine, WHOLE)

    names = dict(re.findall(r'state "([^"]*)" as (s\d+)', text))
    assert [state.name.replace("_", " ") for state in machine.states] == list(names)
    assert f"[*] --> {names[machine.initial.name.replace('_', ' ')]}" in text
    for transition in machine.transitions:
        for source in transition.sources:
            here = names[source.name.replace("_", " ")]
            target = transition.target
            there = "" if target in (None, source) else f" --> {names[target.name.replace('_', ' ')]}"  # type: ignore[union-attr]  # not None
            event = plain(event_name(transition.event)).replace("end", "#101;nd")
            assert re.search(rf"^ +{here}{there} : .*{event}", text, re.MULTILINE), transition


@pytest.mark.parametrize("system", [DESK, JOURNEY], ids=lambda system: system.name)
def test_every_part_of_a_system_is_a_state_with_its_machine_inside(system: System) -> None:
    """With what is sent to it in this system."""
    text = mermaid(system, WHOLE)

    parts = re.findall(r'^    state "([^",]*)[^"]*" as p\d+ \{$', text, re.MULTILINE)
    assert [part.name for part in system.parts] == parts
    assert len(system.parts) == text.count("[*] -->")
    assert text.count("{") == text.count("}")


def test_what_is_not_told_is_counted_in_the_title() -> None:
    """And told where everything is asked for."""
    assert "not shown: 20 changes of variables and 18 effects" in mermaid(TILE, WHOLE)
    assert "18 rules" in mermaid(DESK, WHOLE)
    everything = mermaid(DESK, Options(values={}, detail=Detail.FULL))
    assert "not shown" not in everything.splitlines()[1]
    assert "rules 1, 2, 3, 7, 11 and 17" in everything


def test_a_diagram_leads_where_it_is_told_to() -> None:
    """Down, or to the right."""
    assert "    direction TB\n" in mermaid(TILE)
    assert "    direction LR\n" in mermaid(TILE, Options(direction=Direction.RIGHT))


def test_a_run_is_a_sequence_of_what_was_sent_and_what_it_changed() -> None:
    """Callers and time send, instances change."""
    desk = compile(DESK)
    trace = replay(desk, [(SetStatus(Status.AVAILABLE), 0), (OfferChat("c-1", "Ann", 0), 0), (None, 20_000)])
    text = run_mermaid(desk, trace, "an end; of it")

    assert "participant i2 as tiles c-1" in text
    assert "caller->>i2 : 0#58; offer chat, contact 'c-1', name 'Ann', arrived at 0, emits rang" in text
    assert "time-->>i2 : 20 s#58; expire, of c-1, emits missed" in text
    assert "Note over i2 : missed" in text
    assert 'title: "desk: an end; of it"' in text


@pytest.mark.parametrize("text", TEXTS + UNPRINTABLE, ids=range(len(TEXTS + UNPRINTABLE)))
def test_no_text_of_a_declaration_is_read_as_mermaid(text: str) -> None:
    """Signs are entities, and the word that closes a block is not that word."""
    said = for_mermaid(f"{text} end End")

    assert not re.search(r"[^\w\s,.'()+=/?!#;\-\u0080-\U0010ffff]", said)
    assert not re.search(r"#(?!\d+;)|(?<!\d);", said)
    assert not re.search(r"\bend\b", said, re.IGNORECASE)
    for diagram in (
        mermaid(wild(text), Options(values={}, detail=Detail.FULL)),
        run_mermaid(*((engine := compile(wild("quiet"))), replay(engine, [(Ask(who=text), 0)])), text),
    ):
        head, _, body = diagram.partition("\n---\n")
        assert 2 == head.count('"')
        assert not set(head) & set("<>%\\#")
        for line in body.splitlines():
            assert re.fullmatch(
                r" *(?:stateDiagram-v2|sequenceDiagram|direction TB|\}|end|loop and so on for ever|"
                r'state "[^"<>{}]*" as p\d+(?: \{|s\d+)?|\[\*\] --> p\d+s\d+|p\d+s\d+ --> p\d+s\d+(?: : [^"{}]*)?|p\d+s\d+ : [^"{}]*|'
                r"classDef \w+ fill:#\w+,stroke:#\w+,color:#\w+|class [\w,]+ \w+|"
                r"participant \w+ as [^\"<>{}]*|\w+(?:->>|-->>)\w+ : [^\"<>{}]*|Note over [\w,]+ : [^\"{}]*)",
                line,
            ), line
