"""The doors at which certificates come in: one formula, and a whole folder.

A formula that is read must mean what a reading of our own says, which knows numbers and truth values alone. A folder is handed
in for claims that are false, as an enumeration shows: whoever confirms one of them has been taken in.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import attrs
import z3

from fsm import Machine, State, always, compile, event, integer
from fsm.canonical import write
from fsm.verification import Report, verify
from fsm.verification.certificates.writing import write_certificates
from fsm.verification.checker import __main__ as checker
from fsm.verification.checker.shapes import Malformed
from fsm.verification.checker.solver import InProcess
from fsm.verification.encoding.formula_text import Unreadable, read
from fsm.verification.encoding.symbols import SymbolKind, truth
from fsm.verification.encoding.symbols import integer as number_symbol

from .door import Ending, Outcome, judged
from .texts import changed

__all__ = ["folders", "formulas"]

Value = bool | int
SYMBOLS: dict[str, Any] = {
    str(term): term
    for term in (
        number_symbol(SymbolKind.STATE, 0),
        number_symbol(SymbolKind.STATE, 1),
        truth(SymbolKind.FIRED, 0),
        truth(SymbolKind.FIRED, 1),
    )
}
NUMBERS, TRUTHS = list(SYMBOLS)[:2], list(SYMBOLS)[2:]


# One formula


def formula(random: Random, depth: int, number: bool) -> str:
    """A formula of the grammar."""
    if depth == 0 or random.random() < 0.2:
        return random.choice([*NUMBERS, "0", "1", "7", "12"] if number else [*TRUTHS, "true", "false"])

    def below(of_numbers: bool) -> str:
        return formula(random, depth - 1, of_numbers)

    if random.random() < 0.08:
        inner = formula(random, depth - 1, number)
        return f"(let ((a!1 {below(False)}) (a!2 {below(True)})) {random.choice([inner, inner, 'a!2' if number else 'a!1'])})"
    if random.random() < 0.1:
        return f"(ite {below(False)} {below(number)} {below(number)})"
    if number:
        operator = random.choice(["+", "+", "-", "*"])
        return (
            f"(* {random.choice(['2', '(- 3)'])} {below(True)})"
            if operator == "*"
            else f"({operator} {below(True)} {below(True)})"
        )
    operator = random.choice(["and", "or", "not", "=>", "=", "distinct", "<", "<=", ">", ">="])
    if operator == "not":
        return f"(not {below(False)})"
    of = operator[0] in "<>" or (operator in ("=", "distinct") and random.random() < 0.5)
    return f"({operator} {below(of)} {below(of)})"


ATTACKS = (
    ") (set-option :regular-output-channel \"stolen\") (echo \"x\"", "(set-option :memory_max_size 1", "(forall ((x Int)) (< x 0))", "(exists ((x Int)) true)", "|s0|", "(! true :named x)",
    "(as true Bool)", "(let ((s0 true)) s0)", "(let ((a!1 a!1)) a!1)", "(_ bv1 8)", "#b1", "1.0", "-1", "0.0", "01", "\"a\"", ":a", ";\n", "(", ")", "(((((", "a!0", "a!1", "(let () true)", "(and)", "(not)", "(- )",
    "(< 1 2 3)", "(= true 1)", "(ite true 1 false)", "(* s0 s0)", "(div 1 0)", "(mod 1 0)", "(select a 0)", "(xor true true)", "\u0661", "\u00a0", "\x00", "s0@+", "s00", "S0", "(true)", "(s0)", "9" * 101,
    "(" * 300, "(not " * 5_000 + "true" + ")" * 5_000, "(+ " + "1 " * 150_000 + ")", "(let ((a!1 (and f0 f1))) (let ((a!2 (and a!1 a!1))) (and a!2 a!2)))",
)  # fmt: skip
"""What stands in a formula of somebody who wants to be obeyed, or to be believed for the wrong thing."""


def formulas(random: Random) -> Outcome:
    """A formula, mostly spoilt; one that is read says for some values what a reading of our own says."""
    text = formula(random, random.randrange(6), number=False)
    if random.random() < 0.6:
        place = random.choice([0, len(text), *(one.start() for one in re.finditer(r"[\s()]", text))])
        text = text[:place] + " " + random.choice(ATTACKS) + " " + text[place + random.choice([0, 0, 1, 3]) :]
    values: dict[str, Value] = {
        name: random.random() < 0.5 if name in TRUTHS else random.randint(-3, 9) for name in SYMBOLS
    }
    try:
        wanted: Value | None = meaning(text, values)
    except (NotAFormula, RecursionError):
        wanted = None

    def run() -> None:
        term = read(text, SYMBOLS)
        known = [
            (SYMBOLS[name], z3.BoolVal(value) if value is True or value is False else z3.IntVal(value))
            for name, value in values.items()
        ]
        got = z3.simplify(z3.substitute(term, *known))
        assert wanted is None or z3.is_true(got) == wanted, f"it is {got} under {values}"

    outcome = judged(wanted is not None, run, (Unreadable,), text)
    is_small = len(text) < 2_000
    return Outcome(Ending.REFUSED) if outcome.ending is Ending.WRONGLY_REFUSED and not is_small else outcome


class NotAFormula(Exception):
    """A text that is none, for our own reading."""


def meaning(text: str, values: dict[str, Value]) -> Value:
    """Whether a formula is true under some values, by a reading of its own: brackets first, then from the outside in."""
    if len(text) > 200_000:
        raise NotAFormula
    tokens = re.findall(r"[()]|[^\s()]+", text, re.ASCII)
    tree, place = _tree(tokens, 0)
    if place != len(tokens):
        raise NotAFormula
    found = _meaning(tree, values, {})
    if type(found) is not bool:
        raise NotAFormula
    return found


def _tree(tokens: list[str], place: int) -> tuple[Any, int]:
    if place >= len(tokens) or tokens[place] == ")":
        raise NotAFormula
    if tokens[place] != "(":
        return tokens[place], place + 1
    items: list[Any] = []
    place += 1
    while place < len(tokens) and tokens[place] != ")":
        one, place = _tree(tokens, place)
        items.append(one)
    if place >= len(tokens):
        raise NotAFormula
    return items, place + 1


def _meaning(tree: Any, values: dict[str, Value], bound: dict[str, Value]) -> Value:
    if isinstance(tree, str):
        return _atom(tree, values, bound)
    if not tree or not isinstance(tree[0], str):
        raise NotAFormula
    if tree[0] == "let":
        if len(tree) != 3 or not isinstance(tree[1], list) or not tree[1]:
            raise NotAFormula
        made: dict[str, Value] = {}
        for pair in tree[1]:
            if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)):
                raise NotAFormula
            if not re.fullmatch(r"a![1-9][0-9]{0,8}", pair[0], re.ASCII) or pair[0] in made:
                raise NotAFormula
            made[pair[0]] = _meaning(pair[1], values, bound)
        return _meaning(tree[2], values, {**bound, **made})
    return _applied(tree[0], tree[1:], [_meaning(one, values, bound) for one in tree[1:]])


def _atom(token: str, values: dict[str, Value], bound: dict[str, Value]) -> Value:
    if token in ("true", "false"):
        return token == "true"
    if re.fullmatch(r"0|[1-9][0-9]{0,99}", token, re.ASCII):
        return int(token)
    if token in values:
        return values[token]
    if token not in bound:
        raise NotAFormula
    return bound[token]


def _applied(operator: str, trees: list[Any], given: list[Value]) -> Value:
    truths = [type(one) is bool for one in given]
    many = len(given)
    match operator:
        case "and" | "or" if many and all(truths):
            return all(given) if operator == "and" else any(given)
        case "not" if truths == [True]:
            return not given[0]
        case "=>" if truths == [True, True]:
            return not given[0] or bool(given[1])
        case "=" | "distinct" if many == 2 and truths[0] == truths[1]:
            return (given[0] == given[1]) == (operator == "=")
        case "ite" if many == 3 and truths[0] and truths[1] == truths[2]:
            return given[1] if given[0] else given[2]
        case "<" | "<=" | ">" | ">=" if truths == [False, False]:
            left, right = given
            return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[operator]
        case "+" if many and not any(truths):
            return sum(given)
        case "-" if many and not any(truths):
            return given[0] - sum(given[1:]) if many > 1 else -given[0]
        case "*" if many > 1 and not any(truths) and sum(_varies(one) for one in trees) <= 1:
            product = 1
            for one in given:
                product *= one
            return product
    raise NotAFormula


def _varies(tree: Any) -> bool:
    """Whether a term has a symbol or a name in it, so that it may be no constant."""
    return any(map(_varies, tree[1:])) if isinstance(tree, list) else not tree.isdigit()


# A folder


@event
class Up:
    """Counts."""


run_ = State("run")
coins = integer("coins", 0, 9)


def counter(step: int) -> Machine:
    """Counts by one or two: only by two it is never one and never five."""
    return Machine(
        "counter",
        (run_,),
        run_,
        (run_.on(Up).when(coins <= 9 - step).stay().set(coins, coins + step),),
        (coins,),
        (always("never five", coins != 5), always("never one", coins != 1)),
    )


TRUE, FALSE = counter(2), counter(1)


Files = dict[str, bytes]


@cache
def around() -> tempfile.TemporaryDirectory[str]:
    """Where folders are made."""
    return tempfile.TemporaryDirectory(prefix="hostile-")


def written(name: str, *reports: Report) -> Files:
    """The files of a certificate."""
    folder = Path(around().name) / name
    write_certificates(folder, None, reports)
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


@cache
def forged() -> tuple[Files, Files]:
    """Two certificates of the false counter: the true one's beside the false declaration, and one written anew with the true one's evidence."""
    true, false = verify(TRUE), verify(FALSE)
    believed = zip(true.verdicts, false.verdicts, strict=True)
    anew = attrs.evolve(false, verdicts=tuple(attrs.evolve(one, claim=made.claim) for one, made in believed))
    beside = written("true", true) | {"machine-0/declaration.json": write(FALSE).encode()}
    return beside, written("anew", anew)


@cache
def are_false() -> bool:
    """A walk through the false counter breaks every claim of it."""
    engine = compile(FALSE)
    here, met = engine.start(0), set()
    for _ in range(9):
        met.add(here["counter"].variables["coins"])
        here = engine.step(here, Up(), 0).after
    return {1, 5} <= met


def folders(random: Random) -> Outcome:
    """A forged certificate of the false counter, spoilt here and there: none of its claims may be confirmed, nothing written elsewhere."""
    assert are_false()
    folder = Path(around().name) / "forged"
    shutil.rmtree(folder, ignore_errors=True)
    given = dict(random.choice(forged()))
    for _ in range(random.choice([0, 1, 1, 2, 4])):
        _spoil(given, random)
    for name, text in given.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    _linked(folder, random)
    left = listing(folder)

    def run() -> None:
        for one in checker.folders_in(folder):
            digest, outcomes = checker.check_folder(one, InProcess())
            of_it = (
                digest == sha256(write(FALSE).encode()).hexdigest()
            )  # of a declaration that is spoilt too nothing is known
            confirmed.append(
                of_it and any(not one.why for (section, _), one in outcomes.items() if section != "definition")
            )

    confirmed: list[bool] = []
    outcome = judged(True, run, (Malformed, OSError), sorted(given))
    if outcome.ending is Ending.UNDOCUMENTED:
        return outcome
    wrong = any(confirmed) or listing(folder) != left or len(os.listdir(around().name)) > 3
    return Outcome(Ending.WRONGLY_ACCEPTED, f"{sorted(given)}") if wrong else Outcome(Ending.REFUSED)


def listing(folder: Path) -> list[tuple[str, int]]:
    """What stands in a folder, and how long it is."""
    return [(one.as_posix(), one.lstat().st_size) for one in sorted(folder.rglob("*"))]


def _spoil(files: dict[str, bytes], random: Random) -> None:
    """One change: in the JSON, or among the files."""
    name = random.choice(sorted(files))
    what = random.randrange(7)
    if name.endswith(".json") and what <= 3 and (tree := _tree_of(files[name])) is not None:
        files[name] = json.dumps(changed(tree, random), indent=1).encode() + b"\n"
    elif what == 0:
        files[name] = files[name].replace(b"claim 0", b"claim 1")
    elif what == 1:
        files[name] = files[name].replace(b"claim 1", b"claim 0", 1)
    elif what == 2:
        place = random.randrange(len(files[name]) + 1)
        files[name] = (
            files[name][:place] + random.choice([b"\xff", b"\x00", b"; ", b"(exit)", b""]) + files[name][place + 1 :]
        )
    elif what == 3:
        del files[name]
    elif what == 4:
        files[
            random.choice(["more.smt2", "machine-1/x", "machine-0/run", "machine-0/.hidden", "machine-0/a b\n", "con"])
        ] = files[name]
    elif what == 5:
        files[name] = random.choice([b"", b"{}", b"[]", b"null", b"[" * 10_000, b"9" * 5_000, files[name] * 2])
    else:
        files[name] = files[name].replace(
            b'"proved"', random.choice([b'"refuted"', b'"unknown"', b"true", b'"proved"'])
        )


def _tree_of(text: bytes) -> Any:
    """What a file says that was not spoilt before."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _linked(folder: Path, random: Random) -> None:
    """Now and then a link, a pipe or a folder stands where a file should."""
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    what = random.randrange(12)
    if what > 3 or not files:
        return
    path = random.choice(files)
    path.unlink()
    if what == 0:
        path.symlink_to("/dev/zero")
    elif what == 1:
        os.mkfifo(path)
    elif what == 2:
        path.mkdir()
    else:
        path.symlink_to(path.parent)
