"""The plain meaning of a declaration: formulas evaluated by walking them."""
