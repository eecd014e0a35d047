"""Tests derived from a declaration."""
