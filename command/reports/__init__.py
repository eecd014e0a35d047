"""What `fsm verify` and `fsm diff` say, in the forms that other programs read.

document        JSON, described by `schema.json`
junit           a test case for each claim, for whoever shows test results
sarif           what is not well, at the claim's own line, for whoever shows findings beside the code
markdown        a page, for the summary of a job
changes         what `fsm diff` found: text, Markdown, and JSON described by `changes.schema.json`
"""

from __future__ import annotations

__all__: list[str] = []
