"""Snapshots, events and runs written down and read back."""
