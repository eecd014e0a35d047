"""A checker that shares nothing with the prover: it reads a declaration and the evidence, and asks a solver.

    python -m fsm.verification.checker FOLDER

Standard library and a solver; docs/checker.md says what is asked for each kind of proof, and why that suffices.
"""
