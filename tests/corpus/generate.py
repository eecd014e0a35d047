"""Writes the files of the corpus: `python -m tests.corpus.generate`, from the top of the checkout.

What was judged by hand is read off `by_hand.txt`, the rest drawn from the declarations that stand in `declarations.jsonl`;
with `--declarations` these are taken anew from the regression machines, the desk and random systems.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
from hypothesis import HealthCheck, Phase, given, seed, settings

from fsm import Machine, System
from fsm.canonical import document, renamed
from fsm.canonical.tables import compact
from fsm.command.invocation.target import resolve
from fsm.desk import DESK, TILE

from ..systems import systems  # noqa: TID252  # the suite is no installed package
from .by_hand import Reading, read_by_hand
from .cases import FOLDER, Json
from .declarations import SUBJECTS
from .drawing import drawn

__all__ = ["BY_HAND", "DECLARATIONS", "DRAWN", "by_hand_lines", "declared_by_hand", "drawn_lines", "rows"]

DECLARATIONS, BY_HAND, DRAWN = "declarations.jsonl", "by_hand.jsonl", "drawn.jsonl"
HEADS = {
    DECLARATIONS: "Declarations in their canonical form, without docs; what is not judged by hand without claims.",
    BY_HAND: "Judged by a person from docs/reference/semantics.md before anything was run; the same as by_hand.txt, by places.",
    DRAWN: "Drawn by chance, and written where two executions say the same that share nothing: the plain meaning, read off the canonical form alone, and the compiled step.",
}
REGRESSION = (
    "proved/at_the_limit", "proved/bounded_buffer", "proved/cash_machine", "proved/draining_fair", "proved/elevator", "proved/leader_election",
    "proved/locker", "proved/majority_vote", "proved/microwave", "proved/readers_writers", "proved/sliding_window", "proved/token_ring_fair",
    "proved/traffic_light", "proved/two_phase_commit_by_messages", "refuted/between_timers", "refuted/fischer_in_a_hurry", "refuted/hanoi",
    "refuted/jugs", "refuted/missionaries", "refuted/overlapping_guards", "refuted/philosophers", "refuted/time_in_state", "proved/barrier",
    "refuted/blocked_timer", "proved/clock_for_each", "refuted/one_key_in_two_parts", "unknown/product_of_counters", "proved/railway_crossing",
    "proved/two_states", "unknown/unbounded_data",
)  # fmt: skip
SYSTEMS = 24
CASES = {"desk": 70, "tile": 40}
"""How many cases are drawn from a declaration; of every other one so many:"""
FEW = 34


def rows(name: str) -> list[Json]:
    """The rows of a file, without its head."""
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="ascii").splitlines()[1:]]


# Declarations


def bare(declaration: Machine | System, *, claims: bool = False) -> Json:
    """The canonical form of what can be run: no docs, and no claims where nobody asks for them."""
    if not claims:
        declaration = attrs.evolve(declaration, properties=(), profiles=())
    return renamed(document(declaration), lambda name: "" if name.kind == "doc" else name.text)


def declared_by_hand() -> Iterator[Json]:
    """The declarations of the cases that are judged by hand."""
    for name, declaration in SUBJECTS.items():
        yield {"name": name, "form": bare(declaration, claims=True)}


def declared_elsewhere() -> Iterator[Json]:
    """Those of which cases are drawn."""
    folder = Path(__file__).parents[1] / "regression"
    shipped: dict[str, Machine | System] = {"desk": DESK, "tile": TILE}
    machines = {name: resolve(f"{folder / name}.py:SUBJECT") for name in REGRESSION}
    for name, declaration in {**shipped, **machines}.items():
        yield {"name": name, "form": bare(declaration)}
    yield from ({"name": f"random {number}", "form": form} for number, form in enumerate(random_systems()))


def random_systems() -> list[Json]:
    """Systems of Hypothesis's choice, the smaller ones of many."""
    found: dict[str, Json] = {}

    @seed(20261128)
    @settings(max_examples=SYSTEMS * 6, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(systems())
    def collect(system: System) -> None:
        form = bare(system)
        found.setdefault(compact(form), form)

    collect()
    telling = sorted(found, key=len)
    return [found[text] for text in telling[len(telling) // 3 :][:SYSTEMS]]


# Cases


def by_hand_lines(declarations: list[Json]) -> Iterator[str]:
    """What was judged by hand, in the order of the text."""
    names = [row["name"] for row in declarations]
    for said in read_by_hand():
        place = names.index(said.subject)
        case = Reading(declarations[place]["form"]).case(said)
        yield compact({"declaration": place, "says": said.why, **case})


def drawn_lines(declarations: list[Json]) -> Iterator[str]:
    """What is drawn from the declarations that have no case by hand."""
    for place, row in enumerate(declarations):
        if row["name"] not in SUBJECTS:
            for case in drawn(row["form"], place, CASES.get(row["name"], FEW)):
                yield compact({"declaration": place, **case})


def write(name: str, lines: Iterator[str]) -> None:
    """A file of the corpus: a head that says how it came to be, then a row a line."""
    head = compact({"corpus": 1, "what": HEADS[name]})
    (FOLDER / name).write_text("".join(f"{line}\n" for line in (head, *lines)), encoding="ascii")


def main(anew: bool) -> None:
    """Write every file."""
    kept = [*declared_elsewhere()] if anew else [row for row in rows(DECLARATIONS) if row["name"] not in SUBJECTS]
    declarations = [json.loads(compact(row)) for row in (*declared_by_hand(), *kept)]
    write(DECLARATIONS, (compact(row) for row in declarations))
    write(BY_HAND, by_hand_lines(declarations))
    write(DRAWN, drawn_lines(declarations))


if __name__ == "__main__":
    main("--declarations" in sys.argv[1:])
