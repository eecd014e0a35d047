"""What a notebook shows: a picture and a text of a declaration, a snapshot, a run, a verdict; and nobody is asked who is not there."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import Any
from xml.etree import ElementTree

import pytest

from fsm import Machine, State, always, compile, event, inside, integer, reachable
from fsm.language.composition import as_system
from fsm.notebook import Shown, for_markdown
from fsm.notebook.shown import _painters, painted
from fsm.traces import replay
from fsm.verification import Proved, Refuted, Unknown, verify

SVG = "{http://www.w3.org/2000/svg}"


@event
class Press:
    """A button is pressed."""


off, on = State("off"), State("on")
presses = integer("presses", 0, 9)
LAMP = Machine(
    "lamp",
    (off, on),
    off,
    (off.on(Press).when(presses < 9).to(on).set(presses, presses + 1), on.on(Press).to(off)),
    (presses,),
    (
        reachable("it can be on | off", inside(on)),
        always("it is never on", ~inside(on)),
    ),
)


@pytest.fixture
def fresh() -> Iterator[None]:
    _painters.cache_clear()
    yield
    _painters.cache_clear()


def words(svg: str | None) -> str:
    assert svg is not None
    return " ".join("".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("target", [LAMP, as_system(LAMP)], ids=["machine", "system"])
def test_a_declaration_is_shown_as_its_picture_and_its_table(target: Any) -> None:
    """As the last line of a cell."""
    assert "off" in words(target._repr_svg_())
    assert target._repr_markdown_().startswith("# lamp\n")


def test_a_snapshot_is_shown_with_its_states_and_values() -> None:
    """At its instant; it knows no declaration."""
    lamp = compile(LAMP)
    snapshot = lamp.step(lamp.start(), Press(), 2_000).after

    assert "2 s now lamp on presses 1" in words(snapshot._repr_svg_()).replace("lamp lamp 2 s now", "2 s now lamp")
    assert "| 2 s | **now** | **on**<br>presses 1 |" in str(snapshot._repr_markdown_())


def test_a_run_is_shown_step_by_step() -> None:
    """Like the picture of a run."""
    lamp = compile(LAMP)
    trace = replay(lamp, [(Press(), 0), (Press(), 1_000)])

    assert "2 press" in words(trace._repr_svg_())
    assert "| 2 | 1 s | **press** | **off** |" in str(trace._repr_markdown_())


def test_a_verdict_is_shown_with_its_run() -> None:
    """Proved or refuted, by what, and the run that shows it; a report, claim by claim."""
    report = verify(LAMP)
    by_sentence = {verdict.claim.sentence: verdict for verdict in report.verdicts}
    shown, broken = by_sentence["it can be on | off"], by_sentence["it is never on"]

    assert isinstance(shown, Proved)
    assert isinstance(broken, Refuted)
    assert str(shown._repr_markdown_()).startswith("**proved**: it can be on &#124; off")
    assert "**refuted**: it is never on" in str(broken._repr_markdown_())
    assert "| 1 | 0 | **press** |" in str(broken._repr_markdown_())
    assert "1 press" in words(broken._repr_svg_())
    unknown = Unknown(broken.claim, "nobody looked")
    assert (None, "**unknown**: it is never on\n\nnobody looked") == (unknown._repr_svg_(), unknown._repr_markdown_())
    assert "| refuted | it is never on |" in report._repr_markdown_()


def test_without_anybody_who_draws_a_notebook_shows_the_text(monkeypatch: pytest.MonkeyPatch, fresh: None) -> None:
    """Nothing is shown in place of the text, and nothing fails."""
    monkeypatch.setattr(metadata, "entry_points", lambda group: ())

    assert (None, None) == (LAMP._repr_svg_(), LAMP._repr_markdown_())


class Missing:
    """A painter that cannot be loaded, or that can and then misses something."""

    value = name = "other"

    def __init__(self, *, loads: bool) -> None:
        self.loads = loads

    def load(self) -> Any:
        if not self.loads:
            raise ImportError("graphviz")

        def paint(thing: object, form: str) -> str:
            raise ImportError("no dot")

        return paint


@pytest.mark.parametrize("loads", [False, True])
def test_a_painter_that_lacks_something_is_passed_over(
    loads: bool, monkeypatch: pytest.MonkeyPatch, fresh: None
) -> None:
    """Whether it lacks it when it is loaded or when it draws."""
    monkeypatch.setattr(metadata, "entry_points", lambda group: (Missing(loads=loads),))

    assert painted(LAMP, "svg") is None


def test_what_is_shown_is_as_small_as_before_and_travels() -> None:
    """The base has no room of its own, and `import fsm` does not look for painters."""
    assert () == Shown.__slots__
    lamp = compile(LAMP)
    assert pickle.loads(pickle.dumps(lamp.start())) == lamp.start()
    code = "import sys, fsm; print('importlib.metadata' in sys.modules, 'fsm.diagrams' in sys.modules)"
    assert "False False\n" == subprocess.check_output([sys.executable, "-c", code], text=True)


def test_a_text_for_markdown_has_no_sign_that_means_something() -> None:
    """Entities in place of signs, blanks in place of what no page shows."""
    assert "a&#124;b &#60;i&#62; &#42; x" == for_markdown("a|b\n<i> * \x00x")
