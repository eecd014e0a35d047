"""What pytest calls where a project has a `[tool.fsm]`: its claims are items of the run.

Where pytest is told no path, the files of all targets are collected beside its own `testpaths`; where it is told some, those among
them. Nothing is decided before the first claim is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from fsm.command.invocation.endings import WrongUsage
from fsm.command.project.configuration import Configuration
from fsm.command.project.discovery import absolute
from fsm.command.project.expectations import check_known
from fsm.command.prove import ProofOrder
from fsm.command.suite.claims import Subject, subjects
from fsm.command.suite.deciding import Deciding
from fsm.command.suite.items import DECIDING, PROJECT, ClaimItem, ModelFile

__all__ = ["Claims"]

WHOLE = "verified-fsm-whole"
MARKER = "fsm: claims of machines and systems, and the checks of their definitions"


class Claims:
    """The plugin, for one run."""

    def __init__(self, config: pytest.Config, project: Configuration) -> None:
        self.config, self.project = config, project
        self.parallel = hasattr(config, "workerinput")
        self.whole = getattr(config, "workerinput", {}).get(WHOLE, False)
        self.collected: set[Path] = set()
        self.items: list[ClaimItem] = []
        config.addinivalue_line("markers", MARKER)

    @cached_property
    def by_file(self) -> dict[Path, list[Subject]]:
        """What there is to prove, by the file that declares it; what is known of no claim is refused, whoever runs which part."""
        try:
            found = subjects(self.project)
            there = [(one.target.name, claim.sentence) for one in found for claim in one.claims]
            check_known(self.project.unknown, there)
        except WrongUsage as wrong:
            raise pytest.UsageError(f"fsm: {wrong.format_message()}") from wrong
        files: dict[Path, list[Subject]] = {}
        for one in found:
            files.setdefault(one.file.resolve(), []).append(one)
        return files

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Have the files of all targets collected, unless it is said what to collect."""
        self.config.stash[DECIDING] = Deciding(self._order(), self._together)
        self.config.stash[PROJECT] = self.project
        if not self.parallel:
            self.whole = bool(self.by_file) and not self._is_told_paths()
        if self.whole and not self.parallel:
            self.config.args += [str(file) for file in self.by_file if str(file) not in self.config.args]

    def _is_told_paths(self) -> bool:
        """Whether somebody asks for these files; a path in `addopts` is of every run, like `testpaths`, and leaves no claim out."""
        asked = map(str, self.config.invocation_params.args)
        return self.config.args_source is pytest.Config.ArgsSource.ARGS and bool(set(self.config.args) & set(asked))

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> ModelFile | None:
        found = self.by_file.get(file_path.resolve())
        self.collected.add(file_path.resolve())
        return None if found is None else ModelFile.of(parent, file_path, found)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """A model file is no test because it was named; one that is called as tests are is both."""
        patterns = self.config.getini("python_files")
        if module_path.resolve() not in self.by_file or any(module_path.match(pattern) for pattern in patterns):
            return None
        return ModelFile.of(parent, module_path, [])

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a process of pytest-xdist's whether all claims are run."""
        node.workerinput[WHOLE] = self.whole

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Claims of files that are ignored as tests are claims all the same: the configuration names them."""
        for file, found in self.by_file.items() if self.whole else ():
            if file not in self.collected:
                items += session.genitems(ModelFile.of(session, file, found))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Know what will be run."""
        self.items = [one for one in session.items if isinstance(one, ClaimItem)]

    def pytest_sessionfinish(self) -> None:
        """End the process in which claims are decided."""
        if DECIDING in self.config.stash:
            self.config.stash[DECIDING].end()

    def _together(self, place: tuple[int, int]) -> Sequence[tuple[int, int]]:
        """All claims that are run here, in one go; where others share the run, nobody knows which these are."""
        return [place] if self.parallel else [one.place for one in self.items]

    def _order(self) -> ProofOrder:
        """What is proved, as it can be sent to another process."""
        project = self.project
        names = tuple(absolute(name) for name in project.targets)
        settings: dict[str, Any] = {"profile": project.profile, "timeout": project.timeout, "values": project.values}
        return ProofOrder(names, **settings)
