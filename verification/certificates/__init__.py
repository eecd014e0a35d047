"""Certificates: what shows a proof to a stranger, and the check of it that believes nothing.

checking     checking certificates
confirming   having every proof confirmed by a solver that did not find it, before it is called proved
exporting    the questions of every proof as one script, for whoever has a solver
files        the files of a certificate, made from the declaration and the evidence
questions    the questions of a proof, by its kind: closed formulas that a solver must answer with no
reading      a folder from somewhere else, read without believing it
readme       what a certificate claims and why, in the words of the declaration
replaying    what a solver is not asked about
runs         a run by places of the canonical form
schema       the form in which evidence travels
smtlib       one question as a closed SMT-LIB 2 script
solvers      a second solver: cvc5 in this process, or any program that reads SMT-LIB
theory       a declaration as named formulas
wording      what the ids and symbols of a certificate mean, in the words of the declaration
writing      writing certificates: one folder for each machine or system, and an index of them

Whoever writes and whoever checks make the questions with the same code from the declaration. A
certificate therefore cannot leave one out; it can only name lemmas, weights and runs that do or do not do.
"""

from __future__ import annotations

__all__: list[str] = []
