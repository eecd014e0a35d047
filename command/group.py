"""The group of subcommands: known by name and sentence, imported when asked for."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click

from fsm.command.invocation.endings import NoVerdict

__all__ = ["fsm"]

SUBCOMMANDS = {
    "init": "Write a model file to begin from, and its test.",
    "verify": "Prove every property of a machine or system, or refute it with a trace.",
    "diff": "Say what a newer declaration claims and does otherwise than an older one.",
    "count": "Count every snapshot under given parameters, with deadlocks and what they break.",
    "check-certificate": "Check what shows the proofs, with another solver.",
    "why": "Say which rules and guards each proof rests on.",
    "cover": "Say which states, transitions, rules and guards the proofs and derived tests exercise.",
    "mutate": "Plant small faults in a machine or system and say which property catches each.",
    "show": "Say what a machine or system declares, in words or as JSON.",
    "export": "Write a machine or system with its claims as Promela, SMT-LIB or JSON.",
    "draw": "Write pictures and tables of a machine or system.",
    "monitor": "Say whether recorded or live streams conform to a declaration.",
    "play": "Play a machine or system in this terminal, line by line.",
    "trace": "Show each fact of the guide with what models and what shows it.",
    "desk": "Play a shift at the agent desk, in this terminal.",
}


ROOMS = {"monitor": "streams.", "diff": "project."}
"""In which room a subcommand stands that has no module of its own in `fsm.command`."""


OPTIONS_ELSEWHERE = {"verify --set": "verify proves every value; fsm count --set looks at one."}
"""Options that a command has not, for a reason, with what to write."""


class Rooms(click.Group):
    """A group whose subcommands live in `fsm.command.<name>`, or in a room of `ROOMS`, each as a function of that name, `_` for `-`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        module = cmd_name.replace("-", "_")
        home = import_module(f"fsm.command.{ROOMS.get(cmd_name, '')}{module}")
        command: click.Command = getattr(home, module)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        near = [] if name in SUBCOMMANDS else get_close_matches(name, SUBCOMMANDS, 1)
        if near:
            ctx.fail(f"No such command {name!r}. Did you mean {near[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with NoVerdict():
                return super().invoke(ctx)
        except click.NoSuchOption as unknown:
            command = unknown.ctx.info_name if unknown.ctx else None
            hint = OPTIONS_ELSEWHERE.get(f"{command} {unknown.option_name}")
            if hint is None:
                raise
            raise click.NoSuchOption(
                unknown.option_name, f"No such option {unknown.option_name!r}: {hint}", ctx=unknown.ctx
            ) from None


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="verified-fsm", message="%(version)s")
def fsm() -> None:
    """State machines declared once: prove them, draw them, trace them to the guide they come from.

    TARGET names a machine or a system: package.module:NAME or path/to/machine.py:NAME. The agent desk is fsm.desk:DESK.

    Exit status: 0 all proved or done; 1 an answer that is no: refuted, not caught (mutate), not exercised (cover), stale (draw --check);
    2 wrong usage or bad input; 3 something unknown;
    70 a defect of fsm; 130 interrupted; 143 terminated; 141 nobody reads what is printed.
    """
