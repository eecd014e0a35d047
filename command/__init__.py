"""The command `fsm`: prove, draw and trace a machine from the shell.

It exits with 0 when all is well, 1 when a property is refuted, 2 on wrong usage, 3 when a
verdict is unknown, and 70 when fsm itself is at fault. Each subcommand is a file of this
folder and is imported when it is asked for, so that drawing loads no solver.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

__all__ = ["main"]


def main() -> None:
    """The entry point of the script."""
    if find_spec("click") is None or find_spec("rich") is None:
        print("fsm: the command needs an extra; install it with: pip install 'verified-fsm[all]'", file=sys.stderr)
        raise SystemExit(2)
    from fsm.command.group import fsm

    fsm()
