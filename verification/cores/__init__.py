"""Which rules and guards a proof needs: inductive validity cores."""
