"""Declarations made from others by what is different: behaviours that came later, or that somebody wants otherwise.

Variant, varied                        what is added, replaced, left out; a declaration, varied so
replaced, Replaced                     something in the place of something else
retracted, Retracted                   a claim that does not hold here, and why
line, wiring, rule, claim, assumption  how a variant names what has no name in Python (`Named`)
derivation, Derivation, Withdrawn      how a declaration was made: its base, its variants, what they brought and took away
touch                                  whether the order of two variants matters
migration                              snapshots of the base, brought over, where a variant only adds
"""

from fsm.variants.derivation import Derivation, Withdrawn, derivation
from fsm.variants.footprints import touch
from fsm.variants.making import varied
from fsm.variants.migrating import migration
from fsm.variants.naming import Named, assumption, claim, line, rule, wiring
from fsm.variants.variant import Replaced, Retracted, Variant, replaced, retracted

__all__ = [
    "Derivation", "Named", "Replaced", "Retracted", "Variant", "Withdrawn",
    "assumption", "claim", "derivation", "line", "migration", "replaced", "retracted", "rule", "touch", "varied", "wiring",
]  # fmt: skip
