"""Names and sentences that look like markup, code or links are text, wherever they are shown."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from fsm import EventRefused, Field, Machine, Rule, State, System, boolean, compile, each, event, named, parameter, wire
from fsm.diagrams import Detail, Options, dot, run_dot, run_svg, svg, table
from fsm.traces import replay

SVG = "{http://www.w3.org/2000/svg}"
TEXTS = [
    '<b>"R&D"</b>',
    "]]></style><script>alert(1)</script>",
    "]",
    "a [b]]",
    "<svg onload=alert(1)>",
    "a & b < c > d \" ' \\ | { } [x](javascript:alert(1))",
    '-->"];} digraph { evil',
    "\\N \\G \\l \\",
    "&lt;&#38; &amp;lt;",
    '#1f2933 color="#ffffff"',
    "%%{init: {}}%% ; end note :::class",
    "`code` | a | **b** | https://example.org | :cat:",
    "\u0645\u0631\u062d\u0628\u0627 \u4f60\u597d \U0001f40d e\u0301",
]
UNPRINTABLE = ["\x00\x07\x1b[31m", "lone \ud800 surrogate", "\u202eright\u2066 to left\u2028", "two\nlines\r\n\ttab"]


@event
class Ask:
    """Somebody asks."""

    who: Field[str]


@event
class Go:
    """It goes."""


def wild(text: str) -> System:
    """A system that says a text wherever a declaration can say something."""
    shown = "".join(sign if sign.isprintable() else "?" for sign in text)
    gate, allowed = boolean("gate", doc=text), parameter("allowed", bool, True, doc=text, cites=(text,))
    off, on = State("off", doc=text), State("on", doc=text)
    machine = Machine(
        "lamp", (off, on), off, (off.on(Go).when(named(shown, ~gate)).to(on), on.on(Go).to(off)), (gate,), doc=text
    )
    lamps = each("lamps", machine, key="who")
    return System(
        "house",
        (lamps,),
        wires=(wire(Ask, lamps[Ask.who].by(Go), when=named(shown, allowed & lamps.none(on))),),
        rules=(Rule(text, on=Ask, when=allowed, cites=(text,)),),
        parameters=(allowed,),
        doc=text,
    )


def plain(text: str) -> str:
    """What a page shows of a text: on one line, with blanks for what has no sign."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


@pytest.mark.parametrize("detail", Detail, ids=lambda detail: detail.value)
@pytest.mark.parametrize("text", TEXTS + UNPRINTABLE, ids=range(len(TEXTS + UNPRINTABLE)))
def test_a_text_is_only_text_in_dot_and_in_svg(text: str, detail: Detail, read: Any) -> None:
    """Graphviz reads the graph that was meant, and the picture says the text and holds no element but its own."""
    options = Options(values={}, detail=detail)
    picture = read(dot(wild(text), options))
    root = ElementTree.fromstring(svg(wild(text), options))

    assert {"lamps.off", "lamps.on", "lamps.(start)"} == set(picture.states)
    said = re.sub(r"\s", "", "".join("".join(one.itertext()) for one in root.iter(f"{SVG}text")))
    assert re.sub(r"\s", "", plain(text)) in said
    assert {"svg", "g", "title", "desc", "style", "path", "polygon", "polyline", "ellipse", "text", "tspan"} >= {
        one.tag.removeprefix(SVG) for one in root.iter()
    }
    assert not [name for one in root.iter() for name in one.attrib if name.startswith("on") or "href" in name]


@pytest.mark.parametrize("text", TEXTS + UNPRINTABLE, ids=range(len(TEXTS + UNPRINTABLE)))
def test_a_text_is_only_text_in_a_run(text: str) -> None:
    """A key and a value of an event come from callers, who may be anybody."""
    engine = compile(wild("quiet"))
    trace = replay(engine, [(Ask(who=text), 0), (Ask(who="other"), 1)][:1])
    root = ElementTree.fromstring(run_svg(engine, trace, text))

    assert run_dot(engine, trace, text).startswith("digraph")
    assert {"svg", "g", "title", "desc", "style", "path", "polygon", "polyline", "ellipse", "text", "tspan"} >= {
        one.tag.removeprefix(SVG) for one in root.iter()
    }
    with pytest.raises(EventRefused):
        engine.step(trace.last, Ask(who="other"), 2)


@pytest.mark.parametrize("text", TEXTS + UNPRINTABLE, ids=range(len(TEXTS + UNPRINTABLE)))
def test_a_text_tears_no_table(text: str) -> None:
    """Every row keeps its cells, and no cell holds markup."""
    for detail in Detail:
        page = table(wild(text), Options(values={}, detail=detail))
        widths: list[int] = []
        for line in page.splitlines():
            if not line.startswith("|"):
                widths = []
                continue
            widths.append(line.count("|"))
            assert widths[0] == widths[-1]
            bare = re.sub(r"<br>|\*\*|&#\d+;", "", line.strip("|"))
            assert not set(bare.replace("|", "")) & set("<>`*[]\\_~$!@")
