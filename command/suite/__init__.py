"""Claims as items of a run of pytest.

plugin      what pytest calls; registered by `pytest_verified_fsm` where a project has a `[tool.fsm]`
items       files, subjects and claims as pytest collects them
claims      which claims there are, read from the declarations alone
implementations    a derived test of somebody's own code
deciding    the process in which they are decided, when pytest runs the first of them
"""

from __future__ import annotations

__all__: list[str] = []
