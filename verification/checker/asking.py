"""The checker as something that is asked, by name, from another process: nothing of it is loaded before the first question."""

from __future__ import annotations

__all__ = ["outcomes_of"]


def outcomes_of(declaration: str, asked: str) -> dict[str, str]:
    """For the id of each claim why it is not confirmed, empty where it is; see `answering`."""
    from fsm.verification.checker.answering import answered

    return answered(declaration, asked)
