"""One contact and the desks it rings at."""
