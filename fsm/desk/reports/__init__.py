"""What is reported of agents and contacts: folds over effects."""
