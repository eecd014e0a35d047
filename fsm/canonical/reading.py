"""A declaration read back from its canonical form, distrusted: equal to the one that was written, or refused with the path of what is wrong.

Whatever is read is written again and must come out the same, so there is one text for a declaration:
no spare row, no other order, no name that Python would change. Cost grows with the length of the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

from fsm.canonical.carried_reading import CarriedReader
from fsm.canonical.cursor import Cursor, Sizes
from fsm.canonical.formulas_reading import FormulaReader
from fsm.canonical.machines_reading import MachineReader
from fsm.canonical.systems_reading import SystemReader
from fsm.canonical.tables import Row
from fsm.canonical.writing import FORM, VERSION, document
from fsm.errors import BadDeclaration, BadInput
from fsm.language.machine import Machine
from fsm.language.system import System
from fsm.strict_json import Limits, parse

__all__ = ["Sizes", "read", "read_document"]

NOTHING: Mapping[str, Any] = MappingProxyType({})
SIZES = Sizes()


def read(
    text: str | bytes,
    *,
    functions: Mapping[str, Callable[..., Any]] = NOTHING,
    types: Mapping[str, Any] = NOTHING,
    enumerations: Iterable[type[Enum]] = (),
    records: Iterable[type] = (),
    stand_ins: bool = False,
    sizes: Sizes = SIZES,
) -> Machine | System:
    """The declaration that a text says.

    Events and effects are classes of their own, found in the machines that are read; so are enumerations that are not handed in.

    Args:
        text: what `write` wrote, however it is laid out.
        functions: what `applied` applies, by full name (`package.module:name`); nothing is imported.
        types: classes of carried data, by full name. For one that is not here any value is taken.
        enumerations: classes to be used for those of the same name with the same members.
        records: classes of events and effects to be used for those of the same name with the same fields and doc.
        stand_ins: accept that functions are missing; where one is called, BadInput is raised.
        sizes: how much is read.

    Raises:
        BadInput: `text` is neither str nor bytes.
        BadDeclaration: it is no declaration in this form and version; with the path of what is wrong.
    """
    try:
        tree = parse(text, Limits(characters=sizes.characters))
    except BadInput as refused:
        if refused.where == "text":
            raise
        raise BadDeclaration(refused.where, refused.what, refused.instead) from refused
    return read_document(
        tree,
        functions=functions,
        types=types,
        enumerations=enumerations,
        records=records,
        stand_ins=stand_ins,
        sizes=sizes,
    )


def read_document(
    tree: Any,
    *,
    functions: Mapping[str, Callable[..., Any]] = NOTHING,
    types: Mapping[str, Any] = NOTHING,
    enumerations: Iterable[type[Enum]] = (),
    records: Iterable[type] = (),
    stand_ins: bool = False,
    sizes: Sizes = SIZES,
) -> Machine | System:
    """The same, of JSON that was parsed: dicts, lists, strings, numbers, truth values and None.

    Raises:
        BadDeclaration: it is no declaration in this form and version; with the path of what is wrong.
    """
    whole = Cursor(tree, sizes=sizes)
    _check_head(whole)
    known = {(one.__name__, *(member.name for member in one)): one for one in enumerations}
    declaration = _declaration(whole, FormulaReader(CarriedReader(types, known), functions, stand_ins, tuple(records)))
    _check_same(whole, document(declaration))
    return declaration


def _check_head(whole: Cursor) -> None:
    """Another version has other fields, so it is told first."""
    if not isinstance(whole.value, dict):
        raise whole.fault("is no object")
    for name, wanted in (("form", FORM), ("version", VERSION)):
        given = Cursor(whole.value.get(name), whole, name)
        if name not in whole.value:
            raise given.fault("is missing")
        if given.value.__class__ is not wanted.__class__ or given.value != wanted:
            raise given.fault(f"is not {wanted!r}", "Read it with the release that wrote it, or write it again.")


def _check_same(whole: Cursor, again: Row) -> None:
    """Raise BadDeclaration where what was read would be written otherwise."""
    at, other = whole, again
    differs = _text(at.value) != _text(other)
    while differs:
        pairs = ((one, two) for one, two in _below(at, other) if _text(one.value) != _text(two))
        inside = next(pairs, None)
        if inside is None:
            instead = "Rows stand once, in the order in which they are met."
            raise at.fault("is not how this declaration is written", instead)
        at, other = inside


def _text(tree: Row) -> str:
    """Equal for equal JSON, in whatever order the fields of its objects stand; True is not 1, nor is 1.0."""
    return json.dumps(tree, sort_keys=True)


def _below(at: Cursor, other: Row) -> Iterator[tuple[Cursor, Row]]:
    """What stands directly in one document, with what stands there in the other."""
    given = at.value
    if isinstance(given, dict) and isinstance(other, dict):
        yield from ((Cursor(given[name], at, name), other[name]) for name in given if name in other)
    if isinstance(given, list) and isinstance(other, list):
        pairs = enumerate(zip(given, other, strict=False))
        yield from ((Cursor(one, at, place), two) for place, (one, two) in pairs)


def _declaration(whole: Cursor, formulas: FormulaReader) -> Machine | System:
    """The whole, table by table: each names those before it, but formulas and machines, which name each other."""
    carried, machines = formulas.carried, MachineReader(formulas)
    tables: dict[str, tuple[list[Any], Callable[[Cursor], Any]]] = {
        "enumerations": (carried.enumerations, carried.enumeration),
        "types": (carried.types, carried.type),
        "values": (carried.values, carried.value),
        "functions": (formulas.functions, formulas.function),
        "events": (formulas.events, formulas.event),
        "effects": (formulas.effects, formulas.effect),
        "parameters": (formulas.parameters, machines.parameter),
    }
    at = whole.named("form", "version", *tables, "expressions", "machines", "system")
    for table, (rows, reader) in tables.items():
        for row in at[table].items():
            rows.append(reader(row))
    expressions = at["expressions"].nodes()
    heads = [machines.head(row) for row in at["machines"].items(least=1)]
    formulas.read(expressions)
    made = [machines.machine(owner, row) for owner, row in enumerate(heads)]
    if at["system"].optional() is not None:
        return SystemReader(machines, made).system(at["system"], expressions)
    formulas.finish(expressions)
    if len(made) > 1:
        raise at["machines"].fault("are several, and no system says how they move together")
    return made[0]
