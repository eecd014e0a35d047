"""Machines played in a terminal."""
