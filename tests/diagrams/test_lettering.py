"""How much room text takes, and where its lines break: the same on every machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsm import ELAPSED, boolean, choice, integer
from fsm.diagrams.graphs.labels import Span, flowed
from fsm.diagrams.graphs.lettering import width
from fsm.diagrams.views.wording import KEPT, condition, plain
from tests.diagrams.conftest import Shade
from tests.diagrams.widths import TABLE, as_text, widths

SENTENCES = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
wrong, tries_left, shade = integer("wrong", 0, 9), boolean("tries_left"), choice("shade", Shade)


def test_the_table_of_widths_is_that_of_the_font() -> None:
    """Every character that it has, in its three styles."""
    assert as_text(widths()) == TABLE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "bold", "wide"),
    [
        ("", False, 0),
        ("0000", False, 22.52),
        ("iiii", True, 10.64),
        ("\u4f60\u597d", False, 20),
        ("e\u0301", False, 5.31),
    ],
)
def test_text_is_as_wide_as_its_letters(text: str, bold: bool, wide: float) -> None:
    """A sign of East Asia is a square, an accent that stands on a letter has no width."""
    assert wide == pytest.approx(width(text, 10, bold=bold), abs=0.1)


@given(text=SENTENCES, room=st.integers(0, 300))
def test_lines_hold_all_of_a_text_and_fit_unless_a_word_alone_is_wider(text: str, room: int) -> None:
    """In its order, blanks aside."""
    lines = flowed([Span(text)], room)

    assert "".join("".join(span.text for span in line) for line in lines).split() == text.replace(" ", "").split() or (
        " ".join("".join(span.text for span in line) for line in lines).split() == plain(text).split()
    )
    for line in lines:
        words = "".join(span.text for span in line)
        assert width(words, 11) <= room or " " not in words.replace(KEPT, "") or KEPT in text


@pytest.mark.parametrize(
    ("formula", "pieces"),
    [
        (wrong < 3, ["wrong < 3"]),
        ((wrong < 3) & tries_left, ["wrong < 3", "and", "tries left"]),
        (~tries_left | (wrong + 1 >= 2), ["not tries left", "or", "wrong + 1 \u2265 2"]),
        ((ELAPSED >= 5_000) & (shade == Shade.DARK), ["time in state \u2265 5 s", "and", "shade = dark"]),
        ((wrong == 1) & ~((wrong == 2) | tries_left), ["wrong = 1", "and", "not (wrong = 2", "or", "tries left)"]),
    ],
    ids=str,
)
def test_no_line_breaks_inside_a_comparison_or_a_name(formula: object, pieces: list[str]) -> None:
    """However narrow the room."""
    lines = flowed([Span(condition(formula))], 0)  # type: ignore[arg-type]  # formulas of several kinds

    assert pieces == ["".join(span.text for span in line) for line in lines]


def test_pieces_in_different_looks_flow_on() -> None:
    """A word that begins in one look and ends in another is not parted."""
    lines = flowed([Span("rule", bold=True), Span(": no chat", italic=True)], 40)

    assert ["rule: no", "chat"] == ["".join(span.text for span in line) for line in lines]
    assert (True, False) == (lines[0][0].bold, lines[0][1].bold)
