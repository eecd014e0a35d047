"""Each question that the checker asks has a twin: one that differs in one place, and is answered with yes.

Without it a question could be answered with no whatever it asks. Which questions there are is read in the checker's own text.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import attrs
import pytest

from fsm import (
    ELAPSED,
    Assumption,
    Field,
    Machine,
    State,
    System,
    always,
    boolean,
    each,
    effect,
    emitted,
    event,
    inside,
    integer,
    justice,
    leads_to,
    one,
    parameter,
    recoverable,
    wire,
)
from fsm.canonical import write
from fsm.command.invocation.target import resolve
from fsm.verification.checker import proofs
from fsm.verification.checker.certificate import ARGUMENTS, CHECKS, Session
from fsm.verification.checker.declaration import read_declaration
from fsm.verification.checker.evidence import Evidence, Section
from fsm.verification.checker.proofs import refutations
from fsm.verification.checker.proofs.induction import by_induction
from fsm.verification.checker.proofs.named import KINDS, lemma_of
from fsm.verification.checker.proofs.time.stopwatch import Watch, about_the_watch
from fsm.verification.checker.replays import facts, lost
from fsm.verification.checker.replays.ends import ended, moment_at
from fsm.verification.checker.replays.runs import Run
from fsm.verification.checker.solver import Answer, InProcess
from fsm.verification.checker.steps import StepMaker
from fsm.verification.checker.terms import negation
from fsm.verification.checker.unknowns import Unknowns, anywhere

from . import test_kinds as kinds
from .test_refutations import GUEST, never, room

REGRESSION = Path(__file__).parents[2] / "regression"
ROOM = Path(proofs.__file__).parent
a, b, c = State("a"), State("b"), State("c")
n, is_open = integer("n", 0, 3), boolean("is_open")


@event
class Go:
    pass


@event
class Step:
    pass


@event
class Early:
    """Sent by time."""


@event
class Late:
    """Sent by time."""


@event
class Note:
    pass


@event
class More:
    pass


@effect
class Rang:
    pass


@event
class Come:
    who: Field[str]


@event
class Serve:
    who: Field[str]


class Heard(InProcess):
    """Remembers what it answered."""

    def __init__(self) -> None:
        self.said: list[Answer] = []

    def ask(self, common: Sequence[str], questions: Sequence[Sequence[str]]) -> list[Answer]:
        self.said += (made := super().ask(common, questions))
        return made


@cache
def regression(file: str) -> str:
    return write(resolve(f"{REGRESSION / file}.py:SUBJECT"))


def exchanged(form: Any, place: tuple[Any, ...], new: Any) -> Any:
    """A form in which what stands at one place is another."""
    if not place:
        return new
    return {**form, place[0]: exchanged(form[place[0]], place[1:], new)} if isinstance(form, dict) else [
        exchanged(old, place[1:], new) if at == place[0] else old for at, old in enumerate(form)
    ]  # fmt: skip


@attrs.frozen
class Twin:
    """A claim that is confirmed, and the place of the declaration, or of the evidence, that makes one of its questions another.

    Attributes:
        question: where the checker says that it is asked.
    """

    question: str
    text: str
    claim: str
    evidence: Evidence
    place: tuple[Any, ...]
    new: Any
    lemmas: tuple[str, ...] = ()

    def answered(self, *, changed: bool) -> tuple[str, list[Answer]]:
        """Why it is not confirmed, and all that was answered."""
        form, told, solver = json.loads(self.text), self.evidence, Heard()
        if changed and self.place[0] == "evidence":
            values = {name: getattr(told, name) for name in told.__dataclass_fields__}
            told = Evidence(**{**values, self.place[1]: self.new})
        elif changed:
            form = exchanged(form, self.place, self.new)
        session = Session(read_declaration(json.dumps(form)), solver)
        return session.outcomes({}, Section(self.lemmas, {self.claim: told}))[self.claim].why, solver.said


def of(case: kinds.Case, question: str, place: tuple[Any, ...], new: Any) -> Twin:
    return Twin(question, regression(f"proved/{case.file}"), case.claim, case.evidence, place, new, case.lemmas)


def line(machine: int, place: int, what: str = "target") -> tuple[Any, ...]:
    return ("machines", machine, "transitions", place, what)


def turned(text: str, name: str, into: str) -> tuple[tuple[Any, ...], Any]:
    """Where the first node of a name stands, and the same of another."""
    [(place, held)] = [(at, one[name]) for at, one in enumerate(json.loads(text)["expressions"]) if name in one][:1]
    return ("expressions", place), {into: held}


# Declarations of our own

SHORT = write(
    Machine(
        "short",
        (a, b),
        a,
        (a.after(5, Early).stay(), a.after(5, Late).to(b), b.on(Go).to(a)),
        properties=(always("it is short", inside(a) >> (ELAPSED <= 5)),),
    )
)
"""Between its two timers of one instant it has been five in its state, though no caller meets it there."""
AWAY = write(
    Machine(
        "away",
        (a, b, c),
        a,
        (a.on(Go).to(c), a.after(5, Early).stay(), a.after(5, Late).stay(), b.on(Go).to(a)),
        properties=(attrs.evolve(recoverable("c comes", inside(c)), premise=inside(a)),),
    )
)
ENDS = Machine("ends", (a, b), a, (a.after(5, Early).to(b),))
SLOWER = Machine("slower", (a, b), a, (a.after(7, Late).to(b),))
first, second = one("first", ENDS), one("second", SLOWER)
BOTH = write(System("both", (first, second), properties=(recoverable("both end", first.inside(b) & second.inside(b)),)))
COUNTS = Machine("counts", (a,), a, (a.on(Go).when(n < 3).stay().set(n, n + 1),), (n,))
counter = one("counter", COUNTS)
FORKED = write(
    System(
        "forked",
        (counter,),
        wires=(
            wire(More, counter.by(Go), when=counter[n] < 1),
            wire(More, counter.by(Go), when=counter[n] >= 1),
        ),
    )
)
BELL = Machine("bell", (a, b), a, (a.after(5, Early).to(b),))
SLEEPER = Machine("sleeper", (a, b), a, (a.on(Note).stay(), b.on(Note).to(a)))
bell, sleeper = one("bell", BELL), one("sleeper", SLEEPER)
BEDROOM = write(System("bedroom", (bell, sleeper), wires=(wire(bell.sends(Early), sleeper.by(Note)),)))
LAMP = Machine("lamp", (a, b, c), a, (a.on(Go).to(b), b.after(5, Early).to(c), b.after(5, Late).to(a), c.on(Go).to(a)))
BOARD = Machine("board", (a, b), a, (a.on(Note).to(b), b.on(Note).stay(), (a | b).on(More).stay()))
lamps, board = each("lamps", LAMP, key="who"), one("board", BOARD)
HALL = write(
    System(
        "hall",
        (lamps, board),
        wires=(
            wire(Come, lamps[Come.who].by(Go)),
            wire(lamps.sends(Early), board.by(Note)),
            wire(lamps.sends(Late), board.by(More)),
        ),
    )
)
size = parameter("size", int, 3, low=1)
NARROW = write(Machine("narrow", (a,), a, (a.on(Go).stay(),), assumptions=(Assumption("small", size <= 3),)))
NOTHING = NARROW.replace('{"constant":3}', '{"constant":0}')
TIMED = write(
    Machine(
        "timed",
        (a, b),
        a,
        (a.on(Go).to(b), b.after(5, Late).to(a)),
        properties=(leads_to("it ends", inside(b), inside(a)),),
    )
)
items = each("items", Machine("item", (a, b), a, (a.on(Go).to(b), b.after(5, Late).to(a))), key="who")
EACH_TIMED = write(
    System(
        "each_timed",
        (items,),
        wires=(wire(Come, items[Come.who].by(Go)),),
        properties=(leads_to("it ends", inside(b), inside(a), each=items),),
    )
)
FILLED = Evidence(
    "RANK",
    {
        "state 0 0": 3,
        "state 0 1": 2,
        "state 0 2": 1,
        "state 0 3": 4,
        "value 0 0 0": 12,
        "value 0 0 1": 8,
        "value 0 0 2": 4,
    },
    ("waiting",),
)
"""How far a car park is from full: who drives in must have waited, and before the timer that leads away."""

m = integer("m", 0, 1)
RISES = write(
    Machine(
        "rises",
        (a, b),
        a,
        (a.on(Go).to(b).set(m, m + 1), b.on(Go).to(a).set(m, m - 1)),
        (m,),
        properties=(always("low", inside(a) >> (m <= 0)), always("high", inside(b) >> (m >= 1))),
    )
)
"""In each of its states there is room for what its line writes, which no guard says."""
ROOM_IN = ("room 0 0 0 0", "room 0 1 1 0")

SERVED = write(
    Machine(
        "served",
        (a, b, c),
        b,
        (a.on(Go).when(ELAPSED < 5).to(c), a.on(Step).when(ELAPSED >= 5).to(c), b.on(Note).to(a)),
        properties=(leads_to("it is served", inside(a), inside(c), fair=(Go, Step)),),
    )
)
"""At first by one event, later by the other, of which the turn comes before."""
BY_THE_CLOCK = Evidence("PROGRESS", lowered_by=("lowers 1", "lowers 0", "timely"), pending=("premise",))

TWINS = [
    of(kinds.INVARIANT, "at #", ("expressions", 1), {"constant": 0}),
    of(kinds.INVARIANT, "at the start", ("expressions", 15), {"!=": [9, 13]}),
    of(kinds.INVARIANT, "at #: whether values stay within their domains", ("expressions", 1), {"constant": 2}),
    of(kinds.STEPS, "at #", ("expressions", 13), {"inside": [0, [1]]}),
    of(kinds.FOUND, "where the lemmas hold", ("expressions", 3), {"constant": 3}),
    of(kinds.LONGER, "# steps after the start", ("expressions", 5), {"<": [3, 0]}),
    of(kinds.LONGER, "after # moments in a row", line(0, 0, "updates"), []),
    of(kinds.SIDE_BY_SIDE, "at some instant", ("expressions", 2), {"part_inside": [0, [0]]}),
    Twin("after #", SHORT, "claim 0", Evidence("CLOCK"), *turned(SHORT, "<=", "<")),
    Twin("of some instance", regression("proved/clock_for_each"), "claim 0", Evidence("CLOCK"), ("expressions", 5), {"<": [4, 0]}),
    of(kinds.SUMS, "the goal is late", ("expressions", 1), {"constant": 1001}),
    of(kinds.RANK, "nothing leads closer", ("expressions", 5), {"constant": 1}),
    of(kinds.WAITING, "# leads no closer", line(0, 3), 1),
    Twin("# leads away", AWAY, "claim 0", Evidence("RANK", {"state 0 0": 1}), line(0, 2), 1),
    Twin("# raises the rank", BOTH, "claim 0", Evidence("RANK", {"state 0 0": 1, "state 1 0": 1}, ("waiting",)), ("evidence", "weights"), {"state 0 0": 1, "state 1 1": 1}),
    of(kinds.LAPSES, "not all is so that should be", ("expressions", 7), {"inside": [0, [0]]}),
    of(kinds.LAPSES, "nothing leads on", line(0, 3), None),
    of(kinds.LAPS, "# strays", ("expressions", 6), {"constant": 0}),
    of(kinds.PROGRESS, "#: it is no longer as it was", ("system", "rules", 2, "on"), []),
    Twin("the goal is late", TIMED, "claim 0", Evidence("CLOCK", clock=("stopwatch at most 0 1", "stopwatch off 0 0")), line(0, 1), 1),
    Twin("the goal is late", EACH_TIMED, "claim 0", Evidence("CLOCK", clock=("stopwatch at most 0 1", "stopwatch off 0 0")), line(0, 1), 1),
    Twin("# leads no closer", regression("proved/car_park"), "claim 1", FILLED, *turned(regression("proved/car_park"), ">=", "<"), ("claim 0",)),
    Twin("guarded lines # and #", regression("proved/cash_machine"), "check 3", Evidence("IMPLIED"), ("expressions", 5), {"<=": [3, 4]}),
    Twin("wires # and #", FORKED, "check 4", Evidence("IMPLIED"), *turned(FORKED, ">=", "<=")),
    Twin("# is blocked", BEDROOM, "check 5", Evidence("TIMERS"), line(1, 0, "sources"), [1]),
    Twin("# and #", HALL, "check 5", Evidence("TIMERS"), line(1, 2), 0),
    of(kinds.ENDS, "nothing can happen", line(0, 3), None),
    Twin("in the end no event is possible", SERVED, "claim 0", BY_THE_CLOCK, *turned(SERVED, ">=", ">")),
    Twin("time takes a turn away", SERVED, "claim 0", BY_THE_CLOCK, ("evidence", "lowered_by"), ("lowers 0", "lowers 1", "timely")),
    Twin("values of line # from state #", RISES, "check 7", Evidence("IMPLIED"), line(0, 1, "updates"), [], ROOM_IN),
    Twin("some values satisfy the assumptions", NOTHING, "assumptions", Evidence("IMPLIED", refuted=True), *turned(NOTHING, "<=", ">=")),
    Twin("at #", write(GUEST), "claim 0", never(), line(0, 0), 2),
    Twin("at #", write(room()), "claim 2", never(), line(0, 0), 2),
    Twin("at #", write(GUEST), "check 0", never("state 0 2"), line(0, 1), 2),
    Twin("line # from state #", write(GUEST), "check 1", never("line 3 2"), line(0, 0), 2, ("never 0 2",)),
    Twin("at #", write(room()), "check 2", never("event 1"), line(0, 0), 2),
]  # fmt: skip


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: f"{twin.claim}-{twin.evidence.how}-{twin.question}")
def test_each_question_has_a_twin_that_is_answered_with_yes(twin: Twin) -> None:
    """All is answered alike until the question that differs: no where the claim holds, yes where it does not."""
    (why, said), (lost_at, other) = (twin.answered(changed=changed) for changed in (False, True))
    wanted = re.escape(f"{twin.question}: sat").replace(re.escape("#"), "[^:]+")

    assert "" == why
    assert re.fullmatch(wanted, lost_at), lost_at
    assert ("unsat", "sat") == next(pair for pair in zip(said, other, strict=False) if pair[0] != pair[1])


def in_words(node: ast.expr) -> str | None:
    """A text with its holes; None where it is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "#" for one in node.values)
    return None


