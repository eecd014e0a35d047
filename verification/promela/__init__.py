"""A declaration under given values as a model for SPIN, written from its canonical form.

    text = promela(target, {"seats": 2}, keys=3)

promela      the model, with what it does not say at its top
Unsayable    what no model can say, and why

What a step does is read from the canonical form alone, not from the runtime, the meaning or the encodings, so that SPIN's counts and
verdicts are one more opinion. Names are numbers; the words of a declaration stand in comments, from which they cannot get out.

facts        the tables of the canonical form with values, and what the model calls things
formulas     a formula as an expression of Promela
steps        what an event does
timers       what time does
fairness     whether an event is possible
claims       a claim as a never claim, with what watches for it
writing      the file
"""

from fsm.verification.promela.facts import Unsayable
from fsm.verification.promela.writing import promela

__all__ = ["Unsayable", "promela"]
