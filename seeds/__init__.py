"""The catalogue of facts: what the guide says, one by one, and what each became."""
