"""Certificates: what shows a proof to a stranger, and its confirmation by the checker, which believes nothing.

confirming   having every proof confirmed by a solver that did not find it, before it is called proved
exporting    the questions of every proof as one script, for whoever has a solver
files        the files of a certificate, made from the declaration and the evidence
questions    the questions of a proof, by its kind: closed formulas that a solver must answer with no
readme       what a certificate claims and why, in the words of the declaration
runs         a run by places of the canonical form
schema       the form in which evidence travels
smtlib       one question as a closed SMT-LIB 2 script
theory       a declaration as named formulas
wording      what the ids and symbols of a certificate mean, in the words of the declaration
writing      writing certificates: one folder for each machine or system, and an index of them

A certificate names lemmas, weights and runs by places of the declaration; who checks it is `fsm.verification.checker`.
"""

from __future__ import annotations

__all__: list[str] = []
