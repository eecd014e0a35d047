"""What a person sees: a pure function of the desk, the instant and the open tab."""
