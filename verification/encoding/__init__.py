"""Declarations translated to Z3. Nothing here knows the runtime, so that comparing the two means something.

terms: expressions. cells: the finite data of an instance. counting: any number of instances as one
counter for each cell. clocked: a few keyed instances with their clocks.
"""
