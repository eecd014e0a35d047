"""The command `fsm`: prove, draw and trace a machine from the shell.

It exits with 0 when all is well, 1 when a property is refuted and nothing else, 2 on wrong usage or bad input, 3 when
a verdict is unknown, 70 when fsm itself is at fault, 130 when interrupted, 143 when terminated. Each
subcommand is a file of this folder and is imported when it is asked for, so that drawing loads no solver.

main   the entry point
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from fsm.command.invocation.interrupts import Interrupted, obey_signals

__all__ = ["main"]


def main() -> None:
    """The entry point of the script, and of `python -m fsm`."""
    obey_signals()
    if find_spec("click") is None or find_spec("rich") is None:
        if sys.argv[1:2] == ["check-certificate"]:  # all that it needs is the standard library and a solver
            from fsm.verification.checker.__main__ import main as check

            raise SystemExit(check(sys.argv[2:]))
        print("fsm: the command needs an extra; install it with: pip install 'verified-fsm[all]'", file=sys.stderr)
        raise SystemExit(2)
    try:
        from fsm.command.invocation.program import run

        run()
    except Interrupted as stop:
        raise SystemExit(stop.status) from None
