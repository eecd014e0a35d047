"""Whether a kind of values is as good as a key: told apart are as many as anybody needs."""

from __future__ import annotations

from fsm.language.values.types import (
    Either,
    FixedTuple,
    Flags,
    Kind,
    Literals,
    Member,
    Plain,
    Range,
    Record,
    Several,
)

__all__ = ["is_endless"]


def is_endless(kind: Kind, within: frozenset[type] = frozenset()) -> bool:
    """Whether there are more values of a kind than instances in any claim; of truth values, members and literals there are few.

    Args:
        within: the records that are looked into: one that contains itself does so only as deep as values go.
    """
    match kind:
        case Plain(type=plain):
            return plain not in (bool, type(None))
        case Range(low=low, high=high):
            return low is None or high is None
        case Member() | Flags() | Literals():
            return False
        case Several(type=several, item=item):
            return several is tuple or is_endless(item, within)
        case FixedTuple(items=items):
            return any(is_endless(one, within) for one in items)
        case Either(kinds=kinds):
            return any(is_endless(one, within) for one in kinds)
        case Record():
            deeper = within | {kind.type}
            return kind.type not in within and any(is_endless(one.kind, deeper) for one in kind.fields)
        case _:
            return True