def questions() -> Iterator[str]:
    """Where something is asked, as the modules of proofs say it: of tables of questions the keys, and what is told with an answer."""
    for file in (*ROOM.rglob("*.py"), *(ROOM.parent / "possible").glob("*.py")):
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef | ast.Lambda) and file.stem != "stopwatch":
                for node in ast.walk(function):
                    keys = [*node.keys] if isinstance(node, ast.Dict) else []
                    keys += [node.key] if isinstance(node, ast.DictComp) else []
                    keys += [node.slice] if isinstance(node, ast.Subscript) else []
                    yield from (words for key in keys if key and " " in (words := in_words(key) or ""))
                    told = node.args if isinstance(node, ast.Call) and ast.unparse(node.func) == "outcome" else []
                    yield from filter(None, map(in_words, told))


SAID_OTHERWISE = {"no event #": "at #"}
"""What claims over steps are called while they are asked about."""


def test_no_question_is_without_its_twin() -> None:
    """Whoever asks something new says here what is answered where it is not so."""
    told = {twin.question for twin in TWINS}
    asked = {SAID_OTHERWISE.get(one, one) for one in questions()}

    assert 20 < len(asked)
    assert set() == asked - told
    assert {"at #", "at #: whether values stay within their domains"} >= told - asked


def kind_of(twin: Twin) -> tuple[str, str, bool]:
    """The modality of a claim, or the check, and by which argument it is shown."""
    name = twin.claim
    if name.startswith("claim"):
        declaration = read_declaration(twin.text)
        name = declaration.properties[int(name.split()[1])]["modality"]
    return name, twin.evidence.how, twin.evidence.refuted


