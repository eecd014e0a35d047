"""What can be wrong in named profiles, and in the claims that say in which of them they do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fsm.checks.kinds import shown
from fsm.errors import BadName, DeclaredTwice, NeverHolds, NotDeclared, OutOfRange, WrongKind
from fsm.language.expressions import Param
from fsm.language.parameters import NamedProfile
from fsm.language.properties import Property
from fsm.language.source.origin import Faults

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def check_profiles(
    where: str, profiles: tuple[NamedProfile, ...], params: Iterable[Param[object]], *, others: bool = False
) -> None:
    """Raise DefinitionError for the first profile that fixes what it may not.

    Args:
        others: a profile may name parameters that are not here: those of the system around a machine.
    """
    known = {param.name: param for param in params}
    seen: set[str] = set()
    for one in profiles:
        place = f"{where}: profile {one.name!r}"
        name: object = one.name
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise BadName(place, "is not a name", "Use small letters and digits, with hyphens between words.")
        if one.name in seen:
            raise DeclaredTwice(where, f"two profiles are called {one.name!r}")
        seen.add(one.name)
        for param, value in one.values.items():
            given: object = param
            if not isinstance(given, str):
                raise WrongKind(place, f"names a parameter by {shown(given)}", 'Write its name: {"most": 4}.')
            if param not in known and not others:
                raise NotDeclared(place, f"there is no parameter {param!r}", f"There are {', '.join(known) or 'none'}.")
            if param in known and not known[param].domain.contains(value):
                raise OutOfRange(place, f"{param} = {shown(value)} is out of range: it is {known[param].domain}")


def check_expectations(
    where: str, claims: tuple[Property, ...], profiles: tuple[NamedProfile, ...], faults: Faults
) -> None:
    """Find each claim that does not hold in a profile that there is not, or in none that there is."""
    known = [one.name for one in profiles]
    for claim in claims:
        place = f"{where}: property {claim.sentence!r}"
        for name in claim.refuted_in:
            if name not in known:
                with faults.of(claim):
                    raise NotDeclared(
                        place, f"there is no profile {name!r}", f"There are {', '.join(known) or 'none'}."
                    )
        if known and not claim.retracted and set(known) <= set(claim.refuted_in):
            with faults.of(claim):
                raise NeverHolds(place, "holds in no profile", "Say the opposite, or leave it out.")
