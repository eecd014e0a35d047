"""A checker that shares nothing with the prover: it reads a declaration and the evidence, and asks a solver.

    python -m fsm.verification.checker FOLDER

Standard library and a solver; docs/explanation/checker.md says what is asked for each kind of proof, and why that suffices.

answering     the outcome of each claim, for whoever proves something
asking        the same from another process, where nothing of the checker is loaded yet
cells         what an instance of a machine can be: its cells, for the parts that are counted
certificate   what becomes of each claim of a certificate
declaration   a declaration, read from its canonical form and from nothing else
evidence      the evidence of a proof, read from a certificate and believed in nothing
keys          whether instances are told apart by what has any number of values
lemma         a formula about a moment, on which proofs rest
meaning       what an expression means in a situation, as a term
plain         the plain meaning, value by value: what happens, and what claims say of it
possible      what callers can have taken, way by way
proofs        what is asked for each kind of proof
replays       what no solver is asked about: runs, and all there is
reached       which cells an instance of a machine can be in, whatever wires and rules say
shapes        text of a stranger, held against a shape before anybody looks into it
solver        who answers: cvc5 in this process
steps         what a declaration does, as one relation for each kind of step
terms         SMT-LIB text, put together from numbered symbols: no text of anybody's is in it
unknowns      any parameters, moments and instances, and the first snapshot
whole         whether certificates leave nothing out
"""

__all__: list[str] = []
