"""What is proved and tested where nobody says more, and what of that is less than it was.

A configuration weakens claims without touching them: a parameter is fixed, a claim is called open, code is tested no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from fsm.command.invocation.versions import versions_of
from fsm.command.project.comparing import BREAKING_BY_DEFAULT
from fsm.command.project.configuration import Configuration
from fsm.command.prove import ProofOrder, version_in
from fsm.language.composition import as_system
from fsm.language.machine import Machine
from fsm.language.printing import value_in_words
from fsm.language.system import System

__all__ = ["Scope", "narrowed", "scope_of"]

USUAL = 100
"""So many runs are drawn where nobody says how many: what Hypothesis does unless it is told otherwise."""


@attrs.frozen
class Scope:
    """What is proved and tested.

    Attributes:
        values: of each target, each parameter with the value that it is proved for, in words; None for every value.
        unknown: claims that are known to be open, each after whose it is.
        examples: of what has implementations, how many runs are drawn against each, most first.
        functions: of each target, what each function does that it applies to carried data.
        catalogue: whether there are requirements.
        breaking: what `fsm diff` fails on.
    """

    values: Mapping[str, Mapping[str, str | None]]
    unknown: tuple[tuple[str | None, str], ...] = ()
    examples: Mapping[str, Sequence[int]] = attrs.field(factory=dict)
    functions: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    catalogue: bool = False
    breaking: tuple[str, ...] = BREAKING_BY_DEFAULT

    def to_plain(self) -> dict[str, Any]:
        """As another process can be sent it."""
        return attrs.asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Scope:
        """What `to_plain` wrote."""
        unknown = tuple((of, claim) for of, claim in plain["unknown"])
        return cls(**{**plain, "unknown": unknown, "breaking": tuple(plain["breaking"])})


def scope_of(project: Configuration, named: Sequence[tuple[str, Machine | System]]) -> Scope:
    """What `fsm verify` proves of these targets, and pytest tests.

    Raises:
        WrongUsage: a version is not there, or a value is none of a parameter.
    """
    from fsm.verification.changes.functions import digests_of

    targets = [target for _, target in named]
    order = ProofOrder((), values=project.values)
    versions = versions_of(targets, project.profile, all_of_them=False) if targets else [None]
    values = {}
    for alone, target in named:
        version = version_in(order, targets, target, versions[0])
        fixed = {} if version is None else version.values
        params = as_system(target).parameters
        values[alone] = {one.name: value_in_words(fixed[one.name]) if one.name in fixed else None for one in params}
    examples: dict[str, list[int]] = {}
    for code in project.implementations:
        examples.setdefault(code.of, []).append(code.examples or USUAL)
    return Scope(
        values,
        tuple((one.of, one.claim) for one in project.unknown),
        {of: sorted(many, reverse=True) for of, many in examples.items()},
        {alone: digests_of(target) for alone, target in named},
        project.catalogue is not None,
        BREAKING_BY_DEFAULT if project.breaking is None else project.breaking,
    )


def narrowed(old: Scope, new: Scope) -> Iterator[str]:
    """What is proved or tested less, in words."""
    for name, values in new.values.items():
        for param, value in values.items():
            before = old.values.get(name, {}).get(param, value)
            if value is not None and before != value:
                was = f"every value of {param}" if before is None else f"{param} = {before}"
                yield f"{name} is proved for {param} = {value} alone, and was for {was}"
    for of, claim in new.unknown:
        if (of, claim) not in old.unknown:
            yield f"a claim{f' of {of}' if of else ''} is called open, and was not: {claim}"
    for of, drawn in old.examples.items():
        now = new.examples.get(of, ())
        if len(now) < len(drawn):
            yield f"implementations that {of} is tested against: {len(now)}, and there were {len(drawn)}"
        for less, more in zip(now, drawn, strict=False):
            if less < more:
                yield f"an implementation of {of} is tested by {less:,} runs, and was by {more:,}"
    if old.catalogue and not new.catalogue:
        yield "there is no catalogue of requirements any more"
    if gone := [kind for kind in old.breaking if kind not in new.breaking]:
        yield f"what breaks no more by the configuration, and did: {', '.join(gone)}"
