"""The page of versions says what the declaration says: each version with its date, and under it the claims that it breaks."""

from __future__ import annotations

import re
from pathlib import Path

from fsm.desk import AGENT, CONTACT, DESK, JOURNEY, TILE, VERSIONS

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "versions.md").read_text(encoding="utf-8")
SECTIONS = {
    title: " ".join(text.split())
    for title, text in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
}
TITLES = {one.name: f"{one.name}, since {one.since}" if one.since else one.name for one in VERSIONS}


def test_the_page_has_each_version_in_order_with_its_date() -> None:
    """And with what it changed, in the words of the declaration."""
    assert list(TITLES.values()) == list(SECTIONS)[: len(VERSIONS)]
    assert [] == [one.name for one in VERSIONS if one.doc.lower() not in SECTIONS[TITLES[one.name]].lower()]


def test_the_page_lists_each_claim_under_the_version_that_first_breaks_it() -> None:
    """With a reason; none is left out, and none is listed that holds."""
    broken = {
        TITLES[one.name]: [
            f"{owner.name}: {claim.sentence}"
            for owner in (AGENT, TILE, DESK, CONTACT, JOURNEY)
            for claim in owner.properties
            if claim.refuted_in[:1] == (one.name,)
        ]
        for one in VERSIONS
    }
    listed = {
        title: re.findall(r"- ((?:agent|tile|desk|contact|journey): [^.]+)\. [A-Z]", SECTIONS[title])
        for title in TITLES.values()
    }

    assert {title: sorted(claims) for title, claims in broken.items()} == {
        title: sorted(claims) for title, claims in listed.items()
    }


def test_what_a_version_breaks_stays_broken() -> None:
    """So that the page need say it once."""
    names = [one.name for one in VERSIONS]
    claims = [claim for owner in (TILE, DESK) for claim in owner.properties if claim.refuted_in]

    assert [] == [
        claim.sentence for claim in claims if list(claim.refuted_in) != names[names.index(claim.refuted_in[0]) :]
    ]
