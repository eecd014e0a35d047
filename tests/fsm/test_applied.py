"""`applied`: a pure function makes carried data of carried data, and no condition ever sees what it made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import fsm
from fsm import (
    ELAPSED,
    KEY,
    NOW,
    DefinitionError,
    Field,
    Machine,
    State,
    applied,
    as_system,
    boolean,
    carried,
    choose,
    each,
    effect,
    event,
    inside,
    integer,
    one,
    parameter,
)
from fsm.canonical import fingerprint
from fsm.language.domains import Opaque
from fsm.language.expressions import Expr, Var
from fsm.language.leaves import Applied
from fsm.language.rewriting import structure, substitute
from fsm.language.traversal import walk
from fsm.live import Live
from fsm.runtime.compiled_expressions import compile_expression
from fsm.runtime.compiled_leaves import instance_leaf
from fsm.semantics.evaluation import fold
from fsm.semantics.simplification import simplify, with_values
from fsm.semantics.situation import Situation

if TYPE_CHECKING:
    from decimal import Decimal

Pages = tuple[str, ...]


def with_page(pages: Pages, page: str, at: int) -> Pages:
    return (*pages, f"{page} at {at}")


def without_pages(pages: Pages, page: str, at: int) -> Pages:
    return ()


def first_page(pages: Pages) -> str:
    return pages[0] if pages else ""


def how_many(pages: Pages) -> int:
    return len(pages)


def is_thick(pages: Pages) -> bool:
    return len(pages) > 1


def as_list(pages: Pages) -> list[str]:
    return list(pages)


def as_dictionary(pages: Pages) -> dict[str, int]:
    return dict.fromkeys(pages, 1)


def untyped(pages: Pages):  # type: ignore[no-untyped-def]  # that it says nothing is what is refused
    return pages


def weighed(pages: Pages) -> Decimal:
    raise NotImplementedError


@event
class Write:
    page: Field[str]


@event
class Close:
    """Nothing more to say."""


@effect
class Written:
    first: str
    at: int


gone, opened, shut = State("gone"), State("opened"), State("shut")
pages: Var[Any] = carried("pages", tuple, initial=())
size = integer("size", 0, 9)
thick = boolean("thick")
most = parameter("most", int, 3, low=0)
written = applied(with_page, pages, Write.page, NOW)


def book(update: Expr[Any] = written, guard: Any = None, **more: Any) -> Machine:
    write = opened.on(Write) if guard is None else opened.on(Write).when(guard)
    transitions = (
        write.stay().set(pages, update).emits(Written, first=applied(first_page, pages), at=NOW),
        opened.on(Close).to(shut),
    )
    return Machine("book", (opened, shut), opened, transitions, (pages, size, thick), **more)


def noted(*runs: str) -> fsm.Step:
    engine = fsm.compile(book())
    step = engine.step(engine.start(), Write(runs[0]), at=1)
    for second, run in enumerate(runs[1:], start=2):
        step = engine.step(step.after, Write(run), at=second)
    return step


# What it does at run time


def test_an_update_keeps_what_the_function_makes_of_what_was_there() -> None:
    """Each step from the last; the instant is the step's."""
    assert ("a at 1", "b at 2") == noted("a", "b").after["book"].pages


def test_an_effect_tells_what_the_function_makes_of_what_was_before() -> None:
    """An effect reads what the step found, not what it left."""
    assert (Written(first="a at 1", at=2),) == noted("a", "b").effects


@pytest.mark.parametrize("profile", [{}, {"most": 5}], ids=str)
def test_the_compiled_function_gives_what_the_interpreter_gives(profile: dict[str, int]) -> None:
    """Arguments are read alike, parameters among them."""
    machine = book(update=applied(with_page, pages, Write.page, choose(thick, most, most + 1)))
    (transition, _) = machine.transitions
    ((_, value),) = transition.updates
    params = {"most": 3, **profile}
    instance = fsm.compile(machine, profile).start()["book"]
    sent = Write("a")

    by_hand = fold(value, Situation(as_system(machine), params, (), 7, sent).of_instance(instance))
    compiled = compile_expression(with_values(value, params), instance_leaf(machine))(instance, sent, 7, None)

    assert (f"a at {params['most'] + 1}",) == by_hand == compiled


def test_a_live_object_keeps_the_same() -> None:
    """On the other engine too."""
    living = Live(book())
    living.send(Write("a"), 1)
    living.send(Write("b"), 2)

    assert noted("a", "b").after == living.snapshot


