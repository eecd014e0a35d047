"""The patterns of Dwyer, Avrunin and Corbett (Patterns in Property Specifications for Finite-State Verification, ICSE 1999), built of
the claims that there are.

    CALL = observed(CALL, precedence("nobody is dialled before a login", inside(dialling), first=Login))

Pattern                    such a sentence as data
absence, universality      it never is so; it is always so
existence                  it comes to be so
precedence                 it is not so before something else was
response                   what begins is answered
observed                   a machine with claims of such patterns, and with what they must remember

A claim over one snapshot or one step knows nothing of what was before. So where a pattern does, the machine gets a variable that
remembers, which no guard reads: it runs as it did, and what is proved of the observed machine is true of the machine.
"""

from fsm.patterns.observing import observed
from fsm.patterns.pattern import Pattern
from fsm.patterns.words import absence, existence, precedence, response, universality

__all__ = ["Pattern", "absence", "existence", "observed", "precedence", "response", "universality"]
