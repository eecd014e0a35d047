"""Named values of parameters: versions of the business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from fsm.language.expressions import Param
from fsm.language.parameters import Profile

__all__ = ["NamedProfile"]


def _unchanging(values: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(values))


@attrs.frozen
class NamedProfile:
    """Values that some parameters have in one version of the business; the others are left to whoever configures it.

    Attributes:
        name: what the command calls it.
        values: by parameter.
        since: the date from which it held, as ISO 8601, the month alone (`2021-07`) where no more is known; empty when nothing is.
        doc: what it is, a few words.
    """

    name: str
    values: Mapping[str, Any] = attrs.field(converter=_unchanging)
    since: str = ""
    doc: str = ""

    def later(
        self, name: str, values: Mapping[str, Any], *, free: Iterable[str] = (), since: str = "", doc: str = ""
    ) -> NamedProfile:
        """The next version: with these values besides, and those named in `free` left open again."""
        kept = {param: value for param, value in self.values.items() if param not in set(free)}
        return NamedProfile(name, {**kept, **values}, since, doc)

    def within(self, params: Iterable[Param[Any]]) -> NamedProfile:
        """The same profile of these parameters alone."""
        names = {param.name for param in params}
        return NamedProfile(
            self.name, {name: value for name, value in self.values.items() if name in names}, self.since, self.doc
        )

    def allows(self, profile: Profile) -> bool:
        """Whether whoever configures this version may choose these values."""
        return all(profile.get(name, value) == value for name, value in self.values.items())
