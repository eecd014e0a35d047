"""The questions of a proof, by its kind: closed formulas that a solver must answer with no."""
