"""Whether keys are of a type that has more values than instances in any claim. Standard library only.

Keys are compared with each other and nothing else, and proofs, runs and enumerations take one that nobody has yet. Of truth values,
None and literals there are few, so a claim about two instances may be about what there cannot be.
"""

from __future__ import annotations

from typing import Any

from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.shapes import Malformed

__all__ = ["with_endless_keys"]

Json = Any
FEW = ("bool", "NoneType")
"""Classes that have few values; those of an author's are known by their names alone."""


def with_endless_keys(declaration: Declaration) -> Declaration:
    """The declaration, no wire of which names instances by a field that takes few values.

    Raises:
        Malformed: one does.
    """
    table, endless = declaration.json["expressions"], _endless(declaration.json["types"])
    keys = {move["key"] for wire in declaration.wires for move in wire["moves"] if move["key"] is not None}
    for place in sorted(keys):
        if "field" in table[place]:
            event, field = table[place]["field"]
            row = declaration.json["events"][event]["fields"][field]
            domain = row["domain"]
            if "opaque" not in domain or not endless[domain["opaque"]]:
                raise Malformed(
                    f"events[{event}].fields[{field}]: names instances, and is of a type that has few values"
                )
    return declaration


def _endless(types: list[Json]) -> list[bool]:
    """Of each type whether it has any number of values. It speaks of types above it alone; a row that says nothing has none."""
    made: list[bool] = []
    for row in types:
        [(name, said)] = row.items() if type(row) is dict and len(row) == 1 else [("", None)]
        made.append(name == "other" or (type(said) is list and said != [] and _is_endless(name, said, made)))
    return made


def _is_endless(name: str, said: list[Json], above: list[bool]) -> bool:
    """The same of a type that is made of others, or has a name."""
    if name == "class":
        return said[-1] not in FEW
    of = {"new": said[-1:], "union": said, "generic": said[-1]}.get(name)
    inside = of if type(of) is list else []
    if name == "generic" and "..." in inside:
        return True
    return any(above[one] for one in inside if type(one) is int and 0 <= one < len(above))
