"""An invariant that a solver found: a formula over places of the declaration, read here and never handed on as text. Standard library only.

    formula = true | false | NUMBER | SYMBOL | NAME | (OPERATOR formula ...) | (let ((NAME formula) ...) formula)

A symbol is a letter and places: q parameter, s state of a part with one instance, v its variable, t whether its timer has fired, n how many of a
part are in a cell. Only these words, numbers and symbols of ours come out of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fsm.verification.checker.cells import CannotSay
from fsm.verification.checker.lemma import Lemma
from fsm.verification.checker.meaning import Situation, known
from fsm.verification.checker.proofs.lemmas import readable, whose
from fsm.verification.checker.proofs.ranks import cell_place
from fsm.verification.checker.terms import conj, disj, equal, negation, number

__all__ = ["lemma_found", "lemma_met"]

LONGEST = 200_000
DEEPEST = 100
OPERATORS = ("and", "or", "not", "=>", "ite", "=", "distinct", "<", "<=", ">", ">=", "+", "-", "*")
TRUTHS = ("and", "or", "not", "=>", "=", "distinct", "<", "<=", ">", ">=")
TOKEN = re.compile(r"[()]|[^\s()]+", re.ASCII)
SYMBOL = re.compile(r"([qsvtn])([0-9]{1,6}(?:\.[0-9]{1,6})*)", re.ASCII)
Tree = Any


def lemma_found(name: str, text: str) -> Lemma:
    """The formula as a lemma.

    Raises:
        CannotSay: it is none.
    """
    if len(text) > LONGEST:
        raise CannotSay("the invariant is too long")
    tree = _tree(TOKEN.findall(text))
    return Lemma(f"found {name}", lambda situation: _said(tree, {}, replace(situation, untimed=True))[1])


def lemma_met(symbol: str, values: Sequence[int]) -> Lemma:
    """That what a symbol stands for has no other value than these; that nobody is in a cell, where it is 0 alone."""

    def say(situation: Situation) -> str:
        sort, term = _atom(symbol, situation)
        if sort == "Bool":
            return disj(term if value else negation(term) for value in values)
        return disj(equal(term, number(value)) for value in values)

    return Lemma(f"met {symbol} {values}", say)


def _tree(tokens: list[str]) -> Tree:
    """Brackets as lists."""
    open_: list[list[Tree]] = [[]]
    for token in tokens:
        if token == "(":
            open_.append([])
        elif token == ")" and len(open_) > 1:
            closed = open_.pop()
            open_[-1].append(closed)
        else:
            open_[-1].append(token)
        if len(open_) > DEEPEST:
            raise CannotSay("the invariant is nested too deep")
    if len(open_) != 1 or len(open_[0]) != 1:
        raise CannotSay("the invariant is not one formula")
    return open_[0][0]


def _said(tree: Tree, names: dict[str, tuple[str, str]], situation: Situation) -> tuple[str, str]:
    """Sort and term."""
    if isinstance(tree, str):
        return names[tree] if tree in names else _atom(tree, situation)
    if len(tree) == 3 and tree[0] == "let" and isinstance(tree[1], list):
        bound = dict(names)
        for pair in tree[1]:
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str):
                raise CannotSay("the invariant binds no name")
            sort, term = _said(pair[1], names, situation)
            bound[pair[0]] = sort, situation.script.define(sort, term)
        return _said(tree[2], bound, situation)
    if len(tree) < 2 or not isinstance(tree[0], str) or tree[0] not in OPERATORS:
        raise CannotSay("the invariant has a word that is no operator")
    operands = [_said(one, names, situation) for one in tree[1:]]
    sort = "Bool" if tree[0] in TRUTHS else operands[-1][0]
    return sort, f"({tree[0]} {' '.join(term for _, term in operands)})"


def _atom(token: str, situation: Situation) -> tuple[str, str]:
    if token in ("true", "false"):
        return "Bool", token
    if token.isascii() and token.isdigit() and len(token) < 100:
        return "Int", str(int(token))
    written = SYMBOL.fullmatch(token)
    if written is None:
        raise CannotSay("the invariant has a word that is no symbol")
    kind, places = written[1], tuple(map(int, written[2].split(".")))
    try:
        return _symbol(kind, places, situation)
    except (LookupError, ValueError):
        raise CannotSay("the invariant speaks of a place that there is not") from None


def _symbol(kind: str, places: tuple[int, ...], situation: Situation) -> tuple[str, str]:
    declaration, moment = situation.declaration, situation.before
    if kind == "q":
        (place,) = places
        boolean = declaration.json["parameters"][place]["domain"] == "boolean"
        return "Bool" if boolean else "Int", situation.params[place]
    if kind == "n":
        counted = moment.counted[places[0]]
        return "Int", next(
            (counted[cell] for cell in counted if cell_place(declaration, places[0], cell) == places[1:]), "0"
        )
    one, machine = moment.only[places[0]], declaration.machine(places[0])
    if kind == "s":
        (_,) = places
        return "Int", one.state
    _, place = places
    if kind == "v":
        variable = readable(machine)[place]
        boolean = machine["variables"][variable]["domain"] == "boolean"
        return "Bool" if boolean else "Int", known(one.values[variable])
    timers = [(state, whose(machine, state, place)) for state in range(len(machine["states"]))]
    fired = [(state, timer.mark) for state, timer in timers if timer is not None and timer.mark is not None]
    return "Bool", disj(conj([equal(one.state, str(state)), one.marks[mark]]) for state, mark in fired)
