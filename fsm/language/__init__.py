"""The language: what a declaration is made of."""
