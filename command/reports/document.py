"""The JSON of `fsm verify --json`, described by `schema.json`; files are named as from this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from fsm.command.project.discovery import relative

if TYPE_CHECKING:
    from fsm.verification.report import Section

__all__ = ["document", "schema"]


def document(sections: Sequence[Section]) -> dict[str, Any]:
    """The document of these sections."""
    from fsm.verification.report import to_plain

    plain = to_plain(sections)
    return plain | {"reports": [_report(one) for one in plain["reports"]]}


def schema() -> dict[str, Any]:
    """The JSON Schema of the document."""
    text = files("fsm.command.reports").joinpath("schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def _report(plain: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: [_placed(one) for one in plain[name]] for name in ("definition", "properties")}
    return {**_placed(plain), **lists}


def _placed(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {**plain, "file": None if plain["file"] is None else relative(plain["file"])}
