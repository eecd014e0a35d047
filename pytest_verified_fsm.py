"""A plugin of pytest's: where a project has a `[tool.fsm]`, its claims are items of the run; elsewhere this is all that is loaded.

It stands outside the package so that nothing of that is imported where nobody asked for it: not its time, and not its
lines before somebody measures their coverage.
"""

from __future__ import annotations

import tomllib

import pytest

__all__ = ["pytest_configure"]


def pytest_configure(config: pytest.Config) -> None:
    """Register the claims of the project around the root of this run, if it has any."""
    for folder in (config.rootpath, *config.rootpath.parents):
        file = folder / "pyproject.toml"
        if file.is_file() and b"fsm" in (content := file.read_bytes()):
            try:
                table = tomllib.loads(content.decode()).get("tool", {})
            except (ValueError, RecursionError):
                return  # pytest reads this file too, and says what is wrong
            if isinstance(table, dict) and "fsm" in table:
                _register(config)
                return


def _register(config: pytest.Config) -> None:
    from fsm.command.invocation.endings import WrongUsage
    from fsm.command.project.configuration import configuration
    from fsm.command.suite.plugin import Claims

    try:
        project = configuration(config.rootpath)
    except WrongUsage as wrong:
        raise pytest.UsageError(f"fsm: {wrong.format_message()}") from wrong
    if project.targets:
        config.pluginmanager.register(Claims(config, project), "verified-fsm-claims")