def test_no_kind_of_proof_or_refutation_is_without_its_twin() -> None:
    """Those that the checker's tables know."""
    proved = {(modality, how) for modality, how, _ in ARGUMENTS} | CHECKS.keys()
    proved |= {("always", "INVARIANT"), ("each step", "STEPS")}
    refuted = {*refutations.CLAIMS, *refutations.CHECKS, refutations.ASSUMPTIONS}

    assert {(*one, False) for one in proved} | {(one, "IMPLIED", True) for one in refuted} == set(map(kind_of, TWINS))


# What proofs rest on


def works(*, opens: bool) -> str:
    """A timer that ends the stay where it is open, which nothing makes it, or Go; and a number that stays below three."""
    lines = (
        a.after(3, Early).stay(),
        a.after(5, Late).when(is_open).to(b),
        a.on(Go).stay().set(is_open, opens),
        a.on(Step).when(n < 2).stay().set(n, n + 1),
        b.on(Go).to(a).set(n, 0),
    )
    claims = (always("few", n < 3), always("fewer", n < 2))
    return write(Machine("works", (a, b, c), a, lines, (n, is_open), properties=claims))


WORKS, OPENS = works(opens=False), works(opens=True)
LED = write(
    Machine("led", (a, b, c), a, (a.on(Go).when(size > 3).to(b), b.on(Go).to(c), a.on(Note).when(size > 5).stay()))
)
TURNSTILE = "sum 0 0 0 2 0 0 1 3 1 0 1 3"
LEMMAS = {
    "claim": (regression("refuted/greeted_from_afar"), "claim 0", "claim 1"),
    "part claim": (WORKS, "part claim 0 0", "part claim 0 1"),
    "fired": (regression("refuted/taken_back"), "fired 0 0 0 0 1", "fired 0 0 0 0 0"),
    "waiting": (regression("proved/microwave"), "waiting 0 2 0 0 1", "waiting 0 2 0 0 0"),
    "unfired": (regression("refuted/between_timers"), "unfired 0 0 1", "unfired 0 0 0"),
    "lapsed": (WORKS, "lapsed 0 0 1", OPENS),
    "bound": (regression("proved/finite"), "bound 0 0 0 7", "bound 0 0 1 7"),
    "bound in": (regression("proved/locker"), "bound in 0 1 0 0 0", "bound in 0 0 0 0 0"),
    "without": (WORKS, "without 0 0 0 3", "without 0 0 0 2"),
    "not above": (regression("proved/sliding_window"), "not above 0 1 0 0", "not above 0 2 0 0"),
    "apart": (regression("proved/railway_crossing"), "apart 0 0 1 1", "apart 0 1 1 1"),
    "older": (regression("proved/railway_crossing"), "older 1 1 0 1", "older 1 2 0 1"),
    "room": (RISES, "room 0 0 0 0", json.dumps(exchanged(json.loads(RISES), line(0, 1, "updates"), []))),
    "never": (WORKS, "never 0 2", "never 0 1"),
    "led": (LED, "led 0 1 0", "led 0 1 2"),
    "sum": (regression("proved/turnstile"), TURNSTILE, TURNSTILE.replace("sum 0", "sum 1")),
}
"""Of each kind a lemma that every step keeps, and one that differs in a number, or the same of a declaration that differs in a word."""
IN_TURN = {"order": "order 0 0", "cell order": "cell order 0 0 1 1"}
"""What is so of every declaration, by the facts about time that each relation says."""


