"""A declaration as a model for SPIN: what stands in it, and what does not. That SPIN reads it so stands in tests/integration/test_spin.py."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path

import pytest

from fsm import Machine, State, System, always, event, inside, integer, leads_to, reachable
from fsm.canonical import Name, document, read_document, renamed
from fsm.command.invocation.target import resolve
from fsm.desk import DESK, JOURNEY
from fsm.verification.promela import Unsayable, promela

REGRESSION = Path(__file__).parents[1] / "regression"
SUBJECTS = {
    file.stem: resolve(f"{file}:SUBJECT")
    for file in (REGRESSION / "proved" / "lock_server.py", REGRESSION / "proved" / "peterson_fair.py", REGRESSION / "proved" / "clock_for_each.py", REGRESSION / "proved" / "mesi.py")
} | {"desk": DESK, "journey": JOURNEY}  # fmt: skip
HOSTILE = (
    "*/ active proctype other() { assert(0) } /*", "// */ never claim_0 { }", "/*", "\\", "\n#define NONE 0\n", "#ifdef", "%s*/", "??/\n*/", "\u2028*/", "*\\\n/",
)  # fmt: skip
KEYWORDS = ("init", "never", "active", "byte", "st0", "v0_0", "ok", "ev", "true", "skip", "run", "CLAIM_0", "P0", "f0")


@event
class Go:
    pass


RED, GREEN = State("red"), State("green")
FAR = integer("far", 0, 10**12)
NEAR, OTHER = integer("near", 0, 2 * 10**9), integer("other", 0, 2 * 10**9)


def without_comments(model: str) -> str:
    """As the preprocessor leaves it: lines joined, then comments taken out."""
    return re.sub(r"/\*.*?\*/", "", model.replace("\\\n", ""), flags=re.DOTALL)


def called(declaration: System | Machine, hostile: bool) -> Machine | System:
    """The declaration with words of Promela for names, and sentences that want to be read."""
    numbers = count()

    def name(thing: Name) -> str:
        number = next(numbers)
        if thing.kind in ("sentence", "rule", "condition", "assumption") and hostile:
            text = f"{HOSTILE[number % len(HOSTILE)]}{number}{HOSTILE[number * 7 % len(HOSTILE)]}"
            return text if thing.kind == "sentence" else " ".join(text.split())
        if thing.kind == "doc":
            return thing.text
        if thing.kind == "profile":
            return f"p-{number}"
        return f"{KEYWORDS[number % len(KEYWORDS)]}_{number}" if hostile else f"n{number}"

    return read_document(renamed(document(declaration), name), stand_ins=True)


@pytest.mark.parametrize("name", SUBJECTS)
def test_no_word_of_a_declaration_is_read_by_spin(name: str) -> None:
    """Under hostile names and sentences the model is the same but for its comments."""
    plain, hostile = (promela(called(SUBJECTS[name], hostile), keys=3) for hostile in (False, True))

    assert without_comments(plain) == without_comments(hostile)
    assert hostile.isascii()
    assert "proctype other" not in without_comments(hostile)


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_claim_is_in_the_model_or_named_at_its_top(name: str) -> None:
    """A claim that is left out is not forgotten: its sentence stands there with the reason."""
    model = promela(SUBJECTS[name])
    said = {int(place) for place in re.findall(r"^never claim_(\d+) ", model, re.MULTILINE)}
    note = model.partition("*/")[0]

    left = [one.sentence for place, one in enumerate(SUBJECTS[name].properties) if place not in said]

    assert all(f"the claim {sentence!r}: " in note for sentence in left)
    assert len(left) == note.count("the claim ")


def test_the_note_names_what_is_cut_off() -> None:
    """Texts are left out by name, numbers without an end are followed so far, and how time passes is said."""
    note = promela(DESK).partition("*/")[0]

    assert "OfferChat.name: carried, no condition reads it." in note
    assert "time passes by milliseconds" in note
    assert "more than 2 keys of a kind" in note

    endless = Machine("endless", (RED,), RED, (RED.on(Go).stay().set(many := integer("many"), many + 1),), (many,))

    assert "endless.many beyond 1000: it has no end" in promela(endless).partition("*/")[0]


@pytest.mark.parametrize(
    ("machine", "why"),
    [
        (Machine("far", (RED,), RED, (RED.on(Go).stay().set(FAR, FAR),), (FAR,)), "a whole number is beyond 2147483647"),
        (
            Machine("sum", (RED,), RED, (RED.on(Go).when(NEAR + OTHER > 3).stay(),), (NEAR, OTHER)),
            "a sum or a product may be beyond 2147483647",
        ),
    ],
)  # fmt: skip
def test_what_an_int_of_spins_does_not_hold_is_refused(machine: Machine, why: str) -> None:
    """A sum that wraps around would be another machine."""
    with pytest.raises(Unsayable, match=why):
        promela(machine)


def test_a_claim_alone_that_cannot_be_said_does_not_refuse_the_model() -> None:
    """It is left out by name, and the others stand."""
    machine = Machine(
        "light", (RED, GREEN), RED, (RED.on(Go).to(GREEN),), (NEAR, OTHER),
        properties=(always("no large sum", NEAR + OTHER <= 5), reachable("it gets green", inside(GREEN)), leads_to("green comes", inside(RED), inside(GREEN), fair=(Go,))),
    )  # fmt: skip

    model = promela(machine)

    assert "the claim 'no large sum': a sum or a product may be beyond" in model
    assert ["1", "2"] == re.findall(r"^never claim_(\d+) ", model, re.MULTILINE)
