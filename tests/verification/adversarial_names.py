"""Names that meet: those of things of other kinds, and those that encodings, certificates and solvers use themselves.

A name is a word, a name that something else already has, or two of these joined; in either case. Things are told
apart by their names only beside each other, so nothing else has to differ. What is renamed is the canonical form.
"""

from __future__ import annotations

from collections.abc import Callable
from keyword import iskeyword
from random import Random

from hypothesis import reject
from hypothesis import strategies as st

from fsm import DefinitionError, System
from fsm.canonical import BadDeclaration, Name, document, read_document, renamed

__all__ = ["called_otherwise"]

WORDS = (
    "elapsed", "delay", "age", "spent", "fired", "ever", "emitted", "done", "state", "since", "now", "due", "key", "named", "count", "many",
    "before", "after", "claim", "lemma", "fact", "part", "step", "assume", "safe", "first", "rank", "weight", "goal", "next", "init", "Inv",
    "s", "n", "x", "a", "b", "t", "k", "p", "e", "red", "RED", "true", "false", "Int", "Bool", "let", "ite", "select", "store", "forall", "distinct", "div", "mod", "xor",
)  # fmt: skip
"""What our own encodings and certificates call things, today and before, what SMT-LIB does, and short names that join to each other."""
SEPARATORS = ("_", "__", "", "0", "_0_")
PLACES = ("_0", "_1", "_2", "0", "1", "_next", "_before", "_after")


@st.composite
def called_otherwise(draw: st.DrawFn, system: System) -> System:
    """The system with names that meet; refused ones are drawn again."""
    tree = document(system)
    for attempt in range(5):
        naming = adversarial(Random(draw(st.integers(0, 2**32)) + attempt))
        try:
            made = read_document(renamed(tree, naming), stand_ins=True)
        except (BadDeclaration, DefinitionError):
            continue
        assert isinstance(made, System)
        return made
    return reject()


def adversarial(random: Random) -> Callable[[Name], str]:
    """A new name for each thing; different for things of one kind in one place alone."""
    taken: dict[tuple[object, ...], set[str]] = {}
    given: list[str] = list(WORDS)

    def name(thing: Name) -> str:
        if thing.kind == "doc":
            return thing.text
        beside = taken.setdefault((thing.kind, *thing.path[:-2]), set())
        made = one_name(random, given, thing.kind)
        while made in beside or _is_taken_without_case(made, beside, thing.kind):
            made = one_name(random, given, thing.kind)
        beside.add(made)
        given.extend([made] * 3 if made.isidentifier() else [])
        return made

    return name


def _is_taken_without_case(name: str, beside: set[str], kind: str) -> bool:
    """Classes of events and effects are called in words without case."""
    alone = {one.replace("_", "").lower() for one in beside}
    return kind in ("event", "effect") and name.replace("_", "").lower() in alone


def one_name(random: Random, given: list[str], kind: str) -> str:
    """A name of a kind."""
    if kind in ("sentence", "assumption", "rule", "condition"):
        sep = random.choice([": ", ":", " ", ".", "/", "|"])
        return random.choice([random.choice(given), sep.join(random.choices(given, k=2))])
    if kind == "profile":
        return f"{random.choice('abc')}-{random.randrange(99)}"
    while True:
        word = random.choice(given)
        made = random.choice(
            [
                word,
                word,
                word + random.choice(PLACES),
                word + random.choice(SEPARATORS) + random.choice(given),
                word.upper(),
                word.capitalize(),
            ]
        )
        if len(made) < 60 and made.isidentifier() and not iskeyword(made):
            return made
