"""Many agents and many contacts as one pure step."""
