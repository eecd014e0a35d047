"""What can be said of a property: proved, refuted or unknown, each with its evidence; and a report, which says it of all.

None of the three has a truth value; `match` over them is complete. Unknown is never green: it has
its own type from the solver's answer to the exit status.
"""

from __future__ import annotations

from typing import NoReturn

import attrs

from fsm.language.parameters import NamedProfile
from fsm.language.properties import Property
from fsm.language.source.origin import Origin
from fsm.language.system import System
from fsm.notebook import Shown, for_markdown
from fsm.traces.trace import Trace
from fsm.variants import Derivation
from fsm.verification.evidence import Evidence
from fsm.verification.facts import FactId

__all__ = ["THIS_VERSION", "TYPES_ALONE", "Proved", "Refuted", "Report", "Unknown", "Verdict"]

THIS_VERSION = "this version"
"""What a proof covers that holds in one version of the business, whatever that version leaves open."""


TYPES_ALONE = "by its types alone, whatever the machine does: no states and values that there are would break it"
"""The argument for a claim that says nothing of what a system does."""


@attrs.frozen(eq=False, repr=False)
class _Said(Shown):
    """What is said of a claim: a line for messages, and no truth value."""

    claim: Property

    def __bool__(self) -> NoReturn:
        raise TypeError("a verdict has no truth value: match it against Proved, Refuted and Unknown")

    @property
    def argued(self) -> str:
        """Why, in words."""
        raise NotImplementedError

    @property
    def run(self) -> Trace | None:
        """The run that shows it, where there is one."""
        return None

    def _repr_svg_(self) -> str | None:
        return None if self.run is None else self.run._repr_svg_()

    def _repr_markdown_(self) -> str:
        said = f"**{type(self).__name__.lower()}**: {for_markdown(self.claim.sentence)}"
        run = None if self.run is None else self.run._repr_markdown_()
        return "\n\n".join(filter(None, [said, for_markdown(self.argued), run]))

    def __str__(self) -> str:
        return f"{type(self).__name__.lower()}: {self.claim.sentence} ({self.argued})"

    def __repr__(self) -> str:
        return f"<{_Said.__str__(self)}>"


@attrs.frozen(eq=False, repr=False)
class Proved(_Said):
    """The property holds.

    Attributes:
        argument: by which argument, in words.
        covers: for what it is proved, in words (`every max_chats`).
        rules: the names of the rules it rests on, those of the lemmas it uses included.
        lemmas: the sentences of the other properties it uses.
        assumptions: the names of the assumptions on parameters it uses.
        used: the same rules, lemmas and assumptions by their places in the declaration.
        witness: for `reachable`, the run that shows it.
        evidence: from which the questions of the proof are made anew; None where the engine has none.
        never: the cases it speaks of that are never met, in words: the claim holds only because of that, and is not counted as proved.
        unmet: the cases that no run was found for, though nothing excludes them.
    """

    argument: str
    covers: str
    rules: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    used: frozenset[FactId] = frozenset()
    witness: Trace | None = None
    evidence: Evidence | None = None
    never: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()

    @property
    def argued(self) -> str:
        return f"{self.argument}; for {self.covers}"

    @property
    def by_types(self) -> bool:
        """Whether no values that can be written would break it, so that it says nothing of what the system does."""
        return self.argument == TYPES_ALONE

    @property
    def run(self) -> Trace | None:
        return self.witness


@attrs.frozen(eq=False, repr=False)
class Refuted(_Said):
    """The property does not hold.

    Attributes:
        trace: a shortest run found that breaks it, replayed by the runtime; None where the claim is
            that something can happen, and it is proved that it cannot.
        argument: how it was found, in words.
        evidence: without a run, what shows that it cannot; what never is, is named as pending.
    """

    argument: str
    trace: Trace | None = None
    rules: tuple[str, ...] = ()
    evidence: Evidence | None = None

    @property
    def argued(self) -> str:
        return self.argument

    @property
    def run(self) -> Trace | None:
        return self.trace

    def __str__(self) -> str:
        return super().__str__() if self.trace is None else f"{super().__str__()}\n{self.trace}"


@attrs.frozen(eq=False, repr=False)
class Unknown(_Said):
    """Nobody knows.

    Attributes:
        why: what was tried and where it stopped.
        hint: what could close the gap.
    """

    why: str
    hint: str = ""

    @property
    def argued(self) -> str:
        return self.why


Verdict = Proved | Refuted | Unknown


@attrs.frozen(eq=False)
class Report:
    """What is known of a machine or system.

    Attributes:
        system: what was looked at; a machine as the only part of a system.
        name: of the machine or system.
        doc: its sentence.
        kind: `machine` or `system`.
        verdicts: one for each property, in the order of the page.
        definition: one for each check of the definition.
        assumptions: names of the assumptions on parameters, with their formulas in words.
        covers: for what a symbolic proof holds, in words.
        version: for what one holds that covers this version alone; empty where no parameter is fixed.
        profile: the named profile it speaks of; None for every value of every parameter.
        confirmed: by whom its proofs were confirmed, in words; empty where nobody was asked.
        written: the file and line where it is declared.
        derivation: how it was made by variants; None where it was not.
    """

    system: System
    name: str
    doc: str
    kind: str
    verdicts: tuple[Verdict, ...]
    definition: tuple[Verdict, ...]
    assumptions: tuple[tuple[str, str], ...]
    covers: str
    version: str = ""
    profile: NamedProfile | None = None
    confirmed: str = ""
    written: Origin | None = None
    derivation: Derivation | None = None

    def is_new(self, claim: Property) -> bool:
        """Whether a variant says it, and not the base."""
        added = () if self.derivation is None else self.derivation.added
        return any(isinstance(one, Property) and one.sentence == claim.sentence for one in added)

    def expects_refutation(self, claim: Property) -> bool:
        """Whether the declaration says that the claim does not hold in this profile."""
        return claim.fails_in(None if self.profile is None else self.profile.name)

    def _repr_markdown_(self) -> str:
        """What a notebook shows: a row for each claim."""
        rows = [
            f"| {type(one).__name__.lower()} | {for_markdown(one.claim.sentence)} | {for_markdown(one.argued)} |"
            for one in self.all
        ]
        return "\n".join([f"**{for_markdown(self.name)}**", "", "| | claim | how |", "| --- | --- | --- |", *rows])

    @property
    def all(self) -> tuple[Verdict, ...]:
        return (*self.definition, *self.verdicts)