# What it is as a tree


def test_it_gives_carried_data_of_the_functions_type() -> None:
    """Whatever the function returns, it is opaque: what it says is no number and no truth."""
    assert [Opaque(Pages), Opaque(int), Opaque(bool)] == [
        applied(one, pages).domain for one in (with_page, how_many, is_thick)
    ]


def test_its_arguments_are_its_children() -> None:
    """Whoever looks for variables in an expression finds them."""
    assert [Applied, type(pages), type(Write.page), type(NOW)] == [type(node) for node in walk(written)]
    assert ("page", "pages") == tuple(sorted(node.name for node in written.below() if hasattr(node, "name")))


def test_substitution_reaches_its_arguments() -> None:
    """The function stays."""
    other = carried("other", tuple, initial=())
    swapped = substitute(written, lambda node: other if node is pages else None)

    assert structure(applied(with_page, other, Write.page, NOW)) == structure(swapped)


def test_a_profile_is_put_into_its_arguments_and_the_function_is_not_called() -> None:
    """Under a profile the arguments are simplified; what the function makes is not known before the step."""
    under = with_values(applied(with_page, pages, "x", most + 1), {"most": 3})

    assert structure(applied(with_page, pages, "x", 4)) == structure(under) == structure(simplify(under))


def test_it_reads_like_a_call() -> None:
    """On a page and in a message."""
    assert "with_page(pages, page, now)" == str(written)


def test_two_functions_make_two_structures_and_two_fingerprints() -> None:
    """A machine that keeps something else is another machine; the same one, made twice, is the same."""
    same, other = applied(with_page, pages, Write.page, NOW), applied(without_pages, pages, Write.page, NOW)

    assert structure(written) == structure(same) != structure(other)
    prints = [fingerprint(as_system(book(update))) for update in (written, same, other)]
    assert prints[0] == prints[1] != prints[2]


# What it raises


def torn(pages: Pages) -> Pages:
    raise ValueError("torn")


def sent_by(machine: Machine, event: object, system: fsm.System | None = None) -> list[list[str]]:
    """The notes of what is raised, by the compiled step and by the other engine."""
    target = system or machine
    engine, live = fsm.compile(target), Live(target)
    told = []
    for send in (lambda: engine.step(engine.start(), event, 0), lambda: live.send(event, 0)):
        with pytest.raises(ValueError, match="torn") as raised:
            send()
        told.append(raised.value.__notes__)
    return told


def test_what_it_raises_says_in_which_transition_and_variable() -> None:
    """The author finds the line; nothing of the error is lost."""
    assert [["in book, where opened on Write sets pages"]] * 2 == sent_by(book(applied(torn, pages)), Write("a"))


def test_what_it_raises_says_in_which_effect() -> None:
    emits = opened.on(Write).stay().emits(Written, first=applied(torn, pages), at=NOW)
    machine = Machine("book", (opened,), opened, (emits,), (pages,))

    assert [["in book, where opened on Write emits Written with its first"]] * 2 == sent_by(machine, Write("a"))


def test_what_it_raises_in_a_wire_says_where() -> None:
    """A function in what a wire hands to an action: told of the transition that takes it, or of the wire."""
    part = fsm.one("book", book())
    handed = fsm.wire(Close, part.by(Write, page=applied(torn, "x")))
    compiled, live = sent_by(book(), Close(), fsm.System("shelf", (part,), (handed,)))

    assert [
        ["in book, where opened on Write sets pages"],
        ["in shelf, where book is moved by Write with its page"],
    ] == [compiled, live]


# What is refused


def local() -> Callable[[Pages], Pages]:
    def inner(pages: Pages) -> Pages:
        return pages

    return inner


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda pages: pages, "applied(): a lambda has no name of its own. Write a function at the top of a module."),
        (local(), "applied(): inner has no name of its own. Write a function at the top of a module."),
        (partial(with_page, ()), "applied(): partial has no name of its own. Write a function at the top of a module."),
        (untyped, "applied(untyped): its return type is not annotated. Say what it returns: def f(...) -> Transcript."),
        (len, "applied(len): its return type is not annotated. Say what it returns: def f(...) -> Transcript."),
        (
            weighed,
            "applied(weighed): the types of its annotations are not known at run time: name 'Decimal' is not defined.",
        ),
        (
            as_list,
            "applied(as_list): a list can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class.",
        ),
        (
            as_dictionary,
            "applied(as_dictionary): a dict can be changed by anyone who holds it. Use a tuple, a frozenset or a frozen class.",
        ),
    ],
    ids=["lambda", "local", "partial", "untyped", "built in", "unknown type", "list", "dictionary"],
)
def test_a_function_that_cannot_be_told_or_trusted_is_refused(function: Any, message: str) -> None:
    """It needs a name, for the fingerprint, and a type whose values stay as they are."""
    with pytest.raises(DefinitionError) as refused:
        applied(function, pages)
    assert message == str(refused.value)


