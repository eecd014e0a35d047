"""Citations: ids of facts and decisions."""

from __future__ import annotations

from typing import Any

import pytest

from fsm import DefinitionError
from fsm.language.properties import cited


def test_one_id_needs_no_brackets() -> None:
    """`cites="S06"` and `cites=("S06",)` say the same."""
    assert cited("S06") == cited(("S06",)) == cited(["S06"]) == ("S06",)


@pytest.mark.parametrize("wrong", [("S06", 7), ("",), " "])
def test_what_is_no_id_is_refused(wrong: Any) -> None:
    """A number or a blank cites nothing."""
    with pytest.raises(DefinitionError, match="are not ids of facts or decisions"):
        cited(wrong)
