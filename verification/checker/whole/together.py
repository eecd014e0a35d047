"""Whether the certificates of a folder leave nothing out between them: what a system's machines claim is shown where their own certificates are.

A machine stands in the form of its system and in its own, in other rows. It is the same where both say the same of it, which is compared
by digests that no row's place is in. Standard library only.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fsm.verification.checker.declaration import Declaration
from fsm.verification.checker.evidence import Version
from fsm.verification.checker.proofs.questions import Outcome
from fsm.verification.checker.whole.completeness import Key

__all__ = ["Handed", "left_out"]

Json = Any
Spec = Any
"""Where in a row other rows are named: a table by its name, a list of one, a tuple by place, a dictionary by key (None for what stands bare)."""
PLAIN = {"member": ("enumerations",), "value": "values"}
DOMAIN = {"enumeration": "enumerations", "opaque": "types"}
RECORD = {"fields": [{"domain": DOMAIN, "default": PLAIN}]}
PLAINS, ONE, TWO, SEVERAL = [PLAIN], "expressions", ("expressions", "expressions"), ["expressions"]
TABLES: dict[str, Spec] = {
    "enumerations": None,
    "types": {"union": ["types"], "generic": ("types", ["types"]), "new": (None, None, "types"), "literal": PLAINS},
    "values": dict.fromkeys(("tuple", "list", "set", "frozenset"), PLAINS) | {
        "mapping": [PLAINS], "record": ("types", [(None, PLAIN)]), "instance": ("types", PLAIN), "other": ("types",),
    },
    "functions": (None, None, "types"), "events": RECORD, "effects": RECORD,
    "parameters": {"domain": DOMAIN, "default": PLAIN},
    "kinds": {"variables": [{"domain": DOMAIN, "initial": PLAIN}]},
    "expressions": {
        **dict.fromkeys(("not", "before", "after"), ONE), **dict.fromkeys(("and", "or", "choose"), SEVERAL),
        **dict.fromkeys(("implies", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*"), TWO),
        "named": (None, ONE), "applied": ("functions", SEVERAL), "count": (None, ONE), "for_each": (None, ONE),
        "constant": PLAIN, "parameter": "parameters", "field": ("events",), "happens": ["events"], "emitted": "effects",
        "variable": ("kinds",), "inside": ("kinds",), "elapsed": "kinds",
    },
}  # fmt: skip
"""In the order in which they name each other; a kind is what formulas can read of a machine: its states and variables."""
MACHINE = {
    "variables": TABLES["kinds"]["variables"], "assumptions": [{"that": ONE}],
    "profiles": [{"values": [(None, PLAIN)]}],
    "properties": [{"premise": ONE, "formula": ONE, "duration": ONE, "fair": [{None: "events", "event": "events"}]}],
    "transitions": [{
        "event": "events", "after": ONE, "guard": ONE, "meant": ONE, "updates": [(None, ONE)],
        "effects": [{"effect": "effects", "fields": SEVERAL}],
    }],
}  # fmt: skip


@dataclass(frozen=True)
class Handed:
    """One certificate of several that are handed over together."""

    declaration: Declaration
    version: Version


def left_out(one: Handed, others: Sequence[Handed]) -> dict[Key, Outcome]:
    """What the machines of a system claim, where no certificate beside it is theirs; each by its machine and its place there."""
    if one.declaration.alone:
        return {}
    alone = [other for other in others if other.declaration.alone]
    shown = {_machine(other.declaration, 0) for other in alone if _is_of_version(other, one)}
    names = {other.declaration.json["machines"][0]["name"] for other in alone}
    made: dict[Key, Outcome] = {}
    for place in sorted({part["machine"] for part in one.declaration.parts}):
        machine = one.declaration.json["machines"][place]
        if _machine(one.declaration, place) not in shown:
            claims = [f"claim {number}" for number in range(len(machine["properties"]))]
            named = claims or (["what it is"] if machine["name"] in names else [])
            made |= {(f"machine {place}", name): Outcome(LEFT_OUT, True) for name in named}
    return made


LEFT_OUT = "no certificate of the folder is of this very machine, in this version"


def _is_of_version(machine: Handed, system: Handed) -> bool:
    """Whether a machine's certificate speaks of the version that its system's does; any version of its own, where it has not that one."""
    asked, same = system.version.profile, machine.version.profile == system.version.profile
    own = [one["name"] for one in machine.declaration.profiles]
    if own:
        return same or asked not in own
    return same and _values(machine).items() <= _values(system).items()


def _values(one: Handed) -> dict[str, int]:
    """The values of parameters that a certificate speaks of, by what the parameters are."""
    said = _tables(one.declaration)["parameters"]
    return {said[place]: value for place, value in one.version.values if 0 <= place < len(said)}


def _tables(declaration: Declaration) -> dict[str, list[str]]:
    """Of each table what its rows say."""
    known: dict[str, list[str]] = declaration.remembered.setdefault("said", {})
    if not known:
        kinds = [{name: one[name] for name in ("states", "variables")} for one in declaration.json["machines"]]
        for name, spec in TABLES.items():
            known[name] = []
            for row in kinds if name == "kinds" else declaration.json[name]:
                known[name].append(_digest(_said(row, spec, known)))
    return known


def _machine(declaration: Declaration, place: int) -> str:
    """What a machine says; in its profiles parameters by their names, since it reads but some of those of its system."""
    names = {place: one["name"] for place, one in enumerate(declaration.json["parameters"])}
    machine = declaration.json["machines"][place]
    profiles = [
        one
        | {
            "values": [
                [names.get(param, param) if type(param) is int else param, value] for param, value in one["values"]
            ]
        }
        for one in machine["profiles"]
    ]
    return _digest(_said(machine | {"profiles": profiles}, MACHINE, _tables(declaration)))


def _said(value: Json, spec: Spec, known: Mapping[str, list[str]]) -> Json:
    """A value with what rows say in the place of where they stand. What is no such place is marked too, so that no text passes for a row."""
    if type(spec) is str:
        rows = known[spec]
        return ["row", rows[value]] if type(value) is int and 0 <= value < len(rows) else ["no row", value]
    if type(spec) is dict and type(value) is dict:
        return {key: _said(inner, spec.get(key), known) for key, inner in value.items()}
    if type(spec) is dict:
        return _said(value, spec.get(None), known)
    if type(spec) in (list, tuple) and type(value) is list:
        specs = spec * len(value) if type(spec) is list else (*spec, *(None for _ in value))
        return [_said(inner, of, known) for inner, of in zip(value, specs, strict=False)]
    return value


def _digest(said: Json) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
