"""The values that fields, variables and parameters may have: their kinds, their limits, and how a message shows them."""
