"""Declarations translated to Z3. Nothing here knows the runtime, so that comparing the two means something.

among_many     the clocks of the parts that have one instance, while those of many are counted
bounds         what whole numbers of `one` parts may be bounded by: candidates for invariants
branches       an event with every way it can go
cells          cells: what one instance of an `each` part can be, its state and all its finite data
clocked        a few keyed instances with their clocks: what happens, and exactly when
counting       any number of instances, as one integer for each cell: how many are in it
formula_text   a formula as text, read by a reader of our own
instance       one instance at one place: what its machine does there on an event or when a timer falls due
places         where things stand in a declaration, and the symbols of those that every encoding speaks of
quantities     what a state of an encoding is made of, quantity by quantity, and how a person says it
relations      what may always be so of several things at once: candidates for invariants
slicing        the counting encoding without what no event can fill: fewer counters, the same answers
symbols        the symbols of a solver
terms          making Z3 terms, constants folded on the way: what the encoders are made with
translation    expressions as Z3 terms
"""

from __future__ import annotations

__all__: list[str] = []
