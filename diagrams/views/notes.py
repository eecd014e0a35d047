"""Notes below a picture: rules and conditions, each told once, and numbers that stand for them on the lines.

Rules that stand before the same events share a note. In an overview a long condition is cut short, and
how many were is counted, so that the picture can say so.
"""

from __future__ import annotations

from collections.abc import Hashable

import attrs

from fsm.diagrams.views.views import SystemView
from fsm.diagrams.views.wording import condition, meaning
from fsm.language.expressions import Formula
from fsm.language.system import Rule

__all__ = ["Note", "Notes"]

LONGEST = 96
"""Characters of a condition in an overview."""


@attrs.frozen
class Sentence:
    """A rule or a condition in words.

    Attributes:
        explained: what it demands, or what its name stands for; may be empty.
        changed: whether a variant changed it.
    """

    text: str
    explained: str = ""
    changed: bool = False


@attrs.frozen
class Note:
    """One note.

    Attributes:
        number: which stands on the lines.
        of_rules: whether it tells rules; else it tells a condition.
        sentences: of the rules, or the condition.
        also: numbers of the notes that hold besides.
    """

    number: int
    of_rules: bool
    sentences: tuple[Sentence, ...]
    also: tuple[int, ...] = ()


class Notes:
    """The notes of a picture, numbered in the order in which they are asked for; those of rules come first.

    Args:
        view: whose rules are told; None for a machine alone.
        spelled: whether conditions are told in full, and what each rule demands.
        changed: the identities of rules that a variant changed.
    """

    def __init__(self, view: SystemView | None, *, spelled: bool, changed: frozenset[int] = frozenset()) -> None:
        self._spelled = spelled
        self._changed = {
            id(rule)
            for rule in (view.rules.values() if view is not None else ())
            if view is not None and id(view.declared[id(rule)]) in changed
        }
        self._numbers: dict[Hashable, int] = {}
        self.shortened = 0
        self.all: list[Note] = []
        rules = {} if view is None else view.rules
        self._groups: dict[frozenset[type], list[Rule]] = {}
        for rule in rules.values():
            self._groups.setdefault(frozenset(rule.on), []).append(rule)
        self._numbers.update({events: number for number, events in enumerate(self._groups, 1)})
        for events, group in self._groups.items():
            also = self._closest([other for other in self._groups if events < other])
            self.all.append(Note(self._numbers[events], True, tuple(map(self._rule, group)), also))

    def on(self, event: type) -> tuple[int, ...]:
        """The numbers of the notes that tell the rules on an event; what one of them says holds besides is left out."""
        return self._closest([events for events in self._groups if event in events])

    def _closest(self, groups: list[frozenset[type]]) -> tuple[int, ...]:
        """The numbers of the groups that hold no other of these."""
        return tuple(self._numbers[one] for one in groups if not any(other < one for other in groups))

    def of(self, owner: object, formula: Formula) -> int:
        """The number of the note that tells a condition.

        Args:
            owner: whose variables it speaks of: the same words of two machines are two conditions.
        """
        key = (id(owner), condition(formula), meaning(formula))
        if key not in self._numbers:
            self._numbers[key] = len(self.all) + 1
            self.all.append(Note(len(self.all) + 1, False, (self._condition(formula),)))
        return self._numbers[key]

    def brief(self, formula: Formula) -> str:
        """A condition in words, cut short where it is long and the notes are not spelled out."""
        text = condition(formula)
        if self._spelled or len(text) <= LONGEST:
            return text
        self.shortened += 1
        return f"{text[: text.rindex(' ', 0, LONGEST)]} …"

    def explained(self, formula: Formula) -> str:
        """What the names in a condition stand for, where notes are spelled out; empty where it has none."""
        full = meaning(formula)
        return full if self._spelled and full != condition(formula) else ""

    def _rule(self, rule: Rule) -> Sentence:
        cited = f" ({', '.join(rule.cites)})" if self._spelled and rule.cites else ""
        demands = condition(rule.when) if self._spelled else ""
        return Sentence(f"{rule.name}{cited}", demands, id(rule) in self._changed)

    def _condition(self, formula: Formula) -> Sentence:
        return Sentence(self.brief(formula), self.explained(formula))