def kept(text: str, lemma: str) -> str:
    """Why a lemma is not kept; empty where it is."""
    declaration = read_declaration(text)
    asked = lemma_of(declaration, lemma)
    assert asked is not None
    shown = by_induction(Unknowns(declaration, {}), (), [asked], {}, InProcess())
    return shown.lost[lemma].why if shown.lost else ""


@pytest.mark.parametrize(("text", "lemma", "twin"), LEMMAS.values(), ids=LEMMAS)
def test_each_kind_of_lemma_has_a_twin_that_a_step_breaks(text: str, lemma: str, twin: str) -> None:
    """Or that does not hold at the start: the question is answered with yes."""
    assert "" == kept(text, lemma)
    assert (kept(twin, lemma) if twin.startswith("{") else kept(text, twin)).endswith(": sat")


@pytest.mark.parametrize("lemma", IN_TURN.values(), ids=IN_TURN)
def test_the_order_of_timers_rests_on_what_is_said_of_time(lemma: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Timers of one stay fire in their order; a relation that forgets what is so of time breaks it."""
    assert "" == kept(WORKS, lemma)
    monkeypatch.setattr(StepMaker, "timers_allow", lambda maker: None)
    assert kept(WORKS, lemma).endswith(": sat")


def test_no_kind_of_lemma_is_without_its_twin() -> None:
    """Those that evidence can name."""
    assert KINDS.keys() == LEMMAS.keys() | IN_TURN.keys()


WATCHES = {
    "stopwatch positive": "", "stopwatch before goal": "", "stopwatch in time": "", "stopwatch off": "0 1",
    "stopwatch sum": "0 1 1 0 1 0", "stopwatch exact": "0 1", "stopwatch at most": "0 1", "stopwatch left": "0 1 0 1 2 0 1 0 2 0 0 4 1 0",
}  # fmt: skip


@pytest.mark.parametrize(("words", "places"), WATCHES.items())
def test_no_lemma_about_a_stopwatch_is_true_or_false_whatever_it_shows(words: str, places: str) -> None:
    """Of any stopwatch it may be so, and may not be so: only the steps can make it hold."""
    base = anywhere(Unknowns(read_declaration(regression("proved/retries")), {}))
    runs, goal = (base.script.declare("Bool") for _ in range(2))
    shows, duration = (base.script.declare("Int") for _ in range(2))
    say = about_the_watch(f"{words} {places}".strip())
    assert say is not None
    term = say(Watch(runs, shows, base, duration, goal))

    asked = [[f"(assert {one})"] for one in (term, negation(term))]
    assert ["sat", "sat"] == InProcess().ask(base.script.lines, asked)


def test_no_kind_of_lemma_about_a_stopwatch_is_left_out() -> None:
    """Those that the module speaks of."""
    tree = ast.parse((ROOM / "time" / "stopwatch.py").read_text(encoding="utf-8"))
    texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}

    assert {one for one in texts if re.fullmatch(r"stopwatch [a-z ]+", one)} == WATCHES.keys()


# What cannot follow a run


def hall(wired: type | None = None) -> str:
    """Somebody can note it once; or guests can come too, or it can be taken back, with a number and a bell."""
    guests = each("guests", Machine("guest", (a, b), a, (a.on(Go).to(b),)), key="who")
    back = b.on(More).to(a).set(n, 3).emits(Rang)
    lines = (a.on(Note).to(b).emits(Rang), *((back,) if wired is More else ()))
    single = one("clock", Machine("clock", (a, b), a, lines, (n,)))
    wires = (wire(Come, guests[Come.who].by(Go)),) if wired is Come else ()
    claims = (recoverable("as if it had never rung", single.inside(a) & (emitted(Rang) == 0)),)
    return write(System("hall", (guests, single), wires=wires, properties=claims))


FACTS = {
    r"part \d+ not in \d+": More,
    r"part \d+ value \d+ (<=|>=|=)": More,
    r"effect \d+ (<=|>=) \d+": More,
    r"part \d+ in \[.*\] (<=|>=) \d+": Come,
}
"""What is tried as a lemma of all that follows a run, and what a caller must be able to send for it not to be kept."""


def follows(text: str) -> dict[str, str]:
    """For each fact at the end of a run why it does not go on being so; empty where it does."""
    declaration = read_declaration(text)
    here = ended(declaration, {}, Run((), (sends(text, "Note"),))).here
    goal = declaration.properties[0]["formula"]
    tried = [*facts.facts_at(declaration, here), *facts.emissions_at(declaration, here, goal)]
    shown = by_induction(Unknowns(declaration, {}), (), tried, {}, InProcess(), moment_at(here))
    return {lemma.name: shown.lost[lemma.name].why if lemma.name in shown.lost else "" for lemma in tried}


@pytest.mark.parametrize(("fact", "sent"), FACTS.items())
def test_each_fact_has_a_twin_that_does_not_go_on_being_so(fact: str, sent: type) -> None:
    """Where somebody can do more than note it."""
    before, after = follows(hall()), follows(hall(sent))
    mine = [one for one in before if re.fullmatch(fact, one)]

    assert mine and all(before[one] == "" for one in mine)
    assert any(after[one].endswith(": sat") for one in mine)


def test_no_kind_of_fact_is_without_its_twin() -> None:
    """Those that the module makes lemmas of."""
    tree = ast.parse(Path(facts.__file__).read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "Lemma"]
    told = [in_words(node.args[0]) or "" for node in calls]

    assert {re.sub("#", ".+", one) for one in told} == {
        re.sub(r"\\d\+|\\\[\.\*\\\]|\(.+?\)", ".+", one) for one in FACTS
    }


def door(pull: Any, *more: Any, claims: tuple[Any, ...] = ()) -> str:
    """Pushed open once, and pulled shut or not."""
    return write(Machine("door", (a, b, c), a, (a.on(Go).to(b), b.on(Step).when(pull).to(c), *more), properties=claims))


def served(*fair: Any) -> str:
    """Guests come, and each of them is served."""
    guest = Machine("guest", (a, b, c), a, (a.on(Go).to(b), b.on(Step).to(c)))
    guests = each("guests", guest, key="who")
    wires = (wire(Come, guests[Come.who].by(Go)), wire(Serve, guests[Serve.who].by(Step)))
    claim = leads_to("each is served", inside(b), inside(c), each=guests, fair=fair)
    return write(System("served", (guests,), wires, properties=(claim,)))


def sends(text: str, name: str, *values: int) -> tuple[Any, ...]:
    """A step of a run that sends an event."""
    return 1, [one["name"] for one in json.loads(text)["events"]].index(name), values


COMES = recoverable("it is shut again", inside(a))
IN_THE_END, IF_FAIR = (leads_to("it is shut in the end", inside(b), inside(c), fair=fair) for fair in ((), (Step,)))
PUSHED, LATER = (1, 0, ()), (9, None, ())
LOST: dict[str, tuple[str, str, str, tuple[Any, ...], tuple[Answer | None, Answer | None] | None]] = {
    "recoverable": ("claim 0", door(True, claims=(COMES,)), door(True, c.on(Go).to(a), claims=(COMES,)), (PUSHED,), ("unsat", "sat")),
    "leads to": ("claim 0", door(True, claims=(IN_THE_END,)), door(True, claims=(IF_FAIR,)), (PUSHED, LATER), (None, "sat")),
    "each leads to": ("claim 0", served(), served(justice(Serve.who)), (sends(served(), "Come", 0), LATER), None),
    "check 3": ("check 3", door(ELAPSED > 5, b.on(Step).when(ELAPSED < 9).to(a)), door(ELAPSED > 5, b.on(Step).when(ELAPSED < 5).to(a)), (PUSHED, (8, None, ())), ("sat", None)),
    "check 4": ("check 4", FORKED.replace('{">=":', '{"<=":'), FORKED, (), ("sat", None)),
    "check 5": ("check 5", json.dumps(exchanged(json.loads(BEDROOM), line(1, 0, "sources"), [1])), BEDROOM, (), None),
    "check 6": ("check 6", door(ELAPSED < 5), door(ELAPSED < 50), (PUSHED, LATER), ("unsat", "sat")),
    "check 7": ("check 7", LEMMAS["room"][2], RISES, (PUSHED, PUSHED), ("sat", "unsat")),
}  # fmt: skip
"""A claim or check that a run shows not to hold, a declaration of which it does not show it, and the first answers that differ, where a solver is asked; none where the text itself says no."""


@pytest.mark.parametrize(("name", "text", "twin", "steps", "differ"), LOST.values(), ids=LOST)
def test_each_kind_of_loss_has_a_twin_that_is_none(
    name: str, text: str, twin: str, steps: tuple[Any, ...], differ: tuple[Answer | None, Answer | None] | None
) -> None:
    """The run can be taken there as well."""
    evidence, found = Evidence("RUNS", runs=(Run((), steps),), refuted=True), []
    for form in (text, twin):
        solver = Heard()
        outcome = Session(read_declaration(form), solver).outcomes({}, Section((), {name: evidence}))[name]
        found.append((outcome.why, solver.said))
    [(why, said), (kept_by, other)] = found

    assert ("", True) == (why, kept_by.startswith(lost.UNSHOWN)), (why, kept_by)
    assert differ == next((pair for pair in zip_longest(said, other) if pair[0] != pair[1]), None)


def test_no_kind_of_loss_is_without_its_twin() -> None:
    """Those that the module knows."""
    assert {*lost.LOST, *lost.CHECKS} == LOST.keys()
