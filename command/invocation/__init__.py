"""How a command line is read and how a command ends.

elsewhere    the work of a command in a process of its own, which is ended with the command
endings      ends of a command that are no verdict
files        the files that a command writes: whole, or not at all
here         the machines and systems that stand in the files of a folder, found by reading
importing    importing somebody's module as pytest does
interrupts   signals that end a command: a key press, a closed terminal, a polite kill
namesakes    modules of one name in different folders
numbers      numbers from the command line: finite ones, of a size that a clock or a memory can hold
output       what a command prints: its report on standard output, and everything else on standard error
program      the command as a program: its signals, its streams, and the status that it leaves with
settings     values of parameters from the command line
suggestions  what was meant by a name that is not there
target       TARGET: which machine or system a command is about
versions     the versions that a command is asked about
"""

from __future__ import annotations

__all__: list[str] = []
