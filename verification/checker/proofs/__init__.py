"""What is asked for each kind of proof, and why that suffices: docs/explanation/checker.md.

definition    the checks of a definition: conditions that exclude each other, something that can always happen
formulas      an invariant that a solver found, read as a formula over places of the declaration
induction     claims that hold by induction: the core of the checker
lemmas        what proofs rest on: formulas about a moment
named         the lemmas that evidence names
questions     questions about a moment, what is answered, and what that means for a claim
progress      what comes in every fair run
reads         what formulas read
ranks         ranks: whole numbers, never below zero, and the goal that they lead to
ranges        that every value stays in its range, and the lemma that in a state it would
recovery      what can always come
refutations   that something never is, which refutes that it can be
rows          k-induction: claims that hold after k moments in a row in which they hold
switches      that an instance is in a state only under parameters by which a line may be taken
time          claims about time: clocks, a stopwatch, timers
"""

__all__: list[str] = []
