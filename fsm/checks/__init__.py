"""What can be wrong in a declaration, found when it is written.

machines: a machine alone. systems: wires, rules, properties. reading: who may read what.
ranges: updates that leave a variable's range. disjoint: wires that overlap.
"""
