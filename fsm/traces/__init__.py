"""Runs as data: replayed, told, blamed."""
