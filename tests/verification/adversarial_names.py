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

OWN = ("elapsed", "elapsed_0", "delay", "age", "spent_0", "spent_1", "ever", "fired", "since", "state_next", "rank")
"""What encodings have called symbols of their own, today and before: drawn most often."""
WORDS = (
    *OWN, "spent", "emitted", "done", "state", "now", "due", "key", "named", "count", "many", "before", "after", "claim", "lemma", "fact", "part", "step", "assume", "safe", "first", "weight", "goal", "next", "init", "Inv",
    "s", "n", "x", "a", "b", "t", "k", "p", "e", "red", "RED", "true", "false", "Int", "Bool", "let", "ite", "select", "store", "forall", "distinct", "div", "mod", "xor",
)  # fmt: skip
"""And what certificates call things, what SMT-LIB does, and short names that join to each other."""
MEETINGS: tuple[dict[str, tuple[str, ...]], ...] = (
    {
        "pause": ("delay", "elapsed_0"),
        "most": ("elapsed_0", "elapsed"),
        "level": ("age", "elapsed"),
        "flag": ("spent_0",),
    },
    {"part": ("ever",), "level": ("done",), "effect": ()},
    {"part": ("Say",), "variable": (), "event": (), "event field": ()},
    {"state": ("b", "b_f", "b_t", "b_x"), "member": ("y", "Y")},
    {"part": ("p",), "safe": ("safe",), "first": ("p: safe",)},
)
"""What the things of one system are called, by what they were called or by their kind, where a false proof needs several that meet. Without words each keeps its name."""
SEPARATORS = ("_", "__", "", "0", "_0_")
PLACES = ("_0", "_1", "_2", "0", "1", "_f", "_next", "_before", "_after")


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
    beside: dict[tuple[object, ...], set[str]] = {}
    given: dict[str, list[str]] = {}
    (drawn,) = random.choices(MEETINGS, weights=(6, 2, 4, 4, 1))
    meeting = {met: random.sample(words, len(words)) for met, words in drawn.items()}

    def name(thing: Name) -> str:
        if thing.kind == "doc":
            return thing.text
        taken = beside.setdefault((thing.kind, *thing.path[:-2]), set())
        made = one_name(random, given, thing.kind, taken)
        words = meeting.get(thing.text, meeting.get(thing.kind))
        if words is not None and random.randrange(8):
            made = next((word for word in words or [thing.text] if word not in taken), made)
        while made in taken or _is_taken_without_case(made, taken, thing.kind):
            made = one_name(random, given, thing.kind, taken)
        taken.add(made)
        given.setdefault(thing.kind, []).append(made)
        return made

    return name


def _is_taken_without_case(name: str, beside: set[str], kind: str) -> bool:
    """Classes of events and effects are called in words without case."""
    alone = {one.replace("_", "").lower() for one in beside}
    return kind in ("event", "effect") and name.replace("_", "").lower() in alone


Given = dict[str, list[str]]
"""The names that were given so far, by kind."""


def one_name(random: Random, given: Given, kind: str, beside: set[str]) -> str:
    """A name of a kind."""
    if kind in ("sentence", "assumption", "rule", "condition"):
        return _sentence(random, given)
    if kind == "profile":
        return f"{random.choice('abc')}-{random.randrange(99)}"
    while True:
        made = _word(random, given, sorted(beside))
        if len(made) < 60 and made.isidentifier() and not iskeyword(made):
            return made


def _word(random: Random, given: Given, beside: list[str]) -> str:
    """A word of an encoding's, one that something else is called by, one like those beside it, or two joined."""
    known = [one for names in given.values() for one in names] or list(WORDS)
    match random.randrange(10):
        case 0 | 1 | 2:
            return random.choice(OWN)
        case 3 | 4:
            made = random.choice(known)
            return random.choice([made, made, made.lower(), made.capitalize()])
        case 5 | 6 if beside:
            made = random.choice(beside)
            return random.choice([made.swapcase(), made.capitalize(), made + random.choice(PLACES)])
        case 7:
            return random.choice(WORDS) + random.choice(SEPARATORS) + random.choice([*known, *WORDS])
        case 8:
            return random.choice([*known, *WORDS]) + random.choice(PLACES)
    return random.choice(WORDS)


def _sentence(random: Random, given: Given) -> str:
    """The sentence of a claim, mostly that of another one behind the name of a part."""
    heads = [*given.get("part", ()), *given.get("machine", ()), "assume", "claim"]
    said = [*given.get("sentence", ()), *given.get("rule", ()), *WORDS]
    separator = random.choice([": ", ": ", ": ", ":", ".", " "])
    return random.choice([random.choice(said), random.choice(heads) + separator + random.choice(said[:3] + said)])
