"""The machines and systems that stand in the files of a folder, found by reading: nothing is imported, so nothing runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

__all__ = ["declared_in", "machines_here"]

KINDS = frozenset({"Machine", "System"})
LARGEST = 1_000_000
"""Bytes of a file that is read; a declaration is no larger."""
MOST = 20


def machines_here(folder: Path) -> str:
    """What can be named in this folder, as an end of the message that no TARGET was."""
    found = [f"{file.name}:{name}" for file in sorted(folder.glob("*.py")) for name in declared_in(file)]
    if not found:
        return "No file *.py of this folder declares a machine or system."
    more = f"\n  and {len(found) - MOST} more" if len(found) > MOST else ""
    return "Declared in this folder:\n  " + "\n  ".join(found[:MOST]) + more


def declared_in(file: Path) -> list[str]:
    """The names to which a file assigns a `Machine(...)` or `System(...)`, in order; none of a file that is no Python."""
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return []
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    called = _names_of_kinds(tree)
    return [name for node in tree.body for name, value in _assigned(node) if _makes(value, called)]


def _names_of_kinds(tree: ast.Module) -> frozenset[str]:
    """What `Machine` and `System` are called in this file."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return KINDS | {alias.asname for node in imports for alias in node.names if alias.asname and alias.name in KINDS}


def _assigned(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value


def _makes(value: ast.expr, called: frozenset[str]) -> bool:
    match value:
        case ast.Call(func=ast.Name(id=name)):
            return name in called
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in KINDS
        case _:
            return False