def test_an_argument_that_can_change_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(DefinitionError, match="a list can change"):
        applied(first_page, ["a"])


@pytest.mark.parametrize(
    "read",
    [
        lambda: applied(how_many, pages) == 1,
        lambda: applied(how_many, pages) < most,
        lambda: applied(how_many, pages) + 1,
        lambda: applied(first_page, pages) == "a",
        lambda: ~applied(is_thick, pages),
        lambda: thick & applied(is_thick, pages),
        lambda: book(guard=applied(is_thick, pages)),
        lambda: Machine(
            "book", (opened,), opened, (opened.on(Write).stay().set(size, applied(how_many, pages)),), (pages, size)
        ),
        lambda: Machine(
            "book", (opened,), opened, (opened.on(Write).stay().set(thick, applied(is_thick, pages)),), (pages, thick)
        ),
        lambda: choose(applied(is_thick, pages), 1, 2),
        lambda: fsm.always("it is thick", applied(is_thick, pages)),
    ],
    ids=["equal", "less", "sum", "text", "not", "and", "guard", "a number kept", "a truth kept", "choice", "property"],
)
def test_no_condition_reads_what_a_function_made(read: Callable[[], object]) -> None:
    """Nor does anything that a condition could read later: proofs leave functions out, and this is why they may."""
    with pytest.raises(DefinitionError):
        read()


@pytest.mark.parametrize(
    ("update", "message"),
    [
        (applied(with_page, pages, Write.page, ELAPSED), "time in state cannot be read in an update"),
        (applied(with_page, pages, Write.page, inside(opened)), "opened cannot be read in an update"),
        (applied(with_page, pages, KEY, carried("foreign", int, initial=0)), "variable 'foreign' is not declared"),
    ],
    ids=["time in state", "a state", "a foreign variable"],
)
def test_its_arguments_are_what_an_update_may_read(update: Expr[Any], message: str) -> None:
    """A function does not open a back door."""
    with pytest.raises(DefinitionError, match=message):
        book(update)


# Proofs leave it out


def test_machines_that_differ_in_a_function_have_the_same_proofs() -> None:
    """What is carried is no part of a proof."""
    from fsm.verification import render, verify

    claims = (fsm.recoverable("it can be shut", inside(shut)), fsm.always("it is a book", inside(opened, shut)))
    pages_of = [
        render([verify(book(update, properties=claims))])
        for update in (written, applied(without_pages, pages, Write.page, NOW))
    ]

    assert "6 proved, 0 refuted, 0 unknown" in pages_of[0]
    assert pages_of[0] == pages_of[1]


@attrs.frozen
class Word:
    text: str


def joined(word: Word, page: str) -> Word:
    return Word(word.text + page)


def test_each_instance_keeps_its_own() -> None:
    """What one contact said does not stand in another's transcript."""
    word = carried("word", Word, initial=Word(""))
    volume = Machine(
        "volume",
        (gone, opened),
        gone,
        (
            gone.on(Write).to(opened).set(word, applied(joined, word, Write.page)),
            opened.on(Write).stay().set(word, applied(joined, word, Write.page)),
        ),
        (word,),
    )
    shelf, door = each("shelf", volume, key="title"), one("door", book())
    library = fsm.compile(
        fsm.System("library", (shelf, door), (fsm.wire(Put, shelf[Put.title].by(Write, page=Put.page)),))
    )
    snapshot = library.start()
    for title, page in (("x", "a"), ("y", "b"), ("x", "c")):
        snapshot = library.step(snapshot, Put(title, page), at=0).after

    assert {"x": Word("ac"), "y": Word("b")} == {title: one.word for title, one in snapshot["shelf"].items()}


@event
class Put:
    title: Field[str]
    page: Field[str]
