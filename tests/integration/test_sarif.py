"""A SARIF file by the official schema of version 2.1.0, which a package of npm's holds."""

from __future__ import annotations

import json

from jsonschema import validate

from fsm.command.reports.sarif import sarif
from fsm.verification.report import KINDS
from tests.command.test_reports import section

from .conftest import NPM

SCHEMAS = NPM / "@microsoft" / "jest-sarif" / "lib" / "schemas"


def test_every_kind_of_finding_is_as_the_official_schema_says() -> None:
    """Places outside this folder, suppressions and odd texts included."""
    (file,) = SCHEMAS.glob("sarif-2.1.0*.json")

    validate(
        json.loads(sarif([section(*KINDS), section("refuted", sentence="\x1b ü \ud800")])),
        json.loads(file.read_text(encoding="utf-8")),
    )
