"""Which engine answers which property."""
